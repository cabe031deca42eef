"""Survival curves drawn by hand as SVG: for pages that must be there at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from spondyl.present.figures.svg import INK, MUTED, drawing, line, n, tag, text
from spondyl.present.survival import Strand, Strands

__all__ = ["sketch"]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LEFT, TOP, WIDE, HIGH, ROW = 130.0, 16.0, 470.0, 230.0, 17.0


def sketch(curves: Strands) -> bytes:
    """Kaplan-Meier curves with limits, censor marks and the numbers under the ticks.

    Args:
        curves: What to draw.

    Returns:
        The drawing as SVG, the same for the same curves.

    Example:
        >>> one = Strand("all", [6.0], [0.5], [0.2], [0.8], [9.0], [4, 1], [0, 2], [0, 1])
        >>> svg = sketch(Strands("Survival", "Months", "Survival", [0, 12], [one], ""))
        >>> svg.startswith(b"<svg"), b"Number at risk" in svg
        (True, True)
    """
    rows = len(curves.strands)
    below = TOP + HIGH + 58
    height = below + ROW * (3 * rows + 3)
    parts = [*_axes(curves)]
    for k, strand in enumerate(curves.strands):
        parts += _curve(strand, COLOURS[k % len(COLOURS)], curves.ticks[-1])
    return str(drawing(LEFT + WIDE + 30, height, curves.title, [*parts, *_numbers(curves, below)])).encode()


def _x(time: float, last: float) -> float:
    return LEFT + WIDE * time / last


def _y(share: float) -> float:
    return TOP + HIGH * (1 - share)


def _axes(curves: Strands) -> Iterator[str]:
    last = curves.ticks[-1]
    yield line(LEFT, _y(0), LEFT + WIDE, _y(0))
    yield line(LEFT, _y(1), LEFT, _y(0))
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        yield line(LEFT - 5, _y(share), LEFT, _y(share))
        yield text(LEFT - 9, _y(share) + 4, f"{share:.1f}", text_anchor="end")
    for tick in curves.ticks:
        yield line(_x(tick, last), _y(0), _x(tick, last), _y(0) + 5)
        yield text(_x(tick, last), _y(0) + 18, f"{tick:g}", text_anchor="middle")
    yield text(LEFT + WIDE / 2, _y(0) + 36, curves.x_label, 12, text_anchor="middle")
    turned = f"rotate(-90 {n(LEFT - 42)} {n(TOP + HIGH / 2)})"
    yield text(LEFT - 42, TOP + HIGH / 2, curves.y_label, 12, text_anchor="middle", transform=turned)


def _curve(strand: Strand, colour: str, last: float) -> Iterator[str]:
    """Band, steps and censor marks of one curve."""
    steps = list(zip(strand.time, strand.survival, strand.low, strand.high, strict=True))
    low, high = _path([(t, lo) for t, _, lo, _ in steps], last), _path([(t, hi) for t, *_, hi in steps], last)
    if low and high:
        band = " ".join(f"{n(x)},{n(y)}" for x, y in [*high, *reversed(low)])
        yield tag("polygon", points=band, fill=colour, fill_opacity=0.13)
    middle = _path([(t, s) for t, s, *_ in steps], last)
    points = " ".join(f"{n(x)},{n(y)}" for x, y in middle)
    yield tag("polyline", points=points, fill="none", stroke=colour, stroke_width=1.8)
    for mark in strand.marks:
        at = _y(next((s for t, s, *_ in reversed(steps) if t <= mark), 1.0))
        yield line(_x(mark, last), at - 5, _x(mark, last), at + 5, colour, 1.2)


def _path(values: list[tuple[float, float]], last: float) -> list[tuple[float, float]]:
    """The corners of a step function that begins at 1; where a value is not known it goes on as before."""
    out, level = [(LEFT, _y(1.0))], 1.0
    for time, value in values:
        out.append((_x(time, last), _y(level)))
        level = level if math.isnan(value) else value
        out.append((_x(time, last), _y(level)))
    return out


def _numbers(curves: Strands, top: float) -> Iterator[str]:
    y = top
    for title, key in (("Number at risk", "at_risk"), ("Events", "events"), ("Censored", "censored")):
        yield text(LEFT, y, title, font_weight="bold")
        for k, strand in enumerate(curves.strands):
            y += ROW
            yield text(LEFT - 22, y, strand.label[:20], fill=COLOURS[k % len(COLOURS)], text_anchor="end")
            for tick, count in zip(curves.ticks, getattr(strand, key), strict=True):
                yield text(_x(tick, curves.ticks[-1]), y, f"{count}", text_anchor="middle", fill=INK)
        y += ROW
    if curves.note:
        yield text(LEFT + WIDE, TOP + 12, curves.note, fill=MUTED, text_anchor="end")
