"""The course of an operation's potentials: drawing and report."""

from spondyl.present.monitoring.raster import figure_png
from spondyl.present.monitoring.report import page
from spondyl.present.monitoring.vector import figure_svg

__all__ = ["figure_png", "figure_svg", "page"]
