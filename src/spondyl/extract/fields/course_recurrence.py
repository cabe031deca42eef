"""Whether the tumour came back or grew after treatment, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.course import NOT_OURS, Course, Stretch
from spondyl.extract.fields.course_follow_up import at
from spondyl.extract.found import Found
from spondyl.words.terms import Hit

__all__ = ["recurrence"]

_NOT_AFTER = re.compile(r"^(?: or [a-z]+)?(?: (?:has|have|had|was|were|is|are|could))(?: [a-z]+)? (?:not|never|absent|excluded|ruled out)\b")
_TUMOUR = re.compile(
    r"tumou?r|cancer|disease|metast|lesion|carcinoma|sarcoma|mass\b|masses|myeloma|lymphoma|melanoma|glioma|chordoma|leukaemia|nodule|implant"
)
_MARGIN = re.compile(r"margin|node|duct|resection line|edge|biops|section")
_NEEDS_NO = re.compile(r"(?:evidence|signs?) of |residual")
_RATE = re.compile(r"^[- ](?:rates?|interval|survival|risk)\b")
_REACH = 45


def recurrence(told: Course) -> Iterator[Found]:
    """Recurrence "yes" or "no", and the months to the first recurrence that is dated."""
    yes: list[tuple[Stretch, Hit]] = []
    no: list[tuple[Stretch, Hit]] = []
    for s in told.stretches:
        for h in s.hits:
            verdict = _verdict(s, h)
            if verdict is not None:
                (yes if verdict else no).append((s, h))
    for s, h in yes or no:
        yield _found(s, h, "yes" if yes else "no")
    dated = [m for m in told.moments if not m.history for s, _ in yes if m.stretch is s]
    if dated:
        yield at("recurrence_months", min(dated, key=lambda m: m.months))


def _verdict(s: Stretch, h: Hit) -> bool | None:
    """`True` for a recurrence told, `False` for one denied, `None` where the words say neither."""
    if h.concept not in ("recurred", "progressed", "disease_free", "grown"):
        return None
    flags = s.sentence.flags(h.start, h.end)
    text, start, end = s.text, h.start - s.start, h.end - s.start
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if flags & NOT_OURS or _RATE.match(after):
        return None
    negated = "negated" in flags or _NOT_AFTER.match(after) is not None
    if h.concept == "disease_free":
        if _MARGIN.search(before + after) or "historical" in flags:
            return None
        return None if _NEEDS_NO.match(text[start:end]) and not negated else False
    if negated:
        return False if s.treated_before(h.start) and not _of_another(s, h, after) else None
    if h.concept == "grown" or "possible" in flags or _of_another(s, h, after):
        return None
    if h.concept == "progressed":
        told = _TUMOUR.search(before + text[start:end] + after[:30]) is not None
        return True if told and s.treated_before(h.start) else None
    return True if text[start:end] != "recurrent" or _TUMOUR.search(after) or _tumour_after(s, h) else None


def _tumour_after(s: Stretch, h: Hit) -> bool:
    return any(0 <= t.start - h.end <= _REACH for t in s.sentence.of("tumour"))


def _of_another(s: Stretch, h: Hit, after: str) -> bool:
    """Whether something else than the tumour came back: pain, a symptom, an infection."""
    for other in [*s.sentence.of("course", "presentation")]:
        if other.kind == "course" and other.concept not in ("condition", "not_tumor"):
            continue
        gap = other.start - h.end
        if 0 <= gap <= 25 and re.match(r"(?: of| in)?(?: [a-z-]+){0,3} ?$", after[:gap]):
            return True
        text = s.text[max(0, other.end - s.start) : h.start - s.start]
        if 0 <= h.start - other.end <= 22 and re.match(r" ?(?:[a-z]+ ){0,2}$", text):
            return True
    return False


def _found(s: Stretch, h: Hit, value: str) -> Found:
    start = h.start
    if value == "no":
        starts = [t.start for t in s.sentence.triggers if t.concept == "negated" and s.start <= t.start < h.end]
        start = min([h.start, *(p for p in starts if h.start - p < 250)])
    end = h.end
    later = _NOT_AFTER.match(s.text[h.end - s.start : h.end - s.start + _REACH])
    if value == "no" and later:
        end += later.end()
    return Found("recurrence", value, s.sentence.block, start, end)
