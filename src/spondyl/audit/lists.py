"""Counts in a row: a whole and the parts a sentence lists for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.audit.document import Sentence
from spondyl.words.numbers import NUMBER, number

__all__ = ["COUNT", "Item", "counted", "items"]

COUNT = rf"(?<![\w.,/<>=±$'+%-])(?P<n>{NUMBER})(?![\w%°'-]|[.,]\d|/\d|\s?%|\s?±)"
"""A whole number in digits or words, not part of a larger figure (folded text)."""

_COUNT = re.compile(COUNT)
_MEASURE = re.compile(
    r"[ -](?:(?:to|or|and) \d+ )?(?:months?|years?|yrs?|weeks?|days?|hours?|h|minutes?|min|cm|"
    r"mm|m|ml|l|mg|g|kg|gy|"
    r"cgy|points?|percent|per cent|times?|fold|degrees?|cycles?|fractions?|sessions?|units?|"
    r"of (?:the |these |all )"
    r"?\d)\b"
)
_LABEL = re.compile(
    r"\b(?:grade|grades|stage|level|type|table|tables|figure|figures|fig|figs|ref|case|cases|"
    r"patient|phase|day|month|"
    r"year|age|aged|ecog|asia|frankel|score|scores|group|class|no|number|step|than|least|most|"
    r"version|and|or|to|"
    r"about|approximately|median|mean|per|p|n)\.?[ :]$"
)


class Item(NamedTuple):
    """A count in a sentence: its number and where it stands."""

    n: int
    start: int
    end: int


def counted(text: str, start: int = 0, end: int | None = None) -> Iterator[Item]:
    """The counts of a stretch of folded text, measurements and labels left out.

    Example:
        >>> [i.n for i in counted("fourteen patients (8 men and 6 women) followed for 12 months, grade 3")]
        [14, 8, 6]
    """
    for m in _COUNT.finditer(text, start, len(text) if end is None else end):
        if _MEASURE.match(text, m.end()) or _year(m["n"]):
            continue
        before = text[max(0, m.start() - 14) : m.start()]
        if _LABEL.search(before) and not re.search(r"\b(?:and|or|n) $|\bn = $", before):
            continue
        value = number(m["n"])
        if value is not None and value == int(value) and "." not in m["n"]:
            yield Item(int(value), m.start(), m.end())


def _year(words: str) -> bool:
    return len(words) == 4 and words.isdigit() and words[:2] in ("18", "19", "20")


def items(s: Sentence, start: int, end: int) -> list[Item]:
    """One count from each part of a stretch that commas, semicolons and "and" cut.

    A stretch where one part holds two counts, or a part none, is no list: the result is empty.

    Example:
        >>> from spondyl.words.view import View
        >>> text = "primary sarcoma on review, 17; no imaging, 14; treatment elsewhere, 7"
        >>> [i.n for i in items(Sentence(View(text, [(0, 0)]), 0, len(text), "results", 0), 0, len(text))]
        [17, 14, 7]
    """
    cut = _SEMICOLON if ";" in s.text[start:end] else _COMMA
    found: list[Item] = []
    at = start
    for m in (*cut.finditer(s.text, start, end), None):
        stop = m.start() if m else end
        inside = list(counted(s.text, at, stop))
        if len(inside) != 1:
            if s.text[at:stop].strip() or not m:
                return []
        else:
            found.append(inside[0])
        at = m.end() if m else end
    return found


_COMMA = re.compile(r",? (?:and|or|while|whereas|but) |, ")
_SEMICOLON = re.compile(r"; (?:and )?")
