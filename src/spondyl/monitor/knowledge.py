"""The criteria, the matrix and the names, read from the files beside this module and checked on reading."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TypeVar

import numpy as np
from pydantic import ValidationError

from spondyl.monitor.models import (
    Change,
    Conduct,
    Criteria,
    Criterion,
    Example,
    Matrix,
    Measure,
    Names,
    Strict,
)
from spondyl.monitor.series import Flags, Values
from spondyl.record import LexiconError

__all__ = ["UNITS", "change", "conduct", "criteria", "exceeds", "matrix", "names"]

UNITS: dict[Measure, str] = {"amplitude": "µV", "latency": "ms", "threshold": "V"}
"""The unit each measure is kept in."""
DECIMALS = 9
"""Changes are compared after rounding to this many decimals, so that 80 % stays 80 % in any unit."""

_Model = TypeVar("_Model", bound=Strict)


def _read(name: str, model: type[_Model]) -> _Model:
    text = resources.files("spondyl.monitor").joinpath("criteria", name).read_text(encoding="utf-8")
    try:
        return model.model_validate(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{name} is malformed: {error}") from error


def change(kind: Change, values: Values, baseline: float, floor: float = 0.0) -> Values:
    """How far values are from their baseline, the way a criterion looks at it.

    Args:
        kind: Which change.
        values: The values; NaN where none was taken.
        baseline: What they are compared with; above zero.
        floor: At and below it a response counts as lost.

    Returns:
        Percent, or units, or for a loss 100 or 0; NaN stays NaN.

    Example:
        >>> change("fall_pct", np.array([100.0, 500.0]), 500).tolist()
        [80.0, 0.0]
        >>> change("lost", np.array([0.0, 0.1]), 400).tolist()
        [100.0, 0.0]
    """
    if kind == "lost":
        return np.where(np.isnan(values), np.nan, 100.0 * (values <= floor))
    if kind == "rise_abs":
        apart: Values = np.round(values - baseline, DECIMALS)
        return apart
    percent: Values = np.round(100.0 * values / baseline, DECIMALS)
    return 100.0 - percent if kind == "fall_pct" else percent - 100.0


def exceeds(amount: Values, limit: float, inclusive: bool) -> Flags:
    """Where a change meets a limit; never where it is NaN.

    Example:
        >>> exceeds(np.array([79.9, 80.0, 80.1]), 80, inclusive=False).tolist()
        [False, False, True]
    """
    amount = np.round(amount, DECIMALS)
    out: Flags = amount >= limit if inclusive else amount > limit
    return out


@cache
def criteria() -> Criteria:
    """The warning criteria, their examples checked.

    Raises:
        LexiconError: The file is malformed, or an example does not hold.
    """
    out = _read("alarm.toml", Criteria)
    for one in out.criterion:
        _check(one, one.limit if one.limit is not None else 100.0, one.inclusive, one.examples)
        for choice in one.choice:
            _check(one, choice.limit, choice.inclusive, choice.examples)
    return out


def _check(one: Criterion, limit: float, inclusive: bool, examples: Iterable[Example]) -> None:
    for example in examples:
        amount = change(one.change, np.array([example.value]), example.baseline)
        if bool(exceeds(amount, limit, inclusive)[0]) != example.meets:
            raise LexiconError(f"alarm.toml: {one.id} does not give what its example says: {example!r}")


@cache
def matrix() -> Matrix:
    """The matrix of muscle MEP and D-wave, its cells complete and its examples checked.

    Raises:
        LexiconError: The file is malformed, a cell is missing, or an example does not hold.

    Example:
        >>> matrix().lookup("lost_unilateral", "unchanged").reading
        'transient_deficit'
    """
    out = _read("matrix.toml", Matrix)
    for mep in out.mep:
        for dwave in out.dwave:
            out.outcome(out.lookup(mep, dwave))
    for example in out.example:
        if out.lookup(example.mep, example.dwave).reading != example.reading:
            raise LexiconError(f"matrix.toml: the matrix does not give what its example says: {example!r}")
    return out


@cache
def conduct() -> Conduct:
    """What Spondyl does around the criteria."""
    return _read("conduct.toml", Conduct)


@cache
def names() -> Names:
    """How monitoring systems name things."""
    return _read("names.toml", Names)
