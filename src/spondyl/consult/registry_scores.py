"""The cases of a registry scored by sheets; what is up to date is left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from spondyl.registry import Entry, Registry
from spondyl.registry.scores import Score
from spondyl.score import Result, Sheet, compute, fill

__all__ = ["Scored", "scored"]

_TOGETHER = 500


@dataclass(frozen=True)
class Scored:
    """What scoring came to.

    Args:
        sheet, version: The sheet.
        computed: Cases that were scored now.
        same: Cases whose score was up to date.
        settled: Of all, those with one band or total.
    """

    sheet: str
    version: str
    computed: int
    same: int
    settled: int


def scored(
    registry: Registry, sheets: Sequence[Sheet], progress: Callable[[int, int], None] | None = None
) -> list[Scored]:
    """Score the cases whose values, or whose sheet, changed since they were scored last.

    Args:
        registry: The registry.
        sheets: The sheets.
        progress: Told how many cases are done, of how many.

    Returns:
        One for each sheet.
    """
    return [_by(registry, sheet, progress) for sheet in sheets]


def _by(registry: Registry, sheet: Sheet, progress: Callable[[int, int], None] | None) -> Scored:
    waiting = registry.outdated(sheet.id, sheet.version)
    rest, done = iter(waiting), 0
    while some := list(islice(rest, _TOGETHER)):
        registry.keep_scores(_scores(registry, some, sheet))
        done += len(some)
        if progress:
            progress(done, len(waiting))
    held = [s for s in registry.scores([sheet.id]) if s.current and s.version == sheet.version]
    settled = sum(not s.missing and not s.result.get("refused") for s in held)
    return Scored(sheet.id, sheet.version, done, len(held) - done, settled)


def _scores(registry: Registry, cases: Iterable[int], sheet: Sheet) -> list[Score]:
    return [_score(entry, sheet) for entry in registry.some(list(cases))]


def _score(entry: Entry, sheet: Sheet) -> Score:
    result = compute(sheet, {}, fill(sheet, entry.case))
    return Score(
        entry.id, sheet.id, sheet.version, entry.revision, result.low, result.high,
        result.band.id if result.band else None, result.missing, _plain(result),
    )  # fmt: skip


def _plain(result: Result) -> dict[str, object]:
    """Items and outputs as plain data, without the words, which stand with the claims."""
    items = [
        {"id": i.id, "options": list(i.options), "low": i.low, "high": i.high, "given": i.given, "how": i.how,
         "field": i.field}
        for i in result.items
    ]  # fmt: skip
    return {
        "items": items, "outputs": dict(result.outputs), "possible": [b.id for b in result.possible],
        "refused": result.refused, "notes": list(result.notes),
    }  # fmt: skip
