"""Presenting findings, and those that the paper denies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.mention import counts
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

OUT = frozenset({"negated", "family", "other", "planned", "possible"})
_PALPABLE = re.compile(
    r"palpa|felt|notic|present|complain|swelling|lump|examination|visible|painless|painful|tender|growing|firm|mobile|examin|self-"
)
_SPINAL = re.compile(
    r"spin|vertebr|cord|back|neck|lumbar|cervical|thoracic|dorsal|leg|limb|paraple|myel|conus|cauda|epidural"
)
_LIMB = re.compile(
    r"leg|arm|limb|extremit|foot|feet|hand|hip|knee|thigh|shoulder|side|lower|upper|bilateral|muscle|proximal|distal|grip"
)
_BONE = re.compile(r"bone|vertebr|fractur|femur|humer|rib|spin|skelet")
_CANCER = re.compile(r"cancer|carcinom|tumou?r|sarcom|metasta|malignan|myelom|lymphom|patholog")
_IMAGING = re.compile(
    r"\b(?:ct|mri|mr|computed|tomograph|magnetic|radiograph|x-ray|ultraso|sonograph|imaging|scan|endoscop|colonoscop|echo|mammogra|pet)"
)
_CONTEXT = {
    "needs-palpable-context": _PALPABLE,
    "needs-spinal-context": _SPINAL,
    "needs-limb-context": _LIMB,
    "needs-bone-context": _BONE,
    "needs-cancer-context": _CANCER,
}
_AFTERWARDS = re.compile(
    r"\b(?:postoperative|post-operative|after (?:surgery|the operation|operation|treatment|radiotherapy)|follow-?up|months? later|years? later|at discharge|improve|resolv|recover|regain|relie)"
)


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Findings at presentation or in the described course, and findings explicitly absent."""
    present: dict[str, Found] = {}
    denied: dict[str, Found] = {}
    for s in patient.sentences:
        for h in s.of("presentation"):
            if not h.concept or not _fits(s, h):
                continue
            flags = s.flags(h.start, h.end)
            for name in h.concept.split("+"):
                found = Found("presentation", name, s.block, h.start, h.end)
                if "denies" in h.entry.note:
                    if not flags & OUT and not _AFTERWARDS.search(s.text):
                        denied.setdefault(name, found._replace(field="denied"))
                elif "negated" in flags and not flags & {"family", "other"}:
                    if not _AFTERWARDS.search(s.text):
                        denied.setdefault(name, found._replace(field="denied"))
                elif "denied-only" not in h.entry.note and not flags & OUT:
                    present.setdefault(name, found)
    for name in ("paraplegia", "tetraplegia"):
        if name in present:
            present.setdefault(
                "motor_deficit",
                present[name]._replace(
                    value="motor_deficit", certainty="derived", derivation=f"{name} is a motor deficit"
                ),
            )
    yield from present.values()
    for name, found in denied.items():
        if name not in present:
            yield found


def _fits(s: Sentence, h: Hit) -> bool:
    note = h.entry.note
    if "blocks" in note or "doubtful" in note or "not-" in note:
        return False
    if not counts(s, h, frozenset()):
        return False
    for need, pattern in _CONTEXT.items():
        if need in note and not pattern.search(s.text):
            return False
    return not ("needs-palpable-context" in note and _IMAGING.search(s.text) and "palpa" not in s.text)
