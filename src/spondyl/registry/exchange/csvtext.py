"""CSV files whose every cell has its place in the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spondyl.record import Paper, Quote, ReadError
from spondyl.registry.exchange.claims import version_name
from spondyl.registry.exchange.jsontext import Key

__all__ = ["Cell", "Row", "Sheet", "cells", "sheet"]

_CELL = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')
_LARGEST = 64 * 2**20


@dataclass(frozen=True)
class Cell:
    """What a cell holds, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its name in the registry, its text, its head, and its rows as long as the head."""

    paper: Paper
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def named(self, number: int) -> Row:
        """A row whose cells are asked for by their column."""
        return Row(self.paper, dict(zip(self.head, self.rows[number], strict=True)))


@dataclass(frozen=True)
class Row:
    """A row of a sheet: column → cell."""

    paper: Paper
    cells: dict[str, Cell]

    @property
    def words(self) -> str:
        """The paper the words stand in: this very version of the file."""
        return version_name(self.paper.id, self.paper.sha256)

    def quote(self, way: Key) -> Quote:
        """The words in a column; of an empty cell, its comma or line end."""
        cell = self.cells[str(way[0])]
        found = self.paper.quote(cell.start, max(cell.end, cell.start + 1))
        return found.model_copy(update={"paper": self.words})


def cells(text: str) -> Iterator[list[Cell]]:
    r"""The rows of a CSV text.

    Args:
        text: The text; lines end with \n or \r\n, quotation marks within a cell are doubled.

    Raises:
        ValueError: A quotation mark stands where none may stand.

    Example:
        >>> [[c.text for c in row] for row in cells('a,"b,""c"\n1,\n')]
        [['a', 'b,"c'], ['1', '']]
    """
    at, row = 0, list[Cell]()
    while at < len(text):
        found = _CELL.match(text, at)
        assert found is not None
        quoted = found[1] is not None
        start, end = found.span(1) if quoted else found.span(2)
        row.append(Cell(text[start:end].replace('""', '"') if quoted else text[start:end], start, end))
        at = found.end()
        if text.startswith(",", at):
            at += 1
            if at == len(text):
                row.append(Cell("", at - 1, at))
            continue
        if at < len(text) and text[at] not in "\r\n":
            raise ValueError("a quotation mark in the middle of a cell")
        at += 2 if text.startswith("\r\n", at) else 1
        yield row
        row = []
    if row:
        yield row


def sheet(path: Path, name: str) -> Sheet:
    """A CSV file.

    Args:
        path: The file, UTF-8.
        name: What the registry calls it.

    Raises:
        ReadError: It cannot be read, is no CSV, or a row has another number of cells than the head.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ReadError(f"larger than {_LARGEST // 2**20} MB", str(path), "split it into several files")
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        body = text.removeprefix("\ufeff")
        if "\0" in text:
            raise ValueError("a character NUL")
        skipped = len(text) - len(body)
        found = [[Cell(c.text, c.start + skipped, c.end + skipped) for c in row] for row in cells(body)]
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), "name a CSV file") from None
    except ValueError as error:
        why = "no text in UTF-8" if isinstance(error, UnicodeDecodeError) else f"no CSV ({error})"
        raise ReadError(why, str(path), "save it as CSV UTF-8") from None
    head = tuple(c.text for c in found[0]) if found else ()
    if not head or len(set(head)) < len(head):
        raise ReadError("no head, or a column named twice", str(path), "give every column a name of its own")
    for number, row in enumerate(found[1:], 2):
        if len(row) != len(head):
            raise ReadError(f"{len(row)} cells, the head has {len(head)}", f"{path}:{number}", "mend the row")
    paper = Paper(id=name, source=path.name, text=text, sha256=hashlib.sha256(raw).hexdigest())
    return Sheet(paper, head, tuple(tuple(row) for row in found[1:]))
