"""Published intervals of follow-up: as a table, and as a calendar (RFC 5545)."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from spondyl.consult.patient.person import Person
from spondyl.consult.rules.management import Period, Schedule, management, periods
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.verdict import Verdict
from spondyl.present.consultation import Basis, Grid, Line
from spondyl.record import UsageError

__all__ = ["Visit", "calendar", "day_words", "grid", "month_abbr", "month_after", "schedules", "visits"]

YEARS = 5
"""Visits are dated for as many years; what a source prints beyond stands in words."""
OPEN_END = 99
HEAD = ("Source", "Years after treatment", "Every", "Visits at the shorter interval")


@dataclass(frozen=True)
class Visit:
    """One visit of a published schedule.

    Args:
        number: From 1.
        month: Months after treatment.
        every: The interval as the source prints it, in months.
        schedule: Whose it is.
    """

    number: int
    month: int
    every: str
    schedule: Schedule


def month_after(day: date, months: int) -> date:
    """The same day of a later month, or the last of that month.

    Example:
        >>> month_after(date(2026, 1, 31), 1), month_after(date(2026, 11, 15), 3)
        (datetime.date(2026, 2, 28), datetime.date(2027, 2, 15))
    """
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def day_words(day: date) -> str:
    """A day as people read it, kept together in a line.

    Example:
        >>> day_words(date(2027, 2, 28)).split()
        ['28', 'Feb', '2027']
    """
    return f"{day.day}\N{NO-BREAK SPACE}{month_abbr(day.month)}\N{NO-BREAK SPACE}{day.year}"


def month_abbr(month: int) -> str:
    """The month's English name in three letters, whatever the machine speaks."""
    return ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]


def visits(schedule: Schedule) -> Iterator[Visit]:
    """The visits of a schedule in the first five years, at the shorter of the printed intervals.

    Example:
        >>> low = next(s for s in management().schedules if s.id == "esmo_low")
        >>> [v.month for v in visits(low)][:4], len(list(visits(low)))
        ([4, 8, 12, 16], 15)
    """
    number = 0
    for period in periods(schedule.id):
        until = min(period.to_y, YEARS) * 12
        month = period.from_y * 12 + period.shortest
        while month <= until:
            number += 1
            yield Visit(number, month, period.every_months, schedule)
            month += period.shortest


def schedules(person: Person, results: Results) -> list[tuple[Schedule, Verdict]]:
    """The published schedules with whether each is for this patient; those that are not are left out.

    Args:
        person: The patient.
        results: The patient's scores.
    """
    judged = ((s, s.judge(person, results)) for s in management().schedules)
    return [(s, v) for s, v in judged if v.truth is not False]


def grid(person: Person, results: Results, index: date | None) -> tuple[list[Grid], list[Line]]:
    """The schedules that apply as a table, and a line for those of which that is not known.

    Args:
        person: The patient.
        results: The patient's scores.
        index: The end of treatment; without it months are given.
    """
    found = schedules(person, results)
    rows = tuple(_row(s, p, v, index) for s, v in found if v.truth for p in periods(s.id))
    lines = [_open(s, v) for s, v in found if v.truth is None and v.bases]
    if not rows:
        return [], lines
    notes = [_index(index)]
    if len({s.id for s, v in found if v.truth}) > 1:
        cited = tuple(b for s, v in found if v.truth for b in s.cited)
        notes.append(Line("These sources differ; they stand side by side, and none is chosen.", cited))
    return [Grid("follow_up", "Published follow-up", HEAD, rows, tuple(notes))], lines


def _row(schedule: Schedule, period: Period, verdict: Verdict, index: date | None) -> tuple[Line, ...]:
    cited = schedule.cited
    end = "on" if period.to_y >= OPEN_END else f"to {period.to_y}"
    every = f"{period.every_months.replace('-', ' to ')} months"
    note = (Line(period.note, cited),) if period.note else ()
    return (
        Line(schedule.title, (*cited, *verdict.bases), key=f"{schedule.id}_{period.from_y}"),
        Line(f"from {period.from_y} {end}", cited),
        Line(every, cited, more=note),
        Line(
            _dates(schedule, period, index), (*cited, _computed(index)), value=_iso(schedule, period, index)
        ),
    )


def _months(schedule: Schedule, period: Period) -> list[int]:
    return [v.month for v in visits(schedule) if period.from_y * 12 < v.month <= period.to_y * 12]


def _iso(schedule: Schedule, period: Period, index: date | None) -> list[str] | None:
    """The dates for machines."""
    months = _months(schedule, period)
    return [month_after(index, m).isoformat() for m in months] if index and months else None


def _dates(schedule: Schedule, period: Period, index: date | None) -> str:
    months = _months(schedule, period)
    if not months:
        return f"not dated beyond {YEARS} years"
    if index:
        return ", ".join(day_words(month_after(index, m)) for m in months)
    return f"months {', '.join(map(str, months))}"


def _index(index: date | None) -> Line:
    text = (
        f"Counted from {day_words(index)}." if index
        else "Counted in months after the end of treatment; give the day of it for dates."
    )  # fmt: skip
    return Line(text, (_computed(index),), key="index")


def _computed(index: date | None) -> Basis:
    start = index.isoformat() if index else "the end of treatment"
    return Basis(
        "computed",
        f"the shorter of the printed intervals, counted from {start}",
        "rules management, schedules",
    )


def _open(schedule: Schedule, verdict: Verdict) -> Line:
    bases = (*verdict.bases, *schedule.cited)
    value = {"missing": list(verdict.missing)}
    return Line(
        f"Not known: follow-up as in {schedule.title}", bases, "unknown", key=schedule.id, value=value
    )


def calendar(person: Person, index: date, results: Results | None = None, schedule: str = "") -> str:
    """The visits of a published schedule as a calendar file (RFC 5545); it names no patient.

    Args:
        person: The patient.
        index: The end of treatment.
        results: The patient's scores.
        schedule: Which of the schedules that apply, by its id; the first where none is named.

    Returns:
        The file's text, lines ended by CR LF and folded at 75 octets; the same for the same input.

    Raises:
        UsageError: No schedule applies, or not the one that was named.
    """
    found = {s.id: s for s, v in schedules(person, results or Results(person)) if v.truth}
    if not found:
        raise UsageError(
            "no published follow-up applies to this patient; a grade, or what was operated on, may be missing"
        )
    if schedule and schedule not in found:
        raise UsageError(f"{schedule} does not apply to this patient; these do: {', '.join(found)}")
    chosen = found[schedule or next(iter(found))]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Spondyl//follow-up//EN", "CALSCALE:GREGORIAN"]
    for visit in visits(chosen):
        lines += _event(visit, index)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _event(visit: Visit, index: date) -> list[str]:
    day = month_after(index, visit.month)
    name = f"{visit.schedule.id}/{index.isoformat()}/{visit.month}"
    uid = hashlib.sha256(name.encode()).hexdigest()[:24]
    said = (
        f"Month {visit.month} after treatment. {visit.schedule.title} prints every "
        f"{visit.every.replace('-', ' to ')} months; this is the shorter interval. "
        f"{'; '.join(f'{s.citation}, {s.place}' for s in visit.schedule.sources)}. "
        "Not advice; the treating team decides."
    )
    return [
        "BEGIN:VEVENT", f"UID:{uid}@spondyl", f"DTSTAMP:{index:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(f'Follow-up visit {visit.number}')}", f"DESCRIPTION:{_escaped(said)}",
        "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _escaped(text: str) -> str:
    """Text as RFC 5545, 3.3.11, wants it.

    Example:
        >>> print(_escaped("a, b; c"))
        a\\, b\\; c
    """
    for plain in ("\\", ";", ","):
        text = text.replace(plain, f"\\{plain}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, the further ones after a blank; no character is cut."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > 75:
            yield piece
            piece = " "
        piece += character
    yield piece
