"""Shares of few with an interval that holds for few."""

from __future__ import annotations

import math
from statistics import NormalDist

__all__ = ["counted", "wilson", "wilson_of"]


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
    low, high = wilson_of(100 * part / whole, whole, level)
    return 0.0 if part == 0 else low, 1.0 if part == whole else high


def wilson_of(percent: float, whole: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share that is printed as a percentage.

    Args:
        percent: The share, 0 to 100.
        whole: Of how many.
        level: The level of the interval.

    Example:
        >>> tuple(round(x, 4) for x in wilson_of(10, 10))
        (0.0179, 0.4042)
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    p, z2 = percent / 100, z * z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = z / (1 + z2 / whole) * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    return max(0.0, middle - half), min(1.0, middle + half)


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
