"""Where a criterion is met: from the first value that does to the first that no longer does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spondyl.monitor.series import Flags

__all__ = ["Episode", "episodes"]


@dataclass(frozen=True)
class Episode:
    """Values of a channel that meet a criterion: from index `first` up to and without `end`."""

    first: int
    end: int


def episodes(met: Flags, sustained: int = 1) -> list[Episode]:
    """The stretches in which a criterion is met.

    Args:
        met: For each value whether it meets the criterion.
        sustained: So many values in a row begin a stretch, and so many in a row that do not meet it end it.

    Returns:
        The stretches in order, each from its first value on.

    Example:
        >>> episodes(np.array([False, True, True, False, True]))
        [Episode(first=1, end=3), Episode(first=4, end=5)]
        >>> episodes(np.array([True, False, True, True, False, True, True, False, False]), sustained=2)
        [Episode(first=2, end=7)]
    """
    edges = np.flatnonzero(np.diff(met.astype(np.int8), prepend=0, append=0))
    starts, ends = edges[::2].tolist(), edges[1::2].tolist()
    out: list[Episode] = []
    for k, (first, end) in enumerate(zip(starts, ends, strict=True)):
        if out and first - out[-1].end < sustained and out[-1].end == ends[k - 1]:
            out[-1] = Episode(out[-1].first, end)
        elif end - first >= sustained:
            out.append(Episode(first, end))
    return out
