"""Fisher's exact test: 2 × 2 with its odds ratio, and Freeman and Halton's test for r × c tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from spondyl.cohort.network import TooLarge, exact_tail
from spondyl.record import UsageError

__all__ = ["Fisher", "fisher", "odds_ratio"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DRAWS = 100_000


@dataclass(frozen=True)
class Fisher:
    """The result of Fisher's test.

    Args:
        p: The two-sided p value.
        method: "exact", or "monte carlo" where the table is too large for all tables to be weighed.
        error: Standard error of `p`; 0 when exact.
        draws: How many tables were drawn; 0 when exact.
    """

    p: float
    method: Literal["exact", "monte carlo"]
    error: float = 0.0
    draws: int = 0


def fisher(table: Sequence[Sequence[int]] | Ints, most: int = 20_000_000) -> Fisher:
    """Fisher's exact test of independence in an r × c table.

    Args:
        table: Counts, r × c.
        most: At most so many steps for the exact answer; beyond it tables are drawn at random.

    Raises:
        UsageError: A count is negative or not whole.

    Source:
        Freeman GH, Halton JH, 1951, doi:10.1093/biomet/38.1-2.141;
        Mehta CR, Patel NR, 1983, doi:10.1080/01621459.1983.10477989.

    Example:
        >>> round(fisher([[8, 1], [2, 9], [5, 6]]).p, 6)
        0.007776
    """
    x = np.asarray(table, dtype=np.float64)
    if x.ndim != 2 or (x < 0).any() or (x != np.round(x)).any():
        raise UsageError("Fisher's test needs a table of counts: rows of whole numbers, none negative")
    counts = x.astype(np.int64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape, default=0) < 2:
        return Fisher(1.0, "exact")
    try:
        return Fisher(exact_tail(counts, most), "exact")
    except TooLarge:
        return _drawn(counts)


def _drawn(table: Ints, draws: int = DRAWS, seed: int = 1) -> Fisher:
    """The p value from tables drawn at random with the same margins; the seed is fixed."""
    rng = np.random.default_rng(seed)
    rows, columns = table.shape
    observed = special.gammaln(table + 1.0).sum()
    row = np.repeat(np.arange(rows), table.sum(axis=1))
    column = np.repeat(np.arange(columns), table.sum(axis=0))
    block = max(1, 4_000_000 // len(row))
    hits = done = 0
    while done < draws:
        size = min(block, draws - done)
        mixed = rng.permuted(np.tile(row, (size, 1)), axis=1)
        cell = (np.arange(size)[:, None] * rows + mixed) * columns + column
        counts = np.bincount(cell.ravel(), minlength=size * rows * columns).reshape(size, -1)
        hits += int((special.gammaln(counts + 1.0).sum(axis=1) >= observed - 1e-7).sum())
        done += size
    p = (hits + 1) / (draws + 1)
    return Fisher(p, "monte carlo", float(np.sqrt(p * (1 - p) / draws)), draws)


def odds_ratio(table: Sequence[Sequence[int]], level: float = 0.95) -> tuple[float, float, float]:
    """The conditional odds ratio of a 2 × 2 table with its exact limits.

    Args:
        table: Counts, 2 × 2.
        level: The level of the interval.

    Source:
        Cornfield J, 1956, Proc 3rd Berkeley Symp 4:135–148.

    Example:
        >>> round(odds_ratio([[3, 1], [1, 3]])[0], 4)
        6.4083
    """
    (a, b), (c, d) = table
    m, n, k = a + b, c + d, a + c
    support = np.arange(max(0, k - n), min(k, m) + 1)
    lead = -(special.gammaln(support + 1) + special.gammaln(m - support + 1))
    lead = lead - special.gammaln(k - support + 1) - special.gammaln(n - k + support + 1)

    def share(log_ratio: float) -> Floats:
        weight = lead + log_ratio * support
        weight = np.exp(weight - weight.max())
        return np.asarray(weight / weight.sum())

    tail = (1 - level) / 2
    at_low, at_high = a == support[0], a == support[-1]
    ratio = 0.0 if at_low else np.inf if at_high else _root(lambda t: float(share(t) @ support) - a)
    low = 0.0 if at_low else _root(lambda t: float(share(t)[support >= a].sum()) - tail)
    high = np.inf if at_high else _root(lambda t: tail - float(share(t)[support <= a].sum()))
    return float(ratio), float(low), float(high)


def _root(rising: object) -> float:
    """exp of the root of a function that rises with the log odds ratio."""
    from scipy.optimize import brentq

    return float(np.exp(brentq(rising, -60, 60, xtol=1e-14, rtol=1e-14)))
