"""The report of a study as a Word document with real tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from html import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Cm, Pt

from spondyl.present.survival import Grid, Paper, widths_of
from spondyl.present.zipped import clean, steady

__all__ = ["as_word"]

ACROSS = 9_600
RULE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'


def as_word(paper: Paper) -> bytes:
    """The document; the same report gives the same bytes.

    Args:
        paper: The report.
    """
    document = Document()
    _set_up(document, paper)
    document.add_heading(clean(paper.title), level=1)
    for words in (*([paper.note] if paper.note else []), *paper.warnings):
        document.add_paragraph().add_run(clean(words)).italic = True
    for heading, paragraphs in paper.sections:
        document.add_heading(heading, level=2)
        for words in paragraphs:
            document.add_paragraph(clean(words))
    for number, grid in enumerate(paper.tables, 1):
        _caption(document, f"Table {number}. {grid.title}")
        document.element.body.sectPr.addprevious(parse_xml(_table(grid)))
        for note in grid.notes:
            document.add_paragraph().add_run(clean(note)).font.size = Pt(8)
    for number, picture in enumerate(paper.pictures, 1):
        _caption(document, f"Figure {number}. {picture.title}")
        document.add_picture(io.BytesIO(picture.png), width=Cm(16))
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _set_up(document: WordDocument, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10.5)
    about = document.core_properties
    about.title, about.author = paper.title, f"Spondyl {paper.version}"
    about.comments = about.keywords = about.subject = about.last_modified_by = ""
    about.created = about.modified = datetime(2000, 1, 1)
    about.revision = 1


def _caption(document: WordDocument, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.keep_with_next = Pt(14), True
    paragraph.add_run(clean(words)).bold = True


def _widths(grid: Grid) -> list[int]:
    """Widths of columns after what stands in them, in twentieths of a point."""
    longest = widths_of(grid)
    whole = sum(longest)
    return [ACROSS * w // whole for w in longest]


def _table(grid: Grid) -> str:
    widths = _widths(grid)
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    head = _row(grid.head, widths, True)
    body = "".join(_row(r, widths, False) for r in grid.rows)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
        f"{RULE.format('top', 12)}{RULE.format('bottom', 12)}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
        f'<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{head}{body}</w:tbl>'
    )


def _row(cells: Sequence[str], widths: Sequence[int], head: bool) -> str:
    rule = f"<w:tcBorders>{RULE.format('bottom', 6)}</w:tcBorders>" if head else ""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/>{rule}</w:tcPr>{_cell(c, k == 0, head)}</w:tc>'
        for k, (c, w) in enumerate(zip(cells, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{inside}</w:tr>"


def _cell(text: str, first: bool, bold: bool) -> str:
    indent = '<w:ind w:left="180"/>' if text.startswith(" ") else ""
    side = "" if first else '<w:jc w:val="right"/>'
    weight = "<w:b/>" if bold else ""
    words = escape(clean(text.strip()), quote=False)
    return (
        f'<w:p><w:pPr><w:spacing w:before="10" w:after="10"/>{indent}{side}</w:pPr><w:r><w:rPr>{weight}'
        f'<w:sz w:val="16"/></w:rPr><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
    )
