"""What p values a ratio with its confidence interval allows, given only rounded numbers.

The interval is taken as symmetric on the log scale (Wald). The printed bounds and the printed ratio each stand
for a cell of numbers; in the plane of (log lower, log upper) the cells of the bounds make a box, the cell of the
ratio a strip across it. z is a quotient of linear functions there, so its extremes lie at the polygon's corners.
"""

from __future__ import annotations

from math import erfc, exp, log, sqrt
from typing import NamedTuple

from spondyl.audit.rounding import Cell

__all__ = ["Feasible", "feasible", "normal_quantile", "two_sided"]

_LEAST = 1e-9
_Z = {90: 1.6448536269514722, 95: 1.959963984540054, 99: 2.5758293035489004}


class Feasible(NamedTuple):
    """What a ratio and its interval allow.

    Args:
        low, high: The least and the greatest p value.
        middle: The ratio that the printed bounds, taken as they are, enclose symmetrically.
        symmetric: Whether the ratio can be the geometric middle of its interval.
    """

    low: float
    high: float
    middle: float
    symmetric: bool


def feasible(lower: Cell, upper: Cell, ratio: Cell | None, level: int = 95) -> Feasible | None:
    """The p values that a confidence interval allows, with or without its ratio.

    Args:
        lower, upper: The printed bounds; digits may have been rounded or cut off.
        ratio: The printed ratio, or `None` to leave it out of account.
        level: The level of the interval in percent.

    Returns:
        The range of p, or `None` where no lower bound lies below an upper one.

    Source:
        The idea of recomputing p from an interval: Altman and Bland, BMJ 2011, doi:10.1136/bmj.d2304.

    Example:
        >>> from spondyl.audit.rounding import cell
        >>> found = feasible(cell("1.04"), cell("1.96"), cell("1.43"))
        >>> found is not None and (round(found.low, 3), round(found.high, 3), found.symmetric)
        (0.023, 0.03, True)
    """
    a, b = _logs(lower)
    c, d = _logs(upper)
    if a >= d:
        return None
    middle = exp((log(max(float(lower.value), _LEAST)) + log(max(float(upper.value), _LEAST))) / 2)
    corners = [(a, c), (a, d), (b, c), (b, d)]
    cut = corners
    if ratio is not None:
        low, high = _logs(ratio)
        cut = _strip([(a, c), (b, c), (b, d), (a, d)], 2 * low, 2 * high)
    zs = [_z(x, y, level) for x, y in (cut or corners) if y > x]
    if not zs:
        return None
    straddles = min(zs) < 0 < max(zs)
    ps = [two_sided(abs(z)) for z in zs]
    return Feasible(min(ps), 1.0 if straddles else max(ps), middle, bool(cut))


def _logs(c: Cell) -> tuple[float, float]:
    return log(max(float(c.low), _LEAST)), log(max(float(c.end), _LEAST))


def _z(x: float, y: float, level: int) -> float:
    return (x + y) / (y - x) * _Z.get(level, _Z[95])


def two_sided(z: float) -> float:
    """The two-sided p value of a standard normal deviate.

    Example:
        >>> round(two_sided(1.96), 3)
        0.05
    """
    return erfc(z / sqrt(2))


def normal_quantile(level: int) -> float:
    """How many standard errors an interval of a level reaches to each side."""
    return _Z.get(level, _Z[95])


Point = tuple[float, float]


def _strip(polygon: list[Point], low: float, high: float) -> list[Point]:
    """A convex polygon cut down to low <= x + y <= high."""
    return _half(_half(polygon, 1.0, low), -1.0, -high)


def _half(polygon: list[Point], sign: float, bound: float) -> list[Point]:
    """A convex polygon cut down to sign * (x + y) >= bound."""
    out: list[Point] = []
    for k, p in enumerate(polygon):
        q = polygon[(k + 1) % len(polygon)]
        f, g = sign * (p[0] + p[1]) - bound, sign * (q[0] + q[1]) - bound
        if f >= -1e-12:
            out.append(p)
        if (f > 1e-12 and g < -1e-12) or (f < -1e-12 and g > 1e-12):
            t = f / (f - g)
            out.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return out
