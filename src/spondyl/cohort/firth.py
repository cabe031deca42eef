"""Firth's penalised Cox regression, for cohorts in which a hazard ratio would run away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.cox import CoxFit, Test, upper_chi2
from spondyl.cohort.layouts import CodedSets
from spondyl.cohort.likelihood import Point, Ties, evaluate, weights
from spondyl.cohort.newton import solve
from spondyl.cohort.risk import RiskSets, RowSets
from spondyl.record import UsageError

__all__ = ["FirthFit", "firth_fits", "fit_firth"]

Floats = NDArray[np.float64]
MOST = 20_000_000


@dataclass(frozen=True)
class FirthFit:
    """A penalised fit.

    Args:
        names: Names of the p coefficients.
        coef: Logarithms of hazard ratios, p numbers.
        vcov: Their covariance from the information matrix, p × p.
        low: Lower profile-likelihood limits of the hazard ratios, p numbers.
        high: Upper ones.
        p: p values by the penalised likelihood ratio, p numbers.
        loglik: The penalised likelihood with no and with all coefficients.
    """

    names: tuple[str, ...]
    coef: Floats
    vcov: Floats
    low: Floats
    high: Floats
    p: Floats
    loglik: tuple[float, float]

    @property
    def se(self) -> Floats:
        """Standard errors, p numbers."""
        out: Floats = np.sqrt(np.diag(self.vcov))
        return out

    @property
    def likelihood_ratio(self) -> Test:
        """Test of all coefficients together by the penalised likelihood ratio."""
        return upper_chi2(2 * (self.loglik[1] - self.loglik[0]), len(self.coef))


def firth_fits(fit: CoxFit) -> bool:
    """Whether the penalised fit is defined and its third moments fit into memory.

    Args:
        fit: An ordinary fit.
    """
    rows = len(fit.rows.time) if isinstance(fit.sets, CodedSets) else len(fit.sets.count)
    return fit.ties != "exact" and rows * (len(fit.coef) + 1) ** 2 <= MOST


def fit_firth(fit: CoxFit, level: float = 0.95) -> FirthFit:
    """Fit again with Jeffreys' prior as penalty; all hazard ratios are then finite.

    Args:
        fit: An ordinary fit, with Efron or Breslow ties.
        level: The level of the profile-likelihood intervals.

    Raises:
        UsageError: The fit has exact ties.

    Source:
        Heinze G, Schemper M, 2001, doi:10.1111/j.0006-341X.2001.00114.x.

    Example:
        >>> from spondyl.cohort.cox import fit_cox
        >>> from spondyl.cohort.risk import Observations
        >>> rows = Observations(np.array([1.0, 2, 3, 4]), np.array([1.0, 1, 0, 0]), np.array([[1.0, 1, 0, 0]]).T,
        ...                     np.ones(4), np.zeros(4, np.int64))
        >>> plain = fit_cox(rows, ["fracture"])
        >>> plain.monotone, bool(np.isfinite(fit_firth(plain).coef).all())
        (('fracture',), True)
    """
    if fit.ties == "exact":
        raise UsageError("Firth's penalty goes with ties='efron' or ties='breslow', not with exact ties")
    sets = RowSets(fit.rows, fit.mean) if isinstance(fit.sets, CodedSets) else fit.sets
    p = len(fit.coef)
    free = np.ones(p, bool)
    best = _penalised_top(sets, fit.ties, np.zeros(p), free)
    null = _penalty(evaluate(sets, np.zeros(p), fit.ties))
    drop = float(special.chdtri(1, 1 - level)) / 2
    profiles = [_Profile(sets, fit.ties, best.beta, j) for j in range(p)]
    wide = np.sqrt(np.diag(best.vcov))
    low = [profile.limit(best.value - drop, -wide[j]) for j, profile in enumerate(profiles)]
    high = [profile.limit(best.value - drop, wide[j]) for j, profile in enumerate(profiles)]
    without = np.array([profile.at(0.0) for profile in profiles])
    tests = special.chdtrc(1, np.maximum(2 * (best.value - without), 0.0))
    return FirthFit(
        fit.names, best.beta, best.vcov, np.exp(low), np.exp(high), np.asarray(tests), (null, best.value)
    )


@dataclass(frozen=True)
class _Top:
    beta: Floats
    value: float
    vcov: Floats


def _penalty(point: Point) -> float:
    """The penalised log likelihood: plus half the logarithm of the information's determinant."""
    sign, log = np.linalg.slogdet(point.information)
    return point.loglik + 0.5 * float(log) if sign > 0 else -np.inf


def _slopes(sets: RiskSets, ties: Ties, beta: Floats, inverse: Floats) -> Floats:
    """½ tr(I⁻¹ ∂I/∂β), p numbers: third moments of the covariates at risk, at every tied event."""
    r, _ = weights(sets, beta)
    x, p = sets.x, len(beta)
    size = np.einsum("ij,jk,ik->i", x, inverse, x)
    parts = np.column_stack(
        [np.ones(len(r)), x, size, x * size[:, None], (x[:, :, None] * x[:, None, :]).reshape(-1, p * p)]
    )
    reps = sets.deaths.astype(np.int64)
    ends = np.cumsum(reps)
    share = (np.arange(ends[-1]) - np.repeat(ends - reps, reps)) / np.repeat(sets.deaths, reps)
    share = share * (ties == "efron")
    weighed = r[:, None] * parts
    sums = np.repeat(sets.at_risk(weighed), reps, axis=0) - share[:, None] * np.repeat(
        sets.dying(weighed), reps, axis=0
    )
    mean = sums[:, 1:] / sums[:, :1]
    first, far, both = mean[:, :p], mean[:, p], mean[:, p + 1 : 2 * p + 1]
    second = mean[:, 2 * p + 1 :].reshape(-1, p, p)
    turn = first @ inverse
    spread = np.einsum("tij,tj->ti", second, turn) - first * np.einsum("ti,ti->t", first, turn)[:, None]
    out: Floats = 0.5 * (both - first * far[:, None] - 2 * spread).sum(axis=0)
    return out


def _penalised_top(sets: RiskSets, ties: Ties, start: Floats, free: NDArray[np.bool_]) -> _Top:
    """The largest penalised likelihood over the free coefficients; the others stay where they start."""
    beta, eye = start.copy(), np.eye(len(start))
    point = evaluate(sets, beta, ties)
    value = _penalty(point)
    for _ in range(60):
        inverse = solve(point.information, eye)
        score = point.score + _slopes(sets, ties, beta, inverse)
        move = np.zeros(len(beta))
        if free.any():
            move[free] = solve(point.information[np.ix_(free, free)], score[free])
        move *= min(1.0, 5.0 / max(float(np.abs(move * np.ptp(sets.x, axis=0)).max(initial=0)), 1e-12))
        for _ in range(25):
            point = evaluate(sets, beta + move, ties)
            if (there := _penalty(point)) >= value - 1e-10 * abs(value):
                break
            move /= 2
        beta, value = beta + move, there
        if abs(float(score @ move)) < 1e-13 * (1 + abs(value)):
            break
    return _Top(beta, value, solve(point.information, eye))


@dataclass
class _Profile:
    """The penalised likelihood as a function of one coefficient, the others being free."""

    sets: RiskSets
    ties: Ties
    beta: Floats
    j: int

    def at(self, value: float) -> float:
        """The likelihood with the coefficient held at a value."""
        start = self.beta.copy()
        start[self.j] = value
        free = np.arange(len(start)) != self.j
        return _penalised_top(self.sets, self.ties, start, free).value

    def limit(self, level: float, step: float) -> float:
        """Where the likelihood falls to a level, in the direction of a step; infinite if it never does."""
        here, far = float(self.beta[self.j]), step
        for _ in range(12):
            if self.at(here + far) < level:
                from scipy import optimize  # slow to load, and seldom needed

                found = optimize.brentq(lambda b: self.at(b) - level, here, here + far, xtol=1e-7)
                return float(found)
            far *= 2
        return float(np.copysign(np.inf, step))
