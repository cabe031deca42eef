"""The lexicons of the engine, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spondyl.words.guards import Guards
from spondyl.words.terms import Entry, Terms
from spondyl.words.tsv import rows

__all__ = ["GUARDS", "LEXICONS", "guarded", "organs", "terms"]

GUARDS = Guards()
guarded = GUARDS.pattern
"""Makes a pattern that a sentence is searched for only where it holds a word the pattern needs."""

PACKAGE = "spondyl.extract.lexicons"
LEXICONS: dict[str, tuple[str, ...]] = {
    "tumours": ("tumour", "site", "class"),
    "sites": ("site", "metastasis", "carcinoma", "kind"),
    "drugs": ("drug", "class"),
    "markers": ("marker", "kind"),
    "procedures": ("procedure", "treatment", "spinal"),
    "treatments": ("treatment",),
    "presentations": ("presentation",),
    "functions": ("function",),
    "pain_places": ("place",),
    "context": ("context", "direction"),
    "compartments": ("compartment",),
    "level_cues": ("cue",),
    "regions": ("region",),
    "course": ("course",),
    "complications": ("complication",),
}
"""Lexicon file → kind of its entries, then the columns it has beside term, concept, language, source, note."""

CLINICAL = frozenset({"tumour", "site", "drug", "marker", "procedure", "treatment", "presentation"})
"""Kinds of one layer: the longest term wins, so that "breast" does not stand out of "breast cancer"."""

COMMON = ("term", "concept", "language", "source", "note")


def _entries() -> Iterator[Entry]:
    for name, (kind, *columns) in LEXICONS.items():
        for row in rows(PACKAGE, f"{name}.tsv", (*COMMON, *columns)):
            yield Entry(kind, row["concept"], row["term"], row, "clinical" if kind in CLINICAL else kind)


@cache
def terms() -> Terms:
    """All terms of all lexicons, ready to match."""
    return Terms(_entries())


@cache
def organs() -> dict[str, dict[str, str]]:
    """Organ → the procedure that removes it, and the primary site that the procedure treats."""
    return {row["term"]: row for row in rows(PACKAGE, "organs.tsv", ("term", "concept", "primary"))}


@cache
def genuine_rn() -> frozenset[str]:
    """Words in which "rn" is right, for mending OCR."""
    return frozenset(row["term"] for row in rows(PACKAGE, "ocr.tsv", ("term",)))
