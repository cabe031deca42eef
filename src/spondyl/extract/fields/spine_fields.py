"""Levels, regions and compartment of the spinal lesions."""

from __future__ import annotations

from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient
from spondyl.extract.spine import bad_context, cue, governor
from spondyl.words.levels import REGION
from spondyl.words.terms import Hit

__all__ = ["read"]

_BONY = frozenset({"vertebral"})


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Levels, regions and compartment of a patient's spinal lesions."""
    levels = [f for s in patient.sentences for f in _levels(s)]
    yield from levels
    seen: set[str] = set()
    for f in levels:
        region = REGION[str(f.value)[0]]
        if region not in seen:
            seen.add(region)
            yield f._replace(field="regions", value=region, certainty="derived", derivation=f"region of level {f.value}")
    for s in patient.sentences:
        for f in _regions(s):
            yield f
    for s in patient.sentences:
        yield from _compartments(s)


def _levels(s: Sentence) -> Iterator[Found]:
    for expression in s.levels:
        h = governor(s, expression.start, expression.end)
        if h is None or cue(h) != "lesion" or bad_context(s, expression.start, expression.end):
            continue
        for level in expression.levels:
            yield Found("levels", level, s.block, expression.start, expression.end)


def _regions(s: Sentence) -> Iterator[Found]:
    for r in s.of("region"):
        h = governor(s, r.start, r.end)
        if h is None or cue(h) != "lesion" or bad_context(s, r.start, r.end) or bad_context(s, h.start, h.end):
            continue
        for region in r.concept.split("+"):
            yield Found("regions", region, s.block, r.start, r.end)


def _compartments(s: Sentence) -> Iterator[Found]:
    for h in s.of("compartment"):
        if bad_context(s, h.start, h.end):
            continue
        if h.concept in _BONY and not _lesion_near(s, h):
            continue
        yield Found("compartment", h.concept, s.block, h.start, h.end)


def _lesion_near(s: Sentence, h: Hit) -> bool:
    near = governor(s, h.start, h.end)
    return near is not None and cue(near) == "lesion" and not bad_context(s, near.start, near.end)
