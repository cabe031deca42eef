"""Sums over risk sets: the one thing that Cox regression and its tests need from the data.

Rows with frequency counts are replicates. Two layouts give the same sums: `RowSets` keeps one row per
observation (or per distinct observation with its count), `GridSets` keeps a matrix event time × covariate
pattern, which is what ten million patients become when all covariates are categories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.tally import factorized, tally

__all__ = ["GridSets", "Observations", "RiskSets", "RowSets", "risk_sets"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_CELLS = 12_000_000
LOOK = 4_000


@dataclass(frozen=True)
class Observations:
    """Rows of a study, one per observation or per distinct observation.

    Args:
        time: End of observation, n numbers.
        event: 1 where the event happened at `time`, else 0, n numbers.
        x: Covariates, n × p.
        count: How many identical observations a row stands for, n numbers.
        stratum: Codes of the strata from 0, n numbers.
        start: Where observation begins (left truncation, start–stop rows), n numbers; `None` for 0.
    """

    time: Floats
    event: Floats
    x: Floats
    count: Floats
    stratum: Ints
    start: Floats | None = None


class RiskSets(Protocol):
    """Sums over those at risk, and their transposes.

    Attributes:
        x: Covariates of the rows or patterns, m × p.
        deaths: Number of events at each event time, D numbers; every stratum has event times of its own.
        times: The event times, D numbers.
        total: Σ over events of x, p numbers.
    """

    x: Floats
    deaths: Floats
    times: Floats
    total: Floats

    def at_risk(self, values: Floats) -> Floats:
        """Σ of values over those at risk at each event time: m (× k) → D (× k)."""

    def dying(self, values: Floats) -> Floats:
        """Σ of values over those with the event at each event time: m (× k) → D (× k)."""

    def moments(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r·x over those at risk and over those with the event, at each event time: D × p each."""

    def spread(self, values: Floats) -> Floats:
        """For each row its count times the Σ of values over event times at which it is at risk: D → m."""

    def spread_dying(self, values: Floats) -> Floats:
        """For each row its events times the value at its event time: D → m."""


@dataclass(frozen=True)
class _Frame:
    """Where rows stand on the axis of event times: at risk from `first` up to, not including, `end`."""

    first: Ints
    end: Ints
    times: Floats
    of_event: Ints


def _frame(rows: Observations) -> _Frame:
    """Event times are ordered by stratum, then from late to early."""
    axis, rank = factorized(rows.time)
    late = len(axis) - 1 - rank
    key = rows.stratum * len(axis) + late
    happened = rows.event > 0
    keys = np.unique(key[happened])
    first = np.searchsorted(keys, key)
    last = (rows.stratum + 1) * len(axis)
    if rows.start is not None:
        entered = np.searchsorted(axis, rows.start, side="right")
        last = rows.stratum * len(axis) + len(axis) - entered
    end = np.searchsorted(keys, last)
    return _Frame(first, end, axis[len(axis) - 1 - keys % len(axis)], first)


class RowSets:
    """Sums over risk sets by cumulative sums over sorted rows.

    Args:
        rows: The observations.

    Example:
        >>> import numpy as np
        >>> one = np.ones(4)
        >>> sets = RowSets(Observations(np.array([1.0, 2, 3, 4]), np.array([1.0, 0, 1, 0]),
        ...                             np.zeros((4, 1)), one, np.zeros(4, np.int64)))
        >>> sets.times.tolist(), sets.at_risk(one).tolist()
        ([3.0, 1.0], [2.0, 4.0])
    """

    def __init__(self, rows: Observations) -> None:
        place = _frame(rows)
        self.order = np.argsort(place.first, kind="stable")
        self.x = rows.x[self.order]
        self.event = rows.event[self.order]
        self.count = rows.count[self.order]
        self.first, self.end = place.first[self.order], place.end[self.order]
        self.times = place.times
        self.size = len(self.times)
        self.dead = np.flatnonzero(self.event > 0)
        self._dead_at = self.first[self.dead]
        self._dead_bins = np.flatnonzero(np.diff(self._dead_at, prepend=-1))
        self._bins = np.flatnonzero(np.diff(self.first, prepend=-1))
        self._single = len(self.dead) == self.size
        self._back: Ints | None = None
        self._leaves()
        self.deaths = self.dying(np.ones(len(self.x)))
        self.total = (self.event * self.count)[self.dead] @ self.x[self.dead]

    def _leaves(self) -> None:
        inside = np.flatnonzero(self.end < self.size)
        self._back = inside[np.argsort(self.end[inside], kind="stable")] if len(inside) else None
        if self._back is not None:
            self._back_at = self.end[self._back]
            self._back_bins = np.flatnonzero(np.diff(self._back_at, prepend=-1))

    def at_risk(self, values: Floats) -> Floats:
        """Σ of values over those at risk at each event time."""
        weighed = values * (self.count if values.ndim == 1 else self.count[:, None])
        step = np.zeros((self.size + 1, *values.shape[1:]))
        step[self.first[self._bins]] = np.add.reduceat(weighed, self._bins, axis=0)
        if self._back is not None:
            left = np.add.reduceat(weighed[self._back], self._back_bins, axis=0)
            step[self._back_at[self._back_bins]] -= left
        return np.cumsum(step[:-1], axis=0)

    def dying(self, values: Floats) -> Floats:
        """Σ of values over those with the event at each event time."""
        here = values[self.dead]
        weighed = here * (self.count[self.dead] if values.ndim == 1 else self.count[self.dead, None])
        out: Floats = weighed if self._single else np.add.reduceat(weighed, self._dead_bins, axis=0)
        return out

    def moments(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r·x over those at risk and over those dying; by matrix products where there are few times."""
        if self._back is not None or len(self._bins) * 100 > len(r):
            weighed = r[:, None] * self.x
            return self.at_risk(weighed), self.dying(weighed)
        load = r * self.count
        step = np.zeros((self.size + 1, self.x.shape[1]))
        ends = np.append(self._bins[1:], len(r))
        for first, end in zip(self._bins.tolist(), ends.tolist(), strict=True):
            step[self.first[first]] = load[first:end] @ self.x[first:end]
        dying = np.zeros((self.size, self.x.shape[1]))
        event = load * self.event
        for first, end in zip(self._bins.tolist(), ends.tolist(), strict=True):
            if (at := self.first[first]) < self.size:
                dying[at] = event[first:end] @ self.x[first:end]
        return np.cumsum(step[:-1], axis=0), dying

    def spread(self, values: Floats) -> Floats:
        """For each row its count times the Σ of values over event times at which it is at risk."""
        return self.spread_each(values) * self.count

    def spread_each(self, values: Floats) -> Floats:
        """For each row the Σ of values over event times at which it is at risk: D (× k) → m (× k)."""
        run = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        out: Floats = run[np.maximum(self.end, self.first)] - run[self.first]
        return out

    def spread_dying(self, values: Floats) -> Floats:
        """For each row its events times the value at its event time."""
        out = np.zeros(len(self.x))
        out[self.dead] = values[self._dead_at] * self.count[self.dead]
        return out


class GridSets:
    """Sums over risk sets by matrix products: event times × covariate patterns.

    Args:
        rows: The observations, without left truncation.
        pattern: Number of each row's covariate pattern, n numbers from 0.
    """

    def __init__(self, rows: Observations, pattern: Ints) -> None:
        place = _frame(rows)
        size, wide = len(place.times), int(pattern.max()) + 1
        shape = (size + 1) * wide
        entered = tally(place.first * wide + pattern, rows.count, shape)
        left = tally(place.end * wide + pattern, rows.count, shape)
        self._risk = np.cumsum((entered - left).reshape(size + 1, wide), axis=0)[:-1]
        died = tally(place.first * wide + pattern, rows.count * rows.event, shape)
        self._died = died.reshape(size + 1, wide)[:-1]
        self.x = np.zeros((wide, rows.x.shape[1]))
        self.x[pattern] = rows.x
        self.times = place.times
        self.deaths = self._died.sum(axis=1)
        self.total = self._died.sum(axis=0) @ self.x

    def at_risk(self, values: Floats) -> Floats:
        """Σ of values over those at risk at each event time."""
        out: Floats = self._risk @ values
        return out

    def dying(self, values: Floats) -> Floats:
        """Σ of values over those with the event at each event time."""
        out: Floats = self._died @ values
        return out

    def moments(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r·x over those at risk and over those dying."""
        weighed = r[:, None] * self.x
        return self.at_risk(weighed), self.dying(weighed)

    def spread(self, values: Floats) -> Floats:
        """For each pattern the Σ over event times of its number at risk times the value."""
        out: Floats = values @ self._risk
        return out

    def spread_dying(self, values: Floats) -> Floats:
        """For each pattern the Σ over event times of its events times the value."""
        out: Floats = values @ self._died
        return out


def risk_sets(rows: Observations) -> RiskSets:
    """The layout that is faster for these rows.

    Args:
        rows: The observations.

    Returns:
        A grid where few patterns meet few event times, else sorted rows.
    """
    n, p = rows.x.shape
    if rows.start is None and n > 4_000 and (pattern := _patterns(rows.x)) is not None:
        events = len(np.unique(rows.time[rows.event > 0])) * (int(rows.stratum.max()) + 1)
        if (int(pattern.max()) + 1) * events < min(GRID_CELLS, 4 * n * max(p, 1)):
            return GridSets(rows, pattern)
    return RowSets(rows)


def _patterns(x: Floats) -> Ints | None:
    """Numbers of the covariate patterns; `None` where rows are hardly ever alike."""
    first = x[:LOOK]
    if 2 * len(np.unique(first, axis=0)) > len(first):
        return None
    code = np.zeros(len(x), np.int64)
    width = 1
    for column in x.T:
        levels = np.unique(column[:LOOK])
        at = np.minimum(np.searchsorted(levels, column), len(levels) - 1)
        if not (levels[at] == column).all():
            levels, at = np.unique(column, return_inverse=True)
        if len(levels) > 64:
            return None
        code, width = code * len(levels) + at, width * len(levels)
        if width > 2**40:
            code, width = _packed(code)
    return _packed(code)[0]


def _packed(code: Ints) -> tuple[Ints, int]:
    values, at = np.unique(code, return_inverse=True)
    return at.astype(np.int64), len(values)
