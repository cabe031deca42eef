"""What governs an expression for a level or a region: a lesion, an operation, a dermatome, a field."""

from __future__ import annotations

import re

from spondyl.extract.document import Sentence
from spondyl.words.terms import Hit

__all__ = ["bad_context", "cue", "governor", "is_lesion", "operated"]

_BREAK = re.compile(r"[,;:()]| and | but | while | whereas | which | then | after | before ")
_NOT_LESION = frozenset(
    {"pain", "motor_deficit", "sphincter_dysfunction", "gait_disturbance", "paraplegia", "tetraplegia"}
)
_OPERATED = re.compile(
    r"surg|operat|perform|underw|undergo|resect|excis|laminectom|corpectom|carried out|done|fixation|"
    r"decompress|screw|"
    r"posterior|anterior|stabili|implant|insert|placed|theatre|remov|sacrific|dissect"
)
BAD = frozenset({"negated", "planned", "refused", "family", "other"})
BREAK_COST = 25
AFTER_COST = 4
CLOSE = 16


def cue(h: Hit) -> str | None:
    """The class of cue a hit makes: lesion, position, surgery, dermatome, radiation, degenerative or around."""
    if h.kind == "cue":
        return h.concept
    if h.kind == "presentation":
        name = h.concept.split("+")[0]
        return (
            "dermatome"
            if name == "sensory_deficit"
            else "lesion"
            if name and name not in _NOT_LESION
            else None
        )
    if h.kind == "procedure":
        return "surgery" if h.concept not in ("biopsy", "") else None
    if h.kind == "compartment":
        return "lesion" if h.concept != "vertebral" else None
    return "lesion" if h.kind == "tumour" else None


def _cues(s: Sentence) -> list[tuple[Hit, str]]:
    """The cues of a sentence with their class, found once."""
    if s.cues is None:
        s.cues = [(h, kind) for h in s.hits if (kind := cue(h)) is not None and operated(s, h)]
    return s.cues


def operated(s: Sentence, h: Hit) -> bool:
    """Whether a sentence tells of an operation, where a procedure's name needs one ("the lamina of C5")."""
    if "needs-operation" not in h.entry.note:
        return True
    a, b = h.start - s.start, h.end - s.start
    return _OPERATED.search(s.text, 0, a) is not None or _OPERATED.search(s.text, b) is not None


def governor(s: Sentence, start: int, end: int) -> tuple[Hit, int] | None:
    """The cue nearest to a stretch of a sentence and its distance; breaks of the sentence count as distance."""
    best: tuple[int, Hit] | None = None
    for h, _ in _cues(s):
        if h.start < end and start < h.end:
            continue
        least = start - h.end if h.end <= start else AFTER_COST + h.start - end
        if best is not None and least >= best[0]:
            continue
        away = least + _breaks(s, h, start, end)
        if away > CLOSE and h.entry.note == "near":
            continue
        if best is None or away < best[0]:
            best = away, h
    return (best[1], best[0]) if best else None


def _breaks(s: Sentence, h: Hit, start: int, end: int) -> int:
    """What the breaks between a hit and a stretch cost."""
    first, last = (h.end, start) if h.end <= start else (end, h.start)
    return BREAK_COST * len(_BREAK.findall(s.text, first - s.start, last - s.start))


def is_lesion(s: Sentence, start: int, end: int) -> Hit | None:
    """The cue that makes a stretch the place of a lesion, or `None`.

    A word of position ("located", "hyperintense") needs a lesion in the same sentence; where a sentence
    tells of an irradiated field or an operation, the lesion must stand next to the stretch.
    """
    found = governor(s, start, end)
    if found is None:
        return None
    h, away = found
    kind = cue(h)
    if kind not in ("lesion", "position") or bad_context(s, h.start, h.end):
        return None
    kinds = {kind for _, kind in _cues(s)}
    if kind == "position" and "lesion" not in kinds:
        return None
    return None if "radiation" in kinds and away > CLOSE else h


def bad_context(s: Sentence, start: int, end: int) -> bool:
    """Whether the context takes a stretch back: negated, only planned, refused, or about somebody else."""
    return not BAD.isdisjoint(s.flags(start, end))
