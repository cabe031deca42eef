"""Digitised points over the curve that was reconstructed from them, as SVG and PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib import rc_context
from matplotlib.figure import Figure

from spondyl.present.forest import drawable
from spondyl.present.survival import Picture
from spondyl.present.survival_figure import COLOURS, STYLE

__all__ = ["Trace", "draw_traces"]


@dataclass(frozen=True)
class Trace:
    """One curve: the points as digitised, the steps as reconstructed with their limits."""

    label: str
    time: Sequence[float]
    points: Sequence[float]
    steps: Sequence[float]
    survival: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def draw_traces(traces: Sequence[Trace], x_label: str) -> Picture:
    """Points over steps, one colour a curve.

    Args:
        traces: The curves.
        x_label: What the axis of time says.
    """
    with rc_context(STYLE):
        figure = Figure(figsize=(6.5, 4.0), layout="constrained")
        axes = figure.add_subplot()
        for k, one in enumerate(traces):
            colour, x = COLOURS[k % len(COLOURS)], [0.0, *one.steps]
            name = drawable(one.label.replace("_", " "))
            axes.fill_between(
                x, [1.0, *one.low], [1.0, *one.high], step="post", color=colour, alpha=0.12, linewidth=0
            )
            axes.step(
                x,
                [1.0, *one.survival],
                where="post",
                color=colour,
                linewidth=1.4,
                label=f"{name}, reconstructed",
            )
            axes.plot(
                one.time, one.points, "o", color=colour, markersize=2.6, markerfacecolor="white",
                markeredgewidth=0.6, label=f"{name}, digitised",
            )  # fmt: skip
        axes.set_xlim(left=0)
        axes.set_ylim(0, 1.03)
        axes.set_xlabel(drawable(x_label))
        axes.set_ylabel("Survival")
        axes.legend(frameon=False)
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
        return Picture(
            "traced", "Digitised points and the reconstructed curve", svg.getvalue(), png.getvalue()
        )
