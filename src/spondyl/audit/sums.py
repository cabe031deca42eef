"""Sums that a table's last row or a flow of records states.

Sees: a row "Total" whose number is not the sum of its column, where another column of the table adds up; records,
duplicates, titles screened and texts read that do not follow from each other; two treatments of one group, "none
both", that make more than the group.
Cannot see: totals of columns that hold shares, or of a table in which no other column adds up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.audit.document import Document, Sentence
from spondyl.audit.lists import counted
from spondyl.record import Cell, Finding, Table
from spondyl.words.numbers import NUMBER, number

__all__ = ["check"]

_TOTAL = re.compile(r"^(?:total|totals|sum|all|overall|all (?:patients|studies|cases))$")
_WHOLE = re.compile(r"^\d{1,3}(?:,\d{3})+$|^\d{1,6}$")
_DUPLICATES = re.compile(
    rf"\b(?:after (?:the )?(?:removal|removing|exclusion) of|removed|excluded) (?P<d>{NUMBER}) duplicates?,? "
    rf"(?:and |leaving |which left )?(?P<s>{NUMBER}) "
    rf"(?:titles|abstracts|records|articles|papers|references|citations|publications)\b"
)
_RECORDS = re.compile(
    rf"(?<![\w.,])(?P<n>{NUMBER}) (?:[a-z]+"
    rf" )?(?:records|articles|references|citations|papers|publications|hits)\b"
)
_REJECTED = re.compile(
    rf"(?P<s>{NUMBER}) (?:titles|abstracts|records|articles|papers|references|citations|publications)"
    rf"(?: and abstracts)? (?:were )?screened,? (?:and|of which|of these) (?P<e>{NUMBER})"
    rf" (?:were |was )?excluded\b"
)
_READ = re.compile(
    rf"\b(?:of|leaving|left|remaining|the) (?:the |these )?(?:remaining )?(?P<f>{NUMBER}) "
    rf"(?:full[- ]texts?(?: articles| papers)?|full articles|articles (?:were )?read in full)\b"
)
_NONE_BOTH = re.compile(
    rf"(?P<a>{NUMBER}) of (?:the |these |our )?(?P<w>{NUMBER}) [a-z ]{{3,60}}?,? and"
    rf" (?P<b>{NUMBER}) [a-z ]{{3,50}}?[,;] "
    rf"(?:and |but )?(?:none|no (?:patient|one)|nobody)(?: of them)?(?: had| received|"
    rf" underwent| needed)? both\b"
)


def check(doc: Document) -> Iterator[Finding]:
    """Totals that their parts do not make.

    Args:
        doc: The paper.

    Yields:
        Findings `total_does_not_add`.
    """
    for table in doc.paper.tables:
        yield from _columns(doc, table)
    previous: Sentence | None = None
    for s in doc.sentences:
        if "duplicate" in s.text or "screened" in s.text:
            yield from _records(doc, previous, s)
        if " both" in s.text and ("none" in s.text or "no " in s.text):
            for m in _NONE_BOTH.finditer(s.text):
                yield from _apart(doc, s, m)
        previous = s


def _columns(doc: Document, table: Table) -> Iterator[Finding]:
    """The row "Total" against the rows above it, where a column shows that it is their sum."""
    rows = table.grid()
    body = [r for r in rows if r and r[0] is not None and not any(c is not None and c.head for c in r)]
    last = body[-1] if body else None
    if last is None or len(body) < 4 or not _TOTAL.match(_plain(last[0])):
        return
    sums: list[tuple[Cell, int, int]] = []
    for j in range(1, len(last)):
        total = last[j]
        parts = [_plain(r[j]) if j < len(r) else "" for r in body[:-1]]
        if total is not None and _WHOLE.match(_plain(total)) and all(_WHOLE.match(p) for p in parts):
            sums.append((total, sum(_count(p) for p in parts), _count(_plain(total))))
    wrong = [(c, made, told) for c, made, told in sums if made != told]
    if len(wrong) != 1 or len(sums) < 2:
        return
    cell, made, told = wrong[0]
    label = last[0]
    yield Finding(
        kind="total_does_not_add", severity="error",
        message=f"The rows of the column make {made}, but {told} is given as their total.",
        computed=f"sum of {len(body) - 1} rows = {made}, not {told}; the other columns add up",
        quotes=(doc.words(label.start if label else cell.start, cell.end),),
    )  # fmt: skip


def _plain(cell: Cell | None) -> str:
    return " ".join(cell.text.replace("*", "").lower().split()) if cell is not None else ""


def _count(words: str) -> int:
    return int(words.replace(",", ""))


def _value(words: str) -> int:
    return int(number(words) or 0)


def _records(doc: Document, previous: Sentence | None, s: Sentence) -> Iterator[Finding]:
    """Records found, less duplicates, and titles screened, less those rejected."""
    m = _DUPLICATES.search(s.text)
    if m:
        before = _RECORDS.search(s.text, 0, m.start())
        where = s
        if before is None and previous is not None and previous.paragraph == s.paragraph:
            before, where = _RECORDS.search(previous.text), previous
        if before and _value(before["n"]) - _value(m["d"]) != _value(m["s"]):
            made = _value(before["n"]) - _value(m["d"])
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"{before['n']} less {m['d']} duplicates leaves {made}, but {m['s']} is printed.",
                computed=f"{_value(before['n'])} - {_value(m['d'])} = {made}, not {_value(m['s'])}",
                quotes=(doc.quote(where, before.start(), before.end()), doc.quote(s, m.start(), m.end())),
            )  # fmt: skip
    r = _REJECTED.search(s.text)
    if r is None:
        return
    k = next((i for i, t in enumerate(doc.sentences) if t is s), 0)
    for t in doc.sentences[k : k + 2]:
        left = _READ.search(t.text, r.end() if t is s else 0)
        made = _value(r["s"]) - _value(r["e"])
        if left and t.paragraph == s.paragraph and made != _value(left["f"]):
            yield Finding(
                kind="total_does_not_add", severity="suspicious",
                message=f"{r['s']} screened less {r['e']} excluded leaves {made}, but {left['f']} were read.",
                computed=f"{_value(r['s'])} - {_value(r['e'])} = {made}, not {_value(left['f'])}",
                quotes=(doc.quote(s, r.start(), r.end()), doc.quote(t, left.start(), left.end())),
            )  # fmt: skip


def _apart(doc: Document, s: Sentence, m: re.Match[str]) -> Iterator[Finding]:
    """Two parts without overlap in one group."""
    a, b, whole = (_value(m[k]) for k in ("a", "b", "w"))
    between = [i for i in counted(s.text, m.start(), m.end()) if i.n not in (a, b, whole)]
    if a + b > whole and not between:
        yield Finding(
            kind="subset", severity="error",
            message=f"{a} and {b} without overlap are more than the group of {whole}.",
            computed=f"{a} + {b} = {a + b} > {whole}", quotes=(doc.quote(s, m.start(), m.end()),),
        )  # fmt: skip
