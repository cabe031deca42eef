"""Channels over the whole operation, short enough to be drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spondyl.monitor.judging import Judged
from spondyl.monitor.series import Values
from spondyl.record.monitoring import Course, Point

__all__ = ["course"]

POINTS = 480
LAST = 3


def course(judged: Judged, span: tuple[float, float], drift: float | None) -> Course:
    """A channel's course.

    Args:
        judged: The channel.
        span: First and last value of the recording, seconds.
        drift: Its slow change, percent of the baseline an hour.
    """
    channel = judged.channel
    percent = judged.percent()
    first = judged.baselines[0] if judged.baselines else None
    return Course(
        channel=channel.name, modality=channel.modality, site=channel.site, side=channel.side,
        values=int(np.sum(~np.isnan(channel.amplitude))), start_s=float(channel.times[0]),
        end_s=float(channel.times[-1]), baselines=judged.baselines, final_pct=final(judged),
        drift_pct_per_hour=drift, gaps=judged.gaps,
        points=() if percent is None else tuple(_points(channel.times, percent, span)),
        late=bool(first and first.quality == "missing"),
    )  # fmt: skip


def final(judged: Judged) -> float | None:
    """The median of a channel's last three amplitudes, percent of its baseline."""
    percent = judged.percent()
    if percent is None:
        return None
    return round(float(np.median(percent[~np.isnan(percent)][-LAST:])), 3)


def _points(times: Values, percent: Values, span: tuple[float, float]) -> Iterator[Point]:
    taken = ~np.isnan(percent)
    times, percent = times[taken], percent[taken]
    width = max(span[1] - span[0], 1e-9) / POINTS
    bins = np.minimum(((times - span[0]) / width).astype(int), POINTS - 1)
    if len(times) <= POINTS:
        bins = np.arange(len(times))
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    counts = np.diff(starts, append=len(bins))
    ranked = percent[np.lexsort((percent, bins))]  # a median is the middle of the sorted values of its bin
    middle = (ranked[starts + (counts - 1) // 2] + ranked[starts + counts // 2]) / 2
    low, high = np.minimum.reduceat(percent, starts), np.maximum.reduceat(percent, starts)
    when = times[starts + counts // 2]
    table = np.round(np.column_stack([middle, low, high]), 2).tolist()
    for time_s, (m, lowest, highest) in zip(np.round(when, 3).tolist(), table, strict=True):
        yield Point(time_s=time_s, middle=m, low=lowest, high=highest)
