"""Competing risks: cumulative incidence and Gray's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.cox import Test, upper_chi2
from spondyl.cohort.tally import tally

__all__ = ["Causes", "Incidence", "causes_table", "gray", "incidence"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Causes:
    """How many are at risk, and how many leave by which cause, at each time.

    Args:
        time: Distinct times, ascending, T numbers.
        at_risk: Observed just before each time, T numbers.
        events: Events at each time by cause, T × K numbers.
        censored: Last seen at each time without an event, T numbers.
    """

    time: Floats
    at_risk: Floats
    events: Floats
    censored: Floats


def causes_table(time: Floats, cause: Ints, count: Floats, causes: int) -> Causes:
    """The table of counts by cause.

    Args:
        time: End of observation, n numbers.
        cause: 0 for censored, else 1 … K, n integers.
        count: How many identical observations each stands for, n numbers.
        causes: K.

    Example:
        >>> import numpy as np
        >>> causes_table(np.array([1.0, 2, 2]), np.array([1, 0, 2]), np.ones(3), 2).events.tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    axis, at = np.unique(time, return_inverse=True)
    cells = tally(at * (causes + 1) + cause, count, len(axis) * (causes + 1)).reshape(len(axis), -1)
    at_risk = np.cumsum(cells.sum(axis=1)[::-1])[::-1]
    return Causes(axis, at_risk, cells[:, 1:], cells[:, 0])


@dataclass(frozen=True)
class Incidence:
    """The Aalen-Johansen curve of one cause.

    Args:
        time: The times of the steps, T numbers.
        share: Cumulative incidence, T numbers.
        variance: Its variance by the delta method (as `cmprsk::cuminc`), T numbers.
        jackknife: Its standard error by the infinitesimal jackknife (as `survival::survfit`), T numbers.
    """

    time: Floats
    share: Floats
    variance: Floats
    jackknife: Floats

    def at(self, when: float, level: float = 0.95) -> tuple[float, float, float]:
        """Cumulative incidence at a time, with its limits; NaN beyond the last observation.

        Args:
            when: The time, in the unit of the curve.
            level: The level of the interval.
        """
        k = int(np.searchsorted(self.time, when, side="right")) - 1
        if when > self.time[-1]:
            return (float("nan"),) * 3
        if k < 0:
            return 0.0, float("nan"), float("nan")
        low, high = self.interval(level)
        return float(self.share[k]), float(low[k]) if self.share[k] else float("nan"), float(high[k])

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper limits, symmetric on the scale of the logarithm."""
        z = float(special.ndtri(0.5 + level / 2))
        with np.errstate(divide="ignore", invalid="ignore"):
            wide = z * np.where(self.share > 0, self.jackknife / self.share, 0.0)
        return self.share * np.exp(-wide), np.minimum(self.share * np.exp(wide), 1.0)


def incidence(table: Causes, cause: int) -> Incidence:
    """The cumulative incidence of one cause among others.

    Args:
        table: Counts by cause.
        cause: 1 … K; 0 for the share still free of any event.

    Source:
        Aalen OO, Johansen S, 1978, Scand J Statist 5:141–150.

    Example:
        >>> import numpy as np
        >>> table = causes_table(np.array([1.0, 2, 3, 4]), np.array([1, 2, 0, 1]), np.ones(4), 2)
        >>> incidence(table, 1).share.tolist()
        [0.25, 0.25, 0.25, 0.75]
    """
    d = table.events.sum(axis=1)
    after = np.cumprod(1 - d / table.at_risk)
    before = np.concatenate([[1.0], after[:-1]])
    if not cause:
        return Incidence(table.time, after, np.full_like(after, np.nan), _jackknife(table, before, after, 0))
    share = np.cumsum(before * table.events[:, cause - 1] / table.at_risk)
    return Incidence(
        table.time, share, _delta(table, cause, before, after, share), _jackknife(table, before, share, cause)
    )


def _delta(table: Causes, cause: int, before: Floats, after: Floats, share: Floats) -> Floats:
    """The variance with tied events drawn without replacement."""
    n = table.at_risk
    mine = table.events[:, cause - 1]
    other = table.events.sum(axis=1) - mine
    turn = np.where(after > 0, 1 / np.where(after > 0, after, 1.0), 0.0)

    def part(d: Floats, lead: Floats) -> Floats:
        spare = 1 - np.where(d > 1, (d - 1) / np.maximum(n - 1, 1), 0.0)
        t = before**2 * spare * d / n**2
        return np.cumsum(np.stack([lead**2 * t, turn * lead * t, turn**2 * t]), axis=1)

    v1, v2, v3 = part(mine, 1 + turn * share) + part(np.where(after > 0, other, 0.0), turn * share)
    out: Floats = v1 + share**2 * v3 - 2 * share * v2
    return out


def _jackknife(table: Causes, before: Floats, curve: Floats, cause: int) -> Floats:
    """Standard error from each observation's influence on the curve; `cause` 0 is the curve of none."""
    n, d = table.at_risk, table.events.sum(axis=1)
    alive = n > d
    h = np.where(alive, d / np.where(alive, n * (n - d), 1.0), 0.0)
    inverse = np.where(alive, 1 / np.where(alive, n - d, 1.0), 0.0)
    mine = table.events[:, cause - 1] if cause else np.zeros_like(n)
    run, lost = np.cumsum(h), np.cumsum(before * mine / n**2)
    held = np.cumsum(h * curve)
    gain = before / n
    out = np.empty(len(n))
    for t in range(len(n)):
        m = np.minimum(np.arange(len(n)), t)
        past = np.arange(len(n)) <= t
        if cause:
            base = curve[t] * run[m] - held[m] - lost[m]
            event = np.where(past, inverse * (curve[t] - curve), 0.0)
        else:
            base, event = curve[t] * run[m], np.where(past, inverse * curve[t], 0.0)
        square = table.censored * base**2 + (d - mine) * (base - event) ** 2
        square += mine * (base - event + np.where(past, gain, 0.0)) ** 2
        out[t] = np.sqrt(square.sum())
    return out


def gray(time: Floats, cause: Ints, count: Floats, group: Ints, rho: float = 0.0) -> Test:
    """Gray's test that the cumulative incidence of cause 1 is the same in all groups.

    Args:
        time: End of observation, n numbers.
        cause: 0 for censored, 1 for the cause tested, 2 for the others, n integers.
        count: How many identical observations each stands for, n numbers.
        group: Codes of the groups from 0, n integers.
        rho: Power of the weight.

    Source:
        Gray RJ, 1988, doi:10.1214/aos/1176350951.

    Example:
        >>> import numpy as np
        >>> test = gray(np.array([1.0, 2, 3, 4, 5, 6]), np.array([1, 1, 2, 2, 1, 0]), np.ones(6),
        ...             np.array([0, 0, 0, 1, 1, 1]))
        >>> test.df
        1
    """
    size = int(group.max()) + 1
    tables = _by_group(time, cause, count, group, size)
    walk = _Walk(size, rho)
    for n, one, two in zip(*tables, strict=True):
        walk.step(n, one, two)
    kept = size - 1
    score, variance = walk.score[:kept], walk.variance()[:kept, :kept]
    return upper_chi2(float(score @ np.linalg.lstsq(variance, score, rcond=None)[0]), kept)


def _by_group(
    time: Floats, cause: Ints, count: Floats, group: Ints, size: int
) -> tuple[Floats, Floats, Floats]:
    """At risk, events of cause 1 and of others: event times × groups."""
    axis, at = np.unique(time, return_inverse=True)
    cell, wide = at * size + group, len(axis) * size
    left = tally(cell, count, wide).reshape(-1, size)
    one = tally(cell, count * (cause == 1), wide).reshape(-1, size)
    two = tally(cell, count * (cause == 2), wide).reshape(-1, size)
    some = (one + two).sum(axis=1) > 0
    return np.cumsum(left[::-1], axis=0)[::-1][some], one[some], two[some]


class _Walk:
    """Goes through the event times and gathers the score and the parts of its variance."""

    def __init__(self, size: int, rho: float) -> None:
        self.score, self.rho, self.pooled = np.zeros(size), rho, 0.0
        self.survival, self.share = np.ones(size), np.zeros(size)
        self.drift = np.zeros((size, size))
        self.square, self.mixed, self.alone = np.zeros((size, size)), np.zeros((size, size)), np.zeros(size)

    def step(self, n: Floats, one: Floats, two: Floats) -> None:
        """One event time: at risk, events of cause 1 and of the others, by group."""
        some = n > 0
        safe = np.where(some, n, 1.0)
        after = np.where(some, self.survival * (n - one - two) / safe, self.survival)
        share = np.where(some, self.share + self.survival * one / safe, self.share)
        lead = np.where(some, n / np.where(self.survival > 0, self.survival, 1.0), 0.0)
        whole, d = lead.sum(), one.sum()
        pooled = self.pooled + d / whole
        weight = (1 - self.pooled) ** self.rho
        a = weight * (np.diag(lead) - np.outer(lead, lead) / whole)
        self.drift += a * d / (whole * (1 - self.pooled))
        left = lead * (1 - self.share)
        self.score += weight * (one - d * left / left.sum())
        if d:
            self._first(np.stack([after, safe, self.survival]), some, a, (d, whole, pooled))
        if two.sum():
            self._other(after, safe, two, pooled)
        self.survival, self.share, self.pooled = after, share, pooled

    def _first(
        self, groups: Floats, some: NDArray[np.bool_], a: Floats, pool: tuple[float, float, float]
    ) -> None:
        after, n, survival = groups
        d, whole, pooled = pool
        t4 = np.where(after > 0, 1 - (1 - pooled) / np.where(after > 0, after, 1.0), 1.0)
        spare = 1 - (d - 1) / (whole * survival - 1) if d > 1 else np.ones_like(n)
        t3 = np.where(some, spare * survival * d / (whole * n), 0.0)
        self._gather(a - t4 * self.drift, t4, t3)

    def _other(self, after: Floats, n: Floats, two: Floats, pooled: float) -> None:
        t4 = np.where(after > 0, (1 - pooled) / np.where(after > 0, after, 1.0), 0.0)
        spare = 1 - np.where(two > 1, (two - 1) / np.maximum(n - 1, 1), 0.0)
        t3 = np.where(after > 0, spare * self.survival**2 * two / n**2, 0.0)
        self._gather(t4 * self.drift, -t4, t3)

    def _gather(self, lead: Floats, turn: Floats, weight: Floats) -> None:
        self.alone += turn**2 * weight
        self.mixed += lead * (turn * weight)
        self.square += (lead * weight) @ lead.T

    def variance(self) -> Floats:
        """The variance of the score, groups × groups."""
        cross = self.drift @ self.mixed.T
        out: Floats = self.square + (self.drift * self.alone) @ self.drift.T + cross + cross.T
        return out
