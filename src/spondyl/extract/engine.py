"""From a paper to its reading: patients, their fields, cited cases, groups and statements."""

from __future__ import annotations

import re

from spondyl.extract import series
from spondyl.extract.cited import cited, present_rows
from spondyl.extract.fields import READERS
from spondyl.extract.found import Findings, Found, claim
from spondyl.extract.groups import groups
from spondyl.extract.literature import Entry, entries
from spondyl.extract.narrative import narrative
from spondyl.extract.patients import Patient, patients
from spondyl.record import LIST_FIELDS, Case, Claim, Paper, Reading, Statement, Value

__all__ = ["cases", "reading", "statements", "vignette"]

REPEATED = frozenset({"radiation_dose_gy"})
"""List fields in which one value may stand twice (two courses of 30 Gy)."""

COMPARED = frozenset(
    {"age_years", "sex", "levels", "resection_extent", "follow_up_months", "recurrence", "status"}
)
"""Fields in which a paper's own row of a literature table is held against its text."""


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
    listed = tuple(entries(paper))
    people = patients(paper)
    own = _beside_table(paper, [case for p in people if (case := _case(p)).claims], listed)
    for block in {s.block for p in people for s in (*p.sentences, *p.about)}:
        block.release()
    found = [*own, *cited(paper, listed), *groups(paper, told, listed)]
    numbered = (c if c.case == k else c.model_copy(update={"case": k}) for k, c in enumerate(found, 1))
    return Reading(cases=tuple(numbered), statements=told)


def cases(paper: Paper) -> tuple[Case, ...]:
    """The cases of a paper; see `reading`."""
    return reading(paper).cases


def statements(paper: Paper) -> tuple[Statement, ...]:
    """The statements a paper makes about groups; see `reading`."""
    return series.statements(paper)


_SHORT = re.compile(r"(?<![\w.])(?P<age>\d{1,3}) ?(?:y/?o|yo?|yrs?)?\.? ?(?P<sex>[fm])\b(?![./-])")
"""Age and sex as notes write them: "63F", "58 yo M"."""


def vignette(paper: Paper) -> Case:
    """The one patient of a note or a vignette, whatever its style; all of its sentences are about that patient.

    Args:
        paper: A short text that is known to tell of one patient.

    Returns:
        The case; without claims where nothing was understood.

    Example:
        >>> from spondyl.record import Paper
        >>> dict(vignette(Paper(id="p", source="p", text="63F, weakness of the legs, metastasis of T9.")).fields)["sex"]
        'female'
    """
    parts = narrative(paper)
    told = [s for b in (*parts.told, *parts.around, *parts.reported, *parts.rest) for s in b.sentences]
    findings: Findings = {}
    for s in told[:1]:
        if m := _SHORT.search(s.text):
            at = (s.block, s.start + m.start(), s.start + m.end())
            findings["age_years"] = [Found("age_years", int(m["age"]), *at)]
            findings["sex"] = [Found("sex", "female" if m["sex"] == "f" else "male", *at)]
    return _case(Patient(1, "Case 1", told), findings)


def _case(patient: Patient, findings: Findings | None = None) -> Case:
    findings = findings or {}
    for reader in READERS:
        for found in list(reader(patient, findings)):
            findings.setdefault(found.field, []).append(found)
    claims = [c for name in findings for c in _claims(name, findings[name])]
    return Case(case=patient.number, label=patient.label, kind="patient", claims=tuple(claims))


def _beside_table(paper: Paper, own: list[Case], listed: tuple[Entry, ...]) -> list[Case]:
    """The one patient of a paper with what the paper's own row in a literature table says otherwise.

    Nothing is settled here: what disagrees stands among the case's other claims.
    """
    rows = present_rows(paper, listed) if len(own) == 1 else ()
    if len(rows) != 1:
        return own
    chosen = own[0].fields
    said = [c for c in rows[0].claims if c.field in COMPARED and c.field in chosen]
    other = tuple(c for c in said if not _agrees(c.value, chosen[c.field]))
    return [own[0].model_copy(update={"others": (*own[0].others, *other)})] if other else own


def _agrees(value: Value, chosen: object) -> bool:
    listed = chosen if isinstance(chosen, list) else [chosen]
    if isinstance(value, int | float):
        return any(isinstance(v, int | float) and abs(v - value) <= 0.5 for v in listed)
    return any(str(value).lower() in str(v).lower() or str(v).lower() in str(value).lower() for v in listed)


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
        out.append(claim(first._replace(more=(*first.more, *extra[:3])) if extra else first))
    return out


assert LIST_FIELDS >= REPEATED
