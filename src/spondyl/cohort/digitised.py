"""The points of a printed survival curve, cleaned: sorted, between 0 and 1, falling, from time zero on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.record import UsageError

__all__ = ["Traced", "falling", "trace"]

Floats = NDArray[np.float64]
SLIGHT = 0.03
"""How far outside 0–1, or from a falling curve, a point may lie by the unsteadiness of a hand."""
FLOOR = 1e-4


@dataclass(frozen=True)
class Traced:
    """A curve as it was digitised.

    Args:
        time: Ascending times from 0 on, m numbers.
        survival: The falling curve at them: S from each time on, m numbers.
        given: What was digitised there, m numbers.
        error: Standard deviation of a digitised S, from the unsteadiness of the points and their rounding.
        sampled: Whether points stand at regular times, so that a fall happened between two of them.
        warnings: What was mended, one sentence each.
    """

    time: Floats
    survival: Floats
    given: Floats
    error: float
    sampled: bool
    warnings: tuple[str, ...]


def trace(time: Sequence[float], survival: Sequence[float], error: float | None = None) -> Traced:
    """Clean the digitised points of one curve.

    Args:
        time: Times, m numbers in any order.
        survival: S at them, as shares or in percent, m numbers.
        error: Standard deviation of a digitised S as a share, where it is known.

    Raises:
        UsageError: The points are no survival curve.

    Example:
        >>> done = trace([2, 1, 3], [81, 90, 60])
        >>> done.time.tolist(), done.survival.tolist()
        ([0.0, 1.0, 2.0, 3.0], [1.0, 0.9, 0.81, 0.6])
        >>> done.warnings[0]
        'Survival is taken as percent: its highest value is 90.'
    """
    t, s = _numbers(time), _numbers(survival)
    if len(t) != len(s):
        raise UsageError(
            f"{len(t)} times and {len(s)} values of survival do not make points; give as many of both"
        )
    notes: list[str] = []
    t, s = _whole(t, s, notes)
    s = _share(s, notes)
    t, s = _ordered(t, s, notes)
    smooth = falling(s)
    _unsteady(t, s, smooth, notes)
    spread = max(_unsteadiness(s, smooth), _rounding(s), error or 0.0, FLOOR)
    return Traced(t, smooth, s, spread, _regular(t), tuple(notes))


def _numbers(values: Sequence[float]) -> Floats:
    return np.asarray(values, np.float64)


def _whole(t: Floats, s: Floats, notes: list[str]) -> tuple[Floats, Floats]:
    fine = np.isfinite(t) & np.isfinite(s)
    if gone := int((~fine).sum()):
        notes.append(f"{_points(gone)} without a time or a value {_were(gone)} left out.")
    t, s = t[fine], s[fine]
    if len(t) < 2:
        raise UsageError(
            f"{_points(len(t))} of a survival curve cannot be reconstructed; digitise every step"
        )
    early = t < 0
    if early.any():
        if -t.min() > SLIGHT * np.ptp(t):
            raise UsageError(f"the time {t.min():g} is before 0; check the axis the curve was digitised with")
        notes.append(
            f"{_points(int(early.sum()))} slightly before time 0 {_were(int(early.sum()))} moved to it."
        )
    return np.maximum(t, 0.0), s


def _share(s: Floats, notes: list[str]) -> Floats:
    if s.max() > 1.5:
        notes.append(f"Survival is taken as percent: its highest value is {s.max():g}.")
        s = s / 100
    beyond = (s > 1) | (s < 0)
    if (s > 1 + SLIGHT).any() or (s < -SLIGHT).any():
        raise UsageError(
            f"survival runs from {s.min():g} to {s.max():g}; expected 0 to 1, or 0 to 100 percent; "
            "check the axis the curve was digitised with"
        )
    if beyond.any():
        notes.append(
            f"{_points(int(beyond.sum()))} slightly outside 0–1 {_were(int(beyond.sum()))} moved to the limit."
        )
    return np.clip(s, 0.0, 1.0)


def _ordered(t: Floats, s: Floats, notes: list[str]) -> tuple[Floats, Floats]:
    if (np.diff(t) < 0).any():
        notes.append("The points were not in the order of time; they were sorted.")
    order = np.lexsort((-s, t))
    t, s = t[order], s[order]
    early, late = s[: max(1, len(s) // 4)].mean(), s[-max(1, len(s) // 4) :].mean()
    if late > early + SLIGHT:
        raise UsageError(
            f"the curve rises from {s[0]:g} to {s[-1]:g}: this looks like a cumulative incidence; give 1 minus it"
        )
    last = np.append(np.diff(t) > 0, True)  # of the points of a vertical line the lowest is S from there on
    t, s = t[last], s[last]
    if t[0] > 0:
        notes.append(f"Time zero was missing (the first point is at {t[0]:g}); S = 1 at 0 was added.")
        return np.insert(t, 0, 0.0), np.insert(s, 0, 1.0)
    if 1 - SLIGHT <= s[0] < 1:
        notes.append(f"S at time 0 was {s[0]:.3f}; it was set to 1.")
        s[0] = 1.0
    return t, s


def falling(values: Floats) -> Floats:
    """The falling sequence nearest to some values in the sense of least squares (pool adjacent violators).

    Args:
        values: m numbers.

    Source:
        Barlow RE, Bartholomew DJ, Bremner JM, Brunk HD, 1972, Statistical Inference under Order Restrictions.

    Example:
        >>> falling(np.array([1.0, 0.8, 0.9, 0.5])).round(2).tolist()
        [1.0, 0.85, 0.85, 0.5]
    """
    blocks: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, size = value, 1
        while blocks and blocks[-1][0] < mean:
            before, many = blocks.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        blocks.append((mean, size))
    return np.repeat([m for m, _ in blocks], [k for _, k in blocks])


def _unsteady(t: Floats, s: Floats, smooth: Floats, notes: list[str]) -> None:
    rises = int((np.diff(s) > 1e-9).sum())
    if not rises:
        return
    gap = np.abs(s - smooth)
    worst = int(gap.argmax())
    notes.append(
        f"The curve rises at {_points(rises)}; it was made to fall by least squares, which moves S by "
        f"{gap[worst]:.3f} at most (at time {t[worst]:g})."
    )
    if gap[worst] > SLIGHT:
        notes.append(
            f"A rise that moves S by {gap[worst]:.2f} is more than a hand's unsteadiness; check that point."
        )


def _unsteadiness(s: Floats, smooth: Floats) -> float:
    """Spread of the points around the falling curve, where it has fewer steps than points."""
    rises = (np.diff(s) > 1e-9).any()
    spare = len(s) - len(np.unique(smooth))
    return float(np.sqrt(((s - smooth) ** 2).sum() / spare)) if rises and spare else 0.0


def _rounding(s: Floats) -> float:
    """Standard deviation of rounding to the decimals the values have."""
    for places in range(1, 7):
        if np.abs(s * 10**places - np.round(s * 10**places)).max() < 1e-7:
            return float(10.0**-places / np.sqrt(12))
    return 0.0


def _regular(t: Floats) -> bool:
    steps = np.diff(t)
    return len(steps) > 3 and float(np.percentile(steps, 90) - np.percentile(steps, 10)) < 0.05 * float(
        np.median(steps)
    )


def _points(n: int) -> str:
    return f"{n} point" if n == 1 else f"{n} points"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def blocks(curve: Traced) -> Iterator[tuple[int, int]]:
    """Stretches of equal S, as (first, end)."""
    first = 0
    for k in range(1, len(curve.survival) + 1):
        if k == len(curve.survival) or curve.survival[k] != curve.survival[first]:
            yield first, k
            first = k
