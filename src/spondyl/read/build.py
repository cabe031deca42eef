"""Canonical text built piece by piece, sections and tables noted on the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from spondyl.read.headings import compound_kind, kind_of
from spondyl.record import Cell, Section, SectionKind, Table

__all__ = ["Builder", "Span", "inherited"]

_MOST_COLUMNS = 300
_PARTS = frozenset(("case_part", "case_or_methods", "article_type"))


class Span(NamedTuple):
    """A cell as the markup has it: words, and how many rows and columns it takes."""

    words: str
    rows: int = 1
    columns: int = 1
    head: bool = False


class Builder:
    """Collects paragraphs, sections and tables of a paper that comes as markup.

    Example:
        >>> b = Builder()
        >>> b.section("case_report", "Case")
        >>> b.paragraph("A man of 61.")
        >>> b.text, [(s.kind, s.start, s.end) for s in b.sections()]
        ('Case\\n\\nA man of 61.\\n\\n', [('case_report', 0, 20)])
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._turns: list[tuple[int, str, str]] = []
        self.tables: list[Table] = []
        self.kind = "other"
        self.title = ""

    @property
    def text(self) -> str:
        """The canonical text so far."""
        return "".join(self._parts)

    @property
    def size(self) -> int:
        """Length of the text so far."""
        return self._size

    def _write(self, words: str) -> None:
        self._parts.append(words)
        self._size += len(words)

    def section(self, kind: str, title: str = "", heading: bool = True) -> None:
        """Begin a section; its title is written as a line of its own."""
        self.kind, self.title = kind, title
        self._turns.append((self._size, kind, title))
        if heading and title:
            self.paragraph(title)

    def paragraph(self, words: str) -> None:
        """Write a paragraph and a blank line."""
        if words.strip():
            self._write(words.strip() + "\n\n")

    def aside(self, kind: str, title: str, paragraphs: Iterable[str]) -> None:
        """A section that interrupts the one that is open: a caption, a note."""
        kept = [p for p in paragraphs if p.strip()]
        if not kept:
            return
        before = (self.kind, self.title)
        self.section(kind, title, heading=False)
        for words in kept:
            self.paragraph(words)
        self.section(*before, heading=False)

    def table(
        self, label: str, caption: str, rows: Sequence[Sequence[Span]], notes: Iterable[str] = ()
    ) -> None:
        """A table as a section of its own: caption, one line a row with tabs between cells, notes."""
        before = (self.kind, self.title)
        self.section("table", label, heading=False)
        start = self._size
        self._write(label)
        if label and caption:
            self._write(". " if label[-1] not in ".:" else " ")
        self._write(caption)
        caption_end = self._size
        if caption_end > start:
            self._write("\n\n")
        cells = self._cells(rows)
        for words in notes:
            if words.strip():
                self._write("\n" + words.strip() + "\n")
        end = max(caption_end, self._size - (not self._parts or self._parts[-1].endswith("\n")))
        if self._size > start:
            self._write("\n")
        self.tables.append(
            Table(
                label=label, caption=caption, caption_start=start, caption_end=caption_end, start=start,
                end=max(end, max((c.end for c in cells), default=end)), cells=tuple(cells),
            )
        )  # fmt: skip
        self.section(*before, heading=False)

    def _cells(self, rows: Sequence[Sequence[Span]]) -> list[Cell]:
        """Write the rows; give every cell its place in the grid that spans leave open."""
        out: list[Cell] = []
        taken: dict[int, int] = {}
        for number, row in enumerate(rows):
            column = 0
            for k, span in enumerate(row):
                while taken.get(column, 0) > number:
                    column += 1
                if column >= _MOST_COLUMNS:
                    break
                wide = max(1, min(span.columns, _MOST_COLUMNS - column))
                tall = max(1, min(span.rows, len(rows) - number))
                for c in range(column, column + wide):
                    taken[c] = number + tall
                self._write("\t" if k else "")
                words = " ".join(span.words.split())
                if words:
                    start = self._size
                    self._write(words)
                    out.append(
                        Cell(
                            row=number, column=column, text=words, start=start, end=self._size, rows=tall,
                            columns=wide, head=span.head,
                        )
                    )  # fmt: skip
                column += wide
            self._write("\n")
        return out

    def sections(self) -> tuple[Section, ...]:
        """The sections, covering all of the text."""
        text = self.text
        if not text:
            return ()
        begun = self._turns if self._turns and self._turns[0][0] == 0 else [(0, "other", ""), *self._turns]
        turns: list[tuple[int, str, str]] = []
        for turn, (stop, *_) in zip(begun, [*begun[1:], (len(text), "", "")], strict=True):
            if text[turn[0] : stop].strip() and (not turns or turns[-1][1:] != turn[1:]):
                turns.append(turn if turns else (0, *turn[1:]))
        turns = turns or [(0, "other", "")]
        ends = [*(b[0] for _, b in pairwise(turns)), len(text)]
        return tuple(
            Section(kind=cast(SectionKind, kind), title=title, start=start, end=end)
            for (start, kind, title), end in zip(turns, ends, strict=True)
        )


def inherited(title: str, parent: str | None, previous: str, cases_below: bool = False) -> str:
    """The kind of a section in markup, from its title and from where it stands.

    Args:
        title: The heading.
        parent: Kind of the section it is part of.
        previous: Kind of the section before.
        cases_below: Whether its own sections are single cases.

    Returns:
        A section kind.

    Example:
        >>> inherited("Treatment", "case_report", "case_report"), inherited("Patients", None, "introduction")
        ('case_report', 'methods')
    """
    kind = kind_of(title, blurred=title.isupper()) or compound_kind(title)
    if kind == "case_or_methods":
        return "case_report" if cases_below else parent or "methods"
    if kind == "case_part":
        if parent:
            return parent
        return previous if previous in ("case_report", "discussion", "results", "methods") else "case_report"
    if kind == "abstract" and previous in ("discussion", "results", "case_report"):
        return "conclusion"
    if kind and kind not in _PARTS:
        return kind
    if parent:
        return parent
    if previous in ("conclusion", "back_matter", "references"):
        return "back_matter"
    return previous if previous in ("case_report", "methods", "results", "discussion") else "other"
