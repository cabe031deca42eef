"""The course of an operation, laid out: one track a channel, alarms shaded, events as marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from spondyl.present.monitoring.sketch import (
    AMBER,
    FAINT,
    GRID,
    INK,
    MUTED,
    RUST,
    SKY,
    WASH,
    Area,
    Box,
    Dot,
    Line,
    Shape,
    Sketch,
    Stroke,
    Text,
    safe,
)
from spondyl.record.monitoring import NOT_A_DEVICE, Alarm, Course, Event, Monitoring, Point

__all__ = ["duration", "laid_out", "short"]

WIDTH, LEFT, RIGHT = 1120.0, 232.0, 1084.0
TRACK, SMALL_TRACK, MANY, HEAD = 50.0, 36.0, 16, 20.0
TOP_PERCENT = 150.0
STEPS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800)
MOST_EVENTS, MOST_TICKS = 40, 10
MARKS = 88.0
SERIES = {"MEP": ("#0072b2", "#cfe3f1"), "SSEP": ("#00744f", "#cde4da"), "D-wave": ("#8a3a78", "#ecd8e6")}
OTHER = (INK, GRID)


@dataclass(frozen=True)
class Frame:
    """Where time stands on the page, and where the tracks begin."""

    monitoring: Monitoring
    start: float
    end: float
    top: float
    height: float

    def x(self, seconds: float) -> float:
        """A moment on the page, kept inside the plot."""
        share = (seconds - self.start) / max(self.end - self.start, 1e-9)
        return LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT)


def laid_out(monitoring: Monitoring) -> Sketch:
    """The drawing of an operation.

    Args:
        monitoring: What is drawn.
    """
    events = _drawn_events(monitoring)
    height = SMALL_TRACK if len(monitoring.courses) > MANY else TRACK
    frame = Frame(monitoring, monitoring.start_s, monitoring.end_s, MARKS + 4, height)
    tracks, bottom = _tracks(frame)
    below, end = _below(frame, events, bottom)
    ground = Box(0, 0, WIDTH, end, "#ffffff")
    shapes = [
        ground,
        *_head(monitoring),
        *tracks,
        *_marks(frame, events, bottom),
        *_axis(frame, bottom),
        *below,
    ]
    return Sketch(WIDTH, end, "Evoked potentials in percent of the baseline", tuple(shapes))


def _head(monitoring: Monitoring) -> Iterator[Shape]:
    yield Text(16, 24, "Evoked potentials in percent of the baseline", 15, bold=True)
    yield Text(16, 41, safe(f"{monitoring.source}; baseline: {monitoring.baseline_words}", 150), 11, MUTED)


def _tracks(frame: Frame) -> tuple[list[Shape], float]:
    """All tracks, under a heading for each modality, and where they end."""
    out: list[Shape] = []
    y = frame.top
    for modality in dict.fromkeys(c.modality for c in frame.monitoring.courses):
        out.append(Text(16, y + 15, modality, 12, bold=True))
        y += HEAD
        for k, course in enumerate(c for c in frame.monitoring.courses if c.modality == modality):
            out += _track(frame, course, y, k % 2 == 0)
            y += frame.height
    return out, y


def _track(frame: Frame, course: Course, y: float, washed: bool) -> Iterator[Shape]:
    if washed:
        yield Box(LEFT, y, RIGHT - LEFT, frame.height, WASH)
    yield from _baseline(frame, course, y)
    alarms = [a for a in frame.monitoring.alarms if a.channel == course.channel]
    shown = _merged(alarms)
    for start, end, _ in shown:
        yield Box(frame.x(start), y, max(frame.x(end) - frame.x(start), 2.0), frame.height, AMBER)
    for percent in (0, 100):
        yield Line(
            LEFT, _y(frame, y, percent), RIGHT, _y(frame, y, percent), FAINT, 0.7, dashed=percent == 100
        )
    yield from _series(frame, course, y)
    for start, end, words in shown:
        yield Box(frame.x(start), y, max(frame.x(end) - frame.x(start), 2.0), 3, RUST)
        yield from _told(frame, start, words, y)
    yield from _label(frame, course, y, bool(alarms))


def _y(frame: Frame, y: float, percent: float) -> float:
    share = min(max(percent, 0.0), TOP_PERCENT) / TOP_PERCENT
    return y + 5 + (1 - share) * (frame.height - 9)


def _baseline(frame: Frame, course: Course, y: float) -> Iterator[Shape]:
    base = course.baseline()
    if base and base.start_s is not None and base.end_s is not None:
        width = max(frame.x(base.end_s) - frame.x(base.start_s), 1.0)
        yield Box(frame.x(base.start_s), y, width, frame.height, SKY)


def _merged(alarms: Sequence[Alarm]) -> list[tuple[float, float, str]]:
    """Alarms of one channel that overlap, as one stretch with its words."""
    out: list[tuple[float, float, list[Alarm]]] = []
    for alarm in sorted(alarms, key=lambda a: a.start_s):
        if out and alarm.start_s <= out[-1][1]:
            start, end, inside = out[-1]
            out[-1] = (start, max(end, alarm.end_s), [*inside, alarm])
        else:
            out.append((alarm.start_s, alarm.end_s, [alarm]))
    return [(start, end, _words(inside, end - start)) for start, end, inside in out]


def _words(alarms: Sequence[Alarm], seconds: float) -> str:
    rules = " + ".join(dict.fromkeys(short(a) for a in alarms))
    back = "" if all(a.came_back for a in alarms) else ", not back"
    return f"{rules} {duration(seconds)}{back}"


def short(alarm: Alarm) -> str:
    """A rule in a word or two, for a drawing.

    Example:
        >>> from types import SimpleNamespace
        >>> short(SimpleNamespace(rule="mep_loss")), short(SimpleNamespace(rule="ssep_latency"))
        ('loss', 'latency')
    """
    return alarm.rule.split("_", 1)[-1].replace("_", " ")


def duration(seconds: float) -> str:
    """A duration, as it is read.

    Example:
        >>> duration(480), duration(45), duration(5400)
        ('8 min', '45 s', '1 h 30 min')
    """
    if seconds < 60:
        return f"{seconds:.3g} s"
    if seconds < 3600:
        return f"{seconds / 60:.3g} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h" + f" {minutes} min" * bool(minutes)


def _told(frame: Frame, start: float, words: str, y: float) -> Iterator[Shape]:
    """The words of an alarm, beside its beginning, on the side where there is room."""
    room = 5.4 * len(words)
    x = frame.x(start)
    if x - room - 4 > LEFT:
        yield Text(x - 4, y + 10, words, 9, RUST, "end", bold=True)
    else:
        yield Text(x + 4, y + 10, words, 9, RUST, bold=True)


def _series(frame: Frame, course: Course, y: float) -> Iterator[Shape]:
    if not course.points:
        yield Text(LEFT + 8, y + frame.height / 2 + 4, "no usable baseline: not judged", 11, MUTED)
        return
    colour, pale = SERIES.get(course.modality, OTHER)
    for part in _runs(course):
        xs = [frame.x(p.time_s) for p in part]
        if len(part) == 1:
            yield Dot(xs[0], _y(frame, y, part[0].middle), 1.4, colour, colour)
            continue
        above = [(x, _y(frame, y, p.high)) for x, p in zip(xs, part, strict=True)]
        under = [(x, _y(frame, y, p.low)) for x, p in zip(xs, part, strict=True)]
        if any(p.high - p.low > 1 for p in part):
            yield Area((*above, *reversed(under)), pale)
        yield Stroke(tuple((x, _y(frame, y, p.middle)) for x, p in zip(xs, part, strict=True)), colour, 1.3)


def _runs(course: Course) -> list[list[Point]]:
    """The course, broken at its gaps."""
    out = [[course.points[0]]]
    for before, point in pairwise(course.points):
        if any(before.time_s <= g.start_s + 1e-6 and g.end_s <= point.time_s + 1e-6 for g in course.gaps):
            out.append([])
        out[-1].append(point)
    return out


def _label(frame: Frame, course: Course, y: float, alarmed: bool) -> Iterator[Shape]:
    name = " ".join(part for part in (course.side, course.site) if part) or course.channel
    middle = y + frame.height / 2
    yield Text(28, middle + 1, safe(name, 30), 11, bold=alarmed)
    base = course.baseline()
    if base and base.usable:
        yield Text(28, middle + 14, f"100 % = {base.value:.4g} {base.unit}", 9, MUTED)
    yield Text(LEFT - 4, _y(frame, y, 100) + 3, "100", 8, MUTED, "end")
    yield Text(LEFT - 4, _y(frame, y, 0) + 2, "0", 8, MUTED, "end")


def _drawn_events(monitoring: Monitoring) -> list[tuple[int, Event]]:
    inside = [e for e in monitoring.events if monitoring.start_s <= e.time_s <= monitoring.end_s]
    return list(enumerate(inside, 1))[:MOST_EVENTS]


def _marks(frame: Frame, events: Sequence[tuple[int, Event]], bottom: float) -> Iterator[Shape]:
    """Events as numbered marks above their line through all tracks; what is on as a bar."""
    for (_, event), end in _on(events, frame.end):
        yield Box(frame.x(event.time_s), MARKS - 4, max(frame.x(end) - frame.x(event.time_s), 2.0), 4, INK)
    last = [-1e9, -1e9]
    for number, event in events:
        x = frame.x(event.time_s)
        row = 0 if x - last[0] >= 17 else 1 if x - last[1] >= 17 else 0
        last[row] = x
        yield Line(x, MARKS - 6, x, bottom, MUTED, 0.6, dashed=True)
        yield Dot(x, MARKS - 14 - 16 * row, 7.5, "#ffffff", INK)
        yield Text(x, MARKS - 10.8 - 16 * row, str(number), 9, anchor="middle", bold=True)


def _on(events: Sequence[tuple[int, Event]], end: float) -> Iterator[tuple[tuple[int, Event], float]]:
    """Each event that switched something on, with when it was switched off."""
    for number, event in events:
        if event.state == "on":
            off = (e.time_s for k, e in events if k > number and e.kind == event.kind and e.state == "off")
            yield (number, event), next(off, end)


def _axis(frame: Frame, bottom: float) -> Iterator[Shape]:
    yield Line(LEFT, bottom, RIGHT, bottom, INK, 1)
    length = frame.end - frame.start
    step = next((s for s in STEPS if length / s <= MOST_TICKS), STEPS[-1])
    shift = frame.monitoring.start_clock_s or 0.0
    first = -(-(frame.start + shift) // step) * step - shift
    ticks = [first + step * k for k in range(int(max(frame.end - first, 0) // step) + 1)]
    for at in [t for t in ticks if t <= frame.end] or [frame.start]:
        yield Line(frame.x(at), bottom, frame.x(at), bottom + 5, INK, 1)
        yield Text(frame.x(at), bottom + 17, frame.monitoring.at(at)[:5], 10, MUTED, "middle")
    words = "clock time" if frame.monitoring.start_clock_s is not None else "time (h:min)"
    yield Text(28, bottom + 17, words, 10, MUTED)


def _below(frame: Frame, events: Sequence[tuple[int, Event]], bottom: float) -> tuple[list[Shape], float]:
    """The list of events, what was not monitored, and what the drawing is not for."""
    out: list[Shape] = []
    half = (len(events) + 1) // 2
    for k, (number, event) in enumerate(events):
        x, y = (16.0, bottom + 44 + 16 * k) if k < half else (568.0, bottom + 44 + 16 * (k - half))
        out.append(Text(x, y, f"{number}", 10, bold=True))
        out.append(Text(x + 20, y, safe(f"{frame.monitoring.at(event.time_s)}  {event.words}", 84), 10))
    y = bottom + 50 + 16 * half
    for line in _legend(frame.monitoring, len(events)):
        out.append(Text(16, y, safe(line, 190), 10, MUTED))
        y += 15
    out.append(Text(16, y + 3, NOT_A_DEVICE, 10, INK, bold=True))
    return out, y + 18


def _legend(monitoring: Monitoring, drawn: int) -> Iterator[str]:
    yield (
        "Line: median; pale: lowest to highest; blue ground: baseline; amber with a bar: alarm; "
        "black bar above: switched on; scale 0 to 150 %."
    )
    if monitoring.not_monitored:
        yield f"Not monitored, which is not 'no alarm': {', '.join(monitoring.not_monitored)}."
    if drawn < len(monitoring.events):
        yield f"{len(monitoring.events) - drawn} more events are not drawn; the report lists them."
