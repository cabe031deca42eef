"""What stands between the prose: figure captions, running heads and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set

from spondyl.read.lines import Lines

__all__ = ["captions", "running_heads"]

_FIGURE = re.compile(
    r"[*_#]{0,4}(?:suppl(?:ementary|\.)?[ \t]+)?(?:figures?|figs?\.?|abb(?:ildung|\.)|figura|bild)[ \t]*"
    r"(?P<number>S?\d{1,3}|[lI]{1,2}(?=\.)"
    r"|[IVX]{1,4}(?![a-z]))?[A-Za-z]?(?:[ \t]?[-\u2013,&][ \t]?(?:\d{1,2}|[a-h])\b)?[*_]{0,3}"
    r"(?P<mark>[ \t]?[.:|\u2013\u2014]|[ \t]{2,}|$|[ \t](?=\([A-Za-z]\)))",
    re.I,
)
_PAGE_ALONE = re.compile(
    r"(?:[-\u2013\u2014|][ \t]?)?(?:\[?p(?:age|\.)[ \t]?)?\d{1,4}(?:[ \t]?(?:of"
    r"|/)[ \t]?\d{1,4})?\]?(?:[ \t]?[-\u2013\u2014|])?",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAGE_BEFORE = re.compile(r"[0-9lIO]{1,4}(?:[ \t]{2,}|[ \t]?\|[ \t]*)(?=\S)")
_PAGE_AFTER = re.compile(
    r"(?:[ \t]{2,}|[ \t]\|[ \t]?)(?:p(?:age|\.)[ \t]?)?[0-9lIO]{1,4}(?:[ \t]of[ \t]\d{1,4})?$", re.I
)
_LETTERS = re.compile(r"[^\W\d_]+")
_AUTHORS = re.compile(r"\bet al\b|^[A-Z][\w'\u2019-]+ et al", re.I)
_LONGEST = 160


def captions(lines: Lines, taken: Set[int]) -> list[tuple[int, int]]:
    """Figure captions as ranges of lines.

    Args:
        lines: The text's lines.
        taken: Lines that belong to tables.

    Returns:
        (first line, line after the last) of each caption: from "Figure 1:",
        "Fig. 2." … to the paragraph's end.
    """
    out = []
    done = 0
    for i, words in enumerate(lines.bare):
        if i < done or words[:1] not in ("F", "f", "A", "B", "S", "*", "_", "#") or i in taken:
            continue
        m = _FIGURE.match(words)
        if not m or not (m["number"] or m["mark"].strip() == ".") or not _sound(lines, i, m.end(), words):
            continue
        done = _end(lines, i, m.end() == len(words))
        out.append((i, done))
    return out


def _sound(lines: Lines, i: int, end: int, words: str) -> bool:
    behind = words[end:].lstrip(" *_-.\u2013\u2014|:")[:1]
    if behind.islower():
        return False
    above = lines.bare[i - 1] if i else ""
    return not above or above[-1] in ".)]:;?!*" or len(above) < 50 or bool(_FIGURE.match(above))


def _end(lines: Lines, i: int, label_alone: bool) -> int:
    """The caption's end: a blank line, the next caption, or a new column after a full stop."""
    j = i + 1
    if label_alone and lines.blank(j) and not lines.blank(j + 1) and len(lines.bare[j + 1]) > 30:
        j += 1
        while j < len(lines) and lines.bare[j]:
            j += 1
        return j
    left = lines.raw[i][:1].isspace()
    while j < len(lines):
        if not lines.bare[j]:
            if lines.blank(j + 1) or not lines.bare[j + 1][0].islower() or lines.bare[j - 1][-1] in ".)]:;?!":
                break
            j += 1
            continue
        above = lines.bare[j - 1] or lines.bare[j - 2]
        if _FIGURE.match(lines.bare[j]) and above[-1] in ".)]":
            break
        raw = lines.raw[j]
        if not left and raw[:1] in " \f" and not raw[1:2].isspace() and above[-1] in ".)]":
            break
        j += 1
    return j


def running_heads(lines: Lines, taken: Set[int], after: int) -> list[int]:
    """Lines that are repeated heads or feet of pages, or page numbers.

    Args:
        lines: The text's lines.
        taken: Lines that belong to tables, captions and headings.
        after: The first line that can be one: nothing in the head of the text is.

    Returns:
        Line numbers, rising.
    """
    candidates = [
        i for i, b in enumerate(lines.bare) if b and len(b) <= _LONGEST and i not in taken and _edge(lines, i)
    ]
    keys = {i: _key(lines.bare[i]) for i in candidates}
    often = Counter(k for k in keys.values() if len(k) >= 6)
    out = {i for i in candidates if i >= after and _is_head(lines, i, often[keys[i]])}
    for i in candidates:
        near = {i - 1, i + 1} & out
        if i >= after and near and often[keys[i]] > 1 and len(lines.bare[i]) < 90:
            out.add(i)
    return sorted(out)


def _edge(lines: Lines, i: int) -> bool:
    """Whether line `i` stands at the edge of a page: alone, or one of two lines between blank ones."""
    above, below = lines.blank(i - 1), lines.blank(i + 1)
    return (above and (below or lines.blank(i + 2))) or (below and lines.blank(i - 2)) or "\f" in lines.raw[i]


def _key(words: str) -> str:
    return "".join(_LETTERS.findall(words)).casefold()


def _is_head(lines: Lines, i: int, times: int) -> bool:
    words = lines.bare[i]
    if _PAGE_ALONE.fullmatch(words):
        return not _YEAR.fullmatch(words) or times > 1
    before, behind = _PAGE_BEFORE.match(words), _PAGE_AFTER.search(words[-40:])
    if (before or behind) and any(c.isdigit() for c in words):
        rest = words[before.end() :] if before else words[: len(words) - len(behind[0] if behind else "")]
        if sum(map(str.isalpha, rest)) < 6 or rest.count(". ") > 4:
            return False
        return not rest.endswith((".", ",")) or rest[:5].isupper() or bool(_AUTHORS.search(rest))
    if times < 2 or words[-1] in ",;" or not words[0].isalnum():
        return False
    if times > 2:
        return words[-1] not in ".:?" or any(c.isdigit() for c in words)
    return bool(_AUTHORS.search(words)) or any(c.isdigit() for c in words)
