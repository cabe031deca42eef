"""Scores on a terminal: the list of sheets, one sheet, one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from spondyl.app.notices import plain
from spondyl.score import ItemResult, Result, Sheet

__all__ = ["DIRECTION", "READ", "answer_table", "cells", "list_view", "result_view"]

READ = {"not_read": "not read", "first_page": "first page read", "full": "read", "table": "table read",
        "abstract": "abstract read"}  # fmt: skip
DIRECTION = {
    "higher_worse": "a higher total is worse",
    "higher_better": "a higher total is better",
    "none": "no better or worse",
}


def cells(words: object, style: str = "") -> Text:
    return Text(plain(str(words)), style=style)


def answer_table(*columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, show_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return table


def list_view(sheets: Sequence[Sheet]) -> RenderableType:
    """All sheets, one a line: id, title, what it is for, evidence, range.

    Args:
        sheets: The sheets.
    """
    table = answer_table("id", "title, what it is for", "evidence", "range")
    for sheet in sheets:
        about = Text.assemble(cells(sheet.title), "\n", cells(sheet.purpose, "dim"))
        grades = f"{sheet.evidence.items}/{sheet.evidence.bands}"
        doubt = sheet.status == "unverified" or sheet.kind == "bands_only"
        mark = {"bands_only": "\nbands only"}.get(sheet.kind, "\nunverified") if doubt else ""
        span = getattr(sheet, "range", None)
        table.add_row(
            cells(sheet.id, "bold cyan"), about, Text(grades + mark, style="yellow" if doubt else ""),
            f"{span[0]}–{span[1]}" if span else sheet.kind,
        )  # fmt: skip
    note = "evidence of items/bands: A primary text read, B two sources agree, C one source, D recalled"
    return Group(table, "", cells(note, "dim"))


def result_view(result: Result) -> RenderableType:
    """One result: the total, what it means, item by item, what to find out, and where it comes from.

    Args:
        result: The result.
    """
    return Group(*_result(result))


def _result(result: Result) -> Iterator[RenderableType]:
    sheet = result.sheet
    yield Rule(cells(f"{sheet.title}  ·  {sheet.id} {sheet.version}"), style="cyan", align="left")
    yield from _verdict(result)
    if result.items:
        yield Padding(_items(result), (1, 0, 0, 2))
    if result.rows:
        yield Padding(_rows(result), (1, 0, 0, 2))
    if result.find_out:
        yield Text("\nTo find out next", style="bold")
        yield from (cells(f"  {n}. {q.words}") for n, q in enumerate(result.find_out, 1))
    yield Text("")
    yield from (cells(f"! {note}", "yellow") for note in result.notes)
    yield from _footing(result)


def _verdict(result: Result) -> Iterator[RenderableType]:
    if result.refused:
        yield cells(result.refused, "bold red")
    if result.low is not None:
        cap = getattr(result.sheet, "range", ["", ""])[1]
        yield Text.assemble(("  " + result.interval, "bold"), f" of {cap}  ", _verdict_words(result))
    elif result.band and not result.outputs:
        yield Text.assemble("  ", (result.band.id, "bold"), "  ", _verdict_words(result))
    for name, value in result.outputs.items():
        label = next((o.label for o in getattr(result.sheet, "outputs", ()) if o.id == name), name)
        yield Text.assemble("  ", (f"{value:.4g}", "bold"), f" {result.units[name]}  ", cells(label))
    if result.outputs and result.band:
        yield Text.assemble("  ", _verdict_words(result))
    if result.fired is not None:
        names = ", ".join(result.fired) or "none of the criteria that can be told"
        yield Text.assemble("  fired: ", (names, "bold red" if result.fired else "bold"))


def _verdict_words(result: Result) -> Text:
    if result.band:
        words = f"{result.band.label}{': ' * bool(result.band.meaning)}{result.band.meaning}"
        return cells(words, "bold")
    names = " or ".join(b.label for b in result.possible)
    return cells(f"undetermined: {names}" if names else "", "bold yellow")


def _items(result: Result) -> Table:
    points = any(i.low is not None for i in result.items)
    table = answer_table("item", "answer", *(["points"] if points else []), "read from", right=["points"])
    for item in result.items:
        row = [cells(item.id, "cyan"), _answer(item)]
        if points:
            row.append(cells(f"{item.low}" if item.low == item.high else f"{item.low}–{item.high}"))
        table.add_row(*row, _origin(item))
    return table


def _answer(item: ItemResult) -> Text:
    if item.settled:
        return cells(item.labels[0])
    if item.given and item.options:
        return cells(f"open: {' or '.join(item.options)}", "yellow")
    return cells("missing", "yellow")


def _origin(item: ItemResult) -> Text:
    parts = [item.how] if item.how else []
    if item.words:
        said = "; ".join(dict.fromkeys(f"“{' '.join(q.text.split())}”" for q in item.words))
        parts.append(f"{item.field}: {said}")
    elif item.field:
        parts.append(f"{item.field} of the record, without words")
    return cells("; ".join(parts))


def _rows(result: Result) -> Table:
    keys = list(dict.fromkeys(k for row in result.rows for k, v in row.items() if v not in ("", [], None)))
    keys = [k for k in keys if k != "note" or "verdict" not in keys]
    table = answer_table(*(k.replace("_", " ") for k in keys))
    for row in result.rows:
        table.add_row(*(cells(_cell(row.get(k, ""))) for k in keys))
    return table


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_cell(v) for v in value) or "–"
    if isinstance(value, dict):
        return " ".join(f"{k} {v}" for k, v in value.items())
    return str(value)


def _footing(result: Result) -> Iterator[RenderableType]:
    sheet = result.sheet
    grades = f"evidence: items {sheet.evidence.items}, bands {sheet.evidence.bands}"
    yield cells(f"{grades}; {DIRECTION[sheet.direction]}", "dim")
    if sheet.population:
        yield cells(f"population: {sheet.population}", "dim")
    if sheet.not_for:
        yield cells(f"not for: {'; '.join(sheet.not_for)}", "dim")
    if sheet.missing.policy == "prorate":
        yield cells(f"missing answers: {sheet.missing.note}", "dim")
    sources = [
        f"{c.id} ({READ.get(c.read, c.read.replace('_', ' ').replace(':', ' '))})" for c in sheet.citations
    ]
    yield cells(f"sources: {', '.join(sources)}; all in: spondyl score show {sheet.id}", "dim")
    yield cells("supports a clinician's judgement, never replaces it", "dim")
