"""Newton's method for a concave likelihood, with halved steps where it overshoots."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.likelihood import Point

__all__ = ["Climb", "climb", "solve"]

Floats = NDArray[np.float64]
LONGEST = 6.0


@dataclass(frozen=True)
class Climb:
    """Where Newton's method ended.

    Args:
        beta: The coefficients, p numbers.
        null: The likelihood at the start.
        top: The likelihood at the end.
        converged: Whether the last step changed nothing any more.
        steps: How many steps were taken.
    """

    beta: Floats
    null: Point
    top: Point
    converged: bool
    steps: int


def solve(matrix: Floats, right: Floats) -> Floats:
    """matrix⁻¹ · right of a symmetric matrix, scaled to unit diagonal first.

    Example:
        >>> import numpy as np
        >>> solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 2.0])).tolist()
        [1.0, 0.5]
    """
    scale = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    inner = matrix / np.outer(scale, scale)
    turned = (right.T / scale).T
    try:
        out: Floats = np.linalg.solve(inner, turned)
    except np.linalg.LinAlgError:
        out = np.linalg.pinv(inner) @ turned
    return np.asarray((out.T / scale).T)


def climb(
    at: Callable[[Floats], Point],
    start: Floats,
    width: Floats | None = None,
    most: int = 40,
    close: float = 1e-14,
) -> Climb:
    """Coefficients at which the likelihood is largest.

    Args:
        at: The likelihood at given coefficients.
        start: Where to begin.
        width: The range of each covariate; no step moves a log hazard ratio across it by more than 6.
        most: At most so many steps.
        close: Relative change of the likelihood that counts as none.
    """
    beta, here = start, at(start)
    null = here
    scale = np.ones(len(start)) if width is None else width
    for step in range(1, most + 1):
        move = solve(here.information, here.score)
        move = move * min(1.0, LONGEST / max(float(np.abs(move * scale).max(initial=0.0)), 1e-300))
        there = at(beta + move)
        for _ in range(30):
            if np.isfinite(there.loglik) and there.loglik >= here.loglik - 1e-9 * abs(here.loglik):
                break
            move = move / 2
            there = at(beta + move)
        gain = float(here.score @ move)
        beta, here = beta + move, there
        if abs(gain) <= close * (abs(here.loglik) + 1e-3):
            return Climb(beta, null, here, True, step)
    return Climb(beta, null, here, False, most)
