"""Claims, cases, statements and decisions: what is said, of whom, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from spondyl.record.paper import Quote

Value = float | int | str
Kind = Literal["patient", "cited", "group"]
Certainty = Literal["stated", "derived", "doubtful"]

LIST_FIELDS = frozenset(
    {
        "levels", "regions", "compartment", "other_metastases", "presentation", "denied", "motor_grade",
        "treatments", "procedures", "radiation_dose_gy", "drugs", "ihc", "complications", "pain_type",
        "bone_quality", "monitoring_modalities", "monitoring_alarms", "imaging", "histology",
    }
)  # fmt: skip
"""Fields whose value is a list; every element has a claim of its own."""


class Claim(BaseModel):
    """One value of one field of one patient, as read by one method, with the words that say so.

    Args:
        field: Field name of the annotation vocabulary (`age_years`, `levels`, …).
        value: The value; of a list field, one element.
        quotes: The first states the value, further ones support it.
        method: "rules", "table", "registry" or "llm:NAME".
        certainty: "stated" in words, "derived" by a named rule, or "doubtful".
        derivation: The rule a derived value rests on, with what it rests on ("region of level C5").
    """

    model_config = ConfigDict(frozen=True)
    field: str
    value: Value
    quotes: tuple[Quote, ...]
    method: str = "rules"
    certainty: Certainty = "stated"
    derivation: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The claim as it stands in a line of JSON."""
        plain = [{"start": q.start, "end": q.end, "text": q.text} for q in self.quotes]
        return {
            "field": self.field, "value": self.value, "quote": plain[0] if plain else None, "more": plain[1:],
            "method": self.method, "certainty": self.certainty, "derivation": self.derivation,
        }  # fmt: skip


class Case(BaseModel):
    """One patient (or cited patient, or group): a view over claims, nothing thrown away.

    Args:
        case: Number within the paper, from 1.
        label: How the paper names it ("Case 2", "Sun et al., 2014", "24 patients").
        kind: "patient" of this paper, "cited" from another paper, or "group".
        claims: What is said of this patient and chosen as the record.
        others: Claims that were read but not chosen, or that disagree.
        reported_by: For a cited case, the paper that reports it.
    """

    model_config = ConfigDict(frozen=True)
    case: int
    label: str
    kind: Kind = "patient"
    claims: tuple[Claim, ...] = ()
    others: tuple[Claim, ...] = ()
    reported_by: str | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        """Field → value, or list of values for list fields and for contradicting single values."""
        out: dict[str, Any] = {}
        for claim in self.claims:
            if claim.field in LIST_FIELDS:
                out.setdefault(claim.field, []).append(claim.value)
            elif claim.field not in out:
                out[claim.field] = claim.value
            elif claim.value not in _listed(out[claim.field]):
                out[claim.field] = [*_listed(out[claim.field]), claim.value]
        return out

    def of(self, field: str) -> tuple[Claim, ...]:
        """The claims of one field, in order."""
        return tuple(c for c in self.claims if c.field == field)

    def as_dict(self) -> dict[str, Any]:
        """The case as it stands in a line of JSON."""
        return {
            "case": self.case, "label": self.label, "kind": self.kind, "reported_by": self.reported_by,
            "fields": dict(self.fields), "claims": [c.as_dict() for c in self.claims],
            "others": [c.as_dict() for c in self.others],
        }  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Statement(BaseModel):
    """What a paper says of a group: one quantity with its words.

    Args:
        group: Whom it is about, in the paper's words ("24 patients with cervical spine metastases").
        quantity: "n", "count", "share", "mean", "sd", "median", "quartiles", "range", "survival_rate",
            "hazard_ratio", "odds_ratio", "relative_risk", "p_value"; what is measured stands in `of`.
        of: What the quantity measures ("age", "overall survival", "bone metastases").
        value, low, high: The numbers; low and high of a range, of quartiles, or of the confidence interval.
        n, denominator: Counts; a share printed with its count is one statement, "count", with the share as value.
        unit: "years", "months", "percent", …; `months` gives the time of a survival rate.
        p: The p value as printed, where the statement carries one.
        quotes: The words; where the denominator was taken from another place, its words come second.
        printed, printed_low, printed_high: The value and its bounds as printed ("5.0" is not "5").
    """

    model_config = ConfigDict(frozen=True)
    group: str
    quantity: str
    of: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    denominator: int | None = None
    unit: str | None = None
    months: float | None = None
    p: str | None = None
    printed: str | None = None
    printed_low: str | None = None
    printed_high: str | None = None
    quotes: tuple[Quote, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The statement as it stands in a line of JSON."""
        out = self.model_dump(exclude={"quotes"})
        out["quotes"] = [{"start": q.start, "end": q.end, "text": q.text} for q in self.quotes]
        return out


class Decision(BaseModel):
    """What a reviewer decided on one value; extraction never overwrites it.

    Args:
        paper: The paper's id (name and sha256), so that a decision survives a new run.
        case: The case's number within the paper.
        field: The field.
        value: The value the decision is about, as extracted; `None` for an empty cell.
        verdict: "accept", "correct", "reject", "not stated" for an empty cell a reviewer has confirmed, or
            "note" for words alone.
        corrected: The right value, where the verdict is "correct".
        start, end: The words the claim stood on, where it had any.
        by, note: Who decided, and why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    paper: str
    case: int
    field: str
    value: Value | None = None
    verdict: Literal["accept", "correct", "reject", "not stated", "note"]
    corrected: Value | None = None
    start: int | None = None
    end: int | None = None
    by: str = ""
    note: str = ""


class Reading(BaseModel):
    """All that was read from one paper: its cases and its statements."""

    model_config = ConfigDict(frozen=True)
    cases: tuple[Case, ...] = ()
    statements: tuple[Statement, ...] = ()
