"""Grades and figures that triage asks for: ESCC, Frankel, ASIA, FNCLCC, serum calcium, a deficit that progresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient

__all__ = ["read"]

OUT = frozenset({"negated", "family", "other", "planned", "possible", "historical"})
_JOIN = r"(?:[ ,:=(]{1,2}(?:grade|scale|score|type|class|impairment|of|was|is|as)\b|\)){0,4}[ ,:=(]{0,2}"
_GRADED = {
    "escc": re.compile(
        rf"\b(?:ESCC|[Bb]ilsky|[Ee]pidural [Ss]pinal [Cc]ord [Cc]ompression){_JOIN}(?P<v>0|1[abc]|2|3)\b"
        r"(?![./]\d| ?(?:%|mm|cm|months|weeks|patients|cases))"
    ),
    "frankel": re.compile(rf"\b[Ff]rankel{_JOIN}(?P<v>[A-E])\b(?![.’'-]?[A-Za-z])"),
    "asia": re.compile(rf"\b(?:ASIA|AIS){_JOIN}(?P<v>[A-E])\b(?![.’'-]?[A-Za-z])"),
    "tumour_grade": re.compile(rf"\bFNCLCC{_JOIN}(?P<v>[123])\b(?![./]\d)"),
}
_CALCIUM = re.compile(
    r"(?<!ionised )(?<!ionized )\bcalcium(?: (?:level|concentration|of|was|is|at|to|elevated|raised|value)){0,4}"
    r"[ :=]{1,2}(?P<v>\d[.]\d{1,2}) ?mmol ?/ ?l\b"
)
_DEFICIT = (
    r"(?:weakness|(?:para|tetra|quadri|hemi|mono)?paresis|(?:para|tetra|quadri|hemi)plegia|myelopathy"
    r"|motor (?:deficits?|loss)|neurological? (?:deficits?|impairment|deterioration|decline|symptoms|worsening))"
)
_COURSE = re.compile(
    rf"\b(?:progressive(?:ly)?|progressing|worsening|deteriorating|increasing)\b(?: [\w-]+){{0,3}}? {_DEFICIT}\b"
    rf"|\b{_DEFICIT}\b[^.;]{{0,40}}?\b(?:progressing|progressive|worsening|(?:has |had )?(?:progressed|worsened))\b"
)


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """The first value of each, which is that of the presentation."""
    seen: set[str] = set()
    for s in patient.sentences:
        for found in (*_grades(s), *_calcium(s), *_course(s)):
            if found.field not in seen:
                seen.add(found.field)
                yield found


def _found(s: Sentence, field: str, value: str | float, m: re.Match[str]) -> Found:
    return Found(field, value, s.block, s.start + m.start(), s.start + m.end())


def _fact(s: Sentence, m: re.Match[str]) -> bool:
    return OUT.isdisjoint(s.flags(s.start + m.start(), s.start + m.end()))


def _grades(s: Sentence) -> Iterator[Found]:
    text = s.text
    named = "escc" in text or "bilsky" in text or "frankel" in text or "asia" in text or "ais" in text
    if not (named or "fnclcc" in text or "epidural spinal cord" in text):
        return
    for field, pattern in _GRADED.items():
        m = pattern.search(s.plain)
        if m and _fact(s, m):
            yield _found(s, field, m["v"], m)


def _calcium(s: Sentence) -> Iterator[Found]:
    m = _CALCIUM.search(s.text) if "calcium" in s.text else None
    if m and _fact(s, m):
        yield _found(s, "calcium_mmol_l", float(m["v"]), m)


def _course(s: Sentence) -> Iterator[Found]:
    text = s.text
    if (
        "progress" not in text
        and "worsen" not in text
        and "deteriorat" not in text
        and "increasing" not in text
    ):
        return
    m = _COURSE.search(text)
    if m and _fact(s, m):
        yield _found(s, "deficit_course", "progressive", m)
