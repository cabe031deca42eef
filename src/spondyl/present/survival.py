"""What a survival study is drawn from: curves, forests, tables, paragraphs; no estimation here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Forest", "ForestRow", "Grid", "Paper", "Picture", "Strand", "Strands", "widths_of"]


@dataclass(frozen=True)
class Strand:
    """One survival curve.

    Args:
        label: The group.
        time: Times of the steps.
        survival: Survival from each time on.
        low: Lower limits, NaN where there is none.
        high: Upper limits.
        marks: Times at which somebody is censored.
        at_risk: Numbers at risk at the ticks.
        events: Events up to each tick.
        censored: Censored up to each tick.
    """

    label: str
    time: Sequence[float]
    survival: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    marks: Sequence[float]
    at_risk: Sequence[int]
    events: Sequence[int]
    censored: Sequence[int]


@dataclass(frozen=True)
class Strands:
    """Curves with the rows of numbers under them; survival falls from 1, cumulative incidence rises from 0."""

    title: str
    x_label: str
    y_label: str
    ticks: Sequence[float]
    strands: Sequence[Strand]
    note: str
    rising: bool = False


@dataclass(frozen=True)
class ForestRow:
    """One row of a forest plot; a heading has no numbers, a reference no interval."""

    label: str
    cells: tuple[str, ...] = ()
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    heading: bool = False


@dataclass(frozen=True)
class Forest:
    """A forest plot of hazard ratios."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[ForestRow]


@dataclass(frozen=True)
class Grid:
    """A table.

    Args:
        name: The name of its file.
        title: Its caption.
        head: The titles of its columns.
        rows: Its rows; a first cell that begins with a space is indented.
        notes: What stands below it.
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing with its caption.

    Args:
        name: The name of its files.
        title: Its caption.
        svg: As SVG.
        raster: As PNG, or what draws it when it is first asked for.
    """

    name: str
    title: str
    svg: bytes
    raster: bytes | Callable[[], bytes]

    @cached_property
    def png(self) -> bytes:
        """As PNG."""
        return self.raster if isinstance(self.raster, bytes) else self.raster()


@dataclass(frozen=True)
class Paper:
    """The report of a study.

    Args:
        title: Its heading.
        note: A sentence under the heading.
        warnings: What a reader must know first.
        sections: Headings with their paragraphs.
        tables: Its tables.
        pictures: Its drawings.
        version: The version of Spondyl that wrote it.
    """

    title: str
    note: str
    warnings: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    tables: tuple[Grid, ...]
    pictures: tuple[Picture, ...]
    version: str


def widths_of(grid: Grid) -> list[int]:
    """How wide the columns of a table are to each other: as what stands in them, within bounds.

    Args:
        grid: The table.

    Example:
        >>> widths_of(Grid("a", "A", ("Group", "n"), [("Extremity soft tissue", "8")]))
        [21, 6]
    """
    first = max(
        8, *(min(len(row[0].strip()) + 2 * row[0].startswith(" "), 34) for row in [grid.head, *grid.rows])
    )
    others = [
        max(6, *(min(len(r[k]), 24) for r in grid.rows), *(len(w) + 2 for w in grid.head[k].split()))
        for k in range(1, len(grid.head))
    ]
    return [first, *others]
