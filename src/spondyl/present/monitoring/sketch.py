"""What a figure is made of, before it becomes SVG or PNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Area", "Box", "Dot", "Line", "Points", "Shape", "Sketch", "Stroke", "Text", "safe"]

INK, MUTED, FAINT, GRID, WASH = "#17212b", "#5b6773", "#c3cad1", "#e6eaee", "#f6f8fa"
AMBER, RUST, SKY = "#f6d3a3", "#a33b00", "#dcecf7"
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str


@dataclass(frozen=True)
class Line:
    """A straight stroke."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = INK
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True)
class Stroke:
    """A broken line through points."""

    points: Points
    stroke: str
    width: float


@dataclass(frozen=True)
class Area:
    """A filled shape."""

    points: Points
    fill: str


@dataclass(frozen=True)
class Dot:
    """A disc."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str = INK


@dataclass(frozen=True)
class Text:
    """Words; `y` is the line they stand on."""

    x: float
    y: float
    words: str
    size: float = 11.0
    fill: str = INK
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


Shape = Box | Line | Stroke | Area | Dot | Text


@dataclass(frozen=True)
class Sketch:
    """A whole drawing, in pixels, from the back to the front."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]

    def __iter__(self) -> Iterator[Shape]:
        return iter(self.shapes)


def safe(words: str, most: int = 1000) -> str:
    r"""Words in one line that no drawing chokes on, cut where they are too long.

    Example:
        >>> safe("left\x00 tibialis\nanterior"), safe("abcdef", 4)
        ('left tibialis anterior', 'abc…')
    """
    plain = "".join(c if c.isprintable() or c.isspace() else "" for c in words)
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"
