"""Tables in plain text: captions, aligned columns, tabs and pipes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from spondyl.read.columns import Found, Piece, Row, laid_out
from spondyl.read.flattened import flattened
from spondyl.read.lines import Lines
from spondyl.record import Cell, Table

__all__ = ["Found", "tables"]

_CAPTION = re.compile(
    r"[#*_ ]{0,6}((?:suppl(?:ementary|\.)?[ \t]+)?(?:tables?|tab\.|tabelle|tableau|tabla|tabella)[ \t]*"
    r"(?:S?\d{1,2}[A-Za-z]?|[IVX]{1,5}|[lI]{1,3})(?!\w))[*_]{0,3}[ \t]*([.:"
    r"|\u2013\u2014-][ \t.|\u2013\u2014-]{0,4}|[ \t]{2,}|$)?[*_]{0,3}",
    re.I,
)
_RULE = re.compile(r"[-=_\u2014\u2013\u2500\u2501+| \t]{5,}")
_PIPE_RULE = re.compile(r"\|?[ \t]*:?-{1,}:?[ \t]*(?:\|[ \t:-]*)*")
_NOTE = re.compile(
    r"abbreviations?\b|notes?\b|source\b|data are\b|values are\b|legend\b|<sup>"
    r"|[*\u2020\u2021\u00a7\u00b6\\]|\(?[a-z]\)"
    r"|[A-Z][A-Za-z0-9/&+-]{0,12}[ \t]?[,:=;][ \t]?[A-Za-z]",
    re.I,
)
_ABBREVIATION = re.compile(r"[A-Z0-9][A-Za-z0-9/&+-]{0,12}[ \t]?[,:=][ \t]?[A-Za-z]")
_STATED = re.compile(r"[a-z\u00df-\u00ff)\]][.][ \t]+[A-Z]")
_CAPTION_LINES = 6


class _Caption(NamedTuple):
    first: int
    last: int
    label: str
    words_start: int
    punctuated: bool


def tables(lines: Lines) -> list[Found]:
    """The tables of a plain text, in order.

    Args:
        lines: The text's lines.

    Returns:
        Tables with cells at exact offsets. A caption that stands apart from its rows is a table without
        cells, unless a block of rows without caption follows: that gets the caption.
    """
    wide = _wide_lines(lines)
    out: list[Found] = []
    done = 0
    captions = _captions(lines, wide)
    for caption in captions:
        if caption.first < done:
            continue
        out += _standing_alone(lines, wide, done, caption.first)
        found = _captioned(lines, wide, caption)
        if found:
            out.append(found)
            done = found.last
        else:
            done = max(done, caption.first)
    out += _standing_alone(lines, wide, done, len(lines))
    return flattened(lines, out)


def _wide_lines(lines: Lines) -> list[bool]:
    """Which lines have more than one column to the eye."""
    return [
        "  " in b or "\t" in b or (b[:1] == "|" and b.count("|") > 1) or b.count(" | ") > 1
        for b in lines.bare
    ]


def _captions(lines: Lines, wide: Sequence[bool]) -> list[_Caption]:
    out = []
    for i, words in enumerate(lines.bare):
        if words[:1] not in "TtSs#*_" or not words or "ab" not in words[:24].lower():
            continue
        m = _CAPTION.match(words)
        if not m or (len(words) > 400 and not m[2]):
            continue
        sound = bool(m[2]) or m.end() == len(words)
        opens = (
            lines.blank(i - 1)
            or wide[i - 1]
            or lines.bare[i - 1][-1] in ".:)]*"
            or (m[2] or "")[:1] in (":", "|")
        )
        if not opens or not (sound or words[m.end() : m.end() + 1].isupper()):
            continue
        out.append(_Caption(i, _caption_end(lines, wide, i), m[1].strip(), m.end(), sound))
    return out


def _caption_end(lines: Lines, wide: Sequence[bool], i: int) -> int:
    j = i + 1
    while j < len(lines) and j < i + _CAPTION_LINES and lines.bare[j]:
        if wide[j] or _RULE.fullmatch(lines.bare[j]) or _CAPTION.match(lines.bare[j]):
            break
        j += 1
    return j


def _captioned(lines: Lines, wide: Sequence[bool], caption: _Caption) -> Found | None:
    caption = _with_caption_below(lines, wide, caption)
    body = caption.last
    while body < len(lines) and body < caption.last + 3 and not lines.bare[body]:
        body += 1
    rows, last = _block(lines, wide, body) if body < len(lines) else ([], body)
    if not rows and not wide[caption.first] and caption.last - caption.first > 1:
        rows, last, caption = _unwrapped(lines, caption)
    start = lines.first(caption.first)
    words_start = start + caption.words_start
    if not rows:
        end = lines.last(caption.last - 1)
        if not caption.punctuated or not lines.blank(caption.last) or end - start > 600:
            return None
        return Found(
            caption.first, caption.last, _table(lines, caption, start, words_start, end, end, ()), True
        )
    last = _with_notes(lines, wide, last)
    end = lines.last(_last_filled(lines, last))
    table = _table(
        lines, caption, start, words_start, lines.last(caption.last - 1), end, laid_out(lines.text, rows)
    )
    return Found(caption.first, last, table, True)


def _with_caption_below(lines: Lines, wide: Sequence[bool], caption: _Caption) -> _Caption:
    """ "Table 1" on a line of its own, its caption in the paragraph below, rows below that."""
    i = caption.first
    if caption.last > i + 1 or len(lines.bare[i]) > caption.words_start or not lines.blank(i + 1):
        return caption
    if lines.blank(i + 2) or wide[i + 2]:
        return caption
    stop = lines.paragraph_end(i + 2)
    if lines.start[stop] - lines.start[i + 2] > 300 or any(wide[i + 2 : stop]):
        return caption
    return caption._replace(last=stop) if stop + 1 < len(lines) and wide[stop + 1] else caption


def _unwrapped(lines: Lines, caption: _Caption) -> tuple[list[Row], int, _Caption]:
    """A caption with short lines right under it, none of them with visible columns: each line one row."""
    stop = lines.paragraph_end(caption.first)
    body = caption.first + 1
    rows = [_row(lines, j) for j in range(body, stop)]
    digits = sum(any(c.isdigit() for c in lines.bare[j]) for j in range(body, stop))
    shorter = all(len(lines.bare[j]) < 110 and not _STATED.search(lines.bare[j]) for j in range(body, stop))
    if len(rows) >= 3 and digits >= 0.6 * len(rows) and shorter:
        return rows, stop, caption._replace(last=body)
    return [], caption.last, caption


def _table(
    lines: Lines, caption: _Caption, start: int, words: int, words_end: int, end: int, cells: tuple[Cell, ...]
) -> Table:
    words = min(words, words_end)
    return Table(
        label=caption.label, caption=" ".join(lines.text[words:words_end].split()).strip("*_ "),
        caption_start=start, caption_end=words_end, start=start, end=end, cells=cells,
    )  # fmt: skip


def _block(lines: Lines, wide: Sequence[bool], i: int) -> tuple[list[Row], int]:
    """The rows from line `i` on, and the line after them; no rows when fewer than two have columns."""
    rows: list[Row] = []
    many = 0
    j = last = i
    while j < len(lines):
        if not lines.bare[j]:
            if many < 2 or not _goes_on(lines, wide, j, rows):
                break
        elif not _is_rule(lines.bare[j]):
            row = _row(lines, j)
            if len(row) == 1 and many == 0 and j > i + 2:
                break
            if len(row) == 1 and (len(lines.bare[j]) > 110 or _CAPTION.match(lines.bare[j])):
                break
            rows.append(row)
            many += len(row) > 1
        if lines.bare[j]:
            last = j + 1
        j += 1
    if many < 2:
        return [], i
    tail = _trailing(lines, rows)
    return rows[: len(rows) - tail] if tail else rows, last


def _trailing(lines: Lines, rows: list[Row]) -> int:
    """How many lines at the end are notes under the table and no rows."""
    margin = min(r[0][0] - lines.text.rfind("\n", 0, r[0][0]) - 1 for r in rows)
    tail = 0
    while tail < len(rows) and len(rows[-1 - tail]) == 1:
        start, end = rows[-1 - tail][0]
        indent = start - lines.text.rfind("\n", 0, start) - 1
        if indent > margin + 2 or (end - start < 24 and not _NOTE.match(lines.text, start, end)):
            break
        tail += 1
    return tail


def _is_rule(words: str) -> bool:
    return bool(_RULE.fullmatch(words)) or (words[0] == "|" and bool(_PIPE_RULE.fullmatch(words)))


def _goes_on(lines: Lines, wide: Sequence[bool], blank: int, rows: list[Row]) -> bool:
    """Whether the table goes on after one blank line: the next line has columns where the last row had."""
    i = blank + 1
    if i >= len(lines) or not lines.bare[i] or not wide[i] or _CAPTION.match(lines.bare[i]):
        return False
    if i + 1 >= len(lines) or not wide[i + 1]:
        return False
    before = next((r for r in reversed(rows) if len(r) > 1), rows[-1])
    here = _row(lines, i)
    offsets = {s - lines.text.rfind("\n", 0, s) for s, _ in before[1:]}
    shared = sum(s - lines.start[i] + 1 in offsets for s, _ in here[1:])
    return len(here) > 1 and shared * 2 >= len(here) - 1


def _row(lines: Lines, i: int) -> Row:
    words = lines.bare[i]
    if "|" in words and (words[0] == "|" or words.count(" | ") > 1):
        return _piped(lines, i)
    if "\t" in words:
        return _tabbed(lines, i)
    return lines.pieces(i)


def _piped(lines: Lines, i: int) -> Row:
    start, end = lines.first(i), lines.last(i)
    start += lines.text[start] == "|"
    end -= lines.text[end - 1] == "|" and end - start > 1
    return _cut(lines.text, start, end, "|")


def _tabbed(lines: Lines, i: int) -> Row:
    start = lines.start[i]
    return _cut(lines.text, start, start + len(lines.raw[i].rstrip("\r\n\v\f")), "\t")


def _cut(text: str, start: int, end: int, separator: str) -> Row:
    out: list[Piece] = []
    at = start
    for words in text[start:end].split(separator):
        core = words.strip()
        shift = words.find(core) if core else 0
        out.append((at + shift, at + shift + len(core)))
        at += len(words) + 1
    return out


def _with_notes(lines: Lines, wide: Sequence[bool], last: int) -> int:
    """The line after the notes under a table: short paragraphs that explain marks or abbreviations."""
    i = last
    while i < len(lines) and i < last + 2 and not lines.bare[i]:
        i += 1
    if i >= len(lines) or not lines.bare[i]:
        return last
    stop = lines.paragraph_end(i)
    size = lines.start[stop] - lines.start[i]
    words = lines.bare[i]
    marked = _NOTE.match(words) and (
        not words[0].isalpha() or _ABBREVIATION.match(words) or words[:4].lower() in ("abbr", "note")
    )
    if marked and size < 700 and stop - i < 9 and not any(wide[i:stop]) and not _CAPTION.match(words):
        return stop
    return last


def _last_filled(lines: Lines, last: int) -> int:
    i = last - 1
    while i > 0 and not lines.bare[i]:
        i -= 1
    return i


def _standing_alone(lines: Lines, wide: Sequence[bool], first: int, last: int) -> list[Found]:
    out = []
    i = first
    while i < last:
        if not wide[i]:
            i += 1
            continue
        rows, stop = _block(lines, wide, i)
        stop = min(stop, last)
        if rows and rows[-1][-1][1] <= lines.start[stop] and _looks_like_table(rows):
            cells = laid_out(lines.text, rows)
            start, end = cells[0].start, max(c.end for c in cells)
            out.append(
                Found(
                    i,
                    stop,
                    Table(start=start, end=end, caption_start=start, caption_end=start, cells=cells),
                    False,
                )
            )
        i = max(stop, i + 1)
    return out


def _looks_like_table(rows: list[Row]) -> bool:
    """Three rows and more with columns of short words, not prose set in two columns."""
    many = [r for r in rows if len(r) > 1]
    if len(many) < 3 or len(many) < 0.6 * len(rows):
        return False
    width = sorted(len(r) for r in many)[len(many) // 2]
    firsts = sorted(r[0][1] - r[0][0] for r in many)[len(many) // 2]
    rest = [e - s for r in many for s, e in r[1:]]
    if width == 2:
        return firsts <= 28 and sum(rest) / len(rest) <= 70
    return sum(rest) / len(rest) <= 32
