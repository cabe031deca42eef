"""Every rule, row by row: sources, worked cases, both outcomes within reach; the reference page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from house import ROOT
from rule_records import person, records
from spondyl.consult import rules
from spondyl.consult.patient.differential import part, weigh
from spondyl.consult.rules.conditions import Always, Condition, parse
from spondyl.consult.rules.differential import Candidate, Situation, differential
from spondyl.consult.rules.judging import judge
from spondyl.consult.rules.management import management
from spondyl.consult.rules.model import Judged, Rule
from spondyl.consult.rules.reference import render
from spondyl.consult.rules.team import team

FLAGS = rules.load("flags").rules
STATEMENTS = management().statements
SCHEDULES = management().schedules
NOTES = [n for d in team().disciplines for n in d.notes]
SENTENCES: list[Rule] = [*FLAGS, *STATEMENTS, *NOTES]
WORKED: list[tuple[str, Judged]] = [
    *((r.id, r) for r in SENTENCES), *((s.id, s) for s in SCHEDULES),
    *((d.id, d) for d in team().disciplines if not isinstance(d.condition, Always)),
]  # fmt: skip


def conditions() -> Iterator[tuple[str, Condition]]:
    """Every condition of every file, with its name."""
    yield from ((name, one.condition) for name, one in WORKED)
    for candidate in differential().candidates:
        yield f"{candidate.id} considered", candidate.condition
        if candidate.stated:
            yield f"{candidate.id} stated", parse(candidate.stated)
        for number, evidence in enumerate(candidate.evidence):
            yield f"{candidate.id} {number}", evidence.condition


ALL = [(name, c) for name, c in conditions() if not isinstance(c, Always)]


def truth(condition: Condition, given: dict[str, Any]) -> bool | None:
    one = person(given)
    return judge(condition, one, rules.Results(one)).truth


@pytest.mark.parametrize(("name", "rule"), WORKED, ids=[n for n, _ in WORKED])
def test_worked_cases_come_out(name: str, rule: Judged) -> None:
    expected = {w.expect for w in rule.worked}
    assert True in expected, f"{name} has no worked case in which it holds"
    assert len(expected) > 1, f"{name} has no worked case in which it does not hold"
    for worked in rule.worked:
        found = rule.judge(person(worked.given)).truth
        assert ("unknown" if found is None else found) == worked.expect, (name, worked.given)


@pytest.mark.parametrize(("name", "condition"), ALL, ids=[n for n, _ in ALL])
def test_a_condition_can_be_true_and_can_fail_to_be(name: str, condition: Condition) -> None:
    assert any(truth(condition, r) is True for r in records(condition, True)), f"{name} is never true"
    assert truth(condition, {}) is not True, f"{name} holds of an empty record"
    against = [truth(condition, r) for r in records(condition, False)]
    assert False in against or not against, f"{name} is never false"


@pytest.mark.parametrize("rule", SENTENCES, ids=[r.id for r in SENTENCES])
def test_a_sentence_has_sources_that_can_be_found(rule: Rule) -> None:
    assert rule.sources
    for source in rule.sources:
        assert source.place
        assert source.address.startswith("https://")
        assert source.level
    assert rule.says.endswith(".")


@pytest.mark.parametrize("statement", STATEMENTS, ids=[s.id for s in STATEMENTS])
def test_a_statement_says_who_says_it(statement: Rule) -> None:
    named = [s.name.split(" (")[0] for s in statement.sources]
    said = [n for n in named if n in statement.says or n.rpartition(" ")[0] in statement.says]
    assert said, f"{statement.id} names none of {named}"


def test_every_source_that_a_statement_names_is_cited() -> None:
    year = re.compile(r"([A-Z][\w’'-]+(?: et al\.| and [A-Z]\w+)?) (?:19|20)\d\d")
    for statement in [*STATEMENTS, *NOTES]:
        cited = " ".join(s.name for s in statement.sources)
        for found in year.finditer(statement.says):
            assert found[0] in cited, f"{statement.id} names {found[0]} and does not cite it"


def test_sources_have_addresses_of_the_right_form() -> None:
    for source in rules.sources().values():
        assert not source.doi or re.fullmatch(r"10\.\d{4,9}/\S+", source.doi), source.id
        assert not source.pmid or re.fullmatch(r"\d{5,8}", source.pmid), source.id


def test_those_who_disagree_hold_for_the_same_patients() -> None:
    by_id = {s.id: s for s in STATEMENTS}
    for statement in STATEMENTS:
        for other in statement.disagrees:
            both = [w for w in statement.worked if w.expect is True]
            assert any(by_id[other].judge(person(w.given)).truth for w in both), (statement.id, other)


@pytest.mark.parametrize("case", differential().worked, ids=[c.name for c in differential().worked])
def test_worked_differentials_come_out(case: Situation) -> None:
    one = person(case.given)
    for axis, wanted in (("place", case.place), ("tissue", case.tissue)):
        found = [w.candidate.id for w in weigh(one, axis) if w.shown]
        assert found[: len(wanted)] == wanted
    if case.separates:
        lines = [line for line in part(one).lines if line.key.endswith("_separates")]
        assert any(case.separates in line.value["missing"] for line in lines)


@pytest.mark.parametrize(
    "candidate", differential().candidates, ids=[c.id for c in differential().candidates]
)
def test_a_candidate_can_be_supported(candidate: Candidate) -> None:
    assert any(e.side == "for" for e in candidate.evidence)
    assert all(e.weight == 1 for e in candidate.evidence), "no source gives a weight"
    assert not candidate.note or candidate.source


def test_the_reference_page_is_what_the_rules_say() -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert page == render(), "run: python -m spondyl.consult.rules.reference > docs/rules.md"
