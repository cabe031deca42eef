"""What a Cox model leaves: residuals, cluster-robust errors, the test of proportional hazards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.cox import CoxFit, Test, upper_chi2
from spondyl.cohort.lifetable import kaplan_meier, life_table
from spondyl.cohort.likelihood import Ties, TieSums, information, tie_sums, weights
from spondyl.cohort.newton import solve
from spondyl.cohort.risk import RowSets
from spondyl.cohort.tally import tally

__all__ = ["Proportional", "Transform", "cluster_robust", "deviance", "martingale", "score_rows", "zph"]

Floats = NDArray[np.float64]
Transform = Literal["km", "identity", "log", "rank"]


@dataclass(frozen=True)
class _Parts:
    """The fitted model on its rows: relative hazards, sums over ties, sums of covariates at event times."""

    sets: RowSets
    r: Floats
    ties: TieSums
    s1: Floats
    e1: Floats


def _parts(fit: CoxFit) -> _Parts:
    sets = fit.sets if isinstance(fit.sets, RowSets) else RowSets(fit.rows, fit.mean)
    r, _ = weights(sets, fit.coef)
    return _Parts(sets, r, tie_sums(sets.deaths, *sets.sums(r), _summed(fit)), *sets.moments(r))


def _summed(fit: CoxFit) -> Ties:
    """What tests after the fit use: exact ties have no sums of their own."""
    return "efron" if fit.ties == "efron" else "breslow"


def _in_order(parts: _Parts, values: Floats) -> Floats:
    """Values of sorted rows in the order of the rows given."""
    out = np.empty_like(values)
    out[parts.sets.order] = values
    return out


def martingale(fit: CoxFit) -> Floats:
    """Martingale residuals, one per row: events less what the model expects.

    Args:
        fit: The fitted model.

    Source:
        Therneau TM, Grambsch PM, Fleming TR, 1990, doi:10.1093/biomet/77.1.147.
    """
    parts = _parts(fit)
    sets = parts.sets
    expected = parts.r * sets.spread_each(parts.ties.b0)
    dead = sets.dead
    expected[dead] -= parts.r[dead] * parts.ties.b1[sets.first[dead]]
    return _in_order(parts, sets.event - expected)


def deviance(fit: CoxFit) -> Floats:
    """Deviance residuals, one per row: martingale residuals made symmetric.

    Args:
        fit: The fitted model.
    """
    m, event = martingale(fit), fit.rows.event
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(event > 0, event * np.log(event - m), 0.0)
    out: Floats = np.sign(m) * np.sqrt(np.maximum(-2 * (m + inside), 0.0))
    return out


def score_rows(fit: CoxFit) -> Floats:
    """Score residuals, rows × p: what each row adds to the score.

    Args:
        fit: The fitted model.
    """
    parts = _parts(fit)
    sets, t = parts.sets, parts.ties
    at, dead = sets.first[sets.dead], sets.dead
    drift = parts.s1 * t.a0[:, None] - parts.e1 * t.a1[:, None]
    out: Floats = -parts.r[:, None] * (sets.x * sets.spread_each(t.b0)[:, None] - sets.spread_each(drift))
    mean = (parts.s1 * t.b0[:, None] - parts.e1 * t.b1[:, None]) / sets.deaths[:, None]
    tied = parts.s1 * t.a1[:, None] - parts.e1 * t.a2[:, None]
    out[dead] += sets.x[dead] - mean[at]
    out[dead] += parts.r[dead, None] * (sets.x[dead] * t.b1[at, None] - tied[at])
    return _in_order(parts, out)


def cluster_robust(fit: CoxFit, cluster: NDArray[np.int64]) -> CoxFit:
    """The fit with errors that allow for rows of one cluster being alike.

    Args:
        fit: The fitted model.
        cluster: Codes of the clusters, one per row.

    Source:
        Lin DY, Wei LJ, 1989, doi:10.1080/01621459.1989.10478874.
    """
    moved = score_rows(fit) * fit.rows.count[:, None] @ fit.vcov
    _, code = np.unique(cluster, return_inverse=True)
    summed = np.zeros((int(code.max()) + 1, moved.shape[1]))
    np.add.at(summed, code, moved)
    return replace(fit, robust=summed.T @ summed)


@dataclass(frozen=True)
class Proportional:
    """Test of proportional hazards of one term, or of all ("GLOBAL")."""

    term: str
    test: Test


def zph(fit: CoxFit, transform: Transform = "km") -> list[Proportional]:
    """Score tests of proportional hazards: does a coefficient change with time?

    Args:
        fit: The fitted model.
        transform: The function of time it may change with; "km" is 1 − Kaplan-Meier.

    Returns:
        One test per term, the last one of all terms together.

    Source:
        Grambsch PM, Therneau TM, 1994, doi:10.1093/biomet/81.3.515.
    """
    sets, ties = fit.sets, _summed(fit)
    r, _ = weights(sets, fit.coef)
    t = tie_sums(sets.deaths, *sets.sums(r), ties)
    time = _transformed(fit, transform, sets.times)
    time = time - np.average(time, weights=sets.deaths)
    blocks = [information(sets, fit.coef, ties, time**power) for power in (0, 1, 2)]
    whole = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    p = len(fit.coef)
    gap = sets.spread_dying(time) - sets.load(r, t.b0 * time, t.b1 * time)
    score = np.concatenate([np.zeros(p), sets.project(gap)])

    def test(name: str, which: list[int]) -> Proportional:
        keep = [*range(p), *(p + j for j in which)]
        part = score[keep]
        return Proportional(
            name, upper_chi2(float(part @ solve(whole[np.ix_(keep, keep)], part)), len(which))
        )

    found = [
        test(name, [j for j, a in enumerate(fit.assign) if a == number])
        for number, name in enumerate(fit.terms)
    ]
    return [*found, test("GLOBAL", list(range(p)))]


def _transformed(fit: CoxFit, transform: Transform, times: Floats) -> Floats:
    rows = fit.rows
    if transform == "identity":
        return times
    if transform == "log":
        out: Floats = np.log(times)
        return out
    if transform == "rank":
        axis, at = np.unique(rows.time, return_inverse=True)
        many = tally(at, rows.count, len(axis))
        middle = np.cumsum(many) - many / 2 + 0.5
        return np.asarray(middle[np.searchsorted(axis, times)])
    curve = kaplan_meier(life_table(rows.time, rows.event, rows.count, rows.start))
    before = np.searchsorted(curve.time, times, side="left")
    return np.concatenate([[0.0], 1 - curve.survival])[before]
