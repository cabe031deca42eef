"""Age and sex."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient
from spondyl.extract.person import ages

__all__ = ["read"]

_PRONOUN = re.compile(r"\b(?:(?P<female>she|her|hers|herself)|(?P<male>he|his|him|himself))\b")


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Age in years and sex of a patient."""
    for s in patient.sentences:
        first = next(ages(s.text), None)
        if first is not None:
            value = int(first.years) if first.years == int(first.years) else first.years
            yield Found("age_years", value, s.block, s.start + first.start, s.start + first.end)
            break
    for s in patient.sentences:
        m = _PRONOUN.search(s.text)
        if m:
            value = "female" if m["female"] else "male"
            yield Found("sex", value, s.block, s.start + m.start(), s.start + m.end())
            break
