"""Sums over risk sets: the one thing that Cox regression and its tests need from the data.

Rows with frequency counts are replicates. `RowSets` keeps one row per observation (or per distinct observation with
its count), sorted from late to early; `layouts` has two forms for covariates that are categories.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.packed import Covariates, arranged, gram
from spondyl.cohort.tally import small

__all__ = ["Observations", "Place", "RiskSets", "RowSets", "placed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MANY = 20_000
BLOCK = 4_096


@dataclass(frozen=True)
class Observations:
    """Rows of a study, one per observation or per distinct observation.

    Args:
        time: End of observation, n numbers.
        event: 1 where the event happened at `time`, else 0, n numbers.
        x: Covariates, n × p, as a matrix or as codes.
        count: How many identical observations a row stands for, n numbers.
        stratum: Codes of the strata from 0, n numbers.
        start: Where observation begins (left truncation, start–stop rows), n numbers; `None` for 0.
    """

    time: Floats
    event: Floats
    x: Covariates
    count: Floats
    stratum: Ints
    start: Floats | None = None


class RiskSets:
    """Sums over those at risk, and their transposes; what a layout does not do faster is done here.

    Attributes:
        x: Covariates of the rows or patterns, m × p.
        deaths: Number of events at each event time, D numbers; every stratum has event times of its own.
        times: The event times, D numbers.
        total: Σ over events of x, p numbers.
        count: Patients per row or pattern, m numbers.
    """

    x: Floats
    count: Floats
    deaths: Floats
    times: Floats
    total: Floats

    def at_risk(self, values: Floats) -> Floats:
        """Σ of values over those at risk at each event time: m (× k) → D (× k)."""
        raise NotImplementedError

    def dying(self, values: Floats) -> Floats:
        """Σ of values over those with the event at each event time: m (× k) → D (× k)."""
        raise NotImplementedError

    def spread(self, values: Floats) -> Floats:
        """For each row its count times the Σ of values over event times at which it is at risk: D → m."""
        raise NotImplementedError

    def spread_dying(self, values: Floats) -> Floats:
        """For each row its events times the value at its event time: D → m."""
        raise NotImplementedError

    def spans(self) -> Floats:
        """Largest less smallest value of each covariate, p numbers."""
        return np.asarray(np.ptp(self.x, axis=0))

    def linear(self, beta: Floats) -> Floats:
        """x·β, m numbers."""
        return self.x @ beta

    def project(self, load: Floats) -> Floats:
        """Σ of load·x, p numbers."""
        return load @ self.x

    def gram(self, load: Floats) -> Floats:
        """Σ of load·x·xᵀ, p × p."""
        return gram(self.x, load)

    def sums(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r over those at risk and over those with the event, at each event time: D each."""
        return self.at_risk(r), self.dying(r)

    def load(self, r: Floats, b0: Floats, b1: Floats) -> Floats:
        """r times what each row is at risk of: m numbers."""
        return r * (self.spread(b0) - self.spread_dying(b1))

    def moments(self, r: Floats) -> tuple[Floats, Floats]:
        """Σ of r·x over those at risk and over those with the event, at each event time: D × p each."""
        weighed = r[:, None] * self.x
        return self.at_risk(weighed), self.dying(weighed)

    def squares(self, r: Floats, a0: Floats, a1: Floats, a2: Floats) -> Floats:
        """Σ over event times of a0·s·sᵀ − a1·(s·eᵀ + e·sᵀ) + a2·e·eᵀ with the moments s and e: p × p."""
        s, e = self.moments(r)
        out: Floats = s.T @ (a0[:, None] * s)
        if a1.any():
            cross = s.T @ (a1[:, None] * e)
            out = out - cross - cross.T + e.T @ (a2[:, None] * e)
        return out


@dataclass(frozen=True)
class Place:
    """Rows by stratum and from late to early, and where they stand on the axis of event times.

    Args:
        order: The order, n row numbers.
        first: The first event time at which each ordered row is at risk.
        end: The first one at which it is no longer.
        times: The event times, in that order.
        base: For each event time the first one of its stratum.
        stop: For each event time the first one after its stratum.
    """

    order: Ints
    first: Ints
    end: Ints
    times: Floats
    base: Ints
    stop: Ints


def placed(rows: Observations) -> Place:
    """Order rows and number the event times.

    Args:
        rows: The observations.
    """
    several = bool(rows.stratum.any())
    order = _late_first(rows, several)
    time, stratum = rows.time[order], rows.stratum[order] if several else rows.stratum
    fresh = np.ones(len(time), bool)
    fresh[1:] = time[1:] != time[:-1]
    if several:
        fresh[1:] |= stratum[1:] != stratum[:-1]
    heads = np.flatnonzero(fresh)
    died = np.logical_or.reduceat(rows.event[order] > 0, heads)
    first = (np.cumsum(died) - died)[np.cumsum(fresh) - 1]
    times, within = time[heads][died], stratum[heads][died]
    codes = np.arange(int(stratum.max(initial=0)) + 1)
    left, right = np.searchsorted(within, codes), np.searchsorted(within, codes, side="right")
    end = right[stratum] if several else np.full(len(time), len(times))
    if rows.start is not None:
        start = rows.start[order]
        for code in codes:
            inside = np.flatnonzero(stratum == code)
            mine = -times[left[code] : right[code]]
            end[inside] = left[code] + np.searchsorted(mine, -start[inside], side="left")
    return Place(order, first, end, times, left[within], right[within])


def _late_first(rows: Observations, several: bool) -> Ints:
    """Rows by stratum, then from late to early; rows of equal time stay in their order."""
    if several:
        return np.asarray(np.lexsort((-rows.time, rows.stratum)))
    whole = small(rows.time)
    if whole is None:
        return np.argsort(-rows.time, kind="stable")
    return np.argsort((int(whole.max(initial=0)) - whole).astype(np.uint16), kind="stable")


class RowSets(RiskSets):
    """Sums over risk sets by cumulative sums over sorted rows.

    Args:
        rows: The observations.
        less: What is taken from each covariate, its mean as a rule, p numbers.
        place: Where the rows stand, if that is known already.

    Example:
        >>> import numpy as np
        >>> one = np.ones(4)
        >>> sets = RowSets(Observations(np.array([1.0, 2, 3, 4]), np.array([1.0, 0, 1, 0]),
        ...                             np.zeros((4, 1)), one, np.zeros(4, np.int64)))
        >>> sets.times.tolist(), sets.at_risk(one).tolist()
        ([3.0, 1.0], [2.0, 4.0])
    """

    def __init__(self, rows: Observations, less: Floats | None = None, place: Place | None = None) -> None:
        place = place or placed(rows)
        self.order, self.first, self.end, self.times = place.order, place.first, place.end, place.times
        self.x = arranged(rows.x, self.order, np.zeros(rows.x.shape[1]) if less is None else less)
        self.event, self.count = rows.event[self.order], rows.count[self.order]
        self.size = len(self.times)
        self.dead = np.flatnonzero(self.event > 0)
        self._dead_at = self.first[self.dead]
        self._dead_bins = np.flatnonzero(np.diff(self._dead_at, prepend=-1))
        self._bins = np.flatnonzero(np.diff(self.first, prepend=-1))
        self._last = np.append(self._bins[1:], len(self.first))[: self.size] - 1
        self._single = len(self.dead) == self.size
        self._alone = bool((self.count == 1).all())
        self._back: Ints | None = None
        self._leaves()
        self.deaths = self.dying(np.ones(len(self.x)))
        self.total = (self.event * self.count) @ self.x

    def _leaves(self) -> None:
        """Rows that are not at risk until the earliest event time of all: late entry, later strata."""
        inside = np.flatnonzero(self.end < self.size)
        if len(inside):
            self._back = inside[np.argsort(self.end[inside], kind="stable")]
            self._back_at = self.end[self._back]
            self._back_bins = np.flatnonzero(np.diff(self._back_at, prepend=-1))

    def at_risk(self, values: Floats) -> Floats:
        """Σ of values over those at risk at each event time."""
        weighed = self._counted(values, self.count)
        if self._back is None:
            return np.asarray(np.cumsum(weighed, axis=0).take(self._last, axis=0))
        step = np.zeros((self.size + 1, *values.shape[1:]))
        step[self.first[self._bins]] = np.add.reduceat(weighed, self._bins, axis=0)
        left = np.add.reduceat(weighed[self._back], self._back_bins, axis=0)
        step[self._back_at[self._back_bins]] -= left
        return np.cumsum(step[:-1], axis=0)

    def _counted(self, values: Floats, count: Floats) -> Floats:
        if self._alone:
            return values
        return np.asarray(values * (count if values.ndim == 1 else count[:, None]))

    def dying(self, values: Floats) -> Floats:
        """Σ of values over those with the event at each event time."""
        weighed = values.take(self.dead, axis=0)
        if not self._alone:
            weighed = self._counted(weighed, self.count[self.dead])
        out: Floats = weighed if self._single else np.add.reduceat(weighed, self._dead_bins, axis=0)
        return out

    def squares(self, r: Floats, a0: Floats, a1: Floats, a2: Floats) -> Floats:
        """Σ over event times of products of the moments, a2 being 0 where a1 is; long tables in blocks."""
        if self._back is not None or len(r) < MANY:
            return super().squares(r, a0, a1, a2)
        tied = np.flatnonzero(a1)
        kept = np.zeros((len(tied), self.x.shape[1]))
        load = self._counted(r, self.count)
        out = self._running(load, a0, tied, kept)
        if not len(tied):
            return out
        rows = self.dead[np.isin(self._dead_at, tied)]
        weighed = load[rows, None] * self.x[rows]
        e = np.add.reduceat(weighed, np.flatnonzero(np.diff(self.first[rows], prepend=-1)), axis=0)
        cross = kept.T @ (a1[tied, None] * e)
        return np.asarray(out - cross - cross.T + e.T @ (a2[tied, None] * e))

    def _running(self, load: Floats, a0: Floats, tied: Ints, kept: Floats) -> Floats:
        """Σ of a0·s·sᵀ by running sums s of load·x; those at tied event times are kept."""
        p = self.x.shape[1]
        out, carry = np.zeros((p, p)), np.zeros(p)
        edges = np.arange(0, len(load) + BLOCK, BLOCK)
        at, of_tied = np.searchsorted(self._last, edges), np.searchsorted(self._last[tied], edges)
        for k, low in enumerate(edges[:-1]):
            block = load[low : low + BLOCK, None] * self.x[low : low + BLOCK]
            block[0] += carry
            s = np.cumsum(block, axis=0, out=block)
            carry = s[-1].copy()
            here, one = slice(at[k], at[k + 1]), slice(of_tied[k], of_tied[k + 1])
            kept[one] = s[self._last[tied[one]] - low]
            seen = s.take(self._last[here] - low, axis=0)
            out += seen.T @ (a0[here, None] * seen)
        return out

    def load(self, r: Floats, b0: Floats, b1: Floats) -> Floats:
        """r times what each row is at risk of; few arrays, as these are the longest there are."""
        out = self.spread(b0)
        if b1.any():
            out[self.dead] -= self._counted(b1[self._dead_at], self.count[self.dead])
        out *= r
        return out

    def spread(self, values: Floats) -> Floats:
        """For each row its count times the Σ of values over event times at which it is at risk."""
        return self._counted(self.spread_each(values), self.count)

    def spread_each(self, values: Floats) -> Floats:
        """For each row the Σ of values over event times at which it is at risk: D (× k) → m (× k)."""
        run = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        if self._back is None:
            return np.asarray((run[-1] - run).take(self.first, axis=0))
        return np.asarray(run[np.maximum(self.end, self.first)] - run[self.first])

    def spread_dying(self, values: Floats) -> Floats:
        """For each row its events times the value at its event time."""
        out = np.zeros(len(self.x))
        out[self.dead] = values[self._dead_at] * self.count[self.dead]
        return out
