"""The figures of the report: SVG, readable in grey print and by people who see colours differently."""

from __future__ import annotations

from collections.abc import Sequence

from spondyl.present.figures.counts import counts
from spondyl.present.figures.spine import spine
from spondyl.present.figures.svg import Figure
from spondyl.present.figures.swimmer import swimmer
from spondyl.present.model import Row

__all__ = ["Figure", "figures"]


def figures(rows: Sequence[Row]) -> list[Figure]:
    """The figures of a report, in the order they are shown.

    Args:
        rows: The cases they count.
    """
    return [
        spine(rows),
        counts(rows, "primaries", "diagnosis", "Cases by primary tumour"),
        counts(rows, "treatments", "treatments", "Cases by treatment"),
        swimmer(rows),
    ]
