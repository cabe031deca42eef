"""The course of a patient: what was said of the state at which time after the index treatment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spondyl.extract.document import Sentence
from spondyl.extract.knowledge import guarded
from spondyl.extract.patients import Patient
from spondyl.extract.person import ages
from spondyl.extract.timeline import TIMED, Time, times
from spondyl.words.terms import Hit

__all__ = ["Course", "Moment", "Stretch", "course"]

STATE = frozenset(
    {
        "died",
        "alive",
        "recurred",
        "progressed",
        "disease_free",
        "improved",
        "worse",
        "seen",
        "condition",
        "grown",
    }
)
"""Concepts of the course lexicon that tell how the patient is."""

OUTCOME = frozenset({"died", "alive", "disease_free"})
"""Concepts that can only be told of an end."""

TREATMENT_KINDS = ("procedure", "treatment", "drug")
NOT_DONE = frozenset({"negated", "planned", "refused", "possible", "family", "other"})
NOT_OURS = frozenset({"planned", "family", "other"})

_KIN_OF = re.compile(r"\b(?:his|her|their|patient's)(?: [a-z]+)? $")
_LABEL = guarded(r"\b(?:patient|case) (?:no\.? ?)?(?P<key>\d{1,2}|[a-h])\b")
_TIMED = guarded(TIMED)
_BEFORE_TREATMENT = re.compile(
    r"\b(?:onset|presentation|admission|symptoms|birth|injury|trauma|accident|diagnosis)\b"
)


_OF_PATIENT = re.compile(
    r",? (?:he|she|(?:the|this|our) (?:patient|man|woman|boy|girl|child)|her|his) (?:[a-z]+ )?"
    r"(?:is|was|has|had|can|could|remain|walk|work|play|live|return|resum|continu|enjoy|lead|report|need)"
)
_IMAGED = re.compile(
    r"\b(?:mri|ct|scans?|imaging|pet-?ct|radiographs?|x-?rays?|magnetic resonance)\b[^,;]{0,25}$"
)
_SYMPTOMS = re.compile(r"\b(?:onset|symptoms?)\b")


class Stretch:
    """A sentence, or the part of it that is about the patient: text, hits, and where it stands.

    Args:
        sentence: The sentence.
        start, end: The part, in the block's copy.
        treated: Whether a treatment has been told of before it, in the same block.

    Attributes:
        text: The words, in lower case.
        hits: The course terms in it, in order.
    """

    __slots__ = ("end", "hits", "sentence", "start", "text", "treated")

    def __init__(self, sentence: Sentence, start: int, end: int, treated: bool) -> None:
        self.sentence, self.start, self.end, self.treated = sentence, start, end, treated
        self.text, self.hits = sentence.text, sentence.of("course")
        if (start, end) != (sentence.start, sentence.end):
            self.text = sentence.block.view.folded[start:end]
            self.hits = [h for h in self.hits if start <= h.start and h.end <= end]

    def treated_before(self, position: int) -> bool:
        """Whether a treatment was told of before a place in the block's copy."""
        return self.treated or any(h.start < position for h in treatments(self.sentence))


@dataclass(frozen=True)
class Moment:
    """A dated look at the patient.

    Args:
        stretch: The words around.
        time: The expression of time, with places in the block's copy.
        months: Time since the index event.
        parts: Earlier expressions that were added up to it.
        state: Whether the sentence tells how the patient is.
        history: Whether it lies before the presentation that is reported, as far as can be told.
    """

    stretch: Stretch
    time: Time
    months: float
    parts: tuple[tuple[Sentence, Time], ...] = ()
    state: bool = True
    history: bool = False


@dataclass(frozen=True)
class Course:
    """What is told of one patient's course: the stretches about it, and the dated moments in them."""

    stretches: tuple[Stretch, ...]
    moments: tuple[Moment, ...]


def course(patient: Patient) -> Course:
    """The course of a patient.

    Args:
        patient: A patient with sentences.

    Returns:
        The sentences about the patient without general remarks, and every dated look at the patient.
    """
    stretches = tuple(_stretches(patient))
    moments: list[Moment] = []
    block = None
    walk = _Walk([])
    last = {id(s.sentence.block): -1 for s in stretches}
    last |= {id(s.sentence.block): k for k, s in enumerate(stretches) if treatments(s.sentence)}
    for k, stretch in enumerate(stretches):
        if stretch.sentence.block is not block:
            block = stretch.sentence.block
            moments += walk.moments
            walk = _Walk([])
        walk.step(stretch, last[id(block)] > k)
    return Course(stretches, (*moments, *walk.moments))


def treatments(sentence: Sentence) -> list[Hit]:
    """The words for treatments given in a sentence, found once."""
    if sentence.treatments is None:
        told = [h for h in sentence.of("course") if h.concept == "treated"]
        told += [h for h in sentence.of(*TREATMENT_KINDS) if h.concept not in ("", "biopsy")]
        sentence.treatments = [h for h in told if not sentence.flags(h.start, h.end) & NOT_DONE]
    return sentence.treatments


def _stretches(patient: Patient) -> list[Stretch]:
    out = []
    block = None
    treated = False
    for s in patient.sentences:
        if s.block is not block:
            block, treated = s.block, False
        text = s.text
        if any(h.concept == "general" for h in s.of("course")):
            continue
        start, end = (0, len(text)) if patient.alone else _own(s, patient)
        if start < end:
            out.append(Stretch(s, s.start + start, s.start + end, treated))
        treated = treated or bool(treatments(s))
    return out


def _own(s: Sentence, patient: Patient) -> tuple[int, int]:
    """The part of a sentence about several labelled patients that is about this one."""
    text, labels = s.text, list(s.matches(_LABEL))
    keys = {m["key"] for m in labels}
    if len(keys) < 2:
        return 0, len(text)
    mine = {patient.key, str(patient.number), "abcdefgh"[min(patient.number, 8) - 1]}
    for k, m in enumerate(labels):
        if m["key"] in mine:
            start = 0 if k == 0 else m.start()
            return start, labels[k + 1].start() if k + 1 < len(labels) else len(text)
    return 0, 0


@dataclass
class _Walk:
    """One block of text, told in order, with a clock that counts months since the index event."""

    moments: list[Moment]
    clock: float = 0.0
    parts: tuple[tuple[Sentence, Time], ...] = ()
    index: tuple[Sentence, Time] | None = None

    def step(self, stretch: Stretch, more_treatment: bool) -> None:
        """Go on by one sentence."""
        text = stretch.text
        concepts = {h.concept for h in stretch.hits}
        found = times(text) if stretch.sentence.has(_TIMED) else []
        opening = bool(found) and ages(text) != ()
        for t in found:
            place = t._replace(start=t.start + stretch.start, end=t.end + stretch.start)
            if t.role == "before" or self._foreign(stretch, place):
                continue
            if t.role == "date":
                self._on(stretch, place, concepts)
                continue
            if opening and not _told(stretch, place, concepts):
                continue
            self._at(stretch, place, concepts, more_treatment)

    def _foreign(self, stretch: Stretch, t: Time) -> bool:
        flags, text = stretch.sentence.flags(t.start, t.end), stretch.text
        if flags & NOT_OURS or ("historical" in flags and t.role != "after"):
            return True
        return any(
            h.concept == "kin" and _KIN_OF.search(text[: h.start - stretch.start]) for h in stretch.hits
        )

    def _at(self, stretch: Stretch, t: Time, concepts: set[str], more_treatment: bool) -> None:
        after_follow_up = bool(self.parts) and self.parts[-1][1].role == "follow"
        relative = t.role == "later" or (t.role == "within" and not after_follow_up)
        treated = stretch.treated_before(t.start)
        dated = t.role in ("follow", "survived")
        state = dated or bool(concepts & STATE) or bool(stretch.sentence.of("presentation"))
        if treated and not state:
            before, end = stretch.text[: t.start - stretch.start], t.end - stretch.start
            imaged = t.role in ("later", "after") and _IMAGED.search(before) is not None
            state = imaged or _OF_PATIENT.match(stretch.text, end) is not None
        arrived = "arrived" in concepts and "again" not in concepts
        if relative and arrived and (not treated or (t.months >= 12 and more_treatment)):
            self.moments = [Moment(m.stretch, m.time, m.months, m.parts, m.state, True) for m in self.moments]
            if treated:
                self.moments.append(Moment(stretch, t, t.months, (), state, True))
            self.clock, self.parts = 0.0, ()
            return
        if not _looks(stretch, t, concepts, treated):
            return
        relative = relative or (t.role == "elapsed" and t.months < self.clock)
        months = self.clock + t.months if relative else t.months
        parts = self.parts if relative and self.clock else ()
        self.moments.append(Moment(stretch, t, months, parts, state))
        if t.role not in ("past", "survived", "for") and not t.ordinal:
            self.clock, self.parts = months, (*parts, (stretch.sentence, t))

    def _on(self, stretch: Stretch, t: Time, concepts: set[str]) -> None:
        """A date: the index event, or a look so many months after it."""
        sentence = stretch.sentence
        arrived = "arrived" in concepts and "again" not in concepts
        if self.index is None or (arrived and not concepts & OUTCOME):
            if arrived or treatments(sentence):
                self.index, self.clock, self.parts = (sentence, t), 0.0, ()
            return
        months = t.months - self.index[1].months
        if months > 0:
            self.parts, self.clock = (self.index, (sentence, t)), months
            self.moments.append(Moment(stretch, t, months, (self.index,), bool(concepts & STATE)))


_NEEDS: dict[str, frozenset[str]] = {
    "past": frozenset({"recurred", "disease_free", "condition", "improved", "progressed"}),
    "for": frozenset({"recurred", "disease_free", "alive"}),
    "within": frozenset({"died", "improved", "recurred", "progressed", "worse"}),
}
"""What a sentence must tell before a length of time in it is a look at the patient."""


def _looks(stretch: Stretch, t: Time, concepts: set[str], treated: bool) -> bool:
    """Whether a length of time dates a look at the patient."""
    if t.role in _NEEDS:
        return bool(_NEEDS[t.role] & concepts) and (treated or t.role == "within")
    if t.role != "after" or concepts & OUTCOME or not treatments(stretch.sentence):
        return True
    words = stretch.text[t.start - stretch.start : t.end - stretch.start]
    if treated:
        return stretch.treated or _SYMPTOMS.search(words) is None
    return _BEFORE_TREATMENT.search(stretch.text[t.start - stretch.start : t.end - stretch.start]) is None


def _told(stretch: Stretch, t: Time, concepts: set[str]) -> bool:
    """Whether a time in the sentence that introduces the patient belongs to what came after."""
    if t.role in ("after", "follow", "survived") and concepts & OUTCOME:
        return True
    return t.role in ("later", "follow", "at", "elapsed") and stretch.treated_before(t.start)
