"""Counting into bins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["tally"]


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
