"""Risk sets of covariates that are categories: a grid of event times and patterns, or rows kept as codes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.packed import Packed
from spondyl.cohort.risk import Observations, Place, RiskSets, RowSets, placed
from spondyl.cohort.tally import tally

__all__ = ["CodedSets", "GridSets", "risk_sets"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_CELLS = 12_000_000
CODED_CELLS = 8_000_000


class GridSets(RiskSets):
    """Sums over risk sets by matrix products: event times × covariate patterns.

    Args:
        rows: The observations, without left truncation.
        pattern: Number of each row's covariate pattern, n numbers from 0.
        table: The patterns' covariates, m × p.
        place: Where the rows stand, if that is known already.
    """

    def __init__(self, rows: Observations, pattern: Ints, table: Floats, place: Place | None = None) -> None:
        place = place or placed(rows)
        self.x, self.times = table, place.times
        size, wide = len(place.times), len(table)
        code, count, event = pattern[place.order], rows.count[place.order], rows.event[place.order]
        shape = (size + 1) * wide
        entered, left = (
            tally(place.first * wide + code, count, shape),
            tally(place.end * wide + code, count, shape),
        )
        self._risk = np.cumsum((entered - left).reshape(size + 1, wide), axis=0)[:-1]
        died = tally(place.first * wide + code, count * event, shape)
        self._died = died.reshape(size + 1, wide)[:-1]
        self.count = tally(pattern, rows.count, wide)
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

    def spread(self, values: Floats) -> Floats:
        """For each pattern the Σ over event times of its number at risk times the value."""
        out: Floats = values @ self._risk
        return out

    def spread_dying(self, values: Floats) -> Floats:
        """For each pattern the Σ over event times of its events times the value."""
        out: Floats = values @ self._died
        return out


class CodedSets(RiskSets):
    """Sums over risk sets of rows whose covariates are codes, by counts of codes at event times.

    Args:
        rows: The observations, without left truncation, covariates packed.
        x: Their covariates.
        place: Where the rows stand, if that is known already.
    """

    def __init__(self, rows: Observations, x: Packed, place: Place | None = None) -> None:
        place = place or placed(rows)
        self._packed = x.take(place.order)
        self.times, self._base, self._stop = place.times, place.base, place.stop
        self.size = len(place.times)
        self.count = rows.count[place.order]
        died = rows.event[place.order] > 0
        first = np.where(place.first < place.end, place.first, self.size)
        self._cell = 2 * first + died
        sizes = [len(t) for t in x.tables]
        self._keys = [self._cell * k + code for k, code in zip(sizes, self._packed.codes, strict=True)]
        self.deaths = self.dying(np.ones(len(first)))
        self.total = self._packed.project(died * self.count)

    def spans(self) -> Floats:
        """Largest less smallest value of each covariate, p numbers."""
        return np.concatenate([np.ptp(table, axis=0) for table in self._packed.tables])

    def linear(self, beta: Floats) -> Floats:
        """x·β, m numbers."""
        return self._packed.linear(beta)

    def project(self, load: Floats) -> Floats:
        """Σ of load·x, p numbers."""
        return self._packed.project(load)

    def gram(self, load: Floats) -> Floats:
        """Σ of load·x·xᵀ, p × p."""
        return self._packed.gram(load)

    def _run(self, step: Floats) -> Floats:
        """Running sums within strata."""
        run = np.concatenate([np.zeros((1, *step.shape[1:])), np.cumsum(step, axis=0)])
        return np.asarray(run[1:] - run[self._base])

    def _both(self, cells: Floats) -> tuple[Floats, Floats]:
        by = cells.reshape(self.size + 1, 2, *cells.shape[1:])[:-1]
        return self._run(by.sum(axis=1)), by[:, 1]

    def sums(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r over those at risk and over those with the event, at each event time."""
        return self._both(tally(self._cell, r * self.count, 2 * self.size + 2))

    def at_risk(self, values: Floats) -> Floats:
        """Σ of values over those at risk at each event time."""
        return self.sums(values)[0]

    def dying(self, values: Floats) -> Floats:
        """Σ of values over those with the event at each event time."""
        return self.sums(values)[1]

    def moments(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r·x over those at risk and over those with the event."""
        load, cells = r * self.count, 2 * self.size + 2
        parts = [
            tally(key, load, cells * len(table)).reshape(cells, len(table)) @ table
            for key, table in zip(self._keys, self._packed.tables, strict=True)
        ]
        return self._both(np.hstack(parts))

    def load(self, r: Floats, b0: Floats, b1: Floats) -> Floats:
        """r times what each row is at risk of."""
        run = np.concatenate([[0.0], np.cumsum(b0)])
        risk = run[self._stop] - run[:-1]
        table = np.append(np.column_stack([risk, risk - b1]).ravel(), [0.0, 0.0])
        out: Floats = r * self.count * table.take(self._cell)
        return out

    def spread(self, values: Floats) -> Floats:
        """For each row its count times the Σ of values over event times at which it is at risk."""
        return self.load(np.ones(len(self._cell)), values, np.zeros(self.size))

    def spread_dying(self, values: Floats) -> Floats:
        """For each row its events times the value at its event time."""
        return -self.load(np.ones(len(self._cell)), np.zeros(self.size), values)


def risk_sets(rows: Observations, less: Floats) -> RiskSets:
    """The layout that is faster for these rows.

    Args:
        rows: The observations.
        less: What is taken from each covariate, its mean as a rule, p numbers.

    Returns:
        A grid where few patterns meet few event times, codes where rows are many and event times few, else sorted
        rows.
    """
    place = placed(rows)
    if isinstance(rows.x, Packed) and rows.start is None:
        x = rows.x.moved(less)
        cells = [len(place.times) * len(table) for table in x.tables]
        if len(cells) == 1 and cells[0] < GRID_CELLS:
            return GridSets(rows, x.codes[0], x.tables[0], place)
        if sum(cells) < CODED_CELLS:
            return CodedSets(rows, x, place)
    return RowSets(rows, less, place)
