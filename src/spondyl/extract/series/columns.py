"""The columns of a table: what their heads and the caption say of the cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from spondyl.extract.series.grammar import COUNT, DECIMAL, count, grammar, tidy
from spondyl.record import Cell, Paper, Quote, Table
from spondyl.words.numbers import NUMBER

__all__ = [
    "HEAD_PERCENT",
    "HEAD_RATE",
    "HEAD_RATIO",
    "HEAD_STAT",
    "LONGEST",
    "SHARED",
    "SIZE",
    "TAGS",
    "Column",
    "Whole",
    "clean",
    "column_of",
    "fold",
    "pairs",
    "sizes",
    "whole_of",
]

_DASH = {ord(c): "-" for c in "‐‑‒–—―−"}


TAGS = re.compile(r"<[^<>]{0,12}>|\*+|[†‡§¶]|\$")


SHARED = re.compile(
    rf"^(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:\s?/\s?(?P<d>\d{{1,6}}))?\s?[(\[]\s?(?"
    rf"P<pct>{DECIMAL})\s?(?P<sign>%?)\s?[)\]]$"
)


HEAD_RATIO = re.compile(
    r"\b(?:(?P<h>hazards? ratio|a?hr)|(?P<o>odds ratio|a?or)|(?P<r>relative risk|risk ratio|rr))\b"
)
_HEAD_P = re.compile(r"^p\b|\bp[- ]?values?\b|^p$|\bsignificance\b")
_HEAD_N = re.compile(
    r"^(?:n|no\.?|number|patients|cases|total|number of (?:patients|cases)|no\.? of (?:patients|"
    r"pts\.?|cases)|patients,? n|pts)$"
)
_HEAD_EVENTS = re.compile(
    r"^(?:deaths?|events?|died|dead|failures|recurrences|no\.? of deaths)(?:,? n|,? no\.?| \(n\))?$"
)


HEAD_RATE = re.compile(
    rf"(?P<t>{NUMBER})[- ](?P<u>year|yr|month|mo)s?\b.{{0,30}}\b(?:survival|os|pfs|dfs|free|control)\b|"
    rf"\b(?:survival|os|pfs|control|free)\b.{{0,20}}\b(?P<t2>{NUMBER})[- ](?P<u2>year|yr|month|mo)s?\b"
)


HEAD_STAT = re.compile(r"\b(?P<stat>mean|median|average)\b|(?P<pm>±)")


HEAD_PERCENT = re.compile(r"%|\bper ?cent\b")


SIZE = re.compile(r"\bn\s?=\s?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,6})\b")
_CAPTION_SIZE = re.compile(
    rf"\b(?:(?:of|in|for|among|from) )?(?:all |the |our |"
    rf"these )*(?P<n>{COUNT}) (?:[a-z][\w'/-]* ){{0,3}}?(?P<noun>[a-z]+)\b(?P<tail>[^.;()]*)"
)


LONGEST = 290


class Whole(NamedTuple):
    """What a table's numbers are parts of: the group, its size, and the words that say so."""

    group: str
    n: int | None
    quote: Quote | None


class Column(NamedTuple):
    """A column of a table: its head as printed, folded, and what the head says of its cells.

    Args:
        head, folded: The words.
        role: "n", "p", "ratio", "rate", "events", "stat" or "".
        whole: What its numbers are parts of.
        stat: Whether the head names a mean, a median or an SD.
    """

    head: str
    folded: str
    role: str
    whole: Whole | None
    stat: bool = False


def sizes(paper: Paper, table: Table) -> Iterator[tuple[int, Quote]]:
    """The sizes that a table's head states for all its numbers ("N = 203")."""
    for cell in table.cells:
        m = SIZE.search(fold(cell.text)) if cell.head else None
        if m is not None and (n := count(m["n"])):
            yield n, paper.quote(cell.start, cell.end)


def pairs(table: Table) -> Iterator[tuple[int, str]]:
    """The counts of a table with their shares as printed."""
    for cell in table.cells:
        m = SHARED.match(fold(cell.text)) if "(" in cell.text else None
        if m is not None:
            yield count(m["n"]) or 0, m["pct"]


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    return tidy(TAGS.sub("", text).translate(_DASH))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    return " ".join(TAGS.sub("", text).translate(_DASH).lower().split())


def whole_of(paper: Paper, table: Table, default: Whole) -> Whole:
    """The group a caption names with its size, or else the default."""
    caption = TAGS.sub("", table.caption).translate(_DASH)
    for m in _CAPTION_SIZE.finditer(caption.lower()):
        n = count(m["n"])
        if n is not None and n > 1 and grammar().people.fullmatch(m["noun"]):
            start = table.caption_start + m.start("n")
            quote = None
            if len(caption) == len(table.caption) and table.caption_end - table.caption_start == len(caption):
                quote = paper.quote(start, table.caption_start + m.end("noun"))
            elif table.caption_end > table.caption_start:
                quote = paper.quote(
                    table.caption_start, min(table.caption_end, table.caption_start + LONGEST)
                )
            return Whole(tidy(caption[m.start("n") : m.end("tail")]), n, quote)
    sized = SIZE.search(caption.lower())
    if sized:
        return Whole(default.group, count(sized["n"]), None)
    return default


def column_of(paper: Paper, heads: list[list[Cell | None]], j: int, whole: Whole) -> Column:
    cells = [r[j] for r in heads if r[j] is not None]
    head = " ".join(clean(c.text) for c in cells if c is not None)
    folded = head.lower()
    sized = SIZE.search(folded)
    own = None
    if sized and j:
        cell = next(c for c in cells if c is not None and SIZE.search(fold(c.text)))
        rest = tidy(SIZE.sub("", head.replace("(N", "(n").replace(" N ", " n "), count=1).replace("()", ""))
        plain = not rest or _FORM_ONLY.fullmatch(rest.lower()) is not None
        n = count(sized["n"])
        same = plain or (whole.n == n)
        group = whole.group if same else rest
        own = Whole(group or whole.group, n, paper.quote(cell.start, cell.end))
    elif j:
        own = whole
    return Column(head, folded, _role(folded), own, HEAD_STAT.search(folded) is not None)


_FORM_ONLY = re.compile(
    r"(?:n|no\.?|number|patients|cases|value|values|n \(?%\)?|no\.? \(?%\)?|number \(?%\)?|all|"
    r"all patients|total|\W|%)+"
)


def _role(head: str) -> str:
    if HEAD_RATIO.search(head):
        return "ratio"
    if _HEAD_P.search(head):
        return "p"
    if HEAD_RATE.search(head):
        return "rate"
    if _HEAD_N.fullmatch(head.strip(" ().:")):
        return "n"
    if _HEAD_EVENTS.fullmatch(head):
        return "events"
    if HEAD_STAT.search(head):
        return "stat"
    return ""
