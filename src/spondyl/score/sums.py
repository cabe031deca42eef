"""Sums: points are added; what is missing makes an interval, and says how far it could move the band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from spondyl.score.answers import Answer
from spondyl.score.model import Band, Item, SumSheet
from spondyl.score.result import ItemResult, Question, Result

__all__ = ["band_of", "reachable", "result_of", "total_items"]


def reachable(parts: Iterable[Iterable[int]], cap: int | None) -> frozenset[int]:
    """All totals that one choice from every part can give, not above the cap.

    Args:
        parts: For each item, the points of the answers still possible.
        cap: The most that the total can be; `None` for no cap.

    Example:
        >>> sorted(reachable([[0, 1], [0, 3]], cap=3))
        [0, 1, 3]
    """
    totals = {0}
    for points in parts:
        totals = {t + p for t in totals for p in set(points)}
    return frozenset(totals if cap is None else (min(t, cap) for t in totals))


def band_of(bands: Sequence[Band], total: float) -> Band | None:
    """The band that holds a total; `None` where none does."""
    return next((b for b in bands if b.min <= total <= b.max), None)


def total_items(sheet: SumSheet, items: Sequence[ItemResult]) -> Result:
    """Add the points of items, those still open as an interval.

    Args:
        sheet: The sheet.
        items: One result an item, in the sheet's order.
    """
    left = {i.id: _points(one, i.options) for one, i in zip(sheet.items, items, strict=True)}
    totals = reachable((p.values() for p in left.values()), sheet.cap)
    low, high = min(totals), max(totals)
    possible = _bands(sheet, totals)
    questions = _questions(sheet, left, (low, high))
    return Result(
        sheet, low, high,
        band=possible[0] if len(possible) == 1 else None,
        possible=possible, items=tuple(items),
        missing=tuple(q.id for q in questions), find_out=questions,
    )  # fmt: skip


def result_of(item: Item, answer: Answer) -> ItemResult:
    """An item's result from an answer; with no answer, all are possible."""
    ids = answer.options or tuple(o.id for o in item.options)
    chosen = [o for o in item.options if o.id in ids]
    points = [o.points for o in chosen]
    return ItemResult(
        item.id, item.question, tuple(o.id for o in chosen), tuple(o.label for o in chosen),
        min(points), max(points), answer.given, answer.how, answer.field, answer.words,
    )  # fmt: skip


def _points(item: Item, options: Sequence[str]) -> Mapping[str, int]:
    return {o.id: o.points for o in item.options if o.id in options}


def _bands(sheet: SumSheet, totals: Iterable[int]) -> tuple[Band, ...]:
    low, high = min(totals), max(totals)
    return tuple(b for b in sheet.bands if b.min <= high and low <= b.max)


def _questions(
    sheet: SumSheet, left: Mapping[str, Mapping[str, int]], ends: tuple[int, int]
) -> tuple[Question, ...]:
    """The open items, those that would settle the band most surely first, then those worth most points."""
    open_items = [i for i in left if len(left[i]) > 1]
    found = [_question(sheet, left, i, ends, alone=len(open_items) == 1) for i in open_items]

    def weight(q: Question) -> tuple[float, int]:
        return sum(map(len, q.bands.values())) / len(q.bands), -q.spread

    return tuple(sorted(found, key=weight))


def _question(
    sheet: SumSheet, left: Mapping[str, Mapping[str, int]], item: str, ends: tuple[int, int], alone: bool
) -> Question:
    bands: dict[str, tuple[str, ...]] = {}
    for answer, points in left[item].items():
        parts = [[points] if i == item else p.values() for i, p in left.items()]
        bands[answer] = tuple(b.id for b in _bands(sheet, reachable(parts, sheet.cap)))
    spread = max(left[item].values()) - min(left[item].values())
    return Question(item, spread, bands, _words(sheet, item, spread, ends, alone))


def _words(sheet: SumSheet, item: str, spread: int, ends: tuple[int, int], alone: bool) -> str:
    """What knowing an item would do."""
    low, high = ends
    span = f"{low}–{high}" if low != high else f"{low}"
    labels = [b.label.lower() for b in _bands(sheet, range(low, high + 1))]
    many = " or ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)
    if len(labels) == 1:
        return f"{item} would not move the band: {span}, {many} either way"
    if alone:
        return f"{item} decides: {span}, {many}"
    return f"{item} moves the total by up to {spread}"
