"""The course of one patient on a line, as SVG and PNG; the same input gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from spondyl.present.survival import Picture
from spondyl.present.survival_figure import STYLE

__all__ = ["Moment", "draw_timeline"]

COLOUR, GREY = "#0072B2", "#5b6773"
APART = 0.17
WRAP = 22


@dataclass(frozen=True)
class Moment:
    """Something that happened.

    Args:
        months: When, in months from the zero of the line; before it negative.
        words: What.
        until: Its end, for what lasted.
    """

    months: float
    words: str
    until: float | None = None


def draw_timeline(name: str, title: str, moments: Sequence[Moment], zero: str) -> Picture:
    """What happened when, from left to right; close moments are written above each other.

    Args:
        name: The name of its file.
        title: Its caption.
        moments: What is drawn.
        zero: What the months are counted from.
    """
    ordered = sorted(moments, key=lambda m: (m.months, m.words))
    ends = [m.until for m in ordered if m.until is not None]
    first, last = min(0.0, *(m.months for m in ordered)), max(0.0, *(m.months for m in ordered), *ends)
    span = (last - first) or 1.0
    heights = _heights(ordered, span)
    with rc_context(STYLE):
        figure = Figure(figsize=(6.5, 1.5 + 0.42 * max(heights)))
        axes = figure.add_axes((0.06, 0.28, 0.88, 0.68))
        _line(axes, (first, last, span), max(heights))
        for moment, height in zip(ordered, heights, strict=True):
            _moment(axes, moment, height)
        axes.set_xlabel(f"Months from {zero}")
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    return Picture(name, title, svg.getvalue(), png.getvalue())


def _heights(ordered: Sequence[Moment], span: float) -> list[int]:
    """The lowest row on which the words of each moment find room."""
    taken: list[float] = []
    out = []
    for moment in ordered:
        need = APART * span * max(1.0, min(len(moment.words), WRAP) / 12)
        row = next((k for k, end in enumerate(taken) if moment.months >= end), len(taken))
        taken[row:] = [moment.months + need, *taken[row + 1 :]]
        out.append(row + 1)
    return out


def _line(axes: Any, extent: tuple[float, float, float], highest: int) -> None:
    first, last, span = extent
    axes.set_xlim(first - 0.04 * span, last + 0.24 * span)
    axes.set_ylim(-0.3, highest + 0.9)
    axes.plot([first, last], [0, 0], color=GREY, linewidth=2.0, solid_capstyle="butt")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _moment(axes: Any, moment: Moment, height: int) -> None:
    if moment.until is not None:
        axes.plot(
            [moment.months, moment.until],
            [0, 0],
            color=COLOUR,
            linewidth=6,
            alpha=0.35,
            solid_capstyle="butt",
        )
    axes.plot([moment.months] * 2, [0, height], color=GREY, linewidth=0.7)
    axes.plot([moment.months], [0], "o", color=COLOUR, markersize=6)
    axes.text(
        moment.months, height + 0.06, f" {_wrapped(moment.words)}", ha="left", va="center", fontsize=8,
        parse_math=False,
    )  # fmt: skip


def _wrapped(words: str) -> str:
    """Words in two lines at most."""
    if len(words) <= WRAP:
        return words
    cut = words.rfind(" ", 0, WRAP + 1)
    head, tail = (words[:WRAP], words[WRAP:]) if cut < 1 else (words[:cut], words[cut + 1 :])
    return f"{head}\n {tail if len(tail) <= 2 * WRAP else tail[: 2 * WRAP - 1] + '…'}"
