"""Columns of a study table as numbers: a number is a number, a text is the code of its level."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.tally import factorized
from spondyl.record import UsageError

__all__ = ["MISSING", "Column", "Frame", "as_category", "column", "known"]

Floats = NDArray[np.float64]

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", ".", "-")
MOST_LEVELS = 200
LOOK = 10_000
EPOCH = np.datetime64("1970-01-01")


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        name: Its name.
        values: Numbers, codes of levels, or days since 1970; NaN where missing. Integers where none is missing and
            the source has them.
        levels: The levels of a text column, sorted; empty for numbers.
        date: Whether the numbers are days.
    """

    name: str
    values: NDArray[Any]
    levels: tuple[str, ...] = ()
    date: bool = False

    def take(self, rows: Any) -> Column:
        """The column with some of its rows."""
        return replace(self, values=self.values[rows])


@dataclass(frozen=True)
class Frame:
    """Columns of equal length, with how many patients each row stands for.

    Args:
        columns: The columns by name.
        count: Patients per row, n numbers.
    """

    columns: Mapping[str, Column]
    count: Floats

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def take(self, rows: Any) -> Frame:
        """The frame with some of its rows."""
        return Frame({k: c.take(rows) for k, c in self.columns.items()}, self.count[rows])

    def complete(self, names: Iterable[str]) -> tuple[Frame, int]:
        """The rows without a missing value in some columns, and how many patients were dropped."""
        fine = np.ones(len(self.count), bool)
        for name in names:
            fine &= ~np.isnan(self.columns[name].values)
        return (self, 0) if fine.all() else (self.take(fine), int(self.count[~fine].sum()))


def column(name: str, values: Any) -> Column:
    """A column from numbers, texts, dates or truth values.

    Args:
        name: Its name.
        values: An array, masked array or list.

    Example:
        >>> column("sex", ["f", "m", None, "f"]).levels
        ('f', 'm')
        >>> column("age", [63, None]).values.tolist()
        [63.0, nan]
    """
    masked = isinstance(values, np.ma.MaskedArray)
    mask: Any = np.broadcast_to(values.mask, values.shape) if masked else None
    array = np.asarray(values.data if masked else values)
    if array.dtype.kind in "SU":
        array = array.astype(object)
    if array.dtype.kind == "O":
        return _objects(name, array, mask)
    numbers = _as_days(array) if array.dtype.kind == "M" else np.asarray(array, np.float64)
    if mask is not None:
        numbers = np.where(mask, np.nan, numbers)
    if array.dtype.kind == "b":
        return Column(name, numbers, ("no", "yes"))
    return Column(name, numbers, (), array.dtype.kind == "M")


def _as_days(dates: NDArray[Any]) -> Floats:
    out: Floats = (dates - EPOCH) / np.timedelta64(1, "D")
    return out


def _objects(name: str, array: NDArray[Any], mask: NDArray[np.bool_] | None) -> Column:
    """Texts, dates or a mixture with gaps."""
    if set(map(type, array.tolist())) <= {str, NoneType}:
        return _texts(name, array.tolist(), mask)
    flat = [None if _gone(v) or (mask is not None and mask[i]) else v for i, v in enumerate(array.tolist())]
    kinds = {type(v) for v in flat if v is not None}
    if kinds == {bool}:
        return Column(name, np.array([np.nan if v is None else float(v) for v in flat]), ("no", "yes"))
    if kinds <= {int, float, bool}:
        return Column(name, np.array([np.nan if v is None else float(v) for v in flat]))
    if kinds <= {datetime.date, datetime.datetime}:
        return Column(name, np.array([np.nan if v is None else _days(v) for v in flat]), (), True)
    texts = [None if v is None else str(v).strip() for v in flat]
    if (numbers := _numbers(texts)) is not None:
        return Column(name, numbers)
    levels = sorted({t for t in texts if t is not None})
    code = {level: float(k) for k, level in enumerate(levels)}
    return Column(name, np.array([np.nan if t is None else code[t] for t in texts]), tuple(levels))


def _texts(name: str, given: Sequence[str | None], mask: NDArray[np.bool_] | None) -> Column:
    """Texts with gaps; each distinct one is looked at once."""
    seen: dict[str | None, int] = {None: 0}
    code = np.fromiter((seen.setdefault(v, len(seen)) for v in given), np.int64, len(given))
    if mask is not None:
        code[mask] = 0
    used = np.bincount(code, minlength=len(seen)) > 0
    texts = [
        v.strip() if v is not None and u and not _gone(v) else None for v, u in zip(seen, used, strict=True)
    ]
    numbers, levels = _numbers(texts), tuple(sorted({t for t in texts if t is not None}))
    if numbers is not None:
        return Column(name, numbers[code])
    place = {level: float(k) for k, level in enumerate(levels)}
    return Column(name, np.array([np.nan if t is None else place[t] for t in texts])[code], levels)


def _gone(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip() in MISSING
    return value is None or (isinstance(value, float) and value != value)


def _days(value: Any) -> float:
    return float(value.toordinal() - datetime.date(1970, 1, 1).toordinal())


def _numbers(texts: Sequence[str | None]) -> Floats | None:
    """Numbers written as text, as in a column read from a spreadsheet; `None` where one is none."""
    try:
        out = np.array([np.nan if t is None else float(t) for t in texts])
    except ValueError:
        return None
    return out if np.isfinite(out).any() else None


def as_category(given: Column) -> Column:
    """A column as categories; numbers become levels in their order.

    Raises:
        UsageError: There are too many levels for a model or a curve each.

    Example:
        >>> as_category(column("grade", [1, 3, 2, None])).levels
        ('1', '2', '3')
    """
    if given.levels:
        if len(given.levels) > MOST_LEVELS:
            raise UsageError(_many(given.name, str(len(given.levels))))
        return given
    fine = ~np.isnan(given.values)
    if (seen := len(np.unique(given.values[:LOOK][fine[:LOOK]]))) > MOST_LEVELS:
        raise UsageError(_many(given.name, f"at least {seen}" if len(fine) > LOOK else str(seen)))
    values, code = factorized(given.values[fine])
    if len(values) > MOST_LEVELS:
        raise UsageError(_many(given.name, str(len(values))))
    codes = np.full(len(given.values), np.nan)
    codes[fine] = code
    return Column(given.name, codes, tuple(f"{v:g}" for v in values))


def _many(name: str, found: str) -> str:
    return (
        f"{name} has {found} different values, too many for categories ({MOST_LEVELS} at most); "
        "group them first, or use it as a number"
    )


def known(names: Iterable[str], there: Sequence[str], where: str) -> None:
    """Refuse names that no column has.

    Args:
        names: The names asked for.
        there: The columns there are.
        where: What the table is called in the message.

    Raises:
        UsageError: A name is unknown; the nearest one is suggested.

    Example:
        >>> known(["aeg"], ["age", "sex"], "patients.csv")
        Traceback (most recent call last):
        spondyl.record.errors.UsageError: patients.csv has no column aeg; did you mean age? It has age, sex
    """
    for name in names:
        if name not in there:
            near = difflib.get_close_matches(name, there, 1, 0.5)
            hint = f"did you mean {near[0]}? It has" if near else "it has"
            shown = ", ".join(there[:20]) + (" …" if len(there) > 20 else "")
            raise UsageError(f"{where} has no column {name}; {hint} {shown}")
