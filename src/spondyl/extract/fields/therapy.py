"""Treatments, procedures, drugs and the extent of resection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.mention import counts
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

_OPERATED = re.compile(
    r"surg|operat|perform|underw|resect|excis|laminectom|carried out|done|fixation|decompress|screw|posterior|anterior|stabili"
)
_LIMB = re.compile(
    r"femur|femoral|humer|tibia|fibula|radius|ulna|limb|hip|knee|ankle|forearm|leg\b|arm\b|shaft|nail"
)
_SPINAL = re.compile(
    r"spin|vertebr|lamina|epidural|extradural|intradural|intramedull|cord|dura|cauda|sacr|paravertebral|myelotom|pedicle|conus|corpectom"
)
_EXTENT = re.compile(
    r"(?P<gross_total>\b(?:gross[- ]total|total(?:ly)?|complete(?:ly)?|entire(?:ly)?|in toto|radically|whole|r0|macroscopically complete|microscopically complete|completely and)\b)|"
    r"(?P<subtotal>\b(?:sub-?total(?:ly)?|near[- ]total|partial(?:ly)?|incomplete(?:ly)?|debulk(?:ing|ed)|r2|r1|cytoreducti(?:ve|on))\b)|"
    r"(?P<en_bloc>\ben[- ]?bloc\b)"
)
_RESECTED = re.compile(
    r"resect|excis|remov|extirpat|ablat|exeres|debulk|spondylectom|vertebrectom|enucleat|cytoreduc|surger|dissect"
)
_FREE = re.compile(
    r"\b(?:margins? (?:\w+ ){0,4}(?:were |was |being )?(?:\w+ )?(?:free|clear|negative|tumou?r[- ]free)|(?:negative|clear|free|tumou?r[- ]free) (?:surgical |resection |\w+ )?margins?|no (?:residual tumou?r|tumou?r could be seen))\b"
)
_LEFT = re.compile(
    r"\b(?:remnants?|residual (?:tumou?r|mass|lesion)|left behind|knowingly left|apart from a small|except for a small|small portion)\b"
)


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Treatments given, procedures done, drugs taken, and how much of the tumour was removed."""
    for s in patient.sentences:
        for h in s.of("drug", "treatment", "procedure"):
            if counts(s, h):
                yield from _one(patient, s, h, findings)
    yield from _extent(patient)


def _one(patient: Patient, s: Sentence, h: Hit, findings: Findings) -> Iterator[Found]:
    note, row = h.entry.note, h.entry.row
    if h.kind == "drug":
        if row["class"] != "other":
            yield _found("treatments", row["class"], s, h)
        if "no-drugs" not in note and row["class"] != "other":
            for name in h.concept.split("+"):
                yield _found("drugs", name, s, h)
    elif h.kind == "treatment":
        if "weak" not in note:
            for name in h.concept.split("+"):
                yield _found("treatments", name, s, h)
    else:
        name = _procedure(patient, s, h, findings)
        if name is None:
            return
        if row["treatment"]:
            yield _found("treatments", row["treatment"], s, h)
        if name:
            yield _found("procedures", name, s, h)


def _procedure(patient: Patient, s: Sentence, h: Hit, findings: Findings) -> str | None:
    """The procedure a hit names; "" for an operation without a name of its own, `None` where it does not count."""
    note = h.entry.note
    if "needs-operation" in note and not _OPERATED.search(s.text):
        return None
    if "doubtful" in note or "not-tumour-surgery" in note or "not-biopsy" in note:
        return None
    first, bar, second = h.concept.partition("|")
    if not bar:
        return first
    return first if _is_spinal(patient, s, h, findings) else second


def _is_spinal(patient: Patient, s: Sentence, h: Hit, findings: Findings) -> bool:
    """Whether an operation of either kind was on the spine: the nearest place named, else the sentence, else the case."""
    best: tuple[int, bool] | None = None
    for x in s.hits:
        if x.kind == "site":
            spinal = x.entry.row["kind"] == "spine"
        elif x.kind in ("region", "compartment"):
            spinal = True
        elif x.kind == "tumour" and x.entry.row["site"]:
            spinal = x.entry.row["site"] in ("spine", "spinal_cord")
            if x.entry.row["site"] == "bone":
                continue
        elif x.kind == "procedure" and x is not h and "|" not in x.concept and x.concept != "biopsy":
            spinal = x.entry.row["spinal"] == "yes"
        else:
            continue
        away = x.start - h.end if x.start >= h.end else h.start - x.end
        if best is None or away < best[0]:
            best = away, spinal
    for f in s.levels:
        away = f.start - h.end if f.start >= h.end else h.start - f.end
        if best is None or away < best[0]:
            best = away, True
    if best is not None:
        return best[1]
    return bool(findings.get("levels") or findings.get("compartment"))


def _found(field: str, value: str, s: Sentence, h: Hit) -> Found:
    return Found(field, value, s.block, h.start, h.end)


def _extent(patient: Patient) -> Iterator[Found]:
    best: tuple[float, Found] | None = None
    for s in patient.sentences:
        if not _RESECTED.search(s.text) and not _FREE.search(s.text):
            continue
        for value, start, end, weight in _extents(s):
            if not {"negated", "planned", "refused", "family", "other"}.isdisjoint(
                s.flags(s.start + start, s.start + end)
            ):
                continue
            weight += 3.0 if _SPINAL.search(s.text) else 0.0
            if best is None or weight > best[0]:
                best = weight, Found("resection_extent", value, s.block, s.start + start, s.start + end)
    if best is not None:
        yield best[1]


def _extents(s: Sentence) -> Iterator[tuple[str, int, int, float]]:
    text = s.text
    left = _LEFT.search(text)
    for m in _EXTENT.finditer(text):
        near = _RESECTED.search(text, max(0, m.start() - 40), m.end() + 45)
        if near is None:
            continue
        kind = str(m.lastgroup)
        if left and kind == "gross_total":
            yield "subtotal", left.start(), left.end(), 2.0
        else:
            start, end = min(m.start(), near.start()), max(m.end(), near.end())
            yield kind, start, end, {"en_bloc": 2.5, "subtotal": 2.2}.get(kind, 2.0)
    m2 = _FREE.search(text)
    if m2:
        yield "gross_total", m2.start(), m2.end(), 1.0
