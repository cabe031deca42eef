"""The course of the cases: one lane each, as long as the patient was followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from spondyl.present.catalog import number, printed
from spondyl.present.figures.svg import (
    GRID,
    INK,
    MUTED,
    Figure,
    Panel,
    drawing,
    hatch,
    line,
    n,
    rect,
    settings,
    shape,
    tag,
    text,
)
from spondyl.present.model import Row

__all__ = ["swimmer"]

WIDTH, TOP, STEP, LANES = 1180.0, 40.0, 24.0, 60
NAME, ABOUT, MARKS, AXIS, END = 0.0, 186.0, 346.0, 484.0, 960.0
TICKS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 360, 600)


@dataclass(frozen=True)
class Lane:
    """What is drawn of one case."""

    name: str
    about: str
    months: float
    treatments: tuple[str, ...]
    status: str
    recurrence: str
    recurred: float | None


def swimmer(rows: Sequence[Row]) -> Figure:
    """The figure of the cases' course.

    Args:
        rows: The cases; those without a follow-up are counted under it.
    """
    siblings = Counter(r.source.number for r in rows if r.kind == "patient")
    drawn = (_lane(r, siblings[r.source.number] > 1) for r in rows)
    lanes = sorted((x for x in drawn if x), key=lambda x: (-x.months, x.name, x.about))
    panels = [lanes[k : k + LANES] for k in range(0, len(lanes), LANES)] or [[]]
    without = len(rows) - len(lanes)
    return Figure(
        key="swimmer",
        title="Course of the cases",
        words="One lane a case, longest first: from treatment, or presentation, to the last known state.",
        svg=_drawn(panels[0]),
        note=f"Follow-up not found: {without} of {len(rows)} cases." if rows else "",
        panels=tuple(
            Panel(f"Cases {k * LANES + 1} to {k * LANES + len(part)} of {len(lanes)}", _drawn(part))
            for k, part in enumerate(panels[1:], 1)
        ),
    )


def _first(row: Row, name: str) -> object:
    return next(iter(row.values(name)), None)


def _lane(row: Row, one_of_several: bool) -> Lane | None:
    """The lane of a case, or nothing where no follow-up was found; of contradicting values the first."""
    months = _first(row, "follow_up_months")
    if not isinstance(months, int | float):
        return None
    recurred = _first(row, "recurrence_months")
    label = [row.label] if one_of_several and row.kind == "patient" and row.label else []
    return Lane(
        name=row.label if row.kind == "cited" and row.label else row.source.cite,
        about=", ".join([*label, *(printed(v) for v in row.values("diagnosis"))]),
        months=float(months),
        treatments=tuple(dict.fromkeys(row.values("treatments"))),
        status=str(_first(row, "status") or ""),
        recurrence=str(_first(row, "recurrence") or ""),
        recurred=float(recurred) if isinstance(recurred, int | float) else None,
    )


def _drawn(lanes: Sequence[Lane]) -> Markup:
    bottom = TOP + STEP * max(len(lanes), 1)
    longest = max((x.months for x in lanes), default=12.0) or 1.0
    unit = (END - AXIS) / longest
    parts = [hatch("course-dead", "#5b6773"), *_axis(longest, unit, bottom)]
    for k, lane in enumerate(lanes):
        parts += _one(lane, TOP + STEP * k, unit)
    if not lanes:
        parts.append(text(AXIS + 12, TOP + 16, "No case with a follow-up.", 12, fill=MUTED))
    parts += _legend(lanes, bottom + 40)
    return drawing(WIDTH, bottom + 74, "Course of the cases: follow-up in months", parts)


def _axis(longest: float, unit: float, bottom: float) -> list[str]:
    step = next((t for t in TICKS if longest / t <= 8), longest)
    out = [text(AXIS, 14, "months", 11, fill=MUTED)]
    for k in range(int(longest / step) + 1):
        x = AXIS + k * step * unit
        out.append(line(x, TOP - 6, x, bottom, GRID if k else INK, 1))
        out.append(text(x, TOP - 11, number(k * step), 11, fill=MUTED, text_anchor="middle"))
    return out


def _one(lane: Lane, y: float, unit: float) -> list[str]:
    middle, end = y + STEP / 2, AXIS + lane.months * unit
    out = [
        text(NAME, middle + 4, _cut(lane.name, 27), 12, font_weight="600"),
        text(ABOUT, middle + 4, _cut(lane.about, 28), 11, fill=MUTED),
        *_treatments(lane.treatments, middle),
        _bar(lane, middle, end),
    ]
    if lane.recurred is not None and lane.recurred <= lane.months:
        out.append(shape("triangle", AXIS + lane.recurred * unit, middle, 10, "#d55e00"))
    out.append(_end(lane.status, end, middle))
    out.append(text(end + 16, middle + 4, _outcome(lane), 11, fill=MUTED))
    return out


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _treatments(treatments: Sequence[str], y: float) -> list[str]:
    known = settings()["treatments"]
    out = []
    for k, name in enumerate([t for t in known if t in treatments][:7]):
        letter, colour = known[name]
        x = MARKS + 19 * k
        out.append(rect(x, y - 8, 16, 16, rx=3, fill=colour, stroke=INK, stroke_width=0.7))
        out.append(text(x + 8, y + 4, letter, 11, font_weight="700", text_anchor="middle", fill=_on(colour)))
    return out


def _on(colour: str) -> str:
    """Black or white, whichever is read more easily on a colour."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 125 else INK


def _bar(lane: Lane, y: float, end: float) -> str:
    fill = {"alive": "#a9d4f0", "dead": "url(#course-dead)"}.get(lane.status, "#ffffff")
    dash = None if lane.status in ("alive", "dead") else "3 2"
    return rect(
        AXIS, y - 5, max(end - AXIS, 1), 10, fill=fill, stroke=INK, stroke_width=0.8, stroke_dasharray=dash
    )


def _end(status: str, x: float, y: float) -> str:
    if status == "dead":
        path = f"M{n(x - 4)} {n(y - 6)}L{n(x + 8)} {n(y + 6)}M{n(x + 8)} {n(y - 6)}L{n(x - 4)} {n(y + 6)}"
        return tag("path", d=path, stroke=INK, stroke_width=2.2, fill="none")
    if status == "alive":
        points = f"{n(x)},{n(y - 8)} {n(x + 12)},{n(y)} {n(x)},{n(y + 8)}"
        return tag("polygon", points=points, fill="#0072b2", stroke=INK, stroke_width=0.7)
    return tag("circle", cx=x + 4, cy=y, r=4.5, fill="#ffffff", stroke=INK, stroke_width=1)


def _outcome(lane: Lane) -> str:
    words = [number(lane.months, 1), lane.status or "status not found"]
    if lane.recurrence == "yes":
        words.append("recurrence" + ("" if lane.recurred is not None else ", time not found"))
    elif lane.recurrence == "no":
        words.append("no recurrence")
    return " · ".join(words)


def _legend(lanes: Sequence[Lane], y: float) -> list[str]:
    out = [text(NAME, y + 4, "Treatment", 11, fill=MUTED)]
    used = {t for lane in lanes for t in lane.treatments}
    x = 70.0
    for name, (letter, colour) in settings()["treatments"].items():
        if name in used:
            words = printed(name)
            out.append(rect(x, y - 8, 16, 16, rx=3, fill=colour, stroke=INK, stroke_width=0.7))
            out.append(
                text(x + 8, y + 4, letter, 11, font_weight="700", text_anchor="middle", fill=_on(colour))
            )
            out.append(text(x + 21, y + 4, words, 11))
            x += 36 + 5.9 * len(words)
    out.append(text(NAME, y + 28, "Course", 11, fill=MUTED))
    marks = (
        (_end("alive", 74, y + 24), "alive", 90),
        (_end("dead", 140, y + 24), "dead", 154),
        (_end("", 200, y + 24), "status not found", 214),
        (shape("triangle", 328, y + 24, 10, "#d55e00"), "recurrence", 340),
    )
    for mark, words, at in marks:
        out += [mark, text(at, y + 28, words, 11)]
    return out
