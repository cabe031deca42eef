"""A condition and a patient → true, false or unknown."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from spondyl.consult.rules.conditions import (
    Always,
    Condition,
    Has,
    Joined,
    Known,
    Negated,
    Number,
    Reached,
    Stain,
)
from spondyl.consult.rules.fields import field_of, marker_of
from spondyl.consult.rules.kin import is_understood, kin
from spondyl.consult.rules.patient import Patient
from spondyl.consult.rules.verdict import FALSE, TRUE, Verdict, all_of, any_of, negated
from spondyl.present.consultation import Basis
from spondyl.score import Result
from spondyl.score.model import SumSheet

__all__ = ["judge"]

_HOW: Mapping[str, Callable[[float, float], bool]] = {
    "above": operator.gt, "at_least": operator.ge, "below": operator.lt, "at_most": operator.le,
}  # fmt: skip
Results = Mapping[str, Result | None]


def judge(condition: Condition, person: Patient, results: Results) -> Verdict:
    """Whether a condition holds of a patient.

    Args:
        condition: As parsed.
        person: The patient.
        results: Scores of this patient by sheet; one that cannot be computed is None.

    Returns:
        True or false with what it rests on; unknown with what would decide it.
    """
    match condition:
        case Always():
            return TRUE
        case Negated(part=part):
            return negated(judge(part, person, results))
        case Joined(how=how, parts=parts):
            return (all_of if how == "all" else any_of)(judge(p, person, results) for p in parts)
        case Known(field=name):
            return Verdict(True, person.bases(name)) if person.values(name) else FALSE
        case Has():
            return _has(condition, person)
        case Number():
            return _number(condition, person)
        case Stain():
            return _stain(condition, person)
        case Reached():
            return _reached(condition, results[condition.sheet])


def _has(asked: Has, person: Patient) -> Verdict:
    known = field_of(asked.field)
    held = [str(v) for v in person.values(asked.field)]
    hits = [v for v in held if _meets(asked, v)]
    if known.kind in ("finding", "open"):
        return _open(asked, person, hits, known.kind)
    if not held:
        return Verdict(None, missing=(asked.field,))
    many = asked.field in _MANY
    if hits and (many or len(hits) == len(held)):
        return Verdict(True, _bases(person, asked.field, hits))
    if hits:
        return Verdict(None, person.bases(asked.field), (asked.field,), (asked.field,))
    if any(_strange(asked, v) for v in held):
        return Verdict(None, missing=(asked.field,))
    if any(_wider(asked, v) for v in held):
        return Verdict(None, person.bases(asked.field), (asked.field,))
    return Verdict(False, person.bases(asked.field))


_MANY = frozenset({"levels", "regions", "compartment", "pain_type", "bone_quality"})
"""Closed fields of which a patient may have several values at once without contradiction."""


def _open(asked: Has, person: Patient, hits: list[str], kind: str) -> Verdict:
    if hits:
        clash = any(person.denies(v) for v in hits) and kind == "finding"
        bases = _bases(person, asked.field, hits)
        if clash:
            denied = _bases(person, "denied", hits)
            return Verdict(None, (*bases, *denied), _named(asked, hits), (asked.field,))
        return Verdict(True, bases)
    if kind == "finding" and person.values(asked.field) == ("none",):
        return Verdict(False, person.bases(asked.field, "none"))
    if kind == "finding" and all(person.denies(v) for v in asked.values):
        return Verdict(False, _bases(person, "denied", asked.values))
    return Verdict(None, missing=_named(asked, [v for v in asked.values if not person.denies(v)]))


def _named(asked: Has, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{asked.field}.{v}" for v in values)


def _bases(person: Patient, name: str, values: Iterable[str]) -> tuple[Basis, ...]:
    wanted = set(values)
    found = (b for v in person.values(name) if str(v) in wanted for b in person.bases(name, v))
    return tuple(dict.fromkeys(found))


def _meets(asked: Has, value: str) -> bool:
    if asked.field == "diagnosis":
        return not kin(value).isdisjoint(asked.values)
    return value in asked.values


def _wider(asked: Has, value: str) -> bool:
    """Whether the record says less than is asked: a carcinoma may be the breast carcinoma."""
    return asked.field == "diagnosis" and any(value in kin(v) for v in asked.values)


def _strange(asked: Has, value: str) -> bool:
    """Whether a diagnosis is none that the lexicon knows, so that nothing follows from it."""
    return asked.field == "diagnosis" and not is_understood(value)


def _number(asked: Number, person: Patient) -> Verdict:
    read = [(v, n) for v in person.values(asked.field) if (n := _plain(v)) is not None]
    if not read:
        return Verdict(None, missing=(asked.field,))
    fits = [_HOW[asked.how](n, asked.bound) for _, n in read]
    bases = tuple(b for v, _ in read for b in person.bases(asked.field, v))
    if all(fits) or not any(fits):
        return Verdict(all(fits), bases)
    if field_of(asked.field).values == ["any"]:
        met = (v for (v, _), fit in zip(read, fits, strict=True) if fit)
        return Verdict(True, tuple(b for v in met for b in person.bases(asked.field, v)))
    return Verdict(None, bases, (asked.field,), (asked.field,))


def _plain(value: Any) -> float | None:
    """A number as records write it: 63, "4/5", "KPS 70"."""
    found = re.search(r"\d+(?:\.\d+)?", str(value))
    return float(found[0]) if found else None


def _stain(asked: Stain, person: Patient) -> Verdict:
    stains = [str(v) for v in person.values("ihc") if marker_of(str(v)) == asked.marker]
    signs = {v[-1] for v in stains} & {"+", "-"}
    if not signs:
        return Verdict(None, missing=(f"ihc.{asked.marker}",))
    bases = _bases(person, "ihc", stains)
    if len(signs) > 1:
        return Verdict(None, bases, (f"ihc.{asked.marker}",), ("ihc",))
    return Verdict(signs == {asked.sign}, bases)


def _reached(asked: Reached, result: Result | None) -> Verdict:
    if result is None:
        return Verdict(None, missing=(asked.sheet,))
    missing = tuple(f"{asked.sheet}.{item}" for item in result.missing)
    bases = _scored(result)
    if asked.how:
        if result.low is None or result.high is None:
            return Verdict(None, bases, missing)
        truths = {_HOW[asked.how](n, asked.bound) for n in (result.low, result.high)}
    else:
        left = [b.id for b in result.possible] or ([result.band.id] if result.band else [])
        truths = {band in asked.bands for band in left}
    if len(truths) == 1:
        return Verdict(truths.pop(), bases)
    return Verdict(None, bases, missing or (asked.sheet,))


def _scored(result: Result) -> tuple[Basis, ...]:
    """A score as a basis, with the words that filled its items; none where nothing is known of it."""
    known = [i for i in result.items if i.given]
    if not known:
        return ()
    sheet = result.sheet
    where = f"of {max(b.max for b in sheet.bands)}" if isinstance(sheet, SumSheet) else ""
    band = result.band.label if result.band else " or ".join(b.label for b in result.possible)
    said = " ".join(filter(None, [sheet.title, result.interval, where if result.interval else ""]))
    quotes = dict.fromkeys(q for i in known for q in i.words)
    words = (Basis("words", q.text, f"{q.paper} {q.start}–{q.end}") for q in quotes)
    return (
        Basis("score", f"{said}: {band}" if band else said, f"sheet {sheet.id} version {sheet.version}"),
        *words,
    )
