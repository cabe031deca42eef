"""The evidence table as a Word document: a real table with three rules, and notes with the words."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt

from spondyl.present.catalog import Column, columns, field
from spondyl.present.cells import MISSING, SILENT, cell_lines, quoted, who
from spondyl.present.cite import reference
from spondyl.present.model import Evidence, Row
from spondyl.present.zipped import clean, steady

__all__ = ["render"]

_WIDTHS = {
    "study": 1650, "age": 640, "sex": 720, "primary": 1450, "site": 1450, "presentation": 1900,
    "treatment": 1950, "radiotherapy": 1400, "follow_up": 950, "recurrence": 1050, "status": 850,
}  # fmt: skip
_MARGIN, _ACROSS = 15, 297
_GREY = '<w:color w:val="66727E"/>'


def render(evidence: Evidence) -> bytes:
    """The document; the same evidence gives the same bytes."""
    document = Document()
    _page(document)
    _properties(document, evidence)
    shown = [c for c in columns() if not c.more]
    document.add_heading("Evidence table", level=1)
    document.add_paragraph(_lead(evidence))
    body = document.element.body
    before = body.sectPr
    for xml in (_table(evidence.rows, shown), *_notes(evidence.rows, shown), *_references(evidence)):
        before.addprevious(parse_xml(xml))
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _page(document: WordDocument) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_ACROSS), Mm(210)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(9)
    normal.paragraph_format.space_after = Pt(3)


def _properties(document: WordDocument, evidence: Evidence) -> None:
    about = document.core_properties
    about.title, about.author = "Evidence table", f"Spondyl {evidence.version}".strip()
    about.comments = about.keywords = about.subject = ""
    about.last_modified_by = ""
    about.created = about.modified = datetime(2000, 1, 1)
    about.revision = 1


def _lead(evidence: Evidence) -> str:
    return (
        f"{len(evidence.rows)} rows from {len(evidence.sources)} papers. The number after a study leads to "
        "the words its values came from. “not found”: the reader found nothing; “not stated”: a reviewer "
        "confirmed that the paper does not say; “denied”: the paper says no; ≠: it contradicts itself. "
        "This table supports a clinician’s judgement and never replaces it; check every value you rely on "
        "against its words."
    )


def _run(words: str, properties: str = "") -> str:
    text = escape(clean(words), quote=False)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(runs: str, size: int = 15, properties: str = "", after: int = 0) -> str:
    """One paragraph; `size` in half points is set on its mark, runs carry their own."""
    return (
        f'<w:p><w:pPr>{properties}<w:spacing w:before="0" w:after="{after}"/>'
        f'<w:rPr><w:sz w:val="{size}"/></w:rPr></w:pPr>{runs}</w:p>'
    )


def _table(rows: Sequence[Row], shown: Sequence[Column]) -> str:
    keys = ["study", *(c.key for c in shown)]
    whole = sum(_WIDTHS[k] for k in keys)
    across = round((_ACROSS - 2 * _MARGIN) / 25.4 * 1440)
    widths = [_WIDTHS[k] * across // whole for k in keys]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    titles = ["Author, year", *(c.title for c in shown)]
    head = _head([_paragraph(_run(t, '<w:b/><w:sz w:val="15"/>')) for t in titles], widths)
    body = "".join(_row(_cells(row, number, shown), widths) for number, row in enumerate(rows, 1))
    rule = '<w:{} w:val="single" w:sz="12" w:space="0" w:color="000000"/>'
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{rule.format('top')}{rule.format('bottom')}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="50" w:type="dxa"/>'
        '<w:right w:w="50" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


def _head(cells: Sequence[str], widths: Sequence[int]) -> str:
    rule = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>'
    inside = "".join(_cell(c, w, rule) for c, w in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{inside}</w:tr>"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    inside = "".join(_cell(c, w) for c, w in zip(cells, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inside}</w:tr>"


def _cell(inside: str, width: int, borders: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr>{inside}</w:tc>'


def _cells(row: Row, number: int, shown: Sequence[Column]) -> list[str]:
    name, about = who(row)
    study = _paragraph(
        _run(name, '<w:b/><w:sz w:val="15"/>')
        + _run(str(number), '<w:sz w:val="15"/><w:vertAlign w:val="superscript"/>')
    )
    if about:
        study += _paragraph(_run(about, f'{_GREY}<w:sz w:val="13"/>'))
    return [study, *("".join(_line(text) for text in cell_lines(row, c)) for c in shown)]


def _line(text: str) -> str:
    empty = f'<w:i/>{_GREY}<w:sz w:val="14"/>' if text in (MISSING, SILENT) else '<w:sz w:val="15"/>'
    return _paragraph(_run(text, empty))


def _heading(words: str) -> str:
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>'
        f"<w:r><w:t>{escape(words)}</w:t></w:r></w:p>"
    )


def _notes(rows: Sequence[Row], shown: Sequence[Column]) -> Iterator[str]:
    """For every row the words of its values."""
    if rows:
        yield _heading("Notes: the words behind the values")
    for number, row in enumerate(rows, 1):
        said = [
            f"{_name(item.field, item.text)}: {quoted(row, item)}"
            for c in shown
            for item in row.cells.get(c.key, ())
            if item.spans
        ]
        runs = _run(str(number), '<w:sz w:val="14"/><w:vertAlign w:val="superscript"/>')
        runs += _run(f" {', '.join(w for w in who(row) if w)}. ", '<w:b/><w:sz w:val="14"/>')
        runs += _run("; ".join(said) + "." if said else "No words.", '<w:sz w:val="14"/>')
        yield _paragraph(runs, 14, after=40).replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)


def _name(name: str, text: str) -> str:
    return text if name.startswith("statement:") else f"{field(name).label} {text}"


def _references(evidence: Evidence) -> Iterator[str]:
    yield _heading("References")
    for source in evidence.sources:
        paper = source.paper
        ids = [f"doi:{paper.doi}" if paper.doi else "", f"PMID {paper.pmid}" if paper.pmid else ""]
        words = " ".join([f"{source.number}.", reference(paper), *(i for i in ids if i)])
        yield _paragraph(_run(words, '<w:sz w:val="16"/>'), 16, after=40).replace(
            "<w:p>", f"<w:p {nsdecls('w')}>", 1
        )
