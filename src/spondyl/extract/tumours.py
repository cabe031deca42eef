"""Tumour mentions: names composed with their organ, weighed by what the sentence does with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.knowledge import PACKAGE, guarded
from spondyl.extract.mention import explained
from spondyl.extract.shorthand import shorthand_hits
from spondyl.words.terms import Hit
from spondyl.words.tsv import rows

__all__ = ["Mention", "class_of", "composed", "mentions", "of_kin", "site_near"]

_HISTOLOGY = guarded(
    r"histolog|histopath|patholog(?!ic(?:al)?(?:ly)? (?:\w+ )?fractur)|biops|cytolog|immunohisto|"
    r"immuno-?stain|immunophenotyp|"
    r"molecular|cytogenet|microscop|specimen|fnac?\b|aspirat|autops|necrops|frozen section|paraffin"
)
_FINAL = re.compile(
    r"\b(?:final|definit(?:e|ive)|ultimate|eventual|correct|conclusive)(?:ly)?\b[^.;]{0,100}$|"
    r"\b(?:eventually|finally|ultimately) diagnosed[^.;]{0,40}$|"
    r"(?:^|[.;] ?)diagnos[ei]s ?: ?$|\bdiagnosis (?:of|was|is)(?: (?:an?|the))? ?(?:[a-z-]+ ){0,3}$"
)
_PROVED = re.compile(
    r"(?:confirm\w*|prove[dns]?|proven|proof of|establish\w*|conclu\w+|turned out|diagnostic of|"
    r"specific (?:to|for)|diagnosed (?:as|with))"
    r"[^.;,]{0,70}$"
)
_VERDICT = re.compile(
    r"(?:diagnos\w+|confirm\w*|prove[dns]?|proven|proof of|conclu\w+|establish\w*|identif\w+|turned out|"
    r"report\w* as|reveal\w*|"
    r"show\w*|yield\w*|gave|objectif\w*|depict\w*|evidenc\w*|demonstrat\w+|disclos\w+|found|consistent with"
    r"|compatible with|in keeping with|"
    r"contain\w*|reflect\w*|"
    r"specific (?:to|for)|diagnostic of|grew|(?:lesion|tumou?r|mass|nodule|specimen) (?:was|is)|"
    r"[:=>])[^.;]{0,80}$"
)
_VERDICT_AFTER = re.compile(
    r"^s?,? ?(?:\([^)]{0,40}\),? ?)?(?:was|were|is|had been|has been)? ?(?:then |finally |subsequently |"
    r"histologically )?"
    r"(?:diagnosed|confirmed|proven|established|isolated|grown|cultured|grew)\b"
)
_GREW = re.compile(r"^[^.;]{0,80}\b(?:proved|was|were|turned out|came back) (?:[a-z]+ )?positive\b")
_CASE = re.compile(r"\bcases? of (?:an? )?(?:[a-z-]+ ){0,5}$")
_DOUBTED = re.compile(
    r"\b(?:working|differential|pre-?operative|radiological|presumed|first|provisional|presumptive|initial"
    r"|preliminary|admission|clinical|tentative|"
    r"referral) diagnos[ei]s\b"
    r"(?!.{0,60}confirm)[^.;]{0,120}$|"
    r"\b(?:distinguish\w*|differentiation (?:of|between)|differentiat(?:e|ing)) [^.;]{0,80}$|"
    r"\b(?:investigated|evaluated|screened|worked up|tested) for (?:an? )?(?:[a-z-]+ ){0,3}$|"
    r"\b(?:referred|labell?ed|treated|regarded|read|interpreted) as (?:having )?(?:an? )?(?:[a-z-]+ ){0,3}$"
)
_DOUBTED_AFTER = re.compile(
    r"s?,? ?(?:\([^)]{0,30}\),? ?)?(?:was|were|had been|has been) (?:first |initially |clinically "
    r"|therefore |thus |at first )?"
    r"(?:suggested|suspected|considered|evoked|entertained|raised|proposed|presumed|excluded|ruled out"
    r"|discarded|questioned|"
    r"thought of|contemplated)\b(?! to be (?:the )?(?:primary|final|cause))"
)
_REPORTED = re.compile(
    r"\b(?:reported|described|observed|known|seen|used|effective) (?:previously )?(?:in|"
    r"for) (?:[a-z]+[ -]){0,4}$"
)
_CUE = guarded(
    r"diagnos|confirm|proved|proven|revealed|showed|case of|consistent with|known|identified|treated for|"
    r"suffer|grew|cultur"
)
_SUGGESTS = re.compile(
    r"(?:suggest\w*|indicat\w*|consistent with|compatible with|in favou?r of|favou?r\w*) (?:of )?[^.;]{0,40}$"
)
_OF_SPREAD = re.compile(
    r"(?:metasta\w+|secondar\w+|deposits?|dissemination|carcinomatosis|spread)(?: (?:from|of|by|due to|"
    r"arising from|originating from))?"
    r"(?: (?:an?|the|his|her|this|known|primary|previous))* ?(?:[a-z-]+ ){0,3}$|"
    r"\bmetasta\w+ [^.;,]{0,45} (?:from|of) (?:an? |the |his |her |known )?(?:[a-z-]+ ){0,2}$"
)
_SPREADS = re.compile(
    r"^,? ?(?:(?:which|that|had|has|was|were|is|with|and|cells?|,) ?){0,3}(?:[a-z-]+ )?metasta"
)
_SPREAD = re.compile(r"metasta|secondar|deposit|dissemin")
_NOT_A_DIAGNOSIS = re.compile(
    r"^s?(?: |-)(?:chemotherapy |treatment |type )?(?:regimen|protocol|screening|surveillance|cell lines?|"
    r"risk|marker|antigen|"
    r"predisposition|centre|center|unit|registr)|^ \d{1,3}(?:[,;.]|$| \()|^ \(\d+(?: ?%|/)"
)
_COMPLICATION = re.compile(
    r"\b(?:secondary|coexist\w+|incidental\w*|an old|complicated by|complications? (?:of|was|were|included|"
    r"such as)|drainage of|evacuation of|background of|underlying|wound|surgical|"
    r"postoperative) (?:[a-z-]+ ){0,2}$"
)
_IN_IT = re.compile(
    r"\b(?:in|within|from|beneath|on|arising|with) (?:an?|the|old|pre-?existing|[a-z-]+,? ){0,4}$"
)
_HAD = re.compile(
    r"^,? ?(?:[a-z]+ )?(?:had|has|have|died|was|were|is|suffered|developed)\b(?!.*\b(?:he|she|patient|"
    r"who)\b)[^.;]{0,70}$"
)
_OURS = guarded(
    r"\b(?:cases? of|report|describ|present|our|two|three|these|both)\b[^.;]{0,50}\b(?:patients?|cases)\b"
)
_GAP_BEFORE = re.compile(
    r"^[ -]?(?:(?!from|of|and|or|with|without|to|in|by|but|metast)[a-z]+[ -]){0,2}$|^[ -]?$"
)
_GAP_AFTER = re.compile(
    r"^,? ?(?:\([^)]{1,40}\),? ?)?(?:(?:grade|stage|type)[^,;.]{0,14})?(?:[\d.]+ ?[cm]m ?)?"
    r"(?:primary|primarily|arising|aris[ei]n|originating|originated|located|localized|developing|occurring|"
    r"situated|confined|limited|of \d+ [cm]m|,| )*"
    r" ?(?:of|in|from|within|at|involving|affecting|on|to) (?:the |his |her |a |both |an )?(?:[a-z-]+ ){0,3}$"
)
_SIDE = re.compile(r"^ (?:of )?(?:the )?(?:right |left |r |l |\()?(?:r|l)?\)? ?$")
OUT = frozenset({"negated", "family", "other"})
NO_CARCINOMA = frozenset({"bone", "soft_tissue", "brain", "meninges", "heart", "lymph_node"})
"""Organs that no carcinoma begins in: one found there has come from elsewhere."""
_ORIGIN = re.compile(r" (?:origin|primary)\b")
ADVERBS = frozenset({"rarely", "frequently", "usually", "commonly", "typically"})
BENIGN, MIMIC, SECOND_HAND, SUSPECTED = 0.6, 0.35, 0.8, 0.15
FINAL, VERDICT, HISTOLOGY = 9.0, 5.0, 3.0


class Mention(NamedTuple):
    """A tumour named in a sentence.

    Args:
        concept: The diagnosis, composed with an organ where the words do so.
        site: The primary site that the words or the histology give, or "".
        stated: Whether the words (not the histology) give the site.
        weight: How strongly the sentence makes it this patient's diagnosis.
        role: "final", "told", "history" or "suspected".
        spread: Whether metastases are said to be of it.
        sentence: Where it stands.
        hit, site_hit: The places.
    """

    concept: str
    site: str
    stated: bool
    weight: float
    role: str
    spread: bool
    sentence: Sentence
    hit: Hit
    site_hit: Hit | None

    @property
    def generic(self) -> bool:
        """Whether it is a histology that an organ would complete."""
        return self.hit.entry.row["class"] == "generic" and self.concept == self.hit.concept


def mentions(s: Sentence, out: frozenset[str] = OUT) -> Iterator[Mention]:
    """The tumours a sentence names; abbreviations only where the paper, or a diagnosis, explains them.

    Args:
        s: The sentence.
        out: What the context may not say of a tumour that is to count.
    """
    for h in shorthand_hits(s):
        if not _named(s, h):
            continue
        flags = _flags(s, h)
        if not out.isdisjoint(flags):
            continue
        row = h.entry.row
        site_hit = site_near(s, h) if not row["site"] or row["class"] == "generic" else None
        concept = h.concept
        if site_hit is not None:
            whole = composed(h.entry.note, site_hit)
            if whole and whole.endswith("carcinoma") and site_hit.concept in NO_CARCINOMA:
                whole, site_hit = None, None
            concept = whole or concept
        elif "only-composed" in h.entry.note:
            continue
        weight, role, spread = _weight(s, h, flags)
        site = site_hit.concept if site_hit is not None else row["site"]
        yield Mention(concept, site, site_hit is not None, weight, role, spread, s, h, site_hit)


def _named(s: Sentence, h: Hit) -> bool:
    """Whether a hit names a diagnosis: not a regimen named after it, a count, an unexplained abbreviation."""
    text, end = s.text, h.end - s.start
    if _NOT_A_DIAGNOSIS.match(text[end : end + 40]) or _REPORTED.search(
        text[max(0, h.start - s.start - 60) : h.start - s.start]
    ):
        return False
    if "needs-definition" not in h.entry.note or h.last == 0 or explained(s, h):
        return True
    return "diagnos" in text and re.search(r"tumou?r|mass|lesion|resect|biops|specimen", text) is not None


def _flags(s: Sentence, h: Hit) -> frozenset[str]:
    """What the context does to a tumour; a stain's "negative" does not deny it, nor do plans and refusals."""
    if not s.triggers:
        return frozenset()
    if of_kin(s, h.start):
        return frozenset({"family"})
    markers = s.of("marker")
    deaf = {
        t
        for t in s.triggers
        if t.start >= h.end
        and t.concept == "negated"
        and any(h.end <= x.start < t.start or t.end <= x.start <= t.end + 6 for x in markers)
    }
    if s.search(_HISTOLOGY):
        deaf |= {t for t in s.triggers if t.concept == "other" and t.entry.term in ADVERBS}
    deaf |= {
        t for t in s.triggers if t.concept == "possible" and s.text.startswith(" diagnosed", t.end - s.start)
    }
    deaf |= {
        t
        for t in s.triggers
        if t.concept == "possible" and s.text.startswith(" be diagnosed", t.end - s.start)
    }
    if s.search(_OURS):
        deaf |= {
            t
            for t in s.triggers
            if t.entry.term in ("patients with", "of patients", "of cases", "in patients")
        }
    return s.flags(h.start, h.end, frozenset(deaf))


def of_kin(s: Sentence, start: int) -> bool:
    """Whether a relative is the one who has what stands at a place ("her mother had …")."""
    return any(
        t.concept == "family" and t.end <= start and _HAD.match(s.text[t.end - s.start : start - s.start])
        for t in s.triggers
    )


def _weight(s: Sentence, h: Hit, flags: frozenset[str]) -> tuple[float, str, bool]:
    """How strongly a sentence makes a tumour the diagnosis, in which role, and whether it has spread."""
    text, at, end = s.text, h.start - s.start, h.end - s.start
    before = text[max(0, at - 130) : at]
    spread = bool(_OF_SPREAD.search(before[-70:]) or _SPREADS.match(text[end : end + 50]))
    seen = s.search(_HISTOLOGY) is not None
    grew = h.entry.row["class"] == "mimic" and _GREW.match(text[end : end + 110]) is not None
    possible = "possible" in flags and not grew
    if (
        (possible and not (seen and _SUGGESTS.search(before)))
        or _DOUBTED.search(before)
        or _DOUBTED_AFTER.match(text, end)
    ):
        return SUSPECTED, "suspected", spread
    told_after = _VERDICT_AFTER.match(text[end : end + 80])
    role = "told"
    if "historical" in flags:
        weight, role = SECOND_HAND, "history"
    elif _FINAL.search(before) and not possible:
        weight, role = FINAL, "final"
    elif (
        told_after
        or grew
        or _PROVED.search(before)
        or (
            _VERDICT.search(before)
            and (seen or "diagnos" in text or "culture" in text or "grew" in text or "conclu" in text)
        )
    ):
        weight, role = VERDICT, "final"
    else:
        weight = HISTOLOGY if seen or _CASE.search(before) else 2.0 if s.search(_CUE) else 1.0
    if possible:
        weight, role = min(weight, 1.5), "told"
    if possible is False and text[at - 1 : at] == "(" and text[at:end].endswith("syndrome"):
        weight *= 1.1  # "… (Mazabraud's syndrome)" names the whole of what stands before it
    weight += 2.0 * spread + 2.0 * (s.kind == "title")
    if _COMPLICATION.search(before[-40:]):
        weight *= 0.4
    return weight * _gravity(h, role, weight), role, spread


def _gravity(h: Hit, role: str, weight: float) -> float:
    """What a class of disease weighs beside a malignant tumour."""
    kind = h.entry.row["class"]
    if kind == "mimic":
        return 1.0 if role == "final" else MIMIC
    return BENIGN if kind == "benign" and weight < FINAL else 1.0


def site_near(s: Sentence, h: Hit) -> Hit | None:
    """The organ that the words next to a tumour name give it, or `None`; the words before it come first."""
    text, shift = s.text, s.start
    after: Hit | None = None
    for site in s.of("site"):
        if site.entry.row["kind"] in ("spine", "node") or not site.concept:
            continue
        if site.end <= h.start:
            gap = text[site.end - shift : h.start - shift]
            lead = text[max(0, site.start - shift - 16) : site.start - shift]
            if len(gap) < 30 and _GAP_BEFORE.match(gap) and not _SPREAD.search(gap + lead):
                return site
        elif site.start >= h.end and after is None:
            gap = text[h.end - shift : site.start - shift]
            lead = text[max(0, h.start - shift - 30) : h.start - shift]
            tail = text[site.end - shift : site.end - shift + 10]
            of_origin = _ORIGIN.match(tail) is not None
            if _SPREAD.search(lead) and not lead.endswith("primary ") and not of_origin:
                continue
            if len(gap) < 70 and (_GAP_AFTER.match(gap) or _SIDE.match(gap)) and not _SPREAD.search(gap):
                after = site
    return after


def composed(note: str, site: Hit) -> str | None:
    """The diagnosis that a histology makes with an organ, as its lexicon row says.

    Args:
        note: The note of the histology's row ("with:{organ} carcinoma").
        site: The organ.
    """
    m = re.search(r"with:([^;]+)", note)
    if m is None:
        return None
    pattern = m[1].strip()
    special = re.search(r"squamous:([^;]+)", site.entry.note)
    if pattern.startswith("squamous") and special:
        return special[1].strip()
    if pattern in ("{organ} carcinoma", "{carcinoma}") and site.entry.row["carcinoma"]:
        return site.entry.row["carcinoma"]
    pattern = pattern.replace("{carcinoma}", "{organ} carcinoma")
    name = re.search(r"name:([^;]+)", site.entry.note)
    organ = name[1].strip() if name else site.concept.replace("_", " ")
    return pattern.replace("{organ}", organ)


@cache
def _classes() -> dict[str, str]:
    columns = ("term", "concept", "language", "source", "note", "site", "class")
    return {row["concept"]: row["class"] for row in rows(PACKAGE, "tumours.tsv", columns)}


def class_of(diagnosis: str) -> str:
    """The class of a diagnosis: "carcinoma" (also for names composed with an organ), "sarcoma", "mimic", …

    Example:
        >>> class_of("leiomyosarcoma"), class_of("squamous cell carcinoma of rectum")
        ('sarcoma', 'carcinoma')
    """
    return _classes().get(diagnosis, "sarcoma" if diagnosis.endswith("sarcoma") else "carcinoma")
