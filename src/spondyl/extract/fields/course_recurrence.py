"""Whether the tumour came back or grew after treatment, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.extract.course import Course, Stretch
from spondyl.extract.fields.course_follow_up import at
from spondyl.extract.found import Found
from spondyl.extract.knowledge import guarded
from spondyl.words.terms import Hit

__all__ = ["recurrence"]

CONCEPTS = frozenset({"recurred", "progressed", "disease_free", "grown", "enlarged"})
REACH = 45
LONGEST_NO = 250

_NOT_AFTER = re.compile(
    r"^(?: or [a-z]+)? (?:has|have|had|was|were|is|are|could)(?: [a-z]+)? (?:not|never|absent|excluded|"
    r"ruled out)\b"
)
_NEITHER = re.compile(r"\b(?:neither|none of)\b[^.;:]{0,80}$")
_NEEDS_NO = re.compile(r"(?:evidence|signs?) of |residual")
_SOUGHT = re.compile(r"\b(?:evidence|signs?|trace|residual)\b")
_ELSEWHERE = re.compile(r" (?:elsewhere|outside|at other|in other)\b")
_RATE = re.compile(r"^[- ](?:rates?|interval|survival|risk)\b")
_GREW = re.compile(r"(?: (?:in size|rapidly|again|further|to|markedly|significantly|on)\b|[.,;]| and\b|$)")
_PASSIVE = re.compile(r"\b(?:was|were|been) $")
_FOR = re.compile(r"\b(?:for|until|of|against|at|on) (?:[a-z]+ )?$")
_LINK = re.compile(r"(?: of| in)?(?: (?!tumou?r|local|disease|cancer|or\b|nor\b|and\b)[a-z-]+){0,3} ?$")
_VERB_LINK = re.compile(r" ?(?:has |had |have |also |again |then ){0,2}$")


_CLEAR = guarded(
    r"\b(?:no|without|nor|free of|never any) (?:(?!or\b|and\b)[a-z-]+ ){0,3}?(?:evidence|signs?|trace"
    r"|indication|suggestion|hint|"
    r"findings?)(?: \w+)? of (?:(?!the|her|his|spread)[a-z-]+ ){0,3}?"
    r"(?:tumou?r|disease|lesions?|malignancy|growth|cancer|myeloma|lymphoma|sarcoma|chordoma|activity"
    r"|residu\w+|enhancement)\b|"
    r"\b(?:mri|ct|scans?|imaging|images|pet-ct|pet/ct|radiographs|markers?)(?: (?!were|was|is|are"
    r"|remain)\w+){0,4} "
    r"(?:was|were|is|are|remain\w*|stayed|came back) (?:completely |entirely |all )?(?:clean|clear)\b"
)
_LATER = guarded(
    r"follow|later|after|years?\b|months?\b|at last|latest|last (?:visit|review|control|look)|control"
    r"|repeat|now\b|current|"
    r"to date|surveillance|since|annual"
)


class _Said(NamedTuple):
    """A word for recurrence, growth or its absence, with what stands around it."""

    s: Stretch
    hit: Hit

    @property
    def words(self) -> str:
        return self.s.text[self.hit.start - self.s.start : self.hit.end - self.s.start]

    def before(self, reach: int = REACH) -> str:
        end = self.hit.start - self.s.start
        return self.s.text[max(0, end - reach) : end]

    def after(self, reach: int = REACH) -> str:
        start = self.hit.end - self.s.start
        return self.s.text[start : start + reach]

    def near(self, concept: str, before: int = REACH, after: int = REACH) -> bool:
        """Whether a course term of a concept stands near."""
        return any(
            h.concept == concept and h.start - self.hit.end <= after and self.hit.start - h.end <= before
            for h in self.s.hits
        )

    def of_tumour(self, before: int = REACH, after: int = REACH) -> bool:
        """Whether a tumour, or a word for one, is what is spoken of."""
        return self.near("tumor_word", before, after) or any(
            t.start - self.hit.end <= after and self.hit.start - t.end <= before
            for t in self.s.sentence.of("tumour")
        )

    def of_another(self) -> bool:
        """Whether something else than the tumour came back: pain, a symptom, an infection."""
        for other in self.s.sentence.of("course", "presentation"):
            if other.kind == "course" and other.concept not in ("condition", "not_tumor"):
                continue
            if other.concept in ("", "mass"):
                continue
            gap = other.start - self.hit.end
            if 0 <= gap <= 25 and _LINK.match(self.after()[:gap]):
                return True
            gap = self.hit.start - other.end
            if 0 <= gap <= 22 and _VERB_LINK.match(self.before(gap) if gap else ""):
                return True
        return False


def recurrence(told: Course) -> Iterator[Found]:
    """Recurrence "yes" or "no", and the months to the first recurrence that is dated.

    Args:
        told: The course of a patient.

    Yields:
        Findings for `recurrence`; one for `recurrence_months` where a recurrence has a time.
    """
    said: dict[bool, list[_Said]] = {True: [], False: []}
    for s in told.stretches:
        for h in s.hits:
            if h.concept in CONCEPTS and (verdict := _verdict(_Said(s, h))) is not None:
                said[verdict].append(_Said(s, h))
    came_back = bool(said[True])
    for w in said[came_back]:
        yield _found(w, "yes" if came_back else "no")
    if not said[True] and not said[False]:
        yield from _clear(told)
    places = {id(w.s) for w in said[True]}
    dated = [m for m in told.moments if not m.history and id(m.stretch) in places]
    if dated:
        yield at("recurrence_months", min(dated, key=lambda m: m.months))


def _clear(told: Course) -> Iterator[Found]:
    """No trace of the tumour, in free words, at a later look."""
    for s in told.stretches:
        for m in (
            _CLEAR.pattern.finditer(s.text)
            if s.sentence.has(_CLEAR) and _LATER.pattern.search(s.text)
            else ()
        ):
            start, end = s.start + m.start(), s.start + m.end()
            flags = s.sentence.flags(start, end)
            if s.treated_before(start) and not flags & {"family", "other", "planned", "historical"}:
                yield Found("recurrence", "no", s.sentence.block, start, end)


def _verdict(w: _Said) -> bool | None:
    """`True` for a recurrence told, `False` for one denied, `None` where the words say neither."""
    flags = w.s.sentence.flags(w.hit.start, w.hit.end)
    if flags & {"family", "other"} or _RATE.match(w.after()):
        return None
    negated = "negated" in flags or bool(_NOT_AFTER.match(w.after()) or _NEITHER.search(w.before(90)))
    if w.hit.concept == "disease_free":
        sought = _SOUGHT.search(w.words) and not w.s.treated_before(w.hit.start)
        aside = "historical" in flags or w.near("margin") or sought or _ELSEWHERE.match(w.after())
        return None if aside or (_NEEDS_NO.match(w.words) and not negated) else False
    if w.of_another():
        return None
    treated = w.s.treated_before(w.hit.start)
    if negated:
        denied = w.hit.concept == "recurred" or (treated and w.hit.concept != "enlarged")
        return False if denied else None
    return True if "possible" not in flags and _told(w, flags, treated) else None


def _told(w: _Said, flags: frozenset[str], treated: bool) -> bool:
    """Whether the words tell of a recurrence or of growth after treatment."""
    if w.hit.concept == "recurred":
        return w.words != "recurrent" or w.of_tumour(before=-1)
    if not treated or "planned" in flags or w.hit.concept == "grown":
        return False
    if w.hit.concept == "enlarged":
        verb = _GREW.match(w.after()) and not _PASSIVE.search(w.before())
        return bool(verb) and w.near("tumor_word", before=60, after=-1)
    if " " in w.words or w.of_tumour(after=30):
        return True
    return (
        w.words == "progression"
        and not w.after().startswith((" of", " to"))
        and (not _FOR.search(w.before()) or w.before() == "on ")
    )


def _found(w: _Said, value: str) -> Found:
    start, end = w.hit.start, w.hit.end
    if value == "no":
        starts = [
            t.start for t in w.s.sentence.triggers if t.concept == "negated" and w.s.start <= t.start < end
        ]
        start = min([start, *(p for p in starts if start - p < LONGEST_NO)])
        if m := _NEITHER.search(w.before(90)):
            start = min(start, w.hit.start - len(w.before(90)) + m.start())
        if later := _NOT_AFTER.match(w.after()):
            end += later.end()
    return Found("recurrence", value, w.s.sentence.block, start, end)
