"""The covariates of a model where they are categories: codes with small tables instead of columns of zeros and ones.

Columns whose levels together make up to a thousand cells become one code. What a term looks like is worked out on the
cells that occur, by the same `design` that works on rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.columns import Column, Frame
from spondyl.cohort.packed import Packed, dense
from spondyl.cohort.tally import tally
from spondyl.cohort.terms import Design, Level, columns_of, design

__all__ = ["covariates"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CELLS = 1_024
FEWEST = 4_000
WIDEST = 400


@dataclass(frozen=True)
class _Digit:
    """A column as small integers, and which value each stands for."""

    column: Column
    codes: NDArray[np.int16]
    values: Floats


def covariates(
    frame: Frame, terms: Sequence[str], refs: Mapping[str, str], event: Floats, rowwise: bool = False
) -> Design:
    """The covariates of a model, as codes where all are categories and rows are many.

    Args:
        frame: The columns, without missing values.
        terms: The terms.
        refs: Reference levels by column.
        event: 1 for the event, n numbers.
        rowwise: Whether a matrix is needed whatever the size.

    Raises:
        UsageError: A term cannot be read, or a reference is no level of its column.
    """
    groups = None if rowwise or len(event) < FEWEST else _groups(frame, terms)
    if groups is None:
        return design(frame, terms, refs, event)
    parts = [_packed(frame, digits, mine, refs, event) for digits, mine in groups]
    x = Packed(tuple(code for _, code in parts), tuple(dense(made.x) for made, _ in parts))
    return _joined([made for made, _ in parts], terms, x)


def _groups(frame: Frame, terms: Sequence[str]) -> list[tuple[dict[str, _Digit], list[str]]] | None:
    """Neighbouring terms whose columns have few cells together; `None` where a column has too many values."""
    names = list(dict.fromkeys(name for term in terms for name in columns_of(term)))
    digits: dict[str, _Digit] = {}
    for name in names:
        if (digit := _digit(frame[name])) is None:
            return None
        digits[name] = digit
    out: list[tuple[dict[str, _Digit], list[str]]] = []
    for term in terms:
        mine = {name: digits[name] for name in columns_of(term)}
        if out and _cells(joined := out[-1][0] | mine) <= CELLS:
            out[-1] = (joined, [*out[-1][1], term])
        elif _cells(mine) <= CELLS:
            out.append((mine, [term]))
        else:
            return None
    return out


def _cells(digits: Mapping[str, _Digit]) -> int:
    return int(np.prod([len(d.values) for d in digits.values()], dtype=np.float64))


def _digit(column: Column) -> _Digit | None:
    values = column.values
    if column.levels:
        if len(column.levels) > WIDEST:
            return None
        return _Digit(column, values.astype(np.int16), np.arange(float(len(column.levels))))
    low, high = float(values.min()), float(values.max())
    if high - low < WIDEST:
        codes = (values - values.min()).astype(np.int16)
        if values.dtype.kind in "iu" or (codes + low == values).all():
            return _Digit(column, codes, np.arange(low, high + 1))
    if len(np.unique(values[:FEWEST])) > WIDEST:
        return None
    found, codes = np.unique(values, return_inverse=True)
    return _Digit(column, codes.astype(np.int16), found) if len(found) <= WIDEST else None


def _packed(
    frame: Frame, digits: Mapping[str, _Digit], terms: Sequence[str], refs: Mapping[str, str], event: Floats
) -> tuple[Design, Ints]:
    """The design of some terms on the cells that occur, with the cell of each row."""
    code = np.zeros(len(event), np.int16)
    for digit in digits.values():
        code = code * np.int16(len(digit.values)) + digit.codes
    size = _cells(digits)
    whole = code.astype(np.int64)
    count, died = tally(whole, frame.count, size), tally(whole, frame.count * event, size)
    there = np.flatnonzero(count)
    rest, columns = there, {}
    for name, digit in reversed(list(digits.items())):
        rest, at = np.divmod(rest, len(digit.values))
        columns[name] = replace(digit.column, values=digit.values[at])
    made = design(Frame(columns, count[there]), terms, refs, died[there] / count[there])
    place = np.zeros(size, np.int64)
    place[there] = np.arange(len(there))
    return made, place.take(whole)


def _joined(parts: Sequence[Design], terms: Sequence[str], x: Packed) -> Design:
    names: list[str] = []
    assign: list[int] = []
    levels: list[Level] = []
    done = 0
    for made in parts:
        shift = len(names)
        levels += [one if one.index is None else replace(one, index=one.index + shift) for one in made.levels]
        names += made.names
        assign += [a + done for a in made.assign]
        done += len(made.terms)
    return Design(x, tuple(names), tuple(assign), tuple(terms), tuple(levels))
