"""A recording, judged: alarms, what they mean together, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spondyl.monitor.baselines import Choice, chosen
from spondyl.monitor.courses import course, final
from spondyl.monitor.events import Events, read_events
from spondyl.monitor.judging import Judged, Progress, around, judged, rules
from spondyl.monitor.knowledge import conduct, criteria, matrix
from spondyl.monitor.opening import Given, opened
from spondyl.monitor.options import Options
from spondyl.monitor.reading import readings
from spondyl.monitor.series import Recording
from spondyl.monitor.times import of_day
from spondyl.monitor.together import drift, fade, with_company
from spondyl.record import UsageError
from spondyl.record.monitoring import Alarm, Course, Event, Monitoring

__all__ = ["alarms", "recording"]


def recording(given: Given) -> Recording:
    """Read a recording without judging it.

    Args:
        given: A file (CSV, Parquet, EDF, EDF+), columns by name, or a frame.

    Returns:
        Its channels as arrays: seconds, microvolts, milliseconds, volts.

    Raises:
        ReadError: It cannot be read; the message says what, where and how to mend it.

    Example:
        >>> read = recording({"time_s": [0, 1], "MEP left tibialis anterior (mV)": [0.4, 0.5]})
        >>> read.channels[0].name, read.channels[0].amplitude.tolist()
        ('MEP left tibialis anterior', [400.0, 500.0])
    """
    return opened(given)[0]


def alarms(
    amplitudes: Given,
    baseline: str = "opening",
    *,
    events: Events | None = None,
    mep_fall: str | None = None,
    lost_below: str = "0",
    sustained: int = 1,
    progress: Progress = lambda done, total: None,
) -> Monitoring:
    """Judge the potentials of an operation by published warning criteria. Not a medical device.

    Args:
        amplitudes: A file (CSV, Parquet, EDF, EDF+), columns by name, a frame, or a recording.
        baseline: "opening", "first:20" (values of each channel), or a window: "08:40-09:00", in seconds "0-1200".
        events: What happened: a table with the columns time and event, or events.
        mep_fall: The source whose limit for the fall of muscle MEPs is applied, by name or by its percentage:
            the sources say 21, 50, 75 and 80 % and do not agree. `None` applies none, and says so.
        lost_below: When a muscle MEP is lost: "0" (or 'absent'), "5%" of the baseline, or "10uV".
        sustained: So many values in a row begin an alarm, and so many end it.
        progress: Told how many channels are done, of how many.

    Returns:
        The alarms in order of time (it can be iterated), with rules, baselines, courses, and what was not judged.

    Raises:
        ReadError: The recording or the events cannot be read.
        UsageError: A choice is unknown.

    Source:
        Criteria and matrix with their sources: the files in `spondyl/monitor/criteria`.

    Example:
        >>> found = alarms({"time_min": [0, 5, 10, 40, 48], "MEP left tibialis anterior (uV)": [400, 410, 390, 0, 380]})
        >>> [(a.rule, a.channel, a.start_s, a.lasted_s, a.came_back) for a in found]
        [('mep_loss', 'MEP left tibialis anterior', 2400.0, 480.0, True)]
        >>> found.not_monitored
        ('D-wave', 'SSEP')
    """
    if sustained < 1:
        raise UsageError(f"sustained is {sustained}; one value or more is needed")
    options = Options(baseline, mep_fall, lost_below, sustained)
    read, own = opened(amplitudes)
    listed = sorted([*own, *read_events(events, read)], key=lambda e: e.time_s)
    return _monitoring(read, listed, options, progress)


def _monitoring(read: Recording, events: list[Event], options: Options, progress: Progress) -> Monitoring:
    present = {c.modality for c in read.channels}
    monitored = tuple(m.id for m in criteria().modality if m.id in present)
    choice = chosen(options.baseline, read, events)
    applied = rules(options, monitored)
    done = judged(read, choice, options, applied, progress)
    muscles = [j for j in done if j.channel.modality == "MEP" and j.reference() is not None]
    found = [_told(a, j, events, muscles) for j in done for a in j.alarms]
    found.sort(key=lambda a: (a.start_s, a.channel, a.rule))
    numbered = tuple(a.model_copy(update={"number": k}) for k, a in enumerate(found, 1))
    span = (read.start, read.end)
    courses = tuple(course(j, span, drift(j)) for j in done)
    clock, date = of_day(read.zero, read.form)
    return Monitoring(
        source=read.source, sha256=read.sha256, values=read.rows, start_clock_s=clock, start_date=date,
        start_s=read.start, end_s=read.end, baseline_choice=choice.name, baseline_words=choice.words,
        monitored=monitored, not_monitored=tuple(m.id for m in criteria().modality if m.id not in present),
        rules=applied, alarms=numbered, courses=courses, events=tuple(events),
        readings=tuple(readings(done, numbered, span)), unjudged=(*read.unread, *(u for j in done for u in j.unjudged)),
        conversions=read.conversions, notices=tuple(_notices(read, choice, courses, done, options)),
        cautions=_cautions(), matrix_words=f"{matrix().caution} For {matrix().population}.",
        together_words=conduct().together.words, choices=tuple(_choices()),
    )  # fmt: skip


def _told(alarm: Alarm, channel: Judged, events: Sequence[Event], muscles: Sequence[Judged]) -> Alarm:
    placed = around(with_company(alarm, muscles), events)
    return placed.model_copy(update={"final_pct": final(channel)})


def _cautions() -> tuple[str, ...]:
    sources = "; ".join(criteria().cited(criteria().precondition_sources))
    told = "before a criterion is read as a warning"
    preconditions = (f"{w[:1].upper()}{w[1:]} {told}. [{sources}]" for w in criteria().preconditions)
    return tuple(preconditions)


def _choices() -> Iterator[str]:
    """What Spondyl decides itself around the criteria, with the figures of the file that holds them."""
    own = conduct()
    yield (
        f"A baseline is the median of its values; it is noisy above a spread of {own.baseline.noisy_pct:g} % and rests "
        f"on few values below {own.baseline.few_values} ({own.baseline.source})."
    )
    yield (
        f"Muscles count as down together from a fall of {own.together.fall_pct:g} % within "
        f"{own.together.within_s:g} s, and are said to have fallen together where all of at least "
        f"{own.together.channels}, on both sides, are down "
        f"({own.together.source})."
    )
    yield (
        f"The D-wave counts as unchanged below a fall of {own.dwave.unchanged_below_pct:g} %, by the median of any "
        f"three values in a row ({own.dwave.source})."
    )


def _notices(
    read: Recording, choice: Choice, courses: Sequence[Course], done: Sequence[Judged], options: Options
) -> Iterator[str]:
    if options.sustained > 1:
        yield f"an alarm begins and ends with {options.sustained} values in a row"
    yield from read.notices
    for one in courses:
        for base in one.baselines:
            said = _said(one, base.measure, base.quality, base.values, base.spread_pct)
            if said:
                yield said
        if one.gaps:
            longest = max(g.end_s - g.start_s for g in one.gaps)
            count = f"{len(one.gaps)} gap" + "s" * (len(one.gaps) != 1)
            yield f"{one.channel}: {count} without values, the longest {longest / 60:.3g} min; nothing is assumed of it"
    muscles = [j for j in done if j.channel.modality == "MEP" and j.reference() is not None]
    by_name = {c.channel: c.drift_pct_per_hour for c in courses}
    words = fade(muscles, [by_name[m.channel.name] for m in muscles])
    if words:
        yield words


def _said(one: Course, measure: str, quality: str, values: int, spread: float | None) -> str:
    """What is to be said of a baseline that is not a good one."""
    name = f"{one.channel}: the baseline of its {measure}"
    if quality == "missing":
        return f"{name} is missing: no value in the stretch it is taken from; not judged"
    if quality == "zero":
        return f"{name} is zero; not judged"
    if quality == "few values":
        return f"{name} rests on {values} {'value' if values == 1 else 'values'} only"
    return f"{name} is noisy (spread {spread:.0f} %)" if quality == "noisy" else ""
