"""Metastases outside the spine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

_SPREAD = re.compile(
    r"metasta[a-z]*|\bsecondary (?:deposits?|lesions?)|\bsecondaries\b|\bdeposits?\b|\bdisseminat[a-z]+|\bspread\b|\bmets\b|\bcarcinomatosis\b"
)
_AFTER = re.compile(r"^(?:[ -]|, |,? and |/|\bor )*(?:[a-z-]+,? (?:and )?){0,5}$")
_BEFORE = re.compile(
    r"^[^;:]{0,20}?\b(?:in|to|of|involving|within|at|on|into|over|from|including|affecting|:|are|were|was|such as|the|both)\b[^;:]{0,110}$|^ ?\(?[^;:.]{0,20}$"
)
_NODULES = re.compile(r"\b(?:nodules|lesions|deposits|opacities|masses|coin lesions)\b")
_MANY = re.compile(
    r"\b(?:multiple|bilateral|several|numerous|diffuse|two|three|four|five|six|both|many|innumerable)\b"
)
OUT = frozenset({"negated", "family", "other", "planned", "refused", "possible"})


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Metastatic sites other than the spine, each with the words for organ and for spread."""
    primary = {str(f.value) for f in findings.get("primary_site", [])}
    for s in patient.sentences:
        sites = [h for h in s.of("site") if h.entry.row["metastasis"] and h.entry.row["kind"] != "spine"]
        if not sites:
            continue
        cues = list(_SPREAD.finditer(s.text))
        for h in sites:
            if h.concept in primary or not OUT.isdisjoint(s.flags(h.start, h.end)):
                continue
            cue = _linked(s, h, cues) or _nodules(s, h)
            if cue is None:
                continue
            yield Found(
                "other_metastases",
                h.entry.row["metastasis"],
                s.block,
                min(h.start, cue[0]),
                max(h.end, cue[1]),
            )


def _linked(s: Sentence, h: Hit, cues: list[re.Match[str]]) -> tuple[int, int] | None:
    text, shift = s.text, s.start
    for m in cues:
        start, end = m.start() + shift, m.end() + shift
        if not OUT.isdisjoint(s.flags(start, end)):
            continue
        if h.end <= start:
            gap = text[h.end - shift : m.start()]
            if len(gap) < 50 and _AFTER.match(gap):
                return start, end
        elif h.start >= end:
            gap = text[m.end() : h.start - shift]
            if len(gap) < 130 and _BEFORE.match(gap):
                return start, end
    return None


def _nodules(s: Sentence, h: Hit) -> tuple[int, int] | None:
    """Several nodules of an organ, which staging reports call so without the word metastasis."""
    if h.concept not in ("lung", "liver"):
        return None
    text, at = s.text, h.end - s.start
    m = _NODULES.search(text, at, at + 12) or _NODULES.search(
        text, max(0, h.start - s.start - 20), h.start - s.start
    )
    if m is None or not _MANY.search(text[max(0, m.start() - 40) : at + 12]):
        return None
    return s.start + m.start(), s.start + m.end()
