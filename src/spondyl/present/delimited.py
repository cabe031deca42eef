"""The cases as comma-separated values: one row a case."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from spondyl.present.catalog import fields, joined
from spondyl.present.model import Evidence, Row
from spondyl.present.statements import statement_text

__all__ = ["field_names", "record", "render", "safe"]

ABOUT = ("paper", "source", "authors", "title", "year", "doi", "pmid", "case", "kind", "label")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(evidence: Evidence) -> str:
    """The evidence table as CSV, list values joined with "; "; an empty cell was not found.

    A text that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    names = field_names(evidence.rows)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*ABOUT, *names, "statements"])
    for row in evidence.rows:
        said = "; ".join(statement_text(s) for s in row.statements if s.quantity != "n")
        writer.writerow([safe(cell) for cell in (*record(row, names), said)])
    return out.getvalue()


def field_names(rows: Sequence[Row]) -> list[str]:
    """The fields of a table: the known ones, then whatever else the cases hold."""
    known = [name for name, one in fields().items() if not one.group]
    found = {i.field for r in rows for i in r.items() if not i.field.startswith("statement:")}
    return [*known, *sorted(found - set(known))]


def record(row: Row, names: Sequence[str]) -> list[str | int | float | None]:
    """A row as plain cells: what names the case, then its fields; a lone number stays a number."""
    paper = row.source.paper
    about: list[str | int | float | None] = [
        paper.id, paper.source, "; ".join(paper.authors), paper.title, paper.year, paper.doi, paper.pmid,
        row.case, row.kind, row.label,
    ]  # fmt: skip
    found: dict[str, list[Any]] = {}
    for item in row.items():
        if item.value is not None:
            found.setdefault(item.field, []).append(item.value)
    return about + [_cell(found.get(name, [])) for name in names]


def _cell(values: list[Any]) -> str | int | float | None:
    if len(values) == 1 and not isinstance(values[0], str):
        return float(values[0]) if isinstance(values[0], float) else int(values[0])
    return joined(values) or None


def safe(cell: str | int | float | None) -> str | int | float | None:
    """A cell no spreadsheet takes for a formula.

    Example:
        >>> safe("=HYPERLINK(1)"), safe("C5; C6"), safe(-3)
        ("'=HYPERLINK(1)", 'C5; C6', -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
