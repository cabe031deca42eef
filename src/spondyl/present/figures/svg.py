"""Drawing by hand: SVG elements as strings, the same input the same bytes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from markupsafe import Markup

__all__ = ["Figure", "Panel", "drawing", "hatch", "line", "n", "rect", "settings", "shape", "tag", "text"]

Attribute = str | float | None
FONT = "Inter, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
INK, MUTED, FAINT, GRID = "#17212b", "#5b6773", "#c3cad1", "#e6eaee"


@dataclass(frozen=True)
class Panel:
    """A further drawing of a figure, folded away at first."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class Figure:
    """A figure of the report: title, what it counts, the drawing, and what could not be drawn."""

    key: str
    title: str
    words: str
    svg: Markup
    note: str = ""
    panels: tuple[Panel, ...] = field(default_factory=tuple)


@cache
def settings() -> dict[str, Any]:
    """Colours, shapes and anatomy of the figures."""
    file = resources.files("spondyl.present.figures").joinpath("figures.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def n(value: float) -> str:
    """A coordinate, short and always the same.

    Example:
        >>> n(12.0), n(3.14159), n(-0.001)
        ('12', '3.14', '0')
    """
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def tag(name: str, inside: Attribute = None, **attributes: Attribute) -> str:
    """One element; underscores in names of attributes become hyphens.

    Example:
        >>> tag("line", x1=0, stroke_width=1.5)
        '<line x1="0" stroke-width="1.5"/>'
    """
    listed = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{listed}/>" if inside is None else f"<{name}{listed}>{inside}</{name}>"


def _value(value: Attribute) -> str:
    return escape(value) if isinstance(value, str) else n(float(value or 0))


def text(x: float, y: float, words: str, size: float = 11, **attributes: Attribute) -> str:
    """Words at a place; escaped, and without characters XML forbids."""
    plain = "".join(
        c for c in words if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )
    attributes.setdefault("fill", INK)
    return tag("text", escape(plain), x=x, y=y, font_size=size, **attributes)


def rect(x: float, y: float, width: float, height: float, **attributes: Attribute) -> str:
    """A rectangle."""
    return tag("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, stroke: str = INK, width: float = 1, **more: str) -> str:
    """A stroke from one point to another."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=width, **more)


def shape(kind: str, x: float, y: float, size: float, fill: str) -> str:
    """A mark around a point: square, triangle, diamond, circle, cross or ring."""
    r = size / 2
    edge: dict[str, Attribute] = {"stroke": INK, "stroke_width": 0.6}
    if kind == "square":
        return rect(x - r * 0.9, y - r * 0.9, size * 0.9, size * 0.9, fill=fill, **edge)
    if kind == "circle":
        return tag("circle", cx=x, cy=y, r=r, fill=fill, **edge)
    if kind == "ring":
        return tag("circle", cx=x, cy=y, r=r * 0.85, fill="none", stroke=fill, stroke_width=1.4)
    if kind == "cross":
        path = f"M{n(x - r)} {n(y)}H{n(x + r)}M{n(x)} {n(y - r)}V{n(y + r)}"
        return tag("path", d=path, stroke=fill, stroke_width=2.2, fill="none")
    points = [(x, y - r * 1.1), (x + r * 1.1, y + r), (x - r * 1.1, y + r)]
    if kind == "diamond":
        points = [(x, y - r * 1.2), (x + r * 1.2, y), (x, y + r * 1.2), (x - r * 1.2, y)]
    return tag("polygon", points=" ".join(f"{n(a)},{n(b)}" for a, b in points), fill=fill, **edge)


def hatch(name: str, colour: str) -> str:
    """A pattern of slanting strokes, to be filled with as `url(#name)`."""
    inside = rect(0, 0, 5, 5, fill="#fff") + rect(0, 0, 2, 5, fill=colour)
    return tag(
        "pattern", inside, id=name, width=5, height=5, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip


def drawing(width: float, height: float, title: str, parts: list[str]) -> Markup:
    """A whole drawing."""
    inside = tag("title", escape(title)) + "".join(parts)
    return Markup(
        tag(
            "svg", inside, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {n(width)} {n(height)}",
            width=width, height=height, role="img", font_family=FONT,
        )
    )  # fmt: skip
