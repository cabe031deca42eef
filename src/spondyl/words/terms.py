"""Phrase matching: many thousand terms against a text in one linear pass over its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate

__all__ = ["Entry", "Hit", "Terms", "Tokens", "fold"]

_TOKEN = re.compile(r"([^\W_]+)")
_ASCII_TOKEN = re.compile(r"([a-z0-9]+)")
_GAPS = frozenset((" ", "-", "/", ".", "'", "", ")", " -", "- ", " (", ") ", " /", "/ ", " / "))
_SPELLING = (
    ("tumour", "tumor"), ("leukaem", "leukem"), ("oesoph", "esoph"), ("haem", "hem"), ("oedem", "edem"),
    ("anaes", "anes"), ("paed", "ped"), ("aemi", "emi"), ("oestr", "estr"), ("aesth", "esth"), ("caec", "cec"),
    ("faec", "fec"), ("gynaec", "gynec"), ("orthopaed", "orthoped"), ("fibre", "fiber"), ("centre", "center"),
    ("ulph", "ulf"), ("isation", "ization"), ("ised", "ized"), ("ising", "izing"), ("diarrhoe", "diarrhe"),
    ("labour", "labor"), ("grey", "gray"), ("neoplasia", "neoplasm"), ("aceous", "aceous"),
)  # fmt: skip
_PLURAL = (
    ("metastases", "metastasis"), ("vertebrae", "vertebra"), ("diagnoses", "diagnosis"), ("prostheses", "prosthesis"),
    ("iae", "ia"), ("ies", "y"), ("sses", "ss"), ("xes", "x"), ("omata", "oma"), ("omas", "oma"), ("paraes", "pares"),
)  # fmt: skip
_Longer = tuple[tuple[str, ...], int]
"""The words of a term behind its first two, and the number of its entries."""
_SPLIT = re.compile(r"(?<=[a-z])[ -](?=\d)|(?<=[a-z]{2})(?=\d)")


def fold(token: str) -> str:
    """One spelling for a lower-case word: American, singular.

    Example:
        >>> fold("tumours"), fold("metastases"), fold("haemangiomas")
        ('tumor', 'metastasis', 'hemangioma')
    """
    for british, american in _SPELLING:
        if british in token:
            token = token.replace(british, american)
    for many, one in _PLURAL:
        if token.endswith(many) and (len(many) > 5 or len(token) > len(many) + 2):
            return token[: -len(many)] + one
    if len(token) > 3 and token[-1] == "s" and token[-2] not in "suiaj0123456789":
        return token[:-1]
    return token


class _Folded(dict[str, str]):
    """Words as written → folded, each worked out once."""

    LARGEST = 200_000

    def __missing__(self, token: str) -> str:
        if len(self) >= self.LARGEST:
            self.clear()
        self[token] = folded = fold(token)
        return folded


_FOLDED = _Folded()


class Entry:
    """A term of a lexicon: what it means and where it is from.

    Args:
        kind: The lexicon's kind ("tumour", "drug", …).
        concept: What the term stands for.
        term: As the lexicon writes it.
        row: The lexicon's whole row.
        layer: Terms of one layer do not overlap; terms of different layers do not disturb each other.
    """

    __slots__ = ("choosy", "concept", "exact", "kind", "layer", "note", "row", "term")

    def __init__(self, kind: str, concept: str, term: str, row: dict[str, str], layer: str = "") -> None:
        self.layer = layer or kind
        self.kind, self.concept, self.term, self.row = kind, concept, term, row
        self.note = row.get("note", "")
        self.exact = "abbreviation" in self.note or "upper-case" in self.note
        self.choosy = self.exact or "plural only" in self.note


class Hit:
    """A term found in a text: its entry with kind and concept, its place, and its first and last token."""

    __slots__ = ("concept", "end", "entry", "first", "kind", "last", "start")

    def __init__(self, entry: Entry, start: int, end: int, first: int, last: int) -> None:
        self.entry, self.start, self.end, self.first, self.last = entry, start, end, first, last
        self.kind: str = entry.kind
        self.concept: str = entry.concept

    def __repr__(self) -> str:
        return f"Hit({self.kind}:{self.concept}@{self.start}-{self.end})"


class Tokens:
    """The tokens of a folded text: places, words as written and folded, and the gaps between them.

    Args:
        folded: The text, in lower case.

    Example:
        >>> tokens = Tokens("breast cancers, treated")
        >>> tokens.seen, tokens.words, tokens.starts, tokens.ends
        (['breast', 'cancers', 'treated'], ['breast', 'cancer', 'treated'], [0, 7, 16], [6, 14, 23])
        >>> tokens.close(0, 1), tokens.close(1, 2)
        (True, False)
    """

    __slots__ = ("ends", "gaps", "seen", "starts", "words")

    def __init__(self, folded: str) -> None:
        parts = (_ASCII_TOKEN if folded.isascii() else _TOKEN).split(folded)
        stops = list(accumulate(map(len, parts)))
        self.starts, self.ends = stops[:-1:2], stops[1::2]
        self.gaps, self.seen = parts[::2], parts[1::2]
        self.words = list(map(_FOLDED.__getitem__, self.seen))

    def close(self, first: int, last: int) -> bool:
        """Whether each token after the first follows on the one before with no more than a blank or a hyphen."""
        return _GAPS.issuperset(self.gaps[first + 1 : last + 1])


class Terms:
    """All terms of all lexicons, matched longest first.

    What is kept is words and numbers, of which the garbage collector keeps no account: lexicons of many
    thousand rows cost it nothing. An entry is made again when its term is first found.

    Example:
        >>> terms = Terms([Entry("tumour", "breast carcinoma", "breast cancer", {})])
        >>> [h.concept for h in terms.find("Breast cancers", Tokens("breast cancers"))]
        ['breast carcinoma']
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._names: list[tuple[str, str, str, str]] = []
        self._rows: list[dict[str, str]] = []
        index: dict[tuple[str, ...], list[int]] = {}
        for k, e in enumerate(entries):
            self._names.append((e.kind, e.concept, e.term, e.layer))
            self._rows.append(e.row)
            for words in _variants(e.term):
                index.setdefault(words, []).append(k)
        self._groups = [tuple(numbers) for numbers in index.values()]
        self._made: dict[int, tuple[Entry, ...]] = {}
        self._alone: dict[str, int] = {}
        self._by_two: dict[str, dict[str, int]] = {}
        longer: list[list[_Longer]] = []
        for group, words in enumerate(index):
            if len(words) == 1:
                self._alone[words[0]] = group
            else:
                seconds = self._by_two.setdefault(words[0], {})
                if words[1] not in seconds:
                    seconds[words[1]] = len(longer)
                    longer.append([])
                longer[seconds[words[1]]].append((words[2:], group))
        self._longer = [tuple(sorted(rows, key=lambda r: -len(r[0]))) for rows in longer]

    def find(self, plain: str, tokens: Tokens) -> list[Hit]:
        """The terms in a text, in order.

        Within a layer the longest term wins and terms do not overlap; layers do not disturb each other.
        """
        hits: list[Hit] = []
        free: dict[str, int] = {}
        words, alone, by_two, made = tokens.words, self._alone, self._by_two, self._made
        following = [*words[1:], "", ""]
        for i, word in enumerate(words):
            if word in by_two and following[i] in by_two[word]:
                third = following[i + 1]
                for rest, group in self._longer[by_two[word][following[i]]]:
                    last = i + 1 + len(rest)
                    if rest and (
                        rest[0] != third or (len(rest) > 1 and tuple(words[i + 2 : last + 1]) != rest)
                    ):
                        continue
                    if tokens.close(i, last):
                        _take(hits, free, made.get(group) or self._entries(group), plain, tokens, i, last)
            if word in alone:
                group = alone[word]
                _take(hits, free, made.get(group) or self._entries(group), plain, tokens, i, i)
        return hits

    def _entries(self, group: int) -> tuple[Entry, ...]:
        """The entries of one term, made and kept."""
        found = ((self._names[k], self._rows[k]) for k in self._groups[group])
        made = tuple(Entry(kind, concept, term, row, layer) for (kind, concept, term, layer), row in found)
        self._made[group] = made
        return made


def _take(
    hits: list[Hit],
    free: dict[str, int],
    entries: tuple[Entry, ...],
    plain: str,
    tokens: Tokens,
    first: int,
    last: int,
) -> None:
    """Take the entries of one place whose layers are free there and that suit the words as written."""
    start, end = tokens.starts[first], tokens.ends[last]
    if len(entries) == 1:
        e = entries[0]
        if free.get(e.layer, 0) <= first and (not e.choosy or _suits(e, plain[start:end])):
            hits.append(Hit(e, start, end, first, last))
            free[e.layer] = last + 1
        return
    taken = []
    for e in entries:
        if free.get(e.layer, 0) <= first and (not e.choosy or _suits(e, plain[start:end])):
            hits.append(Hit(e, start, end, first, last))
            taken.append(e.layer)
    for layer in taken:
        free[layer] = last + 1


def _same_case(term: str, seen: str) -> bool:
    want = [c for c in term if c.isupper()]
    return [c for c in seen if c.isupper()] == want


def _suits(entry: Entry, seen: str) -> bool:
    """Whether a term may stand where its folded words stand: abbreviations in their case, plurals as plurals."""
    if entry.exact:
        return _same_case(entry.term, seen)
    return "plural only" not in entry.note or seen.lower() == entry.term


def _variants(term: str) -> set[tuple[str, ...]]:
    lower = term.lower()
    forms = {lower, _SPLIT.sub("", lower), _SPLIT.sub(" ", lower)}
    return {words for f in forms if (words := tuple(fold(m.group()) for m in _TOKEN.finditer(f)))}
