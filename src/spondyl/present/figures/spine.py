"""The spine from C1 to the coccyx with the number of lesions at each level, by compartment."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from spondyl.present.figures.svg import (
    FAINT,
    GRID,
    INK,
    MUTED,
    Figure,
    drawing,
    line,
    n,
    rect,
    settings,
    shape,
    tag,
    text,
)
from spondyl.present.model import Row

__all__ = ["spine"]

WIDTH, TOP, STEP = 700.0, 58.0, 20.0
PLUMB, LABEL, FIRST, COLUMN = 86.0, 186.0, 248.0, 70.0


@dataclass(frozen=True)
class Vertebra:
    """One vertebra of the drawing: its place, its size, and its turn in degrees."""

    level: str
    region: str
    x: float
    y: float
    height: float
    depth: float
    turn: float = 0.0


def spine(rows: Sequence[Row]) -> Figure:
    """The figure of lesions by level and compartment.

    Args:
        rows: The cases it counts.
    """
    counts, totals, regions, nowhere = _tally(rows)
    levels = [level for part in settings()["spine"] for level in part["levels"]]
    placed = sum(1 for r in rows if set(r.values("levels")) & set(levels))
    height = TOP + STEP * len(levels) + 8
    parts = [_bands(), *_head(), *_column(totals), *_grid(levels, counts, totals)]
    return Figure(
        key="spine",
        title="Lesions by level and compartment",
        words=f"{placed} of {len(rows)} cases name a level. A case counts once at each of its levels, in "
        "each of its compartments; the last column counts it once.",
        svg=drawing(WIDTH, height, "Lesions by level and compartment, C1 to coccyx", parts),
        note=_note(totals, levels, regions, nowhere),
    )


def _tally(rows: Sequence[Row]) -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str], int]:
    """Lesions by (level, compartment), cases by level, cases with only a region, cases with neither."""
    counts: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    nowhere = 0
    for row in rows:
        levels, named = dict.fromkeys(row.values("levels")), dict.fromkeys(row.values("regions"))
        for level in levels:
            totals[level] += 1
            for compartment in dict.fromkeys(row.values("compartment")) or [""]:
                counts[level, compartment] += 1
        if not levels:
            regions.update(named.keys())
            nowhere += not named
    return counts, totals, regions, nowhere


def _note(totals: Counter[str], levels: Sequence[str], regions: Counter[str], nowhere: int) -> str:
    parts = []
    if regions:
        names = ", ".join(f"{name} {count}" for name, count in sorted(regions.items()))
        parts.append(f"Region found but no level: {names}.")
    if nowhere:
        parts.append(f"Neither level nor region found: {nowhere}.")
    other = sorted(set(totals) - set(levels))
    if other:
        parts.append(
            "Levels of the cord without a vertebra: " + ", ".join(f"{o} {totals[o]}" for o in other) + "."
        )
    return " ".join(parts)


def _vertebrae() -> list[Vertebra]:
    """The column, each vertebra turned along the curve."""
    out: list[Vertebra] = []
    y = 0.0
    for part in settings()["spine"]:
        last = max(len(part["levels"]) - 1, 1)
        for k, level in enumerate(part["levels"]):
            share = k / last
            height = _between(part["height"], share)
            y += height / 2
            x = _bow(part["offset"], share)
            out.append(Vertebra(level, part["region"], x, y, height, _between(part["depth"], share)))
            y += height / 2 + 2
    scale = STEP * len(out) / y
    return [_turned(out, k, scale) for k in range(len(out))]


def _between(ends: Sequence[float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _bow(offset: Sequence[float], share: float) -> float:
    """A point of the parabola through the first, middle and last offset."""
    first, middle, last = offset
    return first + (4 * middle - 3 * first - last) * share + (2 * first + 2 * last - 4 * middle) * share**2


def _turned(column: list[Vertebra], k: int, scale: float) -> Vertebra:
    own, above, below = column[k], column[max(k - 1, 0)], column[min(k + 1, len(column) - 1)]
    slope = math.degrees(math.atan2(below.x - above.x, (below.y - above.y) or 1))
    return Vertebra(
        own.level, own.region, PLUMB + own.x, TOP + own.y * scale, own.height * scale - 1.5, own.depth,
        max(-32.0, min(32.0, -slope)),
    )  # fmt: skip


def _shade(count: int, most: int) -> str:
    """White for none, then from pale to deep blue; its lightness alone tells the order."""
    if not count:
        return "#ffffff"
    share = math.sqrt(count / most)
    pale, deep = (205, 226, 243), (0, 84, 140)
    return "#" + "".join(f"{round(p + (d - p) * share):02x}" for p, d in zip(pale, deep, strict=True))


def _column(totals: Counter[str]) -> list[str]:
    most = max(3, *totals.values(), 3)
    out = []
    for k, v in enumerate(_vertebrae()):
        row = TOP + STEP * (k + 0.5)
        out.append(_process(v))
        out.append(
            rect(
                v.x - v.depth / 2, v.y - v.height / 2, v.depth, v.height, rx=min(4.0, v.height / 3),
                fill=_shade(totals[v.level], most), stroke=INK, stroke_width=1,
                transform=f"rotate({n(v.turn)} {n(v.x)} {n(v.y)})",
            )
        )  # fmt: skip
        reach = v.x + v.depth / 2 + (5 if v.region in ("sacral", "coccygeal") else 27)
        out.append(line(reach, v.y, LABEL - 6, row, FAINT, 0.7))
    return out


def _process(v: Vertebra) -> str:
    """The spinous process, behind the body."""
    if v.region in ("sacral", "coccygeal"):
        return ""
    x, y, h = v.x + v.depth / 2 - 2, v.y, v.height
    drop = h * (0.55 if v.region == "thoracic" else 0.2)
    path = (
        f"M{n(x)} {n(y - h * 0.22)}L{n(x + 8)} {n(y - h * 0.2)}L{n(x + 24)} {n(y + drop - h * 0.12)}"
        f"Q{n(x + 27)} {n(y + drop + h * 0.08)} {n(x + 22)} {n(y + drop + h * 0.16)}"
        f"L{n(x + 6)} {n(y + h * 0.24)}L{n(x)} {n(y + h * 0.22)}Z"
    )
    return tag("path", d=path, fill="#f1f3f5", stroke=INK, stroke_width=0.8, stroke_linejoin="round")


def _bands() -> str:
    """Regions as bands behind the rows, named at the left."""
    out, k = [], 0
    for number, part in enumerate(settings()["spine"]):
        size = len(part["levels"])
        y, height = TOP + STEP * k, STEP * size
        if number % 2 == 0:
            out.append(rect(0, y, WIDTH, height, fill="#f5f7f9"))
        if size > 1:
            x, middle = 14.0, y + height / 2
            turn = f"rotate(-90 {n(x)} {n(middle)})"
            out.append(text(x, middle, part["region"], 11, fill=MUTED, text_anchor="middle", transform=turn))
        k += size
    return "".join(out)


def _head() -> list[str]:
    out = [text(LABEL, TOP - 10, "level", 11, fill=MUTED)]
    compartments = settings()["compartments"]
    for k, style in enumerate(compartments.values()):
        x = FIRST + COLUMN * k
        out.append(shape(style["shape"], x, TOP - 45, 10, style["colour"]))
        for row, words in enumerate(style["label"]):
            out.append(text(x, TOP - 27 + 12 * row, words, 10.5, fill=MUTED, text_anchor="middle"))
    out.append(
        text(FIRST + COLUMN * len(compartments), TOP - 10, "cases", 11, fill=MUTED, text_anchor="middle")
    )
    out.append(line(LABEL - 6, TOP - 1, WIDTH, TOP - 1, INK, 1.2))
    return out


def _grid(levels: Sequence[str], counts: Counter[tuple[str, str]], totals: Counter[str]) -> list[str]:
    out = []
    compartments = settings()["compartments"]
    for k, level in enumerate(levels):
        y = TOP + STEP * (k + 0.5)
        weight = "600" if totals[level] else "400"
        out.append(text(LABEL, y + 4, level, 12, font_weight=weight, fill=INK if totals[level] else MUTED))
        out.append(line(LABEL - 6, y + STEP / 2, WIDTH, y + STEP / 2, GRID, 0.7))
        for column, (name, style) in enumerate(compartments.items()):
            out.append(_mark(FIRST + COLUMN * column, y, counts[level, name], style))
        if totals[level]:
            x = FIRST + COLUMN * len(compartments)
            out.append(text(x, y + 4, str(totals[level]), 12, font_weight="700", text_anchor="middle"))
    return out


def _mark(x: float, y: float, count: int, style: dict[str, str]) -> str:
    if not count:
        return tag("circle", cx=x, cy=y, r=1, fill=FAINT)
    return shape(style["shape"], x - 7, y, 10, style["colour"]) + text(x + 3, y + 4, str(count), 12)
