"""Where the tumour sits: organs with a mass, a tumour, a lesion, and the words for where it began."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.knowledge import LEXICONS, PACKAGE, guarded
from spondyl.words.terms import Entry, Hit, Terms, Tokens
from spondyl.words.tsv import rows

__all__ = ["Place", "names_an_organ", "places"]

_LESION = re.compile(
    r"\b(?:tumou?rs?|tumou?rous lesions?|mass(?:es)?|lesions?|neoplasms?|growth|nodule|polyp(?:oid)?|"
    r"malignancy|swelling|lump|thickening)\b"
)
_ANY = guarded(
    r"tumo|mass|lesion|neopl|growth|nodule|polyp|malignan|swelling|lump|primary|arising|arose|originat|"
    r"confined|thickening"
)
_ORIGIN = re.compile(
    r"\b(?:aris(?:ing|en|es)|arose|originat\w+|derived|confined|limited|primary(?: (?:tumou?r|site|lesion|"
    r"cancer))?)\b"
    r" (?:[\w-]+ ){0,2}?(?:in|from|of|to|within|at|was|is) (?:the |his |her |an? )?(?:[\w-]+ ){0,3}$"
)
_GAP_BEFORE = re.compile(r"^(?: (?!of|in|from|to|and|or|with|for|by|on)[a-z-]+){0,2} ?$")
_GAP_AFTER = re.compile(
    r"^s?,? ?(?:\([^)]{1,40}\),? ?)?(?:of [\d.]+[\d.x× ]* ?[cm]m )?(?:(?!from|to|and|or|of|but|"
    r"metast)[\w.,-]+ ){0,11}?"
    r"(?:of|in|at|on|involving|within|occupying|affecting|replacing|filling|from|over) (?:(?!and|with|to"
    r"|from)[\w-]+ ){0,6}$"
)
_PASSING = re.compile(r"involvement|exten[ds]|invasion|invad|compress|infiltrat|abut|adjacent|displac")
_CALLED = re.compile(
    r"\b(?:consistent|compatible|in keeping) with (?:[a-z]+ ){0,3}metasta|\b(?:likely|considered|"
    r"interpreted as) (?:[a-z]+ ){0,3}metasta"
)
_AFTER_PRIMARY = re.compile(r"^ (?:as the )?(?:primary|origin)\b")
_SPREAD = re.compile(r"metasta|secondar|deposit|dissemin")
OUT = frozenset({"negated", "family", "other"})


class Place(NamedTuple):
    """An organ in which the tumour is said to sit.

    Args:
        site: The primary site it would be.
        weight: How much the words say for it; 3 where they speak of the origin.
        sentence: Where it stands.
        start, end: The words for lesion and organ.
        hit: The organ, or the tumour that is named after it ("soft tissue tumour").
    """

    site: str
    weight: float
    sentence: Sentence
    start: int
    end: int
    hit: Hit


def places(sentences: Iterable[Sentence]) -> Iterator[Place]:
    """The organs in which a patient's tumour is said to sit, in order."""
    for s in sentences:
        if not s.has(_ANY):
            continue
        for h in s.of("tumour"):
            if h.entry.row["class"] == "generic" and h.entry.row["site"] and _stands(s, h):
                yield Place(h.entry.row["site"], 1.0, s, h.start, h.end, h)
        named = [*s.of("site"), *_in_complaints(s)]
        sites = [h for h in named if h.concept and h.entry.row["kind"] not in ("spine", "node")]
        for h in sites:
            found = _place(s, h)
            if found is not None and _stands(s, h):
                yield found


def _stands(s: Sentence, h: Hit) -> bool:
    return OUT.isdisjoint(s.flags(h.start, h.end)) and not _SPREAD.search(
        s.text[max(0, h.start - s.start - 25) : h.start - s.start]
    )


@cache
def _organ_terms() -> Terms:
    columns = LEXICONS["sites"][1:]
    table = rows(PACKAGE, "sites.tsv", ("term", "concept", "language", "source", "note", *columns))
    return Terms(Entry("site", row["concept"], row["term"], row) for row in table)


def names_an_organ(words: str, site: str) -> bool:
    """Whether words name an organ ("lung cancer" names the lung, "hepatocellular carcinoma" names none).

    Example:
        >>> names_an_organ("Breast cancer", "breast"), names_an_organ("osteosarcoma", "bone")
        (True, False)
    """
    return any(h.concept == site for h in _organ_terms().find(words, Tokens(words.lower())))


def _in_complaints(s: Sentence) -> Iterator[Hit]:
    """The organs within complaints that name one ("breast lump")."""
    for h in s.of("presentation"):
        if "mass" in h.concept and h.last > h.first:
            words = s.block.view.plain[h.start : h.end]
            for x in _organ_terms().find(words, Tokens(words.lower())):
                yield Hit(x.entry, x.start + h.start, x.end + h.start, 0, 0)


def _place(s: Sentence, h: Hit) -> Place | None:
    text, a, b = s.text, h.start - s.start, h.end - s.start
    if _CALLED.search(text):
        return None
    spread = 0.2 if _SPREAD.search(text) else 1.0
    origin = _ORIGIN.search(text[max(0, a - 80) : a])
    if origin or _AFTER_PRIMARY.match(text[b : b + 20]):
        start = max(0, a - 80) + origin.start() if origin else a
        return Place(h.concept, 3.0 * spread, s, s.start + start, h.end, h)
    for m in _LESION.finditer(text):
        if m.start() >= b and _GAP_BEFORE.match(text[b : m.start()]):
            return Place(h.concept, spread, s, h.start, s.start + m.end(), h)
        if (
            m.end() <= a <= m.end() + 90
            and _GAP_AFTER.match(text[m.end() : a])
            and not _PASSING.search(text[m.end() : a])
        ):
            if _SPREAD.search(text[max(0, m.start() - 25) : a]):
                continue
            return Place(h.concept, spread, s, s.start + m.start(), h.end, h)
    return None
