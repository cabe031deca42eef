"""Radiation dose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient
from spondyl.words.numbers import NUMBER, number

__all__ = ["read"]

_N = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_GY = re.compile(
    rf"(?<![\d.,a-z])(?P<n>{_N})(?: ?(?:to|-|/) ?(?P<high>{_N}))?[ -]?(?P<unit>c?gy|centigrays?|grays?|rads?)\b(?! ?(?:equivalent|eqd|bed)\b)(?P<per> ?(?:/ ?(?:day|fraction|fx|session|f\b)|(?:per|each|a|daily|every) ?(?:fraction|day|session|fx)?|daily|fractions? of))?"
)
_TIMES = re.compile(
    rf"(?P<k>{NUMBER}|single|a single)[ -]?(?:daily |consecutive |equal )?(?:x|×|\*|fractions? (?:of|at|with)|sessions? of|doses? of|times) ?$"
)
_PER = re.compile(
    r"(?:fractions?|sessions?|daily doses?|fractionation|individual doses?|dose per fraction|fraction size|day|daily) ?(?:of|at|,|\(|were|was|with)? ?(?:a )?$"
)
_SINGLE = re.compile(r"single (?:dose|fraction|session)s? (?:of )?$")
_NOT = re.compile(
    r"constraint|tolerance|maximum point|d(?:max|mean|95)|v\d\d|mean dose to|received by the|dose to the (?:heart|lung|cord|kidney|liver|bowel)|isodose|equivalent|brachytherapy boost planned"
)
OUT = frozenset({"negated", "planned", "refused", "family", "other"})
TO_GY = {"cgy": 0.01, "centigray": 0.01, "centigrays": 0.01, "rad": 0.01, "rads": 0.01}
LARGEST = 200.0


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Total doses of radiotherapy in Gy, each course once; a summary that repeats one does not count again."""
    told: dict[str, list[Found]] = {}
    for s in patient.sentences:
        if "gy" in s.text or "gray" in s.text or "rad" in s.text:
            told.setdefault(s.kind, []).extend(_doses(s))
    body = max(told, key=lambda kind: (kind in ("case_report", "other"), len(told[kind])), default="")
    seen = {f.value for f in told.get(body, [])}
    yield from told.get(body, [])
    for kind, found in told.items():
        if kind != body:
            for f in found:
                if f.value not in seen:
                    seen.add(f.value)
                    yield f


def _doses(s: Sentence) -> Iterator[Found]:
    text, shift = s.text, s.start
    last: tuple[float, int] | None = None
    for m in _GY.finditer(text):
        value = (number(m["n"]) or 0.0) * TO_GY.get(m["unit"], 1.0)
        before = text[max(0, m.start() - 45) : m.start()]
        start, end = m.start() + shift, m.end() + shift
        if (
            not 0 < value <= LARGEST
            or m["high"]
            or _NOT.search(before)
            or not OUT.isdisjoint(s.flags(start, end))
        ):
            continue
        times = _TIMES.search(before)
        if times and not _SINGLE.search(before):
            total = value * (1 if "single" in times["k"] else number(times["k"]) or 1)
            if last is not None and abs(total - last[0]) < 0.5:
                continue
            last = total, m.end()
            a = start - (len(before) - times.start())
            yield Found("radiation_dose_gy", _tidy(total), s.block, a, end, (), "derived", "fractions × dose")
        elif m["per"] or (_PER.search(before) and not _SINGLE.search(before) and last is not None):
            continue
        else:
            last = value, m.end()
            yield Found("radiation_dose_gy", _tidy(value), s.block, start, end)


def _tidy(value: float) -> float | int:
    value = round(value, 2)
    return int(value) if value == int(value) else value
