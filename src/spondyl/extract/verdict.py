"""The tumour a report is about, chosen among all that its sentences name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from spondyl.extract.organs import Place
from spondyl.extract.tumours import Mention, composed

__all__ = ["CARCINOMA_ELSEWHERE", "Verdict", "choose", "ranked", "words_of"]

_WORD = re.compile(r"[a-z0-9]+")
CARCINOMA_ELSEWHERE = frozenset(
    ("bone", "soft_tissue", "lymph_node", "brain", "liver", "adrenal", "peritoneum", "pleura", "spine",
     "meninges", "retroperitoneum", "mediastinum", "pelvis", "skin", "heart")
)  # fmt: skip
"""Organs in which a carcinoma is more often a metastasis than at home."""
UNKNOWN_PRIMARY = "of unknown primary"
LIKELY, WEAK = 0.5, 0.3
"""The weight a mention needs to be chosen, and the sum that will do where none has it."""


class Verdict(NamedTuple):
    """A diagnosis chosen.

    Args:
        name: The diagnosis.
        mention: The mention it rests on.
        organ: The organ that completed its name, where another sentence gives it.
    """

    name: str
    mention: Mention
    organ: Place | None = None


def words_of(name: str) -> frozenset[str]:
    """The words of a diagnosis, by which a narrower name is known to include a wider one."""
    return frozenset(_WORD.findall(name))


def _scores(told: Iterable[Mention]) -> dict[str, float]:
    """What speaks for each diagnosis: its strongest mention, and ever less of the others."""
    mentions = list(told)
    out = {}
    for name in {m.concept for m in mentions}:
        words = words_of(name)
        weights = sorted((m.weight for m in mentions if words_of(m.concept) <= words), reverse=True)
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
    name = max(firm, key=lambda c: (round(firm[c], 6), len(words_of(c)), first[c]))
    return name, firm[name]


def choose(told: list[Mention], sites: list[Place]) -> Verdict | None:
    """Choose among the tumours: a name with its organ before a histology alone, unless it is only history."""
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
    """A histology with the organ in which the tumour sits, where that can be its origin."""
    for k in ranked(sites):
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


def ranked(sites: list[Place]) -> list[Place]:
    """The first place of each organ, the organ with most said for it first."""
    total: dict[str, float] = {}
    for k in sites:
        total[k.site] = total.get(k.site, 0.0) + k.weight
    first: dict[str, Place] = {}
    for k in sorted(sites, key=lambda k: -k.weight):
        first.setdefault(k.site, k)
    order = {site: n for n, site in enumerate(dict.fromkeys(k.site for k in sites))}
    return sorted(first.values(), key=lambda k: (-round(total[k.site], 6), order[k.site]))
