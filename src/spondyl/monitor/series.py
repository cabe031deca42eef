"""A recording as arrays: one channel a muscle or electrode, its values over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from spondyl.record.monitoring import Unjudged

__all__ = ["Channel", "Flags", "Form", "Recording", "Values", "nothing"]

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Form = Literal["clock", "date", "elapsed"]


def nothing(like: Values) -> Values:
    """As many NaN as there are values."""
    return np.full(like.shape, np.nan)


@dataclass(frozen=True, eq=False)
class Channel:
    """One potential followed over time.

    Args:
        modality: "MEP", "SSEP" or "D-wave".
        site: Muscle or electrode.
        side: "left", "right", "midline", or empty where it was not given.
        times: Seconds, ascending, shape (n,).
        amplitude, latency, threshold: Microvolts, milliseconds and volts, shape (n,); NaN where not taken.
    """

    modality: str
    site: str
    side: str
    times: Values
    amplitude: Values
    latency: Values
    threshold: Values

    @property
    def name(self) -> str:
        """How it is called everywhere."""
        return " ".join(part for part in (self.modality, self.side, self.site) if part)


@dataclass(frozen=True, eq=False)
class Recording:
    """What a monitoring system exported.

    Args:
        source: The name of the file, or what the values came from.
        channels: In the order they first appear.
        form: Whether its times are clock times, dated, or elapsed.
        zero: What its seconds count from: seconds after midnight, seconds of the epoch, or 0.
        rows: Rows or sweeps read.
        sha256: Of the file.
        conversions: Units as they came and as they are kept.
        notices: What was seen while reading.
        unread: What was left aside, with the reason.
        elapsed_too: Elapsed seconds have a meaning of their own in this format, beside the clock.
    """

    source: str
    channels: tuple[Channel, ...]
    form: Form
    zero: float = 0.0
    rows: int = 0
    sha256: str | None = None
    conversions: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    unread: tuple[Unjudged, ...] = field(default=())
    elapsed_too: bool = False

    @property
    def end(self) -> float:
        """Its last value, seconds after its zero."""
        return max(float(c.times[-1]) for c in self.channels)

    @property
    def start(self) -> float:
        """Its first value, seconds after its zero."""
        return min(float(c.times[0]) for c in self.channels)
