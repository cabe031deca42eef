"""Patterns that are searched only where a word stands that they cannot do without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from spondyl.words.alternatives import one_of

__all__ = ["Guarded", "Guards", "needed"]

DIGIT = "0"
"""Stands for any digit among the pieces that a pattern needs."""
RARE_AS = 3
"""A digit is as rare in a sentence as a piece of so many letters."""
MOST = 400
"""So many ways to write the beginning of a pattern are told apart."""
_PIECE = re.compile(r"[^\W_]+")
_ALL = -1


def needed(pattern: str, flags: int = 0) -> frozenset[str]:
    """Pieces of words of which at least one stands in every match of a pattern.

    Args:
        pattern: A regular expression.
        flags: Its flags, as for `re.compile`.

    Returns:
        Pieces of letters and digits, in lower case, "0" for any digit; none where nothing can be told.

    Example:
        >>> sorted(needed(r"\\b(?:lytic|bon[ey] destruction|fractur\\w*)\\b")), needed(r"\\w+"), needed(r"\\d ?%")
        (['destruction', 'fractur', 'lytic'], frozenset(), frozenset({'0'}))
    """
    found = _of_sequence(parser.parse(pattern, flags)) or frozenset()
    return frozenset(x for x in found if not any(y != x and y in x for y in found))


class Guarded:
    """A pattern with the bit that a sentence has where a word stands that the pattern needs.

    Args:
        pattern: The compiled pattern.
        bit: Its bit; all bits where nothing is known that it needs.
    """

    __slots__ = ("bit", "pattern")

    def __init__(self, pattern: re.Pattern[str], bit: int) -> None:
        self.pattern, self.bit = pattern, bit


class Guards(dict[str, int]):
    """The guarded patterns of one stage: word → bits of the patterns of which it holds a piece.

    A pattern that takes its words from a text is searched in a sentence only if one of the pieces stands in
    one of the sentence's words; a sentence without any cannot match. All patterns are made before the first
    word is looked up.

    Example:
        >>> guards = Guards()
        >>> removed = guards.pattern(r"\\b(?:resect|excis)(?:ed|ion)\\b")
        >>> [bool(guards.bits(words) & removed.bit) for words in (["was", "resected"], ["was", "seen"])]
        [True, False]
    """

    LARGEST = 200_000

    def __init__(self) -> None:
        super().__init__()
        self._pieces: dict[str, int] = {}
        self._count = 0
        self._any: re.Pattern[str] | None = None
        self._bits: dict[str, int] = {}

    def pattern(self, pattern: str, flags: int = 0) -> Guarded:
        """A guarded pattern.

        Raises:
            RuntimeError: Words were looked up already, so that their bits would lack this pattern's.
        """
        if self._any is not None:
            raise RuntimeError("a guarded pattern was made after the first text was read; make it at import")
        pieces = needed(pattern, flags)
        if not pieces:
            return Guarded(re.compile(pattern, flags), _ALL)
        bit = 1 << self._count
        self._count += 1
        for piece in pieces:
            self._pieces[piece] = self._pieces.get(piece, 0) | bit
        return Guarded(re.compile(pattern, flags), bit)

    def bits(self, words: Iterable[str]) -> int:
        """The bits of all patterns that some lower-case words could hold a match of."""
        found = 0
        for word in words:
            found |= self[word]
        return found

    def __missing__(self, word: str) -> int:
        if len(self) >= self.LARGEST:
            self.clear()
        if self._any is None:
            self._any = self._scanner()
        bits = 0 if word.isascii() else _ALL
        for m in self._any.finditer(word):
            bits |= self._bits[m[1]]
        self[word] = bits
        return bits

    def _scanner(self) -> re.Pattern[str]:
        """One pattern for the longest piece at each place of a word; a piece counts for those it begins with."""
        digit = self._pieces.get(DIGIT, 0)
        literal = {p: bits for p, bits in self._pieces.items() if p != DIGIT}
        for piece in literal:
            begun = (piece[:k] for k in range(1, len(piece) + 1))
            self._bits[piece] = _union(literal.get(x, 0) for x in begun) | (
                digit if piece[0].isdigit() else 0
            )
        self._bits |= {d: digit for d in "0123456789" if d not in self._bits}
        return re.compile(f"(?=({one_of(self._bits)}))")


def _union(bits: Iterable[int]) -> int:
    found = 0
    for b in bits:
        found |= b
    return found


_Pieces = frozenset[str] | None


def _of_sequence(sequence: Any) -> _Pieces:
    """The best pieces that one of the parts of a sequence needs, parts spelled out as far as they can be."""
    best: _Pieces = None
    run = frozenset({""})
    for part in sequence:
        spelled = _spelled(part)
        if spelled is not None and len(run) * len(spelled) <= MOST:
            run = frozenset(a + b for a in run for b in spelled)
            continue
        best = _better(_better(best, _pieces(run)), _of_part(part))
        run = frozenset({""}) if spelled is None else spelled
    return _better(best, _pieces(run))


def _spelled(part: Any) -> _Pieces:
    """All that a part of a pattern can match, if that is little; a place ("\\b") matches the empty text."""
    kind, value = part
    if kind is op.LITERAL:
        return frozenset({chr(value).lower()})
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return frozenset({""})
    if kind is op.IN:
        letters = [chr(code).lower() for what, code in value if what is op.LITERAL]
        return frozenset(letters) if len(letters) == len(value) < 8 else None
    if kind is op.SUBPATTERN:
        return _spelled_sequence(value[3])
    if kind is op.BRANCH:
        return _joined(_spelled_sequence(branch) for branch in value[1])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[1] == 1:
        inner = _spelled_sequence(value[2])
        return inner if inner is None or value[0] else inner | {""}
    return None


def _spelled_sequence(sequence: Any) -> _Pieces:
    out = frozenset({""})
    for part in sequence:
        spelled = _spelled(part)
        if spelled is None or len(out) * len(spelled) > MOST:
            return None
        out = frozenset(a + b for a in out for b in spelled)
    return out


def _of_part(part: Any) -> _Pieces:
    """The pieces that a part needs which cannot be spelled out."""
    kind, value = part
    if kind is op.SUBPATTERN:
        return _of_sequence(value[3])
    if kind is op.BRANCH:
        return _joined(_of_sequence(branch) for branch in value[1])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0]:
        return _of_sequence(value[2])
    if kind is op.IN and all(_is_digit(x) for x in value):
        return frozenset({DIGIT})
    return None


def _is_digit(item: Any) -> bool:
    what, value = item
    if what is op.RANGE:
        return bool(ord("0") <= value[0] <= value[1] <= ord("9"))
    return bool(what is op.CATEGORY and value is op.CATEGORY_DIGIT)


def _joined(parts: Iterator[_Pieces]) -> _Pieces:
    """The pieces of alternatives together; none where one of them is unknown."""
    out: frozenset[str] = frozenset()
    for pieces in parts:
        if pieces is None:
            return None
        out |= pieces
    return out


def _pieces(texts: frozenset[str]) -> _Pieces:
    """The longest word of each text, digits as any digit where they stand alone; none where one has no word."""
    out = set()
    for text in texts:
        words = _PIECE.findall(text)
        longest = max(words, key=len, default="")
        if not longest or (len(longest) < 2 and not longest.isdigit()):
            return None
        out.add(DIGIT if len(longest) < 2 else longest)
    return frozenset(out)


def _better(a: _Pieces, b: _Pieces) -> _Pieces:
    """Of two sets of pieces the one whose shortest piece is longer, which the fewest sentences will have."""
    if not a or not b:
        return a or b
    return max(a, b, key=lambda x: (min(RARE_AS if p == DIGIT else len(p) for p in x), -len(x)))
