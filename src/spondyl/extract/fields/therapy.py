"""Treatments, procedures and drugs, and how much of the tumour was removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.fields import extent
from spondyl.extract.fields.procedures import deeds, found
from spondyl.extract.found import Findings, Found
from spondyl.extract.mention import given
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

_AGENT_OF = re.compile(r" ?(?:\([^)]{0,40}\) ?)?(?:-based |based )?")
IRRADIATED = "radiation dose: a dose in Gy is radiotherapy"
NEAR = 60

_ACHES = re.compile(r"\b(?:pain|aches?|aching|discomfort|neuralgia|sciatica)\b[^.;]{0,40}$")
_RADIOTHERAPY = re.compile(r"radiother|\bc?gy\b|fraction|palliat|antalgic|analges|treat")


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Treatments given, procedures done, drugs taken, and how much of the tumour was removed."""
    procedures: list[Found] = []
    spoken_of: list[Found] = []
    for s in patient.sentences:
        for h in s.of("drug", "treatment"):
            if given(s, h):
                yield from _drug(s, h) if h.kind == "drug" else _treatment(s, h)
        if s.of("procedure", "site"):
            done = deeds(patient, s, findings)
            spoken_of += found(s, [d for d in done if d.refers])
            told = list(found(s, [d for d in done if not d.refers]))
            procedures += [f for f in told if f.field == "procedures"]
            yield from told
    if not any(f.value != "biopsy" for f in procedures):
        yield from spoken_of
    yield from _irradiated(findings)
    yield from extent.read(patient, {**findings, "procedures": procedures})


def _drug(s: Sentence, h: Hit) -> Iterator[Found]:
    note, group = h.entry.note, h.entry.row["class"]
    if group == "other":
        return
    if not _for_another_disease(s, h):
        yield _at("treatments", group, s, h)
    if "no-drugs" not in note:
        for name in h.concept.split("+"):
            yield _at("drugs", name, s, h)


def _treatment(s: Sentence, h: Hit) -> Iterator[Found]:
    if "weak" in h.entry.note or _of_agent(s, h) or _of_pain(s, h):
        return
    for name in h.concept.split("+"):
        yield _at("treatments", name, s, h)


def _of_pain(s: Sentence, h: Hit) -> bool:
    """Whether "irradiation" tells where a pain goes, not a treatment ("ache with dorsal irradiation")."""
    if not h.entry.term.startswith("irradiat"):
        return False
    return _ACHES.search(s.text[: h.start - s.start]) is not None and _RADIOTHERAPY.search(s.text) is None


def _for_another_disease(s: Sentence, h: Hit) -> bool:
    """Whether a cytotoxic drug is said to be given for a disease that is no tumour."""
    return h.entry.row["class"] == "chemotherapy" and any(
        "non-cancer" in x.entry.note and abs(x.start - h.start) <= NEAR for x in s.of("treatment")
    )


def _of_agent(s: Sentence, h: Hit) -> bool:
    """Whether "chemotherapy" only says what a targeted drug before it is ("imatinib chemotherapy")."""
    if h.concept != "chemotherapy":
        return False
    return any(
        x.end <= h.start
        and x.entry.row["class"] not in ("chemotherapy", "other")
        and _AGENT_OF.fullmatch(s.text, x.end - s.start, h.start - s.start)
        for x in s.of("drug")
    )


def _irradiated(findings: Findings) -> Iterator[Found]:
    for f in findings.get("radiation_dose_gy", ())[:1]:
        yield f._replace(field="treatments", value="radiotherapy", certainty="derived", derivation=IRRADIATED)


def _at(field: str, value: str, s: Sentence, h: Hit) -> Found:
    return Found(field, value, s.block, h.start, h.end)
