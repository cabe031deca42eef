"""PDF → canonical text with pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from spondyl.read.glyphs import Word, page_words
from spondyl.read.headings import kind_of, plain_title
from spondyl.read.layout import Line, edge_rows, page_lines, rotated
from spondyl.record import Page, ReadError

__all__ = ["Printed", "printed"]

_MOST_PAGES = 3000
_FEWEST_LETTERS = 20
_TAIL = 1 << 16
_LETTERS = re.compile(r"[^\W\d_]+")
_PAGE_NUMBER = re.compile(
    r"(?:page\s*|p\.\s*)?[-\u2013|]?\s*\d{1,4}\s*[-\u2013|]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I
)
_LABEL = re.compile(r"(?:table|figure|fig\.?|scheme|box)\s*\d", re.I)
_BULLET = re.compile(r"(?:[\u2022\u25cf\u25aa\u2013*-]|\d{1,3}[.)]|\[\d{1,3}\]|\(\d{1,3}\))\s")
_ENDS = '.:?!)]\u201d"'
_HEADS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_EDGE = 0.09


class Printed(NamedTuple):
    """A PDF's text with its pages, the running heads and the title as stretches of it."""

    text: str
    pages: tuple[Page, ...]
    running: tuple[tuple[int, int], ...]
    title: tuple[int, int] | None


def printed(data: bytes, where: str) -> Printed:
    """The text of a PDF in reading order.

    Args:
        data: The file.
        where: The path, for messages.

    Returns:
        Paragraphs on lines of their own with blank lines between them, table rows with tabs between cells.

    Raises:
        ReadError: Encrypted, broken off, without pages, or pictures of pages without text.
    """
    if b"%PDF-" not in data[:1024]:
        raise ReadError(
            "the file has the suffix .pdf but does not begin as a PDF", where, "download it again"
        )
    if b"%%EOF" not in data[-_TAIL:]:
        raise ReadError("the PDF is broken off: its end is missing", where, "download it again")
    document = _opened(data, where)
    try:
        return _printed(document, where)
    finally:
        document.close()


def _opened(data: bytes, where: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("the PDF is encrypted", where, "remove its password and save it again") from None
        raise ReadError("the PDF is damaged", where, "download it again, or print it to a new PDF") from None
    if count == 0 or count > _MOST_PAGES:
        document.close()
        what = (
            "the PDF has no pages"
            if not count
            else f"the PDF has {count} pages, at most {_MOST_PAGES} are read"
        )
        raise ReadError(what, where, "check that it is a paper")
    return document


class _Sheet(NamedTuple):
    lines: list[Line]
    running: list[str]
    height: float


def _printed(document: pdfium.PdfDocument, where: str) -> Printed:
    pages = [_words(document, number, where) for number in range(len(document))]
    letters = sum(sum(map(str.isalpha, w.text)) for words, _ in pages for w in words)
    if letters < _FEWEST_LETTERS:
        raise ReadError(
            "the PDF has no text, only pictures of pages", where, "run OCR over it and read the result"
        )
    edges = [edge_rows(words, height, _EDGE) for words, height in pages]
    often = Counter(_key(text) for rows in edges for text, _ in rows)
    sheets = []
    for (words, height), rows in zip(pages, edges, strict=True):
        running = [(t, ws) for t, ws in rows if _is_running(t, often[_key(t)])]
        gone = {w for _, ws in running for w in ws}
        upright = " ".join(w.text for w in words if rotated(w) and w not in gone)
        body = [w for w in words if w not in gone and not rotated(w)]
        sheets.append(
            _Sheet(page_lines(body), [t for t, _ in running] + ([upright] if upright else []), height)
        )
    return _Writer(sheets).written()


def _words(document: pdfium.PdfDocument, number: int, where: str) -> tuple[list[Word], float]:
    try:
        page = document[number]
        try:
            return page_words(page), page.get_height()
        finally:
            page.close()
    except pdfium.PdfiumError:
        raise ReadError(f"page {number + 1} of the PDF cannot be read", where, "download it again") from None


def _key(text: str) -> str:
    return "".join(_LETTERS.findall(text)).casefold()


def _is_running(text: str, times: int) -> bool:
    """A head or foot of the page: a page number, or words that other pages have at their edge too."""
    return bool(_PAGE_NUMBER.fullmatch(text.strip())) or (
        times > 1 and len(text) < 200 and len(_key(text)) > 3
    )


class _Writer:
    """Lines of all pages → paragraphs."""

    def __init__(self, sheets: Sequence[_Sheet]) -> None:
        self.sheets = sheets
        self.parts: list[str] = []
        self.size = 0
        self.open = ""
        self.last: Line | None = None
        self.held: list[str] = []
        self.running: list[tuple[int, int]] = []
        self.body = _body_size(sheets)
        self.vocabulary = {w.casefold() for s in sheets for line in s.lines for w in line.text.split()}
        self.title: tuple[int, int] | None = None
        self.in_row = False

    def written(self) -> Printed:
        headline = _headline(self.sheets[0], self.body)
        starts: list[int] = []
        for p, sheet in enumerate(self.sheets):
            starts.append(-1)
            for k, line in enumerate(sheet.lines):
                self._line(line, bool(p == 0 and k in headline))
                if starts[-1] < 0:
                    starts[-1] = self.size + max(0, len(self.open) - len(line.text))
            self.held += sheet.running
            if not self.open:
                self._let_go()
        self._close()
        return Printed("".join(self.parts), self._pages(starts), tuple(self.running), self.title)

    def _pages(self, starts: list[int]) -> tuple[Page, ...]:
        total = self.size
        known = [s if s >= 0 else total for s in starts]
        for k in range(len(known) - 2, -1, -1):
            known[k] = min(known[k], known[k + 1])
        known[0] = 0
        ends = [*known[1:], total]
        return tuple(
            Page(number=n, start=s, end=e) for n, (s, e) in enumerate(zip(known, ends, strict=True), 1)
        )

    def _line(self, line: Line, headline: bool) -> None:
        if line.row:
            if not self.in_row:
                self._close()
            self._write(line.text + "\n")
            self.in_row, self.last = True, line
            return
        if self.in_row:
            self._write("\n")
            self.in_row = False
        if not self.open or self._breaks(line):
            self._close()
            self.open = line.text
        else:
            self.open = _joined(self.open, line.text, self.vocabulary)
        self.last = line
        if headline:
            start = self.title[0] if self.title else self.size
            self.title = (start, self.size + len(self.open))

    def _breaks(self, line: Line) -> bool:
        """Whether a new paragraph begins with this line."""
        before = self.last
        if before is None or abs(before.size - line.size) > 0.12 * max(before.size, line.size):
            return True
        if before.bold != line.bold and (before.bold or before.text[-1:] in _ENDS):
            return True
        if _cut_word(self.open, line.text) and before.y0 > line.y0:
            return False
        if _is_heading(line) or _is_heading(before):
            return True
        if _LABEL.match(line.text) and before.text[-1:] in _ENDS:
            return True
        if _BULLET.match(line.text) and (before.text[-1:] in _ENDS or _BULLET.match(self.open)):
            return True
        if before.y0 < line.y0 or abs(before.left - line.left) > 0.3 * (line.right - line.left):
            unfinished = self.open[-1:] not in _ENDS and not _short(before, line)
            return not (unfinished or line.text[:1].islower() or before.text[-1:] in ",-\u2013")
        gap = before.y0 - line.y1
        return gap > 0.75 * line.size or _short(before, line) or self._indented(before, line)

    def _indented(self, before: Line, line: Line) -> bool:
        step = line.x0 - before.x0
        return (
            0.6 * line.size < step < 4 * line.size
            and before.text[-1:] in _ENDS
            and abs(before.x0 - line.left) < 2
        )

    def _write(self, words: str) -> None:
        self.parts.append(words)
        self.size += len(words)

    def _close(self) -> None:
        if self.in_row:
            self._write("\n")
            self.in_row = False
        if self.open:
            self._write(self.open + "\n\n")
            self.open = ""
        self._let_go()

    def _let_go(self) -> None:
        """Running heads come after the paragraph they would have cut."""
        if self.in_row:
            return
        for words in self.held:
            self.running.append((self.size, self.size + len(words)))
            self._write(words + "\n\n")
        self.held = []


def _is_heading(line: Line) -> bool:
    """A short line of the words a section begins with."""
    return len(line.text) < 60 and line.text[:1] in _HEADS and kind_of(plain_title(line.text)) is not None


def _short(before: Line, line: Line) -> bool:
    """A line that leaves room for the next word ends a paragraph."""
    room = before.right - before.x1
    first = line.text.split(maxsplit=1)[0]
    needed = (line.x1 - line.x0) * (len(first) + 1) / max(1, len(line.text))
    if room < needed + 0.6 * line.size:
        return False
    return before.text[-1:] in _ENDS or room > 0.35 * (before.right - before.left)


def _cut_word(before: str, after: str) -> bool:
    """Whether a line ends in a hyphen that the next line goes on from."""
    return len(before) > 1 and before[-1] == "-" and before[-2].isalpha() and after[:1].islower()


def _joined(before: str, after: str, vocabulary: set[str]) -> str:
    """Two lines of one paragraph; a word cut at the line end is joined, a compound keeps its hyphen."""
    if _cut_word(before, after):
        left = before[:-1].rpartition(" ")[2].rpartition("-")[2]
        right = after.split(maxsplit=1)[0].rstrip(".,;:)]")
        whole = (left + right).casefold()
        if whole not in vocabulary and (
            f"{left}-{right}".casefold() in vocabulary or {left.casefold(), right.casefold()} <= vocabulary
        ):
            return before + after
        return before[:-1] + after
    if before.endswith(("-", "\u2013", "/")) and not before.endswith((" -", " \u2013")):
        return before + after
    return f"{before} {after}"


def _body_size(sheets: Sequence[_Sheet]) -> float:
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda s: (sizes[s], s), default=10.0)


def _headline(first: _Sheet, body: float) -> set[int]:
    """Lines of the first page set largest, where they can be a title."""
    large = [r for r in _runs_by_size(first.lines) if first.lines[r[0]].size > 1.2 * body]
    high = [r for r in large if first.lines[r[0]].y0 > 0.35 * first.height]
    wordy = [r for r in high if 4 <= sum(len(first.lines[k].text.split()) for k in r) <= 45 and len(r) < 7]
    return set(max(wordy, key=lambda r: (round(first.lines[r[0]].size, 1), -r[0])) if wordy else ())


def _runs_by_size(lines: Sequence[Line]) -> Iterator[list[int]]:
    run: list[int] = []
    for k, line in enumerate(lines):
        if line.row:
            continue
        if run and abs(lines[run[-1]].size - line.size) > 0.06 * line.size:
            yield run
            run = []
        run.append(k)
    if run:
        yield run
