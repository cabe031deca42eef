"""A paper: one canonical text, and where its parts stand in it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from spondyl.record.errors import RecordError

SectionKind = Literal[
    "title", "abstract", "introduction", "case_report", "methods", "results", "discussion", "conclusion",
    "table", "figure_caption", "references", "front_matter", "back_matter", "running_head", "other",
]  # fmt: skip


class Quote(BaseModel):
    """Words of a paper with their place: `paper.text[start:end] == text`, always.

    Args:
        paper: The paper's id.
        start: Offset of the first character, in Unicode code points of the canonical text.
        end: Offset after the last character.
        text: The words themselves.
    """

    model_config = ConfigDict(frozen=True)
    paper: str
    start: int
    end: int
    text: str


class Section(BaseModel):
    """A stretch of the canonical text with its kind; sections do not overlap and stand in order."""

    model_config = ConfigDict(frozen=True)
    kind: SectionKind
    title: str
    start: int
    end: int


class Cell(BaseModel):
    """One cell of a paper's table, with its place in the canonical text.

    `row` and `column` count from 0 in the expanded grid; a spanning cell stands once, at its first place.
    """

    model_config = ConfigDict(frozen=True)
    row: int
    column: int
    text: str
    start: int
    end: int
    rows: int = 1
    columns: int = 1
    head: bool = False


class Table(BaseModel):
    """A table of a paper as cells; `start` and `end` cover caption, cells and notes."""

    model_config = ConfigDict(frozen=True)
    label: str = ""
    caption: str = ""
    caption_start: int = 0
    caption_end: int = 0
    start: int
    end: int
    cells: tuple[Cell, ...] = ()

    def grid(self) -> list[list[Cell | None]]:
        """The cells as rows of equal length, a spanning cell at its first place, `None` where nothing stands."""
        height = max((c.row + c.rows for c in self.cells), default=0)
        width = max((c.column + c.columns for c in self.cells), default=0)
        rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            rows[cell.row][cell.column] = cell
        return rows


class Page(BaseModel):
    """Where a printed page stands in the canonical text."""

    model_config = ConfigDict(frozen=True)
    number: int
    start: int
    end: int


class Paper(BaseModel):
    """A paper as read: canonical text, sections and tables with offsets, metadata.

    Args:
        id: Stable name, from the file name and the sha256.
        source: The path as it was given.
        format: "text", "markdown", "pdf", "jats", "pubmed" or "html".
        text: Canonical text; for plain text the decoded file, unchanged.
        authors: Each as "Surname, Given names".
        sections, tables, pages: Places in `text`.
        duplicate_of: The id of the same paper read before, if any.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    source: str
    format: Literal["text", "markdown", "pdf", "jats", "pubmed", "html"] = "text"
    text: str
    sha256: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: str | None = None
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[Page, ...] = ()
    duplicate_of: str | None = None

    def quote(self, start: int, end: int) -> Quote:
        """The words between two offsets, as a quote.

        Raises:
            RecordError: The offsets are not a stretch of the text.

        Example:
            >>> Paper(id="p", source="p.txt", text="A lesion of C5.").quote(2, 8).text
            'lesion'
        """
        if not 0 <= start < end <= len(self.text):
            raise RecordError(
                f"{self.id}: no words at {start}..{end} in a text of {len(self.text)} characters"
            )
        return Quote(paper=self.id, start=start, end=end, text=self.text[start:end])

    def page_of(self, offset: int) -> int | None:
        """The printed page an offset stands on, where pages are known."""
        return next((p.number for p in self.pages if p.start <= offset < p.end), None)
