"""Times of rows: clock times over midnight, dated times, elapsed seconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from spondyl.monitor.series import Form, Values
from spondyl.record import ReadError
from spondyl.record.monitoring import DAY

__all__ = ["CLOCK", "DATED", "form_of", "in_order", "of_day", "over_midnight", "placed", "seconds"]

HALF = DAY / 2
CLOCK = r"\d{1,2}:[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?"
DATED = r"\d{4}-\d\d-\d\d[T ]\d\d:[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?"


def form_of(text: str) -> Form | None:
    """What kind of time a cell holds, apart from plain numbers.

    Example:
        >>> form_of("08:40:00"), form_of("2031-05-04T08:40"), form_of("12.5")
        ('clock', 'date', None)
    """
    if re.fullmatch(CLOCK, text):
        return "clock"
    return "date" if re.fullmatch(DATED, text) else None


def seconds(text: str, form: Form) -> float | None:
    """A time in seconds: after midnight, of the epoch, or elapsed; `None` if it is none.

    Example:
        >>> seconds("08:40", "clock"), seconds("1970-01-02 00:00:01", "date"), seconds("8 h", "elapsed")
        (31200.0, 86401.0, None)
    """
    text = text.replace(",", ".")
    if form == "elapsed":
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    if form_of(text) != form:
        return None
    try:
        if form == "clock":
            hours, minutes, *rest = text.split(":")
            return _within_day(int(hours) * 3600 + int(minutes) * 60 + float(rest[0] if rest else 0))
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _within_day(value: float) -> float | None:
    return value if value < DAY else None


def of_day(zero: float, form: Form) -> tuple[float | None, str | None]:
    """The clock time and the date of a recording's zero, where it has them.

    Example:
        >>> of_day(86_401.0, "date"), of_day(5.0, "clock"), of_day(0.0, "elapsed")
        ((1.0, '1970-01-02'), (5.0, None), (None, None))
    """
    if form == "elapsed":
        return None, None
    date = datetime.fromtimestamp(zero, UTC).date().isoformat() if form == "date" else None
    return round(zero % DAY, 6), date


def over_midnight(parts: Sequence[Values], rows: Sequence[Values], where: str) -> list[Values]:
    """Clock times of several channels on one axis that goes on over midnight.

    Rows in order of time are followed from row to row. Where each channel stands by itself, every channel is
    followed from its own first row, which is set within twelve hours of the first row of all.

    Args:
        parts: Seconds after midnight, one array a channel.
        rows: The rows they stand in.
        where: The file, for messages.

    Raises:
        ReadError: The times span a day or more, so that the clock alone does not tell them.

    Example:
        >>> [p.tolist() for p in over_midnight([np.array([86_390.0, 5.0])], [np.array([1, 2])], "a.csv")]
        [[86390.0, 86405.0]]
    """
    order = np.argsort(np.concatenate(rows), kind="stable")
    flat = np.concatenate(parts)
    together = np.empty_like(flat)
    together[order] = _unwrapped(flat[order])
    if np.all(np.diff(together[order]) >= 0) and np.ptp(together) < DAY:
        return np.split(together, np.cumsum([len(p) for p in parts])[:-1])
    first = flat[order[0]]
    alone = [_near(_unwrapped(p), float(first)) for p in parts]
    if np.ptp(np.concatenate(alone)) >= DAY:
        raise ReadError(
            "the clock times run over a day or more, or jump back and forth",
            where,
            "sort the rows by time, or give the dates, too (2031-05-04T08:40:00)",
        )
    return alone


def _unwrapped(part: Values) -> Values:
    jumps = np.diff(part, prepend=part[:1]) < -HALF
    out: Values = part + DAY * np.cumsum(jumps)
    return out


def _near(part: Values, first: float) -> Values:
    days = np.ceil((first - part[0] - HALF) / DAY)
    out: Values = part + DAY * days
    return out


def in_order(times: Values, rows: Values, channel: str, where: str, say: str) -> None:
    """Refuse times of one channel that stand still or go back.

    Args:
        times, rows: The times and the rows they stand in.
        channel, where: For the message.
        say: How a row is called ("line").

    Raises:
        ReadError: They do.
    """
    wrong = np.flatnonzero(np.diff(times) <= 0)
    if not len(wrong):
        return
    k = int(wrong[0])
    how = "is there twice" if times[k + 1] == times[k] else "goes back"
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    raise ReadError(
        f"the time of {channel} {how} at {say} {int(rows[k + 1])}, after {say} {int(rows[k])}{more}",
        where,
        "one value a channel and time, in order of time, is needed; sort the rows or remove the doubles",
    )


def placed(value: float, form: Form, zero: float, of: Form, span: tuple[float, float]) -> float | None:
    """A time of one form in the seconds of a recording.

    A clock time is set on the day that brings it into the recording, or nearest to it.

    Args:
        value, form: The time.
        zero, of: The recording's zero and the form of its times.
        span: First and last value of the recording, seconds after its zero.

    Returns:
        Seconds after the zero, or `None` if the two forms do not go together.

    Example:
        >>> placed(600.0, "clock", 82_800.0, "clock", (0.0, 7200.0))
        4200.0
    """
    if form == of:
        if form != "clock":
            return value - zero
    elif not (form == "clock" and of == "date"):
        return None
    start, end = span
    around = [value - zero % DAY + DAY * k for k in (-1, 0, 1, 2)]
    return min(around, key=lambda t: (max(start - t, t - end, 0.0), t))
