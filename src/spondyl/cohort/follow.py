"""Follow-up: how long each patient was observed, and whether the event happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.columns import Column, Frame
from spondyl.cohort.source import Source
from spondyl.cohort.tally import factorized
from spondyl.record import UsageError

__all__ = ["DAYS_PER_MONTH", "Followed", "Outcome", "follow"]

Floats = NDArray[np.float64]
DAYS_PER_MONTH = 30.4375
_FALSE_TRUE = (("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"))


@dataclass(frozen=True)
class Outcome:
    """Which columns say how long a patient was observed and what happened then.

    Args:
        time: A column of times, or `from..to` for two columns of dates, which become months.
        event: A column of 0/1 or no/yes, a column of dates (the event happened where there is one), or
            `column=value`.
        start: A column of times at which observation begins (left truncation, start–stop rows).
        competing: What ends the observation as another event, written as `event` is.
    """

    time: str
    event: str
    start: str | None = None
    competing: str | None = None

    @property
    def columns(self) -> list[str]:
        """All columns it needs."""
        specs = [s.partition("=")[0] for s in (self.event, self.competing or "") if s]
        return list(dict.fromkeys([*self.time.split(".."), *specs, *([self.start] if self.start else [])]))


@dataclass(frozen=True)
class Followed:
    """Patients with their follow-up.

    Args:
        frame: Their columns, no row without time or event.
        time: End of observation, n numbers.
        event: 0 censored, 1 the event, 2 a competing one, n numbers.
        start: Where observation begins, or `None`.
        dropped: Patients without time or event.
    """

    frame: Frame
    time: Floats
    event: Floats
    start: Floats | None
    dropped: int

    @property
    def count(self) -> Floats:
        """Patients per row."""
        return self.frame.count

    def take(self, rows: Any) -> Followed:
        """Some of the rows."""
        start = None if self.start is None else self.start[rows]
        return replace(
            self, frame=self.frame.take(rows), time=self.time[rows], event=self.event[rows], start=start
        )


def follow(source: Source, outcome: Outcome, names: Sequence[str], whole: Sequence[str] = ()) -> Followed:
    """Read patients with their follow-up.

    Args:
        source: The table.
        outcome: The columns of time and event.
        names: Further columns wanted.
        whole: Columns whose every value is needed.

    Raises:
        UsageError: A column is unknown, a time is negative, or the event is coded in another way.

    Example:
        >>> from spondyl.cohort.source import open_source
        >>> table = open_source({"months": [3, 12, None], "died": [1, 0, 1]})
        >>> follow(table, Outcome("months", "died"), []).time.tolist()
        [3.0, 12.0]
    """
    frame = source.frame(list(dict.fromkeys([*outcome.columns, *names])), whole)
    event = _event(frame, outcome.event)
    if outcome.competing:
        event = np.where(event > 0, event, 2 * _event(frame, outcome.competing))
    time = _time(frame, outcome, event)
    start = np.asarray(frame[outcome.start].values, np.float64) if outcome.start else None
    fine = ~np.isnan(time) & ~np.isnan(event)
    if start is not None:
        fine &= ~np.isnan(start)
    dropped = int(frame.count[~fine].sum())
    out = (
        Followed(frame, time, event, start, dropped).take(fine)
        if dropped
        else Followed(frame, time, event, start, 0)
    )
    _check(out, outcome, source.label)
    return out


def _event(frame: Frame, spec: str) -> Floats:
    name, wanted, value = spec.partition("=")
    column = frame[name]
    gone = np.asarray(np.isnan(column.values))
    if wanted:
        return np.where(gone, np.nan, (column.values == _code(column, value)).astype(np.float64))
    if column.date:
        return np.asarray(~gone, np.float64)
    if column.levels:
        if tuple(v.casefold() for v in column.levels) in _FALSE_TRUE or column.levels in (("no",), ("yes",)):
            return np.asarray(column.values, np.float64) + (column.levels == ("yes",))
        raise UsageError(
            f"the event {name} has the values {', '.join(column.levels[:8])}; say which one is the event: "
            f"{name}={column.levels[-1]}"
        )
    values, _ = factorized(column.values[~gone])
    if not set(values.tolist()) <= {0.0, 1.0}:
        shown = ", ".join(f"{v:g}" for v in values[:8]) + (" …" if len(values) > 8 else "")
        raise UsageError(
            f"the event {name} has the values {shown} and not 0 and 1; say which one is the event: "
            f"{name}={values[-1]:g}"
        )
    return np.asarray(column.values, np.float64)


def _code(column: Column, value: str) -> float:
    if column.levels:
        if value in column.levels:
            return float(column.levels.index(value))
        raise UsageError(f"{column.name} has no value {value!r}; it has {', '.join(column.levels[:20])}")
    try:
        return float(value)
    except ValueError:
        raise UsageError(f"{column.name} holds numbers; {value!r} is none") from None


def _time(frame: Frame, outcome: Outcome, event: Floats) -> Floats:
    first, dates, last = outcome.time.partition("..")
    if not dates:
        if frame[first].levels:
            raise UsageError(f"the time {first} holds text ({frame[first].levels[0]!r}), not numbers")
        return np.asarray(frame[first].values, np.float64)
    begin, end = frame[first], frame[last]
    for column in (begin, end):
        if not column.date:
            raise UsageError(f"{column.name} holds no dates; write dates as 2024-05-31")
    stop = np.asarray(end.values, np.float64)
    happened = frame[outcome.event.partition("=")[0]]
    if happened.date and "=" not in outcome.event:
        stop = np.where(event > 0, happened.values, stop)
    return np.asarray((stop - begin.values) / DAYS_PER_MONTH)


def _check(out: Followed, outcome: Outcome, label: str) -> None:
    if not len(out.time):
        raise UsageError(f"{label} has no row with both a time and an event")
    if (bad := np.flatnonzero(out.time < 0)).size:
        many = int(out.count[bad].sum())
        raise UsageError(
            f"{outcome.time} is negative for {many} patient{'s' * (many > 1)} (the first: {out.time[bad[0]]:g}); "
            "mend or remove them"
        )
    if out.start is not None and (bad := np.flatnonzero(out.start >= out.time)).size:
        raise UsageError(
            f"{outcome.start} is not before {outcome.time} in {bad.size} rows (the first: {out.start[bad[0]]:g} "
            f"and {out.time[bad[0]]:g}); observation must begin before it ends"
        )
