"""The same paper given twice."""

from __future__ import annotations

from array import array
from typing import NamedTuple
from zlib import crc32

from spondyl.record import Paper

__all__ = ["Duplicates", "Fingerprint", "fingerprint"]

_KEPT = 128
_KEYS = 8
_SHINGLE = 4
_ALIKE = 0.9
_FEWEST_WORDS = 12
_MASK = (1 << 63) - 1


class Fingerprint(NamedTuple):
    """What is kept of a paper to know it again.

    Args:
        id: The paper's id.
        names: Its DOI and PMID.
        sketch: The 128 smallest hashes of its runs of four words, rising (1 kB).
    """

    id: str
    names: tuple[str, ...]
    sketch: array[int]


def fingerprint(paper: Paper) -> Fingerprint:
    """What is kept of a paper to know it again, far smaller than the paper.

    Args:
        paper: The paper; a DOI or PMID counts when it is the paper's own.

    Example:
        >>> from spondyl.read import text
        >>> fingerprint(text("A man of 61 years.", "a.txt")).names
        ()
    """
    known = (("doi", paper.doi), ("pmid", paper.pmid))
    names = tuple(f"{kind}:{value.casefold()}" for kind, value in known if value)
    return Fingerprint(paper.id, names, _sketch(paper.text))


class Duplicates:
    """Tells when a paper has been seen before: same DOI, same PMID, or nearly the same words.

    Two papers are the same when at least nine tenths of the runs of words in their fingerprints are shared.

    Source: bottom-k sketches, Broder 1997, doi:10.1109/SEQUEN.1997.666900.

    Example:
        >>> from spondyl.read import text
        >>> words = "A man of 61 years had a painful lesion of the fifth thoracic vertebra."
        >>> seen = Duplicates()
        >>> seen.seen(text(words, "a.txt")), seen.seen(text(words + " ", "b.txt")) is None
        (None, False)
    """

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._sketches: list[array[int]] = []
        self._named: dict[str, int] = {}
        self._by_hash: dict[int, list[int]] = {}

    def seen(self, paper: Paper | Fingerprint) -> str | None:
        """The id of an earlier paper that is the same, else `None`; the paper is remembered.

        Args:
            paper: The paper, or its fingerprint taken elsewhere.
        """
        name, names, sketch = paper if isinstance(paper, Fingerprint) else fingerprint(paper)
        found = next((self._named[n] for n in names if n in self._named), None)
        if found is None:
            found = self._alike(sketch)
        if found is None:
            found = self._remember(name, sketch)
            fresh = True
        else:
            fresh = False
        for one in names:
            self._named.setdefault(one, found)
        return None if fresh else self._ids[found]

    def _remember(self, name: str, sketch: array[int]) -> int:
        number = len(self._ids)
        self._ids.append(name)
        self._sketches.append(sketch)
        for value in sketch[:_KEYS]:
            self._by_hash.setdefault(value, []).append(number)
        return number

    def _alike(self, sketch: array[int]) -> int | None:
        tried: set[int] = set()
        hashes = frozenset(sketch)
        for value in sketch[:_KEYS]:
            for number in self._by_hash.get(value, ()):
                if number not in tried:
                    tried.add(number)
                    other = self._sketches[number]
                    if not _differ(hashes, other) and _similarity(sketch, other) >= _ALIKE:
                        return number
        return None


def _sketch(text: str) -> array[int]:
    """The smallest hashes of a text's runs of words, rising."""
    words = [*map(crc32, text.casefold().encode("utf-8", "replace").split())]
    if len(words) < _FEWEST_WORDS:
        return array("q", [hash(tuple(words)) & _MASK] if words else [])
    runs = {hash(run) & _MASK for run in zip(*(words[k:] for k in range(_SHINGLE)), strict=False)}
    if len(runs) > 8 * _KEPT:
        limit = _MASK // len(runs) * (2 * _KEPT)
        few = [h for h in runs if h < limit]
        runs = set(few) if len(few) >= _KEPT else runs
    return array("q", sorted(runs)[:_KEPT])


def _differ(hashes: frozenset[int], other: array[int]) -> bool:
    """Whether two long papers share too few hashes to be the same, which is quickly told."""
    if not len(hashes) == len(other) == _KEPT:
        return False
    return len(hashes.intersection(other)) < _ALIKE * _KEPT


def _similarity(a: array[int], b: array[int]) -> float:
    """Share of common runs among the smallest of both (an estimate of the Jaccard index)."""
    if not a or not b:
        return 0.0
    left, right = set(a), set(b)
    union = sorted(left | right)
    if len(a) >= _KEPT or len(b) >= _KEPT:
        union = union[:_KEPT]
    return sum(h in left and h in right for h in union) / len(union)
