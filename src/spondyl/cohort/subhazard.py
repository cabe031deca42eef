"""Fine and Gray's regression of the subdistribution hazard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.cox import normal_quantile
from spondyl.cohort.likelihood import Point, Ties, evaluate, weights
from spondyl.cohort.newton import climb, solve
from spondyl.cohort.risk import RiskSets
from spondyl.cohort.tally import tally
from spondyl.record import UsageError

__all__ = ["FineGray", "fit_finegray"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class FineGray:
    """A fitted model of the subdistribution hazard.

    Args:
        names: Names of the p coefficients.
        coef: Logarithms of subdistribution hazard ratios, p numbers.
        vcov: Their covariance, which allows for the estimated weights, p × p.
        loglik: The pseudo likelihood with no and with all coefficients.
        n: Number of observations.
        events: Number of events of the cause.
    """

    names: tuple[str, ...]
    coef: Floats
    vcov: Floats
    loglik: tuple[float, float]
    n: int
    events: int

    @property
    def se(self) -> Floats:
        """Standard errors, p numbers."""
        out: Floats = np.sqrt(np.diag(self.vcov))
        return out

    @property
    def p(self) -> Floats:
        """Wald p values, p numbers."""
        out: Floats = special.chdtrc(1, (self.coef / self.se) ** 2)
        return out

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper limits of the subdistribution hazard ratios."""
        wide = normal_quantile(level) * self.se
        return np.exp(self.coef - wide), np.exp(self.coef + wide)


class _SubSets(RiskSets):
    """Risk sets in which those with a competing event stay, with falling weight."""

    def __init__(self, time: Floats, cause: Ints, x: Floats, count: Floats, late: bool) -> None:
        order = np.argsort(time, kind="stable")
        self.order, self.time, self.cause = order, time[order], cause[order]
        self.x, self.count = x[order], count[order]
        self.axis, self.at = np.unique(self.time, return_inverse=True)
        self.starts = np.flatnonzero(np.diff(self.at, prepend=-1))
        self.free = _free(self.axis, self.at, self.cause, self.count, late)
        mine = tally(self.at, self.count * (self.cause == 1), len(self.axis))
        self.when = np.flatnonzero(mine)
        self.times, self.deaths = self.axis[self.when], mine[self.when]
        self.stay = np.where(self.cause == 2, self.count / self.free[self.at], 0.0)
        self.dead = (self.cause == 1) * self.count
        self.total = self.dead @ self.x
        self.rank = np.searchsorted(self.when, self.at, side="right")

    def summed(self, values: Floats) -> Floats:
        """Σ of values at each distinct time."""
        out: Floats = np.add.reduceat(values, self.starts, axis=0)
        return out

    def at_risk(self, values: Floats) -> Floats:
        def many(w: Floats) -> Floats:
            return w if values.ndim == 1 else w[:, None]

        inside = np.cumsum(self.summed(values * many(self.count))[::-1], axis=0)[::-1][self.when]
        gone = self.summed(values * many(self.stay))
        past = (np.cumsum(gone, axis=0) - gone)[self.when]
        out: Floats = inside + many(self.free[self.when]) * past
        return out

    def dying(self, values: Floats) -> Floats:
        weighed = values * (self.dead if values.ndim == 1 else self.dead[:, None])
        return self.summed(weighed)[self.when]

    def spread(self, values: Floats) -> Floats:
        both = self.count * self.inside(values) + self.stay * self.after(values)
        out: Floats = both
        return out

    def inside(self, values: Floats) -> Floats:
        """Σ of values over event times up to each row's own: D (× k) → n (× k)."""
        run = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
        out: Floats = run[self.rank]
        return out

    def after(self, values: Floats) -> Floats:
        """Σ of values times the weight over event times after each row's own."""
        free = self.free[self.when]
        run = np.cumsum(values * (free if values.ndim == 1 else free[:, None]), axis=0)
        run = np.concatenate([np.zeros((1, *values.shape[1:])), run])
        out: Floats = run[-1] - run[self.rank]
        return out

    def spread_dying(self, values: Floats) -> Floats:
        place = np.searchsorted(self.when, self.at)
        held = np.append(values, 0.0)[np.minimum(place, len(values))]
        out: Floats = held * self.dead
        return out


def _free(axis: Floats, at: Ints, cause: Ints, count: Floats, late: bool) -> Floats:
    """The chance of not yet being censored just before each time; `late`: events come before censorings."""
    gone = tally(at, count, len(axis))
    censored = tally(at, count * (cause == 0), len(axis))
    left = np.cumsum(gone[::-1])[::-1] - (gone - censored if late else 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(left > 0, 1 - censored / left, 1.0)
    return np.concatenate([[1.0], np.cumprod(step)[:-1]])


def fit_finegray(
    time: Floats, cause: Ints, x: Floats, count: Floats, names: Sequence[str], ties: Ties = "breslow"
) -> FineGray:
    """Fit Fine and Gray's model for cause 1.

    Args:
        time: End of observation, n numbers.
        cause: 0 for censored, 1 for the cause modelled, 2 for competing causes, n integers.
        x: Covariates, n × p.
        count: How many identical observations each stands for, n numbers.
        names: Names of the covariates.
        ties: "breslow" as `cmprsk::crr`; "efron" as `survival::finegray`.

    Raises:
        UsageError: There are no events of the cause.

    Source:
        Fine JP, Gray RJ, 1999, doi:10.1080/01621459.1999.10474144.

    Example:
        >>> import numpy as np
        >>> fit = fit_finegray(np.arange(1.0, 9), np.array([1, 2, 1, 0, 1, 2, 1, 0]),
        ...                    np.array([[0.0, 1, 1, 0, 0, 1, 0, 1]]).T, np.ones(8), ["treated"])
        >>> fit.events
        4
    """
    if not (events := int((count * (cause == 1)).sum())):
        raise UsageError("no events of the cause of interest, so no subdistribution hazard can be estimated")
    sets = _SubSets(time, cause, x - np.average(x, axis=0, weights=count), count, ties == "efron")

    def at(beta: Floats) -> Point:
        return evaluate(sets, beta, ties)

    found = climb(at, np.zeros(x.shape[1]), sets.spans())
    inverse = solve(found.top.information, np.eye(x.shape[1]))
    vcov = inverse
    if ties != "efron":
        each = _influence(sets, found.beta)
        vcov = inverse @ (each.T @ (sets.count[:, None] * each)) @ inverse
    loglik = (found.null.loglik, found.top.loglik)
    return FineGray(tuple(names), found.beta, vcov, loglik, int(count.sum()), events)


def _influence(sets: _SubSets, beta: Floats) -> Floats:
    """What each row adds to the score, with its part in the estimated weights: n × p."""
    r, _ = weights(sets, beta)
    weighed = r[:, None] * sets.x
    s0, s1 = sets.at_risk(r), sets.at_risk(weighed)
    mean, hazard = s1 / s0[:, None], sets.deaths / s0
    drift = mean * hazard[:, None]
    stay = (sets.cause == 2) / sets.free[sets.at]
    past = sets.x * sets.after(hazard)[:, None] - sets.after(drift)
    here = sets.x * sets.inside(hazard)[:, None] - sets.inside(drift)
    score = -r[:, None] * (here + stay[:, None] * past)
    died = np.flatnonzero(sets.cause == 1)
    score[died] += sets.x[died] - mean[np.searchsorted(sets.when, sets.at[died])]
    out: Floats = score + _censoring(sets, r, hazard, drift)
    return out


def _censoring(sets: _SubSets, r: Floats, hazard: Floats, drift: Floats) -> Floats:
    """Each row's part in the estimate of the censoring distribution."""
    size = len(sets.axis)
    load = sets.stay * r
    left0, left1 = tally(sets.at, load, size), sets.summed(load[:, None] * sets.x)
    gone0, gone1 = np.cumsum(left0) - left0, np.cumsum(left1, axis=0) - left1
    free = sets.free[sets.when]
    later = np.searchsorted(sets.when, np.arange(size), side="left")

    def after(values: Floats) -> Floats:
        run = np.cumsum(values[::-1], axis=0)[::-1]
        return np.asarray(np.concatenate([run, np.zeros((1, values.shape[1]))])[later])

    q = gone1 * after((free * hazard)[:, None]) - gone0[:, None] * after(free[:, None] * drift)
    at_risk = np.cumsum(tally(sets.at, sets.count, size)[::-1])[::-1]
    censored = tally(sets.at, sets.count * (sets.cause == 0), size)
    ratio = q / at_risk[:, None]
    run = np.cumsum(ratio * (censored / at_risk)[:, None], axis=0)
    own = np.where((sets.cause == 0)[:, None], ratio[sets.at], 0.0)
    out: Floats = own - run[sets.at]
    return out
