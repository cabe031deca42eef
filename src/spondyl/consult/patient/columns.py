"""Fields of many cases in columns: numbers, codes of choices, bit sets of lists."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bits", "Builder", "Codes", "Floats", "Numbers"]

Floats = NDArray[np.float64]
_ONES = np.array([bin(k).count("1") for k in range(1 << 16)], np.uint8)
_WORD = 64


@dataclass(frozen=True)
class Numbers:
    """A field of one number a case.

    Args:
        low: n numbers, NaN where nothing is told.
        high: The same, or more where the case contradicts itself.
    """

    low: Floats
    high: Floats


@dataclass(frozen=True)
class Codes:
    """A field of one choice a case.

    Args:
        values: The choices that occur, sorted.
        codes: (2, n) places in `values`, -1 for none; a second one where the case contradicts itself.
    """

    values: tuple[str, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True)
class Bits:
    """A field of a list a case.

    Args:
        values: The elements that occur, sorted.
        bits: (n, words) sets of places in `values`.
    """

    values: tuple[str, ...]
    bits: NDArray[np.uint64]

    def has(self, value: str) -> NDArray[np.bool_]:
        """Which cases hold an element."""
        if value not in self.values:
            return np.zeros(len(self.bits), bool)
        word, bit = divmod(self.values.index(value), _WORD)
        return (self.bits[:, word] >> np.uint64(bit) & np.uint64(1)).astype(bool)

    def mask(self, values: Iterable[Any]) -> NDArray[np.uint64]:
        """The set of those elements that occur at all, (words,)."""
        out = np.zeros(self.bits.shape[1], np.uint64)
        for place in {self.values.index(v) for v in values if v in self.values}:
            out[place // _WORD] |= np.uint64(1) << np.uint64(place % _WORD)
        return out

    @cached_property
    def size(self) -> NDArray[np.int64]:
        """How many elements each case holds."""
        return ones(self.bits)

    @cached_property
    def table(self) -> NDArray[np.float32]:
        """(values, n) 1 where a case holds an element."""
        return np.array([self.has(v) for v in self.values], np.float32).reshape(
            len(self.values), len(self.bits)
        )


def ones(bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits are set in each row.

    Example:
        >>> ones(np.array([[7], [0]], np.uint64)).tolist()
        [3, 0]
    """
    return np.asarray(_ONES[bits.view(np.uint16)].sum(axis=1, dtype=np.int64))


class Builder:
    """Columns in the making.

    Args:
        numbers, choices, lists: The fields of each kind.
    """

    def __init__(self, numbers: Iterable[str], choices: Iterable[str], lists: Iterable[str]) -> None:
        self.rows = 0
        self._numbers = {name: (array("d"), array("d")) for name in numbers}
        self._choices: dict[str, tuple[dict[str, int], array[int], array[int]]] = {
            name: ({}, array("i"), array("i")) for name in choices
        }
        self._lists: dict[str, tuple[dict[str, int], array[int], array[int]]] = {
            name: ({}, array("l"), array("l")) for name in lists
        }

    def add(self, fields: Mapping[str, Any]) -> None:
        """One case: field → value, or list of values."""
        for name, (lows, highs) in self._numbers.items():
            told = [float(v) for v in _listed(fields.get(name)) if _is_number(v)]
            lows.append(min(told, default=np.nan))
            highs.append(max(told, default=np.nan))
        for name, (known, first, second) in self._choices.items():
            codes = [known.setdefault(str(v), len(known)) for v in _listed(fields.get(name))]
            first.append(codes[0] if codes else -1)
            second.append(codes[1] if len(codes) > 1 else -1)
        for name, (known, rows, codes_) in self._lists.items():
            for value in _listed(fields.get(name)):
                rows.append(self.rows)
                codes_.append(known.setdefault(str(value), len(known)))
        self.rows += 1

    def done(self) -> dict[str, Numbers | Codes | Bits]:
        """The columns by field."""
        out: dict[str, Numbers | Codes | Bits] = {}
        for name, (lows, highs) in self._numbers.items():
            out[name] = Numbers(np.array(lows, np.float64), np.array(highs, np.float64))
        for name, (known, first, second) in self._choices.items():
            values, order = _sorted(known)
            codes = np.array([first, second], np.int32).reshape(2, -1)
            out[name] = Codes(values, order[codes])
        for name, (known, rows, places) in self._lists.items():
            values, order = _sorted(known)
            out[name] = Bits(values, _packed(np.array(rows, np.int64), order[np.array(places, np.int64)],
                                             self.rows, len(values)))  # fmt: skip
        return out


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))


def _sorted(known: Mapping[str, int]) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The values in order, and for each old code the new one; the last stands for -1."""
    values = tuple(sorted(known))
    order = np.full(len(known) + 1, -1, np.int32)
    for place, value in enumerate(values):
        order[known[value]] = place
    return values, order


def _packed(rows: NDArray[Any], places: NDArray[Any], n: int, size: int) -> NDArray[np.uint64]:
    bits = np.zeros((n, max(1, -(-size // _WORD))), np.uint64)
    shifted = np.uint64(1) << (places % _WORD).astype(np.uint64)
    np.bitwise_or.at(bits, (rows, places // _WORD), shifted)
    return bits
