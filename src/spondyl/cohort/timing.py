"""What happens after time zero: start–stop rows, and columns that ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.columns import Column, Frame
from spondyl.cohort.follow import Followed
from spondyl.record import UsageError
from spondyl.words.tsv import rows

__all__ = ["after_zero", "from_landmark", "split_rows"]


def split_rows(data: Followed, occurs: Mapping[str, str]) -> Followed:
    """Cut each patient's row where a covariate comes true.

    Args:
        data: The patients.
        occurs: By column the column of the time at which it came true.

    Returns:
        Rows with a start; before its time the covariate is 0 (no), after it 1 (yes).

    Raises:
        UsageError: A moment is no number.

    Source:
        Andersen PK, Gill RD, 1982, doi:10.1214/aos/1176345976.

    Example:
        >>> from spondyl.cohort.columns import column
        >>> columns = {"fracture": column("fracture", ["yes"]), "at": column("at", [4.0])}
        >>> one = Followed(Frame(columns, np.ones(1)), np.array([10.0]), np.ones(1), None, 0)
        >>> cut = split_rows(one, {"fracture": "at"})
        >>> cut.start.tolist(), cut.time.tolist(), cut.event.tolist(), cut.frame["fracture"].values.tolist()
        ([0.0, 4.0], [4.0, 10.0], [0.0, 1.0], [0.0, 1.0])
    """
    for name, moment in occurs.items():
        data = _cut(data, name, moment)
    return data


def from_landmark(data: Followed, landmark: float, occurs: Mapping[str, str]) -> Followed:
    """Those still observed at a landmark, their time counted from it.

    Args:
        data: The patients.
        landmark: The time, in the unit of the follow-up.
        occurs: By column the column of the time at which it came true; it is "yes" if that was by the landmark.

    Raises:
        UsageError: Nobody is observed then, or a moment is no number.

    Source:
        Anderson JR, Cain KC, Gelber RD, 1983, doi:10.1200/JCO.1983.1.11.710.

    Example:
        >>> from spondyl.cohort.columns import column
        >>> columns = {"fracture": column("fracture", ["yes", "yes"]), "at": column("at", [4.0, 8.0])}
        >>> two = Followed(Frame(columns, np.ones(2)), np.array([10.0, 9.0]), np.ones(2), None, 0)
        >>> seen = from_landmark(two, 6.0, {"fracture": "at"})
        >>> seen.time.tolist(), seen.frame["fracture"].values.tolist()
        ([4.0, 3.0], [1.0, 0.0])
    """
    data = data.take(data.time >= landmark)
    if not len(data.time):
        raise UsageError(f"nobody is still observed at the landmark {landmark:g}; choose an earlier one")
    columns = dict(data.frame.columns)
    for name, moment in occurs.items():
        state = (_moments(data, name, moment) <= landmark).astype(np.float64)
        columns[name] = Column(name, state, ("no", "yes"))
    start = None if data.start is None else np.maximum(data.start - landmark, 0.0)
    frame = Frame(columns, data.frame.count)
    return Followed(frame, data.time - landmark, data.event, start, data.dropped)


def _moments(data: Followed, name: str, moment: str) -> NDArray[np.float64]:
    """When a covariate came true, infinite where it never did."""
    if data.frame[moment].levels or data.frame[moment].date:
        raise UsageError(
            f"{moment}, the time at which {name} came true, must be in the unit of the follow-up"
        )
    return np.where(np.isnan(data.frame[moment].values), np.inf, data.frame[moment].values)


def _cut(data: Followed, name: str, moment: str) -> Followed:
    start = np.zeros(len(data.time)) if data.start is None else data.start
    when = _moments(data, name, moment)
    both = (when > start) & (when < data.time)
    before, after = data.take(both), data.take(both)
    first = replace(before, time=when[both], event=np.zeros(int(both.sum())), start=start[both])
    second = replace(after, start=when[both])
    rest = replace(data.take(~both), start=start[~both])
    state = np.concatenate([(when <= start)[~both], np.zeros(both.sum()), np.ones(both.sum())])
    joined = _joined([rest, first, second])
    columns = {**joined.frame.columns, name: Column(name, state.astype(np.float64), ("no", "yes"))}
    order = np.argsort(
        np.concatenate([np.flatnonzero(~both), np.flatnonzero(both), np.flatnonzero(both)]), kind="stable"
    )
    return replace(joined, frame=Frame(columns, joined.count)).take(order)


def _joined(parts: Iterable[Followed]) -> Followed:
    given = list(parts)
    columns = {
        name: replace(c, values=np.concatenate([p.frame[name].values for p in given]))
        for name, c in given[0].frame.columns.items()
    }
    frame = Frame(columns, np.concatenate([p.count for p in given]))
    start = np.concatenate([np.zeros(0) if p.start is None else p.start for p in given])
    return Followed(
        frame, np.concatenate([p.time for p in given]), np.concatenate([p.event for p in given]), start,
        given[0].dropped,
    )  # fmt: skip


@cache
def _stems() -> tuple[str, ...]:
    return tuple(row["term"] for row in rows("spondyl.cohort", "after_zero.tsv", ("term", "source")))


def after_zero(name: str) -> str | None:
    """The word in a column's name that speaks of something after time zero.

    Example:
        >>> after_zero("pathologic_fracture"), after_zero("age")
        ('fracture', None)
    """
    words = name.casefold().replace("_", " ").replace("-", " ")
    return next((stem for stem in _stems() if stem in words), None)
