"""Runs the analyses of a study's plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from spondyl.cohort import Cohort
from spondyl.cohort.results import Association, Competing, CoxModel, Curve, KaplanMeier, Subhazard
from spondyl.cohort.tableone import Variable
from spondyl.cohort.terms import columns_of, expanded
from spondyl.cohort.timing import after_zero
from spondyl.consult.study_plan import Plan

__all__ = ["Models", "Study", "work"]

NAMED = 8
FEW = 10
"""Fewer at risk than this, and a curve's first steps say little."""


@dataclass(frozen=True)
class Models:
    """One list of terms: each alone, and all together."""

    single: tuple[CoxModel, ...]
    joint: CoxModel


@dataclass(frozen=True)
class Study:
    """The results of a plan.

    Args:
        plan: The plan.
        table_one: Who the patients are.
        curves: Kaplan-Meier curves: all patients, then by each column.
        models: Cox models.
        fisher: Fisher's exact tests.
        competing: Cumulative incidence, where a competing event was named.
        subhazard: Fine and Gray's model, likewise.
        lost: By column and group the patients lost to follow-up; empty where the table does not say.
        warnings: What a reader must know before believing a result.
    """

    plan: Plan
    table_one: tuple[Variable, ...]
    curves: tuple[KaplanMeier, ...]
    models: tuple[Models, ...]
    fisher: tuple[Association, ...]
    competing: tuple[Competing, ...]
    subhazard: tuple[Subhazard, ...]
    lost: Mapping[tuple[str | None, str], int]
    warnings: tuple[str, ...]


def work(plan: Plan) -> Study:
    """Run the analyses of a plan.

    Args:
        plan: The plan.

    Raises:
        UsageError: The plan and the table do not go together.
        ReadError: The table cannot be read.
    """
    cohort = Cohort(
        plan.source, plan.time, plan.event, plan.start, plan.competing, dict(plan.refs), dict(plan.occurs)
    )
    curves = tuple(
        cohort.kaplan_meier(by, plan.interval, landmark=plan.landmark) for by in (None, *plan.kaplan_meier)
    )
    models = tuple(
        Models(
            cohort.univariable(terms, plan.ties, plan.strata, plan.cluster),
            cohort.cox(terms, plan.ties, plan.strata, plan.cluster),
        )
        for terms in plan.cox
    )
    first = plan.cox[0] if plan.cox else ()
    covariates = (t for t in expanded(first) if ":" not in t)
    columns = plan.table_one or (*covariates, *(f"C({c})" for c in plan.kaplan_meier))
    shown = list(
        {columns_of(c)[0]: c for c in reversed(columns) if columns_of(c) != [plan.compared]}.values()
    )[::-1]
    competing, subhazard = _competing(cohort, plan)
    return Study(
        plan, cohort.table_one(shown, plan.compared) if shown else (), curves, models,
        tuple(cohort.fisher(a, b) for a, b in plan.fisher), competing, subhazard, _lost(plan), _warnings(plan, curves),
    )  # fmt: skip


def _competing(cohort: Cohort, plan: Plan) -> tuple[tuple[Competing, ...], tuple[Subhazard, ...]]:
    if not plan.competing:
        return (), ()
    return (
        tuple(cohort.incidence(by) for by in (None, *plan.kaplan_meier)),
        tuple(cohort.fine_gray(terms) for terms in plan.cox),
    )


def _lost(plan: Plan) -> dict[tuple[str | None, str], int]:
    """Patients lost to follow-up, counted as events are: by group, from the landmark on."""
    if not plan.lost:
        return {}
    cohort = Cohort(plan.source, plan.time, plan.lost, plan.start, occurs=dict(plan.occurs))
    counted = (cohort.kaplan_meier(by, landmark=plan.landmark) for by in (None, *plan.kaplan_meier))
    return {(k.by, g.label): g.events for k in counted for g in k.groups}


def _warnings(plan: Plan, curves: tuple[KaplanMeier, ...]) -> tuple[str, ...]:
    out = []
    names = [*plan.kaplan_meier, *(c for terms in plan.cox for t in expanded(terms) for c in columns_of(t))]
    for name in dict.fromkeys(names):
        if after_zero(name) and name not in plan.occurs and not plan.landmark:
            out.append(
                f"{plan.label(name)} may come true after time zero. Whoever lives longer has more time for it, so "
                "the groups are not comparable (guaranteed-time bias). Name the column of its time under occurs, "
                "or set a landmark; if it was known at time zero, this remark is void."
            )
    for curve in curves:
        out += _small(plan, curve)
        for group in curve.groups:
            if thin := _thin(group):
                what = plan.label(curve.by) if curve.by else plan.outcome
                out.append(
                    f"{what}: no more than {thin} at risk at the first events of the group {group.label}, into "
                    "which patients come late; its curve rests on few (set a landmark)."
                )
    return tuple(out)


def _small(plan: Plan, curve: KaplanMeier) -> Iterator[str]:
    """Groups of one patient, and groups without events, each kind in one sentence."""
    one = [g.label for g in curve.groups if g.n == 1]
    none = [g.label for g in curve.groups if not g.events]
    if not curve.by:
        yield from [f"The cohort has no events, all {curve.groups[0].n} patients are censored."] * len(none)
        return
    for labels, words in ((one, "one patient"), (none, "no events, all censored")):
        if labels:
            named = ", ".join(labels[:NAMED]) + (
                f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
            )
            yield f"{plan.label(curve.by)}, {words}: {named}."


def _thin(group: Curve) -> int:
    """How many are at risk at the first event of a curve that patients enter late, if fewer than ten; else 0."""
    life = group.survival.life
    late = life.at_risk[0] < life.at_risk.max()
    first = int(life.at_risk[life.events > 0][0]) if late and group.events else 0
    return first if first < FEW else 0
