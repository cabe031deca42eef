"""A PDF page → words with their places."""

from __future__ import annotations

import ctypes
import re
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

__all__ = ["Word", "page_words"]

_WORD = re.compile(r"[^\s\x00\x02\ufffe]+[\x02\ufffe]?")
_FARTHEST = 4000.0
_RAISED = re.compile(r"(?:\d{1,3}(?:[,\u2013-]\d{1,3})*,?)$")
_UNIT = re.compile(r"(?:[munkc]?m|s|kg|10|\d)\d$")
_HYPHENS = str.maketrans({"\ufffe": "-", "\x02": "-", "\u00ad": "-", "\ufb00": "ff", "\ufb01": "fi",
"\ufb02": "fl",
                          "\ufb03": "ffi", "\ufb04": "ffl", "\uffff": None, "\u200b": None})  # fmt: skip


class Word(NamedTuple):
    """A word and its box in points from the page's lower left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False


def page_words(page: pdfium.PdfPage) -> list[Word]:
    """The words of a page in the order of its content.

    Args:
        page: The page.

    Returns:
        Words with boxes; numbered citations set as superscripts are put in brackets.
    """
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        text = textpage.get_text_range() if count else ""
        if len(text) != count:
            text = "".join(
                chr(min(pdfium_c.FPDFText_GetUnicode(textpage, i), 0x10FFFF)) for i in range(count)
            )
        turn = _Turn(page)
        out = []
        for m in _WORD.finditer(text):
            word = _word(textpage, turn, m[0], m.start(), m.end())
            if word is not None:
                out.append(word)
        return out
    finally:
        textpage.close()


class _Turn:
    """Undoes a page's rotation."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.rotation = page.get_rotation()
        self.width, self.height = page.get_size()
        left, bottom, *_ = page.get_bbox()
        self.left, self.bottom = left, bottom

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        x0, x1, y0, y1 = x0 - self.left, x1 - self.left, y0 - self.bottom, y1 - self.bottom
        if self.rotation == 90:
            return y0, self.height - x1, y1, self.height - x0
        if self.rotation == 180:
            return self.width - x1, self.height - y1, self.width - x0, self.height - y0
        if self.rotation == 270:
            return self.width - y1, x0, self.width - y0, x1
        return x0, y0, x1, y1


def _word(textpage: pdfium.PdfTextPage, turn: _Turn, words: str, start: int, end: int) -> Word | None:
    first = _box(textpage, start)
    last = _box(textpage, end - 1) if end - start > 1 else first
    size = first[3] - first[1]
    if words[-1].isdigit() and len(words) > 1 and not words[0].isdigit():
        words = _with_citation(textpage, words, start, size)
    box = turn.box(
        min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3])
    )
    words = words.translate(_HYPHENS)
    words = "".join(c for c in words if c.isprintable() and not "\ud800" <= c <= "\udfff")
    height = max(1.0, box[3] - box[1])
    if not words:
        return None
    return Word(words, *box, min(size, 2 * height) if size > 0.5 else height, _bold(textpage, start))


def _box(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    rect = pdfium_c.FS_RECTF()
    pdfium_c.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(rect))
    left, right, bottom, top = map(_bounded, (rect.left, rect.right, rect.bottom, rect.top))
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _bounded(place: float) -> float:
    """A coordinate on any page that can be printed; a page may claim any number."""
    return max(-_FARTHEST, min(_FARTHEST, place)) if place == place else 0.0


def _bold(textpage: pdfium.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(96)
    pdfium_c.FPDFText_GetFontInfo(textpage, index, name, 96, None)
    return b"bold" in name.value.lower() or pdfium_c.FPDFText_GetFontWeight(textpage, index) >= 600


def _size(textpage: pdfium.PdfTextPage, index: int) -> float:
    rect = _box(textpage, index)
    return float(rect[3] - rect[1])


def _with_citation(textpage: pdfium.PdfTextPage, words: str, start: int, size: float) -> str:
    """ "spine.1,2" with the numbers set small and high is "spine.[1,2]"; "cm2" stays."""
    m = _RAISED.search(words)
    if not m or not m.start() or _UNIT.search(words) or _size(textpage, start + m.start()) > 0.8 * size:
        return words
    if not words[m.start() - 1].isalpha() and words[m.start() - 1] not in ".,;:)]\u201d\"'*":
        return words
    return f"{words[: m.start()]}[{m[0]}]"
