"""Radiation dose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.mention import NOT_GIVEN, of_findings
from spondyl.extract.patients import Patient
from spondyl.record import Value
from spondyl.words.numbers import NUMBER, number

__all__ = ["read"]

_GY = guarded(
    rf"(?<![\d.,a-wyz])(?P<n>{NUMBER})(?: ?(?:to|-|/) ?(?P<high>{NUMBER}))?[ -]?(?P<unit>c?gy|centigrays?|"
    rf"grays?|rads?)\b"
    r"(?! ?(?:equivalent|eqd|bed)\b)"
    r"(?P<per> ?(?:/ ?(?:day|fraction|fx?|session|d|f)\b|(?:per|each|a|every) (?:daily )?(?:fraction|day|"
    r"session|fx|sitting)|"
    r"daily|(?:daily )?fractions? of|(?:daily )?fractions\b(?! ?\())\b)?"
)
_TIMES = re.compile(
    rf"(?P<k>{NUMBER}|single|a single)[ -]?(?:daily |consecutive |equal |weekly )?"
    r"(?:x|×|\*|fractions? (?:of|at|with|each of)|sessions? (?:of|at)|doses? of|times) ?$"
)
_TIMES_AFTER = re.compile(
    rf" ?(?:x|×|\*|times|for|in|,? over) ?(?P<k>{NUMBER})\b(?! ?(?:c?gy|cm|mm|weeks?|days?|months?|%|[.]\d))"
)
_FRACTIONS = re.compile(
    rf"\b(?P<k>{NUMBER}) (?:daily |consecutive |equal )?(?:fractions|fx|sessions|sittings)\b"
)
_PER = re.compile(
    r"(?:fractions?|sessions?|daily doses?|fractionation|individual doses?|doses? per fraction|"
    r"fraction size|fraction dose|"
    r"day|daily|sitting) ?(?:of|at|,|\(|were|was|with)? ?(?:a )?$"
)
_SINGLE = re.compile(r"single[ -](?:dose|fraction|session|shot)s? (?:of )?$")
_OF_ORGAN = re.compile(
    r"constraint|tolerance|\bd(?:max|mean|min|95|2)\b|v\d\d|(?:received|absorbed|tolerated) by the|isodose|"
    r"equivalent|threshold|"
    r"\b(?:maximum|maximal|minimum|mean|medium|median|average|max)\.? (?:[\w-]+ ){0,2}?doses?\b[^.;]{0,80}$|"
    r"doses? (?:given |delivered )?to the (?:heart|lungs?|kidneys?|liver|bowel|parotid|esophagus|oesophagus|"
    r"organs?)\b|cumulative|"
    r"\b(?:maximum|maximal|minimum|mean|average|max)\.? of $|limited to|less than|below|not exceed\w*|"
    r"up to a maximum|exceeding"
)
_AGAIN = re.compile(r"\b(?:the|these|this|that|those|after|following|since|despite|besides) (?:[\w-]+ )?$")
_EACH = re.compile(r" ?each\b")
_TWO = re.compile(r"\b(?:and|both)\b")
TO_GY = {"cgy": 0.01, "centigray": 0.01, "centigrays": 0.01, "rad": 0.01, "rads": 0.01}
LARGEST = 200.0
FRACTIONS_DOSE = "fractions × dose"
SAME = 0.06


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Total doses of radiotherapy in Gy, each course once; a summary does not count it again."""
    told: dict[str, list[Found]] = {}
    for s in patient.sentences:
        if "gy" in s.text or "gray" in s.text or "rad" in s.text:
            known = {f.value for found in told.values() for f in found}
            told.setdefault(s.kind, []).extend(_doses(s, known))
    body = max(told, key=lambda kind: (kind in ("case_report", "other"), len(told[kind])), default="")
    seen = {f.value for f in told.get(body, [])}
    yield from told.get(body, [])
    for kind, found in told.items():
        if kind != body:
            for f in found:
                if f.value not in seen:
                    seen.add(f.value)
                    yield f


def _doses(s: Sentence, known: set[Value]) -> Iterator[Found]:
    """The totals that a sentence tells, a dose per fraction only where no total stands beside it."""
    totals: list[float] = []
    parts: list[tuple[float, float, int, int]] = []
    deaf = of_findings(s)
    for m in s.matches(_GY):
        value = (number(m["n"]) or 0.0) * TO_GY.get(m["unit"], 1.0)
        before = s.text[max(0, m.start() - 100) : m.start()]
        start, end = m.start() + s.start, m.end() + s.start
        if not 0 < value <= LARGEST or m["high"] or _OF_ORGAN.search(before):
            continue
        if not NOT_GIVEN.isdisjoint(s.flags(start, end, deaf)):
            continue
        part = _part(s.text, m, before, value)
        if part is not None:
            parts.append(part)
            continue
        a_part = m["per"] or (_PER.search(before) and not _SINGLE.search(before))
        if a_part or (_tidy(value) in known and _AGAIN.search(before)):
            continue
        totals.append(value)
        twice = _EACH.match(s.text, m.end()) and _TWO.search(before)
        yield from [Found("radiation_dose_gy", _tidy(value), s.block, start, end)] * (2 if twice else 1)
    yield from _multiplied(s, parts, totals)


def _part(text: str, m: re.Match[str], before: str, value: float) -> tuple[float, float, int, int] | None:
    """A dose given several times: (total, single dose, start, end) where the words tell how often."""
    times = _TIMES.search(before)
    if times and not _SINGLE.search(before):
        count = 1.0 if "single" in times["k"] else number(times["k"]) or 1.0
        return value * count, value, m.start() - (len(before) - times.start()), m.end()
    after = _TIMES_AFTER.match(text, m.end())
    fractions = _FRACTIONS.search(text, m.end(), m.end() + 40)
    if after and (m["per"] or re.match(r" ?(?:x|×|\*|times)", text[m.end() : m.end() + 6])):
        return value * (number(after["k"]) or 1.0), value, m.start(), after.end()
    if fractions and m["per"]:
        return value * (number(fractions["k"]) or 1.0), value, m.start(), fractions.end()
    return None


def _multiplied(
    s: Sentence, parts: list[tuple[float, float, int, int]], totals: list[float]
) -> Iterator[Found]:
    for total, single, a, b in parts:
        if total > LARGEST or any(abs(total - t) <= SAME * t for t in totals):
            continue
        found = Found("radiation_dose_gy", _tidy(total), s.block, a + s.start, b + s.start)
        if total != single:
            found = found._replace(certainty="derived", derivation=FRACTIONS_DOSE)
        twice = _EACH.match(s.text, b) and _TWO.search(s.text, 0, a)
        yield from [found] * (2 if twice else 1)


def _tidy(value: float) -> float | int:
    value = round(value, 2)
    return int(value) if value == int(value) else value
