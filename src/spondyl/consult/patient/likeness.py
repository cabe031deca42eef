"""How far every case of a library is from a patient: Gower's distance, all cases at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from spondyl.consult.patient.columns import Bits, Codes, Floats, Numbers, ones
from spondyl.consult.patient.distance import Criterion, Rules, listed, rules
from spondyl.consult.patient.library import Library

__all__ = ["Measured", "Told", "differences", "measure"]


class Told(Protocol):
    """A record that is compared; `spondyl.consult.patient.person.Person` is one."""

    def values(self, name: str) -> tuple[Any, ...]:
        """All values of a field."""


@dataclass(frozen=True)
class Measured:
    """A library measured against a patient.

    Args:
        criteria: What of the patient is known and could be compared.
        parts: (criteria, n) the difference in each, 0 to 1, NaN where the case does not tell.
        distance: (n,) Gower's distance; NaN where nothing could be compared.
        compared: (n,) the share of the patient's weight that could be compared.
        rank: (n,) the distance with what is not told as `unknown`; what orders the cases.
    """

    criteria: tuple[Criterion, ...]
    parts: Floats
    distance: Floats
    compared: Floats
    rank: Floats


def measure(patient: Told, library: Library, by: Rules | None = None) -> Measured:
    """Measure all cases of a library against a patient.

    Args:
        patient: The patient.
        library: The cases.
        by: What is compared and how much it counts; the rules that ship with Spondyl if not given.

    Returns:
        Distances in the order of the library.

    Source:
        Gower JC, 1971, doi:10.2307/2528823.
    """
    by = by or rules()
    asked = [(c, d) for c in by.criteria if (d := differences(patient, library.columns, c, by)) is not None]
    n = len(library)
    parts = np.array([d for _, d in asked], np.float64).reshape(len(asked), n)
    weights = np.array([c.weight for c, _ in asked]).reshape(-1, 1)
    told = ~np.isnan(parts)
    total = (weights * told).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.where(told, weights * parts, 0.0).sum(axis=0) / total
    compared = total / max(float(weights.sum()), 1e-300)
    rank = np.where(compared > 0, np.nan_to_num(distance) * compared + by.unknown * (1 - compared), np.nan)
    return Measured(tuple(c for c, _ in asked), parts, _even(distance), _even(compared), _even(rank))


def _even(values: Floats) -> Floats:
    """Without the last digits, which hang on the order of sums."""
    return np.round(values, 9)


def differences(patient: Told, columns: Mapping[str, Any], by: Criterion, whole: Rules) -> Floats | None:
    """How different each case is in one criterion, 0 to 1, NaN where it does not tell; `None` where the patient's
    record does not."""
    values = [v for v in patient.values(by.field) if str(v) not in by.ignore]
    column = columns[by.field]
    if by.kind == "findings":
        return _findings(values, list(patient.values(by.negative)), column, columns[by.negative], by)
    if not values:
        return None
    if isinstance(column, Numbers):
        return _numbers([float(v) for v in values], column, by)
    if isinstance(column, Codes):
        return _codes(listed(values), column, by, whole)
    return _worst(listed(values), column, by) if by.kind == "worst" else _sets(listed(values), column, by)


def _numbers(values: Sequence[float], column: Numbers, by: Criterion) -> Floats:
    """The gap between what is told of both, as a share of the scale."""
    gap = np.maximum(column.low - max(values), min(values) - column.high)
    return np.where(np.isnan(gap), np.nan, np.clip(gap / by.scale, 0.0, 1.0))


def _codes(values: Sequence[str], column: Codes, by: Criterion, whole: Rules) -> Floats | None:
    """Looked up: every choice that occurs is compared with the patient's once."""
    if by.kind == "scaled" and all(by.graded(v) is None for v in values):
        return None
    table = np.array([_least(values, v, by, whole) for v in column.values] + [np.nan])
    return np.asarray(np.fmin(table[column.codes[0]], table[column.codes[1]]))


def _least(values: Sequence[str], other: str, by: Criterion, whole: Rules) -> float:
    if other in by.ignore:
        return float("nan")
    return float(np.fmin.reduce([_between(v, other, by, whole) for v in values]))


def _between(a: str, b: str, by: Criterion, whole: Rules) -> float:
    if by.kind == "tumour":
        return whole.tumour.between(a.casefold(), b.casefold())
    if by.kind == "scaled":
        one, other = by.graded(a), by.graded(b)
        return min(abs(one[1] - other[1]), 1.0) if one and other and one[0] == other[0] else float("nan")
    return 1 - by.alike(a, b)


def _sets(values: Sequence[str], column: Bits, by: Criterion) -> Floats:
    """One less Dice's coefficient; an element counts as far as its nearest in the other set is like it."""
    mine = [v for v in values if v != by.without]
    count = column.size - column.has(by.without) if by.without else column.size
    plain = not by.kin and by.kind == "set"
    common = 2.0 * ones(column.bits & column.mask(mine)) if plain else _best(mine, column, by)
    with np.errstate(invalid="ignore", divide="ignore"):
        out = 1 - common / (len(mine) + count)
    empty = column.has(by.without) if by.without else np.zeros(len(count), bool)
    out = np.where(empty & (count == 0), 0.0 if not mine else 1.0, out)
    return np.where(column.size > 0, out, np.nan)


def _best(mine: Sequence[str], column: Bits, by: Criterion) -> Floats:
    """For each case, the likenesses of all elements on both sides to the nearest on the other."""
    table, n = column.table, len(column.bits)
    out = np.zeros(n)
    nearest_to_theirs = np.zeros(len(column.values))
    for one in mine:
        nearest = np.zeros(n, np.float32)
        for k, other in enumerate(column.values):
            like = by.alike(one, other)
            nearest_to_theirs[k] = max(nearest_to_theirs[k], like)
            if like:
                np.maximum(nearest, np.float32(like) * table[k], out=nearest)
        out += nearest
    for k, like in enumerate(nearest_to_theirs):
        if like:
            out += like * table[k]
    return out


def _findings(
    present: Sequence[Any], absent: Sequence[Any], yes: Bits, no: Bits, by: Criterion
) -> Floats | None:
    """Findings that both tell agree or clash; those only one of them tells clash in part."""
    if not present and not absent:
        return None
    mine, mine_no = listed(present), [v for v in listed(absent) if v not in listed(present)]
    denied = no.bits & ~_same_bits(yes, no)
    agree = ones(yes.bits & yes.mask(mine)) + ones(denied & no.mask(mine_no))
    clash = ones(yes.bits & yes.mask(mine_no)) + ones(denied & no.mask(mine))
    silent = len(mine) + yes.size - ones(yes.bits & yes.mask(mine)) * 2
    silent = silent - clash
    counted = clash + by.silent * silent
    told = (yes.size + ones(denied)) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        out = counted / (agree + counted)
    return np.where(told & (agree + counted > 0), out, np.nan)


def _same_bits(yes: Bits, no: Bits) -> NDArray[np.uint64]:
    """What is present, as a set over the elements of the denied."""
    out = np.zeros_like(no.bits)
    for k, value in enumerate(no.values):
        word, bit = divmod(k, 64)
        out[:, word] |= yes.has(value).astype(np.uint64) << np.uint64(bit)
    return out


_GRADE: Callable[[str], Any] = re.compile(r"^\s*(\d(?:\.\d)?)").match


def _worst(values: Sequence[str], column: Bits, by: Criterion) -> Floats | None:
    """The lowest grade of each."""
    mine = min((float(m[1]) for v in values if (m := _GRADE(v))), default=None)
    if mine is None:
        return None
    lowest = np.full(len(column.bits), np.nan)
    for value in column.values:
        if found := _GRADE(value):
            lowest = np.where(column.has(value), np.fmin(lowest, float(found[1])), lowest)
    return np.asarray(np.clip(np.abs(lowest - mine) / by.scale, 0.0, 1.0))
