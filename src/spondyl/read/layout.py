"""Words on a page → lines in reading order, columns and tables seen from where things stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from spondyl.read.columns import Piece, assigned, column_extents
from spondyl.read.glyphs import Word

__all__ = ["Line", "edge_rows", "page_lines", "rotated"]

_DEEPEST = 4


class Line(NamedTuple):
    """A line of a page: its text, its box, the column it stands in; `row` when it is a table's row."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    left: float
    right: float
    row: bool = False
    bold: bool = False


class _Segment(NamedTuple):
    """Words close together on one line."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def rotated(word: Word) -> bool:
    """Whether a word runs up or down the page."""
    return len(word.text) > 3 and word.y1 - word.y0 > 2.5 * (word.x1 - word.x0)


def page_lines(words: Sequence[Word]) -> list[Line]:
    """The lines of a page in reading order.

    Args:
        words: The page's words.

    Returns:
        Lines: full-width ones and columns, each column from top to bottom before the next one.
    """
    segments = _segments(words)
    out: list[Line] = []
    for block in _ordered(segments, 0) if segments else ():
        out += _lines(block)
    return out


def edge_rows(words: Sequence[Word], height: float, share: float) -> list[tuple[str, frozenset[Word]]]:
    """The rows of words at the upper and lower edge of a page.

    Args:
        words: The page's words.
        height: The page's height.
        share: How much of the height is edge.

    Returns:
        For each row its text and its words.
    """
    edge = [w for w in words if w.y0 > (1 - share) * height or w.y1 < share * height]
    rows: list[list[Word]] = []
    for word in sorted(edge, key=lambda w: (-(w.y0 + w.y1), w.x0)):
        if rows and min(word.y1, rows[-1][0].y1) - max(word.y0, rows[-1][0].y0) > 0.4 * (word.y1 - word.y0):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [(" ".join(w.text for w in sorted(r, key=lambda w: w.x0)), frozenset(r)) for r in rows]


def _segments(words: Sequence[Word]) -> list[_Segment]:
    out: list[_Segment] = []
    run: list[Word] = []
    for word in words:
        if run and not _continues(run[-1], word):
            out.append(_segment(run))
            run = []
        run.append(word)
    if run:
        out.append(_segment(run))
    return out


def _continues(before: Word, word: Word) -> bool:
    size = max(before.size, word.size)
    shared = min(before.y1, word.y1) - max(before.y0, word.y0)
    return (
        shared > 0.5 * min(before.y1 - before.y0, word.y1 - word.y0)
        and -0.6 * size < word.x0 - before.x1 < 0.9 * size
    )


def _segment(run: list[Word]) -> _Segment:
    size = max(w.size for w in run)
    return _Segment(
        " ".join(w.text for w in run), min(w.x0 for w in run), min(w.y0 for w in run), max(w.x1 for w in run),
        max(w.y1 for w in run), size, all(w.bold for w in run),
    )  # fmt: skip


def _ordered(segments: list[_Segment], depth: int) -> Iterator[list[_Segment]]:
    """Blocks of segments in reading order: bands between full-width lines, columns within a band."""
    gutter = _gutter(segments) if depth < _DEEPEST else None
    if gutter is None:
        yield segments
        return
    band: list[_Segment] = []
    wide: list[_Segment] = []
    for s in sorted(segments, key=lambda s: -s.y1):
        if s.x0 < gutter - 1 and s.x1 > gutter + 1:
            if band:
                yield from _band(band, gutter, depth)
                band = []
            wide.append(s)
        else:
            if wide and band == []:
                beside = [
                    w for w in wide if min(w.y1, s.y1) - max(w.y0, s.y0) > 0.5 * min(w.height, s.height)
                ]
                if beside:
                    wide.append(s)
                    continue
                yield wide
                wide = []
            band.append(s)
    if band:
        yield from _band(band, gutter, depth)
    if wide:
        yield wide


def _band(band: list[_Segment], gutter: float, depth: int) -> Iterator[list[_Segment]]:
    left = [s for s in band if s.x1 <= gutter + 1]
    right = [s for s in band if s.x1 > gutter + 1]
    if left and right and _tabular(left, right):
        yield band
        return
    for side in (left, right):
        if side:
            yield from _ordered(side, depth + 1)


def _tabular(left: list[_Segment], right: list[_Segment]) -> bool:
    """Rows that run across: cells on both sides at the same heights, several to a row, most of them short."""
    both = left + right
    rows = _rows(both)
    many = sum(len(r) > 2 for r in rows)
    if len(rows) < 3 or many * 2 < len(rows):
        return False
    return len([s for s in both if len(s.text) < 30]) > 0.6 * len(both)


def _gutter(segments: list[_Segment]) -> float | None:
    """Where white space divides the block into two columns of prose."""
    if len(segments) < 8:
        return None
    left, right = min(s.x0 for s in segments), max(s.x1 for s in segments)
    width = right - left
    if width < 150:
        return None
    total = sum(s.height for s in segments)
    inner = range(int(width * 0.25), int(width * 0.75), 2)
    crossing = _coverage(segments, left, int(width))
    least = min(crossing[k] for k in inner)
    middle = [left + k for k in inner if crossing[k] <= least + 1]
    run = _longest_run(middle)
    x = (run[0] + run[-1]) / 2
    if least > 0.4 * total:
        return None
    one = [s for s in segments if s.x1 <= x + 1]
    two = [s for s in segments if s.x0 >= x - 1]
    return x if _prose(one) and _prose(two) and _side_by_side(one, two) else None


def _coverage(segments: list[_Segment], left: float, width: int) -> list[float]:
    """For every point from the left how much of the block's height is covered there."""
    steps = [0.0] * (width + 3)
    for s in segments:
        steps[max(0, int(s.x0 - left) + 1)] += s.height
        steps[max(0, min(width + 2, int(s.x1 - left)))] -= s.height
    return list(accumulate(steps))


def _longest_run(xs: list[float]) -> list[float]:
    best: list[float] = []
    run: list[float] = []
    for x in xs:
        run = [*run, x] if run and x - run[-1] <= 2.5 else [x]
        if len(run) > len(best):
            best = run
    return best


def _prose(side: list[_Segment]) -> bool:
    """Whether most of a side's lines fill it."""
    if len(side) < 4:
        return False
    width = max(s.x1 for s in side) - min(s.x0 for s in side)
    full = sum(len(s.text) for s in side if s.x1 - s.x0 > 0.5 * width)
    return width > 60 and full > 0.5 * sum(len(s.text) for s in side)


def _side_by_side(one: list[_Segment], two: list[_Segment]) -> bool:
    top, bottom = (
        min(max(s.y1 for s in one), max(s.y1 for s in two)),
        max(min(s.y0 for s in one), min(s.y0 for s in two)),
    )
    return top - bottom > 3 * max(one[0].height, two[0].height)


def _rows(segments: list[_Segment]) -> list[list[_Segment]]:
    """Segments at the same height, from left to right; rows from the top."""
    rows: list[list[_Segment]] = []
    for s in sorted(segments, key=lambda s: (-(s.y0 + s.y1), s.x0)):
        if rows:
            other = rows[-1][0]
            shared = min(s.y1, other.y1) - max(s.y0, other.y0)
            if shared > 0.5 * min(s.height, other.height):
                rows[-1].append(s)
                continue
        rows.append([s])
    return [sorted(r, key=lambda s: s.x0) for r in rows]


def _lines(block: list[_Segment]) -> Iterator[Line]:
    """The lines of one column; runs of rows with the same columns become a table's rows."""
    rows = [_closed_up(r) for r in _rows(block)]
    prose = [r[0] for r in rows if len(r) == 1 and len(r[0].text) > 20] or block
    left, right = min(s.x0 for s in prose), max(s.x1 for s in prose)
    k = 0
    while k < len(rows):
        stop = _table_end(rows, k)
        if stop:
            yield from _table(rows[k:stop], left, right)
            k = stop
        else:
            yield _line(" ".join(s.text for s in rows[k]), rows[k], left, right)
            k += 1


def _closed_up(row: list[_Segment]) -> list[_Segment]:
    if _justified(row):
        return [_merged(row)]
    out: list[_Segment] = []
    for s in row:
        if out and s.x0 - out[-1].x1 < 0.9 * max(s.size, out[-1].size):
            s = _merged([out.pop(), s])
        out.append(s)
    return out


def _justified(row: list[_Segment]) -> bool:
    """A line of prose drawn apart to fill its column: single words with the same gap between all of them."""
    if len(row) < 3 or sum(" " in s.text for s in row) > 1:
        return False
    gaps = [b.x0 - a.x1 for a, b in pairwise(row)]
    return max(gaps) - min(gaps) < 0.25 * row[0].size


def _merged(row: list[_Segment]) -> _Segment:
    return _Segment(
        " ".join(s.text for s in row), row[0].x0, min(s.y0 for s in row), max(s.x1 for s in row),
        max(s.y1 for s in row), max(s.size for s in row), all(s.bold for s in row),
    )  # fmt: skip


def _line(text: str, row: Sequence[_Segment], left: float, right: float, is_row: bool = False) -> Line:
    return Line(
        text, row[0].x0, min(s.y0 for s in row), row[-1].x1, max(s.y1 for s in row), max(s.size for s in row),
        left, right, is_row, all(s.bold for s in row),
    )  # fmt: skip


def _table_end(rows: list[list[_Segment]], first: int) -> int:
    """The row after a table that begins at `first`; 0 when none does."""
    if len(rows[first]) < 2:
        return 0
    many, last, k = 0, first, first
    while k < len(rows) and k - last < 3:
        if k > first and rows[k - 1][0].y0 - rows[k][0].y1 > 2.5 * rows[k][0].size:
            break
        if len(rows[k]) > 1:
            many, last = many + 1, k
        elif len(rows[k][0].text) > 70:
            break
        k += 1
    enough = many >= 3 or (many == 2 and len(rows[first]) > 2)
    return last + 1 if enough and _lined_up(rows[first : last + 1]) else 0


def _lined_up(rows: list[list[_Segment]]) -> bool:
    """Whether pieces of different rows stand under each other, left, right or in the middle."""
    many = [r[1:] for r in rows if len(r) > 1]
    hits = total = 0
    for above, row in pairwise(many):
        places = [x for s in above for x in (s.x0, s.x1, (s.x0 + s.x1) / 2)]
        total += len(row)
        hits += sum(
            any(min(abs(x - s.x0), abs(x - s.x1), abs(x - (s.x0 + s.x1) / 2)) < 2.5 for x in places)
            for s in row
        )
    return hits >= 0.5 * total


def _table(rows: list[list[_Segment]], left: float, right: float) -> Iterator[Line]:
    places: list[list[Piece]] = [[(round(s.x0), max(round(s.x0) + 1, round(s.x1))) for s in r] for r in rows]
    extents = column_extents(places)
    merged: list[tuple[dict[int, str], list[_Segment]]] = []
    for row, place in zip(rows, places, strict=True):
        cells = {c: s.text for (c, *_), s in zip(assigned(place, 0, extents), row, strict=True)}
        if merged and _wraps(merged[-1][0], cells):
            for c, words in cells.items():
                merged[-1][0][c] = _wrapped(merged[-1][0][c], words)
            merged[-1][1].extend(row)
        else:
            merged.append((cells, list(row)))
    for cells, parts in merged:
        width = max(len(extents), max(cells) + 1)
        text = "\t".join(cells.get(c, "") for c in range(width))
        yield _line(text, parts, left, right, True)


def _wrapped(before: str, words: str) -> str:
    return before + words if before.endswith(("-", "\u2013", "/")) else f"{before} {words}"


def _goes_on(words: str) -> bool:
    return words[:1].islower() or words[:1] == "("


def _wraps(above: dict[int, str], cells: dict[int, str]) -> bool:
    """Whether a row goes on with the cells above it: begun words, or ends that ask for more."""
    if any(c not in above for c in cells):
        return False
    if 0 in cells and not (_goes_on(cells[0]) or above[0].endswith(("-", "\u2013", ","))):
        return False
    going_on = sum(_goes_on(w) or above[c][-1:] in ",-(/;\u2013" for c, w in cells.items())
    return going_on * 2 >= len(cells) and (0 in cells or going_on == len(cells))
