"""The tables of a study."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from spondyl.cohort.lifetable import restricted_mean
from spondyl.cohort.results import Association, CoxModel, KaplanMeier, OneLevel, Subhazard
from spondyl.cohort.tableone import Group, Variable
from spondyl.consult.study_format import interval, months, number, p_value, percent, ratio, share
from spondyl.consult.study_work import Models, Study
from spondyl.present.survival import Grid

__all__ = ["cox_rows", "tables"]


def tables(study: Study) -> tuple[Grid, ...]:
    """All tables of a study.

    Args:
        study: The study.
    """
    out = [_one(study)] if study.table_one else []
    out += [_survival(study)]
    out += [_cox(study, models, number) for number, models in enumerate(study.models, 1)]
    out += [_fisher(study, a) for a in study.fisher]
    out += [_subhazard(study, s) for s in study.subhazard]
    return tuple(out)


def _one(study: Study) -> Grid:
    plan = study.plan
    groups = study.table_one[0].groups
    compared = study.table_one[0].comparison is not None
    head = ["Characteristic", *(_head(g, plan.compared, plan.label) for g in groups)]
    head += ["p", "Test", "Std. diff."] if compared else []
    rows = [row for v in study.table_one for row in _variable(study, v, compared)]
    notes = ["n (%), mean (SD) and median (quartiles); percentages are of patients with a value."]
    if compared:
        notes.append("Std. diff.: standardized difference, the largest of all pairs of groups.")
    return Grid("table_one", "Characteristics of the patients", tuple(head), rows, tuple(notes))


def _head(group: Group, by: str | None, label: object) -> str:
    whole = group.n + group.missing
    if group.label == "all" or by is None:
        return f"All (n = {whole})"
    return f"{label(by)}: {group.label} (n = {whole})"  # type: ignore[operator]


def _variable(study: Study, v: Variable, compared: bool) -> Iterator[tuple[str, ...]]:
    plan, test = study.plan, v.comparison
    unit = f", {plan.units[v.name]}" if v.name in plan.units else ""
    last = (p_value(test.p), test.test, number(test.difference, 2)) if test else ()
    blank = ("", "", "") if compared else ()
    if not v.levels:
        yield (f"{plan.label(v.name)}{unit}, mean (SD)", *(_mean(g) for g in v.groups), *last)
        yield ("  median (quartiles)", *(_median(g) for g in v.groups), *blank)
    else:
        yield (f"{plan.label(v.name)}{unit}", *("" for _ in v.groups), *last)
        for k, level in enumerate(v.levels):
            if v.groups[0].counts[k]:
                yield (f"  {level}", *(percent(g.counts[k], g.n) for g in v.groups), *blank)
    if any(g.missing for g in v.groups):
        yield ("  missing", *(percent(g.missing, g.n + g.missing) for g in v.groups), *blank)


def _mean(g: Group) -> str:
    return f"{number(g.number.mean)} ({number(g.number.sd)})" if g.number else "–"


def _median(g: Group) -> str:
    if not g.number:
        return "–"
    return f"{number(g.number.median)} ({number(g.number.low)}–{number(g.number.high)})"


def _survival(study: Study) -> Grid:
    plan = study.plan
    tau = min(float(g.survival.time[-1]) for k in study.curves for g in k.groups)
    head: tuple[str, ...] = ("Group", "n", "Events", "Censored", f"Median, {plan.unit} (95% CI)")
    head += tuple(f"At {t:g} {plan.unit} (95% CI)" for t in plan.at)
    head += (f"Restricted mean to {number(tau)} {plan.unit} (SE)", "Follow-up, median", "Log-rank p")
    rows = [row for k in study.curves for row in _curve_rows(study, k, tau)]
    notes = (f"Intervals on the {plan.interval} scale; follow-up by reverse Kaplan-Meier.",)
    return Grid("survival", f"{plan.outcome} by group (Kaplan-Meier)", head, rows, notes)


def _curve_rows(study: Study, k: KaplanMeier, tau: float) -> Iterator[tuple[str, ...]]:
    plan = study.plan
    p = p_value(k.logrank.test.p) if k.logrank else ""
    if k.by:
        yield (plan.label(k.by), *[""] * (6 + len(plan.at)), p)
    for g in k.groups:
        median, low, high = g.median
        at = (f"{share(s)} ({share(lo)}–{share(hi)})" for s, lo, hi in (g.survival.at(t) for t in plan.at))
        mean, se = restricted_mean(g.survival, tau)
        yield (
            f"  {g.label}" if k.by else "All patients", f"{g.n}", f"{g.events}", f"{g.n - g.events}",
            f"{months(median)} ({interval(low, high, 1)})", *at, f"{number(mean)} ({number(se)})",
            months(g.follow_up[0]), "",
        )  # fmt: skip


def cox_rows(models: Models) -> list[tuple[str, OneLevel | None, OneLevel | None]]:
    """Term, univariable and multivariable row side by side.

    Args:
        models: The models.
    """
    alone = [r for m in models.single for r in m.rows]
    keyed = {(r.level.term, r.level.label): r for r in alone}
    joint = {(r.level.term, r.level.label): r for r in models.joint.rows}
    keys = list(dict.fromkeys([*joint, *keyed]))
    return [(key[0], keyed.get(key), joint.get(key)) for key in keys]


def _cox(study: Study, models: Models, count: int) -> Grid:
    plan = study.plan
    head = ("Covariate", "n", "Events", "HR (95% CI), alone", "p", "HR (95% CI), adjusted", "p")
    rows: list[tuple[str, ...]] = []
    seen = ""
    for term, alone, joint in cox_rows(models):
        shown = joint or alone
        assert shown is not None
        level = shown.level
        if level.label and term != seen:
            rows.append((_term(study, term), "", "", "", "", "", ""))
        seen = term
        name = f"  {level.label}" if level.label else _term(study, term)
        rows.append((name, f"{level.n}", f"{level.events}", *_estimate(alone), *_estimate(joint)))
    notes = tuple(_notes(models.joint))
    title = f"Cox regression of {plan.outcome[:1].lower()}{plan.outcome[1:]}"
    return Grid("cox" if count == 1 else f"cox_{count}", title, head, rows, notes)


def _term(study: Study, term: str) -> str:
    names = [part.removeprefix("C(").removesuffix(")") for part in term.split(":")]
    unit = f", per {study.plan.units[names[0]]}" if len(names) == 1 and names[0] in study.plan.units else ""
    return " × ".join(study.plan.label(n) for n in names) + unit


def _estimate(row: OneLevel | None) -> tuple[str, str]:
    if row is None:
        return "", ""
    if row.level.index is None:
        return "1 (reference)", ""
    if not row.estimable:
        return "not estimable", ""
    return f"{ratio(row.ratio)} ({interval(row.low, row.high)})", p_value(row.p)


def _notes(m: CoxModel) -> Iterator[str]:
    fit = m.fit
    yield (
        f"Adjusted model: {fit.n} observations, {fit.events} events, {m.dropped} dropped for missing values; "
        f"ties after {fit.ties.capitalize()}; likelihood-ratio χ² = {number(fit.likelihood_ratio.chi2, 2)}, "
        f"df = {fit.likelihood_ratio.df}, p = {p_value(fit.likelihood_ratio.p)}."
    )
    if m.concordance:
        yield f"Concordance {number(m.concordance.c, 3)} (SE {number(m.concordance.se, 3)})."
    if m.proportional:
        yield "Proportional hazards (Schoenfeld): " + "; ".join(
            f"{z.term} p = {p_value(z.test.p)}" for z in m.proportional
        )
    yield from m.notes


def _fisher(study: Study, a: Association) -> Grid:
    plan, sums = study.plan, [sum(c) for c in zip_longest(*a.counts)]
    head = (
        plan.label(a.row),
        *(f"{plan.label(a.column)}: {c} (n = {s})" for c, s in zip(a.columns, sums, strict=True)),
    )
    rows = [
        (level, *(percent(v, s) for v, s in zip(counts, sums, strict=True)))
        for level, counts in zip(a.rows, a.counts, strict=True)
    ]
    note = f"Fisher's exact test ({len(a.rows)} × {len(a.columns)}, Freeman-Halton): p = {p_value(a.test.p)}."
    if a.test.method != "exact":
        note = (
            f"The table is too large for the exact test: p = {p_value(a.test.p)} (standard error "
            f"{a.test.error:.4f}) from {a.test.draws} random tables with the same margins."
        )
    return Grid(
        f"fisher_{a.row}_{a.column}", f"{plan.label(a.row)} by {plan.label(a.column)}", head, rows, (note,)
    )


def _subhazard(study: Study, s: Subhazard) -> Grid:
    low, high = s.fit.interval()
    rows = [
        (name, f"{number(float(b), 3)}", f"{ratio(float(r))} ({interval(lo, hi)})", p_value(float(p)))
        for name, b, r, lo, hi, p in zip(
            s.fit.names, s.fit.coef, 2.718281828459045**s.fit.coef, low, high, s.fit.p, strict=True
        )
    ]
    note = f"{s.fit.n} observations, {s.fit.events} events, {s.dropped} dropped for missing values."
    head = ("Covariate", "Coefficient", "Subdistribution HR (95% CI)", "p")
    return Grid("fine_gray", "Fine and Gray's regression against the competing event", head, rows, (note,))
