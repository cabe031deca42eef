"""Statements in tables: what a column and a row head say of the numbers in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.extract.series.columns import SHARED, Column, Whole, clean, column_of, fold, whole_of
from spondyl.extract.series.grammar import INTERVAL, explains
from spondyl.extract.series.rows import Row
from spondyl.record import Cell, Paper, Statement, Table

__all__ = ["tabled"]

_RANGE_AFTER = re.compile(rf"^,?\s?{INTERVAL}$")


def tabled(paper: Paper, table: Table, default: Whole) -> Iterator[Statement]:
    """The statements of a table whose rows are characteristics, groups or factors.

    Args:
        paper: The paper.
        table: One of its tables.
        default: The paper's main group, for a table that names none.

    Yields:
        Statements with the group of the caption, the head or the row.
    """
    rows = table.grid()
    if not rows or len(rows[0]) < 2:
        return
    heads = [r for r in rows if any(c is not None and c.head for c in r)]
    body = [r for r in rows if not any(c is not None and c.head for c in r)]
    whole = whole_of(paper, table, default)
    columns = [column_of(paper, heads, j, whole) for j in range(len(rows[0]))]
    size = next((j for j, c in enumerate(columns) if j and c.role == "n"), None)
    for part in _sections(body, columns):
        found = [
            s
            for row in part.rows
            for s in Row(paper, table, columns, row, part.name, whole, size).statements()
        ]
        yield from _of_sum(found) if part.name else found


class _Section(NamedTuple):
    """Rows of a table under one heading row ("" for none)."""

    name: str
    marked: bool
    rows: list[list[Cell | None]]


def _sections(body: list[list[Cell | None]], columns: list[Column]) -> Iterator[_Section]:
    """The rows by section; one ends where its counts make up the whole, or at a row with its own footnote."""
    part = _Section("", False, [])
    total = 0
    for row in body:
        label = row[0]
        filled = [c for c in row[1:] if c is not None and c.text.strip()]
        if label is None:
            continue
        marked = _MARK.search(label.text) is not None
        if not filled:
            yield part
            part, total = _Section(clean(label.text), marked, []), 0
            continue
        if part.name and part.marked and marked:
            yield part
            part = _Section("", False, [])
        part.rows.append(row)
        shared = SHARED.match(fold(filled[0].text))
        total += int((shared["n"] if shared else "0").replace(",", ""))
        if part.name and total in {c.whole.n for c in columns if c.whole}:
            yield part
            part, total = _Section("", False, []), 0
    yield part


_MARK = re.compile(r"<sup>|[†‡§¶*]\s*$")


def _of_sum(found: list[Statement]) -> Iterator[Statement]:
    """Counts of a section whose shares are shares of the section's sum rather than of the whole."""
    shares = [s for s in found if s.quantity == "count" and s.n is not None and s.printed]
    total = sum(s.n or 0 for s in shares)
    fits = (
        len(shares) > 1
        and len(shares) == len(found)
        and all(explains(s.n or 0, total, s.printed or "") for s in shares)
    )
    whole = all(s.denominator and explains(s.n or 0, s.denominator, s.printed or "") for s in shares)
    for s in found:
        yield s.model_copy(update={"denominator": total, "quotes": s.quotes[:1]}) if fits and not whole else s
