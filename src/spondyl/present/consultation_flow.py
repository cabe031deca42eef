"""The patient's page as a row of blocks: what Word, PDF and plain text are written from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spondyl.present.consultation import Basis, Consultation, Grid, Line, Part, Tone
from spondyl.present.consultation_page import KINDS, numbered, runs
from spondyl.present.survival import Picture

__all__ = ["Block", "Heading", "Table", "Words", "basis_words", "flow"]


@dataclass(frozen=True)
class Heading:
    """A heading; the title of the page is of level 1."""

    text: str
    level: int


@dataclass(frozen=True)
class Words:
    """A paragraph or a cell.

    Args:
        text: The words.
        refs: The numbers of what it rests on, in print ("3–5, 9").
        tone: How it is to be seen; "quiet" for guidance.
        depth: How far it is indented.
    """

    text: str
    refs: str = ""
    tone: Tone | str = ""
    depth: int = 0


@dataclass(frozen=True)
class Table:
    """A table; below a row may stand what belongs to it.

    Args:
        title: Its caption.
        head: The titles of its columns; empty for none.
        rows: Its cells.
        below: Row number → what stands below that row.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]
    below: dict[int, tuple[Words, ...]]


Block = Heading | Words | Table | Picture


def flow(page: Consultation) -> Iterator[Block]:
    """A page as blocks, the basis with its numbers at the end.

    Args:
        page: The page.
    """
    bases = numbered(page)
    place = {b: n for n, b in enumerate(bases, 1)}
    yield Heading(page.title, 1)
    yield Words(page.disclaimer, tone="quiet")
    for part in page.parts:
        yield from _part(part, place)
    yield Heading("Basis", 2)
    for line in page.basis:
        yield from _lines(line, place, 0)
    yield from (Words(f"{n}. {basis_words(b)}", tone="basis") for n, b in enumerate(bases, 1))
    yield Words(page.disclaimer, tone="quiet")
    yield Words(f"Written by Spondyl {page.version}.", tone="quiet")


def _part(part: Part, place: dict[Basis, int]) -> Iterator[Block]:
    yield Heading(part.title, 2)
    if part.lead:
        yield Words(part.lead, tone="quiet")
    if not part.lines and not part.grids and part.empty:
        yield Words(part.empty, tone="quiet")
    for line in part.lines:
        yield from _lines(line, place, 0)
    for grid in part.grids:
        yield _table(grid, place)
        for note in grid.notes:
            yield from _lines(note, place, 0)
    yield from part.pictures


def _lines(line: Line, place: dict[Basis, int], depth: int) -> Iterator[Words]:
    yield _words(line, place, depth)
    for below in line.more:
        yield from _lines(below, place, depth + 1)


def _words(line: Line, place: dict[Basis, int], depth: int = 0, but: Sequence[Line] = ()) -> Words:
    left = {place[b] for b in line.bases} - {place[b] for cell in but for b in cell.bases}
    refs = ", ".join(f"{a}–{z}" if z > a else f"{a}" for a, z in runs(left))
    return Words(line.text, refs, line.tone, depth)


def _table(grid: Grid, place: dict[Basis, int]) -> Table:
    rows = tuple(tuple(_words(c, place, 0, row[:k]) for k, c in enumerate(row)) for row in grid.rows)
    below = {
        n: tuple(w for cell in row for line in cell.more for w in _lines(line, place, 1))
        for n, row in enumerate(grid.rows)
        if any(cell.more for cell in row)
    }
    head = grid.head if any(grid.head[:1]) else ()
    return Table(grid.title, head, rows, below)


def basis_words(basis: Basis) -> str:
    """A basis in a line.

    Args:
        basis: The basis.

    Example:
        >>> basis_words(Basis("words", "63-year-old", "vignette 2–13"))
        'record: “63-year-old” · vignette 2–13'
    """
    text = " ".join(basis.text.split())
    said = f"“{text}”" if basis.kind == "words" else text
    address = "" if basis.url in basis.place or basis.place.startswith(("doi:", "PMID")) else basis.url
    return " · ".join(filter(None, [f"{KINDS[basis.kind]}: {said}", basis.level, basis.place, address]))
