"""Forest plots of studies with their pool, as SVG and PNG; the same input gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from spondyl.present.survival import Picture
from spondyl.present.survival_figure import STYLE

__all__ = ["Meta", "MetaRow", "draw_meta", "drawable"]

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#888888"
ROW, TOP, BELOW = 0.27, 0.62, 0.55
LEFT, RIGHT = 0.36, 0.66
LONGEST = 38


@dataclass(frozen=True)
class MetaRow:
    """One study, or the pool.

    Args:
        label: Its name.
        estimate, low, high: As printed: a ratio, months, or a share.
        weight: Percent of the pool, `None` for the pool itself.
        printed: The numbers as text.
    """

    label: str
    estimate: float
    low: float
    high: float
    weight: float | None
    printed: str


@dataclass(frozen=True)
class Meta:
    """A forest plot with a pool.

    Args:
        title: Its caption.
        x_label: What the axis measures.
        head: The title of the column of numbers.
        rows: The studies.
        pool: The pool, drawn as a diamond; `None` where there is a single study.
        prediction: Limits for a new study, with the numbers as text.
        logarithmic: Whether the axis is logarithmic.
        line: Where a line of no effect stands, or `None`.
        notes: Lines under the rows.
    """

    title: str
    x_label: str
    head: str
    rows: Sequence[MetaRow]
    pool: MetaRow | None
    prediction: tuple[float, float, str] | None
    logarithmic: bool
    line: float | None
    notes: Sequence[str] = ()


def drawable(text: str) -> str:
    r"""Words of a paper as they may stand in a drawing: in one line, and never read as a formula.

    Args:
        text: The words.

    Example:
        >>> drawable("_a\n$x$")
        'a \\$x\\$'
    """
    return _line(text).lstrip("_").replace("$", r"\$") or "–"


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def draw_meta(name: str, meta: Meta) -> Picture:
    """A forest plot: squares as large as their weight, a diamond for the pool, a bar for a new study.

    Args:
        name: The name of its file.
        meta: What to draw.
    """
    rows = len(meta.rows) + (1 if meta.pool else 0) + (1 if meta.prediction else 0)
    height = TOP + ROW * rows + BELOW + 0.2 * len(meta.notes)
    with rc_context(STYLE):
        figure = Figure(figsize=(7.4, height))
        foot = BELOW + 0.2 * len(meta.notes)
        axes = figure.add_axes((LEFT, foot / height, RIGHT - LEFT, ROW * rows / height))
        span = _axis(axes, meta, rows)
        _heads(axes, meta)
        for y, row in enumerate(meta.rows):
            _study(axes, y, row, span)
        if meta.pool:
            _diamond(axes, len(meta.rows), meta.pool, span)
        if meta.prediction:
            _new_study(axes, rows - 1, meta.prediction, span)
        for k, note in enumerate(meta.notes):
            figure.text(
                0.015, (foot - 0.52 - 0.2 * k) / height, _line(note), fontsize=7, color="#444444", va="center",
                parse_math=False,
            )  # fmt: skip
        return _saved(name, meta.title, figure)


def _axis(axes: Any, meta: Meta, rows: int) -> tuple[float, float]:
    limits = [(r.low, r.high) for r in [*meta.rows, *([meta.pool] if meta.pool else [])]]
    low, high = min(a for a, _ in limits), max(b for _, b in limits)
    if meta.line is not None:
        low, high = min(low, meta.line), max(high, meta.line)
    if meta.logarithmic:
        axes.set_xscale("log")
        low, high = max(low / 1.25, 1e-3), min(high * 1.25, 1e4)
    else:
        low, high = max(0.0, low - 0.05), min(1.0, high + 0.05)
    axes.set_xlim(low, high)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.set_xlabel(meta.x_label)
    if meta.logarithmic:
        ticks = _ticks(low, high)
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.minorticks_off()
    if meta.line is not None:
        axes.axvline(meta.line, color=GREY, linewidth=0.8, zorder=0)
    if meta.pool:
        axes.axvline(meta.pool.estimate, color=ORANGE, linewidth=0.8, linestyle=":", zorder=0)
    return low, high


def _ticks(low: float, high: float) -> list[float]:
    """At most seven round numbers on a logarithmic axis.

    Example:
        >>> _ticks(0.4, 6), _ticks(6, 31)
        ([0.5, 1.0, 2.0, 5.0], [7.0, 10.0, 15.0, 20.0, 30.0])
    """
    for steps in ((1,), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        inside = [round(m * 10.0**k, 6) for k in range(-3, 5) for m in steps if low <= m * 10.0**k <= high]
        if len(inside) > 3:
            return inside[:: len(inside) // 7 + 1]
    return [float(f"{v:.2g}") for v in (low, (low * high) ** 0.5, high)]


def _heads(axes: Any, meta: Meta) -> None:
    y = -0.95
    _say(axes, -1.17, y, "Study", "left", "bold")
    _say(axes, 1.08, y, meta.head, "left", "bold")
    _say(axes, 1.94, y, "Weight", "right", "bold")


def _say(
    axes: Any, x: float, y: float, words: str, side: str, weight: str = "normal", colour: str = "black"
) -> None:
    axes.text(
        x, y, _line(words), transform=axes.get_yaxis_transform(), ha=side, va="center", weight=weight, color=colour,
        clip_on=False, fontsize=8, parse_math=False,
    )  # fmt: skip


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"


def _study(axes: Any, y: int, row: MetaRow, span: tuple[float, float]) -> None:
    _say(axes, -1.17, y, _short(row.label), "left")
    _say(axes, 1.08, y, row.printed, "left")
    if row.weight is not None:
        _say(axes, 1.94, y, f"{row.weight:.1f} %", "right")
    axes.plot([max(row.low, span[0]), min(row.high, span[1])], [y, y], color=BLUE, linewidth=1.2)
    size = 3.0 + 5.5 * ((row.weight or 0.0) / 100) ** 0.5
    axes.plot([row.estimate], [y], "s", color=BLUE, markersize=size)


def _diamond(axes: Any, y: int, pool: MetaRow, span: tuple[float, float]) -> None:
    _say(axes, -1.17, y, pool.label, "left", "bold")
    _say(axes, 1.08, y, pool.printed, "left", "bold")
    low, high = max(pool.low, span[0]), min(pool.high, span[1])
    x, up = [low, pool.estimate, high, pool.estimate], [y, y - 0.26, y, y + 0.26]
    axes.fill(x, up, color=ORANGE, linewidth=0, clip_on=False)


def _new_study(axes: Any, y: int, limits: tuple[float, float, str], span: tuple[float, float]) -> None:
    _say(axes, -1.17, y, "Prediction for a new study", "left")
    low, high, printed = limits
    axes.plot([max(low, span[0]), min(high, span[1])], [y, y], color=ORANGE, linewidth=1.6)
    for end, mark, beyond in ((span[0], "<", low < span[0]), (span[1], ">", high > span[1])):
        if beyond:
            axes.plot([end], [y], mark, color=ORANGE, markersize=4, clip_on=False)
    _say(axes, 1.08, y, printed, "left")


def _saved(name: str, title: str, figure: Figure) -> Picture:
    svg, png = io.BytesIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=300, metadata={"Software": None})
    return Picture(name, title, svg.getvalue(), png.getvalue())
