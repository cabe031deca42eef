"""Literature tables: tables whose rows are cases or series that other authors have published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from spondyl.extract.knowledge import genuine_rn
from spondyl.record import Cell, Paper, Table
from spondyl.words.tsv import rows
from spondyl.words.view import View, reading_copy

__all__ = ["Entry", "Field", "copy_of", "entries", "is_literature", "view_of"]

_COLUMNS = ("term", "concept", "language", "source", "note")
_NAME = r"[A-Zl][^\W\d_]+(?:[-' ](?!et\b)[A-Z]?[^\W\d_]+){0,4}"
_AUTHOR = re.compile(
    rf"^(?P<name>(?:(?:de|van|von|el|al|du|di|da|le|la|ten|"
    rf"ter) ){{0,2}}{_NAME}(?:,? et al\.?)?)[\s,(]*(?P<year>(?:19|2[0Oo])[\dOol]{{2}})?[a-z]?\)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_OWN = re.compile(
    r"^\(?(?:the )?(?:present|current|our|ours|this|own|index|authors'?|0urs|we)\b", re.IGNORECASE
)
_REF = re.compile(r"^\[?\(?(?P<n>\d{1,3})\]?\)?\.?$")
_HEAD_TOKEN = re.compile(r"[^\W_]+")
_INTEGER = re.compile(r"^\d{1,5}$")
_COHORT = re.compile(r"\b(?:mean|median|average)\b|\bno\.? of|number of")


class Field(NamedTuple):
    """A cell of a literature table with its column's role, the folded head above it and the head's cell."""

    role: str
    head: str
    cell: Cell
    above: Cell | None = None


class Entry(NamedTuple):
    """A row of a literature table.

    Args:
        label: The study, "Sun et al., 2014".
        own: Whether the row is the present paper's own patient.
        n: How many patients the row stands for, where a column says so.
        cohort: Whether the row describes a series rather than one patient.
        fields: Its cells.
        author: The cells that name the study.
        table: The table.
    """

    label: str
    own: bool
    n: int | None
    cohort: bool
    fields: tuple[Field, ...]
    author: tuple[Cell, ...]
    table: Table


def is_literature(paper: Paper, table: Table) -> bool:
    """Whether the rows of a table are other authors' cases or series."""
    roles = _roles(table)
    if "author" not in roles:
        return False
    column = roles.index("author")
    named = [c for c in table.cells if c.column == column and not c.head and c.text.strip()]
    like = [
        c for c in named if _OWN.match(c.text) or _REF.match(c.text) or _is_author(c.text, "year" in roles)
    ]
    return len(like) >= 2 and len(like) >= 0.6 * len(named)


def _is_author(text: str, dated: bool) -> bool:
    m = _AUTHOR.match(text.strip())
    return m is not None and (m["year"] is not None or dated or "et al" in text)


def entries(paper: Paper) -> Iterator[Entry]:
    """The rows of a paper's literature tables, in order; a blank author belongs to the author above."""
    for table in paper.tables:
        if is_literature(paper, table):
            yield from _entries(paper, table)


def _entries(paper: Paper, table: Table) -> Iterator[Entry]:
    roles = _roles(table)
    heads = _heads(table)
    above = {c.column: c for c in table.cells if c.head}
    body = [r for r in table.grid() if not any(c is not None and c.head for c in r)]
    authors: tuple[Cell, ...] = ()
    label, own, n, size = "", False, None, 0
    told = []
    for row in body:
        named = tuple(
            c
            for j, c in enumerate(row)
            if c is not None and roles[j] in ("author", "year") and c.text.strip()
        )
        if any(roles[c.column] == "author" for c in named):
            authors, own = named, _OWN.match(named[0].text.strip()) is not None
            label = " ".join(named[0].text.split()) if own else _label(paper, named)
            size += 1
        fields = tuple(
            Field(roles[j], heads[j], c, above.get(j))
            for j, c in enumerate(row)
            if c is not None and c.text.strip() and roles[j] not in ("author", "year")
        )
        n = next(
            (int(f.cell.text) for f in fields if f.role == "n" and _INTEGER.match(f.cell.text.strip())), None
        )
        if authors and fields:
            told.append((size, Entry(label, own, n, False, fields, authors, table)))
    for key, entry in told:
        same = sum(1 for k, _ in told if k == key)
        many = next((e.n for k, e in told if k == key and e.n), 1)
        yield entry._replace(cohort=many > same or (many > 1 and _pooled(heads)))


def _pooled(heads: list[str]) -> bool:
    return any(_COHORT.search(h) and "age" in h for h in heads)


def _heads(table: Table) -> list[str]:
    width = max((c.column + c.columns for c in table.cells), default=0)
    heads = [""] * width
    for c in table.cells:
        if c.head:
            heads[c.column] = f"{heads[c.column]} {c.text}".strip().lower()
    return heads


@cache
def _known() -> dict[tuple[str, ...], str]:
    """Head words → role, of the lexicon."""
    return {
        tuple(_HEAD_TOKEN.findall(r["term"])): r["concept"]
        for r in rows("spondyl.extract.lexicons", "literature_columns.tsv", _COLUMNS)
    }


def _roles(table: Table) -> list[str]:
    """The role of each column; only one column names the study."""
    roles: list[str] = []
    for head in _heads(table):
        found = _role(head)
        roles.append("" if found == "author" and "author" in roles else found)
        if found == "author" and roles[-1] == "":
            roles[-1] = _role(head, "author")
    return roles


@lru_cache(maxsize=1024)
def _role(head: str, without: str = "") -> str:
    words = [w.lower() for w in _HEAD_TOKEN.findall(head)]
    best, length = "", 0
    for size in range(min(4, len(words)), 0, -1):
        for i in range(len(words) - size + 1):
            role = _known().get(tuple(words[i : i + size]), "")
            if role and role != without and size > length:
                best, length = role, size
    return best


def _label(paper: Paper, cells: tuple[Cell, ...]) -> str:
    """The study as cited: "Sun et al., 2014"."""
    words = " ".join(cells[0].text.split())
    number = _REF.match(words)
    if number:
        return _reference(paper, number["n"]) or words
    m = _AUTHOR.match(" ".join(view_of(paper, cells[0]).plain.split()))
    if m is None:
        return words
    year = m["year"] or next((y.group() for c in cells[1:] if (y := _YEAR.search(c.text))), None)
    name = m["name"].strip(" ,(")
    return f"{name}, {year.translate(_DIGITS)}" if year else name


_DIGITS = str.maketrans("OolI", "0011")


def _reference(paper: Paper, number: str) -> str | None:
    """Author and year of a numbered reference."""
    for s in paper.sections:
        if s.kind == "references":
            m = re.search(
                rf"(?m)^\s*\[?{number}[\].]\s+(?P<name>{_NAME})[^\n]*(?:\n(?!\s*\[?\d+[\].]\s)[^\n]*){{0,4}}",
                paper.text[s.start : s.end],
            )
            if m:
                year = _YEAR.search(m.group())
                return f"{m['name'].split()[0]}, {year.group()}" if year else m["name"].split()[0]
    return None


def view_of(paper: Paper, cell: Cell) -> View:
    """The reading copy of a cell."""
    return copy_of(paper, cell.start, cell.end)


def copy_of(paper: Paper, start: int, end: int) -> View:
    """The reading copy of a stretch of a paper."""
    return reading_copy(paper.text, [(start, end)], genuine_rn())
