"""Complications of treatment, and the margins of a resection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.mention import NOT_GIVEN, given
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

_AFTERWARDS = guarded(
    r"post-?operativ|complicat|perioperativ|intraoperativ|side effect|adverse|toxicit|"
    r"after (?:the |this |her |his |second |first )?(?:surgery|operation|procedure|laminectomy|chemotherapy|"
    r"radiotherapy|irradiation)|"
    r"\b(?:days?|weeks?) (?:later|after)|\bon (?:the )?(?:\w+ )?day\b|developed|followed by|required|suffered"
)
_DIED_OF = re.compile(r"\b(?:died|succumb\w+|death|expired|passed away)\b[^.;]{0,40}$")
_MARGIN = re.compile(
    r"\b(?P<r>r[012]) (?:resection|excision|removal|margin|status)|\b(?:resection|excision|"
    r"removal)s? \(?(?P<r2>r[012])\b|"
    r"\bmargins? (?:[\w-]+ ){0,5}?(?P<a>free|clear|negative|uninvolved|not involved|clean|positive|involved|"
    r"tumou?r[- ]free|close)\b|"
    r"\b(?P<b>negative|clear|free|clean|uninvolved|tumou?r[- ]free|positive|involved|close) (?:surgical |"
    r"resection |\w+ )?margins?\b"
)
_VALUE = {"positive": "positive", "involved": "positive", "close": "close"}
RESIDUE = ("r0", "r1", "r2")
OUT = NOT_GIVEN | {"historical", "possible"}


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Complications told after a treatment, and margins as they are told."""
    treated = False
    for s in patient.sentences:
        if s.kind == "title":
            continue
        treated = treated or any(given(s, h) for h in s.of("treatment", "procedure", "drug"))
        if treated:
            yield from (_found(s, h) for h in s.of("complication") if _complicates(s, h))
        if "margin" in s.text or " r0" in s.text or " r1" in s.text or " r2" in s.text:
            yield from _margins(s)


def _complicates(s: Sentence, h: Hit) -> bool:
    """Whether a term is a complication: one that only treatment causes, or one told of the time after it."""
    if not OUT.isdisjoint(s.flags(h.start, h.end)) or _DIED_OF.search(s.text, 0, h.start - s.start):
        return False
    return "of-treatment" in h.entry.note or s.search(_AFTERWARDS) is not None


def _found(s: Sentence, h: Hit) -> Found:
    return Found("complications", h.concept, s.block, h.start, h.end)


def _margins(s: Sentence) -> Iterator[Found]:
    for m in _MARGIN.finditer(s.text):
        word = m["r"] or m["r2"] or m["a"] or m["b"]
        value = word.upper() if word in RESIDUE else _VALUE.get(word, "negative")
        if " not " in m.group() and word not in ("not involved", *RESIDUE):
            value = "positive" if value == "negative" else "negative"
        yield Found("margin", value, s.block, s.start + m.start(), s.start + m.end())
