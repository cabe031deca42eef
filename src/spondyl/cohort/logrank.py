"""Tests of equal survival between groups: log-rank and its relatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.cox import Test, upper_chi2
from spondyl.cohort.tally import tally
from spondyl.record import UsageError

__all__ = ["LogRank", "logrank"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LogRank:
    """Events observed and expected by group, and the test that they agree.

    Args:
        test: χ², degrees of freedom, p.
        observed: Events by group, G numbers.
        expected: Events expected if survival were the same, G numbers.
    """

    test: Test
    observed: Floats
    expected: Floats


@dataclass(frozen=True)
class Groups:
    """Counted observations of G groups in strata; codes from 0; `start` where observation begins, `None` for 0."""

    time: Floats
    event: Floats
    count: Floats
    group: Ints
    stratum: Ints
    start: Floats | None = None


def logrank(
    data: Groups,
    rho: float = 0.0,
    scores: Floats | None = None,
) -> LogRank:
    """The k-sample test of equal survival.

    Args:
        data: The counted observations.
        rho: 0 for the log-rank test, 1 for Peto and Peto's weights S(t−).
        scores: One number per group turns it into the test for trend.

    Raises:
        UsageError: There is one group only, or there are no events.

    Source:
        Harrington DP, Fleming TR, 1982, doi:10.1093/biomet/69.3.553.

    Example:
        >>> import numpy as np
        >>> one, zero = np.ones(4), np.zeros(4, np.int64)
        >>> data = Groups(np.array([1.0, 2, 3, 4]), one, one, np.array([0, 0, 1, 1]), zero)
        >>> round(logrank(data).test.chi2, 4)
        2.8824
    """
    size = int(data.group.max()) + 1
    if size < 2:
        raise UsageError("there is one group only, nothing to compare; name another column with --by")
    if not (data.event * data.count).sum():
        raise UsageError("no events: nobody in these rows has the event, so the groups cannot be compared")
    parts = [_stratum(data, data.stratum == s, size, rho) for s in np.unique(data.stratum)]
    observed, expected = sum(p[0] for p in parts), sum(p[1] for p in parts)
    variance = sum(p[2] for p in parts)
    gap = np.asarray(observed - expected)
    if scores is not None:
        test = upper_chi2(float((scores @ gap) ** 2 / (scores @ variance @ scores)), 1)
    else:
        kept = np.flatnonzero(np.asarray(expected) > 0)[:-1]
        inner = np.asarray(variance)[np.ix_(kept, kept)]
        test = upper_chi2(float(gap[kept] @ np.linalg.lstsq(inner, gap[kept], rcond=None)[0]), len(kept))
    return LogRank(test, np.asarray(observed), np.asarray(expected))


def _stratum(data: Groups, inside: NDArray[np.bool_], size: int, rho: float) -> tuple[Floats, Floats, Floats]:
    """Observed, expected and variance of one stratum."""
    axis, at = np.unique(data.time[inside], return_inverse=True)
    cell, count = at * size + data.group[inside], data.count[inside]
    shape = (len(axis), size)
    left = tally(cell, count, len(axis) * size).reshape(shape)
    died = tally(cell, count * data.event[inside], len(axis) * size).reshape(shape)
    n = np.cumsum(left[::-1], axis=0)[::-1]
    if data.start is not None:
        entered = np.searchsorted(axis, data.start[inside], side="right")
        late = tally(entered * size + data.group[inside], count, (len(axis) + 1) * size).reshape(-1, size)
        n = n - np.cumsum(late[::-1], axis=0)[::-1][1:]
    some = died.sum(axis=1) > 0
    n, died = n[some], died[some]
    whole, d = n.sum(axis=1), died.sum(axis=1)
    weight = np.concatenate([[1.0], np.cumprod(1 - d / whole)[:-1]]) ** rho
    share = n / whole[:, None]
    spare = np.where(whole > 1, (whole - d) / np.maximum(whole - 1, 1), 0.0)
    factor = weight**2 * d * spare
    variance = np.diag(factor @ share) - share.T @ (factor[:, None] * share)
    return weight @ died, (weight * d) @ share, variance
