"""How long a patient was followed."""

from __future__ import annotations

import re

from spondyl.extract.course import Course, Moment
from spondyl.extract.found import Found

__all__ = ["at", "follow_up", "tidy"]


def follow_up(told: Course) -> list[Found]:
    """The last time point at which the patient's state is told, in months."""
    looks = [m for m in told.moments if m.state]
    looks = [m for m in looks if not m.history] or looks
    if not looks:
        return []
    looks = [m for m in looks if _NOW.search(m.stretch.text) and m.time.role == "after"] or looks
    return [at("follow_up_months", _restated(max(looks, key=lambda m: m.months), looks))]


_NOW = re.compile(r"^(?:at present|currently|presently|to date|now|at the time of (?:writing|this report))\b")


def _restated(last: Moment, looks: list[Moment]) -> Moment:
    """The plain look that a sum of intervals only tells again ("one year later" of "at one postoperative year")."""
    plain = [m for m in looks if not m.parts and m.months == last.time.months and m is not last]
    return plain[0] if last.parts and plain else last


def at(field: str, moment: Moment) -> Found:
    """A finding that gives the time of a moment."""
    block, t = moment.stretch.sentence.block, moment.time
    value = tidy(moment.months)
    if not moment.parts:
        return Found(field, value, block, t.start, t.end)
    more = tuple((s.block, p.start, p.end) for s, p in moment.parts)
    if any(p.role == "date" for p in (*(p for _, p in moment.parts), t)):
        return Found(field, value, block, t.start, t.end, more, "derived", "time between dates")
    words = " + ".join(str(tidy(p.months)) for p in (*(p for _, p in moment.parts), t))
    return Found(field, value, block, t.start, t.end, more, "derived", f"sum of intervals: {words}")


def tidy(months: float) -> float | int:
    """Months to two decimals, whole where they are whole."""
    value = round(months, 2)
    return int(value) if value == int(value) else value
