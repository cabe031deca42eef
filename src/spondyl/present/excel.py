"""The evidence as an Excel workbook: cases, claims with their words, statements."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from spondyl.present.delimited import ABOUT, field_names, record
from spondyl.present.model import Evidence, Item, Row
from spondyl.present.zipped import clean, steady

__all__ = ["render"]

Cell = str | int | float | None
_MOST = 32_000
_FORMULA = ("=", "+", "-", "@", "#")
_WIDTHS = {
    "title": 40, "source": 24, "authors": 28, "quote": 70, "further quotes": 50, "label": 22, "group": 34,
    "of": 26, "derivation": 28, "study": 20, "paper": 22,
}  # fmt: skip
_CLAIMS = (
    "paper", "study", "case", "kind", "label", "field", "value", "standing", "quote", "start", "end", "page",
    "further quotes", "method", "certainty", "derivation", "verdict", "by", "note",
)  # fmt: skip
_STATEMENTS = (
    "paper", "study", "group", "quantity", "of", "value", "low", "high", "n", "denominator", "unit", "months",
    "p", "printed", "quote", "start", "end", "page",
)  # fmt: skip


def render(evidence: Evidence) -> bytes:
    """The workbook; no text in it is a formula, and the same evidence gives the same bytes."""
    book = Workbook(write_only=True)
    names = field_names(evidence.rows)
    _sheet(book, "Cases", (*ABOUT, *names), (record(row, names) for row in evidence.rows), "B2")
    _sheet(book, "Claims", _CLAIMS, _claims(evidence.rows), "A2")
    _sheet(book, "Statements", _STATEMENTS, _statements(evidence), "A2")
    book.properties.creator = f"Spondyl {evidence.version}".strip()
    book.properties.title = "Evidence table"
    out = io.BytesIO()
    book.save(out)
    return steady(out.getvalue())


def _sheet(
    book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], freeze: str
) -> None:
    sheet = book.create_sheet(title)
    assert isinstance(sheet, WriteOnlyWorksheet)
    sheet.freeze_panes = freeze
    for number, name in enumerate(head, 1):
        letter = _letter(number)
        dimensions: Any = sheet.column_dimensions  # type: ignore[attr-defined]  # missing from the stubs
        dimensions[letter].width = _WIDTHS.get(name, max(9, min(24, len(name) + 3)))
    sheet.append([_cell(sheet, name, head=True) for name in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _letter(number: int) -> str:
    return (_letter((number - 1) // 26) if number > 26 else "") + chr(65 + (number - 1) % 26)


def _cell(sheet: WriteOnlyWorksheet, value: Cell, head: bool = False) -> SheetCell | Cell:
    """A cell; a text that could be taken for a formula or an error is marked as text."""
    if not isinstance(value, str):
        return value
    text = clean(value)[:_MOST]
    if not head and not text.startswith(_FORMULA):
        return text
    cell = WriteOnlyCell(sheet)
    cell.value, cell.data_type = text, "s"
    if head:
        cell.font, cell.border = Font(bold=True), Border(bottom=Side(style="thin"))
    else:
        cell.quotePrefix = True
    return cell


def _claims(rows: Iterable[Row]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        for item in (*row.items(), *row.others):
            if item.method != "statement":
                yield [*_of_case(row), *_of_item(row, item)]


def _of_case(row: Row) -> list[Cell]:
    return [row.source.paper.id, row.source.cite, row.case, row.kind, row.label]


def _of_item(row: Row, item: Item) -> list[Cell]:
    text = row.source.paper.text
    first, *further = item.spans or [(0, 0)]
    decision = item.decision
    return [
        item.field, item.value, item.standing, text[first[0] : first[1]], *first,
        row.source.paper.page_of(first[0]), " | ".join(text[start:end] for start, end in further),
        item.method, item.certainty, item.derivation, decision.verdict if decision else None,
        decision.by if decision else None, decision.note if decision else None,
    ]  # fmt: skip


def _statements(evidence: Evidence) -> Iterator[Sequence[Cell]]:
    for source, s in evidence.statements:
        quote = s.quotes[0] if s.quotes else None
        yield [
            source.paper.id, source.cite, s.group, s.quantity, s.of, s.value, s.low, s.high, s.n,
            s.denominator, s.unit, s.months, s.p, s.printed,
            *((quote.text, quote.start, quote.end) if quote else (None, None, None)),
            source.paper.page_of(quote.start) if quote else None,
        ]  # fmt: skip
