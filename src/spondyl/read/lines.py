"""A text as lines that know where they stand."""

from __future__ import annotations

import re
from itertools import accumulate

__all__ = ["Lines"]

_GAP = re.compile(r"[ \t\u00a0\u2003]{2,}|\t")


class Lines:
    """The lines of a text.

    Args:
        text: The text.

    `raw[i]` is a line with its line end, `bare[i]` the same without white space around it, `start[i]` where
    it begins; `start` has one entry more than there are lines.
    """

    __slots__ = ("bare", "raw", "start", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.raw = text.splitlines(keepends=True)
        self.start = list(accumulate(map(len, self.raw), initial=0))
        self.bare = [*map(str.strip, self.raw)]
        if text.startswith("\ufeff"):
            self.bare[0] = self.raw[0].lstrip("\ufeff").strip()

    def __len__(self) -> int:
        return len(self.raw)

    def blank(self, i: int) -> bool:
        """Whether line `i` is empty, or no line at all."""
        return not 0 <= i < len(self.bare) or not self.bare[i]

    def first(self, i: int) -> int:
        """Offset of the first character of line `i` that is not white space."""
        return self.text.index(self.bare[i], self.start[i])

    def last(self, i: int) -> int:
        """Offset after the last character of line `i` that is not white space."""
        return self.first(i) + len(self.bare[i])

    def paragraph_end(self, i: int) -> int:
        """The first blank line from line `i` on."""
        while i < len(self.bare) and self.bare[i]:
            i += 1
        return i

    def pieces(self, i: int) -> list[tuple[int, int]]:
        """Stretches of line `i`, as offsets, between gaps of two spaces and more, or tabs."""
        start, end = self.first(i), self.last(i)
        out = []
        for gap in _GAP.finditer(self.text, start, end):
            if gap.start() > start:
                out.append((start, gap.start()))
            start = gap.end()
        out.append((start, end))
        return out
