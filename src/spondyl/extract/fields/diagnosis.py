"""Diagnosis and primary site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found, place
from spondyl.extract.organs import Place, names_an_organ, places
from spondyl.extract.patients import Patient
from spondyl.extract.tumours import Mention, composed, mentions
from spondyl.words.terms import Hit

__all__ = ["read"]

_WORD = re.compile(r"[a-z0-9]+")
_METASTATIC = re.compile(r"metasta\w+")
_BONE_SPREAD = re.compile(
    r"\b(?:bon[ey]|osseous|skeletal|vertebral|spinal) (?:[a-z]+ )?metasta\w+|\bmetasta\w+ (?:in|to|of) (?:the )?(?:bone|spine|[a-z]+ vertebra)"
)
_ON_BODY = re.compile(
    r"^ (?:of|on) (?:the|his|her) (?:[a-z]+ ){0,2}(?:back|trunk|sole|nail|heel|face|scalp)\b"
)
_DEPTH = re.compile(
    r"\bbreslow\b|\bclark'?s? level|\b(?:cutaneous|skin) (?:malignant )?melanoma|\bmelanoma (?:of the )?skin\b"
)
_GLIAL = re.compile(r"(?<!gan)glio(?!bastoma)|astrocytom|ependymom")
_UNKNOWN = re.compile(
    r"\bunknown (?:primary|origin)|\bprimary (?:tumou?r |site |origin )?(?:was |is |remained )?(?:unknown|not (?:found|identified))|"
    r"\bfailed to (?:reveal|identify|find|show|disclose) (?:the |any |a )?(?:[a-z]+ ){0,2}?(?:origin|primary)"
)
CARCINOMA_ELSEWHERE = frozenset(
    {
        "bone",
        "soft_tissue",
        "lymph_node",
        "brain",
        "liver",
        "adrenal",
        "peritoneum",
        "pleura",
        "spine",
        "meninges",
        "retroperitoneum",
        "mediastinum",
        "pelvis",
        "skin",
        "heart",
    }
)
"""Organs in which a carcinoma is more often a metastasis than at home."""
TOPIC = frozenset({"negated", "family"})
"""What the context may not say of a tumour that the paper as a whole is about."""
UNKNOWN_PRIMARY = "of unknown primary"
LIKELY, WEAK = 0.5, 0.3


class Verdict(NamedTuple):
    """The diagnosis chosen, the mention it rests on, and the organ that completed its name, if another sentence did."""

    name: str
    mention: Mention
    organ: Place | None = None


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """The tumour (or the mimic) that the report is about, and where it began."""
    told = [m for s in patient.sentences for m in mentions(s)]
    sites = list(places(patient.sentences))
    verdict = _verdict(told, sites)
    if verdict is None or verdict.mention.generic:
        about = [m for s in patient.about for m in mentions(s, TOPIC)] if not patient.alone else []
        wider = _verdict([m for m in about if not m.generic], []) if about else None
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


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(name))


def _scores(told: Iterable[Mention]) -> dict[str, float]:
    """What speaks for each diagnosis: its strongest mention, and ever less of the others and of its wider names."""
    mentions = list(told)
    out = {}
    for name in {m.concept for m in mentions}:
        words = _words(name)
        weights = sorted((m.weight for m in mentions if _words(m.concept) <= words), reverse=True)
        out[name] = sum(w * 0.5**k for k, w in enumerate(weights))
    return out


def _best(told: list[Mention]) -> tuple[str, float] | None:
    scores = _scores(told)
    own: dict[str, float] = {}
    for m in told:
        own[m.concept] = max(own.get(m.concept, 0.0), m.weight)
    firm = {c: v for c, v in scores.items() if own[c] >= LIKELY} or {
        c: v for c, v in scores.items() if v >= WEAK
    }
    if not firm:
        return None
    first = {m.concept: -k for k, m in reversed(list(enumerate(told)))}
    name = max(firm, key=lambda c: (round(firm[c], 6), len(_words(c)), first[c]))
    return name, firm[name]


def _verdict(told: list[Mention], sites: list[Place]) -> Verdict | None:
    """Choose among the tumours told of: a name with its organ before a histology alone, unless it is only history."""
    told = _found_out(told)
    named = _best([m for m in told if not m.generic])
    bare = _best([m for m in told if m.generic])
    if named is None and bare is None:
        return None
    if bare is not None:
        histology = max((m for m in told if m.generic and m.concept == bare[0]), key=lambda m: m.weight)
        whole = _completed(histology, told, sites)
        if named is None:
            return whole
        if named[0] == "carcinoma of unknown primary":
            return Verdict(bare[0], histology)
        if _rival(named, bare, whole, told):
            return whole
    assert named is not None
    strongest = max((m for m in told if m.concept == named[0]), key=lambda m: m.weight)
    return _with_cell_type(Verdict(named[0], strongest), told)


def _found_out(told: list[Mention]) -> list[Mention]:
    """The tumours told of, without the unknown primary where another sentence knows it."""
    known = any(
        not m.generic
        and m.concept.endswith("carcinoma")
        and m.role in ("told", "final")
        and m.weight >= LIKELY
        and m.hit.entry.row["site"] != "unknown"
        for m in told
    )
    return [m for m in told if not known or not m.concept.endswith(UNKNOWN_PRIMARY)]


def _rival(named: tuple[str, float], bare: tuple[str, float], whole: Verdict, told: list[Mention]) -> bool:
    """Whether a histology is another tumour than the one named, and the one the report is about."""
    past = all(m.role in ("history", "suspected") and not m.spread for m in told if m.concept == named[0])
    if whole.organ is not None and whole.name != named[0]:
        return past and bare[1] > named[1]
    same_kind = "carcinoma" in bare[0] and "carcinoma" in named[0]
    return not same_kind and bare[1] > 2 * named[1] and bare[0] != "carcinoma"


def _completed(m: Mention, told: list[Mention], sites: list[Place]) -> Verdict:
    """A histology with the organ in which the tumour sits, where the text gives one that can be its origin."""
    for k in _ranked(sites):
        if "carcinoma" in m.concept and k.site in CARCINOMA_ELSEWHERE:
            continue
        if k.site in ("lymph_node", "spine", "meninges"):
            continue
        name = (
            composed(m.hit.entry.note, k.hit)
            if k.hit.kind == "site"
            else f"{m.concept} of {k.site.replace('_', ' ')}"
        )
        if name is not None and "with:" in m.hit.entry.note:
            return Verdict(name, m, k)
    return Verdict(m.concept, m)


def _with_cell_type(v: Verdict, told: list[Mention]) -> Verdict:
    """A carcinoma of an organ that is said elsewhere to be of squamous cells takes that into its name."""
    cell = next((m for m in told if m.generic and m.concept.startswith("squamous") and m.weight >= 1), None)
    if cell is None or not v.name.endswith(" carcinoma") or "squamous" in v.name:
        return v
    organ = v.mention.site_hit or v.mention.hit
    name = composed(cell.hit.entry.note, organ) if organ.kind == "site" else None
    if name is None and v.mention.site and v.name == f"{v.mention.site} carcinoma":
        name = f"squamous cell carcinoma of {v.mention.site}"
    if name is None:
        return v
    return Verdict(name, cell, Place(v.mention.site, 1.0, v.mention.sentence, organ.start, organ.end, organ))


def _ranked(sites: list[Place]) -> list[Place]:
    """The first place of each organ, the organ with most said for it first."""
    total: dict[str, float] = {}
    for k in sites:
        total[k.site] = total.get(k.site, 0.0) + k.weight
    first: dict[str, Place] = {}
    for k in sorted(sites, key=lambda k: -k.weight):
        first.setdefault(k.site, k)
    order = {site: n for n, site in enumerate(dict.fromkeys(k.site for k in sites))}
    return sorted(first.values(), key=lambda k: (-round(total[k.site], 6), order[k.site]))


def _diagnosis(v: Verdict) -> Found:
    found = _found("diagnosis", v.name, v.mention)
    if v.organ is None:
        return found
    return found._replace(
        more=((v.organ.sentence.block, v.organ.start, v.organ.end),),
        certainty="derived",
        derivation=f"histology with organ: {v.mention.concept} of a tumour of the {v.organ.site.replace('_', ' ')}",
    )


def _found(field: str, value: str, m: Mention) -> Found:
    hits: list[Hit] = [m.hit, m.site_hit] if m.site_hit is not None else [m.hit]
    start, end = min(h.start for h in hits), max(h.end for h in hits)
    return Found(field, value, m.sentence.block, start, end)


def _site(v: Verdict, told: list[Mention], sites: list[Place], findings: Findings) -> Found | None:
    """Where the tumour began: by its name, by the words next to it, by its compartment, by the organ with the mass."""
    m = v.mention
    if v.organ is not None:
        return _from_place(v.organ, "organ of the tumour")
    if m.hit.entry.row["class"] == "mimic":
        return None
    words = _words(v.name)
    family = [x for x in told if _words(x.concept) <= words and x.site and x.role != "suspected"]
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
    words = _words(v.name)
    spread = any(m.spread for m in told if _words(m.concept) <= words)
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
    for k in _ranked(sites):
        if (
            k.site not in barred
            and (not spread or k.weight >= 2)
            and not (in_bone and k.site == "soft_tissue")
        ):
            return _from_place(k, "organ of the tumour")
    return _from_finding(in_bone, "bone", f"a {v.name} of the vertebra begins in bone") if in_bone else None


def _skin(told: list[Mention]) -> Found | None:
    """The words that make a melanoma one of the skin: its depth, its mole, the part of the body it grew on."""
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
    m = (
        _BONE_SPREAD.search(s.text)
        or ("metasta" in s.text and s.levels and _METASTATIC.search(s.text))
        or None
    )
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
