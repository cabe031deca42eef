"""Baselines: which values are the reference, how many they are, and how steady."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from spondyl.monitor.knowledge import UNITS, conduct
from spondyl.monitor.models import Measure
from spondyl.monitor.series import Channel, Flags, Form, Recording, Values
from spondyl.monitor.times import form_of, placed, seconds
from spondyl.record import UsageError
from spondyl.record.monitoring import Baseline, Event, Quality

__all__ = ["Choice", "baseline", "chosen"]

MAD_TO_SD = 1.4826


@dataclass(frozen=True)
class Choice:
    """Which values are the baseline.

    Args:
        name: As it was asked for.
        words: What that means in this recording.
        start_s, end_s: The stretch; values at both ends belong to it.
        first: The first so many values of each channel instead of a stretch.
    """

    name: str
    words: str
    start_s: float = -np.inf
    end_s: float = np.inf
    first: int | None = None

    def of(self, times: Values) -> Flags:
        """Which values of a channel belong to it."""
        if self.first is not None:
            return np.arange(len(times)) < self.first
        out: Flags = (times >= self.start_s) & (times <= self.end_s)
        return out


def chosen(asked: str, recording: Recording, events: Sequence[Event]) -> Choice:
    """The values a baseline is taken from.

    Args:
        asked: "opening", "first:20", or a window such as "08:40-09:00" or "0-1200" (seconds).
        recording: The recording.
        events: Its events; the opening ends at the first one that may touch the cord.

    Raises:
        UsageError: It is none of these, or the window lies outside the recording.
    """
    if asked == "opening":
        return _opening(recording, events)
    if found := re.fullmatch(r"first:(\d{1,6})", asked):
        n = int(found[1])
        if n:
            return Choice(asked, f"the first {n} values of each channel", first=n)
    elif window := _window(asked, recording):
        return window
    raise UsageError(
        f"the baseline {asked!r} is not known; say opening, first:20 (values of each channel), "
        "or a window such as 08:40-09:00 or, in seconds, 0-1200"
    )


def _opening(recording: Recording, events: Sequence[Event]) -> Choice:
    limit = recording.start + 60 * conduct().baseline.opening_minutes
    touch = next((e for e in events if e.touches and e.time_s > recording.start), None)
    minutes = f"{conduct().baseline.opening_minutes:g} min"
    if touch and touch.time_s < limit:
        words = f"the opening of the recording, up to '{touch.words}'"
        return Choice("opening", words, end_s=float(np.nextafter(touch.time_s, -np.inf)))
    return Choice("opening", f"the opening of the recording, its first {minutes}", end_s=limit)


def _window(asked: str, recording: Recording) -> Choice | None:
    clock = r"[\d:T.\- ]+?"
    found = re.fullmatch(rf"({clock})\s*(?:-|–|/|\.\.)\s*({clock})", asked)
    if not found:
        return None
    ends = [_moment(part.strip(), recording) for part in found.groups()]
    if None in ends:
        return None
    start, end = (float(e or 0.0) for e in ends)
    if end <= start or start > recording.end or end < recording.start:
        raise UsageError(f"the baseline {asked!r} does not lie in the recording; give its start and its end")
    return Choice(asked, f"the values from {found[1].strip()} to {found[2].strip()}", start, end)


def _moment(text: str, recording: Recording) -> float | None:
    form: Form = form_of(text) or "elapsed"
    value = seconds(text, form)
    if value is None:
        return None
    if form == "elapsed":
        return value
    return placed(value, form, recording.zero, recording.form, (recording.start, recording.end))


def baseline(channel: Channel, measure: Measure, choice: Choice) -> Baseline | None:
    """The baseline of one measure of a channel; `None` where the channel does not have the measure at all.

    Args:
        channel: The channel.
        measure: Which of its measures.
        choice: Which values.
    """
    values: Values = getattr(channel, measure)
    taken = ~np.isnan(values)
    if not taken.any():
        return None
    if choice.first is not None:
        values, times = values[taken], channel.times[taken]
        here = choice.of(times)
    else:
        times = channel.times
        here = choice.of(times) & taken
    if not here.any():
        return Baseline(
            measure=measure, value=None, unit=UNITS[measure], values=0, spread_pct=None, quality="missing",
            start_s=None, end_s=None,
        )  # fmt: skip
    middle, spread = _middle(values[here])
    return Baseline(
        measure=measure, value=middle, unit=UNITS[measure], values=int(here.sum()), spread_pct=spread,
        quality=_quality(middle, spread, int(here.sum())), start_s=float(times[here][0]), end_s=float(times[here][-1]),
    )  # fmt: skip


def _middle(values: Values) -> tuple[float, float | None]:
    middle = float(np.median(values))
    if middle <= 0:
        return middle, None
    return middle, float(100 * MAD_TO_SD * np.median(np.abs(values - middle)) / middle)


def _quality(middle: float, spread: float | None, n: int) -> Quality:
    if spread is None:
        return "zero"
    if n < conduct().baseline.few_values:
        return "few values"
    return "noisy" if spread > conduct().baseline.noisy_pct else "steady"
