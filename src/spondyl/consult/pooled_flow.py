"""Which patients are pooled: what was read, kept and dropped, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from spondyl.consult.evidence import relevant
from spondyl.consult.pooled_cases import PooledCase, Refused, pooled_case
from spondyl.consult.pooled_inputs import PoolInputs, Publication
from spondyl.present.cite import surname
from spondyl.record import Case
from spondyl.words.where import Where

__all__ = ["REASONS", "Dropped", "Flow", "Twin", "flow", "matches"]

REASONS = (
    "a group, no single patient", "no lesion of spine or bone", "does not match", "not known to match",
    "cited, and its own paper is pooled", "cited by several papers", "no follow-up", "contradictory follow-up",
    "impossible follow-up", "no status", "contradictory status",
)  # fmt: skip
"""Reasons for dropping, in the order in which they are asked."""


@dataclass(frozen=True)
class Dropped:
    """A case that is not pooled.

    Args:
        study, cite, case, label: Which one.
        why: One of `REASONS`.
        words: What was found, in one sentence.
    """

    study: str
    cite: str
    case: int
    label: str
    why: str
    words: str


@dataclass(frozen=True)
class Twin:
    """Two cases of different studies that may be one patient.

    Args:
        kept: The one with the longer follow-up.
        other: The one that is left out in the sensitivity analysis.
        words: On what they agree.
    """

    kept: PooledCase
    other: PooledCase
    words: str


@dataclass(frozen=True)
class Flow:
    """What became of the cases.

    Args:
        papers: Studies read.
        repeated: Papers given again.
        cases: Cases read.
        kept: The patients pooled.
        dropped: The others, with the reasons.
        twins: Proposed duplicates among the kept, pooled but for a sensitivity analysis.
    """

    papers: int
    repeated: int
    cases: int
    kept: tuple[PooledCase, ...]
    dropped: tuple[Dropped, ...]
    twins: tuple[Twin, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Reason → cases dropped for it, in the order of the reasons."""
        found = Counter(d.why for d in self.dropped)
        return {why: found[why] for why in REASONS if found[why]}


def flow(inputs: PoolInputs, where: Where | None = None, every: bool = False) -> Flow:
    """Decide on every case.

    Args:
        inputs: The studies.
        where: The condition that patients must fulfil.
        every: Keep patients without a lesion of spine or bone, too.
    """
    kept: list[PooledCase] = []
    dropped: list[Dropped] = []
    told = _Told(inputs)
    for one in inputs.publications:
        cite = inputs.cited[one.paper.id].cite
        for case in one.cases:
            made = _judged(case, one, cite, where, every, told)
            if isinstance(made, PooledCase):
                kept.append(made)
            else:
                dropped.append(Dropped(one.paper.id, cite, case.case, case.label, made.why, made.words))
        for patient in one.patients:
            refused = matches(where, patient.fields)
            if refused is None:
                kept.append(replace(patient, cite=cite))
            else:
                dropped.append(
                    Dropped(one.paper.id, cite, patient.case, patient.label, refused.why, refused.words)
                )
    read = sum(len(p.cases) + len(p.patients) for p in inputs.publications)
    return Flow(
        len(inputs.publications), inputs.repeated, read, tuple(kept), tuple(dropped), tuple(_twins(kept))
    )


def _judged(
    case: Case, one: Publication, cite: str, where: Where | None, every: bool, told: _Told
) -> PooledCase | Refused:
    if case.kind == "group":
        return Refused("a group, no single patient", f"{case.label} is a group")
    if not every and not relevant(case, one.paper):
        return Refused("no lesion of spine or bone", "no lesion of the spine or of bone was found")
    if refused := matches(where, case.fields):
        return refused
    if twice := told.refused(case, one):
        return twice
    return pooled_case(case, one.paper.id, cite)


def matches(where: Where | None, fields: Mapping[str, Any]) -> Refused | None:
    """Why a case does not fulfil the condition, or `None` where it does.

    Args:
        where: The condition, or `None` for none.
        fields: The fields of the case.

    Example:
        >>> from spondyl.words.where import where
        >>> matches(where('sex == "male"'), {}).why
        'not known to match'
    """
    holds = where.holds(fields) if where else True
    if holds:
        return None
    if holds is None and where:
        asked = ", ".join(sorted(n for n in where.names if fields.get(n) in (None, "", []))) or ", ".join(
            sorted(where.names)
        )
        return Refused("not known to match", f"{asked} was not found, or contradicts itself")
    return Refused("does not match", "the condition does not hold")


class _Told:
    """Knows cited cases again: by their own paper among the inputs, or told by an earlier paper."""

    def __init__(self, inputs: PoolInputs) -> None:
        self._papers = [
            (
                surname(p.paper.authors[0]).casefold(),
                str(p.paper.year),
                p.paper.id,
                inputs.cited[p.paper.id].cite,
            )
            for p in inputs.publications
            if p.paper.authors and p.paper.year
        ]
        self._seen: dict[tuple[Any, ...], tuple[str, str]] = {}
        self._cites = {p.paper.id: inputs.cited[p.paper.id].cite for p in inputs.publications}

    def refused(self, case: Case, one: Publication) -> Refused | None:
        """Why a cited case is told already."""
        if case.kind != "cited" and not case.reported_by:
            return None
        label = " ".join(case.label.casefold().split())
        for name, year, paper, cite in self._papers:
            if paper != one.paper.id and year in label and name in label.replace(",", " ").split():
                return Refused("cited, and its own paper is pooled", f"{case.label} is {cite}")
        key = (label, *(str(case.fields.get(n)) for n in ("age_years", "sex", "follow_up_months", "status")))
        first, paper = self._seen.setdefault(key, (self._cites[one.paper.id], one.paper.id))
        if paper != one.paper.id:
            return Refused("cited by several papers", f"{case.label} is told by {first}, too")
        return None


def _twins(kept: Sequence[PooledCase]) -> Iterator[Twin]:
    """Patients of different studies that agree in age, sex, level and diagnosis."""
    by_person: dict[tuple[Any, ...], list[PooledCase]] = {}
    for case in kept:
        if (person := _person(case)) is not None:
            by_person.setdefault(person, []).append(case)
    gone: set[int] = set()
    for same in by_person.values():
        ordered = sorted(same, key=lambda c: -c.months)
        for k, first in enumerate(ordered):
            for other in ordered[k + 1 :]:
                levels = set(first.fields["levels"]) & set(other.fields["levels"])
                if first.study != other.study and levels and id(other) not in gone and id(first) not in gone:
                    gone.add(id(other))
                    yield Twin(first, other, _agreed(first, levels))


def _person(case: PooledCase) -> tuple[Any, ...] | None:
    fields = case.fields
    values = tuple(fields.get(n) for n in ("age_years", "sex", "diagnosis"))
    if (
        case.basis == "curve"
        or any(v is None or isinstance(v, list) for v in values)
        or not fields.get("levels")
    ):
        return None
    return values


def _agreed(case: PooledCase, levels: set[str]) -> str:
    f = case.fields
    return f"both {f['age_years']} years, {f['sex']}, {f['diagnosis']}, {', '.join(sorted(levels))}"
