"""Numbers of a study as they are printed."""

from __future__ import annotations

import math

__all__ = ["interval", "months", "number", "p_value", "percent", "ratio", "share", "within"]


def number(value: float, places: int = 1) -> str:
    """A number with fixed decimals.

    Example:
        >>> number(2.345, 2), number(float("nan"))
        ('2.35', '–')
    """
    return f"{value:.{places}f}" if math.isfinite(value) else "–"


def p_value(p: float) -> str:
    """A p value.

    Example:
        >>> p_value(0.2476), p_value(0.00004), p_value(0.0123)
        ('0.25', '<0.001', '0.012')
    """
    if not math.isfinite(p):
        return "–"
    if p < 0.001:
        return "<0.001"
    if p > 0.995:
        return ">0.99"
    return f"{p:.2f}" if p >= 0.095 else f"{p:.3f}"


def percent(part: float, whole: float) -> str:
    """A count with its share.

    Example:
        >>> percent(45, 396), percent(0, 0)
        ('45 (11%)', '0')
    """
    return f"{part:.0f} ({share(part / whole)})" if whole else f"{part:.0f}"


def share(value: float) -> str:
    """A share as a percentage; one decimal below ten.

    Example:
        >>> share(0.1136), share(0.0333), share(1.0)
        ('11%', '3.3%', '100%')
    """
    if not math.isfinite(value):
        return "–"
    return f"{100 * value:.0f}%" if value >= 0.0995 or value == 0 else f"{100 * value:.1f}%"


def within(value: float, low: float, high: float) -> str:
    """A share with its limits; where nobody is left there are none.

    Example:
        >>> within(0.6, 0.44, 0.73), within(0.0, float("nan"), float("nan"))
        ('60% (44%–73%)', '0%')
    """
    return share(value) if math.isnan(low) else f"{share(value)} ({share(low)}–{share(high)})"


def months(value: float) -> str:
    """A time, or that it is not reached.

    Example:
        >>> months(12.5), months(float("nan"))
        ('12.5', 'not reached')
    """
    return f"{value:.1f}" if math.isfinite(value) else "not reached"


def ratio(value: float) -> str:
    """A hazard ratio: two decimals, none from 100 on.

    Example:
        >>> ratio(1.3456), ratio(228.69)
        ('1.35', '229')
    """
    return number(value, 2) if value < 100 else number(value, 0)


def interval(low: float, high: float, places: int = 2) -> str:
    """Two limits; what lies beyond printing is said so.

    Example:
        >>> interval(0.414, 0.799), interval(12.34, float("nan"), 1)
        ('0.41–0.80', '12.3–not reached')
        >>> interval(float("nan"), float("nan"))
        'not estimable'
    """
    if math.isnan(low) and math.isnan(high):
        return "not estimable"
    return f"{_limit(low, places)}–{_limit(high, places)}"


def _limit(value: float, places: int) -> str:
    if math.isnan(value):
        return "not reached"
    if math.isinf(value) or value >= 10_000:
        return "∞" if math.isinf(value) else f"{value:.0f}"
    return f"{value:.{places}f}" if value < 100 else f"{value:.0f}"
