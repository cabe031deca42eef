"""Scales: which of a question's answers a level, a Karnofsky value, a Frankel grade, a number belongs to."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from spondyl.record import UsageError

__all__ = ["SCALES", "UNKNOWN", "YES_NO", "Range", "Scale", "ranges", "scale_of"]

_KNOWN: dict[str, Any] = tomllib.loads(files("spondyl.score").joinpath("scales.toml").read_text("utf-8"))
UNKNOWN: frozenset[str] = frozenset(_KNOWN["unknown"])
"""Words that say that something is not known."""
YES_NO: Mapping[str, str] = {word: to for to, words in _KNOWN["yes_no"].items() for word in words}
"""Further words for yes and no, where those are the two answers."""

_BOUND = re.compile(r"([<>]=?)\s*([\d.]+)")
_SPAN = re.compile(r"([\d.]+)\s*(?:\.\.|-|–|to)\s*([\d.]+)")
_TYPED = re.compile(
    r"(?P<number>(?:[<>]=?\s*)?\d+(?:\.\d+)?(?:\s*(?:\.\.|-|–|to)\s*\d+(?:\.\d+)?)?)\s*(?P<unit>\D.*)?"
)


@dataclass(frozen=True)
class Range:
    """A stretch of numbers; `low_open` and `high_open` leave the end itself out."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def meets(self, other: Range) -> bool:
        """Whether two stretches share a number.

        Example:
            >>> Range(0, 50, high_open=True).meets(Range(50, 60))
            False
        """
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (low == high and self.holds(low) and other.holds(low))

    def holds(self, number: float) -> bool:
        """Whether a number lies in the stretch."""
        below = number < self.low or (number == self.low and self.low_open)
        return not below and not (number > self.high or (number == self.high and self.high_open))

    def times(self, factor: float) -> Range:
        """The stretch in another unit."""
        return Range(self.low * factor, self.high * factor, self.low_open, self.high_open)


def ranges(written: str) -> tuple[Range, ...]:
    """Stretches as sheets write them: "10..40", "<50", ">0 <50", "80, 90", joined by commas.

    Raises:
        ValueError: It is written in another way.

    Example:
        >>> ranges(">0 <50")
        (Range(low=0.0, high=50.0, low_open=True, high_open=True),)
    """
    return tuple(_range(part.strip()) for part in written.split(","))


def _range(part: str) -> Range:
    if spanned := _SPAN.fullmatch(part):
        return Range(float(spanned[1]), float(spanned[2]))
    if bounds := _BOUND.findall(part):
        out: dict[str, Any] = {}
        for sign, number in bounds:
            end = "low" if sign[0] == ">" else "high"
            out |= {end: float(number), f"{end}_open": len(sign) == 1}
        return Range(**out)
    return Range(float(part), float(part))


@dataclass(frozen=True)
class Scale:
    """A scale: ordered names, or numbers with a step and a unit, or primary tumours."""

    name: str
    kind: str
    title: str
    values: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    min: float = -math.inf
    max: float = math.inf
    step: float = 0
    unit: str = ""
    units: Mapping[str, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def stripped(self, text: str) -> str:
        """A value without the scale's name, or another name of it, before it ("KPS 70" → "70")."""
        names = "|".join(map(re.escape, (self.name, *self.names)))
        return re.sub(rf"^(?:{names})[\s:=]*(?=\S)", "", text.strip(), flags=re.IGNORECASE)

    def covers(self, written: str) -> tuple[str, ...]:
        """The names that an ordered scale's stretch covers ("C7..T2, L5").

        Raises:
            ValueError: A name is none of the scale, or the stretch runs backwards.
        """
        out: list[str] = []
        for part in written.split(","):
            first, _, last = (x.strip() for x in part.partition(".."))
            start, end = self.values.index(first), self.values.index(last or first)
            if start > end:
                raise ValueError(f"{part.strip()} runs backwards")
            out += self.values[start : end + 1]
        return tuple(out)

    def named(self, text: str) -> tuple[str, ...]:
        """The names of an ordered scale that a typed value means ("d7" is T7, "C5-C7" three levels); may be none."""
        bare = self.stripped(text)
        folded = {v.casefold(): v for v in self.values} | {k.casefold(): v for k, v in self.also.items()}
        if bare.casefold() in folded:
            return (folded[bare.casefold()],)
        if spanned := re.fullmatch(r"(\w+)\s*(?:\.\.|-|–|to)\s*(\w+)", bare):
            ends = [folded.get(x.casefold(), "") for x in (spanned[1], spanned[2])]
            if all(ends) and self.values.index(ends[0]) <= self.values.index(ends[1]):
                return self.covers("..".join(ends))
        return ()

    def number(self, text: str) -> Range | None:
        """The number or stretch of numbers that a typed value means, in the scale's unit; `None` if it means none.

        Raises:
            UsageError: It is a number, but not one of this scale.
        """
        typed = _TYPED.fullmatch(self.stripped(text))
        if typed is None:
            return None
        unit = (typed["unit"] or self.unit).strip()
        factor = 1.0 if unit.casefold() == self.unit.casefold() else self.units.get(unit, 0.0)
        if not factor:
            return None
        found = ranges(typed["number"])[0].times(factor)
        self._check(found, text)
        return found

    def _check(self, found: Range, text: str) -> None:
        ends = [x for x in (found.low, found.high) if math.isfinite(x)]
        if any(not self.min <= x <= self.max for x in ends):
            raise UsageError(f"{text} is out of range; {self.title} goes from {self.span}")
        if self.step and any(not math.isclose(x / self.step, round(x / self.step)) for x in ends):
            steps = "whole numbers" if self.step == 1 else f"multiples of {self.step:g}"
            raise UsageError(f"{text} is no {self.title}; its values are {steps} from {self.span}")

    @property
    def span(self) -> str:
        """From where to where the scale goes, in words.

        Example:
            >>> SCALES["KPS"].span
            '0 to 100'
        """
        if self.kind == "ordered":
            return f"{self.values[0]} to {self.values[-1]}"
        ends = [f"{x:g}" if math.isfinite(x) else "any number" for x in (self.min, self.max)]
        return f"{ends[0]} to {ends[1]}{' ' * bool(self.unit)}{self.unit}"

    def points(self) -> Sequence[float]:
        """All values of a number scale with a step and both ends; none of another."""
        if not self.step or not math.isfinite(self.max):
            return ()
        return [self.min + i * self.step for i in range(round((self.max - self.min) / self.step) + 1)]


def _scale(name: str, about: dict[str, Any]) -> Scale:
    return Scale(name, **{**about, **{k: tuple(about.get(k, ())) for k in ("values", "names")}})


SCALES: Mapping[str, Scale] = {name: _scale(name, about) for name, about in _KNOWN["scales"].items()}
"""The scales that sheets may name."""


@cache
def scale_of(name: str) -> Scale | None:
    """A scale by its name; `None` for no name.

    Raises:
        KeyError: There is no such scale.
    """
    return SCALES[name] if name else None
