"""The exact partial likelihood of discrete time: every choice of the tied events among those at risk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.likelihood import Point
from spondyl.cohort.packed import dense
from spondyl.cohort.risk import Observations, RowSets
from spondyl.record import UsageError

__all__ = ["ExactSets", "exact_point"]

Floats = NDArray[np.float64]
STEPS = 3_000_000


class ExactSets(RowSets):
    """Risk sets whose rows are single observations; counts are expanded.

    Args:
        rows: The observations.
        less: What is taken from each covariate, p numbers.

    Raises:
        UsageError: The data are too large for exact ties.
    """

    def __init__(self, rows: Observations, less: Floats | None = None) -> None:
        times = rows.count.astype(np.int64)
        start = None if rows.start is None else np.repeat(rows.start, times)
        time, event, x = (np.repeat(v, times, axis=0) for v in (rows.time, rows.event, dense(rows.x)))
        n = len(time)
        held = Observations(time, event, x, np.ones(n), np.repeat(rows.stratum, times), start)
        super().__init__(held, less)
        tied = self.deaths > 1
        if (steps := float((self.at_risk(np.ones(n)) * self.deaths)[tied].sum())) > STEPS:
            raise UsageError(
                f"exact ties would take {steps:.0f} steps here, {STEPS} at most; use ties='efron', which "
                "comes close to them"
            )


def exact_point(sets: ExactSets, beta: Floats) -> Point:
    """The exact partial likelihood at β, by recursion over those at risk.

    Args:
        sets: Risk sets of single observations.
        beta: p coefficients.

    Source:
        Gail MH, Lubin JH, Rubinstein LV, 1981, doi:10.1093/biomet/68.3.703.
    """
    linear = sets.x @ beta
    shift = float(linear.max())
    r = np.exp(linear - shift)
    p = len(beta)
    loglik, score, info = float(sets.total @ beta), sets.total.copy(), np.zeros((p, p))
    for g, d in enumerate(sets.deaths.astype(int)):
        inside = np.flatnonzero((sets.first <= g) & (sets.end > g))
        log, one, two = _choices(r[inside], sets.x[inside], int(d))
        loglik -= log + d * shift
        score -= one
        info += two - np.outer(one, one)
    return Point(loglik, score, info)


def _choices(r: Floats, x: Floats, d: int) -> tuple[float, Floats, Floats]:
    """Logarithm of the Σ over choices of d of Π r, with mean and second moment of Σ x over the choices."""
    p = x.shape[1]
    zero, one, two = np.zeros(d + 1), np.zeros((d + 1, p)), np.zeros((d + 1, p, p))
    zero[0], log = 1.0, 0.0
    for weight, row in zip(r, x, strict=True):
        cross = one[:-1, :, None] * row
        grown = two[:-1] + cross + cross.transpose(0, 2, 1) + zero[:-1, None, None] * np.outer(row, row)
        two[1:] += weight * grown
        one[1:] += weight * (one[:-1] + zero[:-1, None] * row)
        zero[1:] += weight * zero[:-1]
        if (size := zero.max()) > 1e100:
            zero, one, two, log = zero / size, one / size, two / size, log + float(np.log(size))
    return log + float(np.log(zero[d])), one[d] / zero[d], two[d] / zero[d]
