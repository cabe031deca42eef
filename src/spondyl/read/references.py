"""Where a list of references begins that has no heading."""

from __future__ import annotations

import re

from spondyl.read.lines import Lines

__all__ = ["references_start"]

_CITATION = re.compile(
    r"\bdoi\b|10\.\d{4,9}/|\bPMID\b|(?:19"
    r"|20)\d\d(?:[ ][A-Z][a-z]{2}(?:[ ]\d{1,2})?)?[ ]?[;:][ ]?[\dIVXLS]"
    r"|\bet al\b.{0,200}(?:19|20)\d\d",
)
_MARKER = re.compile(
    r"[\[(]?\d{1,3}[\].)]{0,2}$|[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}[)\u207e]{0,2}\)?$"
)
_NUMBERED = re.compile(r"[\[(]?\d{1,3}[\].)]{0,2}[ \t]+[A-Z]")
_FEWEST = 3


def references_start(lines: Lines) -> int | None:
    """The first line of a list of references at the end of a text, where no heading says so.

    Args:
        lines: The text's lines.

    Returns:
        A line, or `None` when the text does not end with three citations and more.
    """
    start, cited, i = None, 0, len(lines) - 1
    while i >= 0:
        if not lines.bare[i]:
            i -= 1
            continue
        first = i
        while first > 0 and lines.bare[first - 1]:
            first -= 1
        words = " ".join(lines.bare[first : i + 1])
        verdict = _verdict(words, lines.bare[first : i + 1])
        if verdict == 0:
            break
        if verdict > 0:
            start, cited = first, cited + verdict
        i = first - 1
    return start if cited >= _FEWEST else None


def _verdict(words: str, parts: list[str]) -> int:
    """How many citations a paragraph holds; 0 for prose, -1 for short words that say nothing."""
    if _MARKER.match(words):
        return 1 if len(words) < 8 else 0
    if (
        len(parts) > 2
        and sum(bool(_NUMBERED.match(p)) for p in parts) * 2 >= len(parts)
        and _CITATION.search(words)
    ):
        return len(parts)
    if len(words) < 900 and _CITATION.search(words):
        return 1
    return -1 if len(words) <= 80 else 0
