"""Life tables and Kaplan-Meier curves from counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.tally import tally

__all__ = ["Interval", "Life", "Survival", "kaplan_meier", "life_table", "quantile", "restricted_mean"]

Floats = NDArray[np.float64]
Interval = Literal["log", "log-log", "plain", "logit", "arcsin"]
TOLERANCE = float(np.finfo(np.float64).eps) ** 0.5


@dataclass(frozen=True)
class Life:
    """How many are at risk, have the event and are censored at each time.

    Args:
        time: Distinct times, ascending, T numbers.
        at_risk: Observed just before each time, T numbers.
        events: With the event at each time, T numbers.
        censored: Last seen at each time, T numbers.
        entries: Where observation does not begin at 0, when it does, ascending, and how many have entered by then.
    """

    time: Floats
    at_risk: Floats
    events: Floats
    censored: Floats
    entries: tuple[Floats, Floats] | None = None

    @property
    def n(self) -> float:
        """Number of observations."""
        return float(self.events.sum() + self.censored.sum())


def life_table(time: Floats, event: Floats, count: Floats, start: Floats | None = None) -> Life:
    """The life table of observations.

    Args:
        time: End of observation, n numbers.
        event: 1 for the event, 0 for censored, n numbers.
        count: How many identical observations each stands for, n numbers.
        start: Where observation begins; `None` for 0.

    Example:
        >>> import numpy as np
        >>> life = life_table(np.array([2.0, 2, 5]), np.array([1.0, 0, 1]), np.ones(3))
        >>> life.at_risk.tolist(), life.events.tolist(), life.censored.tolist()
        ([3.0, 1.0], [1.0, 1.0], [1.0, 0.0])
    """
    axis, at = np.unique(time, return_inverse=True)
    size = len(axis)
    leaving = tally(at, count, size)
    events = tally(at, count * event, size)
    at_risk = np.cumsum(leaving[::-1])[::-1]
    if start is not None:
        entered = np.searchsorted(axis, start, side="right")
        late = tally(entered, count, size + 1)
        at_risk = at_risk - np.cumsum(late[::-1])[::-1][1:]
        order = np.argsort(start, kind="stable")
        return Life(axis, at_risk, events, leaving - events, (start[order], np.cumsum(count[order])))
    return Life(axis, at_risk, events, leaving - events)


@dataclass(frozen=True)
class Survival:
    """A Kaplan-Meier curve: a step at each time of its life table.

    Args:
        life: The life table it comes from.
        survival: S(t), T numbers.
        hazard_se: Standard error of log S(t), T numbers.
        low: Lower limits, NaN where there is none.
        high: Upper limits.
        interval: The kind of interval.
        level: The level of the interval.
    """

    life: Life
    survival: Floats
    hazard_se: Floats
    low: Floats
    high: Floats
    interval: Interval
    level: float

    @property
    def time(self) -> Floats:
        """The times of the steps."""
        return self.life.time

    def at(self, when: float) -> tuple[float, float, float]:
        """Survival at a time, with its limits; NaN beyond the last observation, where some are still alive.

        Args:
            when: The time, in the unit of the curve.
        """
        if when > self.time[-1] and self.survival[-1] > 0:
            return (float("nan"),) * 3
        k = int(np.searchsorted(self.time, when, side="right")) - 1
        return (1.0, 1.0, 1.0) if k < 0 else tuple(float(v[k]) for v in (self.survival, self.low, self.high))  # type: ignore[return-value]

    def left_at(self, when: float) -> float:
        """How many are under observation just before a time; at 0, how many begin there."""
        if self.life.entries:
            starts, entered = self.life.entries
            begun = int(np.searchsorted(starts, when, side="left" if when > 0 else "right"))
            gone = (self.life.events + self.life.censored)[self.time < when].sum()
            return float((entered[begun - 1] if begun else 0.0) - gone)
        k = int(np.searchsorted(self.time, when, side="left"))
        return float(self.life.at_risk[k]) if k < len(self.time) else 0.0


def kaplan_meier(life: Life, interval: Interval = "log", level: float = 0.95) -> Survival:
    """The Kaplan-Meier curve of a life table.

    Args:
        life: The life table.
        interval: The scale on which the interval is symmetric.
        level: Its level.

    Source:
        Kaplan EL, Meier P, 1958, doi:10.1080/01621459.1958.10501452.

    Example:
        >>> import numpy as np
        >>> life = life_table(np.array([1.0, 2, 3, 4]), np.array([1.0, 0, 1, 0]), np.ones(4))
        >>> kaplan_meier(life).survival.tolist()
        [0.75, 0.75, 0.375, 0.375]
    """
    d, n = life.events, life.at_risk
    survival = np.cumprod(np.where(n > 0, 1 - d / np.maximum(n, 1e-300), 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(d > 0, d / (n * (n - d)), 0.0)
    se = np.sqrt(np.cumsum(step))
    z = float(special.ndtri(0.5 + level / 2))
    with np.errstate(all="ignore"):
        low, high = _limits(survival, se, z, interval)
    return Survival(life, survival, se, low, high, interval, level)


def _limits(s: Floats, se: Floats, z: float, interval: Interval) -> tuple[Floats, Floats]:
    inner = np.where((s > 0) & (s < 1), s, np.nan)
    if interval == "plain":
        wide = z * np.where(s > 0, se * s, np.nan)
        low, high = np.maximum(s - wide, 0.0), np.minimum(s + wide, 1.0)
    elif interval == "log":
        with_zero = np.where(s > 0, s, np.nan)
        low, high = with_zero * np.exp(-z * se), np.minimum(with_zero * np.exp(z * se), 1.0)
    elif interval == "log-log":
        turn, wide = np.log(-np.log(inner)), z * se / np.log(inner)
        low, high = np.exp(-np.exp(turn - wide)), np.exp(-np.exp(turn + wide))
    elif interval == "logit":
        turn, wide = np.log(inner / (1 - inner)), z * se / (1 - inner)
        low, high = special.expit(turn - wide), special.expit(turn + wide)
    else:
        turn, wide = np.arcsin(np.sqrt(inner)), 0.5 * z * se * np.sqrt(inner / (1 - inner))
        low = np.sin(np.maximum(turn - wide, 0.0)) ** 2
        high = np.sin(np.minimum(turn + wide, np.pi / 2)) ** 2
    whole = s == 1
    return np.where(whole, 1.0, low), np.where(whole, 1.0, high)


def quantile(curve: Survival, q: float = 0.5) -> tuple[float, float, float]:
    """The time by which a share q has had the event, with its limits.

    Args:
        curve: The curve.
        q: The share, 0.5 for the median.

    Returns:
        Time, lower and upper limit; NaN where it is not reached.

    Source:
        Brookmeyer R, Crowley J, 1982, doi:10.2307/2530286.

    Example:
        >>> import numpy as np
        >>> life = life_table(np.array([1.0, 2, 3, 4]), np.ones(4), np.ones(4))
        >>> quantile(kaplan_meier(life))[0]
        2.5
    """
    return tuple(_crossing(curve.time, y, 1 - q) for y in (curve.survival, curve.low, curve.high))  # type: ignore[return-value]


def _crossing(time: Floats, y: Floats, level: float) -> float:
    """The first time at which a falling curve is at a level or below; the middle where it rests on it."""
    below = np.flatnonzero(y < level + TOLERANCE)
    if not len(below):
        return float("nan")
    first = below[0]
    if abs(y[first] - level) < TOLERANCE:
        under = below[y[below] < y[first]]
        if len(under):
            return float(time[first] + time[under[0]]) / 2
    return float(time[first])


def restricted_mean(curve: Survival, tau: float) -> tuple[float, float]:
    """The mean time lived up to a limit, with its standard error.

    Args:
        curve: The curve.
        tau: The limit.

    Source:
        Klein JP, Moeschberger ML, 2003, Survival Analysis, 2nd edition, section 4.5.

    Example:
        >>> import numpy as np
        >>> life = life_table(np.array([1.0, 2, 3, 4]), np.ones(4), np.ones(4))
        >>> restricted_mean(kaplan_meier(life), 4.0)[0]
        2.5
    """
    inside = curve.time < tau
    time = np.concatenate([[0.0], curve.time[inside], [tau]])
    survival = np.concatenate([[1.0], curve.survival[inside]])
    area = np.diff(time) * survival
    rest = np.cumsum(area[::-1])[::-1][1:]
    d, n = curve.life.events[inside], curve.life.at_risk[inside]
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where((d > 0) & (n > d), d / (n * (n - d)), 0.0)
    return float(area.sum()), float(np.sqrt((rest**2 * step).sum()))
