"""Words for a terminal."""

from __future__ import annotations

__all__ = ["plain"]


def plain(words: str) -> str:
    r"""Words that cannot steer a terminal: what is not printable stands as an escape.

    Example:
        >>> plain("a\x1b[2J\nb.txt")
        'a\\x1b[2J\\nb.txt'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in words)
