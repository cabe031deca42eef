"""Random-effects pooling of what studies report: hazard ratios, medians, proportions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from spondyl.cohort.cox import normal_quantile
from spondyl.record import UsageError

__all__ = [
    "Effect",
    "Method",
    "Pooled",
    "leave_one_out",
    "log_median",
    "log_ratio",
    "logit_share",
    "pool_effects",
]

Floats = NDArray[np.float64]
Method = Literal["REML", "DL"]
Spread = Literal["knapp-hartung", "guarded", "normal"]


@dataclass(frozen=True)
class Effect:
    """What one study reports, on the scale it is pooled on.

    Args:
        label: The study.
        value: The logarithm of a ratio or of a median, or the logit of a share.
        se: Its standard error on that scale, above 0.
        basis: What the standard error was computed from.
    """

    label: str
    value: float
    se: float
    basis: str = ""


@dataclass(frozen=True)
class Pooled:
    """A random-effects pool of k studies, on the scale of the effects.

    Args:
        k: Studies.
        estimate: The mean of the effects.
        se: Its standard error, as the interval uses it.
        low, high: Its 95 % limits.
        p: Of the hypothesis that the mean is 0.
        tau2: Variance between studies.
        tau2_low, tau2_high: Its 95 % limits by the Q-profile; `high` may be infinite.
        i2: Share of the variance that is between studies, in percent.
        q: Cochran's Q; `q_p` its p value on k − 1 degrees of freedom.
        prediction: 95 % limits for the effect in a new study.
        weights: Percent of each study.
        method: "REML" or "DL".
        spread: "knapp-hartung", "guarded" (never narrower than the normal error), or "normal".
        factor: What Knapp and Hartung multiply the variance by, before any guard.
    """

    k: int
    estimate: float
    se: float
    low: float
    high: float
    p: float
    tau2: float
    tau2_low: float
    tau2_high: float
    i2: float
    q: float
    q_p: float
    prediction: tuple[float, float]
    weights: tuple[float, ...]
    method: Method
    spread: Spread
    factor: float


def log_ratio(label: str, ratio: float, low: float, high: float, level: float = 0.95) -> Effect:
    """The logarithm of a hazard ratio, with the standard error its interval implies.

    Args:
        label: The study.
        ratio: The ratio, above 0.
        low, high: Its limits.
        level: Their level.

    Raises:
        UsageError: The numbers are no ratio with its interval.

    Source:
        Parmar MKB, Torri V, Stewart L, 1998, Stat Med 17:2815-2834.

    Example:
        >>> one = log_ratio("a", 2.0, 1.0, 4.0)
        >>> round(one.value, 4), round(one.se, 4)
        (0.6931, 0.3537)
    """
    return Effect(
        label, *_log(label, "ratio", ratio, low, high, level), f"{level:.0%} limits {low:g}–{high:g}"
    )


def _log(label: str, what: str, value: float, low: float, high: float, level: float) -> tuple[float, float]:
    if not (0 < low < high < math.inf and low <= value <= high):
        raise UsageError(
            f"{label}: {value:g} ({low:g} to {high:g}) is no {what} with its interval; give 0 < low < high around it"
        )
    return math.log(value), (math.log(high) - math.log(low)) / (2 * normal_quantile(level))


def log_median(
    label: str,
    median: float,
    low: float | None = None,
    high: float | None = None,
    events: float | None = None,
    level: float = 0.95,
) -> Effect:
    """The logarithm of a median survival time, with its standard error.

    Where an interval is reported, the error is its width on the log scale. Where only the number of events is, the
    error is 1 / (ln 2 · √events): the variance of a sample median, 1 / (4 n f²), for exponential times.

    Args:
        label: The study.
        median: The median, above 0.
        low, high: Its limits, where they are reported.
        events: The number of events, where they are not.
        level: The level of the limits.

    Raises:
        UsageError: The numbers are no median with its interval, or neither limits nor events are given.

    Example:
        >>> round(log_median("a", 12.0, 8.0, 18.0).se, 4), round(log_median("b", 12.0, events=25).se, 4)
        (0.2069, 0.2885)
    """
    if low is not None and high is not None:
        return Effect(
            label, *_log(label, "median", median, low, high, level), f"{level:.0%} limits {low:g}–{high:g}"
        )
    if events is None or events < 1 or not 0 < median < math.inf:
        raise UsageError(f"{label}: a median needs its limits or the number of events to be pooled")
    error = 1 / (math.log(2) * math.sqrt(events))
    return Effect(label, math.log(median), error, f"{events:g} events, exponential times assumed")


def logit_share(label: str, count: int, n: int) -> Effect:
    """The logit of a share; 0.5 is added to both cells where one is empty.

    The logit is taken, and not the double arcsine of Freeman and Tukey, because the latter's way back needs one sample
    size for all studies, and the result hangs on the one chosen.

    Args:
        label: The study.
        count: How many of them, 0 to n.
        n: Patients.

    Raises:
        UsageError: The count is not between 0 and n.

    Source:
        Schwarzer G, Chemaitelly H, Abu-Raddad LJ, Rücker G, 2019, doi:10.1002/jrsm.1348.

    Example:
        >>> one = logit_share("a", 3, 12)
        >>> round(one.value, 4), round(one.se, 4)
        (-1.0986, 0.6667)
        >>> round(logit_share("b", 0, 10).value, 4)
        -3.0445
    """
    if not 0 <= count <= n or n < 1:
        raise UsageError(f"{label}: {count} of {n} is no share")
    add = 0.5 if count in (0, n) else 0.0
    yes, no = count + add, n - count + add
    basis = f"{count} of {n}" + (", 0.5 added to both cells" if add else "")
    return Effect(label, math.log(yes / no), math.sqrt(1 / yes + 1 / no), basis)


def pool_effects(
    effects: Sequence[Effect],
    method: Method = "REML",
    spread: Spread = "guarded",
    level: float = 0.95,
) -> Pooled:
    """Pool the effects of studies with random effects.

    The interval is Knapp and Hartung's, with the t distribution on k − 1 degrees of freedom. Where the studies agree
    better than chance lets them, their factor is below 1 and the interval would be narrower than one without any
    variance between studies; "guarded" takes 1 for it there, "knapp-hartung" leaves it as it is.

    Args:
        effects: The effects, at least two.
        method: How the variance between studies is estimated.
        spread: The kind of interval.
        level: Its level.

    Raises:
        UsageError: There are fewer than two studies, or a standard error is not above 0.

    Source:
        Viechtbauer W, 2005, doi:10.3102/10769986030003261 (REML); DerSimonian R, Laird N, 1986,
        doi:10.1016/0197-2456(86)90046-2; Knapp G, Hartung J, 2003, doi:10.1002/sim.1482; Röver C, Knapp G, Friede T,
        2015, doi:10.1186/s12874-015-0091-1 (the guard); Higgins JPT, Thompson SG, Spiegelhalter DJ, 2009,
        doi:10.1111/j.1467-985X.2008.00552.x (prediction).

    Example:
        >>> three = [Effect("a", 0.1, 0.2), Effect("b", 0.5, 0.3), Effect("c", 0.9, 0.25)]
        >>> done = pool_effects(three)
        >>> round(done.estimate, 3), round(done.low, 3), round(done.high, 3)
        (0.481, -0.579, 1.542)
    """
    y, v = _given(effects)
    tau2 = _reml(y, v) if method == "REML" else _dersimonian(y, v)
    k, w = len(y), 1 / (v + tau2)
    mean = float(w @ y / w.sum())
    factor = float(w @ (y - mean) ** 2 / (k - 1))
    scale = {"normal": 1.0, "guarded": max(1.0, factor), "knapp-hartung": factor}[spread]
    se = math.sqrt(scale / w.sum())
    reach = normal_quantile(level) if spread == "normal" else float(special.stdtrit(k - 1, 0.5 + level / 2))
    new = reach * math.sqrt(se**2 + tau2)
    q = _q(y, v, 0.0)
    low, high = _profile(y, v, level)
    return Pooled(
        k, mean, se, mean - reach * se, mean + reach * se, _p(mean, se, k, spread), tau2, low, high, _i2(v, tau2),
        q, float(special.chdtrc(k - 1, q)), (mean - new, mean + new), tuple((100 * w / w.sum()).tolist()), method,
        spread, factor,
    )  # fmt: skip


def leave_one_out(
    effects: Sequence[Effect], method: Method = "REML", spread: Spread = "guarded"
) -> tuple[tuple[str, Pooled], ...]:
    """The pool without each study in turn, by the label of the one left out; empty below three studies.

    Args:
        effects: The effects.
        method: How the variance between studies is estimated.
        spread: The kind of interval.

    Example:
        >>> three = [Effect("a", 0.1, 0.2), Effect("b", 0.5, 0.3), Effect("c", 0.9, 0.25)]
        >>> [(label, round(one.estimate, 3)) for label, one in leave_one_out(three)]
        [('a', 0.734), ('b', 0.486), ('c', 0.238)]
    """
    if len(effects) < 3:
        return ()
    return tuple(
        (left.label, pool_effects([e for e in effects if e is not left], method, spread)) for left in effects
    )


def _given(effects: Sequence[Effect]) -> tuple[Floats, Floats]:
    if len(effects) < 2:
        raise UsageError(f"{len(effects)} study cannot be pooled; at least two are needed")
    for e in effects:
        if not (math.isfinite(e.value) and 0 < e.se < math.inf):
            raise UsageError(f"{e.label}: {e.value:g} with standard error {e.se:g} cannot be pooled")
    value, se = (np.array(v, np.float64) for v in zip(*((e.value, e.se) for e in effects), strict=True))
    return value, se * se


def _p(mean: float, se: float, k: int, spread: Spread) -> float:
    """The p value of a mean of 0; studies that agree to the last digit leave no error."""
    if not se:
        return 0.0 if mean else 1.0
    z = -abs(mean / se)
    return float(2 * (special.ndtr(z) if spread == "normal" else special.stdtr(k - 1, z)))


def _q(y: Floats, v: Floats, tau2: float) -> float:
    """The generalised Q statistic; Cochran's where tau² is 0."""
    w = 1 / (v + tau2)
    return float(w @ (y - w @ y / w.sum()) ** 2)


def _i2(v: Floats, tau2: float) -> float:
    """After Higgins and Thompson 2002, with the typical variance within studies."""
    w = 1 / v
    typical = (len(v) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
    return float(100 * tau2 / (tau2 + typical))


def _dersimonian(y: Floats, v: Floats) -> float:
    w = 1 / v
    return max(0.0, float((_q(y, v, 0.0) - (len(y) - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def _reml(y: Floats, v: Floats) -> float:
    """The tau² with the highest restricted likelihood: the best of a grid, then the root of the slope beside it."""
    top = float(np.var(y, ddof=1) + v.max())
    grid = np.concatenate([[0.0], np.geomspace(1e-8 * top, 20 * top, 200)])
    best = int(np.argmax([_restricted(y, v, t) for t in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    if _slope(y, v, low) <= 0 or _slope(y, v, high) >= 0:
        return float(grid[best]) if best else 0.0
    return float(optimize.brentq(lambda t: _slope(y, v, t), low, high, xtol=1e-15, rtol=1e-14, maxiter=500))


def _restricted(y: Floats, v: Floats, tau2: float) -> float:
    w = 1 / (v + tau2)
    return float(0.5 * np.log(w).sum() - 0.5 * math.log(w.sum()) - 0.5 * _q(y, v, tau2))


def _slope(y: Floats, v: Floats, tau2: float) -> float:
    """Derivative of the restricted likelihood by tau²."""
    w = 1 / (v + tau2)
    gap = y - w @ y / w.sum()
    return float(0.5 * ((w**2) @ gap**2 - w.sum() + (w**2).sum() / w.sum()))


def _profile(y: Floats, v: Floats, level: float) -> tuple[float, float]:
    """Limits of tau² where the generalised Q crosses the quantiles of χ² (Viechtbauer 2007, doi:10.1002/sim.2514)."""
    k = len(y)
    lower, upper = (float(special.chdtri(k - 1, 0.5 - s * level / 2)) for s in (1, -1))
    return _crossing(y, v, lower), _crossing(y, v, upper)


def _crossing(y: Floats, v: Floats, quantile: float) -> float:
    if _q(y, v, 0.0) <= quantile:
        return 0.0
    top = float(v.max())
    while _q(y, v, top) > quantile:
        top *= 4
    return float(optimize.brentq(lambda t: _q(y, v, t) - quantile, 0.0, top, xtol=1e-14, rtol=1e-13))
