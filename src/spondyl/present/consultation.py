"""The patient's page as it is drawn: parts of lines, every line with what it rests on; nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from spondyl.present.survival import Picture

__all__ = ["Basis", "Consultation", "Grid", "Line", "Part", "every_line"]

BasisKind = Literal["words", "given", "rule", "source", "score", "case", "statement", "computed"]
Tone = Literal["", "urgent", "warning", "for", "against", "unknown", "missing"]


@dataclass(frozen=True)
class Basis:
    """What a line rests on.

    Args:
        kind: "words" of the patient's record, "given" by hand without words, a "rule" of ours, a published
            "source", a "score" sheet, a "case" or a "statement" that was read, or "computed" from what is named.
        text: The words themselves, the citation, or the rule's name and what it says.
        place: Where they stand: a file with its offsets, a DOI or PMID, a rule's file and id.
        url: An address to follow, or "".
        level: The level of evidence, where the source states or the rule names one.
        date: The year of the source.
    """

    kind: BasisKind
    text: str
    place: str = ""
    url: str = ""
    level: str = ""
    date: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The basis as it stands in JSON; what is empty is left out."""
        return {k: v for k, v in vars(self).items() if v}


@dataclass(frozen=True)
class Line:
    """One sentence or cell of the page.

    Args:
        text: The words. They are plain text, whatever they hold.
        bases: What they rest on; never empty where the words say something of medicine or of the patient.
        tone: How it is to be seen.
        more: Lines below it.
        key: A name for machines, unique within its part, or "".
        value: The same for machines: a number, a text, a list, or a dictionary; None where there is none.
    """

    text: str
    bases: tuple[Basis, ...] = ()
    tone: Tone = ""
    more: tuple[Line, ...] = ()
    key: str = ""
    value: Any = None

    def as_dict(self) -> dict[str, Any]:
        """The line as it stands in JSON."""
        plain = {"key": self.key, "text": self.text, "tone": self.tone, "value": self.value}
        out = {k: v for k, v in plain.items() if v not in ("", None)}
        if self.bases:
            out["basis"] = [b.as_dict() for b in self.bases]
        if self.more:
            out["more"] = [m.as_dict() for m in self.more]
        return out


@dataclass(frozen=True)
class Grid:
    """A table whose cells are lines.

    Args:
        name: Its name for files and machines.
        title: Its caption.
        head: The titles of its columns.
        rows: Its rows; each cell is a line, and a row rests on the bases of its cells.
        notes: What stands below it.
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    notes: tuple[Line, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The table as it stands in JSON."""
        return {
            "name": self.name, "title": self.title, "head": list(self.head),
            "rows": [[cell.as_dict() for cell in row] for row in self.rows],
            "notes": [n.as_dict() for n in self.notes],
        }  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of the page.

    Args:
        key: Its name for machines: "patient", "flags", "scores", "differential", "alike", "outcomes",
            "management", "team", "care".
        title: Its heading.
        lines: Its lines, the most urgent first.
        grids: Its tables, below the lines.
        pictures: Its drawings, with captions.
        empty: What is said where it has nothing: that nothing was found, and why.
        lead: A sentence of guidance under the heading; it says how to read the part, nothing of medicine.
    """

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    grids: tuple[Grid, ...] = ()
    pictures: tuple[Picture, ...] = ()
    empty: str = ""
    lead: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The part as it stands in JSON; drawings by name and caption alone."""
        return {
            "key": self.key, "title": self.title, "lead": self.lead,
            "lines": [line.as_dict() for line in self.lines], "tables": [g.as_dict() for g in self.grids],
            "pictures": [{"name": p.name, "title": p.title} for p in self.pictures],
            "empty": self.empty if not (self.lines or self.grids) else "",
        }  # fmt: skip


@dataclass(frozen=True)
class Consultation:
    """The whole page.

    Args:
        title: Its heading: the patient in a line.
        parts: Its parts in order.
        disclaimer: What this page is and is not.
        basis: What was read and used: sources, sheets and rules with their versions.
        version: The version of Spondyl that wrote it.
    """

    title: str
    parts: tuple[Part, ...]
    disclaimer: str
    basis: tuple[Line, ...]
    version: str

    def part(self, key: str) -> Part | None:
        """The part of that name."""
        return next((p for p in self.parts if p.key == key), None)

    def as_dict(self) -> dict[str, Any]:
        """The page as it stands in JSON."""
        return {
            "title": self.title, "disclaimer": self.disclaimer, "version": self.version,
            "parts": [p.as_dict() for p in self.parts], "basis": [b.as_dict() for b in self.basis],
        }  # fmt: skip


def every_line(page: Consultation) -> Iterator[tuple[Part | None, Line]]:
    """All lines of a page with the part they stand in: lines, cells, notes, and what is below them."""
    for part in page.parts:
        cells = (cell for grid in part.grids for row in (*grid.rows, grid.notes) for cell in row)
        for line in (*part.lines, *cells):
            yield from ((part, one) for one in _with_more(line))
    for line in page.basis:
        yield from ((None, one) for one in _with_more(line))


def _with_more(line: Line) -> Iterator[Line]:
    yield line
    for below in line.more:
        yield from _with_more(below)
