"""Values that a table announces and does not give.

Sees: a row whose label names a measure ("Age (years)") and whose cells are empty although no rows of its own follow;
an empty cell in a column that nearly all other rows fill.
Cannot see: whole rows left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.audit.document import Document
from spondyl.record import Cell, Finding, Table

__all__ = ["check"]

_MEASURE = re.compile(
    r"\((?:years?|yrs?|months?|mo|days?|weeks?|cm|mm|ml|l|min(?:utes)?|hours?|gy|kg|kg/m2|points?|%)\)|"
    r"\b(?:mean|median|average|range|sd|iqr)\b|, (?:years?|months?|days?|cm|mm|ml|min|minutes)\b",
    re.IGNORECASE,
)
_FORM = re.compile(r"\b(?:mean|median|average)\b", re.IGNORECASE)
"""A label that says of what form its value is; two such labels in a row are no heading and its rows."""
_WORD = re.compile(r"[A-Za-z]{2}")


def check(doc: Document) -> Iterator[Finding]:
    """Empty places of tables.

    Args:
        doc: The paper.

    Yields:
        Findings `missing_value`.
    """
    for table in doc.paper.tables:
        rows = table.grid()
        body = [r for r in rows if not any(c is not None and c.head for c in r)]
        if len(body) >= 3 and len(body[0]) >= 2:
            yield from _labels(doc, body)
            yield from _cells(doc, table, body)


def _labels(doc: Document, body: list[list[Cell | None]]) -> Iterator[Finding]:
    """A row that names a measure and holds nothing, followed by another heading or by nothing."""
    for k, row in enumerate(body):
        label = row[0]
        if label is None or not _MEASURE.search(label.text) or _filled(row[1:]):
            continue
        after = body[k + 1] if k + 1 < len(body) else None
        formed = after is not None and after[0] is not None and _FORM.search(after[0].text)
        apart = formed and _FORM.search(label.text)
        if after is None or apart or (after[0] is not None and not _filled(after[1:])):
            yield Finding(
                kind="missing_value", severity="missing",
                message=f"The table announces “{' '.join(label.text.split())}” and gives no value.",
                computed="empty cells", quotes=(doc.words(label.start, label.end),),
            )  # fmt: skip


def _filled(cells: list[Cell | None]) -> bool:
    return any(c is not None and c.text.strip() for c in cells)


def _cells(doc: Document, table: Table, body: list[list[Cell | None]]) -> Iterator[Finding]:
    """The only empty cells of a column of words."""
    full = [
        r
        for r in body
        if sum(c is not None and bool(c.text.strip()) for c in r) >= len(r) - 2 and len(r) >= 3
    ]
    spanned = {
        (r, j)
        for c in table.cells
        for r in range(c.row, c.row + c.rows)
        for j in range(c.column, c.column + c.columns)
    }
    for j in range(2, len(body[0])):
        empty = [r for r in full if r[j] is None or not (r[j] or r[0] or _NOTHING).text.strip()]
        worded = sum(1 for r in full if (c := r[j]) is not None and _WORD.search(c.text))
        if len(empty) != 1 or len(full) < 5 or worded < 0.6 * len(full):
            continue
        cells = [c for c in empty[0] if c is not None and c.text.strip()]
        if len(cells) < 2 or ((cells[0].row, j) in spanned and empty[0][j] is None):
            continue
        yield Finding(
            kind="missing_value", severity="missing",
            message="A row of the table has no value in a column that all other rows fill.",
            computed=f"column {j + 1} of {len(body[0])} is empty", quotes=(doc.words(cells[0].start, cells[-1].end),),
        )  # fmt: skip


_NOTHING = Cell(row=0, column=0, text="", start=0, end=0)
