"""What a reader of statements hands over before groups and denominators are settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from spondyl.extract.series.passages import Passage

__all__ = ["Draft", "Place"]

Place = tuple[Passage, int, int]
"""A stretch of a sentence."""


@dataclass(slots=True)
class Draft:
    """A statement in the making, with the sentence it stands in.

    Args:
        passage, start, end: The words that state it.
        quantity, of, value, low, high, n, denominator, unit, months, p: As in a statement.
        printed, printed_low, printed_high: As in a statement.
        group: Whom it is about, where the words around the number say so.
        size: How many that group has, where the words say so.
        place: Where the group or the denominator is named.
        apart: Whether it is about a group compared with the one named, which the words leave unnamed.
        people: Whether it counts persons, so that the group may be its denominator.
    """

    passage: Passage
    start: int
    end: int
    quantity: str
    of: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    denominator: int | None = None
    unit: str | None = None
    months: float | None = None
    p: str | None = None
    printed: str | None = None
    printed_low: str | None = None
    printed_high: str | None = None
    group: str = ""
    size: int | None = None
    place: Place | None = field(default=None, repr=False)
    people: bool = True
    apart: bool = False
