"""What stands in a cell of a printed table: the lines of its fields."""

from __future__ import annotations

from collections.abc import Sequence

from spondyl.present.catalog import Column, field, printed
from spondyl.present.model import Item, Row

__all__ = ["MISSING", "SILENT", "cell_lines", "quoted", "who"]

MISSING, SILENT = "not found", "not stated"
_STATEMENTS = 6


def who(row: Row) -> tuple[str, str]:
    """How a row is named: the study, and under it what tells the case apart.

    For a cited case or series that is the case itself, "as reported by" the paper.
    """
    label = " ".join(row.label.split())
    if row.reported:
        group = "group, " if row.kind == "group" else ""
        return label or row.source.cite, f"{group}as reported by {row.source.cite}"
    if row.kind == "group":
        return row.source.cite, f"group: {label}" if label else "group"
    return row.source.cite, label


def cell_lines(row: Row, column: Column) -> list[str]:
    """The lines of one cell: one for each field, or what its emptiness means."""
    items = row.cells.get(column.key, ())
    if not items:
        return [SILENT if row.not_stated(column.key) else MISSING]
    names = dict.fromkeys(i.field for i in items if i.method != "statement")
    lines = [_line([i for i in items if i.field == name]) for name in names]
    said = [i.text for i in items if i.method == "statement"]
    more = [f"and {len(said) - _STATEMENTS} more"] if len(said) > _STATEMENTS else []
    return lines + said[:_STATEMENTS] + more


def _line(items: Sequence[Item]) -> str:
    clash = any(i.tone == "clash" for i in items)
    values = (" / " if clash else ", ").join(_value(i) for i in items)
    return ("≠ " if clash else "") + field(items[0].field).prefix + values


def _value(item: Item) -> str:
    decision = item.decision
    if decision and decision.verdict == "correct" and decision.value not in (None, item.value):
        return f"{item.text} (corrected from {printed(decision.value)})"
    return item.text + (" (doubtful)" if item.certainty == "doubtful" else "")


def quoted(row: Row, item: Item, most: int = 220) -> str:
    """The words an item came from, in one line, with the page where pages are known."""
    paper = row.source.paper
    if not item.spans:
        return ""
    start, end = item.spans[0]
    words = " ".join(paper.text[start:end].split())
    if len(words) > most:
        words = f"{words[: most * 2 // 3].rstrip()} … {words[-most // 3 :].lstrip()}"
    page = paper.page_of(start)
    place = f"p. {page}" if page is not None else f"characters {start}–{end}"
    return f"“{words}” ({place})"
