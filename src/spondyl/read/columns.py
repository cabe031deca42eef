"""Rows of pieces → cells in columns."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from spondyl.record import Cell, Table

__all__ = ["Found", "Piece", "Row", "assigned", "column_extents", "laid_out"]

Piece = tuple[int, int]
Row = list[Piece]
_MOST_COLUMNS = 60
_MOST_ROWS = 2000
_WIDEST = 2000


class Found(NamedTuple):
    """A table as it stands in the lines: from line `first` to before line `last`."""

    first: int
    last: int
    table: Table
    captioned: bool


def laid_out(text: str, rows: list[Row]) -> tuple[Cell, ...]:
    """Cells from the rows of a table.

    Args:
        text: The text the pieces stand in.
        rows: Pieces (start, end) of each row; rows cut by tabs or pipes have empty pieces for empty cells.

    Returns:
        Cells in order (of the first 2000 rows), empty ones left out; `head` is set in a
        first row that names the columns.
    """
    rows = rows[:_MOST_ROWS]
    exact = any(s == e for r in rows for s, e in r) or _separated(text, rows)
    placed = _as_cut(rows) if exact else _aligned(text, rows)
    cells: list[Cell] = []
    head = _heads(text, placed)
    for number, row in enumerate(placed):
        for column, start, end, span in row:
            start, end = _unmarked(text, start, end)
            if end > start:
                cells.append(
                    Cell(row=number, column=column, text=text[start:end], start=start, end=end, columns=span,
                         head=head and number == 0)
                )  # fmt: skip
    return tuple(cells)


def _separated(text: str, rows: list[Row]) -> bool:
    """Whether the rows were cut at tabs or pipes, so that the order of pieces is the order of columns."""
    for row in rows:
        for (_, end), (start, _) in pairwise(row):
            gap = text[end:start]
            if "|" in gap or "\t" in gap:
                return True
    return False


_Placed = list[tuple[int, int, int, int]]


def _as_cut(rows: list[Row]) -> list[_Placed]:
    return [[(k, s, e, 1) for k, (s, e) in enumerate(row[:_MOST_COLUMNS])] for row in rows]


def _heads(text: str, rows: list[_Placed]) -> bool:
    if not rows or len(rows) < 2:
        return False
    cells = [text[s:e] for _, s, e, _ in rows[0] if e > s]
    if not cells or (cells[0][0].isdigit() and rows[0][0][0] == 0):
        return False
    return sum(c[0].isdigit() for c in cells) * 2 <= len(cells)


def _unmarked(text: str, start: int, end: int) -> Piece:
    for mark in ("**", "__", "*"):
        size = len(mark)
        if end - start > 2 * size and text.startswith(mark, start) and text.endswith(mark, start, end):
            return start + size, end - size
    return start, end


def _aligned(text: str, rows: list[Row]) -> list[_Placed]:
    """Columns from where pieces stand in their lines."""
    origins = [text.rfind("\n", 0, row[0][0]) + 1 for row in rows]
    starts = column_extents([[(s - o, e - o) for s, e in r] for r, o in zip(rows, origins, strict=True)])
    out: list[_Placed] = []
    for row, origin in zip(rows, origins, strict=True):
        pieces = _split_at(text, row, origin, starts)
        out.append(assigned(pieces, origin, starts))
    return out


def column_extents(rows: list[Row]) -> list[Piece]:
    """Columns as (left, right) extents: between gaps that nearly all rows leave, else the fullest row."""
    many = [r for r in rows if len(r) > 1]
    if not many:
        return []
    origin = min(s for r in many for s, _ in r)
    width = max(e for r in many for _, e in r) - origin
    if width > _WIDEST:
        return []
    filled = [0] * (width + 2)
    for row in many:
        for s, e in row:
            filled[s - origin] += 1
            filled[e - origin] -= 1
    columns: list[Piece] = []
    depth, left, allowed = 0, -1, len(many) // 12
    for x in range(width + 1):
        depth += filled[x]
        if depth > allowed and left < 0:
            left = x
        elif depth <= allowed and left >= 0:
            columns.append((left + origin, x + origin))
            left = -1
    typical = sorted(len(r) for r in many)[len(many) // 2]
    if len(columns) >= typical:
        return columns
    return max(many, key=len)


def _split_at(text: str, row: Row, origin: int, columns: list[Piece]) -> Row:
    """A piece that runs over the beginning of an empty column is two cells a single space apart."""
    if len(row) < 2 or len(row) >= len(columns):
        return row
    out: Row = []
    for k, (start, end) in enumerate(row):
        limit = row[k + 1][0] if k + 1 < len(row) else end + 1
        for left, _ in columns:
            at = (
                next((a for a in (left, left + 1, left - 1, left + 2) if _word_at(text, a + origin)), left)
                + origin
            )
            if start < at < end and _word_at(text, at) and at < limit:
                out.append((start, at - 1))
                start = at
        out.append((start, end))
    return out


def _word_at(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1] == " " and text[at] != " "


def assigned(row: Row, origin: int, columns: list[Piece]) -> _Placed:
    out: _Placed = []
    least = 0
    for start, end in row:
        s, e = start - origin, end - origin
        best = max(
            range(least, len(columns)),
            key=lambda k: (_overlap(s, e, columns[k]), -abs(columns[k][0] - s)),
            default=least,
        )
        column = best if columns and len(row) > 1 else _nearest(s, columns)
        column = max(column, least)
        out.append((column, start, end, 1))
        least = column + 1
    return out


def _overlap(start: int, end: int, column: Piece) -> int:
    return max(0, min(end, column[1]) - max(start, column[0]))


def _nearest(start: int, columns: list[Piece]) -> int:
    return max((k for k, c in enumerate(columns) if c[0] <= start), default=0)
