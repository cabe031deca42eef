"""Formulas and criteria: numbers with units, expressions, conditions that fire."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spondyl.record import UsageError
from spondyl.score.answers import closest, is_unknown
from spondyl.score.expr import evaluate, names, render
from spondyl.score.model import Criteria, CutPoints, Formula, Measure
from spondyl.score.result import ItemResult, Result
from spondyl.score.scales import YES_NO
from spondyl.score.sums import band_of

__all__ = ["check_criteria", "compute_formula", "read_number"]

Number = float | bool


def read_number(measure: Measure, value: Any) -> Number | None:
    """A number (or yes/no) as given for an input; `None` where it says that it is not known.

    Raises:
        UsageError: It is no number, or out of range, or has another unit.
    """
    if is_unknown(value):
        return None
    if measure.unit == "bool":
        return _yes(measure, value)
    text = re.sub(rf"\s*{re.escape(measure.unit)}$", "", str(value).strip())
    try:
        number = float(text)
    except ValueError:
        raise UsageError(
            f"{measure.id}={value} is no number; {measure.label} is given in {measure.unit}"
        ) from None
    low, high = measure.min, measure.max
    if (low is not None and number < low) or (high is not None and number > high) or number != number:
        raise UsageError(f"{measure.id}={value} is out of range; {measure.label} is {_span(measure)}")
    if measure.whole and number != int(number):
        raise UsageError(f"{measure.id}={value} is no whole number; {measure.label} is {_span(measure)}")
    return number


def _yes(measure: Measure, value: Any) -> bool:
    folded = str(value).strip().casefold()
    word = folded if folded in ("yes", "no") else YES_NO.get(folded)
    if word is None:
        raise UsageError(f"{measure.id}={value} is not understood; {measure.id} takes yes or no")
    return word == "yes"


def _span(measure: Measure) -> str:
    low, high = measure.min, measure.max
    ends = f"{low:g} to {high:g}" if low is not None and high is not None else ""
    ends = ends or (
        f"{low:g} or more" if low is not None else f"{high:g} or less" if high is not None else "any"
    )
    return f"{ends} {measure.unit}"


def _read(inputs: Sequence[Measure], given: Mapping[str, Any]) -> tuple[dict[str, Number], list[ItemResult]]:
    known: dict[str, Number] = {}
    items = []
    for one in inputs:
        number = read_number(one, given.get(one.id))
        if number is None and one.optional:
            continue
        if number is not None:
            known[one.id] = number
        shown = (
            ""
            if number is None
            else ("yes" if number else "no")
            if isinstance(number, bool)
            else f"{number:g}"
        )
        settled = (shown,) if shown else ()
        items.append(ItemResult(one.id, f"{one.label} [{one.unit}]", settled, settled, None, None, shown))
    return known, items


def compute_formula(sheet: Formula, given: Mapping[str, Any]) -> Result:
    """Compute the outputs of a formula, or refuse by name of what is missing."""
    known, items = _read(sheet.inputs, given)
    missing = tuple(i.id for i in sheet.inputs if i.id not in known and not i.optional)
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        refused = (
            f"{sheet.id} is not computed: {', '.join(missing)} {verb} missing{_suggestions(sheet, missing)}"
        )
        return Result(sheet, items=tuple(items), missing=missing, refused=refused)
    values = {i.id: False for i in sheet.inputs if i.optional} | known
    for required in sheet.require:
        if not evaluate(required.test, values):
            return Result(
                sheet, items=tuple(items), refused=f"{sheet.id} is not computed: {required.otherwise}"
            )
    outputs = {o.id: float(evaluate(o.expr, values)) for o in sheet.outputs}
    units = {o.id: o.unit for o in sheet.outputs}
    result = Result(sheet, items=tuple(items), outputs=outputs, units=units)
    return _cut(_with_band(result, sheet, values), sheet, given)


def _suggestions(sheet: Formula, missing: Sequence[str]) -> str:
    said = [
        f"{i.id} in use: {', '.join(f'{s.value:g} ({s.use})' for s in i.suggest)}"
        for i in sheet.inputs if i.id in missing and i.suggest
    ]  # fmt: skip
    return f"; {'; '.join(said)}" if said else ""


def _with_band(result: Result, sheet: Formula, values: Mapping[str, Number]) -> Result:
    if not sheet.banded:
        return result
    points = float(evaluate(sheet.banded, values))
    band = band_of(sheet.bands, points)
    if band:
        return replace(result, band=band, possible=(band,))
    near = sorted(sheet.bands, key=lambda b: min(abs(b.min - points), abs(b.max - points)))[:2]
    between = " and ".join(f"{b.label} ({b.min}–{b.max})" for b in sorted(near, key=lambda b: b.min))
    note = f"{points:.4g} points lie between the bands {between}: no band"
    return replace(result, possible=tuple(near), notes=(note,))


def _cut(result: Result, sheet: Formula, given: Mapping[str, Any]) -> Result:
    """What each study's cut-points make of the first output; the adopted or named one gives the label."""
    if not sheet.cut_points:
        return result
    known = [c.id for c in sheet.cut_points]
    named = given.get("cut_points")
    if named is not None and named not in known:
        raise UsageError(
            f"there are no cut-points {named}; name one of {', '.join(known)}{closest(str(named), known)}"
        )
    value = result.outputs[sheet.outputs[0].id]
    rows = tuple(
        {"cut_points": c.id, "label": _label(c, value), "source": c.source, "instrument": c.instrument,
         "population": c.population, "evidence": c.evidence}
        for c in sheet.cut_points
    )  # fmt: skip
    chosen = next(c for c in sheet.cut_points if (c.id == named if named else c.adopted))
    note = f"{_label(chosen, value)} by the cut-points of {chosen.source} ({chosen.instrument}, {chosen.population})"
    return replace(result, rows=rows, notes=(*result.notes, note))


def _label(points: CutPoints, value: float) -> str:
    return next(
        (label for label, top in zip(points.labels, points.limits, strict=False) if value <= top),
        points.labels[-1],
    )


def check_criteria(sheet: Criteria, given: Mapping[str, Any]) -> Result:
    """Say which criteria fired and which cannot be told; silence is never "no alarm"."""
    known, items = _read(sheet.inputs, given)
    told = [c for c in sheet.criteria if names(c.test) <= set(known)]
    fired = [c for c in told if evaluate(c.test, known)]
    unknown = [c for c in sheet.criteria if c not in told]
    missing = tuple(i.id for i in sheet.inputs if i.id not in known)
    rows = tuple(
        {"criterion": c.id, "state": "unknown" if c in unknown else "fired" if c in fired else "not fired",
         "label": c.label, "modality": c.modality, "test": render(c.test), "severity": c.severity}
        for c in sheet.criteria
    )  # fmt: skip
    notes = [f"{c.id}: {c.note}" for c in fired if c.note]
    if unknown:
        notes.append(f"cannot be told without {', '.join(missing)}: {', '.join(c.id for c in unknown)}")
    return Result(
        sheet,
        items=tuple(items),
        missing=missing,
        fired=tuple(c.id for c in fired),
        rows=rows,
        notes=tuple(notes),
    )
