"""Diagnosis and primary site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found, place
from spondyl.extract.knowledge import guarded
from spondyl.extract.organs import Place, names_an_organ, places
from spondyl.extract.patients import Patient
from spondyl.extract.tumours import Mention, mentions
from spondyl.extract.verdict import CARCINOMA_ELSEWHERE, Verdict, choose, ranked, words_of
from spondyl.words.terms import Hit

__all__ = ["read"]

_METASTATIC = re.compile(r"metasta\w+")
_BONE_SPREAD = guarded(
    r"\b(?:bon[ey]|osseous|skeletal|vertebral|spinal) (?:[a-z]+ )?metasta\w+|\bmetasta\w+ (?:in|to|"
    r"of) (?:the )?(?:bone|spine|[a-z]+ vertebra)"
)
_ON_BODY = re.compile(
    r"^ (?:of|on) (?:the|his|her) (?:[a-z]+ ){0,2}(?:back|trunk|sole|nail|heel|face|scalp)\b"
)
_DEPTH = re.compile(
    r"\bbreslow\b|\bclark'?s? level|\b(?:cutaneous|skin) (?:malignant )?melanoma|"
    r"\bmelanoma (?:of the )?skin\b"
)
_GLIAL = re.compile(r"(?<!gan)glio(?!bastoma)|astrocytom|ependymom")
_UNKNOWN = re.compile(
    r"\bunknown (?:primary|origin)|\bprimary (?:tumou?r |site |origin )?(?:was |is |remained )?(?:unknown|"
    r"not (?:found|identified))|"
    r"\bfailed to (?:reveal|identify|find|show|disclose) (?:the |any |a )?(?:[a-z]+ ){0,2}?(?:origin|primary)"
)
TOPIC = frozenset({"negated", "family"})
"""What the context may not say of a tumour that the paper as a whole is about."""


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """The tumour (or the mimic) that the report is about, and where it began."""
    told = [m for s in patient.sentences for m in mentions(s)]
    sites = list(places(patient.sentences))
    verdict = choose(told, sites)
    if verdict is None or verdict.mention.generic:
        about = [m for s in patient.about for m in mentions(s, TOPIC)] if not patient.alone else []
        wider = choose([m for m in about if not m.generic], []) if about else None
        if wider is not None and (verdict is None or wider.name.split()[-1] in verdict.name):
            verdict, told = wider, [*told, *about]
    if verdict is None:
        return
    yield _diagnosis(verdict)
    site = _site(verdict, told, sites, findings) or _by_place(
        verdict, told, sites, findings, patient.sentences
    )
    site = site or _unknown(verdict, told)
    if site is not None:
        yield site


def _diagnosis(v: Verdict) -> Found:
    found = _found("diagnosis", v.name, v.mention)
    if v.organ is None:
        return found
    organ = v.organ.site.replace("_", " ")
    return found._replace(
        more=((v.organ.sentence.block, v.organ.start, v.organ.end),),
        certainty="derived",
        derivation=f"histology with organ: {v.mention.concept}, tumour of the {organ}",
    )


def _found(field: str, value: str, m: Mention) -> Found:
    hits: list[Hit] = [m.hit, m.site_hit] if m.site_hit is not None else [m.hit]
    start, end = min(h.start for h in hits), max(h.end for h in hits)
    return Found(field, value, m.sentence.block, start, end)


def _site(v: Verdict, told: list[Mention], sites: list[Place], findings: Findings) -> Found | None:
    """Where the tumour began: by the organ that completed its name, by the name, by the words beside it."""
    m = v.mention
    if v.organ is not None:
        return _from_place(v.organ, "organ of the tumour")
    if m.hit.entry.row["class"] == "mimic":
        return None
    words = words_of(v.name)
    family = [x for x in told if words_of(x.concept) <= words and x.site and x.role != "suspected"]
    implied = [x for x in family if not x.stated]
    if implied and not m.generic:
        found = _found("primary_site", implied[0].site, implied[0])
        if names_an_organ(found.block.view.plain[found.start : found.end], implied[0].site):
            return found
        return found._replace(certainty="derived", derivation=f"site implied by the name {v.name}")
    if family:
        total: dict[str, float] = {}
        for x in family:
            total[x.site] = total.get(x.site, 0.0) + (x.weight + 2 * (x.role == "history"))
        best = max(total, key=lambda s: total[s])
        return _found(
            "primary_site", best, max((x for x in family if x.site == best), key=lambda x: x.weight)
        )
    return None


def _by_place(
    v: Verdict, told: list[Mention], sites: list[Place], findings: Findings, sentences: list[Sentence]
) -> Found | None:
    kind = v.mention.hit.entry.row["class"]
    words = words_of(v.name)
    spread = any(m.spread for m in told if words_of(m.concept) <= words)
    if kind == "mimic":
        return None
    compartment = {str(f.value): f for f in reversed(findings.get("compartment", []))}
    if not spread and "intramedullary" in compartment and kind in ("cns", "sarcoma", "benign"):
        return _from_finding(
            compartment["intramedullary"], "spinal_cord", f"an intramedullary {v.name} begins in the cord"
        )
    glial = _GLIAL.search(f"{v.name} {v.mention.hit.entry.note}") and not spread
    if glial and "intradural_extramedullary" in compartment and not any(k.site == "brain" for k in sites):
        return _from_finding(
            compartment["intradural_extramedullary"],
            "spinal_cord",
            f"an intradural {v.name} begins in the cord",
        )
    barred = frozenset({"lymph_node", "spine"}) | (
        CARCINOMA_ELSEWHERE if kind in ("carcinoma", "generic") else frozenset()
    )
    at_home = (
        not spread
        and (kind in ("sarcoma", "benign") or "plasmacytoma" in v.name)
        and not any(_seeded(s) for s in sentences)
    )
    in_bone = compartment.get("vertebral") if at_home else None
    skin = _skin(told) if kind == "melanoma" else None
    if skin is not None:
        return skin
    for k in ranked(sites):
        if (
            k.site not in barred
            and (not spread or k.weight >= 2)
            and not (in_bone and k.site == "soft_tissue")
        ):
            return _from_place(k, "organ of the tumour")
    return _from_finding(in_bone, "bone", f"a {v.name} of the vertebra begins in bone") if in_bone else None


def _skin(told: list[Mention]) -> Found | None:
    """The words that make a melanoma one of the skin: its depth, or the part of the body it grew on."""
    for m in told:
        s, end = m.sentence, m.hit.end - m.sentence.start
        if m.hit.entry.row["class"] != "melanoma":
            continue
        words = _ON_BODY.match(s.text[end : end + 60])
        part = next(
            (h for h in s.of("site") if h.start >= m.hit.end and h.entry.row["kind"] == "region"), None
        )
        if (
            words is None
            and part is not None
            and re.fullmatch(r" (?:of|on) (?:[a-z]+ ){1,3}", s.text[end : part.start - s.start])
        ):
            return Found(
                "primary_site",
                "skin",
                s.block,
                m.hit.start,
                part.end,
                certainty="derived",
                derivation="melanoma of a part of the body",
            )
        if words is not None:
            return Found(
                "primary_site",
                "skin",
                s.block,
                m.hit.start,
                m.hit.end + words.end(),
                certainty="derived",
                derivation="melanoma of a part of the body",
            )
    for block in dict.fromkeys(m.sentence.block for m in told):
        deep = _DEPTH.search(block.view.folded)
        if deep:
            return Found(
                "primary_site",
                "skin",
                block,
                deep.start(),
                deep.end(),
                certainty="derived",
                derivation="melanoma measured or seen in skin",
            )
    return None


def _seeded(s: Sentence) -> bool:
    """Whether a sentence says of the skeleton that it has metastases."""
    m = s.search(_BONE_SPREAD) or ("metasta" in s.text and s.levels and _METASTATIC.search(s.text)) or None
    return m is not None and "negated" not in s.flags(m.start() + s.start, m.end() + s.start)


def _from_place(k: Place, rule: str) -> Found:
    return Found(
        "primary_site",
        k.site,
        k.sentence.block,
        k.start,
        k.end,
        certainty="derived",
        derivation=f"{rule}: {k.site}",
    )


def _from_finding(f: Found, site: str, why: str) -> Found:
    block, start, end = place(f)
    return Found("primary_site", site, block, start, end, certainty="derived", derivation=why)


def _unknown(v: Verdict, told: list[Mention]) -> Found | None:
    """The words that no primary was found, for a histology without an organ."""
    if not v.mention.generic:
        return None
    for block in dict.fromkeys(m.sentence.block for m in told):
        m = _UNKNOWN.search(block.view.folded)
        if m:
            return Found("primary_site", "unknown", block, m.start(), m.end())
    return None
