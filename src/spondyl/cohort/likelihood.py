"""The partial likelihood with its first two derivatives, from sums over risk sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.risk import RiskSets

__all__ = ["Point", "TieSums", "Ties", "evaluate", "information", "tie_sums", "weights"]

Floats = NDArray[np.float64]
Ties = Literal["efron", "breslow", "exact"]

MANY = 200
"""From so many tied events the sums over ties are taken in closed form."""


@dataclass(frozen=True)
class TieSums:
    """Sums over the k = 0 … d−1 tied events of an event time, with denominators S0 − (k/d)·E0.

    Args:
        log: Σ log of the denominators.
        b0: Σ 1/denominator.
        b1: Σ (k/d)/denominator.
        a0: Σ 1/denominator².
        a1: Σ (k/d)/denominator².
        a2: Σ (k/d)²/denominator².
    """

    log: Floats
    b0: Floats
    b1: Floats
    a0: Floats
    a1: Floats
    a2: Floats


@dataclass(frozen=True)
class Point:
    """The partial likelihood at some coefficients.

    Args:
        loglik: Its logarithm.
        score: Its gradient, p numbers.
        information: Minus its second derivative, p × p.
    """

    loglik: float
    score: Floats
    information: Floats


def weights(sets: RiskSets, beta: Floats) -> tuple[Floats, float]:
    """exp(x·β) scaled so that the largest is 1, and the logarithm of the scale."""
    linear = sets.linear(beta)
    shift = float(linear.max(initial=0.0)) if len(linear) else 0.0
    linear -= shift
    return np.asarray(np.exp(linear, out=linear)), shift


def tie_sums(deaths: Floats, at_risk: Floats, dying: Floats, ties: Ties) -> TieSums:
    """Sums over tied events, at each event time.

    Args:
        deaths: Events at each event time, D integers.
        at_risk: Σ of exp(x·β) over those at risk, D numbers.
        dying: Σ of exp(x·β) over those with the event, D numbers.
        ties: With "breslow" all denominators are S0.

    Source:
        Efron B, 1977, doi:10.1080/01621459.1977.10480613.

    Example:
        >>> import numpy as np
        >>> sums = tie_sums(np.array([2.0]), np.array([4.0]), np.array([2.0]), "efron")
        >>> round(float(sums.b0[0]), 6) == round(1 / 4 + 1 / 3, 6)
        True
    """
    d = deaths
    zero = np.zeros_like(at_risk)
    with np.errstate(all="ignore"):  # a step that overshoots is taken back by its likelihood
        b0, a0, log = d / at_risk, d / at_risk**2, d * np.log(at_risk)
    if ties != "efron" or not (d > 1).any():
        return TieSums(log, b0, zero, a0, zero, zero)
    out = TieSums(log, b0, zero, a0, zero.copy(), zero.copy())
    few, many = np.flatnonzero((d > 1) & (d <= MANY)), np.flatnonzero(d > MANY)
    if len(few):
        _put(out, few, _each(d[few], at_risk[few], dying[few]))
    if len(many):
        _put(out, many, _closed(d[many], at_risk[many], dying[many]))
    return out


def _put(out: TieSums, where: NDArray[np.int64], part: TieSums) -> None:
    for name in ("log", "b0", "b1", "a0", "a1", "a2"):
        getattr(out, name)[where] = getattr(part, name)


def _each(d: Floats, s0: Floats, e0: Floats) -> TieSums:
    """Every tied event a term of its own."""
    reps = d.astype(np.int64)
    ends = np.cumsum(reps)
    k: Floats = np.arange(float(ends[-1])) - np.repeat(ends - reps, reps)
    share: Floats = k / np.repeat(d, reps)
    one: Floats = 1 / np.maximum(1e-300, np.repeat(s0, reps) - share * np.repeat(e0, reps))
    at = ends - reps
    weighed: Floats = share * one
    square: Floats = one * one

    def sums(values: Floats) -> Floats:
        out: Floats = np.add.reduceat(values, at)
        return out

    return TieSums(
        -sums(np.log(one)),
        sums(one),
        sums(weighed),
        sums(square),
        sums(share * square),
        sums(np.square(weighed)),
    )


def _closed(d: Floats, s0: Floats, e0: Floats) -> TieSums:
    """The same sums by gamma functions: Σ 1/(z−k) = ψ(z+1) − ψ(z−d+1) with z = d·S0/E0."""
    z, scale = d * s0 / e0, d / e0
    low = np.maximum(z - d + 1, 1.0)
    b0 = scale * (special.psi(z + 1) - special.psi(low))
    a0 = scale**2 * (special.zeta(2, low) - special.zeta(2, z + 1))
    log = special.gammaln(z + 1) - special.gammaln(low) - d * np.log(scale)
    b1 = (s0 * b0 - d) / e0
    a1 = (s0 * a0 - b0) / e0
    a2 = (s0 * a1 - b1) / e0
    return TieSums(log, b0, b1, a0, a1, a2)


def evaluate(sets: RiskSets, beta: Floats, ties: Ties) -> Point:
    """The partial likelihood at β.

    Args:
        sets: Sums over risk sets.
        beta: p coefficients.
        ties: "efron" or "breslow".
    """
    r, shift = weights(sets, beta)
    s0, e0 = sets.sums(r)
    sums = tie_sums(sets.deaths, s0, e0, ties)
    loglik = float(sets.total @ beta - sums.log.sum() - shift * sets.deaths.sum())
    if not np.isfinite(loglik):
        return Point(-np.inf, np.zeros_like(beta), np.eye(len(beta)))
    load = sets.load(r, sums.b0, sums.b1)
    score = sets.total - sets.project(load)
    return Point(loglik, score, _information(sets, r, load, sums, np.ones_like(s0)))


def information(sets: RiskSets, beta: Floats, ties: Ties, times: Floats) -> Floats:
    """Σ over event times of a factor times the variance of the covariates at risk.

    Args:
        sets: Sums over risk sets.
        beta: p coefficients.
        ties: "efron" or "breslow".
        times: The factor of each event time, D numbers.
    """
    r, _ = weights(sets, beta)
    s0, e0 = sets.sums(r)
    sums = tie_sums(sets.deaths, s0, e0, ties)
    load = sets.load(r, sums.b0 * times, sums.b1 * times)
    return _information(sets, r, load, sums, times)


def _information(sets: RiskSets, r: Floats, load: Floats, sums: TieSums, times: Floats) -> Floats:
    return sets.gram(load) - sets.squares(r, times * sums.a0, times * sums.a1, times * sums.a2)
