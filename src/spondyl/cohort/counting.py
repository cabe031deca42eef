"""Equal rows of a large table counted by one number each: the columns' values are the digits of a cell's number.

The expressions are Narwhals', so that the engine which reads the table can be another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod
from typing import Any, Literal

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.columns import Column, Frame
from spondyl.record import UsageError

__all__ = ["CHAIN", "MOST_TEXTS", "Digit", "cells", "digits_of", "kind_of", "numbered"]

CELLS = 4_000_000
WIDEST = 65_536
FETCHED = 50_000_000
CHUNK = 1_000_000
CHAIN = 40
MOST_TEXTS = 65_000
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


def kind_of(native: str) -> Literal["whole", "number", "truth", "moment", "text"]:
    """What a column of the engine's type holds; what is nothing else is shown as text.

    Args:
        native: The type as DuckDB names it.

    Example:
        >>> [kind_of(t) for t in ("BIGINT", "DECIMAL(9,2)", "TIMESTAMP_NS", "UUID")]
        ['whole', 'number', 'moment', 'text']
    """
    if native in WHOLE:
        return "whole"
    if native.startswith(("HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL")):
        return "number"
    if native == "BOOLEAN":
        return "truth"
    return "moment" if native == "DATE" or native.startswith("TIMESTAMP") else "text"


@dataclass(frozen=True)
class Digit:
    """A column of few values as a digit.

    Args:
        name: Its name.
        low: The value that is digit 0.
        size: How many values there are.
        levels: The texts in the order of their digits; empty for numbers.
        gap: Whether one more digit stands for missing values.
        text: Whether the levels are the column's own texts, not names of truth values.
    """

    name: str
    low: int
    size: int
    levels: tuple[str, ...] = ()
    gap: bool = True
    text: bool = False

    @property
    def width(self) -> int:
        """How many digits there are."""
        return self.size + self.gap

    @property
    def expression(self) -> nw.Expr:
        """The digit of each row."""
        if not self.text:
            plain = (nw.col(self.name) - self.low if self.low else nw.col(self.name)).cast(nw.Int32)
            return plain.fill_null(self.size) if self.gap else plain
        text, out = nw.col(self.name).cast(nw.String), nw.lit(self.size if self.gap else self.size - 1)
        for code, level in reversed(list(enumerate(self.levels if self.gap else self.levels[:-1]))):
            out = nw.when(text == level).then(nw.lit(code)).otherwise(out)
        return out

    def column(self, digits: NDArray[Any]) -> Column:
        """The column of some digits."""
        values = digits if self.levels else digits + self.low
        if (digits == self.size).any():
            values = np.where(digits == self.size, np.nan, values.astype(np.float64))
        return Column(self.name, values, self.levels)


def digits_of(relation: Any, names: Sequence[str], types: Mapping[str, str]) -> dict[str, Digit]:
    """The columns that hold whole numbers, truth values or few texts, as digits.

    Args:
        relation: The table.
        names: The columns.
        types: Their types.

    Raises:
        UsageError: A text column has too many values.
    """
    lazy = nw.from_native(relation)
    kinds = {n: kind_of(types[n]) for n in names}
    whole = [n for n in names if kinds[n] in ("whole", "truth")]
    out: dict[str, Digit] = {}
    if whole:
        asked = [part for k, n in enumerate(whole) for part in _bounds(nw.col(n), k)]
        found = lazy.select(nw.len().alias("n"), *asked).to_native().fetchall()[0]
        for k, name in enumerate(whole):
            low, high, there = found[1 + 3 * k : 4 + 3 * k]
            if low is not None and high - low < WIDEST:
                truth = kinds[name] == "truth"
                size = 2 if truth else int(high - low) + 1
                levels: tuple[str, ...] = ("no", "yes") if truth else ()
                out[name] = Digit(name, 0 if truth else int(low), size, levels, there < found[0])
    for name in names:
        if kinds[name] == "text":
            texts, gap = _texts(lazy, name)
            out[name] = Digit(name, 0, len(texts), texts, gap or not texts, True)
    return out


def _bounds(column: nw.Expr, k: int) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    return column.min().alias(f"low{k}"), column.max().alias(f"high{k}"), column.count().alias(f"there{k}")


def _texts(lazy: nw.LazyFrame[Any], name: str) -> tuple[tuple[str, ...], bool]:
    """The texts in order, and whether there are gaps."""
    each = lazy.select(nw.col(name).cast(nw.String)).group_by(name).agg(nw.len().alias("_patients"))
    rows = each.head(MOST_TEXTS + 2).to_native().fetchall()
    found = [text for text, _ in rows if text is not None]
    if len(found) > MOST_TEXTS:
        raise UsageError(
            f"{name} has more than {MOST_TEXTS} different values, too many for categories; leave it out or "
            "group it first"
        )
    return tuple(sorted(found)), len(found) < len(rows)


def numbered(digits: Sequence[Digit]) -> nw.Expr:
    """The number of each row's cell.

    Args:
        digits: The columns, the first being the most significant.
    """
    return reduce(lambda key, d: key * d.width + d.expression, digits[1:], digits[0].expression)


def cells(relation: Any, digits: Mapping[str, Digit], names: Sequence[str], rows: int) -> Frame | None:
    """The rows counted, or `None` where their cells are too many or a text has too many values.

    Args:
        relation: The table.
        digits: Its columns as digits.
        names: The columns wanted.
        rows: How many rows it has.
    """
    mine = [digits[n] for n in names if n in digits]
    size = prod(d.width for d in mine)
    if len(mine) < len(names) or 2 * size > min(2 * CELLS, rows) or any(len(d.levels) > CHAIN for d in mine):
        return None
    key = numbered(mine).cast(nw.UInt16 if size <= WIDEST else nw.Int32).alias("_cell")
    lazy = nw.from_native(relation).select(key)
    count = _counted(lazy, size, rows)
    there = np.flatnonzero(count)
    rest, columns = there, {}
    for digit in reversed(mine):
        rest, at = np.divmod(rest, digit.width)
        columns[digit.name] = digit.column(at)
    return Frame(columns, count[there].astype(np.float64))


def _counted(lazy: nw.LazyFrame[Any], size: int, rows: int) -> NDArray[np.int64]:
    """How many rows each cell has; numbers that fit into memory are counted here, which is faster."""
    count = np.zeros(size, np.int64)
    if rows > FETCHED:
        grouped = lazy.group_by("_cell").agg(nw.len().alias("_patients")).to_native().fetchnumpy()
        count[grouped["_cell"]] = grouped["_patients"]
        return count
    fetched = lazy.to_native().fetchnumpy()["_cell"]
    for first in range(0, len(fetched), CHUNK):
        count += np.bincount(fetched[first : first + CHUNK], minlength=size)
    return count
