"""The prose of a paper as passages: one sentence each, with whose study it tells of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from spondyl.extract.knowledge import genuine_rn
from spondyl.extract.series.grammar import numbers
from spondyl.extract.series.study import Studies
from spondyl.record import Paper, Quote, Section
from spondyl.words.markup import unmarked
from spondyl.words.view import View, reading_copy

__all__ = ["Passage", "passages"]

_PROSE = frozenset(
    {
        "title",
        "abstract",
        "introduction",
        "methods",
        "results",
        "discussion",
        "conclusion",
        "figure_caption",
        "other",
        "case_report",
    }
)
_GROUP = re.compile(
    r"\d\s?%|\bpatients\b|\bcases\b|\bwomen\b|\bmen\b|\bchildren\b|\bm(?:ean|edian)\b|\b[pn]\s?[=<>]|"
    r"\bet al\b|±|ratio",
    re.IGNORECASE,
)
_STUDY = re.compile(r"\bet al\b|\band (?:co-?workers|colleagues)\b")
_PARAGRAPH = re.compile(r"\n")
_DIGIT = re.compile(r"\d")
LONGEST_QUOTE = 290
LONGEST_SENTENCE = 2500
"""No prose runs on for longer without a full stop; what does is debris of a table or an attack."""


class Passage:
    """One sentence of a paper's prose.

    Args:
        view: The reading copy it stands in.
        start, end: Its place in that copy.
        kind: The kind of its section.
        paragraph: Number of its paragraph, unique in the paper.
        numbers: Where whole numbers in digits or words may begin in it.
        digits: Whether there is a digit in it.
        study: "" for the paper's own study, else the other study it tells of ("Gootee et al. [14]").
        late: Another study that a sentence of the paper's own turns to: name, where its part begins, where
            the name stands.
    """

    __slots__ = (
        "digits", "end", "kind", "late", "numbers", "paragraph", "plain", "start", "study", "text", "view",
    )  # fmt: skip

    def __init__(self, view: View, start: int, end: int, kind: str, paragraph: int) -> None:
        self.view, self.start, self.end, self.kind, self.paragraph = view, start, end, kind, paragraph
        self.numbers: list[int] = []
        self.digits = False
        self.text = view.folded[start:end]
        self.plain = view.plain[start:end]
        self.study = ""
        self.late: tuple[str, int, int] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the sentence stands in the paper's text."""
        return self.view.origin(self.start + start, self.start + end)

    def quote(self, paper: Paper, start: int, end: int) -> Quote:
        """The words of a stretch of the sentence, cut where they are too long to show."""
        a, b = self.origin(start, end)
        return paper.quote(a, min(b, a + LONGEST_QUOTE))


def passages(paper: Paper) -> list[Passage]:
    """The sentences with numbers in a paper's prose, in order, tables and references left out.

    Args:
        paper: The paper.

    Returns:
        Passages with their study told apart: the paper's own, or another.

    Example:
        >>> text = "We treated 24 patients. In the study of Orme et al. 30 patients were treated."
        >>> [p.study for p in passages(Paper(id="p", source="p", text=text))]
        ['', 'Orme et al.']
    """
    found: list[Passage] = []
    for kind, spans in _runs(paper):
        if not any(_signals(paper.text, kind, start, end) for start, end in spans):
            continue
        found += _cut(paper.text, kind, spans, found[-1].paragraph + 1 if found else 0)
    studies = Studies(paper)
    bracketed = "[" in paper.text
    told = []
    for p in found:
        p.digits = _DIGIT.search(p.text) is not None
        counted = p.digits or bool(p.numbers)
        printed = _printed(paper, p) if counted or bracketed or "et al" in p.text else ""
        p.study = studies.of(p.plain, p.text, printed, p.kind, p.paragraph, counted=counted)
        p.late = studies.late
        if counted:
            told.append(p)
    return told


def _printed(paper: Paper, p: Passage) -> str:
    """The sentence as printed, with the citation behind its full stop."""
    a, b = p.origin(0, len(p.text))
    return paper.text[a : b + 6]


def _signals(text: str, kind: str, start: int, end: int) -> bool:
    """Whether a stretch may tell of a group at all; one patient's story only where it names a study."""
    part = text[start:end]
    if kind == "case_report":
        named = "et al" in part or "workers" in part or "colleagues" in part
        return named and _STUDY.search(part) is not None
    return " patients " in part or "ratio" in part or _GROUP.search(part) is not None


def _runs(paper: Paper) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Consecutive sections of one kind as stretches of text, tables cut out."""
    run: list[tuple[int, int]] = []
    kind = ""
    tables = sorted((t.start, t.end) for t in paper.tables)
    for s in paper.sections or (Section(kind="other", title="", start=0, end=len(paper.text)),):
        if s.kind == "running_head":
            continue
        if s.kind != kind:
            if run:
                yield kind, run
            kind, run = s.kind, []
        if kind in _PROSE:
            run += _without(s.start, s.end, tables)
    if run:
        yield kind, run


def _without(start: int, end: int, tables: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    k = max(0, bisect_right(tables, (start, 0)) - 1)
    for a, b in tables[k:]:
        if a >= end:
            break
        if b <= start:
            continue
        if a > start:
            yield start, a
        start = b
    if start < end:
        yield start, end


def _cut(text: str, kind: str, spans: list[tuple[int, int]], paragraph: int) -> Iterator[Passage]:
    view = unmarked(reading_copy(text, spans, genuine_rn()))
    breaks = [m.start() for m in _PARAGRAPH.finditer(view.plain)]
    counted = numbers(view.folded)
    k = 0
    for start, end in view.sentences:
        if end - start > LONGEST_SENTENCE:
            continue
        p = Passage(view, start, end, kind, paragraph + bisect_right(breaks, start))
        k = bisect_left(counted, start, k)
        while k < len(counted) and counted[k] < end:
            p.numbers.append(counted[k] - start)
            k += 1
        yield p
