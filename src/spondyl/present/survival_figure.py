"""Survival curves and forest plots as SVG and PNG; the same input gives the same bytes."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Sequence
from math import isnan
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from spondyl.present.survival import Forest, Picture, Strand, Strands

__all__ = ["draw_curves", "draw_forest"]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#999999")
STYLES = ("-", "--", "-.", ":")
STYLE: Any = {
    "svg.hashsalt": "spondyl", "svg.fonttype": "none", "font.family": "DejaVu Sans", "font.size": 8.5,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "pdf.fonttype": 42,
}  # fmt: skip
LINE = 0.19
WIDE = 6.5


def draw_curves(name: str, curves: Strands) -> Picture:
    """Kaplan-Meier curves with censor marks, intervals and the numbers under the ticks.

    Args:
        name: The name of its file.
        curves: What to draw.
    """
    with rc_context(STYLE):
        rows = len(curves.strands)
        below = 0.75 + LINE * (3 * rows + 3)
        height = 3.3 + below
        figure = Figure(figsize=(WIDE, height))
        left = _margin([s.label for s in curves.strands])
        axes = figure.add_axes((left / WIDE, below / height, (WIDE - left - 0.26) / WIDE, 3.0 / height))
        for k, strand in enumerate(curves.strands):
            _step(axes, strand, k, 0.0 if curves.rising else 1.0)
        axes.set_xlim(0, curves.ticks[-1])
        axes.set_ylim(0, 1.02)
        axes.set_xticks(list(curves.ticks))
        axes.set_xlabel(curves.x_label)
        axes.set_ylabel(curves.y_label)
        if rows > 1:
            side: Any = "upper left" if curves.rising else "upper right"
            legend = axes.legend(frameon=True, loc=side, title=curves.note or None, alignment="left")
            legend.get_frame().set(linewidth=0, alpha=0.7, facecolor="white")
        _numbers(axes, curves)
        return _saved(name, curves.title, figure)


def _margin(labels: Sequence[str]) -> float:
    """Inches left of the axis: as the longest label needs."""
    return min(max(1.1, 0.35 + 0.064 * max(len(_short(label)) for label in labels)), 2.2)


def _step(axes: Any, strand: Strand, k: int, begin: float) -> None:
    colour, style = COLOURS[k % len(COLOURS)], STYLES[k // len(COLOURS) % len(STYLES)]
    x, y = [0.0, *strand.time], [begin, *strand.survival]
    low, high = _carried([begin, *strand.low]), _carried([begin, *strand.high])
    axes.fill_between(x, low, high, step="post", color=colour, alpha=0.12, linewidth=0)
    axes.step(x, y, where="post", color=colour, linestyle=style, linewidth=1.4, label=strand.label)
    heights = [_height(strand, t) for t in strand.marks]
    axes.plot(strand.marks, heights, "|", color=colour, markersize=6, markeredgewidth=0.9)


def _carried(limits: list[float]) -> list[float]:
    """Where a limit is not known, as after the last death to nobody, the band goes on as before."""
    out = limits[:1]
    for limit in limits[1:]:
        out.append(out[-1] if isnan(limit) else limit)
    return out


def _height(strand: Strand, when: float) -> float:
    """Survival at a time."""
    k = bisect_right(strand.time, when) - 1
    return strand.survival[k] if k >= 0 else 1.0


def _numbers(axes: Any, curves: Strands) -> None:
    """At risk, events and censored, aligned to the ticks."""
    figure = axes.figure
    inch = 1 / (axes.get_position().height * figure.get_size_inches()[1])
    y = -0.62 * inch
    blocks = [("Number at risk", "at_risk"), ("Events", "events"), ("Censored", "censored")]
    for title, key in blocks:
        axes.text(0, y, title, transform=axes.transAxes, ha="left", va="center", weight="bold", fontsize=7.5)
        for k, strand in enumerate(curves.strands):
            y -= LINE * inch
            colour = COLOURS[k % len(COLOURS)]
            axes.text(
                -0.03, y, _short(strand.label), transform=axes.transAxes, ha="right", va="center", color=colour,
                fontsize=7.5,
            )  # fmt: skip
            for tick, number in zip(curves.ticks, getattr(strand, key), strict=True):
                axes.text(
                    tick / curves.ticks[-1], y, f"{number}", transform=axes.transAxes, ha="center", va="center",
                    fontsize=7.5,
                )  # fmt: skip
        y -= LINE * inch


def _short(label: str, most: int = 28) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"


def draw_forest(name: str, forest: Forest) -> Picture:
    """A forest plot of hazard ratios with the numbers printed beside it.

    Args:
        name: The name of its file.
        forest: What to draw.
    """
    with rc_context(STYLE):
        rows = len(forest.rows)
        height = 0.55 + 0.24 * (rows + 1)
        figure = Figure(figsize=(7.2, height))
        axes = figure.add_axes((0.47, 0.45 / height, 0.25, 0.24 * (rows + 0.5) / height))
        drawn = [r for r in forest.rows if r.ratio and r.low and r.high]
        low, high = _range([(r.low or 1.0, r.high or 1.0) for r in drawn])
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.set_ylim(rows - 0.5, -1.0)
        axes.plot([1.0, 1.0], [-0.5, rows - 0.5], color="#888888", linewidth=0.8)
        axes.spines["left"].set_visible(False)
        axes.set_yticks([])
        axes.set_xlabel("Hazard ratio")
        steps = (0.1, 1, 10) if high > 60 * low else (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
        ticks = [t for t in steps if low <= t <= high]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.minorticks_off()
        places = _places(len(forest.heads))
        for place, head in zip(places, forest.heads, strict=True):
            _say(axes, place, -0.85, head, "bold")
        for y, row in enumerate(forest.rows):
            _say(axes, -1.82, y, row.label, "bold" if row.heading else "normal", left=True)
            for place, cell in zip(places, row.cells, strict=False):
                _say(axes, place, y, cell, "normal")
            _whisker(axes, y, (row.ratio, row.low, row.high), (low, high))
        return _saved(name, forest.title, figure)


def _places(many: int) -> list[float]:
    """Where columns of numbers stand: n and events left of the axis, the rest right of it."""
    left, right = [-0.62, -0.22], [1.36, 1.92]
    return [*left[: min(2, many)], *right[: max(0, many - 2)]]


def _say(axes: Any, x: float, y: float, words: str, weight: str, left: bool = False) -> None:
    where = axes.get_yaxis_transform()
    axes.text(
        x, y, words, transform=where, ha="left" if left else "center", va="center", weight=weight, clip_on=False,
        fontsize=8,
    )  # fmt: skip


def _whisker(
    axes: Any, y: int, estimate: tuple[float | None, float | None, float | None], span: tuple[float, float]
) -> None:
    ratio, low, high = estimate
    if ratio is None:
        return
    if low is not None and high is not None:
        axes.plot([max(low, span[0]), min(high, span[1])], [y, y], color="#0072B2", linewidth=1.2)
        for end, mark, beyond in ((span[0], "<", low < span[0]), (span[1], ">", high > span[1])):
            if beyond:
                axes.plot([end], [y], mark, color="#0072B2", markersize=4, clip_on=False)
    hollow = {"markerfacecolor": "white"} if low is None else {}
    axes.plot([min(max(ratio, span[0]), span[1])], [y], "s", color="#0072B2", markersize=4.5, **hollow)


def _range(intervals: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The span of the axis: all intervals, but no further than 0.02 to 50."""
    low = min((a for a, _ in intervals), default=0.5)
    high = max((b for _, b in intervals), default=2.0)
    return max(min(low * 0.8, 0.5), 0.02), min(max(high * 1.25, 2.0), 50.0)


def _saved(name: str, title: str, figure: Figure) -> Picture:
    svg, png = io.BytesIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=300, metadata={"Software": None})
    return Picture(name, title, svg.getvalue(), png.getvalue())
