"""The report of a study as one page that needs nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import escape

from spondyl.present.survival import Grid, Paper, Picture

__all__ = ["as_csv", "as_html", "as_text"]

CSS = """
body{font:16px/1.5 system-ui,sans-serif;color:#1a1f24;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem;margin:0}h2{font-size:1.2rem;margin:2.2rem 0 .5rem}p{max-width:46rem}
.note{color:#66727e}.warn{border-left:4px solid #d55e00;padding:.2rem .9rem;background:#fff6ef}
table{border-collapse:collapse;border-top:1.5px solid;border-bottom:1.5px solid;font-size:.86rem}
caption{text-align:left;font-weight:600;padding:.3rem 0;font-size:.95rem}
th{border-bottom:.75px solid;text-align:left;vertical-align:bottom}th,td{padding:.15rem .7rem .15rem .2rem}
td+td,th+th{text-align:right}td.in{padding-left:1.2rem}tr.head td{padding-top:.45rem;font-weight:600}
.scroll{overflow-x:auto}.notes{font-size:.8rem;color:#66727e;margin:.2rem 0 1.6rem}
figure{margin:1.5rem 0}figure svg{max-width:100%;height:auto}figcaption{font-weight:600;font-size:.95rem}
@media (prefers-color-scheme:dark){body{background:#fff}}@media print{body{margin:0;max-width:none}}
"""


def as_html(paper: Paper) -> str:
    """The page.

    Args:
        paper: The report.
    """
    body = "\n".join(_body(paper))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(paper.title)}</title><style>{CSS}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _body(paper: Paper) -> Iterator[str]:
    yield f"<h1>{escape(paper.title)}</h1>"
    if paper.note:
        yield f'<p class="note">{escape(paper.note)}</p>'
    if paper.warnings:
        yield '<div class="warn">' + "".join(f"<p>{escape(w)}</p>" for w in paper.warnings) + "</div>"
    for heading, paragraphs in paper.sections:
        yield f"<h2>{escape(heading)}</h2>" + "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    yield "<h2>Tables</h2>"
    for number, grid in enumerate(paper.tables, 1):
        yield _table(grid, number)
    yield "<h2>Figures</h2>"
    for number, picture in enumerate(paper.pictures, 1):
        yield _figure(picture, number)
    last = f"Written by Spondyl {paper.version}. It supports judgement and never replaces it."
    yield f'<p class="note">{escape(last)}</p>'


def _table(grid: Grid, number: int) -> str:
    head = "".join(f"<th>{escape(h)}</th>" for h in grid.head)
    rows = "\n".join(_row(r) for r in grid.rows)
    notes = "".join(f'<p class="notes">{escape(n)}</p>' for n in grid.notes)
    return (
        f'<div class="scroll"><table><caption>Table {number}. {escape(grid.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table></div>{notes}"
    )


def _row(row: tuple[str, ...]) -> str:
    first, *rest = row
    kind = ' class="in"' if first.startswith(" ") else ""
    head = ' class="head"' if not first.startswith(" ") and not any(rest[:2]) else ""
    cells = "".join(f"<td>{escape(c)}</td>" for c in rest)
    return f"<tr{head}><td{kind}>{escape(first.strip())}</td>{cells}</tr>"


def _figure(picture: Picture, number: int) -> str:
    svg = picture.svg.decode("utf-8")
    caption = escape(f"Figure {number}. {picture.title}")
    drawing = _own_ids(svg[svg.index("<svg") :], picture.name)
    return f"<figure><figcaption>{caption}</figcaption>{drawing}</figure>"


def _own_ids(svg: str, name: str) -> str:
    """Names inside a drawing made its own, so that drawings on one page do not meet."""
    prefix = "".join(c if c.isalnum() else "-" for c in name)
    return (
        svg.replace('id="', f'id="{prefix}-')
        .replace("url(#", f"url(#{prefix}-")
        .replace('href="#', f'href="#{prefix}-')
    )


def as_csv(grid: Grid) -> str:
    """A table as CSV; a cell that a spreadsheet would run as a formula is kept as text.

    Args:
        grid: The table.

    Example:
        >>> as_csv(Grid("a", "A", ("x", "n"), [("=1+1", "2")]))
        "x,n\\r\\n'=1+1,2\\r\\n"
    """
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(grid.head)
    rows.writerows([_plain(c) for c in row] for row in grid.rows)
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "@")) else cell


def as_text(paper: Paper) -> str:
    """Methods and results as plain text.

    Args:
        paper: The report.
    """
    parts = [paper.title, *([paper.note] if paper.note else [])]
    for heading, paragraphs in paper.sections:
        parts += [heading, *paragraphs]
    return "\n\n".join(parts) + "\n"
