"""Cases counted by one field or two; small counts are hidden, and with them those that would give them away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spondyl.record import LIST_FIELDS, UsageError
from spondyl.registry.asking import Entry

__all__ = ["EMPTY", "TOTAL", "Counts", "counted"]

EMPTY, TOTAL = "(not recorded)", "total"
Cell = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """A table of counts.

    Args:
        fields: What was counted: by row, and by column where there are two.
        rows, columns: The values, the total last.
        cells: Row and column → count; `None` where it is hidden.
        smallest: The least count that is told, but 0.
    """

    fields: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Cell, int | None]
    smallest: int

    @property
    def hidden(self) -> int:
        """How many counts are hidden."""
        return sum(count is None for count in self.cells.values())


def counted(entries: Sequence[Entry], fields: Sequence[str], smallest: int = 1) -> Counts:
    """Count cases by the values they hold.

    Args:
        entries: The cases.
        fields: One field, or two; a case that holds several values is counted once for each, but once in a total.
        smallest: Counts below it, but 0, are hidden, and as many others as are needed so that no hidden count can be
            worked out from the totals of its row and column.

    Returns:
        The table with its totals. A total of a field whose cases can hold several values is no sum of the row, so
        nothing can be worked out from it; it is hidden where it is small itself.

    Raises:
        UsageError: Numbers that differ from case to case are no classes.

    Example:
        >>> from spondyl.record import Case, Claim
        >>> said = [Claim(field="sex", value="female" if n < 9 else "male", quotes=()) for n in range(12)]
        >>> cases = [Entry(n, "p", 1, Case(case=n, label="", claims=(one,))) for n, one in enumerate(said)]
        >>> found = counted(cases, ["sex"], 5)
        >>> [found.cells[row, "n"] for row in found.rows]
        [None, None, 12]
    """
    whole = tuple(fields)
    values = [tuple(_values(entry, name) for name in whole) for entry in entries]
    rows = sorted({v for held in values for v in held[0]})
    columns = sorted({v for held in values for v in held[1]}) if len(whole) == 2 else ["n"]
    if len(rows) * len(columns) > 10_000:
        raise UsageError(
            f"{len(rows)} × {len(columns)} classes are no table; count by fields with fewer values"
        )
    cells = _tally(values, len(whole) == 2)
    for row in (*rows, TOTAL):
        for column in (*columns, TOTAL) if len(whole) == 2 else columns:
            cells.setdefault((row, column), 0)
    sums = not any(name in LIST_FIELDS for name in whole)
    hidden = _hidden(cells, rows, columns, smallest, sums)
    heads = (*columns, TOTAL) if len(whole) == 2 else tuple(columns)
    told = {cell: None if cell in hidden else count for cell, count in sorted(cells.items())}
    return Counts(whole, (*rows, TOTAL), heads, told, smallest)


def _values(entry: Entry, name: str) -> tuple[str, ...]:
    held = dict.fromkeys(str(c.value) for c in entry.case.of(name))
    return tuple(held) or (EMPTY,)


def _tally(values: Sequence[tuple[tuple[str, ...], ...]], two: bool) -> Counter[Cell]:
    out: Counter[Cell] = Counter()
    for held in values:
        columns = held[1] if two else ("n",)
        out.update((row, column) for row in (*held[0], TOTAL) for column in columns)
        out.update((row, TOTAL) for row in (*held[0], TOTAL) if two)
    return out


def _hidden(
    cells: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str], smallest: int, sums: bool
) -> set[Cell]:
    """Small counts, and then, one at a time, the smallest of the others until no hidden one can be worked out."""
    hidden = {cell for cell, count in cells.items() if 0 < count < smallest}
    lines, two = _lines(rows, columns), list(columns) != ["n"]
    while sums and hidden:
        open_ = [line for line in lines if _few(line, cells, hidden, smallest)]
        if not open_ and two:
            bridges = set(_bridges(hidden))
            open_ = [line for line in lines if not bridges.isdisjoint(line)]
        more = [m for line in open_ if (m := _next(line, cells, hidden))]
        if not more:
            break
        hidden.add(min(more, key=lambda cell: _order(cell, cells)))
    return hidden


def _order(cell: Cell, cells: Mapping[Cell, int]) -> tuple[object, ...]:
    """Which count is hidden first for the sake of another: an empty class after all others, a total before that."""
    return cells[cell] == 0, cell.count(TOTAL), cells[cell], cell


def _lines(rows: Sequence[str], columns: Sequence[str]) -> list[list[Cell]]:
    """The cells whose last is the sum of the others."""
    two = list(columns) != ["n"]
    heads = [*columns, TOTAL] if two else list(columns)
    out = [[(row, column) for row in (*rows, TOTAL)] for column in heads]
    return out + ([[(row, column) for column in heads] for row in (*rows, TOTAL)] if two else [])


def _few(line: Sequence[Cell], cells: Mapping[Cell, int], hidden: set[Cell], smallest: int) -> bool:
    """Whether one count alone is hidden in a line, or parts that are few together: their sum can be worked out."""
    inside = [cell for cell in line if cell in hidden]
    if len(inside) == 1:
        return True
    return bool(inside) and line[-1] not in hidden and sum(cells[cell] for cell in inside) < smallest


def _bridges(hidden: set[Cell]) -> list[Cell]:
    """Hidden counts that follow from the sums of rows and columns, however they are arranged.

    Rows and columns are the points of a graph, hidden counts its lines; a count is determined if and only if its line
    lies on no circle.
    """
    of: dict[tuple[int, str], list[tuple[tuple[int, str], Cell]]] = {}
    for cell in sorted(hidden):
        one, two = (0, cell[0]), (1, cell[1])
        of.setdefault(one, []).append((two, cell))
        of.setdefault(two, []).append((one, cell))
    return [cell for cell in sorted(hidden) if not _round(of, cell)]


def _round(of: Mapping[tuple[int, str], list[tuple[tuple[int, str], Cell]]], cell: Cell) -> bool:
    """Whether there is another way from a cell's row to its column."""
    begun, wanted = (0, cell[0]), (1, cell[1])
    seen, ahead = {begun}, [begun]
    while ahead:
        for point, through in of[ahead.pop()]:
            if through != cell and point not in seen:
                if point == wanted:
                    return True
                seen.add(point)
                ahead.append(point)
    return False


def _next(line: Sequence[Cell], cells: Mapping[Cell, int], hidden: set[Cell]) -> Cell | None:
    """The count of a line that is hidden next, if one is still told."""
    told = [cell for cell in line if cell not in hidden]
    return min(told, key=lambda cell: _order(cell, cells), default=None)
