"""Sentences of a reading copy."""

from __future__ import annotations

import re

__all__ = ["sentences"]

_END = re.compile(
    r"[\n.!?](?:(?<=\n)|['\")\]]* +(?=[\"'(\[]?[A-Z0-9])|"
    r"(?<!\d[.!?])['\")\]]*\d{1,2}(?:,\d{1,2})* +(?=[\"'(\[]?[A-Z0-9])|"
    r"['\")\]]*(?=\n)|(?<=[a-z]\.)(?=[A-Z][a-z]))"
)
_SHORT_WORDS = frozenset(
    {
        "fig", "figs", "dr", "mr", "mrs", "ms", "prof", "st", "vs", "approx", "ca", "cf", "no", "nos", "al", "etc",
        "resp", "ref", "refs", "viz", "incl", "pt", "pts", "min", "max", "sp", "spp", "dept", "vol", "pp", "ed",
        "eds", "jr", "sr", "case", "hep", "inc", "co", "ltd",
    }
)  # fmt: skip
_SHORT = re.compile(rf"(?:\b(?:i\.e|e\.g|{'|'.join(sorted(_SHORT_WORDS))})|\b[A-Za-z])$", re.IGNORECASE)


def sentences(text: str) -> list[tuple[int, int]]:
    """Cut a reading copy (lines joined, blank lines as one line feed) into sentences.

    Args:
        text: The copy.

    Returns:
        Stretches (start, end) without surrounding blanks, in order.

    Example:
        >>> text = "A lesion of C5 (Fig. 2) was seen. It measured 2.5 cm."
        >>> [text[a:b] for a, b in sentences(text)]
        ['A lesion of C5 (Fig. 2) was seen.', 'It measured 2.5 cm.']
    """
    out: list[tuple[int, int]] = []
    start = 0
    for m in _END.finditer(text):
        at, after = m.span()
        mark = text[at]
        if mark == "." and _abbreviated(text, start, at):
            continue
        _add(out, text, start, at if mark == "\n" else after)
        start = after
    _add(out, text, start, len(text))
    return out


def _abbreviated(text: str, start: int, dot: int) -> bool:
    before = text[max(start, dot - 8) : dot]
    last = before.rpartition(" ")[2]
    if last.isalpha():
        return len(last) == 1 or last.lower() in _SHORT_WORDS
    return _SHORT.search(before) is not None and not before[-2:-1].isdigit()


def _add(out: list[tuple[int, int]], text: str, start: int, stop: int) -> None:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    if stop > start:
        out.append((start, stop))
