"""Metastases outside the spine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.organs import places
from spondyl.extract.patients import Patient
from spondyl.extract.spread import BONE_LESION, Spread, judged, named, staged
from spondyl.extract.tumours import class_of, mentions

__all__ = ["read"]

_SAMPLED = re.compile(r"\b(?:biops\w+|excision|fine[- ]needle|fnac?|core needle)\b")
_SWOLLEN = guarded(r"\b(?:lymph)?adenopath\w+|\b(?:enlarged|palpable|swollen) (?:[a-z]+ ){0,3}nodes?\b")
INNOCENT = frozenset({"benign", "mimic", "cns"})


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Metastatic sites other than the spine, each with the words for organ and for spread."""
    diagnosis = next((str(f.value) for f in findings.get("diagnosis", [])), "")
    kind = class_of(diagnosis) if diagnosis else ""
    if kind == "mimic":
        return
    primary = {str(f.value) for f in findings.get("primary_site", [])}
    malignant = bool(kind) and kind not in INNOCENT
    found = [x for x in _told(patient.sentences, malignant) if x.concept not in primary]
    if kind == "sarcoma":
        found = [x for x in found if x.rule != BONE_LESION]
    if not found and malignant and primary and "compartment" not in findings:
        found = list(_removed(patient, primary))
    for x in found:
        f = Found("other_metastases", x.category, x.sentence.block, x.start, x.end)
        yield f._replace(certainty="derived", derivation=f"{x.rule}: {x.category}") if x.rule else f


def _told(sentences: list[Sentence], malignant: bool) -> Iterator[Spread]:
    before: Sentence | None = None
    for s in sentences:
        yield from named(s)
        if malignant:
            yield from judged(s, before)
            yield from staged(s)
            if before is not None:
                yield from _sampled(before, s)
        before = s


def _sampled(before: Sentence, s: Sentence) -> Iterator[Spread]:
    """Swollen nodes of which the next sentence says that a biopsy found the tumour."""
    nodes = before.search(_SWOLLEN)
    if nodes is None or s.of("site") or not _SAMPLED.match(s.text):
        return
    start, end = nodes.start() + before.start, nodes.end() + before.start
    if "negated" not in before.flags(start, end) and any(m.role == "final" for m in mentions(s)):
        yield Spread(
            "lymph_node", "lymph_node", before, start, end, "swollen nodes with tumour in the biopsy"
        )


def _removed(patient: Patient, primary: set[str]) -> Iterator[Spread]:
    """The organ of the one mass of the report, where its histology is that of a metastasis from elsewhere."""
    if not any(m.spread and m.role == "final" for s in patient.sentences for m in mentions(s)):
        return
    named = (k for k in places(patient.sentences) if k.hit.kind == "site" and k.site not in primary)
    seats = [k for k in named if k.hit.entry.row["kind"] == "organ" and k.hit.entry.row["metastasis"]]
    if len({k.site for k in seats}) == 1:
        k = seats[0]
        rule = "organ of the mass that proved to be a metastasis"
        yield Spread(k.hit.entry.row["metastasis"], k.site, k.sentence, k.start, k.end, rule)
