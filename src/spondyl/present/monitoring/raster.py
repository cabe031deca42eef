"""The figure as PNG, through matplotlib, which is imported only here and only when a picture is drawn."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

from spondyl.present.monitoring.layout import laid_out
from spondyl.present.monitoring.sketch import Area, Box, Dot, Line, Stroke, Text
from spondyl.record.monitoring import Monitoring

__all__ = ["figure_png"]

SCREEN, POINTS = 96.0, 72.0
ALIGN = {"start": "left", "middle": "center", "end": "right"}


def figure_png(monitoring: Monitoring, dpi: int = 200) -> bytes:
    """The course of the operation as PNG.

    Args:
        monitoring: What is drawn.
        dpi: Dots per inch in print.

    Returns:
        The picture; the same result gives the same bytes with the same matplotlib.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    sketch = laid_out(monitoring)
    figure = Figure(figsize=(sketch.width / SCREEN, sketch.height / SCREEN), dpi=dpi)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, sketch.width)
    axes.set_ylim(sketch.height, 0)
    axes.axis("off")
    for depth, shape in enumerate(sketch):
        _DRAWN[type(shape)](axes, shape, depth)
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a name in a script the font lacks
        figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None}, facecolor="white")
    return out.getvalue()


def _width(pixels: float) -> float:
    return pixels * POINTS / SCREEN


def _box(axes: Any, b: Box, depth: int) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((b.x, b.y), b.width, b.height, facecolor=b.fill, linewidth=0, zorder=depth))


def _line(axes: Any, s: Line, depth: int) -> None:
    style = (0, (3, 2)) if s.dashed else "-"
    axes.plot(
        (s.x1, s.x2), (s.y1, s.y2), color=s.stroke, linewidth=_width(s.width), linestyle=style, zorder=depth
    )


def _stroke(axes: Any, s: Stroke, depth: int) -> None:
    x, y = zip(*s.points, strict=True)
    axes.plot(x, y, color=s.stroke, linewidth=_width(s.width), solid_joinstyle="round", zorder=depth)


def _area(axes: Any, a: Area, depth: int) -> None:
    from matplotlib.patches import Polygon

    axes.add_patch(Polygon(a.points, closed=True, facecolor=a.fill, linewidth=0, zorder=depth))


def _dot(axes: Any, d: Dot, depth: int) -> None:
    from matplotlib.patches import Circle

    disc = Circle(
        (d.x, d.y), d.radius, facecolor=d.fill, edgecolor=d.stroke, linewidth=_width(0.8), zorder=depth
    )
    axes.add_patch(disc)


def _text(axes: Any, t: Text, depth: int) -> None:
    axes.text(
        t.x, t.y, t.words, fontsize=_width(t.size), color=t.fill, ha=ALIGN[t.anchor], va="baseline",
        weight="bold" if t.bold else "normal", parse_math=False, zorder=depth,
    )  # fmt: skip


_DRAWN: dict[type, Callable[[Any, Any, int], None]] = {
    Box: _box, Line: _line, Stroke: _stroke, Area: _area, Dot: _dot, Text: _text,
}  # fmt: skip
