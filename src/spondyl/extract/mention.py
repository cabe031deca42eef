"""Whether a term counts: abbreviations explained, blockers, and what the context takes back."""

from __future__ import annotations

import re

from spondyl.extract.document import Sentence
from spondyl.words.terms import Hit

__all__ = ["counts", "explained", "given", "of_findings"]

OUT = frozenset({"negated", "planned", "refused", "family", "other"})
OPENING = 20
"""A relative named in so many first letters of a sentence is what the sentence is about."""
_CANCER = re.compile(r"cancer|carcinom|tumou?r|sarcom|metasta|malignan|neoplas|melanom|lymphom|myelom")


NOT_GIVEN = OUT | {"not_given"}
_HYPOTHETIC = re.compile(
    r" ?(?:\w+ )?(?:would|might|may|should|will|can be|is an? (?:option|alternative)|are options)\b"
)
_OF_FINDING = re.compile(r" (?:any |further |clinical |radiological |other )?(?:evidence|signs?|symptoms?)\b")
_DONE = (
    r"(?:carried out|performed|done|given|undertaken|executed|accepted|administered|accomplished|started|"
    r"followed)\b"
)
_AND_DONE = re.compile(rf" ?,? and (?:then |subsequently |later |was |were )*{_DONE}")
_THIS_DONE = re.compile(
    rf"[^.;]{{0,60}}[;,] ?(?:and )?(?:this|it|which|these) (?:was|were|has been) (?:then )?{_DONE}"
)
_PLANNED_WITH = re.compile(
    r"\b(?:was|were|is|are|been) (?:planned|proposed|scheduled|considered|recommended|advised|suggested|"
    r"offered)"
    r" ?,? (?:as well as|together with|along with|followed by|with subsequent|in addition to)\b[^.;]{0,150}$"
)
_NOT_YET = re.compile(
    r"\b(?:referred|addressed|sent|transferred|oriented) to [^.,;]{0,60}?\bfor (?:[\w-]+ ){0,3}$|"
    r"\b(?:too [\w-]+|impossible|not possible|unable|attempts?|attempted) (?:at|to) (?:be )?(?:[\w-]+ ){0,3}$"
)
_SELF = re.compile(r"\b(?:she|he|the patient|our patient)\b")
_REFUSED_IT = re.compile(
    r"\b(?:refused|declined|rejected|did not (?:accept|want|wish|agree to|consent to)|turned)\b "
    r"(?:it|this|them|these|both|the (?:treatment|offer|option|procedure|therapy|proposal))\b"
)


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


def of_findings(s: Sentence) -> frozenset[Hit]:
    """The triggers that deny or normalise a finding, and say nothing of what was done."""
    if s.findings is None:
        s.findings = frozenset(
            t for t in s.triggers if "finding" in t.entry.note or _OF_FINDING.match(s.text, t.end - s.start)
        )
    return s.findings


def given(s: Sentence, h: Hit) -> bool:
    """Whether a treatment was given to the patient: not denied, planned, refused, kept in reserve.

    Words that deny or normalise a finding ("without evidence of disease", "biopsies were negative") leave
    what was done as it is.
    """
    note = h.entry.note
    if "needs-giving-context" in note and not _GIVING.search(s.text, *_around(s, h, 45)):
        return False
    if "needs-dose" in note and not _DOSED.match(s.text, h.end - s.start):
        return False
    if not counts(s, h, frozenset()):
        return False
    deaf = of_findings(s)
    planned = [t for t in s.triggers if t.concept == "planned"]
    if planned:
        this = _THIS_DONE.match(s.text, h.end - s.start) is not None
        deaf |= {t for t in planned if this or _AND_DONE.match(s.text, t.end - s.start)}
    if not NOT_GIVEN.isdisjoint(s.flags(h.start, h.end, deaf)):
        return False
    after = h.end - s.start
    before = h.start - s.start
    if _PLANNED_WITH.search(s.text, max(0, before - 220), before) or _NOT_YET.search(
        s.text, max(0, before - 110), before
    ):
        return False
    if any(t.concept == "family" and t.start - s.start < OPENING and t.end <= h.start for t in s.triggers):
        return _SELF.search(s.text, 0, before) is not None
    return not _HYPOTHETIC.match(s.text, after) and not _REFUSED_IT.search(s.text, after, after + 160)


_GIVING = re.compile(
    r"\bgy\b|received|underw|given|deliver|adjuvant|palliative|post|after|followed|f/b|complet|plus|\+|"
    r"course|fraction|"
    r"concurrent|treated|with|local|chest wall|whole|brain|spine|started|\bx ?\d|\d ?(?:#|fr)"
)
_DOSED = re.compile(r"[. ]{0,2}\d+(?:\.\d+)? ?(?:mg|mcg|g/|g\b|ug)")


def _around(s: Sentence, h: Hit, reach: int) -> tuple[int, int]:
    return max(0, h.start - s.start - reach), h.end - s.start + reach


def explained(s: Sentence, h: Hit) -> bool:
    """Whether the block explains an abbreviation: "long name (ABBR)", both meaning the same."""
    at = s.block.view.plain.find(f"({h.entry.term})")
    return at >= 0 and any(
        x.kind == h.kind and x.concept == h.concept and x is not h and 0 <= at - x.end <= 2
        for x in s.block.hits
    )
