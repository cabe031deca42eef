"""Words for a terminal."""

from __future__ import annotations

__all__ = ["plain"]


def plain(words: str) -> str:
    r"""Words that cannot steer a terminal: what is not printable stands as an escape, a no-break space as a space.

    Example:
        >>> plain("a\x1b[2J\nb.txt")
        'a\\x1b[2J\\nb.txt'
        >>> plain("1\N{NO-BREAK SPACE}Feb\N{NO-BREAK SPACE}2027")
        '1 Feb 2027'
    """
    words = words.replace("\N{NO-BREAK SPACE}", " ")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in words)
