"""What governs an expression for a level or a region: a lesion, an operation, a dermatome, a field."""

from __future__ import annotations

import re

from spondyl.extract.document import Sentence
from spondyl.words.terms import Hit

__all__ = ["bad_context", "governor"]

_KIND = {"procedure": "surgery", "tumour": "lesion", "presentation": "lesion", "compartment": "lesion"}
_BREAK = re.compile(r"[,;:()]| and | but | while | whereas | which | then | after | before ")
_NOT_LESION_PRESENTATION = frozenset(
    {"pain", "motor_deficit", "sensory_deficit", "sphincter_dysfunction", "gait_disturbance", "paraplegia", "tetraplegia"}
)
BAD = frozenset({"negated", "possible_negated", "planned", "refused", "family", "other"})


def governor(s: Sentence, start: int, end: int) -> Hit | None:
    """The cue nearest to a stretch of a sentence; breaks of the sentence count as distance."""
    best: tuple[int, Hit] | None = None
    text, shift = s.text, s.start
    for h in s.hits:
        if cue(h) is None or (h.start >= start and h.end <= end):
            continue
        if h.end <= start:
            gap = text[h.end - shift : start - shift]
            away = len(gap) + 25 * len(_BREAK.findall(gap))
        elif h.start >= end:
            gap = text[end - shift : h.start - shift]
            away = 4 + len(gap) + 25 * len(_BREAK.findall(gap))
        else:
            away = 0
        if best is None or away < best[0]:
            best = away, h
    return best[1] if best else None


def cue(h: Hit) -> str | None:
    """The class of cue a hit makes: "lesion", "surgery", "dermatome", "radiation", "degenerative" or `None`."""
    if h.kind == "cue":
        return h.concept
    if h.kind == "presentation" and h.concept.split("+")[0] in _NOT_LESION_PRESENTATION:
        return "dermatome" if "sensory" in h.concept else None
    if h.kind == "procedure" and h.concept in ("biopsy", ""):
        return None
    return _KIND.get(h.kind)


def bad_context(s: Sentence, start: int, end: int) -> bool:
    """Whether the context takes a stretch back: negated, only planned, refused, or about somebody else."""
    return not BAD.isdisjoint(s.flags(start, end))
