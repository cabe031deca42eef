"""From a paper to its reading: patients, their fields, cited cases, groups and statements."""

from __future__ import annotations

from spondyl.extract import series
from spondyl.extract.cited import cited
from spondyl.extract.fields import READERS
from spondyl.extract.found import Findings, Found, claim
from spondyl.extract.groups import groups
from spondyl.extract.patients import Patient, patients
from spondyl.record import LIST_FIELDS, Case, Claim, Paper, Reading, Statement

__all__ = ["cases", "reading", "statements"]

REPEATED = frozenset({"radiation_dose_gy"})
"""List fields in which one value may stand twice (two courses of 30 Gy)."""


def reading(paper: Paper) -> Reading:
    """All that can be read from a paper.

    Args:
        paper: A paper as `spondyl.read` gives it.

    Returns:
        Its cases (patients, cited cases, groups) and statements about groups.

    Example:
        >>> from spondyl.record import Paper
        >>> text = "A 63-year-old woman had a metastasis at C5. She died 6 months later."
        >>> [dict(c.fields)["age_years"] for c in reading(Paper(id="p", source="p", text=text)).cases]
        [63]
    """
    told = series.statements(paper)
    found = [*(_case(p) for p in patients(paper)), *cited(paper), *groups(paper, told)]
    numbered = (c if c.case == k else c.model_copy(update={"case": k}) for k, c in enumerate(found, 1))
    return Reading(cases=tuple(numbered), statements=told)


def cases(paper: Paper) -> tuple[Case, ...]:
    """The cases of a paper; see `reading`."""
    return reading(paper).cases


def statements(paper: Paper) -> tuple[Statement, ...]:
    """The statements a paper makes about groups; see `reading`."""
    return series.statements(paper)


def _case(patient: Patient) -> Case:
    findings: Findings = {}
    for reader in READERS:
        for found in list(reader(patient, findings)):
            findings.setdefault(found.field, []).append(found)
    claims = [c for name in findings for c in _claims(name, findings[name])]
    return Case(case=patient.number, label=patient.label, kind="patient", claims=tuple(claims))


def _claims(name: str, found: list[Found]) -> list[Claim]:
    """One claim a value; further places that say the same become its supporting quotes."""
    if name in REPEATED:
        return [claim(f) for f in found]
    by_value: dict[str, list[Found]] = {}
    for f in found:
        by_value.setdefault(str(f.value).lower(), []).append(f)
    out = []
    for same in by_value.values():
        first = next((f for f in same if f.certainty == "stated"), same[0])
        extra = tuple((f.block, f.start, f.end) for f in same if f is not first and f.certainty == "stated")
        out.append(claim(first._replace(more=(*first.more, *extra[:3]))))
    return out


assert LIST_FIELDS >= REPEATED
