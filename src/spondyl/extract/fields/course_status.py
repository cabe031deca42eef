"""Whether the patient lives at the end of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.course import NOT_OURS, Course, Stretch, treatments
from spondyl.extract.found import Found
from spondyl.words.terms import Hit

__all__ = ["status"]

AFTER_TREATMENT = ("disease_free", "improved", "worse")
"""Concepts that tell the patient's state after a treatment, the surest first."""

KIN_REACH = 60

_HIMSELF = re.compile(r"\b(?:he|she|the patient)(?: [a-z]+)? $")
_PERSON = re.compile(r"\b(?:he|she|his|her|patient|child|girl|boy|man|woman|infant)\b")


def status(told: Course, last: list[Found], again: list[Found]) -> Iterator[Found]:
    """ "dead" where a death is told, else "alive" where the state after treatment is.

    Args:
        told: The course of a patient.
        last: What was found for follow-up.
        again: What was found for recurrence.

    Yields:
        At most one finding for `status`.
    """
    deaths = [(s, h) for s in told.stretches for h in s.hits if h.concept == "died" and _death(s, h)]
    if deaths:
        s, h = deaths[-1]
        yield Found("status", "dead", s.sentence.block, h.start, h.end)
    elif hit := _last(told, "alive"):
        s, h = hit
        yield Found("status", "alive", s.sentence.block, h.start, h.end)
    else:
        yield from _seen(told, last, again)


def _seen(told: Course, last: list[Found], again: list[Found]) -> Iterator[Found]:
    for concept in AFTER_TREATMENT:
        if hit := _last(told, concept):
            s, h = hit
            yield _alive(Found("status", "alive", s.sentence.block, h.start, h.end))
            return
    if hit := _free(told):
        s, h = hit
        yield _alive(Found("status", "alive", s.sentence.block, h.start, h.end))
        return
    if last and _seen_at_the_end(told, last[0]):
        yield _alive(last[0])
        return
    for f in again:
        if f.field == "recurrence" and f.value == "no":
            yield _alive(f)
            return


def _alive(f: Found) -> Found:
    why = "alive: the state after treatment is told"
    return f._replace(field="status", value="alive", certainty="derived", derivation=why)


def _seen_at_the_end(told: Course, last: Found) -> bool:
    """Whether the last dated look is at the patient and no new treatment follows it."""
    looks = [m for m in told.moments if m.stretch.sentence.block is last.block and m.time.start == last.start]
    if not looks or looks[0].history:
        return False
    here = looks[0].stretch
    if looks[0].time.role in ("follow", "survived"):
        return True
    later = [s for s in told.stretches if s.sentence.block is last.block and s.start > here.start]
    return bool(_PERSON.search(here.text)) and not any(treatments(s.sentence) for s in later)


def _last(told: Course, concept: str) -> tuple[Stretch, Hit] | None:
    for s in reversed(told.stretches):
        for h in reversed(s.hits):
            if h.concept == concept and (concept == "alive" or s.treated_before(h.start)) and _ours(s, h):
                return s, h
    return None


def _free(told: Course) -> tuple[Stretch, Hit] | None:
    """The last word that the tumour has not come back after a treatment."""
    for s in reversed(told.stretches):
        for h in reversed(s.hits):
            if h.concept == "recurred" and s.treated_before(h.start):
                flags = s.sentence.flags(h.start, h.end)
                denied = "negated" in flags and not flags & (NOT_OURS | {"historical", "possible"})
                return (s, h) if denied else None
    return None


def _ours(s: Stretch, h: Hit) -> bool:
    return not s.sentence.flags(h.start, h.end) & (NOT_OURS | {"historical", "possible"})


def _death(s: Stretch, h: Hit) -> bool:
    flags = s.sentence.flags(h.start, h.end)
    kin = [k for k in s.hits if k.concept == "kin" and 0 <= h.start - k.end <= KIN_REACH]
    himself = _HIMSELF.search(s.text[: h.start - s.start]) is not None
    if "negated" in flags or (kin and not himself):
        return False
    if himself:
        flags -= {"family"}
    if "case" in s.text[h.start - s.start : h.end - s.start]:
        return "family" not in flags
    return not flags & (NOT_OURS | {"historical", "possible"})
