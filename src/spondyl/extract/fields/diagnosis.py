"""Diagnosis and primary site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient
from spondyl.extract.tumours import Mention, mentions

__all__ = ["read"]

_WORD = re.compile(r"[a-z0-9]+")


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """The tumour (or the mimic) that the report is about, and where it began."""
    told = [m for s in patient.sentences for m in mentions(s)]
    best = _best(told)
    if best is None:
        return
    same = [m for m in told if m.concept == best]
    top = max(same, key=lambda m: m.weight)
    yield _found("diagnosis", best, top)
    site = _site(best, told, findings)
    if site is not None:
        yield site


def _best(told: list[Mention]) -> str | None:
    scores: dict[str, float] = {}
    for m in told:
        scores[m.concept] = scores.get(m.concept, 0.0) + m.weight
    if not scores:
        return None
    words = {c: frozenset(_WORD.findall(c)) for c in scores}
    total = {c: sum(v for other, v in scores.items() if words[other] <= words[c]) for c in scores}
    best = max(total, key=lambda c: (total[c], len(words[c])))
    return best if scores[best] >= 0.3 else None


def _found(field: str, value: str, m: Mention) -> Found:
    hits = [m.hit, m.site_hit] if m.site_hit is not None else [m.hit]
    start, end = min(h.start for h in hits), max(h.end for h in hits)
    return Found(field, value, m.sentence.block, start, end)


def _site(best: str, told: list[Mention], findings: Findings) -> Found | None:
    words = frozenset(_WORD.findall(best))
    family = [m for m in told if frozenset(_WORD.findall(m.concept)) <= words and m.site]
    stated = [m for m in family if m.stated]
    if stated:
        m = max(stated, key=lambda m: m.weight)
        return _found("primary_site", m.site, m)
    cord = next((f for f in findings.get("compartment", []) if f.value == "intramedullary"), None)
    m = next((m for m in told if m.concept == best), told[0])
    if m.hit.entry.row["class"] == "cns" and cord is not None:
        return Found(
            "primary_site", "spinal_cord", cord.block, cord.start, cord.end, certainty="derived",
            derivation=f"an intramedullary {best} begins in the cord",
        )  # fmt: skip
    if family:
        m = family[0]
        return _found("primary_site", m.site, m)._replace(
            certainty="derived", derivation=f"site implied by the name {best}"
        )
    return None
