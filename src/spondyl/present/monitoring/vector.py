"""The figure as SVG: by hand, the same input the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from spondyl.present.figures.svg import drawing, line, n, rect, tag, text
from spondyl.present.monitoring.layout import laid_out
from spondyl.present.monitoring.sketch import Area, Box, Dot, Line, Points, Stroke, Text
from spondyl.record.monitoring import Monitoring

__all__ = ["figure_svg"]


def figure_svg(monitoring: Monitoring) -> Markup:
    """The course of the operation as SVG.

    Args:
        monitoring: What is drawn.

    Returns:
        The drawing; the same result gives the same bytes.
    """
    sketch = laid_out(monitoring)
    parts = [_DRAWN[type(shape)](shape) for shape in sketch]
    return drawing(sketch.width, sketch.height, sketch.title, parts)


def _box(b: Box) -> str:
    return rect(b.x, b.y, b.width, b.height, fill=b.fill)


def _line(s: Line) -> str:
    return line(
        s.x1, s.y1, s.x2, s.y2, s.stroke, s.width, **({"stroke_dasharray": "3 2"} if s.dashed else {})
    )


def _stroke(s: Stroke) -> str:
    joins: dict[str, Any] = {"stroke_linejoin": "round"}
    return tag(
        "polyline", points=_points(s.points), fill="none", stroke=s.stroke, stroke_width=s.width, **joins
    )


def _area(a: Area) -> str:
    return tag("polygon", points=_points(a.points), fill=a.fill)


def _dot(d: Dot) -> str:
    return tag("circle", cx=d.x, cy=d.y, r=d.radius, fill=d.fill, stroke=d.stroke, stroke_width=0.8)


def _text(t: Text) -> str:
    weight = "700" if t.bold else None
    return text(t.x, t.y, t.words, t.size, fill=t.fill, text_anchor=t.anchor, font_weight=weight)


def _points(points: Points) -> str:
    return " ".join(f"{n(x)},{n(y)}" for x, y in points)


_DRAWN: dict[type, Callable[[Any], str]] = {
    Box: _box, Line: _line, Stroke: _stroke, Area: _area, Dot: _dot, Text: _text,
}  # fmt: skip
