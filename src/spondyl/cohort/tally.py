"""Counting into bins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["factorized", "small", "tally"]


def tally(at: NDArray[np.int64], count: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Σ of counts in each bin.

    Args:
        at: The bin of each number, n integers from 0.
        count: What is added to it, n numbers.
        size: How many bins there are.

    Example:
        >>> tally(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist()
        [1.0, 0.0, 5.0, 0.0]
    """
    out: Any = np.bincount(at, weights=count, minlength=size)
    return np.asarray(out, dtype=np.float64)


def factorized(values: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The distinct values, ascending, and the place of each number among them; no sorting where they are small.

    Args:
        values: n numbers, none missing.

    Example:
        >>> levels, codes = factorized(np.array([3.0, 1.0, 3.0]))
        >>> levels.tolist(), codes.tolist()
        ([1.0, 3.0], [1, 0, 1])
    """
    if len(values) and (whole := small(values)) is not None:
        levels = np.flatnonzero(np.bincount(whole))
        place = np.zeros(int(levels[-1]) + 1, np.int64)
        place[levels] = np.arange(len(levels))
        return levels.astype(np.float64), place[whole]
    found, codes = np.unique(values, return_inverse=True)
    return found, codes.astype(np.int64)


def small(values: NDArray[Any]) -> NDArray[np.int64] | None:
    """Numbers as integers where all are whole, at least 0 and below 65,536.

    Args:
        values: n numbers, none missing.

    Example:
        >>> small(np.array([3.0, 0.0])).tolist(), small(np.array([0.5]))
        ([3, 0], None)
    """
    if len(values) and (values.min() < 0 or values.max() >= 65_536):
        return None
    whole = values.astype(np.int64)
    return whole if values.dtype.kind in "iu" or (whole == values).all() else None
