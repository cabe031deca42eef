"""The patient's page as a Word document with real headings and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm, Pt, RGBColor

from spondyl.present.consultation import Consultation
from spondyl.present.consultation_flow import Block, Heading, Table, Words, flow
from spondyl.present.survival import Picture
from spondyl.present.zipped import clean, steady

__all__ = ["as_word"]

_COLOURS = {
    "urgent": "A81E12", "warning": "8A4B00", "for": "00634A", "against": "8A4B00", "unknown": "5C6873",
    "missing": "5C6873", "quiet": "5C6873",
}  # fmt: skip
_SIZES = {"quiet": 9.0, "basis": 8.0}
WIDTH_CM = 17.0


def as_word(page: Consultation) -> bytes:
    """The document; the same page gives the same bytes.

    Args:
        page: The page.
    """
    document = Document()
    _set_up(document, page)
    for block in flow(page):
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _set_up(document: WordDocument, page: Consultation) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after = Pt(3)
    about = document.core_properties
    about.title, about.author = clean(page.title)[:250], f"Spondyl {page.version}"
    about.comments = about.keywords = about.subject = about.last_modified_by = ""
    about.created = about.modified = datetime(2000, 1, 1)
    about.revision = 1


def _add(document: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(clean(block.text), level=block.level)
        case Words():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(0.6 * block.depth)
            _runs(paragraph, block, _SIZES.get(block.tone, 9.0 if block.depth else 10.0))
        case Table():
            _table(document, block)
        case Picture():
            caption = document.add_paragraph()
            caption.paragraph_format.keep_with_next = True
            caption.add_run(clean(block.title)).bold = True
            document.add_picture(io.BytesIO(block.png), width=Cm(16))


def _runs(paragraph: Any, words: Words, size: float) -> None:
    run = paragraph.add_run(clean(words.text))
    run.font.size = Pt(size)
    run.bold = words.tone == "urgent" or None
    if colour := _COLOURS.get(words.tone):
        run.font.color.rgb = RGBColor.from_string(colour)
    if words.refs:
        refs = paragraph.add_run(f" {words.refs}")
        refs.font.superscript, refs.font.size = True, Pt(size - 1)


def _table(document: WordDocument, block: Table) -> None:
    caption = document.add_paragraph()
    caption.paragraph_format.space_before, caption.paragraph_format.keep_with_next = Pt(8), True
    caption.add_run(clean(block.title)).bold = True
    count = len(block.rows[0])
    table = document.add_table(rows=0, cols=count)
    table.style = "Light List"
    table.autofit = False
    if block.head:
        _row(table, [Words(h) for h in block.head], bold=True)
    for n, row in enumerate(block.rows):
        _row(table, row)
        if below := block.below.get(n):
            _below(table, below)
    widths = [WIDTH_CM / 3, WIDTH_CM * 2 / 3] if count == 2 else _widths(count)
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = Cm(width)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(count: int) -> list[float]:
    first = WIDTH_CM * 1.6 / (count + 0.6)
    return [first, *[(WIDTH_CM - first) / (count - 1)] * (count - 1)]


def _row(table: Any, cells: Sequence[Words], bold: bool = False) -> None:
    for cell, words in zip(table.add_row().cells, cells, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        _runs(paragraph, words, 8.5)
        for run in paragraph.runs:
            run.bold = bold or words.tone == "urgent"


def _below(table: Any, lines: Sequence[Words]) -> None:
    """What belongs to a row, in one cell over the whole width."""
    cells = table.add_row().cells
    cell = cells[0].merge(cells[-1])
    for n, words in enumerate(lines):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.4 * words.depth)
        paragraph.paragraph_format.space_after = Pt(0)
        _runs(paragraph, words, 7.5)
        for run in paragraph.runs:
            run.bold = False
