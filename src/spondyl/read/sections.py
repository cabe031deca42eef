"""Lines, headings and marks → sections that cover the whole text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from spondyl.read.columns import Found
from spondyl.read.furniture import captions, running_heads
from spondyl.read.headings import headings
from spondyl.read.lines import Lines
from spondyl.read.opening import title_lines
from spondyl.read.outline import Turn, outline
from spondyl.read.tabular import tables
from spondyl.record import Section, SectionKind, Table

__all__ = ["Divided", "Printing", "divided"]


class _Mark(NamedTuple):
    start: int
    end: int
    kind: str
    title: str


class Divided(NamedTuple):
    """A text's sections and tables."""

    sections: tuple[Section, ...]
    tables: tuple[Table, ...]


class Printing(NamedTuple):
    """What the print of a paper shows beside its words: where running heads stand, and the title."""

    running: tuple[tuple[int, int], ...] = ()
    title: tuple[int, int] | None = None


def divided(text: str, printing: Printing | None = None) -> Divided:
    """The sections and tables of a plain text.

    Args:
        text: The text.
        printing: What is known from the print, for a text that was built from pages.

    Returns:
        Sections in order, without overlap, covering all of the text: one of kind "other" where nothing
        divides it; and tables. A section that a table, a caption or a running head interrupts goes on after
        it as a further section with the same kind and title.

    Example:
        >>> [s.kind for s in divided("Background\\n\\nRare.\\n\\nCase report\\n\\nA man of 61.\\n").sections]
        ['introduction', 'case_report']
    """
    if "\n" not in text and "\r" not in text and len(text) < 20_000:
        return Divided((Section(kind="other", title="", start=0, end=len(text)),), ())
    lines = Lines(text)
    known = {i for span in (printing.running if printing else ()) for i in _span_lines(lines, span)}
    found = tables(lines)
    taken = known | {i for f in found if f.captioned for i in range(f.first, f.last)}
    heads = [h for h in headings(lines) if h.line not in taken]
    shown = captions(lines, taken)
    taken |= {i for first, last in shown for i in range(first, last)}
    heads = [h for h in heads if h.line not in taken]
    turns, opening = outline(lines, heads)
    title = _title(lines, opening, printing)
    if printing:
        running = sorted(known)
    else:
        running = running_heads(lines, taken | {h.line for h in heads if h.kind}, title[1] if title else 2)
    references = None if printing else next((t.start for t in turns if t.kind == "references"), None)
    marks = list(_marks(lines, found, shown, running, title, references))
    kept = [f for f in found if f.captioned or _in_prose(f, lines, turns)]
    return Divided(_sections(text, turns, marks), tuple(f.table for f in kept))


def _span_lines(lines: Lines, span: tuple[int, int]) -> range:
    """The lines a stretch of the text stands on."""
    return range(bisect_right(lines.start, span[0]) - 1, bisect_left(lines.start, span[1]))


def _title(lines: Lines, opening: int, printing: Printing | None) -> tuple[int, int] | None:
    if printing and printing.title:
        on = _span_lines(lines, printing.title)
        if on.start < max(opening, 1) and lines.bare[on.start]:
            return on.start, on.stop
    return title_lines(lines, opening) if opening else None


def _marks(
    lines: Lines,
    found: Iterable[Found],
    shown: Iterable[tuple[int, int]],
    running: Sequence[int],
    title: tuple[int, int] | None,
    references: int | None,
) -> Iterable[_Mark]:
    start = lines.start
    if title:
        words = " ".join(lines.bare[title[0] : title[1]]).strip("#*_ ")
        yield _Mark(start[title[0]], start[title[1]], "title", " ".join(words.split()))
    for f in found:
        if f.captioned:
            yield _Mark(start[f.first], start[f.last], "table", f.table.label)
            if f.table.caption_end < f.table.start:
                yield _Mark(f.table.caption_start, f.table.caption_end, "table", f.table.label)
    for first, last in shown:
        yield _Mark(
            start[first], start[last], "figure_caption", " ".join(lines.bare[first].split()[:2]).rstrip(".:")
        )
    for i in running:
        if references is not None and start[i] >= references:
            break
        yield _Mark(start[i], start[i + 1], "running_head", "")


def _in_prose(f: Found, lines: Lines, turns: Sequence[Turn]) -> bool:
    """Whether a block of columns without caption is where tables are: not in front matter or references."""
    at = lines.start[f.first]
    kind = next((t.kind for t in reversed(turns) if t.start <= at), "other")
    return kind not in ("front_matter", "abstract", "references", "title")


def _sections(text: str, turns: Sequence[Turn], marks: Iterable[_Mark]) -> tuple[Section, ...]:
    """Turns of the prose with the marks laid over them."""
    out: list[Turn] = []
    pending = sorted(marks)
    ends = [t.start for t in turns[1:]] + [len(text)]
    k = at = 0
    for turn, end in zip(turns, ends, strict=True):
        at = max(at, turn.start)
        while k < len(pending) and pending[k].start < end:
            mark, k = pending[k], k + 1
            if mark.start < at:
                continue
            _add(out, text, Turn(at, turn.kind, turn.title), mark.start)
            _add(out, text, Turn(mark.start, mark.kind, mark.title), mark.end)
            at = mark.end
        _add(out, text, Turn(at, turn.kind, turn.title), end)
        at = max(at, end)
    stops = [*(b.start for _, b in pairwise(out)), len(text)]
    return tuple(
        Section(kind=cast(SectionKind, t.kind), title=t.title, start=t.start, end=stop)
        for t, stop in zip(out, stops, strict=True)
    )


def _add(out: list[Turn], text: str, turn: Turn, end: int) -> None:
    """White space belongs to what stands before it; the same section going on is one section."""
    if turn.start >= end or (out and not text[turn.start : end].strip()):
        return
    if out and out[-1][1:] == turn[1:] and turn.kind not in ("table", "figure_caption"):
        return
    out.append(turn if out else Turn(0, turn.kind, turn.title))
