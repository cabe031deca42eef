"""Words as a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["one_of"]


def one_of(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first, for larger patterns.

    The words are grouped by their first letter, so that the search leaves most places at once.

    Example:
        >>> one_of(["four", "six", "sixty"])
        's(?:ixty|ix)|f(?:our)'
    """
    ends: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda w: (-len(w), w)):
        ends.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in ends.items())
