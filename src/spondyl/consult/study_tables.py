"""The tables of a study."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from spondyl.cohort.lifetable import restricted_mean
from spondyl.cohort.results import Association, CoxModel, Curve, KaplanMeier, OneLevel, Subhazard
from spondyl.cohort.tableone import Group, Variable
from spondyl.consult.study_format import interval, months, number, p_value, percent, ratio, within
from spondyl.consult.study_work import Models, Study
from spondyl.present.survival import Grid

__all__ = ["cox_rows", "limit_of", "reaches", "tables"]


def tables(study: Study) -> tuple[Grid, ...]:
    """All tables of a study.

    Args:
        study: The study.
    """
    out = [_one(study)] if study.table_one else []
    out += [_survival(study), _restricted(study)]
    out += [_cox(study, models, number) for number, models in enumerate(study.models, 1)]
    out += [_fisher(study, a) for a in study.fisher]
    out += [_incidence(study)] if study.competing else []
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
    lost = ("Lost",) if study.lost else ()
    head: tuple[str, ...] = ("Group", "n", "Events", "Censored", *lost, f"Median, {plan.unit} (95% CI)")
    head += tuple(f"At {t:g} {plan.unit} (95% CI)" for t in plan.at)
    head += (f"Follow-up, median {plan.unit}", "Log-rank p")
    rows = [row for k in study.curves for row in _curve_rows(study, k, len(head))]
    notes = [f"Intervals on the {plan.interval} scale; follow-up by reverse Kaplan-Meier."]
    notes += ["Lost: lost to follow-up; they are among the censored."] if lost else []
    if entered := [plan.label(k.by) for k in study.curves if k.by and k.by in plan.occurs]:
        how = "by what had come true at the landmark"
        if not plan.landmark:
            how = "from the time it came true; who passes is censored in the group before"
        notes.append(f"{', '.join(entered)}: patients count {how}.")
    return Grid("survival", f"{plan.outcome} by group (Kaplan-Meier)", head, rows, tuple(notes))


def _curve_rows(study: Study, k: KaplanMeier, columns: int) -> Iterator[tuple[str, ...]]:
    plan = study.plan
    if k.by:
        p = p_value(k.logrank.test.p) if k.logrank else ""
        yield (plan.label(k.by), *[""] * (columns - 2), p)
    for g in k.groups:
        median, low, high = g.median
        lost = (f"{study.lost.get((k.by, g.label), 0)}",) if study.lost else ()
        yield (
            f"  {g.label}" if k.by else "All patients", f"{g.n}", f"{g.events}", f"{g.n - g.events}", *lost,
            f"{months(median)} ({interval(low, high, 1)})", *(within(*g.survival.at(t)) for t in plan.at),
            months(g.follow_up[0]), "",
        )  # fmt: skip


def _restricted(study: Study) -> Grid:
    plan = study.plan
    head = ("Group", f"Limit, {plan.unit}", f"Mean up to the limit, {plan.unit}", "SE")
    rows: list[tuple[str, ...]] = []
    for k in study.curves:
        rows += [(plan.label(k.by), "", "", "")] if k.by else []
        tau = limit_of(k)
        for g in k.groups:
            mean, se = restricted_mean(g.survival, tau) if reaches(g, tau) else (float("nan"),) * 2
            rows.append((f"  {g.label}" if k.by else "All patients", number(tau), number(mean), number(se)))
    note = "The limit is the shortest of the longest times of the groups of ten and more; –: not followed so long."
    return Grid("restricted_mean", f"Restricted mean of {_lower(plan.outcome)}", head, rows, (note,))


def limit_of(k: KaplanMeier) -> float:
    """Up to when the restricted means of curves are compared: as long as all groups of ten and more are followed.

    Args:
        k: The curves.
    """
    last = [(g.n >= 10, float(g.survival.time[-1])) for g in k.groups]
    return min((t for many, t in last if many), default=min((t for _, t in last), default=0.0))


def reaches(g: Curve, tau: float) -> bool:
    """Whether a curve is known up to a time: somebody is followed so long, or nobody is left alive.

    Args:
        g: The curve.
        tau: The time.
    """
    return bool(g.survival.time[-1] >= tau or g.survival.survival[-1] == 0)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _incidence(study: Study) -> Grid:
    plan = study.plan
    head = (
        "Group",
        "n",
        *(f"{what} at {t:g} {plan.unit}" for t in plan.at for what in ("Event", "Competing")),
    )
    rows: list[tuple[str, ...]] = []
    notes = ["Aalen-Johansen estimates with 95% confidence intervals."]
    for c in study.competing:
        rows += [(plan.label(c.by), *[""] * (len(head) - 1))] if c.by else []
        for label, n, one, two in c.groups:
            shares = (within(*i.at(t)) for t in plan.at for i in (one, two))
            rows.append((f"  {label}" if c.by else "All patients", f"{n}", *shares))
        if c.gray and c.by:
            chi2, df, p = c.gray
            notes.append(f"{plan.label(c.by)}: Gray's χ² = {number(chi2, 2)}, df = {df}, p = {p_value(p)}.")
    return Grid("incidence", f"Cumulative incidence, {_lower(plan.outcome)}", head, rows, tuple(notes))


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
    title = f"Cox regression of {_lower(plan.outcome)}"
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
