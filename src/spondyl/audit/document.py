"""What the checks look at: the sentences, tables, cases and statements of one paper."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache

from spondyl.audit.rounding import cell, share_fit
from spondyl.record import Case, Paper, Quote, Section, Statement, Table
from spondyl.words.markup import unmarked
from spondyl.words.numbers import number
from spondyl.words.view import View, reading_copy

__all__ = ["Document", "Sentence"]

_APART = frozenset({"references", "front_matter", "back_matter", "running_head", "table"})
_BREAK = re.compile(r"\n")
_DIGITS = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d{1,5})(?![\w%]|[.,]\d|\s%)")
_WORDS = re.compile(
    r"\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]{3,5})?|[a-z]{3,6}teen|ten|eleven|twelve)\b"
)
_COUNTED = re.compile(r"(?P<n>\d(?<![\w.,].)\d{0,4}) (?P<noun>[a-z]+)\b")
_LONGEST_QUOTE = 290
_LONGEST_SENTENCE = 2500
"""No prose runs on for longer without a full stop; what does is debris of a table or an attack."""


class Sentence:
    """One sentence of a paper's prose, on a reading copy.

    Args:
        view: The reading copy it stands in.
        start, end: Its place in that copy.
        kind: The kind of its section.
        paragraph: Number of its paragraph, unique in the paper.
    """

    __slots__ = ("end", "kind", "paragraph", "plain", "start", "text", "view")

    def __init__(self, view: View, start: int, end: int, kind: str, paragraph: int) -> None:
        self.view, self.start, self.end, self.kind, self.paragraph = view, start, end, kind, paragraph
        self.text = view.folded[start:end]
        self.plain = view.plain[start:end]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the sentence stands in the paper's text."""
        return self.view.origin(self.start + start, self.start + end)


class Document:
    """One paper with what was read from it.

    Args:
        paper: The paper.
        cases: Its cases.
        statements: What it says of groups.
    """

    def __init__(self, paper: Paper, cases: Sequence[Case], statements: Sequence[Statement]) -> None:
        self.paper, self.cases, self.statements = paper, cases, statements
        self._tables: dict[int, Table | None] = {}

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the paper's prose, in order; tables and references left out."""
        found: list[Sentence] = []
        for kind, spans in _runs(self.paper):
            view = unmarked(reading_copy(self.paper.text, spans))
            first = found[-1].paragraph + 1 if found else 0
            breaks = [m.start() for m in _BREAK.finditer(view.plain)]
            for start, end in view.sentences:
                if end - start <= _LONGEST_SENTENCE:
                    found.append(Sentence(view, start, end, kind, first + bisect_right(breaks, start)))
        return found

    def saying(self, *words: str) -> Iterator[Sentence]:
        """The sentences that hold one of some words."""
        present = [w for w in words if w in self.prose]
        if len(present) == 1:
            return (s for s in self.sentences if present[0] in s.text)
        return (s for s in self.sentences if any(w in s.text for w in present)) if present else iter(())

    def quote(self, sentence: Sentence, start: int = 0, end: int | None = None) -> Quote:
        """The words of a stretch of a sentence, cut where they are too long to show."""
        a, b = sentence.origin(start, len(sentence.text) if end is None else end)
        return self.words(a, b)

    def words(self, start: int, end: int) -> Quote:
        """The words between two offsets, cut where they are too long to show."""
        return self.paper.quote(start, min(end, start + _LONGEST_QUOTE))

    def section(self, offset: int) -> str:
        """The kind of the section an offset stands in."""
        k = bisect_right(self._starts, offset) - 1
        inside = k >= 0 and offset < self.paper.sections[k].end
        return self.paper.sections[k].kind if inside else "other"

    def table_at(self, offset: int) -> Table | None:
        """The table an offset stands in."""
        if offset not in self._tables:
            here = (t for t in self.paper.tables if t.start <= offset < t.end)
            self._tables[offset] = next(here, None)
        return self._tables[offset]

    @cached_property
    def body(self) -> int:
        """Where the introduction begins, 0 without one; what stands before it is title and abstract."""
        return next((s.start for s in self.paper.sections if s.kind == "introduction"), 0)

    @cached_property
    def main(self) -> int | None:
        """How many patients the paper's own group has: the size that most of its counts are counts of."""
        wholes = Counter(s.denominator for s in self.own if s.quantity == "count" and s.denominator)
        wholes.update(s.n for s in self.own if s.quantity == "n" and s.n)
        return max(wholes, key=lambda n: (wholes[n], n)) if wholes else None

    @cached_property
    def prose(self) -> str:
        """All sentences as one folded text."""
        return "\n".join(s.text for s in self.sentences)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All whole numbers that the paper names, in digits or words, tables included."""
        digits = {int(x.replace(",", "")) for x in _DIGITS.findall(self.paper.text)}
        return frozenset(digits | {int(number(x) or 0) for x in _WORDS.findall(self.prose)})

    @cached_property
    def counted(self) -> dict[str, int]:
        """Noun → the greatest number that the prose puts before it."""
        found: dict[str, int] = {}
        for n, noun in _COUNTED.findall(self.prose):
            found[noun] = max(found.get(noun, 0), int(n))
        return found

    @cached_property
    def rounds(self) -> bool:
        """Whether the paper shows that it rounds: several shares go up, as cutting digits off never would."""
        shares = [s for s in self.statements if s.quantity == "count" and s.n and s.denominator and s.printed]
        up = sum(
            share_fit(s.n or 0, s.denominator or 1, s.printed or "") == "fits"
            and Fraction(100 * (s.n or 0), s.denominator or 1) < cell(s.printed or "").value
            for s in shares
        )
        return up >= 3

    @cached_property
    def _starts(self) -> list[int]:
        return [s.start for s in self.paper.sections]

    @cached_property
    def own(self) -> list[Statement]:
        """The statements that the paper makes of its own patients."""
        return [s for s in self.statements if s.quotes and not _quoted(s.group)]


_STUDY = re.compile(r"(?:literature\b|[A-Z].{0,80}?\bet al\b|.{0,60}?\[\d[\d,; -]*\])")


@lru_cache(maxsize=4096)
def _quoted(group: str) -> bool:
    """Whether a group is one of another study, by its label.

    Example:
        >>> _quoted("Orme et al.: 24 patients"), _quoted("literature [4]"), _quoted("24 patients")
        (True, True, False)
    """
    return _STUDY.match(group) is not None


def _runs(paper: Paper) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Consecutive sections of one kind as stretches of text, tables cut out."""
    tables = sorted((t.start, t.end) for t in paper.tables)
    run: list[tuple[int, int]] = []
    kind = ""
    for s in paper.sections or (Section(kind="other", title="", start=0, end=len(paper.text)),):
        if s.kind == "running_head":
            continue
        if s.kind != kind or s.kind == "figure_caption":
            if run:
                yield kind, run
            kind, run = s.kind, []
        if kind not in _APART:
            run += _without(s.start, s.end, tables)
    if run:
        yield kind, run


def _without(start: int, end: int, tables: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for a, b in tables:
        if a < end and b > start:
            if a > start:
                yield start, a
            start = max(start, b)
    if start < end:
        yield start, end
