"""How well a model orders the patients: Harrell's concordance with its standard error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.cox import CoxFit
from spondyl.cohort.packed import linear
from spondyl.cohort.risk import Observations

__all__ = ["MOST", "Concordance", "concordance"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST = 20_000
"""With late entry every pair is looked at, which more rows than this would make too long."""


@dataclass(frozen=True)
class Concordance:
    """The share of comparable pairs that the model orders rightly, ties counting half.

    Args:
        c: Between 0 and 1; 0.5 is chance.
        se: Its standard error by the infinitesimal jackknife.
    """

    c: float
    se: float


def concordance(fit: CoxFit) -> Concordance | None:
    """Harrell's concordance of a Cox model, in n·log n steps.

    Args:
        fit: The fitted model.

    Returns:
        The concordance; `None` where no pair can be compared, or where there is late entry in too many rows.

    Source:
        Harrell FE, Lee KL, Mark DB, 1996, doi:10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4.
    """
    rows, risk = fit.rows, linear(fit.rows.x, fit.coef)
    if rows.start is not None and len(risk) > MOST:
        return None
    agree, pairs = _sorted(rows, risk) if rows.start is None else _pairwise(rows, risk, rows.start)
    whole = float(rows.count @ pairs) / 2
    if not whole:
        return None
    c = float(rows.count @ agree) / 2 / whole
    influence = (agree - c * pairs) / whole
    return Concordance(c, float(np.sqrt((rows.count * influence**2).sum())))


def _pairwise(rows: Observations, risk: Floats, start: Floats) -> tuple[Floats, Floats]:
    """For each row the pairs that it is part of, and those that are ordered rightly."""
    agree, pairs = np.zeros(len(risk)), np.zeros(len(risk))
    for i in np.flatnonzero(rows.event > 0):
        later = (rows.time > rows.time[i]) | ((rows.time == rows.time[i]) & (rows.event == 0))
        other = np.flatnonzero(later & (rows.stratum == rows.stratum[i]) & (start < rows.time[i]))
        gap = risk[i] - risk[other]
        right = np.where(np.abs(gap) < 1e-12, 0.5, gap > 0)
        agree[i] += rows.count[other] @ right
        pairs[i] += rows.count[other].sum()
        agree[other] += rows.count[i] * right
        pairs[other] += rows.count[i]
    return agree, pairs


def _sorted(rows: Observations, risk: Floats) -> tuple[Floats, Floats]:
    """The same without late entry: who is comparable stands next to each other once rows are sorted by time."""
    dead = rows.event > 0
    order = np.lexsort((dead, -rows.time, rows.stratum))
    time, stratum, died, count = rows.time[order], rows.stratum[order], dead[order], rows.count[order]
    place, n = np.arange(len(order)), len(order)
    fresh = np.ones(n, bool)
    fresh[1:] = (stratum[1:] != stratum[:-1]) | (time[1:] != time[:-1]) | (died[1:] != died[:-1])
    heads = np.flatnonzero(fresh)
    block = np.cumsum(fresh) - 1
    head, tail = heads[block], np.append(heads[1:], n)[block]
    codes = np.arange(int(stratum.max(initial=0)) + 1)
    base, stop = (
        np.searchsorted(stratum, codes)[stratum],
        np.searchsorted(stratum, codes, side="right")[stratum],
    )
    rank = _ranks(risk)[order]
    ask = np.flatnonzero(died)
    before = _below(rank, count, base[ask], head[ask], rank[ask])
    after = _below(rank, count * died, np.where(died, tail, place), stop, rank)
    agree, pairs = after[2] - after[0] - after[1] / 2, after[2]
    agree[ask] += before[0] + before[1] / 2
    pairs[ask] += before[2]
    out = np.empty((2, n))
    out[:, order] = agree, pairs
    return out[0], out[1]


def _ranks(risk: Floats) -> Ints:
    """Places of the risks among the distinct ones; what differs by rounding only is equal."""
    order = np.argsort(risk, kind="stable")
    out = np.empty(len(risk), np.int64)
    out[order] = np.cumsum(np.diff(risk[order], prepend=risk[order[0]]) >= 1e-12)
    return out


def _below(rank: Ints, weight: Floats, low: Ints, high: Ints, asked: Ints) -> tuple[Floats, Floats, Floats]:
    """Σ of weights between two places of rows below a rank, at it, and of all.

    Ranks are split bit by bit, rows with a zero going first; each range stays one range (a wavelet matrix).

    Source:
        Claude F, Navarro G, Ordóñez A, 2015, doi:10.1016/j.is.2014.06.002.
    """
    whole = np.concatenate([[0.0], np.cumsum(weight)])
    every = whole[high] - whole[low]
    less = np.zeros(len(asked))
    for bit in range(int(rank.max(initial=0)).bit_length() - 1, -1, -1):
        ones = (rank >> bit) & 1
        zeros = np.concatenate([[0], np.cumsum(1 - ones)])
        light = np.concatenate([[0.0], np.cumsum(weight * (1 - ones))])
        up = ((asked >> bit) & 1).astype(bool)
        less += np.where(up, light[high] - light[low], 0.0)
        low, high = (np.where(up, zeros[-1] + at - zeros[at], zeros[at]) for at in (low, high))
        turn = np.argsort(ones.astype(np.uint8), kind="stable")
        rank, weight = rank[turn], weight[turn]
    last = np.concatenate([[0.0], np.cumsum(weight)])
    return less, last[high] - last[low], every
