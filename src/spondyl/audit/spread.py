"""Means and medians against their SD, quartiles and range, and a standard error printed as an SD.

Sees: a mean or median outside its range, quartiles outside the range or on the wrong side of the median, bounds
in the wrong order; an SD too small or too large for its range and number of patients; an SD of ages in adults
that only a standard error can be; a range in another unit than its mean.
Cannot see: an SD that merely looks unusual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import sqrt

from spondyl.audit.document import Document
from spondyl.audit.rounding import cell
from spondyl.record import Finding, Statement

__all__ = ["check"]

_UNIT = re.compile(r"\d\s?(?P<unit>mm|cm|m|years?|months?|weeks?|days?|hours?|minutes?|min|h|ml|l|mg|g|kg)\b")
_BRACKET = re.compile(
    r"[(\[](?:range|from|between)?:?,? ?(?P<low>[\d.,]*\d) ?(?:-|–|to) ?(?P<high>[\d.,]*\d)"
    r" ?(?P<unit>[a-z]+)\b"
)
_SCALE = {
    "mm": ("length", 0.1), "cm": ("length", 1.0), "m": ("length", 100.0), "day": ("time", 1 / 30.4),
    "week": ("time", 7 / 30.4), "month": ("time", 1.0), "year": ("time", 12.0), "h": ("clock", 60.0),
    "hour": ("clock", 60.0), "min": ("clock", 1.0), "minute": ("clock", 1.0), "ml": ("volume", 1.0),
    "l": ("volume", 1000.0), "mg": ("mass", 0.001), "g": ("mass", 1.0), "kg": ("mass", 1000.0),
}  # fmt: skip
_LEAST_AGE_SD = 4.0
"""No cohort of adults with a disease of many ages has ages as close as this; see docs/audit.md."""


def check(doc: Document) -> Iterator[Finding]:
    """Means, medians, spreads and ranges that do not go together.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `range_conflict`, `quantile`, `sd_vs_sem`, `unit_conflict`.
    """
    for family in _families(doc):
        middle = next((s for s in family if s.quantity in ("mean", "median")), None)
        span = next((s for s in family if s.quantity == "range"), None)
        quarters = next((s for s in family if s.quantity == "quartiles"), None)
        sd = next((s for s in family if s.quantity == "sd"), None)
        yield from _bounds(family)
        if middle and span:
            yield from (
                _units(middle) if _two_units(middle) else _inside(middle, span, "range_conflict", "range")
            )
        if middle and quarters and middle.quantity == "median":
            yield from _inside(middle, quarters, "quantile", "quartiles")
        if span and quarters:
            yield from _within(span, quarters)
        if sd:
            yield from _spread(sd, middle, span)


def _families(doc: Document) -> Iterator[list[Statement]]:
    """Statements of one quantity read from the same words."""
    seen: dict[tuple[int, str], list[Statement]] = {}
    for s in doc.statements:
        if s.quantity in ("mean", "median", "sd", "sem", "range", "quartiles") and s.quotes:
            seen.setdefault((s.quotes[0].start, s.quotes[0].text + s.of), []).append(s)
    yield from seen.values()


def _bounds(family: list[Statement]) -> Iterator[Finding]:
    for s in family:
        if s.quantity not in ("range", "quartiles") or not (s.printed_low and s.printed_high):
            continue
        if cell(s.printed_low).low >= cell(s.printed_high).end:
            yield _finding(
                s, "range_conflict", f"The bounds {s.printed_low}–{s.printed_high} are in the wrong order.",
                f"{s.printed_low} > {s.printed_high}",
            )  # fmt: skip


def _inside(middle: Statement, span: Statement, kind: str, name: str) -> Iterator[Finding]:
    if not (middle.printed and span.printed_low and span.printed_high):
        return
    value, low, high = cell(middle.printed), cell(span.printed_low), cell(span.printed_high)
    if low.low < high.end and (value.end <= low.low or value.low >= high.end):
        yield _finding(
            middle, kind,
            f"The {middle.quantity} {middle.printed} lies outside its {name} {span.printed_low}–{span.printed_high}.",
            f"{middle.printed} is not between {span.printed_low} and {span.printed_high}",
        )  # fmt: skip


def _within(span: Statement, quarters: Statement) -> Iterator[Finding]:
    parts = (span.printed_low, quarters.printed_low, quarters.printed_high, span.printed_high)
    if not all(parts):
        return
    low, first, third, high = (cell(p or "") for p in parts)
    if first.end <= low.low or third.low >= high.end:
        yield _finding(
            span, "quantile", f"Quartiles {parts[1]}–{parts[2]} reach beyond the range {parts[0]}–{parts[3]}.",
            f"{parts[0]} ≤ {parts[1]} ≤ {parts[2]} ≤ {parts[3]} does not hold",
        )  # fmt: skip


def _spread(sd: Statement, middle: Statement | None, span: Statement | None) -> Iterator[Finding]:
    if not sd.printed:
        return
    value, n = cell(sd.printed), sd.n or 0
    if span and span.printed_low and span.printed_high and n > 2:
        reach = float(cell(span.printed_high).value - cell(span.printed_low).value)
        slack = float(cell(span.printed_high).unit)
        least, most = (reach - slack) / sqrt(2 * (n - 1)), (reach + slack) / 2 * sqrt(n / (n - 1))
        if reach > 0 and float(value.end) <= least:
            yield _finding(
                sd, "sd_vs_sem",
                f"An SD of {sd.printed} cannot hold a range of {span.printed_low}–{span.printed_high} in"
                f" {n} patients"
                f"{'; it may be the standard error' if float(value.value) * sqrt(n) < most else ''}.",
                f"the smallest SD with that range is {least:.3g}; {sd.printed} × √{n} = "
                f"{float(value.value) * sqrt(n):.3g}",
            )  # fmt: skip
        elif reach > 0 and float(value.low) > most:
            yield _finding(
                sd, "sd_vs_sem",
                f"An SD of {sd.printed} is too large for a range of {span.printed_low}–{span.printed_high}.",
                f"the largest SD with that range is {most:.3g}",
            )  # fmt: skip
        return
    if middle is None or not middle.printed or not _ages(sd) or n < 20:
        return
    if 0 < float(value.end) < _LEAST_AGE_SD and float(cell(middle.printed).value) > 30:
        yield Finding(
            kind="sd_vs_sem", severity="error" if _named_sd(sd) and float(value.end) < 2 else "suspicious",
            message=f"An SD of {sd.printed} years among {n} adults is too small for ages; it looks like the "
            f"standard error.",
            computed=f"{sd.printed} × √{n} = {float(value.value) * sqrt(n):.1f}", quotes=sd.quotes[:1],
        )  # fmt: skip


def _named_sd(s: Statement) -> bool:
    """Whether the words themselves say that it is an SD."""
    return re.search(r"\bsd\b|standard deviation", f"{s.of} {s.quotes[0].text}".lower()) is not None


def _ages(s: Statement) -> bool:
    return re.search(r"\bage\b|\bages\b|\bold\b", s.of.lower()) is not None and s.unit in ("years", None)


def _two_units(middle: Statement) -> tuple[re.Match[str], str] | None:
    """The range of a mean in another unit of the same kind than the mean's own."""
    words = " ".join(middle.quotes[0].text.split())
    at = max(words.find("("), words.find("["))
    bracket = _BRACKET.search(words)
    before = list(_UNIT.finditer(words[: at if at > 0 else 0]))
    if bracket is None or not before:
        return None
    one, other = (_SCALE.get(u) or _SCALE.get(u.rstrip("s")) for u in (before[-1]["unit"], bracket["unit"]))
    differ = one is not None and other is not None and one[0] == other[0] and one[1] != other[1]
    return (bracket, before[-1]["unit"]) if differ else None


def _units(middle: Statement) -> Iterator[Finding]:
    """A mean and its range in different units, where no unit makes them fit."""
    found = _two_units(middle)
    if found is None or not middle.printed:
        return
    bracket, unit = found
    here, there = (_SCALE.get(u) or _SCALE[u.rstrip("s")] for u in (unit, bracket["unit"]))
    value = float(cell(middle.printed).value) * here[1] / there[1]
    low, high = (float(x.replace(",", "")) for x in (bracket["low"], bracket["high"]))
    if not low <= value <= high:
        yield _finding(
            middle, "unit_conflict",
            f"{middle.printed} {unit} does not lie in {bracket['low']}–{bracket['high']} {bracket['unit']}; "
            "one of the units cannot be right.",
            f"{middle.printed} {unit} = {value:g} {bracket['unit']}",
        )  # fmt: skip


def _finding(s: Statement, kind: str, message: str, computed: str) -> Finding:
    return Finding(kind=kind, severity="error", message=message, computed=computed, quotes=s.quotes[:1])
