"""Whether the patient lives at the end of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.course import NOT_OURS, Course, Stretch
from spondyl.extract.found import Found, place
from spondyl.words.terms import Hit

__all__ = ["status"]

_SOMEONE_ELSE = re.compile(
    r"\b(?:brother|sister|father|mother|wife|husband|son|daughter|uncle|aunt|grand[a-z]+|cousin|fetus|foetus|twin|newborn|parents?|cells?|bone)\b"
)


def status(told: Course, last: list[Found], again: list[Found]) -> Iterator[Found]:
    """ "dead" where a death is told, else "alive" where the state after treatment is."""
    deaths = [(s, h) for s in told.stretches for h in s.hits if h.concept == "died" and _true(s, h)]
    if deaths:
        s, h = deaths[-1]
        yield Found("status", "dead", s.sentence.block, h.start, h.end)
        return
    for wanted, certainty in (("alive", "stated"), ("disease_free", "derived"), ("improved", "derived"), ("worse", "derived")):
        hit = _last(told, wanted)
        if hit is not None:
            s, h = hit
            why = None if certainty == "stated" else "alive: the state after treatment is told"
            yield Found("status", "alive", s.sentence.block, h.start, h.end, (), certainty, why)  # type: ignore[arg-type]
            return
    if last:
        block, start, end = place(last[0])
        yield Found("status", "alive", block, start, end, (), "derived", "alive: seen again after treatment")
        return
    for f in again:
        if f.field == "recurrence" and f.value == "no":
            yield f._replace(field="status", value="alive", certainty="derived", derivation="alive: the state after treatment is told")
            return


def _last(told: Course, concept: str) -> tuple[Stretch, Hit] | None:
    for s in reversed(told.stretches):
        for h in reversed(s.hits):
            if h.concept == concept and _true(s, h, concept != "worse") and (concept == "alive" or s.treated_before(h.start)):
                return s, h
    return None


def _true(s: Stretch, h: Hit, affirmed: bool = True) -> bool:
    flags = s.sentence.flags(h.start, h.end)
    if flags & NOT_OURS or "historical" in flags or "possible" in flags:
        return False
    if h.concept == "died" and ("negated" in flags or _SOMEONE_ELSE.search(s.text[: h.end - s.start][-60:])):
        return False
    return True
