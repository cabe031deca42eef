"""Cox's proportional hazards regression on rows or counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.exact import ExactSets, exact_point
from spondyl.cohort.layouts import risk_sets
from spondyl.cohort.likelihood import Point, Ties, evaluate
from spondyl.cohort.newton import Climb, climb, solve
from spondyl.cohort.packed import means
from spondyl.cohort.risk import Observations, RiskSets
from spondyl.record import UsageError

__all__ = ["CoxFit", "Test", "fit_cox", "normal_quantile", "upper_chi2"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Test:
    """A test's statistic, its degrees of freedom and its p value."""

    chi2: float
    df: int
    p: float


def upper_chi2(chi2: float, df: int) -> Test:
    """The test whose statistic is χ²-distributed.

    Example:
        >>> round(upper_chi2(3.841459, 1).p, 4)
        0.05
    """
    return Test(float(chi2), df, float(special.chdtrc(df, max(chi2, 0.0))) if df else 1.0)


def normal_quantile(level: float) -> float:
    """How many standard errors a two-sided interval of this level spans on each side.

    Example:
        >>> round(normal_quantile(0.95), 4)
        1.96
    """
    return float(special.ndtri(0.5 + level / 2))


@dataclass(frozen=True)
class CoxFit:
    """A fitted Cox model.

    Args:
        names: The coefficients' names, p.
        coef: Logarithms of hazard ratios, p numbers.
        vcov: Their covariance from the information matrix, p × p.
        robust: Their cluster-robust covariance, p × p, or `None`.
        null: The likelihood with all coefficients zero.
        top: The likelihood at `coef`.
        ties: "efron", "breslow" or "exact".
        n: Number of observations.
        events: Number of events.
        monotone: Names of coefficients whose likelihood has no maximum (the estimate runs away).
        assign: For each coefficient the number of its term, p integers.
        terms: The terms' names.
    """

    names: tuple[str, ...]
    coef: Floats
    vcov: Floats
    robust: Floats | None
    null: Point
    top: Point
    ties: Ties
    n: int
    events: int
    monotone: tuple[str, ...]
    assign: tuple[int, ...]
    terms: tuple[str, ...]
    sets: RiskSets = field(repr=False)
    rows: Observations = field(repr=False)
    mean: Floats = field(repr=False)

    @property
    def se(self) -> Floats:
        """Standard errors: cluster-robust where clusters were named."""
        shown = self.vcov if self.robust is None else self.robust
        out: Floats = np.sqrt(np.maximum(np.diag(shown), 0.0))
        return out

    @property
    def p(self) -> Floats:
        """Wald p values of the coefficients."""
        with np.errstate(divide="ignore", invalid="ignore"):
            out: Floats = special.chdtrc(1, (self.coef / self.se) ** 2)
        return out

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper limits of the hazard ratios."""
        wide = normal_quantile(level) * self.se
        with np.errstate(over="ignore"):
            return np.exp(self.coef - wide), np.exp(self.coef + wide)

    @property
    def likelihood_ratio(self) -> Test:
        """Test of all coefficients together by the likelihood ratio."""
        return upper_chi2(2 * (self.top.loglik - self.null.loglik), len(self.coef))

    @property
    def wald(self) -> Test:
        """Wald test of all coefficients together."""
        shown = self.vcov if self.robust is None else self.robust
        return upper_chi2(float(self.coef @ solve(shown, self.coef)), len(self.coef))

    @property
    def score_test(self) -> Test:
        """Score test of all coefficients together."""
        return upper_chi2(
            float(self.null.score @ solve(self.null.information, self.null.score)), len(self.coef)
        )


def fit_cox(
    rows: Observations,
    names: Sequence[str],
    ties: Ties = "efron",
    assign: Sequence[int] = (),
    terms: Sequence[str] = (),
) -> CoxFit:
    """Fit Cox's model.

    Args:
        rows: The observations.
        names: Names of the p covariates.
        ties: How tied events are handled.
        assign: For each covariate the number of its term; each its own where not given.
        terms: The names of the terms.

    Raises:
        UsageError: There are no events, or a covariate is constant or a combination of others.

    Source:
        Cox DR, 1972, doi:10.1111/j.2517-6161.1972.tb00899.x.

    Example:
        >>> import numpy as np
        >>> rows = Observations(np.array([1.0, 2, 3, 4, 5, 6]), np.ones(6), np.array([[1.0, 0, 1, 0, 1, 0]]).T,
        ...                     np.ones(6), np.zeros(6, np.int64))
        >>> fit_cox(rows, ["treated"]).coef.round(4).tolist()
        [0.6321]
    """
    events = int((rows.event * rows.count).sum())
    if not events:
        raise UsageError("no events: nobody in these rows has the event, so no hazard ratio can be estimated")
    mean = means(rows.x, rows.count)
    sets: RiskSets = ExactSets(rows, mean) if ties == "exact" else risk_sets(rows, mean)
    check_covariates(sets, names, mean)
    wide = sets.spans()
    found = _climbed(sets, ties, wide)
    return CoxFit(
        tuple(names), found.beta, solve(found.top.information, np.eye(len(names))), None, found.null, found.top,
        ties, int(rows.count.sum()), events, _monotone(found, wide, names),
        tuple(assign) or tuple(range(len(names))), tuple(terms) or tuple(names), sets, rows, mean,
    )  # fmt: skip


def _climbed(sets: RiskSets, ties: Ties, wide: Floats) -> Climb:
    def at(beta: Floats) -> Point:
        return exact_point(sets, beta) if isinstance(sets, ExactSets) else evaluate(sets, beta, ties)

    return climb(at, np.zeros(len(wide)), wide)


def _monotone(found: Climb, wide: Floats, names: Sequence[str]) -> tuple[str, ...]:
    """Where one more step of Newton's method would still move the hazard ratio, there is no maximum."""
    move = np.abs(solve(found.top.information, found.top.score)) * wide
    return tuple(name for name, step in zip(names, move, strict=True) if step > 0.05)


def check_covariates(sets: RiskSets, names: Sequence[str], mean: Floats) -> None:
    """Refuse covariates that cannot be estimated.

    Args:
        sets: Sums over risk sets, covariates centred.
        names: Names of the covariates.
        mean: Their means before they were centred.

    Raises:
        UsageError: A covariate is constant, or a combination of those before it.
    """
    square = sets.gram(sets.count)
    size = np.sqrt(np.diag(square))
    least = 1e-9 * float(np.sqrt(sets.count.sum())) * np.abs(mean)
    for name, length, limit in zip(names, size, least, strict=True):
        if length <= limit or not length:
            raise UsageError(f"{name} is the same for everybody in the model; leave it out")
    unit = square / np.outer(size, size)
    if _independent(unit):
        return
    for j in range(1, len(names)):
        before, right = unit[:j, :j], unit[:j, j]
        rest = 1 - float(right @ np.linalg.lstsq(before, right, rcond=None)[0])
        if rest < 1e-9:
            with_it = [names[k] for k in range(j) if abs(right[k]) > 1e-9]
            raise UsageError(
                f"{names[j]} is an exact combination of {', '.join(with_it[:6])}; leave one of them out"
            )


def _independent(unit: Floats) -> bool:
    """Whether no column of a correlation matrix is nearly a combination of those before it."""
    try:
        return bool((np.diag(np.linalg.cholesky(unit)) ** 2 > 1e-8).all())
    except np.linalg.LinAlgError:
        return False
