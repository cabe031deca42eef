"""Age and sex."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient
from spondyl.extract.person import Age, ages, introduced, sex_of

__all__ = ["read"]

_PRONOUN = re.compile(r"\b(?:(?P<female>she|her|hers|herself)|(?P<male>he|his|him|himself))\b")
_NOUN = re.compile(
    r"\b(?:this|the|a|an|our|this|old|year|caucasian|white|black|asian|japanese|chinese|indian|african"
    r"|young|elderly)"
    r" (?:[\w-]+ ){0,3}?(?P<noun>man|woman|male|female|boy|girl|lady|gentleman)\b"
)
_KIN = re.compile(
    r"\b(?:brother|sister|mother|father|son|daughter|uncle|aunt|cousin|husband|wife|grandmother"
    r"|grandfather)\b"
)
SAME_YEARS = 0.5


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Age in years (every age the paper gives for the presentation, if they contradict) and sex."""
    told = _ages(patient)
    for s, age in told:
        years = int(age.years) if age.years == int(age.years) else age.years
        yield Found("age_years", years, s.block, s.start + age.start, s.start + age.end)
    sex = _sex_by_noun(patient, told) or _sex_by_pronoun(patient)
    if sex is not None:
        yield sex


def _ages(patient: Patient) -> list[tuple[Sentence, Age]]:
    """The first age of each part of the paper (abstract, body), those that say the same once."""
    out: list[tuple[Sentence, Age]] = []
    seen: set[str] = set()
    for s in patient.sentences:
        part = s.kind if patient.alone else "body"
        if part in seen or part in ("figure_caption", "title"):
            continue
        age = introduced(s.text)
        if age is None or (not patient.alone and patient.age is not None and age.years != patient.age.years):
            continue
        seen.add(part)
        if all(abs(age.years - other.years) > SAME_YEARS for _, other in out):
            out.append((s, age))
    return out or _any_age(patient)


def _any_age(patient: Patient) -> list[tuple[Sentence, Age]]:
    """Where no age introduces the patient: the first that is told of an event ("at 2 years of age")."""
    for s in patient.sentences:
        for age in ages(s.text):
            before = s.text[max(0, age.start - 40) : age.start]
            seen = s.text[age.start : age.end]
            if (
                ("of age" in seen or (seen.startswith("age") and _ARRIVES.match(s.text, age.end)))
                and not _KIN.search(before)
                and not _MEAN.search(before)
            ):
                return [(s, age)]
    return []


_ARRIVES = re.compile(
    r"[^.;]{0,20}\b(?:he|she|patient)\b[^.;]{0,30}\b(?:referred|presented|admitted|came|consulted|seen"
    r"|visited|complain|"
    r"noticed|diagnosed)"
)
_MEAN = re.compile(r"mean|median|average|range|under|over|below|above|than")


def _sex_by_noun(patient: Patient, told: list[tuple[Sentence, Age]]) -> Found | None:
    for s, age in told:
        start, end = s.start + age.start, s.start + age.end
        if age.sex is not None:
            tail = re.compile(rf"[^.;]{{0,60}}?\b(?:{_stem(age.sex)})").match(s.text, age.end)
            head = re.compile(rf"\b(?:{_stem(age.sex)})[^.;]{{0,25}}$").search(s.text[: age.start])
            if tail:
                end = s.start + tail.end()
            elif head:
                start = s.start + head.start()
            return Found("sex", age.sex, s.block, start, end)
    for s in patient.sentences:
        m = _NOUN.search(s.text)
        if m and not _KIN.search(s.text):
            return Found(
                "sex", str(sex_of(m["noun"])), s.block, s.start + m.start("noun"), s.start + m.end("noun")
            )
    return None


def _stem(sex: str) -> str:
    return (
        r"women|woman|female|girl|lady|mother|wife|daughter|sister|mrs|ms|f\b|[a-z]*woman|nun|grandmother"
        r"|housewife|schoolgirl|postmistress|primigravida"
        if sex == "female"
        else r"men\b|man\b|male|boy|gentleman|father|husband|son\b|brother|mr|m\b|[a-z]*man\b|grandfather"
        r"|schoolboy"
    )


def _sex_by_pronoun(patient: Patient) -> Found | None:
    count: Counter[str] = Counter()
    first: dict[str, Found] = {}
    for s in patient.sentences:
        if _KIN.search(s.text):
            continue
        for m in _PRONOUN.finditer(s.text):
            sex = "female" if m["female"] else "male"
            count[sex] += 1
            first.setdefault(sex, Found("sex", sex, s.block, s.start + m.start(), s.start + m.end()))
    if not count:
        return None
    best, times = count.most_common(1)[0]
    return first[best] if times >= 2 * (sum(count.values()) - times) else None
