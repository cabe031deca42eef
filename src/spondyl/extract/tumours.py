"""Tumour mentions: names composed with their organ, weighed by what the sentence does with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.mention import explained
from spondyl.words.terms import Hit

__all__ = ["Mention", "mentions", "site_near"]

_CUE = re.compile(
    r"diagnos|histolog|histopatholog|patholog|immunohisto|confirm|proved|proven|biops|revealed|showed|case of|consistent with|"
    r"specimen|known|identified|treated for|suffer"
)
_FINAL = re.compile(
    r"\b(?:final|definitive|definite|ultimate(?:ly)?|established|correct|eventual(?:ly)?|conclusive)\b[^.;]{0,40}|"
    r"\bdiagnosis (?:of|was|is|:)[^.;]{0,12}|diagnosed (?:as|with)[^.;]{0,25}|\b(?:confirmed|proved to be|turned out to be|concluded (?:to|as)|specific (?:to|for)|diagnostic of)[^.;]{0,40}"
)
_SECOND = re.compile(r"\b(?:history of|previous|prior|earlier|years ago|years before|years previously|treated for)\b")
_GAP_BEFORE = re.compile(r"^[ -]?(?:[a-z]+ ){0,2}$|^[ -]?$")
_GAP_AFTER = re.compile(
    r"^,? ?(?:\([^)]{1,25}\),? ?)?(?:(?:grade|stage|type)[^,;.]{0,14})?(?:arising|originating|originated|located|localized|developing|occurring|primary|situated)?"
    r" ?(?:of|in|from|within|at|involving|affecting) (?:the |his |her |a |both )?(?:[a-z-]+ ){0,3}$"
)
_SPREAD = re.compile(r"metasta|secondar|deposit|dissemin")
OUT = frozenset({"negated", "refused", "family", "other"})


class Mention(NamedTuple):
    """A tumour named in a sentence.

    Args:
        concept: The diagnosis, composed with an organ where the words do so.
        site: The primary site that the words or the histology give, or "".
        stated: Whether the words (not the histology) give the site.
        weight: How strongly the sentence makes it this patient's diagnosis.
        hit, site_hit: The places.
    """

    concept: str
    site: str
    stated: bool
    weight: float
    sentence: Sentence
    hit: Hit
    site_hit: Hit | None


def mentions(s: Sentence) -> Iterator[Mention]:
    """The tumours a sentence names, abbreviations only where the paper has explained them."""
    hits = s.of("tumour")
    for h in hits:
        if "needs-definition" in h.entry.note and not explained(s, h):
            continue
        weight = _weight(s, h)
        if weight <= 0:
            continue
        row = h.entry.row
        site_hit = site_near(s, h)
        concept = h.concept
        site, stated = row["site"], False
        if site_hit is not None:
            site, stated = site_hit.concept, True
            concept = _composed(h, site_hit) or concept
        elif "only-composed" in h.entry.note:
            continue
        if h.concept == "tumour":
            weight *= 0.1
        if row["class"] == "generic" and site_hit is None:
            weight *= 0.4
        yield Mention(concept, site, stated, weight, s, h, site_hit)


def _weight(s: Sentence, h: Hit) -> float:
    flags = s.flags(h.start, h.end)
    if not OUT.isdisjoint(flags):
        return 0.0
    text, at = s.text, h.start - s.start
    weight = 1.0
    if _CUE.search(text):
        weight += 1.0
    if s.kind == "title":
        weight += 2.0
    before = text[max(0, at - 60) : at]
    if _FINAL.search(before) and "possible" not in flags:
        weight += 4.0
    if _SPREAD.search(text[max(0, at - 20) : at + h.end - h.start + 15]):
        weight += 1.5
    if _SECOND.search(text) and "historical" in flags:
        weight *= 0.7
    if h.entry.row["class"] == "mimic":
        weight *= 0.4 if weight < 4 else 1.0
    return weight * (0.15 if "possible" in flags or "planned" in flags else 1.0)


def site_near(s: Sentence, h: Hit) -> Hit | None:
    """The organ that the words next to a tumour name give it, or `None`."""
    text, shift = s.text, s.start
    for site in s.of("site"):
        if site.entry.row["kind"] in ("spine", "node") or not site.concept:
            continue
        if site.end <= h.start:
            gap = text[site.end - shift : h.start - shift]
            lead = text[max(0, site.start - shift - 16) : site.start - shift]
            if len(gap) < 30 and _GAP_BEFORE.match(gap) and not _SPREAD.search(gap) and not _SPREAD.search(lead):
                return site
        elif site.start >= h.end:
            gap = text[h.end - shift : site.start - shift]
            if len(gap) < 60 and _GAP_AFTER.match(gap) and not _SPREAD.search(gap):
                return site
    return None


def _composed(h: Hit, site: Hit) -> str | None:
    note = h.entry.note
    m = re.search(r"with:([^;]+)", note)
    if m is None:
        return None
    pattern = m[1].strip()
    if pattern in ("{organ} carcinoma", "{carcinoma}") and site.entry.row["carcinoma"]:
        return site.entry.row["carcinoma"]
    pattern = pattern.replace("{carcinoma}", "{organ} carcinoma")
    name = re.search(r"name:([^;]+)", site.entry.note)
    organ = name[1].strip() if name else site.concept.replace("_", " ")
    return pattern.replace("{organ}", organ)
