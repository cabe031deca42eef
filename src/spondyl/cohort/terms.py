"""Terms of a model: `age`, `C(grade)`, `sex:grade` → columns of numbers with names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.columns import Column, Frame, as_category
from spondyl.cohort.packed import Columns, Covariates
from spondyl.record import UsageError

__all__ = ["Design", "Level", "columns_of", "design", "expanded"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_FACTOR = re.compile(r"(?:C\(\s*(?P<category>[^()]+?)\s*\)|(?P<plain>[^()]+))")


@dataclass(frozen=True)
class Level:
    """One row of a table of hazard ratios.

    Args:
        term: The term it belongs to.
        label: The level, or empty for a number.
        index: The coefficient, or `None` for the reference.
        n: Patients in the level.
        events: Events in the level.
    """

    term: str
    label: str
    index: int | None
    n: int
    events: int


@dataclass(frozen=True)
class Design:
    """The covariates of a model.

    Args:
        x: n × p numbers, as a matrix or as codes.
        names: Names of the p columns.
        assign: For each column the number of its term.
        terms: The terms.
        levels: The rows of a table of hazard ratios, references included.
    """

    x: Covariates
    names: tuple[str, ...]
    assign: tuple[int, ...]
    terms: tuple[str, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class _Part:
    """One factor of a term: its columns with their labels, and its reference."""

    labels: tuple[str, ...]
    x: Floats
    category: bool
    reference: str


def expanded(terms: Sequence[str]) -> list[str]:
    """Terms with `a*b` written out.

    Example:
        >>> expanded(["age", "sex*C(grade)"])
        ['age', 'sex', 'C(grade)', 'sex:C(grade)']
    """
    out: list[str] = []
    for term in terms:
        parts = [p.strip() for p in term.split("*")]
        out += parts + ([":".join(parts)] if len(parts) > 1 else [])
    return list(dict.fromkeys(t for t in out if t))


def columns_of(term: str) -> list[str]:
    """The columns a term needs.

    Example:
        >>> columns_of("sex:C(grade)")
        ['sex', 'grade']
    """
    return [_factor(f)[0] for f in term.split(":")]


def _factor(text: str) -> tuple[str, bool]:
    found = _FACTOR.fullmatch(text.strip())
    if not found:
        raise UsageError(f"the term {text!r} cannot be read; write a column, C(column) or one:other")
    return (found["category"] or found["plain"]).strip(), found["category"] is not None


def design(frame: Frame, terms: Sequence[str], refs: Mapping[str, str], event: Floats) -> Design:
    """The covariates of a model.

    Args:
        frame: The columns, without missing values.
        terms: The terms.
        refs: Reference levels by column; the most frequent level where none is named.
        event: 1 for the event, n numbers.

    Raises:
        UsageError: A term cannot be read, or a reference is no level of its column.

    Example:
        >>> from spondyl.cohort.columns import column
        >>> frame = Frame({"sex": column("sex", ["f", "m", "f"])}, np.ones(3))
        >>> design(frame, ["sex"], {}, np.ones(3)).names
        ('sex=m',)
    """
    blocks: list[Floats] = []
    names: list[str] = []
    assign: list[int] = []
    levels: list[Level] = []
    for number, term in enumerate(terms):
        parts = [_part(frame, factor, refs) for factor in term.split(":")]
        made = [_product(choice) for choice in product(*(list(_each(p)) for p in parts))]
        levels += _levels(term, parts, len(names), (frame.count, event))
        blocks += [x for _, x in made]
        names += [name for name, _ in made]
        assign += [number] * len(made)
    return Design(Columns(tuple(blocks)), tuple(names), tuple(assign), tuple(terms), tuple(levels))


def _each(part: _Part) -> list[tuple[str, Floats]]:
    return [(label, part.x[:, k]) for k, label in enumerate(part.labels)]


def _product(choice: Sequence[tuple[str, Floats]]) -> tuple[str, Floats]:
    return ":".join(label for label, _ in choice), reduce(np.multiply, [x for _, x in choice])


def _part(frame: Frame, factor: str, refs: Mapping[str, str]) -> _Part:
    name, category = _factor(factor)
    column = frame[name]
    if not category and not column.levels:
        return _Part((name,), np.asarray(column.values, np.float64)[:, None], False, "")
    coded = as_category(column)
    here = np.array([frame.count[coded.values == k].sum() for k in range(len(coded.levels))])
    reference = _reference(coded, here, refs.get(name))
    others = [k for k in range(len(coded.levels)) if k != reference and here[k] > 0]
    x = np.column_stack(
        [(coded.values == k).astype(np.float64) for k in others] or [np.zeros(len(frame.count))]
    )
    labels = tuple(f"{name}={coded.levels[k]}" for k in others) or (f"{name}={coded.levels[reference]}",)
    return _Part(labels, x, True, coded.levels[reference])


def _reference(coded: Column, here: NDArray[np.float64], wanted: str | None) -> int:
    if wanted is None:
        return int(here.argmax())
    if wanted not in coded.levels:
        raise UsageError(f"{wanted!r} is no level of {coded.name}; it has {', '.join(coded.levels[:20])}")
    return coded.levels.index(wanted)


def _levels(term: str, parts: Sequence[_Part], first: int, data: tuple[Floats, Floats]) -> list[Level]:
    """The rows of the term in a table; interactions have no reference row."""
    count, event = data

    def row(label: str, index: int | None, inside: Bools) -> Level:
        return Level(term, label, index, round(count[inside].sum()), round((count * event)[inside].sum()))

    if len(parts) > 1:
        choices = [_product(c) for c in product(*(_each(p) for p in parts))]
        return [row(label, first + k, x != 0) for k, (label, x) in enumerate(choices)]
    (part,) = parts
    if not part.category:
        return [Level(term, "", first, round(count.sum()), round(float(count @ event)))]
    reference = row(part.reference, None, ~part.x.any(axis=1))
    rest = [row(label.split("=", 1)[1], first + k, part.x[:, k] > 0) for k, label in enumerate(part.labels)]
    return [reference, *rest]
