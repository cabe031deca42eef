"""Whether a term counts: abbreviations explained, blockers, and what the context takes back."""

from __future__ import annotations

import re

from spondyl.extract.document import Sentence
from spondyl.words.terms import Hit

__all__ = ["counts", "explained"]

OUT = frozenset({"negated", "planned", "refused", "family", "other"})
_CANCER = re.compile(r"cancer|carcinom|tumou?r|sarcom|metasta|malignan|neoplas|melanom|lymphom|myelom")


def counts(s: Sentence, h: Hit, out: frozenset[str] = OUT) -> bool:
    """Whether a hit is a statement of fact about the patient."""
    note = h.entry.note
    if not h.concept or "blocks" in note:
        return False
    if "needs-definition" in note and not explained(s, h):
        return False
    if "needs-cancer-context" in note and not _CANCER.search(s.text):
        return False
    return out.isdisjoint(s.flags(h.start, h.end))


def explained(s: Sentence, h: Hit) -> bool:
    """Whether the block explains an ambiguous abbreviation: "long name (ABBR)" with the long name meaning the same."""
    at = s.block.view.plain.find(f"({h.entry.term})")
    return at >= 0 and any(
        x.kind == h.kind and x.concept == h.concept and x is not h and 0 <= at - x.end <= 2 for x in s.block.hits
    )
