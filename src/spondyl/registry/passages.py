"""The words of a claim in their paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spondyl.record import Quote

__all__ = ["Passage", "passage"]

_BREAK = re.compile(r"\n\s*\n|\f")
_MOST = 900
"""Of a paragraph that is longer, so many characters around the words are shown."""


@dataclass(frozen=True)
class Passage:
    """A paragraph with the words that a claim rests on.

    Args:
        text: The paragraph in one line; where it was cut, "…" stands.
        states: Where in it the words stand that state the value.
        supports: Where further words stand that support it.
        elsewhere: Words that support it and stand in other paragraphs.
        kept: Whether the registry keeps the paper's text; if not, the words alone are shown.
    """

    text: str
    states: tuple[int, int]
    supports: tuple[tuple[int, int], ...] = ()
    elsewhere: tuple[str, ...] = ()
    kept: bool = True

    def within(self, most: int) -> Passage:
        """The passage cut to so many characters around the words that state the value.

        Example:
            >>> long = Passage("She was well. A lesion of C5 was seen on that day.", (26, 28))
            >>> cut = long.within(24)
            >>> cut.text, cut.text[slice(*cut.states)]
            ('…lesion of C5 was seen…', 'C5')
        """
        first, last = self.states
        if len(self.text) <= most:
            return self
        start = max(0, min(first, (first + last - most) // 2))
        end = min(len(self.text), max(last, start + most))
        start, end = _at_blank(self.text, start, first), _at_blank(self.text, end, last)
        start += self.text[start:first].startswith(" ")
        shift = (start > 0) - start
        text = "…" * (start > 0) + self.text[start:end] + "…" * (end < len(self.text))
        inside = tuple((a + shift, b + shift) for a, b in self.supports if start <= a and b <= end)
        return Passage(text, (first + shift, last + shift), inside, self.elsewhere, self.kept)


def passage(text: str, quotes: Sequence[Quote]) -> Passage | None:
    """The paragraph around the first of some quotes.

    Args:
        text: The paper's text; empty where it is not kept.
        quotes: The first states the value, further ones support it.

    Returns:
        The passage; `None` for a value without words.

    Example:
        >>> words = "Invented.\\n\\nA woman had a lesion\\nof C5.\\n\\nShe lived."
        >>> found = passage(words, [Quote(paper="p", start=35, end=37, text="C5")])
        >>> found.text, found.text[slice(*found.states)]
        ('A woman had a lesion of C5.', 'C5')
    """
    if not quotes:
        return None
    first, rest = quotes[0], quotes[1:]
    if not text:
        return Passage(_line(first.text), (0, len(first.text)), (), tuple(_line(q.text) for q in rest), False)
    start, end = _paragraph(text, first)
    before, after = (
        "…" * (text[max(0, start - 1) : start].strip() != ""),
        "…" * (text[end : end + 1].strip() != ""),
    )
    shift = len(before) - start
    inside = [q for q in rest if start <= q.start and q.end <= end]
    return Passage(
        before + _line(text[start:end]) + after,
        (first.start + shift, first.end + shift),
        tuple((q.start + shift, q.end + shift) for q in inside),
        tuple(_line(q.text) for q in rest if q not in inside),
    )


def _paragraph(text: str, quote: Quote) -> tuple[int, int]:
    """From one empty line to the next, no more than so many characters."""
    begins = [m.end() for m in _BREAK.finditer(text, max(0, quote.start - 4 * _MOST), quote.start)]
    start = begins[-1] if begins else max(0, quote.start - 4 * _MOST)
    ends = _BREAK.search(text, quote.end)
    end = ends.start() if ends else len(text)
    if end - start > _MOST:
        start, end = max(start, quote.start - _MOST // 2), min(end, max(quote.start + _MOST // 2, quote.end))
        start, end = _at_blank(text, start, quote.start), _at_blank(text, end, quote.end)
    while start < quote.start and text[start].isspace():
        start += 1
    while end > quote.end and text[end - 1].isspace():
        end -= 1
    return start, end


def _at_blank(text: str, at: int, towards: int) -> int:
    """The next blank on the way to the words, so that no word is cut."""
    if at in (0, len(text)):
        return at
    step = 1 if at < towards else -1
    while at != towards and not text[at].isspace():
        at += step
    return at


def _line(text: str) -> str:
    """In one line of the same length, with nothing in it that could steer a terminal."""
    return "".join(
        c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )
