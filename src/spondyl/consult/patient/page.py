"""The patient's page, composed of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from spondyl import __version__
from spondyl.consult.patient import flags, scores, understood
from spondyl.consult.patient.asking import wanted
from spondyl.consult.patient.fitting import fitting
from spondyl.consult.patient.inferring import inferred
from spondyl.consult.patient.opening import from_case
from spondyl.consult.patient.person import Person
from spondyl.consult.rules import Results
from spondyl.present.consultation import Basis, Consultation, Line, Part
from spondyl.record import Case

__all__ = ["DISCLAIMER", "consultation"]

DISCLAIMER = (
    "Not a medical device, and no advice. This page gathers what published sources, score sheets and read cases say of "
    "a patient described as below, each line with its basis. It knows nothing that is not written here, may be wrong, "
    "and leaves every decision to the treating team."
)


def consultation(patient: Person | Case) -> Consultation:
    """One patient, every answer with its source.

    Args:
        patient: The patient, or the record of a case.

    Returns:
        The page: the patient as understood with what is missing, then part by part what is known.

    Example:
        >>> from spondyl.record import Claim
        >>> case = Case(case=1, label="", claims=(Claim(field="age_years", value=630, quotes=()),))
        >>> [line.text for line in consultation(case).parts[0].lines]
        ['Left aside: age 630: no human age above 122 years is documented.']
    """
    person = inferred(patient if isinstance(patient, Person) else from_case(patient))
    results = Results(person)
    fits = fitting(person, results)
    below: list[Part] = [flags.part(person, results), scores.part(person, results, fits)]
    first = understood.part(person, wanted(fits, results, below))
    return Consultation(
        understood.title(person), (first, *below), DISCLAIMER, tuple(_basis(person)), __version__
    )


def _basis(person: Person) -> Iterator[Line]:
    """What was read and used."""
    origin = person.origin or "a record"
    yield Line(f"Patient: {origin}", (Basis("given", origin, person.paper.sha256 if person.paper else ""),))
