"""Counts by primary tumour and by treatment, as bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from spondyl.present.catalog import printed
from spondyl.present.figures.svg import INK, MUTED, Figure, drawing, hatch, line, rect, text
from spondyl.present.model import Row

__all__ = ["counts"]

WIDTH, LABEL, STEP, MOST = 560.0, 190.0, 22.0, 18
BLUE = "#0072b2"


def counts(rows: Sequence[Row], key: str, name: str, title: str) -> Figure:
    """How many cases have each value of a field.

    Args:
        rows: The cases it counts.
        key: Name of the figure within the page.
        name: The field.
        title: Its heading.
    """
    by_kind = {kind: _counter(rows, kind, name) for kind in ("patient", "cited")}
    totals = by_kind["patient"] + by_kind["cited"]
    ordered = sorted(totals, key=lambda value: (-totals[value], value))
    shown, rest = ordered[:MOST], ordered[MOST:]
    silent = sum(1 for r in rows if not r.values(name))
    several = any(len(set(r.values(name))) > 1 for r in rows)
    note = f"{len(rest)} further, with {sum(totals[v] for v in rest)} cases." if rest else ""
    return Figure(
        key=key,
        title=title,
        words="A case counts once under each of its values." if several else "",
        svg=drawing(WIDTH, _height(len(shown)), title, _bars(shown, by_kind, silent, key)),
        note=note,
    )


def _counter(rows: Sequence[Row], kind: str, name: str) -> Counter[str]:
    return Counter(printed(v) for r in rows if r.kind == kind for v in dict.fromkeys(r.values(name)))


def _height(bars: int) -> float:
    return 26 + STEP * (bars + 1) + 6


def _bars(shown: Sequence[str], by_kind: dict[str, Counter[str]], silent: int, key: str) -> list[str]:
    most = max([silent, 1, *(sum(c[v] for c in by_kind.values()) for v in shown)])
    unit = (WIDTH - LABEL - 44) / most
    pattern = f"{key}-cited"
    out = [hatch(pattern, BLUE), *_legend(pattern)]
    for k, value in enumerate(shown):
        own, cited = by_kind["patient"][value], by_kind["cited"][value]
        out += _bar(26 + STEP * k, value, [(own, BLUE), (cited, f"url(#{pattern})")], unit)
    out += _bar(26 + STEP * len(shown), "not found", [(silent, "#ffffff")], unit, muted=True)
    out.append(line(LABEL, 24, LABEL, 26 + STEP * (len(shown) + 1), INK, 1))
    return out


def _legend(pattern: str) -> list[str]:
    return [
        rect(LABEL, 4, 14, 10, fill=BLUE, stroke=INK, stroke_width=0.6),
        text(LABEL + 20, 13, "patients of the papers", 11, fill=MUTED),
        rect(LABEL + 160, 4, 14, 10, fill=f"url(#{pattern})", stroke=INK, stroke_width=0.6),
        text(LABEL + 180, 13, "cited cases", 11, fill=MUTED),
    ]


def _bar(y: float, label: str, parts: list[tuple[int, str]], unit: float, muted: bool = False) -> list[str]:
    short = label if len(label) <= 30 else label[:29] + "…"
    fill = MUTED if muted else INK
    out = [text(LABEL - 8, y + 15, short, 12, text_anchor="end", fill=fill)]
    x = LABEL
    for count, colour in parts:
        if count:
            out.append(rect(x, y + 3, count * unit, STEP - 7, fill=colour, stroke=INK, stroke_width=0.6))
            x += count * unit
    out.append(text(x + 6, y + 15, str(sum(c for c, _ in parts)), 12, fill=fill, font_weight="600"))
    return out
