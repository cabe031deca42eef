"""The patient's page, composed of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spondyl import __version__, score
from spondyl.consult.patient import differential, flags, management, scores, team, understood
from spondyl.consult.patient.asking import wanted
from spondyl.consult.patient.care import care
from spondyl.consult.patient.fitting import fitting
from spondyl.consult.patient.inferring import inferred
from spondyl.consult.patient.opening import from_case
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.plain import plain
from spondyl.consult.rules import Results, load
from spondyl.consult.rules.differential import differential as candidates
from spondyl.consult.rules.management import management as statements
from spondyl.present.consultation import Basis, Consultation, Line, Part
from spondyl.record import Case

if TYPE_CHECKING:
    from spondyl.consult.patient.library import Library

__all__ = ["DISCLAIMER", "consultation"]

DISCLAIMER = (
    "Not a medical device, and no advice. This page gathers what published sources, score sheets and read cases say of "
    "a patient described as below, each line with its basis. It knows nothing that is not written here, may be wrong, "
    "and leaves every decision to the treating team."
)


def consultation(
    patient: Person | Case,
    *,
    evidence: Library | Sequence[str | Path] | None = None,
    index: date | None = None,
    for_patient: bool = False,
    beside: str | Path | None = None,
) -> Consultation:
    """One patient, every answer with its source.

    Args:
        patient: The patient, or the record of a case.
        evidence: Where to look for patients like this one: evidence folders, case lines, registries; or a library.
        index: The day from which follow-up is counted.
        for_patient: Whether to write it for the patient: the same facts in plain words, sourced, without scores.
        beside: The folder that the page will lie in, for its links to the evidence.

    Returns:
        The page: the patient as understood with what is missing, then part by part what is known.

    Example:
        >>> from spondyl.record import Claim
        >>> case = Case(case=1, label="", claims=(Claim(field="age_years", value=630, quotes=()),))
        >>> [line.text for line in consultation(case).parts[0].lines]
        ['Left aside: age 630: no human age above 122 years is documented.']
    """
    library = _opened(evidence, beside)
    given = patient if isinstance(patient, Person) else from_case(patient)
    person = inferred(given)
    results = Results(person)
    fits = fitting(person, results)
    library = _library(evidence)
    below = [
        flags.part(person, results),
        scores.part(person, results, fits),
        differential.part(person, results),
        *_from_evidence(person, library),
        management.part(person, results, index),
    ]
    missing = wanted(fits, results, below, _unlike(person) if library is not None else {})
    parts = (understood.part(person, missing), *below, team.part(person, results, missing), care(given))
    page = Consultation(
        understood.title(person), parts, DISCLAIMER, tuple(_basis(person, library)), __version__
    )
    return _for_patient(plain(page, person, results, missing, index), person) if for_patient else page


def _for_patient(page: Consultation, person: Person) -> Consultation:
    """The page in plain words; of a text that nobody has gone through, it says so first."""
    if person.confirmed:
        return page
    first, *others = page.parts
    text = "A program read this from a text. Nobody has checked it yet."
    line = Line(
        text, (Basis("computed", "extraction by rules", person.origin),), "warning", key="unconfirmed"
    )
    return replace(page, parts=(replace(first, lines=(line, *first.lines)), *others))


def _unlike(person: Person) -> dict[str, float]:
    """How much each field that is not known would count in the likeness of cases, of 1 in all."""
    from spondyl.consult.patient.distance import rules

    whole = sum(c.weight for c in rules().criteria)
    return {c.field: c.weight / whole for c in rules().criteria if not person.has(c.field)}


def _library(evidence: Library | Sequence[str | Path] | None) -> Library | None:
    """The cases to look among, loaded where they are not yet."""
    if evidence is None:
        return None
    # Columns of cases and the drawing of curves take longer to load than the rest of the page takes to be made.
    from spondyl.consult.patient.library import Library

    return evidence if isinstance(evidence, Library) else Library.load(evidence)


def _opened(evidence: Library | Sequence[str | Path] | None, beside: str | Path | None) -> Library | None:
    """The cases to look in; columns of cases load only where there are any."""
    if evidence is None:
        return None
    from spondyl.consult.patient.library import Library

    return evidence if isinstance(evidence, Library) else Library.load(evidence, beside=beside)


def _from_evidence(person: Person, library: Library | None) -> list[Part]:
    """Patients like this one and what happened to them, where there is something to look in."""
    if library is None:
        return []
    # The drawing of curves takes longer to load than the rest of the page takes to be made.
    from spondyl.consult.patient.alike import alike
    from spondyl.consult.patient.nearest import neighbours
    from spondyl.consult.patient.outcomes import outcomes

    found = neighbours(person, library)
    return [alike(person, library, found=found), outcomes(person, library, found)]


def _basis(person: Person, library: Library | None) -> Iterator[Line]:
    """What was read and used."""
    origin = person.origin or "a record"
    yield Line(f"Patient: {origin}", (Basis("given", origin, person.paper.sha256 if person.paper else ""),))
    if library is not None:
        yield from library.basis()
    else:
        text = "No library of cases was given, so that patients like this one were not looked for."
        yield Line(text, (Basis("computed", "no evidence was named", "consult"),))
    yield from _versions()


def _versions() -> Iterator[Line]:
    """The files of rules and how many score sheets were used."""
    flag, candidate, statement = load("flags"), candidates(), statements()
    held = {
        "flags": (flag.title, flag.version, flag.checked),
        "differential": (candidate.title, candidate.version, candidate.checked),
        "management": (statement.title, statement.version, statement.checked),
    }
    for name, (title, version, checked) in held.items():
        text = f"Rules: {title}, version {version}; sources looked at {checked}."
        yield Line(text, (Basis("rule", title, f"rules {name}"),), key=f"rules-{name}")
    text = f"Score sheets: {len(score.names())} were held against the patient."
    yield Line(text, (Basis("score", "all sheets that ship with Spondyl", "score/sheets"),), key="sheets")
