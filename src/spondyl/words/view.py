"""A reading copy of a text: line breaks, hyphenation, dashes and OCR noise evened out, with the way back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

from spondyl.words.sentences import sentences

__all__ = ["View", "noisy", "reading_copy"]

_Edit = tuple[int, int, str]

_HYPHENS = dict.fromkeys("\u2010", "-")
_BLANKS = dict.fromkeys("\t\v\f\r\x1c\x1d\x1e\x1f", " ")
_WIDE_BLANKS = dict.fromkeys(
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
    " ",
)
_LOOKALIKES = {
    **dict.fromkeys("\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\xac", "-"),
    **dict.fromkeys("\u2018\u2019\u201b\u2032\xb4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033\xab\xbb", '"'),
    "\xb7": ".", "\u2264": "<", "\u2265": ">",
}  # fmt: skip
"""Characters that an ASCII character of the same length can stand for."""
_NOT_ALONE = "\xad\u200b\u200c\u200d\ufeff\ufb00\ufb01\ufb02\ufb03\ufb04"
"""Characters that no single ASCII character can stand for."""
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}

_LINE_END_HYPHEN = re.compile(r"-(?<=[^\W\d_]-) ? ?\n *(?=[a-zß-ÿ])")
_CITATION = re.compile(r"\[\d{1,3}(?:[,;\u2013-] ?\d{1,3}){0,20}\]")
_GAP = re.compile(r"[ \n][ \n]+")
_BLANK_LINES = re.compile(r"\n\n+")
_ODD = re.compile(rf"\xad(?:(?<=[^\W\d_]\xad) ? ?\n *(?=[a-zß-ÿ]))?|[{_NOT_ALONE}]")

_MIXED = re.compile(r"\d(?:[Ol]|(?<=[Ol]\d))")
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

    __slots__ = ("_cut", "_from", "_to", "folded", "plain", "unmarked")

    def __init__(self, plain: str, anchors: list[tuple[int, int]]) -> None:
        self.plain = plain
        folded = plain.lower()
        self.folded = folded if len(folded) == len(plain) else "".join(c.lower()[0] for c in plain)
        self._from = [a for a, _ in anchors]
        self._to = [b for _, b in anchors]
        self._cut: list[tuple[int, int]] | None = None
        self.unmarked: View | None = None  # the copy without marks, once somebody made it

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """Its sentences as stretches (start, end), cut once."""
        if self._cut is None:
            self._cut = sentences(self.plain)
        return self._cut

    def at(self, position: int) -> int:
        """Where one character of the copy stands in the text."""
        k = bisect_right(self._from, position) - 1
        return self._to[k] + position - self._from[k]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the copy stands in the text."""
        k = bisect_right(self._from, start) - 1
        first = self._to[k] + start - self._from[k]
        if k + 1 == len(self._from) or end <= self._from[k + 1]:
            return first, first + end - start
        return first, self.at(end - 1) + 1

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
    return len(_MIXED.findall(text)) > 3 and sum(1 for _ in islice(_NOISE.finditer(text), 4)) == 4


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
    copies = _copies(text)
    key = tuple(spans), genuine_rn if noisy(text) else None
    if key not in copies:
        copies[key] = _copied(text, *key)
    return copies[key]


_Spans = tuple[tuple[int, int], ...]


@lru_cache(maxsize=1)
def _copies(text: str) -> dict[tuple[_Spans, frozenset[str] | None], View]:
    """The copies made of the text that was read last: what reads a paper reads the same stretches of it."""
    return {}


def _copied(text: str, spans: _Spans, genuine_rn: frozenset[str] | None) -> View:
    """A copy; `genuine_rn` is given where the text is noisy."""
    pieces: list[str] = []
    anchors: list[tuple[int, int]] = []
    length = 0
    for start, end in spans:
        anchors.append((length, start))
        pieces.append(text[start:end])
        length += end - start
    view = _evened("".join(pieces), anchors or [(0, 0)])
    return view if genuine_rn is None else _mended(view, genuine_rn)


def _evened(text: str, anchors: list[tuple[int, int]]) -> View:
    """The text with every uneven spot made even; a change that keeps the length needs no anchor."""
    wide = not text.isascii()
    text = _replaced(text, _BLANKS)
    if wide:
        text = _replaced(_replaced(text, _WIDE_BLANKS), _HYPHENS)
    edits = [(m.start(), m.end(), "") for m in _LINE_END_HYPHEN.finditer(text)] if "-" in text else []
    edits += [(m.start(), m.end(), "") for m in _CITATION.finditer(text)] if "[" in text else []
    gaps = (_GAP if "  " in text or " \n" in text or "\n " in text else _BLANK_LINES).finditer(text)
    edits += [(m.start(), m.end(), "\n" if m.group().count("\n") > 1 else " ") for m in gaps]
    if wide:
        if any(c in text for c in _NOT_ALONE):
            edits += [(m.start(), m.end(), _LIGATURES.get(m.group(), "")) for m in _ODD.finditer(text)]
        text = _replaced(text, _LOOKALIKES)
    view = View(text.replace("\n", " ").replace("`", "'"), anchors)
    return view._edited(_apart(edits)) if edits else view


def _replaced(text: str, characters: dict[str, str]) -> str:
    for old, new in characters.items():
        if old in text:
            text = text.replace(old, new)
    return text


def _apart(edits: list[_Edit]) -> list[_Edit]:
    """Edits in order, without those inside another."""
    kept: list[_Edit] = []
    for edit in sorted(edits):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


def _mended(view: View, genuine_rn: frozenset[str]) -> View:
    digits = str.maketrans("OlI", "011")
    view = view.sub(_LETTER_FOR_DIGIT, lambda m: m.group().translate(digits))
    view = view.sub(_LETTER_FOR_DIGIT, lambda m: m.group().translate(digits))
    view = view.sub(_DIGIT_FOR_LETTER, lambda m: "O" if m.group() == "0" else "I")

    def m_for_rn(m: re.Match[str]) -> str | None:
        return None if m.group().lower() in genuine_rn else m.group().replace("rn", "m")

    return view.sub(_RN, m_for_rn).sub(_LEADING_L, lambda m: "I")
