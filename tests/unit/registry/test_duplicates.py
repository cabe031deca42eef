"""One patient in two reports: proposed with reasons for and against, by blocks, and never merged."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from spondyl.record import Case, Claim, Paper, ReadError, Reading, Value
from spondyl.registry import Registry
from spondyl.registry.weighing import own_settings, settings

TUMOURS = ("breast carcinoma", "lung carcinoma", "melanoma", "prostate carcinoma", "chordoma")


def report(
    name: str,
    values: dict[str, Value | list[Value]],
    authors: tuple[str, ...] = (),
    year: int | None = None,
    cited: str | None = None,
) -> tuple[Paper, Reading]:
    """An invented report of one patient."""
    claims = tuple(
        Claim(field=field, value=one, quotes=())
        for field, value in values.items() for one in (value if isinstance(value, list) else [value])
    )  # fmt: skip
    case = Case(case=1, label="", kind="cited" if cited else "patient", reported_by=cited, claims=claims)
    paper = Paper(id=name, source=name, text="", sha256=name, authors=authors, year=year)
    return paper, Reading(cases=(case,))


WOMAN: dict[str, Value | list[Value]] = {
    "age_years": 46, "sex": "female", "diagnosis": "leiomyosarcoma", "primary_site": "uterus", "levels": ["C5"],
    "treatments": ["surgery", "radiotherapy"], "follow_up_months": 12, "status": "alive",
}  # fmt: skip


def crowd(registry: Registry, size: int = 300) -> None:
    """Other patients, so that there is something to count."""
    registry.add_all(
        report(
            f"other-{n:04}",
            {"age_years": 30 + n * 7 % 53, "sex": ("female", "male")[n % 2], "diagnosis": TUMOURS[n * 11 % 5],
             "levels": [f"T{1 + n * 5 % 12}"], "follow_up_months": 3 + n * 13 % 40},
        )
        for n in range(size)
    )  # fmt: skip


def test_the_same_patient_in_two_papers_is_proposed_with_reasons(registry: Registry) -> None:
    crowd(registry)
    later = WOMAN | {"age_years": 48, "follow_up_months": 36, "status": "dead"}
    registry.add_all([
        report("first", WOMAN, ("Nobody, Ann", "Other, Bea"), 2010),
        report("second", later, ("Third, Cy", "Nobody, Ann"), 2012),
    ])  # fmt: skip
    found = registry.duplicates()
    assert found.pairs[0].names == ("first/1", "second/1")
    assert found.pairs[0].bits >= found.least
    told = {reason.words: reason.bits for reason in found.pairs[0].reasons}
    assert told["diagnosis leiomyosarcoma"] > told["sex female"] > 0
    assert told["authors shared: nobody a"] > 0
    assert "age 46 and 48 years" in told
    assert [r.bits for r in found.pairs[0].reasons] == sorted(told.values(), reverse=True)
    assert found.pairs[0].bits == pytest.approx(sum(told.values()))
    assert len(registry.cases()) == 302


@pytest.mark.parametrize(
    ("change", "against"),
    [
        ({"age_years": 71}, "age 46 and 71 years"), ({"sex": "male"}, "sex female | male"),
        ({"diagnosis": "melanoma"}, "diagnosis leiomyosarcoma | melanoma"), ({"levels": ["L1"]}, "levels C5 | L1"),
    ],
)  # fmt: skip
def test_what_differs_speaks_against(
    registry: Registry, change: dict[str, Value | list[Value]], against: str
) -> None:
    crowd(registry)
    dates: dict[str, Value | list[Value]] = {"operated": "2010-03-04"}
    registry.add_all([report("first", WOMAN | dates), report("second", WOMAN | dates | change)])
    (pair,) = [p for p in registry.duplicates(most=500).pairs if p.names == ("first/1", "second/1")]
    assert {r.words: r.bits < 0 for r in pair.reasons}[against]
    assert {r.words: r.bits > 9 for r in pair.reasons}["operated 2010-03-04 in both"]


def test_a_rare_tumour_weighs_more_than_a_common_one(registry: Registry) -> None:
    crowd(registry)
    common = WOMAN | {"diagnosis": "melanoma"}
    registry.add_all([report("a", WOMAN), report("b", WOMAN), report("c", common), report("d", common)])
    pairs = {p.names: p for p in registry.duplicates(most=500).pairs}
    assert pairs["a/1", "b/1"].bits > pairs["c/1", "d/1"].bits


def test_a_weight_worked_out_by_hand(registry: Registry) -> None:
    registry.add_all([report("a", WOMAN), report("b", WOMAN)])
    (pair,) = registry.duplicates(settings=sure()).pairs
    told = {r.words: r.bits for r in pair.reasons}
    # two cases and 50 that are made up, of which 2 % have the tumour: u = (2 + 1) / 52
    assert told["diagnosis leiomyosarcoma"] == pytest.approx(math.log2(0.85 / (3 / 52)))
    assert told["sex female"] == pytest.approx(math.log2(0.99 / ((2 + 25) / 52)))


def sure() -> dict[str, object]:
    """So low a bar that everything is proposed."""
    return {**settings(), "odds": 1e-9}


def test_a_generic_name_is_part_of_a_specific_one(registry: Registry) -> None:
    registry.add_all([
        report("a", WOMAN | {"diagnosis": "renal cell carcinoma"}),
        report("b", WOMAN | {"diagnosis": "clear cell renal cell carcinoma"}),
    ])  # fmt: skip
    (pair,) = registry.duplicates(settings=sure()).pairs
    bits = {r.words: r.bits for r in pair.reasons}
    whole = math.log2(0.85 / (2 / 52))
    assert bits["diagnosis renal cell carcinoma | clear cell renal cell carcinoma"] == pytest.approx(
        whole / 2
    )


def test_a_patient_cited_from_a_paper_is_the_paper_s(registry: Registry) -> None:
    crowd(registry)
    registry.add_all([
        report("first", WOMAN, ("Nobody, Ann",), 2010),
        report("review", WOMAN, ("Reviewer, Y",), 2020, "Nobody et al., 2010"),
    ])  # fmt: skip
    (pair, *_) = registry.duplicates().pairs
    assert "one study reports both" in [r.words for r in pair.reasons]


def test_cases_of_one_paper_are_never_proposed(registry: Registry) -> None:
    paper, reading = report("first", WOMAN)
    twice = tuple(reading.cases[0].model_copy(update={"case": n}) for n in (1, 2))
    registry.add(paper, Reading(cases=twice))
    assert registry.duplicates(settings=sure()).pairs == ()


def test_what_was_decided_is_not_proposed_again(registry: Registry) -> None:
    registry.add_all([report(name, WOMAN) for name in "abc"])
    assert len(registry.duplicates(settings=sure()).pairs) == 3
    number = registry.link("a/1", "b/1", same=False)
    registry.link("b/1", "c/1", same=True)
    assert [p.names for p in registry.duplicates(settings=sure()).pairs] == [("a/1", "c/1")]
    assert number is not None
    registry.take_back(number)
    assert len(registry.duplicates(settings=sure()).pairs) == 2


def test_nothing_is_proposed_of_nothing(registry: Registry) -> None:
    assert registry.duplicates().pairs == ()
    registry.add(*report("bare", {}))
    registry.add(*report("bare too", {}))
    assert registry.duplicates(settings=sure()).pairs == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("agee = 1", "agee: there is no such number"), ("age = 1", "same kind"),
     ("[sex]\nm = 2", "sex.m: expected a share"), ("rate = 'x'", "expected a number"), ("rate = ", "no TOML")],
)  # fmt: skip
def test_weights_that_make_no_sense_are_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "weights.toml"
    file.write_text(text)
    with pytest.raises(ReadError, match=words):
        own_settings(file)


def test_weights_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text("odds = 0.5\n[sex]\nm = 0.9\n")
    own = own_settings(file)
    assert (own["odds"], own["sex"]["m"], own["sex"]["u"]) == (0.5, 0.9, 0.5)
