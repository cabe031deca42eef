"""Rounding cells: what numbers a number as printed may stand for."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

__all__ = ["Cell", "Fit", "apart", "cell", "share_fit"]

Fit = Literal["fits", "cut", "off"]
"""Whether a number rounds to what is printed, gives it only when digits are cut off, or neither."""

_NUMBER = re.compile(r"-?(?:\d{1,9}(?:,\d{3})*(?:\.\d{1,9})?|\.\d{1,9})")


class _Printed(NamedTuple):
    value: Fraction
    unit: Fraction


class Cell(_Printed):
    """All numbers that may stand behind a number as printed.

    Args:
        value: The number as printed.
        unit: The weight of its last digit; "5.0" has 1/10.
    """

    @cached_property
    def low(self) -> Fraction:
        """The least number that rounds to it."""
        return self.value - self.unit / 2

    @cached_property
    def high(self) -> Fraction:
        """The greatest number that rounds to it."""
        return self.value + self.unit / 2

    @cached_property
    def end(self) -> Fraction:
        """What all numbers lie below that give it when digits are cut off."""
        return self.value + self.unit

    def fit(self, exact: Fraction) -> Fit:
        """How an exact number goes with the printed one; both ways of rounding a half are granted.

        Example:
            >>> [cell("67.4").fit(Fraction(100 * k, 203)) for k in (137, 136, 138)]
            ['cut', 'off', 'off']
        """
        if self.low <= exact <= self.high:
            return "fits"
        return "cut" if self.low <= exact < self.end else "off"

    def meets(self, low: Fraction, high: Fraction) -> bool:
        """Whether some number of the cell, digits cut off or not, lies between two bounds."""
        return self.low <= high and low < self.end


@lru_cache(maxsize=8192)
def cell(printed: str) -> Cell:
    """The rounding cell of a number as printed.

    Raises:
        ValueError: The words are no plain number.

    Example:
        >>> float(cell("5.0").low), float(cell("5").low), float(cell("1,412").value), float(cell(".03").unit)
        (4.95, 4.5, 1412.0, 0.01)
    """
    digits, per = _digits(printed)
    return Cell(Fraction(digits, per), Fraction(1, per))


@lru_cache(maxsize=8192)
def _digits(printed: str) -> tuple[int, int]:
    """A number as printed in units of its last digit, and how many units make one."""
    if _NUMBER.fullmatch(printed) is None:
        raise ValueError(f"got {printed!r}, expected digits with at most one point, as printed")
    whole, _, places = printed.replace(",", "").partition(".")
    return int(whole + places), int(10 ** len(places))


@lru_cache(maxsize=8192)
def share_fit(n: int, whole: int, printed: str) -> Fit:
    """How n of a whole goes with a percentage as printed.

    Example:
        >>> share_fit(27, 203, "15.3"), share_fit(27, 203, "13.3"), share_fit(20, 396, "5.0")
        ('off', 'fits', 'cut')
    """
    if whole <= 0:
        return cell(printed).fit(Fraction(100 * n, whole)) if whole else "off"
    digits, per = _digits(printed)
    twice = 200 * n * per  # in whole numbers: the share and its cell times twice the whole and the unit
    if (2 * digits - 1) * whole <= twice <= (2 * digits + 1) * whole:
        return "fits"
    return "cut" if (2 * digits - 1) * whole <= twice < 2 * (digits + 1) * whole else "off"


@lru_cache(maxsize=8192)
def apart(one: str, other: str) -> bool:
    """Whether two numbers as printed can have no number behind them in common.

    Example:
        >>> apart("12", "12.4"), apart("12", "13.2"), apart("11.0", "11")
        (False, True, False)
    """
    (a, per_a), (b, per_b) = _digits(one), _digits(other)
    return (2 * a - 1) * per_b >= 2 * (b + 1) * per_a or (2 * b - 1) * per_a >= 2 * (a + 1) * per_b
