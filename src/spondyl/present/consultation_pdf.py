"""The patient's page as PDF, set by Typst."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from spondyl.present.consultation import Consultation
from spondyl.present.consultation_flow import Block, Heading, Table, Words, flow
from spondyl.present.survival import Picture
from spondyl.present.survival_pdf import typst_text as _text

__all__ = ["as_pdf", "as_typst"]

HEAD = """#set document(title: {title}, author: "Spondyl", date: none)
#set page(paper: "a4", margin: (x: 17mm, y: 16mm), numbering: "1 / 1")
#set text(size: 9.5pt, lang: "en")
#set par(leading: .55em, spacing: .7em)
#show heading.where(level: 1): set text(size: 15pt)
#let ruled(it) = block(above: 1.5em, below: .7em, width: 100%, stroke: (bottom: 1pt), inset: (bottom: 3pt), it)
#show heading.where(level: 2): it => ruled(it)
#show heading.where(level: 2): set text(size: 12pt)
#set table(stroke: none, inset: (x: 3pt, y: 2.5pt))
#let r(n) = super(text(size: 6.5pt, fill: rgb("#0063a0"), n))
"""
_COLOURS = {
    "urgent": "#a81e12", "warning": "#8a4b00", "for": "#00634a", "against": "#8a4b00", "unknown": "#5c6873",
    "missing": "#5c6873", "quiet": "#5c6873", "basis": "#36424d",
}  # fmt: skip


def as_typst(page: Consultation) -> str:
    """The source that Typst sets.

    Args:
        page: The page.
    """
    blocks = list(flow(page))
    notes = [b for b in blocks if isinstance(b, Words) and b.tone == "basis"]
    body = [_notes(notes) if notes and b is notes[0] else _block(b) for b in blocks if b not in notes[1:]]
    return HEAD.format(title=_text(page.title)) + "\n".join(body) + "\n"


def _notes(notes: Sequence[Words]) -> str:
    """What the page rests on, in two columns."""
    listed = "\n".join(f"#block(spacing: 3pt, {_inline(n)})" for n in notes)
    return f"#block[#set text(size: 7pt)\n#columns(2, gutter: 12pt)[{listed}]]"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"#heading(level: {block.level}, {_text(block.text)})"
        case Words():
            return _paragraph(block)
        case Table():
            return _table(block)
        case Picture():
            caption = _text(block.title)
            return f"#block(breakable: false)[#strong({caption})\n\n#image({_text(block.name + '.png')}, width: 92%)]"


def _paragraph(words: Words) -> str:
    size = {"quiet": "8.5pt", "basis": "7.5pt"}.get(words.tone, "9pt" if words.depth else "9.5pt")
    bar = (
        f"stroke: (left: 2pt + rgb({_text(_COLOURS[words.tone])})), inset: (left: 6pt), "
        if _barred(words)
        else ""
    )
    indent = f"inset: (left: {6 + 10 * words.depth}pt), " if words.depth else ""
    return f"#block({bar or indent}width: 100%, text(size: {size}, {_inline(words)}))"


def _barred(words: Words) -> bool:
    return not words.depth and words.tone in ("urgent", "warning", "unknown", "missing", "for", "against")


def _inline(words: Words) -> str:
    """Words with their colour and the numbers of their bases, as an expression."""
    colour = _COLOURS.get(words.tone)
    weight = ', weight: "bold"' if words.tone == "urgent" else ""
    said = (
        f"text(fill: rgb({_text(colour)}){weight}, {_text(words.text)})"
        if colour
        else f"text({_text(words.text)})"
    )
    return f"{said} + r({_text(words.refs)})" if words.refs else said


def _table(table: Table) -> str:
    count = len(table.rows[0])
    paired = not table.head and count == 2
    widths = "(1fr, 1.6fr, 1fr, 1.6fr)" if paired else f"({', '.join(_widths(count))})"
    head = ", ".join(f"text(size: 8pt, strong({_text(h)}))" for h in table.head)
    header = f"table.header({head}), table.hline(stroke: .5pt), " if table.head else ""
    rows = ",\n".join(_rows(table, count))
    return (
        f"#v(.5em)#block(sticky: true, strong({_text(table.title)}))\n"
        f"#block[#set text(size: 8.5pt)\n#table(columns: {widths}, {header}\n{rows},\ntable.hline(stroke: .5pt))]"
    )


def _widths(count: int) -> list[str]:
    return ["1.6fr", *["1fr"] * (count - 1)]


def _rows(table: Table, count: int) -> Iterator[str]:
    for n, row in enumerate(table.rows):
        yield ", ".join(f"[#{{ {_inline(cell)} }}]" for cell in row)
        if below := table.below.get(n):
            lines = " ".join(
                f"#block(spacing: 2.5pt, inset: (left: {8 * w.depth}pt), {_inline(w)})" for w in below
            )  # fmt: skip
            yield f"table.cell(colspan: {count})[#set text(size: 7.5pt)\n{lines}]"


def as_pdf(page: Consultation) -> bytes:
    """The PDF; the same page gives the same bytes.

    Args:
        page: The page.
    """
    import typst

    with tempfile.TemporaryDirectory() as place:
        for picture in (p for part in page.parts for p in part.pictures):
            (Path(place) / f"{picture.name}.png").write_bytes(picture.png)
        source = Path(place) / "page.typ"
        source.write_text(as_typst(page), "utf-8")
        return bytes(typst.compile(str(source), timestamp=0))
