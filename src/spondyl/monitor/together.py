"""Muscles that fall or fade together: a hint at a systemic cause, told beside the alarms, never instead of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spondyl.monitor.judging import Judged
from spondyl.monitor.knowledge import conduct
from spondyl.monitor.series import Values
from spondyl.record.monitoring import Alarm

__all__ = ["drift", "fade", "fallen", "with_company"]

FEW_BLOCKS = 4


def fallen(at: float, muscles: Sequence[Judged]) -> tuple[int, bool]:
    """How many of the judged muscles are down at a time, and whether all of them are, on both sides.

    Args:
        at: When an alarm begins.
        muscles: The judged muscles.
    """
    rule = conduct().together
    down = [_down(at, m) for m in muscles]
    sides = {m.channel.side for m in muscles}
    both = {"left", "right"} <= sides and len(muscles) >= rule.channels
    return sum(down), bool(all(down) and both)


def _down(at: float, muscle: Judged) -> bool:
    rule = conduct().together
    percent, times = muscle.percent(), muscle.channel.times
    if percent is None:
        return False
    first, end = np.searchsorted(times, [at, at + rule.within_s], side="left")
    here = percent[first : max(end, first + 1)] if first < len(times) else percent[-1:]
    here = here[~np.isnan(here)]
    return bool(len(here)) and float(np.median(here)) <= 100 - rule.fall_pct


def drift(muscle: Judged) -> float | None:
    """The slow change of a channel, percent of its baseline an hour; `None` where it is too short to tell.

    The median of the slopes between the medians of blocks of ten minutes (Theil and Sen), so that a loss of
    some minutes does not look like a fade.
    """
    percent = muscle.percent()
    if percent is None:
        return None
    times, middles = _blocks(muscle.channel.times, percent)
    if len(times) < FEW_BLOCKS:
        return None
    first, second = np.triu_indices(len(times), 1)
    slopes = (middles[second] - middles[first]) / (times[second] - times[first])
    return round(3600 * float(np.median(slopes)), 3)


def _blocks(times: Values, percent: Values) -> tuple[Values, Values]:
    taken = ~np.isnan(percent)
    times, percent = times[taken], percent[taken]
    block = np.floor((times - times[:1]) / (60 * conduct().together.block_minutes)).astype(int)
    cuts = np.flatnonzero(np.diff(block)) + 1
    pairs = [
        (float(np.median(t)), float(np.median(p)))
        for t, p in zip(np.split(times, cuts), np.split(percent, cuts), strict=True)
        if len(t)
    ]
    return np.array([t for t, _ in pairs]), np.array([p for _, p in pairs])


def fade(muscles: Sequence[Judged], drifts: Sequence[float | None]) -> str | None:
    """The words for a slow fade of all muscles together, where there is one."""
    rule = conduct().together
    known = [(m, d) for m, d in zip(muscles, drifts, strict=True) if d is not None]
    if len(known) < rule.channels:
        return None
    fading = all(
        d <= -rule.drift_pct_per_hour and -d * np.ptp(m.channel.times) / 3600 >= rule.drift_total_pct
        for m, d in known
    )
    middle = float(np.median([d for _, d in known]))
    return f"{rule.drift_words} ({middle:.0f} % of the baseline an hour in the median)" if fading else None


def with_company(alarm: Alarm, muscles: Sequence[Judged]) -> Alarm:
    """An alarm of a muscle with how many of the judged muscles were down at its beginning."""
    if alarm.modality != "MEP":
        return alarm
    count, together = fallen(alarm.start_s, muscles)
    return alarm.model_copy(
        update={"fallen_muscles": count, "judged_muscles": len(muscles), "together": together}
    )
