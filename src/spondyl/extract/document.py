"""A paper cut up for reading: sentences with the terms in them and what the context does to each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from operator import or_

from spondyl.extract.knowledge import GUARDS, genuine_rn, guarded, terms
from spondyl.record import Paper, Section
from spondyl.words.guards import Guarded
from spondyl.words.levels import LEVEL_WORD, Levels, find_levels
from spondyl.words.terms import Hit, Tokens
from spondyl.words.view import View, reading_copy

__all__ = ["Block", "Sentence", "block"]

_SUBORDINATE = re.compile(
    r"(?:after|following|once|since|because|when|as|while|whereas|although|though|before)\b"
)
_TOLD_OF = re.compile(
    r"\b(?:developed|had|has|presented|complain\w+|noticed|reported|suffered|experienced)\b(?! (?:been|no"
    r"|not)\b)[^,;]*$"
)
_ENDS_CLAUSE = re.compile(
    r" ?(?:[.,;:)]|$|(?:it|this|that|them|these|both|and|but|because|due|owing|for|in|at|on|until|as|so"
    r"|since)\b)"
)
_LEVELLED = guarded(LEVEL_WORD)
FORWARD_LIMIT = 16
BACKWARD_LIMIT = 10
_NO_HITS: list[Hit] = []
_NO_FLAGS: frozenset[str] = frozenset()


class Sentence:
    """One sentence of a block: places in the block's copy, hits, and what the context says of each.

    Args:
        block: The block it stands in.
        number: Its number in the block.
        start, end: Its place in the block's copy.
        paragraph: Number of its paragraph in the block.
        treatments, cues, findings: What was found out of its hits, once somebody has asked.
        own: Whether it is known to tell of the patient, though it names authors ("A. et al. described a case").
    """

    __slots__ = (
        "_bits",
        "_by_kind",
        "_hits",
        "_levels",
        "block",
        "cues",
        "end",
        "findings",
        "number",
        "own",
        "paragraph",
        "start",
        "text",
        "treatments",
    )

    def __init__(self, block: Block, number: int, start: int, end: int, paragraph: int) -> None:
        self.block, self.number, self.start, self.end, self.paragraph = block, number, start, end, paragraph
        self.own = False
        self.text: str = block.view.folded[start:end]
        self.treatments: list[Hit] | None = None
        self.cues: list[tuple[Hit, str]] | None = None
        self.findings: frozenset[Hit] | None = None
        self._bits: int | None = None
        self._hits: list[Hit] | None = None
        self._by_kind: dict[str, list[Hit]] | None = None
        self._levels: list[Levels] | None = None

    @property
    def plain(self) -> str:
        """The words as written."""
        return self.block.view.plain[self.start : self.end]

    @property
    def hits(self) -> list[Hit]:
        """Terms in it, in order, context triggers included."""
        if self._hits is None:
            self._hits = self.block.hits_between(self.start, self.end)
        return self._hits

    @property
    def bits(self) -> int:
        """The guarded patterns that its words could hold a match of."""
        if self._bits is None:
            starts = self.block.tokens.starts
            words = self.block.bits[bisect_left(starts, self.start) : bisect_left(starts, self.end)]
            self._bits = reduce(or_, words, 0)
        return self._bits

    @property
    def kind(self) -> str:
        """The kind of section it stands in."""
        return self.block.kind

    @property
    def _kinds(self) -> dict[str, list[Hit]]:
        if self._by_kind is None:
            self._by_kind = {}
            for h in self.hits:
                if h.kind in self._by_kind:
                    self._by_kind[h.kind].append(h)
                else:
                    self._by_kind[h.kind] = [h]
        return self._by_kind

    def of(self, *kinds: str) -> list[Hit]:
        """The hits of some kinds, in order."""
        by_kind = self._by_kind if self._by_kind is not None else self._kinds
        if len(kinds) == 1:
            return by_kind.get(kinds[0], _NO_HITS)
        present = [by_kind[kind] for kind in kinds if kind in by_kind]
        if len(present) < 2:
            return present[0] if present else []
        return sorted((h for some in present for h in some), key=lambda h: h.first)

    def has(self, pattern: Guarded) -> bool:
        """Whether a word stands in the sentence that a pattern cannot do without."""
        bits = self._bits if self._bits is not None else self.bits
        return bits & pattern.bit != 0

    def search(self, pattern: Guarded) -> re.Match[str] | None:
        """The first match of a pattern in the folded sentence."""
        bits = self._bits if self._bits is not None else self.bits
        return pattern.pattern.search(self.text) if bits & pattern.bit else None

    def matches(self, pattern: Guarded) -> Iterator[re.Match[str]]:
        """The matches of a pattern in the folded sentence."""
        bits = self._bits if self._bits is not None else self.bits
        return pattern.pattern.finditer(self.text) if bits & pattern.bit else iter(())

    @property
    def triggers(self) -> list[Hit]:
        """The context triggers in the sentence."""
        by_kind = self._by_kind if self._by_kind is not None else self._kinds
        return by_kind.get("context", _NO_HITS)

    @property
    def levels(self) -> list[Levels]:
        """Expressions for vertebral levels, with places in the block's copy."""
        if self._levels is None:
            shift = self.start
            self._levels = [
                Levels(f.levels, f.start + shift, f.end + shift, f.code)
                for f in (find_levels(self.plain, self.text) if self.has(_LEVELLED) else ())
            ]
        return self._levels

    def flags(self, start: int, end: int, deaf: frozenset[Hit] = frozenset()) -> frozenset[str]:
        """What the context does to a stretch: "negated", "planned", "refused", "possible", "historical", …

        A trigger reaches forward or backward to the next stop word, at most some tokens, and never out of
        the sentence; the triggers in `deaf` are passed over. One of direction "either" reaches back where
        it ends its clause ("which she declined.") and forward else; one noted "clause" does not reach over a comma.
        """
        triggers = self.triggers
        if not triggers:
            return _NO_FLAGS
        words = self.block.tokens
        found: set[str] = set()
        for t in triggers:
            if t.concept == "stop" or (t.start < end and start < t.end) or t in deaf:
                continue
            direction = t.entry.row["direction"]
            if direction == "either":
                direction = "backward" if _ENDS_CLAUSE.match(self.text, t.end - self.start) else "forward"
            if t.end <= start and direction in ("forward", "both", "sentence"):
                gap = _tokens_between(words, t.end, start)
                limit = 999 if direction == "sentence" else FORWARD_LIMIT
                if gap <= limit and (direction == "sentence" or not self._stopped(t.end, start)):
                    if "clause" in t.entry.note and "," in self.text[t.end - self.start : start - self.start]:
                        continue
                    found.add(t.concept)
            elif end <= t.start and direction in ("backward", "both", "sentence"):
                gap = _tokens_between(words, end, t.start)
                limit = 999 if direction == "sentence" else BACKWARD_LIMIT
                if gap <= limit and (
                    direction == "sentence"
                    or not (self._stopped(end, t.start) or self._new_clause(start, end, t))
                ):
                    found.add(t.concept)
        return frozenset(found - {"other"}) if self.own else frozenset(found)

    def _stopped(self, start: int, end: int) -> bool:
        if any(t.concept == "stop" and start <= t.start and t.end <= end for t in self.triggers):
            return True
        return ";" in self.block.view.plain[start:end]

    def _new_clause(self, start: int, end: int, t: Hit) -> bool:
        """Whether a trigger that looks back has a new subject ("He had pain, and markers were normal")."""
        gap = self.text[end - self.start : t.start - self.start]
        if "," in gap and _SUBORDINATE.match(self.text) and "," not in self.text[: start - self.start]:
            return True
        return ", and " in gap and _TOLD_OF.search(self.text[: start - self.start]) is not None


def _tokens_between(words: Tokens, start: int, end: int) -> int:
    return bisect_left(words.starts, end) - bisect_left(words.starts, start)


class Block:
    """A run of text of one kind (a section, or several joined over page breaks), cut into sentences."""

    def __init__(self, paper: Paper, kind: str, title: str, spans: list[tuple[int, int]]) -> None:
        self.paper, self.kind, self.title, self.spans = paper, kind, title, spans

    @cached_property
    def view(self) -> View:
        """Its reading copy."""
        return reading_copy(self.paper.text, self.spans, genuine_rn())

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens of the reading copy."""
        return Tokens(self.view.folded)

    @cached_property
    def bits(self) -> list[int]:
        """For each token the guarded patterns that it could be part of a match of."""
        return list(map(GUARDS.__getitem__, self.tokens.seen))

    @cached_property
    def hits(self) -> list[Hit]:
        """The terms in it, in order."""
        return terms().find(self.view.plain, self.tokens)

    @cached_property
    def _hit_starts(self) -> list[int]:
        return [h.start for h in self.hits]

    def release(self) -> None:
        """Let go of the sentences, which hold the block: nothing is left for the garbage collector to find."""
        self.__dict__.pop("sentences", None)

    def hits_between(self, start: int, end: int) -> list[Hit]:
        """The terms that begin in a stretch, in order."""
        starts = self._hit_starts
        return self.hits[bisect_left(starts, start) : bisect_left(starts, end)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the block, in order."""
        out: list[Sentence] = []
        paragraph = last = 0
        plain = self.view.plain
        for number, (start, end) in enumerate(self.view.sentences):
            paragraph += plain.count("\n", last, start)
            last = start
            out.append(Sentence(self, number, start, end, paragraph))
        return out


def block(paper: Paper, kind: str, sections: Iterable[Section]) -> Block:
    """A block of consecutive sections."""
    parts = list(sections)
    return Block(paper, kind, parts[0].title if parts else "", [(s.start, s.end) for s in parts])
