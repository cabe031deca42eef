"""Tables that lost their columns: rows set with single spaces, as OCR leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spondyl.read.columns import Found
from spondyl.read.lines import Lines
from spondyl.record import Cell, Table
from spondyl.words.tsv import rows

__all__ = ["flattened"]

_AUTHOR = re.compile(
    r"(?:(?:[A-Z][\w'\u2019-]{1,24}|de|van|der|von|le|la|di"
    r"|al)[ ,&]{1,2}){1,5}(?:et[ ]al\.?,?[ ]{0,2})?(?:and[ ]others,?[ ])?"
    r"[\[(]?(?:19|20)\d\d[a-z]?[\])]?(?=[ ,.;:]|$)"
    r"|(?:our|present|this|current)[ ](?:study|case|cases|report|paper|patient|series"
    r"|work)(?:[ ,(]{1,3}(?:19|20)\d\d\)?)?",
    re.I,
)
_TIME = re.compile(
    r"(?:\d{1,3}(?:\.\d+)?|one|two|three|six)[ -]?(?:months?|mos?\b|years?|yrs?\b|weeks?"
    r"|wks?\b|days?|y\b|m\b)",
    re.I,
)
_WORD = re.compile(r"[^ ]+")
_NOTE = re.compile(r"[A-Z][A-Za-z0-9/&+-]{0,12}(?:[ ]?[:=]|(?<=[A-Z]{2}),)[ ]?[A-Za-z]")
_LONGEST_LINE = 160
_REACH = 4000
_MOST_ROWS = 2000


class _Column(NamedTuple):
    start: int
    end: int
    role: str


@cache
def _terms(concept: str) -> frozenset[str]:
    columns = ("term", "concept", "language", "source", "note")
    return frozenset(
        r["term"] for r in rows("spondyl.read", "columns.tsv", columns) if r["concept"] == concept
    )


def flattened(lines: Lines, found: list[Found]) -> list[Found]:
    """Add tables whose columns are lost: column names in a line, below it rows that begin with an author.

    Args:
        lines: The text's lines.
        found: The tables found so far, in order; a caption without rows gets the block that follows it.

    Returns:
        All tables, in order.
    """
    taken = {i for f in found if f.table.cells for i in range(f.first, f.last)}
    out = list(found)
    for i, words in enumerate(lines.bare):
        if not words or words[0].islower() or i in taken or len(words) > _LONGEST_LINE:
            continue
        if words[:2].casefold() not in ("au", "fi", "st", "re", "se", "ca", "pa", "pu", "no", "#"):
            continue
        columns = _header(lines, i)
        if len(columns) < 3:
            continue
        if block := _found(lines, i, columns, taken):
            taken |= set(range(block.first, block.last))
            _join(out, block)
    return sorted(out, key=lambda f: f.first)


def _header(lines: Lines, i: int) -> list[_Column]:
    """The columns a header line names: every stretch of it is a known column name, the longest first."""
    start = lines.first(i)
    words = [(m.start() + start, m.end() + start) for m in _WORD.finditer(lines.bare[i])]
    if not 3 <= len(words) <= 24 or lines.bare[i][-1] == ".":
        return []
    names = _terms("head")
    out: list[_Column] = []
    k = 0
    while k < len(words):
        for size in (3, 2, 1):
            part = words[k : k + size]
            name = lines.text[part[0][0] : part[-1][1]].casefold()
            if len(part) == size and name in names:
                out.append(_Column(part[0][0], part[-1][1], _role(name)))
                k += size
                break
        else:
            return []
    return out


def _role(name: str) -> str:
    if name.startswith(("treat", "manag", "surg", "operat", "proced", "resec")):
        return "treatment"
    if name.startswith(("follow", "outcome", "result", "surviv", "status")):
        return "outcome"
    return (
        "author" if name.startswith(("author", "first", "study", "studies", "ref", "publ", "series")) else ""
    )


def _found(lines: Lines, head: int, columns: list[_Column], taken: set[int]) -> Found | None:
    rows_at: list[int] = []
    authors = blanks = 0
    i = head + 1
    while i < len(lines) and i not in taken and blanks < 2 and len(rows_at) < _MOST_ROWS:
        words = lines.bare[i]
        blanks = 0 if words else blanks + 1
        if words:
            named = bool(_AUTHOR.match(words))
            if len(words) > _LONGEST_LINE or (not named and not _more(lines, i, bool(rows_at))):
                break
            authors += named
            rows_at.append(i)
        i += 1
    if authors < 2:
        return None
    last = rows_at[-1] + 1
    cells = [_cell(lines.text, 0, k, c.start, c.end, True) for k, c in enumerate(columns)]
    cells += _cells(lines, rows_at, columns)
    if last < len(lines) and _NOTE.match(lines.bare[last]) and len(lines.bare[last]) < 400:
        last = min(lines.paragraph_end(last), last + 6)
    start = lines.first(head)
    table = Table(
        start=start, end=lines.last(last - 1), caption_start=start, caption_end=start, cells=tuple(cells)
    )
    return Found(head, last, table, False)


def _more(lines: Lines, i: int, begun: bool) -> bool:
    """A further row under the same author: short, no sentence, no heading in capitals, no note."""
    words = lines.bare[i]
    if not begun or words.isupper() or words[-1] in ".:" or _NOTE.match(words):
        return False
    return words.count(" ") < 16 and any(c.isdigit() for c in words)


def _cells(lines: Lines, rows_at: list[int], columns: list[_Column]) -> Iterator[Cell]:
    spans = _author_rows(lines, rows_at)
    for number, i in enumerate(rows_at, 1):
        start, end = lines.first(i), lines.last(i)
        if m := _AUTHOR.match(lines.text, start, end):
            yield _cell(lines.text, number, 0, start, m.end(), rows=spans[number])
            start = _skip(lines.text, m.end(), end)
        yield from _rest(lines.text, number, start, end, columns)


def _author_rows(lines: Lines, rows_at: list[int]) -> dict[int, int]:
    """Row → how many rows its author stands for."""
    out: dict[int, int] = {}
    current = 0
    for number, i in enumerate(rows_at, 1):
        if _AUTHOR.match(lines.bare[i]):
            current = number
        out[current] = number - current + 1
    return out


def _rest(text: str, number: int, start: int, end: int, columns: list[_Column]) -> Iterator[Cell]:
    """Cut what follows the author where a treatment and where an outcome begins."""
    roles = [c.role for c in columns]
    cuts = {1: start}
    at = start
    if "treatment" in roles and (found := _first(text, at, end, _terms("treatment"))) is not None:
        cuts[roles.index("treatment")] = at = found
    if "outcome" in roles and (found := _outcome(text, at, end)) is not None:
        cuts[roles.index("outcome")] = found
    order = sorted(cuts.items(), key=lambda c: (c[1], c[0]))
    for (column, left), following in zip(order, [*order[1:], (len(columns), end)], strict=True):
        stop = following[1]
        while stop > left and text[stop - 1] in " ,;":
            stop -= 1
        if stop > left:
            yield _cell(text, number, column, left, stop)


def _first(text: str, start: int, end: int, starters: frozenset[str]) -> int | None:
    for m in _WORD.finditer(text, start, end):
        if m[0].strip(",;.()").split("+")[0].casefold() in starters:
            return m.start()
    return None


def _outcome(text: str, start: int, end: int) -> int | None:
    time = _TIME.search(text, start, end)
    word = _first(text, start, end, _terms("outcome"))
    return min((x for x in (time.start() if time else None, word) if x is not None), default=None)


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at] in " ,;:.":
        at += 1
    return at


def _cell(text: str, row: int, column: int, start: int, end: int, head: bool = False, rows: int = 1) -> Cell:
    return Cell(row=row, column=column, text=text[start:end], start=start, end=end, head=head, rows=rows)


def _join(found: list[Found], block: Found) -> None:
    """Give the rows the caption that stands apart nearest before them, and add them to the tables."""
    bare = [f for f in found if not f.table.cells and f.table.end <= block.table.start < f.table.end + _REACH]
    if not bare:
        found.append(block)
        return
    caption = bare[-1]
    words = {"label": caption.table.label, "caption": caption.table.caption,
             "caption_start": caption.table.caption_start,
             "caption_end": caption.table.caption_end}  # fmt: skip
    found.remove(caption)
    found.append(block._replace(table=block.table.model_copy(update=words), captioned=True))
