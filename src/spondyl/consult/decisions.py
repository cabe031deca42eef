"""A reviewer's decisions: read from a file, and applied so that extraction never overwrites one.

How a decision finds its value again, in this order:

1. the case of that number holds the value in that field, standing on the same words;
2. the case holds the value in that field, on other words;
3. another case of the paper holds the value on the same words (the cases were numbered anew);
4. the case now reads what the reviewer corrected it to;
5. the case holds the value among those that were read and not chosen; accepted there, it is chosen.

What finds nothing is kept and reported as unmatched. Of two decisions on one value the later one holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from spondyl.present.catalog import field as field_named
from spondyl.present.statements import corrected_statement, statement_field, statement_value
from spondyl.record import (
    Case,
    Claim,
    Decision,
    DecisionError,
    Paper,
    Quote,
    Reading,
    RecordError,
    Statement,
    Value,
)

__all__ = ["Applied", "Loose", "apply", "load"]

Key = tuple[int, str, Value | None]
_SHAPE = 'expected {"spondyl": VERSION, "decisions": [ … ]} as the page saves it'


@dataclass(frozen=True)
class Loose:
    """A decision that needs a look: it matches nothing any more, or the reading now disagrees with it."""

    decision: Decision
    why: str

    def as_dict(self) -> dict[str, Any]:
        """As it stands in problems.json."""
        return {"why": self.why, "decision": self.decision.model_dump()}


@dataclass
class Applied:
    """A reading after the decisions on it.

    Args:
        reading: Accepted values stay, corrected ones are replaced, rejected ones stand among the others.
        marks: (case, field, value as it now stands) → the decision on it; value `None` for an empty cell.
        said: Statement as it now stands → the decision on it.
        rejected, gone: Statements a reviewer rejected, and the decisions that did.
        aside: (case, field, value) → the decision on a value that is not chosen: a rejection or a note.
        unmatched: Decisions that belong to nothing that was read.
        disputed: Fields a reviewer confirmed as not stated in which the reader now finds something.
    """

    reading: Reading
    marks: dict[Key, Decision] = field(default_factory=dict)
    said: dict[Statement, Decision] = field(default_factory=dict)
    rejected: list[Statement] = field(default_factory=list)
    gone: list[Decision] = field(default_factory=list)
    aside: dict[Key, Decision] = field(default_factory=dict)
    unmatched: list[Loose] = field(default_factory=list)
    disputed: list[Loose] = field(default_factory=list)


def load(path: Path) -> tuple[Decision, ...]:
    """Read a file of decisions.

    Args:
        path: The file the page saved.

    Returns:
        The decisions in the order of the file; of two on one value only the later one.

    Raises:
        DecisionError: The file cannot be read, or a decision in it makes no sense.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except OSError as error:
        raise DecisionError(
            f"{path}: cannot be read ({error.strerror}); give the file the page saved"
        ) from None
    except (ValueError, RecursionError) as error:
        raise DecisionError(f"{path}: not a file of decisions ({error}); {_SHAPE}") from error
    if not isinstance(data, dict) or not isinstance(data.get("decisions"), list):
        raise DecisionError(f"{path}: no list of decisions in it; {_SHAPE}")
    return _latest(_decision(entry, f"{path}: decision {n}") for n, entry in enumerate(data["decisions"], 1))


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no value")


def _decision(entry: Any, where: str) -> Decision:
    try:
        decision = Decision.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "entry"
        raise DecisionError(f"{where}: {name}: {first['msg']}; mend it or save them again") from error
    _sensible(decision, where)
    return decision


def _sensible(decision: Decision, where: str) -> None:
    if decision.verdict == "correct" and decision.corrected is None:
        raise DecisionError(f'{where}: corrected, but no corrected value is given; add "corrected"')
    if decision.verdict in ("accept", "reject") and decision.value is None:
        raise DecisionError(f'{where}: "{decision.verdict}" needs the value it is about; add "value"')
    if decision.verdict == "not stated" and decision.value is not None:
        raise DecisionError(f'{where}: "not stated" is about an empty cell; to deny a value use "reject"')
    number = field_named(decision.field).kind == "number"
    if number and isinstance(decision.corrected, str):
        raise DecisionError(
            f"{where}: {decision.field} is corrected to {decision.corrected!r}, expected a number; write it "
            "without quotation marks"
        )


@dataclass
class _Plan:
    """What is to be done, settled against the reading as it was, so that no decision disturbs another."""

    claims: dict[tuple[int, str, Value], Decision] = field(default_factory=dict)
    empty: dict[int, list[Decision]] = field(default_factory=dict)
    statements: dict[int, Decision] = field(default_factory=dict)


def apply(paper: Paper, reading: Reading, decisions: Sequence[Decision]) -> Applied:
    """Apply a reviewer's decisions to what was read from one paper.

    Args:
        paper: The paper the decisions are about.
        reading: What was read from it.
        decisions: Decisions on this paper, in the order they were taken.

    Returns:
        The reading as it stands after review, and which decision holds for which value.

    Example:
        >>> words = Paper(id="p", source="p.txt", text="He was 46.")
        >>> age = Claim(field="age_years", value=46, quotes=(words.quote(7, 9),))
        >>> right = Decision(paper="p", case=1, field="age_years", value=46, verdict="correct", corrected=49)
        >>> done = apply(words, Reading(cases=(Case(case=1, label="", claims=(age,)),)), [right])
        >>> done.reading.cases[0].fields
        {'age_years': 49}
    """
    done, plan = Applied(reading), _Plan()
    for decision in _latest(decisions):
        try:
            _settle(paper, reading, plan, decision)
        except LookupError as error:
            done.unmatched.append(Loose(decision, str(error.args[0])))
    cases = tuple(_case(paper, case, plan, done) for case in reading.cases)
    done.reading = Reading(cases=cases, statements=_statements(reading, plan, done))
    return done


def _latest(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    last: dict[tuple[object, ...], Decision] = {}
    for d in decisions:
        found = d.corrected if d.value is None else None
        key = (d.paper, d.case, d.field, d.value, found, d.start, d.end)
        last.pop(key, None)
        last[key] = d
    return tuple(last.values())


def _settle(paper: Paper, reading: Reading, plan: _Plan, decision: Decision) -> None:
    """Find what a decision is about; raises LookupError with the reason where there is nothing."""
    if decision.field.startswith("statement:"):
        plan.statements[_find_statement(reading.statements, decision)] = decision
    elif decision.value is None:
        if not any(c.case == decision.case for c in reading.cases):
            raise LookupError(f"the paper has no case {decision.case} any more")
        if decision.verdict == "correct":
            _words(paper, decision)
        plan.empty.setdefault(decision.case, []).append(decision)
    else:
        plan.claims[_find(reading.cases, decision)] = decision


def _find(cases: Sequence[Case], decision: Decision) -> tuple[int, str, Value]:
    """Where the value of a decision stands now: case, field, and the value read there."""
    value, name = decision.value, decision.field
    assert value is not None
    own = next((c.of(name) for c in cases if c.case == decision.case), ())
    if any(c.value == value for c in own):
        return decision.case, name, value
    for case in cases:
        if any(c.value == value and _same_words(c.quotes, decision) for c in case.of(name)):
            return case.case, name, value
    if decision.corrected is not None and any(c.value == decision.corrected for c in own):
        return decision.case, name, decision.corrected
    if any(c.field == name and c.value == value for x in cases if x.case == decision.case for c in x.others):
        return decision.case, name, value
    raise LookupError("the reader no longer finds this value in the paper")


def _find_statement(statements: Sequence[Statement], decision: Decision) -> int:
    same = [
        n for n, s in enumerate(statements)
        if statement_field(s) == decision.field and statement_value(s) == decision.value
    ]  # fmt: skip
    exact = [n for n in same if _same_words(statements[n].quotes, decision)]
    if exact or len(same) == 1:
        return (exact or same)[0]
    raise LookupError("the reader no longer finds this statement in the paper")


def _same_words(quotes: Sequence[Quote], decision: Decision) -> bool:
    return bool(quotes) and (quotes[0].start, quotes[0].end) == (decision.start, decision.end)


def _words(paper: Paper, decision: Decision) -> Quote:
    try:
        return paper.quote(-1 if decision.start is None else decision.start, decision.end or -1)
    except RecordError as error:
        raise LookupError("the words the reviewer marked are not in the paper") from error


def _case(paper: Paper, case: Case, plan: _Plan, done: Applied) -> Case:
    """One case after review."""
    claims, others = list[Claim](), list(case.others)
    for claim in case.claims:
        decision = plan.claims.get((case.case, claim.field, claim.value))
        now = _claim(claim, decision)
        if now is not claim:
            others.append(claim)
        if now is not None:
            claims.append(now)
        _mark(case, now, decision, done)
    for claim in case.others:
        decision = plan.claims.get((case.case, claim.field, claim.value))
        if any(c.field == claim.field and c.value == claim.value for c in case.claims):
            continue
        now = _claim(claim, decision) if decision and decision.verdict != "note" else None
        if now is not None:
            others.remove(claim)
            claims.append(now)
        _mark(case, now, decision, done)
    for decision in plan.empty.get(case.case, []):
        claims = _on_nothing(paper, decision, claims, others, done)
    return case.model_copy(update={"claims": tuple(claims), "others": tuple(others)})


def _mark(case: Case, now: Claim | None, decision: Decision | None, done: Applied) -> None:
    if decision and now is not None:
        done.marks[case.case, now.field, now.value] = decision
    elif decision:
        done.aside[case.case, decision.field, _read_value(decision)] = decision


def _read_value(decision: Decision) -> Value:
    assert decision.value is not None
    return decision.value


def _claim(claim: Claim, decision: Decision | None) -> Claim | None:
    """A claim after review: itself, the corrected one, or nothing if it was rejected."""
    if decision is None or decision.verdict in ("accept", "note", "not stated"):
        return claim
    if decision.verdict == "reject":
        return None
    if claim.value == decision.corrected:
        return claim
    who = f" by {decision.by}" if decision.by else ""
    return claim.model_copy(
        update={
            "value": decision.corrected, "method": "review", "certainty": "stated",
            "derivation": f"corrected{who} from {claim.value}",
        }
    )  # fmt: skip


def _on_nothing(
    paper: Paper, decision: Decision, claims: list[Claim], others: list[Claim], done: Applied
) -> list[Claim]:
    """A decision on an empty cell: not stated in the paper, or a value the reviewer found in it."""
    done.marks[decision.case, decision.field, decision.corrected] = decision
    if decision.verdict == "correct":
        return [*claims, _found(_words(paper, decision), decision)]
    read = [c for c in claims if c.field == decision.field and c.method != "review"]
    if decision.verdict == "not stated" and read:
        values = ", ".join(sorted({str(c.value) for c in read}))
        done.disputed.append(Loose(decision, f"confirmed as not stated, but the reader now finds {values}"))
        others.extend(read)
        return [c for c in claims if c not in read]
    return claims


def _found(quote: Quote, decision: Decision) -> Claim:
    assert decision.corrected is not None
    return Claim(
        field=decision.field, value=decision.corrected, quotes=(quote,), method="review",
        derivation=f"found by {decision.by or 'a reviewer'}",
    )  # fmt: skip


def _statements(reading: Reading, plan: _Plan, done: Applied) -> tuple[Statement, ...]:
    kept = []
    for n, statement in enumerate(reading.statements):
        decision = plan.statements.get(n)
        if decision and decision.verdict == "reject":
            done.rejected.append(statement)
            done.gone.append(decision)
            continue
        now = statement
        if decision and decision.verdict == "correct" and decision.corrected is not None:
            now = corrected_statement(statement, decision.corrected)
        if decision:
            done.said[now] = decision
        kept.append(now)
    return tuple(kept)
