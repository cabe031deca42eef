"""How well a model orders the patients: Harrell's concordance with its standard error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.cox import CoxFit
from spondyl.cohort.packed import linear

__all__ = ["Concordance", "concordance"]

Floats = NDArray[np.float64]
MOST = 20_000


@dataclass(frozen=True)
class Concordance:
    """The share of comparable pairs that the model orders rightly, ties counting half.

    Args:
        c: Between 0 and 1; 0.5 is chance.
        se: Its standard error by the infinitesimal jackknife.
    """

    c: float
    se: float


def concordance(fit: CoxFit, most: int = MOST) -> Concordance | None:
    """Harrell's concordance of a Cox model.

    Args:
        fit: The fitted model.
        most: More distinct rows than this are not compared pair by pair.

    Returns:
        The concordance; `None` where there are too many rows or no pair can be compared.

    Source:
        Harrell FE, Lee KL, Mark DB, 1996, doi:10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4.
    """
    rows = fit.rows
    if len(rows.time) > most:
        return None
    risk = linear(rows.x, fit.coef)
    agree, pairs = np.zeros(len(risk)), np.zeros(len(risk))
    for i in np.flatnonzero(rows.event > 0):
        later = (rows.time > rows.time[i]) | ((rows.time == rows.time[i]) & (rows.event == 0))
        later &= rows.stratum == rows.stratum[i]
        if rows.start is not None:
            later &= rows.start < rows.time[i]
        other = np.flatnonzero(later)
        gap = risk[i] - risk[other]
        right = np.where(np.abs(gap) < 1e-12, 0.5, gap > 0)
        agree[i] += rows.count[other] @ right
        pairs[i] += rows.count[other].sum()
        agree[other] += rows.count[i] * right
        pairs[other] += rows.count[i]
    whole = float(rows.count @ pairs) / 2
    if not whole:
        return None
    c = float(rows.count @ agree) / 2 / whole
    influence = (agree - c * pairs) / whole
    return Concordance(c, float(np.sqrt((rows.count * influence**2).sum())))
