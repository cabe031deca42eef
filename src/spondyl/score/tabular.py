"""Scores of whole tables: each sheet one expression, streamed from file to file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import narwhals as nw

from spondyl.record import UsageError
from spondyl.score.answers import understand
from spondyl.score.compiled import Column, columns_of, sum_expressions
from spondyl.score.compiled_rules import rule_expressions
from spondyl.score.engine import asked_of, inputs_of
from spondyl.score.model import Sheet, SumSheet
from spondyl.score.result import UNVERIFIED
from spondyl.tables import Scan, scan, stream, write

__all__ = ["Scored", "TablePlan", "plan_table", "score_table"]

Progress = Callable[[float], None]
_SHOWN = 5
_TEXTS = 10_000


@dataclass(frozen=True)
class TablePlan:
    """A table with the scores added to it, not computed yet.

    Args:
        source: The table as it is.
        frame: The table with the new columns.
        added: The new columns.
        columns: Sheet → item → column that answers it.
        absent: Sheet → items that no column answers.
    """

    source: Scan
    frame: nw.LazyFrame[Any]
    added: tuple[str, ...]
    columns: Mapping[str, Mapping[str, Column]]
    absent: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Scored:
    """What was done: rows written, the notes that the user has to see, and cells that were not understood.

    Args:
        rows: How many rows were scored.
        notes: What else has to be known.
        unread: Sheet and item → texts that were not understood, with how many cells hold them.
    """

    rows: int
    notes: tuple[str, ...] = ()
    unread: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def plan_table(
    sheets: Sequence[Sheet], source: Scan, named: Mapping[str, str] | None = None,
    words: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
) -> TablePlan:  # fmt: skip
    """Add the scores of sheets to a lazy table.

    Args:
        sheets: The sheets; none of kind table.
        source: The table.
        named: Item → column, where they are not named alike.
        words: "SHEET.ITEM" → further texts that are understood in its column, and the answers they mean.

    Raises:
        UsageError: A sheet is a table to look up, or no column answers any of a sheet's items.
    """
    frame, columns, absent, added = source.frame, {}, {}, []
    for sheet in sheets:
        if sheet.kind == "table":
            raise UsageError(f"{sheet.id} is a table to look up and scores no rows; leave it out")
        found = columns_of(sheet.id, inputs_of(sheet), source.columns, named or {})
        if not found:
            raise UsageError(_no_column(sheet, source))
        columns[sheet.id] = {
            i: Column(c, source.columns[c], (words or {}).get(f"{sheet.id}.{i}", {}))
            for i, c in found.items()
        }
        absent[sheet.id] = tuple(i for i in inputs_of(sheet) if i not in found)
        for step in _expressions(sheet, columns[sheet.id]):
            frame = frame.with_columns(*step)
    names = [n for n in frame.collect_schema().names() if not n.startswith("__")]
    added = [n for n in names if n not in source.columns]
    return TablePlan(source, frame.select(*names), tuple(added), columns, absent)


def _expressions(sheet: Sheet, columns: Mapping[str, Column]) -> list[list[nw.Expr]]:
    steps = (
        sum_expressions(sheet, columns, sheet.id)
        if isinstance(sheet, SumSheet)
        else rule_expressions(sheet, columns)
    )
    doubt = sheet.status == "unverified" or sheet.kind == "bands_only"
    return [*steps, [nw.lit("unverified").alias(f"{sheet.id}_status")]] if doubt else steps


def _no_column(sheet: Sheet, source: Scan) -> str:
    first = inputs_of(sheet)[0]
    return (
        f"no column of {source.path} answers an item of {sheet.id} ({', '.join(inputs_of(sheet))}); "
        f"name the columns like the items, or say which is which: {first}=COLUMN"
    )


def score_table(
    sheets: Sequence[Sheet], table: Path, out: Path, *, named: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Scored:  # fmt: skip
    """Score a table from file to file, streamed; the rows keep their order and their own columns.

    Args:
        sheets: The sheets.
        table: A .csv or .parquet file with one row a patient or lesion.
        out: The .csv or .parquet file to write.
        named: Item → column, where they are not named alike.
        progress: Told how much is done, from 0 to 1.

    Returns:
        How many rows were scored, what is missing in all of them, and texts that were not understood; those count
        as missing.

    Raises:
        ReadError: The table cannot be read.
        UsageError: No column answers any item of a sheet.
    """
    plan = plan_table(sheets, scan(table), named)
    rows = write(plan.source, plan.frame, out, progress)
    unread = dict(_unread(sheets, plan, out))
    if words := _further(sheets, unread):
        plan = plan_table(sheets, scan(table), named, words)
        rows = write(plan.source, plan.frame, out, progress)
        unread = {
            key: {text: n for text, n in texts.items() if text not in words.get(key, {})}
            for key, texts in unread.items()
        }
    return Scored(rows, tuple(_notes(sheets, plan)), {key: texts for key, texts in unread.items() if texts})


def _notes(sheets: Sequence[Sheet], plan: TablePlan) -> Iterator[str]:
    for sheet in sheets:
        if absent := plan.absent[sheet.id]:
            yield f"{sheet.id}: no column for {', '.join(absent)}; missing in every row"
        if f"{sheet.id}_status" in plan.added:
            yield f"{sheet.id}: {UNVERIFIED}"


def _unread(sheets: Sequence[Sheet], plan: TablePlan, out: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Texts that were not understood; the table is read again only for sheets whose rows say that there are some."""
    marks = [f"{s.id}_unread" for s in sheets if f"{s.id}_unread" in plan.added]
    if not marks:
        return
    written = scan(out)
    sums = next(stream(written, written.frame.select(*(nw.col(m).cast(nw.Int64).sum() for m in marks))))
    bad = {mark.removesuffix("_unread") for mark, n in zip(marks, sums, strict=True) if n}
    for sheet in sheets:
        for item, column in plan.columns[sheet.id].items() if sheet.id in bad else ():
            if texts := _not_understood(sheet, item, column, plan):
                yield f"{sheet.id}.{item}", texts


def _not_understood(sheet: Sheet, item: str, column: Column, plan: TablePlan) -> dict[str, int]:
    """The texts of one column that the expression did not understand, and how often each stands there."""
    one = replace(plan, columns={sheet.id: {item: column}})
    frame = one.source.frame
    for step in _expressions(sheet, one.columns[sheet.id]):
        frame = frame.with_columns(*step)
    bad = frame.filter(nw.col(f"{sheet.id}_unread") > 0).group_by(column.name).agg(nw.len().alias("__n"))
    return {str(text): int(n) for text, n in stream(one.source, bad.head(_TEXTS).select(column.name, "__n"))}


def _further(
    sheets: Sequence[Sheet], unread: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Texts that the one-patient engine understands after all ("C5-C6", "<50%"), and the answers they mean."""
    out: dict[str, dict[str, tuple[str, ...]]] = {}
    asked = {f"{s.id}.{a.id}": a for s in sheets for a in asked_of(s)}
    for key, texts in unread.items():
        for text in texts if key in asked else ():
            try:
                out.setdefault(key, {})[text] = understand(asked[key], text).options
            except UsageError:
                continue
    return {key: words for key, words in out.items() if words}
