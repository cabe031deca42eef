"""Shares of few with an interval that holds for few."""

from __future__ import annotations

import math
from statistics import NormalDist

__all__ = ["counted", "wilson"]


def wilson(part: int, whole: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share.

    Args:
        part: How many have it.
        whole: Of how many.
        level: The level of the interval.

    Returns:
        Lower and upper limit of the share.

    Source:
        Wilson EB, 1927, doi:10.1080/01621459.1927.10502953.

    Example:
        >>> tuple(round(x, 4) for x in wilson(1, 10))
        (0.0179, 0.4042)
        >>> tuple(round(x, 4) for x in wilson(0, 5))
        (0.0, 0.4345)
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    p, z2 = part / whole, z * z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = z / (1 + z2 / whole) * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    low = 0.0 if part == 0 else max(0.0, middle - half)
    return low, 1.0 if part == whole else min(1.0, middle + half)


def counted(part: int, whole: int) -> str:
    """A count with its share and Wilson's 95 % interval.

    Example:
        >>> counted(1, 10), counted(0, 0)
        ('1 of 10 (10%, 95% CI 2%–40%)', '0 of 0')
    """
    if not whole:
        return f"{part} of {whole}"
    low, high = wilson(part, whole)
    return f"{part} of {whole} ({part / whole:.0%}, 95% CI {low:.0%}–{high:.0%})"
