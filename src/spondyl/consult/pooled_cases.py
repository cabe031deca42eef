"""A case as survival needs it: how long it was followed, and whether the patient died."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from spondyl.cohort.columns import MISSING
from spondyl.record import LIST_FIELDS, Case

__all__ = [
    "Basis",
    "PooledCase",
    "Refused",
    "Said",
    "followed",
    "level_of",
    "pooled_case",
    "publication_bias",
]

Basis = Literal["patient", "cited", "curve"]
MOST_MONTHS = 12 * 110


@dataclass(frozen=True)
class Said:
    """A sentence with what it rests on.

    Args:
        text: The sentence.
        basis: What it rests on, in words: a definition, a count, a computation, a source.
    """

    text: str
    basis: str


@dataclass(frozen=True)
class Refused:
    """Why a case cannot be pooled.

    Args:
        why: One of the reasons of the count: "no follow-up", "no status", …
        words: What was found, in one sentence.
    """

    why: str
    words: str


@dataclass(frozen=True)
class PooledCase:
    """One patient with a follow-up and a status.

    Args:
        study: The id of the paper, or the name of the curve; patients of one study are a stratum.
        cite: How the study is cited ("Novak 2031").
        case: The patient's number within the study.
        label: How the study names the patient.
        months: Time under observation, from the study's own starting point.
        died: Whether the patient had died by then.
        fields: The fields of the case record.
        basis: "patient" of the paper, "cited" by it from another one, or "curve": reconstructed from a printed curve.
        words: The words that state follow-up and status, where there are any.
    """

    study: str
    cite: str
    case: int
    label: str
    months: float
    died: bool
    fields: Mapping[str, Any] = field(default_factory=dict)
    basis: Basis = "patient"
    words: tuple[str, ...] = ()


def pooled_case(case: Case, study: str, cite: str) -> PooledCase | Refused:
    """A case record as a patient of a pooled analysis, or why it cannot be one.

    Args:
        case: The case.
        study: The id of its paper.
        cite: How the paper is cited.

    Example:
        >>> from spondyl.record import Claim
        >>> claims = [Claim(field=f, value=v, quotes=()) for f, v in (("status", "dead"), ("follow_up_months", 9))]
        >>> one = pooled_case(Case(case=1, label="Case 1", claims=tuple(claims)), "novak-2031", "Novak 2031")
        >>> one.months, one.died
        (9.0, True)
        >>> pooled_case(Case(case=1, label="Case 1"), "novak-2031", "Novak 2031").why
        'no follow-up'
    """
    if case.kind == "group":
        return Refused("a group, no single patient", f"{case.label} is a group")
    fields = case.fields
    seen = followed(fields)
    if isinstance(seen, Refused):
        return seen
    months, died = seen
    words = [q.text for name in ("follow_up_months", "status") for c in case.of(name) for q in c.quotes[:1]]
    basis: Basis = "cited" if case.kind == "cited" or case.reported_by else "patient"
    return PooledCase(
        study, cite, case.case, case.label, months, died, dict(fields), basis, tuple(dict.fromkeys(words))
    )


def followed(fields: Mapping[str, Any]) -> tuple[float, bool] | Refused:
    """Follow-up in months and whether the patient died, from the fields of a case.

    Args:
        fields: `follow_up_months` and `status` ("alive" or "dead") among others.

    Example:
        >>> followed({"follow_up_months": 18, "status": "alive"})
        (18.0, False)
        >>> followed({"follow_up_months": [18, 24], "status": "alive"}).why
        'contradictory follow-up'
    """
    months, status = fields.get("follow_up_months"), fields.get("status")
    if months is None:
        return Refused("no follow-up", "no time of follow-up was found")
    if isinstance(months, list):
        return Refused("contradictory follow-up", f"follow-up is given as {_listed(months)} months")
    if status is None:
        return Refused("no status", "whether the patient lived was not found")
    if isinstance(status, list):
        return Refused("contradictory status", f"status is given as {_listed(status)}")
    if isinstance(months, str | bool) or not (math.isfinite(months) and 0 <= months <= MOST_MONTHS):
        return Refused("impossible follow-up", f"a follow-up of {months} months cannot be")
    if status not in ("alive", "dead"):
        return Refused("no status", f"the status {status!r} is neither alive nor dead")
    return float(months), status == "dead"


def _listed(values: Sequence[Any]) -> str:
    return " and ".join(str(v) for v in values)


def level_of(case: PooledCase, by: str) -> str | None:
    """The group of a patient, `None` where the field was not found or contradicts itself.

    Elements of a list field stand together: a patient with surgery and radiotherapy is in one group of that name.

    Args:
        case: The patient.
        by: The field, or "study".

    Example:
        >>> one = PooledCase("a", "A 2031", 1, "Case 1", 9.0, True, {"treatments": ["surgery", "radiotherapy"]})
        >>> level_of(one, "treatments"), level_of(one, "margin") is None
        ('radiotherapy + surgery', True)
    """
    if by == "study":
        return case.cite
    value = case.fields.get(by)
    if isinstance(value, list):
        return " + ".join(sorted({_word(v) for v in value})) if by in LIST_FIELDS and value else None
    return None if value is None or _word(value) in MISSING else _word(value)


def _word(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def publication_bias(patients: int, studies: int) -> Said:
    """What every pool of published cases must say.

    Args:
        patients: Patients pooled.
        studies: Studies they come from.
    """
    return Said(
        "Published cases are not a sample of all patients: authors write about survivors, rarities and good results, "
        "and those who died early or were lost are written about less. Survival here is likely to be longer than in "
        "an unselected series, and the interval does not contain this error.",
        f"{patients} {'patient' if patients == 1 else 'patients'} of {studies} published "
        f"{'study' if studies == 1 else 'studies'}; "
        "how they were chosen for publication is not known",
    )
