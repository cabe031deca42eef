"""A reading copy of a text: line breaks, hyphenation, dashes and OCR noise evened out, with the way back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

__all__ = ["View", "noisy", "reading_copy"]

_Edit = tuple[int, int, str]

_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u00ac"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u2032\u00b4`"), "'") | dict.fromkeys(
    map(ord, "\u201c\u201d\u201e\u2033\u00ab\u00bb"), '"'
)
_OTHER = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xAD: "", 0x200B: "", 0xFEFF: "",
    0x200C: "", 0x200D: "", 0xB7: ".", 0x2264: "<", 0x2265: ">",
}  # fmt: skip
_CHARS: dict[int, str] = {**_DASHES, **_QUOTES, **_OTHER}

_UNEVEN = re.compile(
    r"(?P<hyphen>(?<=[^\W\d_])[-\u2010\u00ad][ \t]?\r?\n[ \t]*(?=[a-zß-ÿ]))"
    r"|(?P<citation>\[\d{1,3}(?:[,;\u2013-] ?\d{1,3}){0,20}\])"
    r"|(?P<space>[^\S ]\s*| \s+)"
    r"|(?P<odd>[^\x00-\x7f])"
)

_NOISE = re.compile(r"(?<![A-Za-z])(?:\d+[Ol]+\d*|[Ol]+\d+)(?![A-Za-z])")
_LETTER_FOR_DIGIT = re.compile(
    r"(?<=\d\.)[OlI]+(?![a-z])|(?<=\d)[OlI]+(?![a-z])|(?<![A-Za-z])[OlI]+(?=[.,]?\d)|(?<=[A-Z])l(?=\d|\b)"
)
_DIGIT_FOR_LETTER = re.compile(r"(?<![\w.])[01](?=[a-zA-Z]{2})|(?<=[A-Z]{2})[01](?=[A-Z])")
_RN = re.compile(r"[A-Za-z]*rn[A-Za-z]*")
_LEADING_L = re.compile(r"\bl(?=[bcdfgjkmnpqrstvwxz])")


class View:
    """A changed copy of stretches of a text in which every position knows where it came from.

    Args:
        plain: The copy.
        anchors: Pairs (position in the copy, position in the text), rising; between two anchors both run alike.

    Example:
        >>> view = View("lesion of C5-\\nC6", [(0, 0)]).sub(re.compile(r"\\n"), lambda m: "")
        >>> view.plain, view.origin(10, 15)
        ('lesion of C5-C6', (10, 16))
    """

    __slots__ = ("_from", "_to", "folded", "plain")

    def __init__(self, plain: str, anchors: list[tuple[int, int]]) -> None:
        self.plain = plain
        folded = plain.lower()
        self.folded = folded if len(folded) == len(plain) else "".join(c.lower()[0] for c in plain)
        self._from = [a for a, _ in anchors]
        self._to = [b for _, b in anchors]

    def at(self, position: int) -> int:
        """Where one character of the copy stands in the text."""
        k = bisect_right(self._from, position) - 1
        return self._to[k] + position - self._from[k]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the copy stands in the text."""
        return self.at(start), self.at(end - 1) + 1

    def sub(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str | None]) -> View:
        """A copy with every match replaced; `None` leaves a match as it is."""
        edits: list[_Edit] = []
        for m in pattern.finditer(self.plain):
            new = change(m)
            if new is not None and new != m.group():
                edits.append((m.start(), m.end(), new))
        return self._edited(edits) if edits else self

    def _edited(self, edits: list[_Edit]) -> View:
        pieces: list[str] = []
        anchors: list[tuple[int, int]] = []
        done = length = k = 0
        for start, end, new in [*edits, (len(self.plain), len(self.plain), "")]:
            while k < len(self._from) and self._from[k] < start:
                if self._from[k] >= done:
                    anchors.append((length + self._from[k] - done, self._to[k]))
                k += 1
            if not anchors or anchors[-1][0] < length or done < start:
                _put(anchors, length, self.at(done) if self.plain else 0)
            pieces += (self.plain[done:start], new)
            length += start - done
            if new:
                _put(anchors, length, self.at(start))
                length += len(new)
            while k < len(self._from) and self._from[k] < end:
                k += 1
            done = end
        return View("".join(pieces), sorted(set(anchors)))


def _put(anchors: list[tuple[int, int]], at: int, origin: int) -> None:
    if anchors and anchors[-1][0] == at:
        anchors[-1] = (at, origin)
    else:
        anchors.append((at, origin))


@lru_cache(maxsize=8)
def noisy(text: str) -> bool:
    """Whether a text shows the marks of poor OCR: letters in the place of digits, several times.

    Example:
        >>> noisy("in 2OO5, l4 of 2O men and l2 women"), noisy("in 2005")
        (True, False)
    """
    return sum(1 for _ in islice(_NOISE.finditer(text), 4)) == 4


def reading_copy(
    text: str, spans: Iterable[tuple[int, int]], genuine_rn: frozenset[str] = frozenset()
) -> View:
    """The reading copy of stretches of a text, joined by single spaces.

    Line breaks become spaces and blank lines become one line feed, words cut at a line end are joined,
    dashes and quotation marks become ASCII, numbered citations in brackets go. Where the text shows the
    marks of poor OCR ("2OO5", "l4"), letters in numbers and "rn" for "m" are mended too.

    Args:
        text: The text.
        spans: Stretches (start, end) of it, rising.
        genuine_rn: Words in which "rn" is right.

    Example:
        >>> reading_copy("a meta-\\nstasis  of\\nT9", [(0, 22)]).plain
        'a metastasis of T9'
    """
    pieces: list[str] = []
    anchors: list[tuple[int, int]] = []
    length = 0
    for start, end in spans:
        anchors.append((length, start))
        pieces.append(text[start:end])
        length += end - start
    view = View("".join(pieces), anchors or [(0, 0)])
    view = view.sub(_UNEVEN, _even)
    return _mended(view, genuine_rn) if noisy(text) else view


def _even(m: re.Match[str]) -> str | None:
    """What an uneven spot becomes: nothing, a blank, a line feed or a plain character."""
    kind = m.lastgroup
    if kind == "space":
        return "\n" if m.group().count("\n") > 1 else " "
    return _CHARS.get(ord(m.group())) if kind == "odd" else ""


def _mended(view: View, genuine_rn: frozenset[str]) -> View:
    digits = str.maketrans("OlI", "011")
    view = view.sub(_LETTER_FOR_DIGIT, lambda m: m.group().translate(digits))
    view = view.sub(_LETTER_FOR_DIGIT, lambda m: m.group().translate(digits))
    view = view.sub(_DIGIT_FOR_LETTER, lambda m: "O" if m.group() == "0" else "I")

    def m_for_rn(m: re.Match[str]) -> str | None:
        return None if m.group().lower() in genuine_rn else m.group().replace("rn", "m")

    return view.sub(_RN, m_for_rn).sub(_LEADING_L, lambda m: "I")
