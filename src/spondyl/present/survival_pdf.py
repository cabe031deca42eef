"""The report of a study as PDF, set by Typst."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from spondyl.present.survival import Grid, Paper, widths_of

__all__ = ["as_pdf", "as_typst", "typst_text"]

HEAD = """#set document(title: {title}, author: "Spondyl", date: none)
#set page(paper: "a4", margin: 20mm, numbering: "1")
#set text(size: 10pt, lang: "en")
#set par(justify: true)
#show heading.where(level: 2): set block(above: 1.4em, below: .7em)
#set table(stroke: none, inset: (x: 3pt, y: 2pt))
"""


def as_typst(paper: Paper) -> str:
    """The source that Typst sets.

    Args:
        paper: The report.
    """
    out = [HEAD.format(title=typst_text(paper.title)), f"#heading(level: 1, {typst_text(paper.title)})"]
    out += [f"#emph({typst_text(words)})\n" for words in (paper.note, *paper.warnings) if words]
    for heading, paragraphs in paper.sections:
        out.append(f"#heading(level: 2, {typst_text(heading)})")
        out += [f"#par({typst_text(p)})\n" for p in paragraphs]
    out += [_table(grid, number) for number, grid in enumerate(paper.tables, 1)]
    for number, picture in enumerate(paper.pictures, 1):
        caption = typst_text(f"Figure {number}. {picture.title}")
        out.append(
            f"#block(breakable: false)[#strong({caption})\n\n#image({typst_text(picture.name + '.png')}, width: 88%)]"
        )
    return "\n".join(out) + "\n"


def typst_text(words: str) -> str:
    """A string of Typst, which reads the escapes of JSON but for those of single code points.

    Example:
        >>> typst_text('a "b" \\\\ c')
        '"a \\\\"b\\\\" \\\\\\\\ c"'
    """
    return re.sub(r"\\u([0-9a-f]{4})", r"\\u{\1}", json.dumps(words, ensure_ascii=False))


def _table(grid: Grid, number: int) -> str:
    widths = ", ".join(f"{w}fr" for w in widths_of(grid))
    sides = ", ".join(["left", *["right"] * (len(grid.head) - 1)])
    head = ", ".join(f"strong({typst_text(h)})" for h in grid.head)
    rows = ",\n".join(", ".join([_first(r[0]), *map(typst_text, r[1:])]) for r in grid.rows)
    notes = "\n".join(f"#text(size: 7.5pt, {typst_text(n)})\\" for n in grid.notes)
    return (
        f"#v(1em)#block(sticky: true, strong({typst_text(f'Table {number}. {grid.title}')}))\n"
        f"#block[#set text(size: 7.5pt)\n#set par(justify: false)\n#table(columns: ({widths}), align: ({sides}),\n"
        f"table.hline(stroke: 1pt), table.header({head}), table.hline(stroke: .5pt),\n{rows},\n"
        f"table.hline(stroke: 1pt))]\n{notes}\n"
    )


def _first(cell: str) -> str:
    return f"pad(left: 8pt, {typst_text(cell.strip())})" if cell.startswith(" ") else typst_text(cell)


def as_pdf(paper: Paper) -> bytes:
    """The PDF; the same report gives the same bytes.

    Args:
        paper: The report.
    """
    import typst

    with tempfile.TemporaryDirectory() as place:
        for picture in paper.pictures:
            (Path(place) / f"{picture.name}.png").write_bytes(picture.png)
        source = Path(place) / "report.typ"
        source.write_text(as_typst(paper), "utf-8")
        return bytes(typst.compile(str(source), timestamp=0))
