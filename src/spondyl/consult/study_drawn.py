"""The drawings of a study."""

from __future__ import annotations

import numpy as np

from spondyl.cohort.incidence import Causes, Incidence
from spondyl.cohort.results import Competing, Curve, KaplanMeier, OneLevel
from spondyl.consult.study_format import interval, p_value, ratio
from spondyl.consult.study_tables import cox_rows
from spondyl.consult.study_work import Models, Study
from spondyl.present.survival import Forest, ForestRow, Strand, Strands

__all__ = ["curves_of", "forest_of", "incidence_of", "ticks_of"]

MARKS = 400


def ticks_of(last: float, unit: str = "months") -> list[float]:
    """Ticks of a time axis, at most seven; months go by years where they can.

    Args:
        last: The longest time.
        unit: Its unit.

    Example:
        >>> ticks_of(58)
        [0, 12, 24, 36, 48, 60]
        >>> ticks_of(1022, "days")
        [0, 200, 400, 600, 800, 1000, 1200]
    """
    steps = [base * 10**k for k in range(-2, 7) for base in (1, 2, 5)]
    if unit.startswith("month") and last > 5:
        steps = [1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600]
    step = next((s for s in steps if last <= 6 * s), int(np.ceil(last / 6)))
    return [float(t) if t % 1 else int(t) for t in np.arange(int(np.ceil(last / step - 1e-9)) + 1) * step]


def curves_of(study: Study, k: KaplanMeier) -> Strands:
    """The drawing of Kaplan-Meier curves.

    Args:
        study: The study.
        k: The curves.
    """
    plan = study.plan
    ticks = ticks_of(max(float(g.survival.time[-1]) for g in k.groups), plan.unit)
    title = f"{plan.outcome}, all patients" if k.by is None else f"{plan.outcome} by {plan.label(k.by)}"
    since = f" since the landmark at {plan.landmark:g}" if plan.landmark else ""
    note = f"log-rank p {_equals(p_value(k.logrank.test.p))}" if k.logrank else ""
    return Strands(
        title, f"Time{since} ({plan.unit})", plan.outcome, ticks, [_strand(g, ticks) for g in k.groups], note
    )


def _equals(p: str) -> str:
    return p.replace("<", "< ").replace(">", "> ") if p[0] in "<>" else f"= {p}"


def _strand(g: Curve, ticks: list[float]) -> Strand:
    life = g.survival.life
    steps = np.flatnonzero(life.events > 0)
    if len(steps) == 0 or steps[-1] != len(life.time) - 1:
        steps = np.append(steps, len(life.time) - 1)
    marks = life.time[life.censored > 0]
    upto = [np.searchsorted(life.time, t, side="right") for t in ticks]
    events = np.concatenate([[0.0], np.cumsum(life.events)])
    censored = np.concatenate([[0.0], np.cumsum(life.censored)])
    return Strand(
        g.label, life.time[steps].tolist(), g.survival.survival[steps].tolist(), g.survival.low[steps].tolist(),
        g.survival.high[steps].tolist(), marks.tolist() if len(marks) <= MARKS else [],
        [int(g.survival.left_at(t)) for t in ticks], [int(events[u]) for u in upto],
        [int(censored[u]) for u in upto],
    )  # fmt: skip


def incidence_of(study: Study, c: Competing) -> Strands:
    """The drawing of cumulative incidence: of both events for all patients, of the first one for groups.

    Args:
        study: The study.
        c: The curves.
    """
    plan = study.plan
    ticks = ticks_of(max(float(t.time[-1]) for t in c.tables), plan.unit)
    strands = []
    for (label, _, one, two), table in zip(c.groups, c.tables, strict=True):
        shown = [(label, one, 0)] if c.by else [("Event", one, 0), ("Competing event", two, 1)]
        strands += [_rising(name, curve, table, cause, ticks) for name, curve, cause in shown]
    title = "Cumulative incidence" + (f" by {plan.label(c.by)}" if c.by else ", all patients")
    note = f"Gray's test p {_equals(p_value(c.gray[2]))}" if c.gray else ""
    return Strands(title, f"Time ({plan.unit})", "Cumulative incidence", ticks, strands, note, rising=True)


def _rising(label: str, curve: Incidence, table: Causes, cause: int, ticks: list[float]) -> Strand:
    low, high = curve.interval()
    upto = [np.searchsorted(table.time, t, side="right") for t in ticks]
    before = [np.searchsorted(table.time, t, side="left") for t in ticks]
    events = np.concatenate([[0.0], np.cumsum(table.events[:, cause])])
    censored = np.concatenate([[0.0], np.cumsum(table.censored)])
    at_risk = np.append(table.at_risk, 0.0)
    return Strand(
        label, curve.time.tolist(), curve.share.tolist(), low.tolist(), high.tolist(), [],
        [int(at_risk[k]) for k in before], [int(events[u]) for u in upto], [int(censored[u]) for u in upto],
    )  # fmt: skip


def forest_of(study: Study, models: Models) -> Forest:
    """The forest plot of the adjusted hazard ratios.

    Args:
        study: The study.
        models: The models.
    """
    rows: list[ForestRow] = []
    seen = ""
    for term, _, joint in cox_rows(models):
        if joint is None:
            continue
        name = " × ".join(study.plan.label(p.removeprefix("C(").removesuffix(")")) for p in term.split(":"))
        if joint.level.label and term != seen:
            rows.append(ForestRow(name, heading=True))
        seen = term
        rows.append(_row(f"   {joint.level.label}" if joint.level.label else name, joint))
    title = f"Adjusted hazard ratios, {study.plan.outcome[:1].lower()}{study.plan.outcome[1:]}"
    return Forest(title, ("n", "Events", "HR (95% CI)", "p"), rows)


def _row(label: str, row: OneLevel) -> ForestRow:
    counts = (f"{row.level.n}", f"{row.level.events}")
    if row.level.index is None:
        return ForestRow(label, (*counts, "1 (reference)", ""), 1.0)
    if not row.estimable:
        return ForestRow(label, (*counts, "not estimable", ""))
    printed = f"{ratio(row.ratio)} ({interval(row.low, row.high)})"
    return ForestRow(label, (*counts, printed, p_value(row.p)), row.ratio, row.low, row.high)
