"""The methods and results of a study in sentences, with the numbers filled in."""

from __future__ import annotations

from collections.abc import Iterator

from spondyl.cohort.results import Association, Competing, KaplanMeier, OneLevel
from spondyl.consult.study_format import interval, months, number, p_value, ratio, share, within
from spondyl.consult.study_plan import Plan
from spondyl.consult.study_work import Models, Study

__all__ = ["methods", "results"]


def methods(study: Study) -> tuple[str, ...]:
    """The paragraph on statistics.

    Args:
        study: The study.
    """
    return (" ".join(_methods(study)),)


def _methods(study: Study) -> Iterator[str]:
    plan = study.plan
    yield (
        f"{plan.outcome} was estimated with the Kaplan-Meier method, with 95% confidence intervals on the "
        f"{plan.interval} scale; median follow-up was estimated with the reverse Kaplan-Meier method."
    )
    if plan.landmark:
        yield (
            f"Time was counted from a landmark at {plan.landmark:g} {plan.unit}; patients observed for less were "
            "left out."
        )
    if plan.kaplan_meier:
        yield "Groups were compared with the log-rank test."
    tests = sorted(
        {v.comparison.test for v in study.table_one if v.comparison and "none" not in v.comparison.test}
    )
    if tests:
        yield f"Characteristics of the groups were compared with these tests: {', '.join(tests)}."
    if study.models:
        if plan.cluster:
            one = plan.label(plan.cluster).lower()
            yield f"Standard errors of the Cox models are robust, rows of one {one} being alike."
        yield from _cox_methods(plan, any(m.firth for x in study.models for m in (*x.single, x.joint)))
    if study.fisher:
        yield (
            "Associations between categories were tested with Fisher's exact test in the extension of Freeman "
            "and Halton."
        )
    if plan.competing:
        yield (
            "With the competing event, cumulative incidence was estimated after Aalen and Johansen, groups were "
            "compared with Gray's test and covariates were modelled after Fine and Gray. Kaplan-Meier curves take the "
            "competing event as censoring, so they describe a world without it."
        )
    yield "Tests were two-sided. The analyses were made with Spondyl."


def _cox_methods(plan: Plan, firth: bool) -> Iterator[str]:
    ties = {"efron": "Efron's method", "breslow": "Breslow's method", "exact": "the exact likelihood"}[
        plan.ties
    ]
    yield f"Hazard ratios were estimated with Cox regression, ties being handled with {ties}."
    yield "Proportional hazards were tested with Schoenfeld residuals."
    if plan.occurs:
        names = ", ".join(plan.label(n) for n in plan.occurs)
        yield f"These covariates entered as time-dependent, patients counting as exposed from the event on: {names}."
    if firth:
        yield (
            "Where the likelihood had no maximum, Firth's penalised likelihood with profile-likelihood intervals "
            "took its place."
        )


def results(study: Study) -> tuple[str, ...]:
    """The paragraphs on what was found.

    Args:
        study: The study.
    """
    out = [" ".join(_overall(study))]
    out += [" ".join(_groups(study, k)) for k in study.curves[1:]]
    out += [" ".join(_models(study, m)) for m in study.models]
    out += [_association(study, a) for a in study.fisher]
    out += [" ".join(_competing(study, c)) for c in study.competing]
    return tuple(out)


def _overall(study: Study) -> Iterator[str]:
    plan, k = study.plan, study.curves[0]
    g = k.groups[0]
    yield f"The analysis included {_many(g.n, 'patient')} with {_many(g.events, 'event')}."
    if k.dropped:
        yield f"{_many(k.dropped, 'patient')} without a time or an event {_were(k.dropped)} left out."
    if study.lost:
        gone = study.lost.get((None, g.label), 0)
        yield f"{_many(gone, 'patient')} {_were(gone)} lost to follow-up; time up to then was used."
    else:
        yield "The table does not tell patients lost to follow-up from those still observed at the end."
    yield f"Median follow-up was {_time(g.follow_up[0], plan.unit)}."
    median, low, high = g.median
    yield f"Median survival was {_time(median, plan.unit)} (95% CI {interval(low, high, 1)})."
    for t in plan.at:
        s, lo, hi = g.survival.at(t)
        if s != s:
            yield f"Survival at {t:g} {plan.unit} is not known; nobody was followed so long."
            continue
        limits = "" if lo != lo else f" (95% CI {share(lo)}–{share(hi)})"
        yield f"Survival at {t:g} {plan.unit} was {share(s)}{limits}."


def _time(value: float, unit: str) -> str:
    return f"{months(value)} {unit}" if value == value else months(value)


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def _groups(study: Study, k: KaplanMeier) -> Iterator[str]:
    plan = study.plan
    shown = sorted(k.groups, key=lambda g: -g.n)[:4]
    parts = [
        f"{_time(g.median[0], plan.unit)} in the group {g.label} ({_many(g.n, 'patient')}, {_many(g.events, 'event')}, "
        f"{g.n - g.events} censored)"
        for g in shown
    ]
    yield f"{plan.label(k.by or '')}: median survival was {'; '.join(parts)}."
    if k.logrank:
        test = k.logrank.test
        yield f"Log-rank χ² was {number(test.chi2, 2)} on {test.df} df, p {_equals(p_value(test.p))}."


def _equals(p: str) -> str:
    return f"{p[0]} {p[1:]}" if p[0] in "<>" else f"= {p}"


def _models(study: Study, models: Models) -> Iterator[str]:
    fit = models.joint.fit
    cut = any(study.plan.occurs.get(r.level.term) for r in models.joint.rows)
    what = "period" if cut else "observation"
    yield (
        f"The multivariable Cox model rests on {_many(fit.n, what)}"
        f"{' of observation, cut where a covariate came true,' if cut else ''} with {_many(fit.events, 'event')}; "
        f"{_many(models.joint.dropped, 'patient')} {_were(models.joint.dropped)} dropped for missing values."
    )
    rows = [r for r in models.joint.rows if r.level.index is not None]
    clear = [r for r in rows if r.p < 0.05 and r.estimable]
    penalised = models.joint.firth is not None
    if clear:
        yield (
            "Independently associated with the event were "
            + "; ".join(_said(study, r, penalised) for r in clear)
            + "."
        )
    else:
        yield "No covariate was associated with the event at p < 0.05."
    if few := [_name(study, r) for r in rows if not r.estimable]:
        yield f"Too few patients for an estimate: {'; '.join(few)}."
    against = [z.term for z in models.joint.proportional if z.test.p < 0.05 and z.term != "GLOBAL"]
    if against:
        names = ", ".join(study.plan.label(t.removeprefix("C(").removesuffix(")")) for t in against)
        yield f"Proportional hazards are doubtful for {names}; the hazard ratio is an average over time there."
    yield from models.joint.notes


def _name(study: Study, r: OneLevel) -> str:
    name = study.plan.label(r.level.term.removeprefix("C(").removesuffix(")"))
    level = f": {r.level.label}" if r.level.label else ""
    return f"{name}{level}"


def _said(study: Study, r: OneLevel, penalised: bool) -> str:
    p = f"p {_equals(p_value(r.p))}"
    if penalised:  # these limits do not lie evenly around the ratio, and must not be read as if they did
        limits = interval(r.low, r.high).replace("–", " and ")
        return f"{_name(study, r)} (penalised HR {ratio(r.ratio)}, profile-likelihood limits {limits}, {p})"
    return f"{_name(study, r)} (HR {ratio(r.ratio)}, 95% CI {interval(r.low, r.high)}, {p})"


def _association(study: Study, a: Association) -> str:
    names = f"{study.plan.label(a.row)} and {study.plan.label(a.column)}"
    kind = "Fisher's exact test" if a.test.method == "exact" else f"{a.test.draws} random tables"
    return f"{names}: p {_equals(p_value(a.test.p))} by {kind} ({len(a.rows)} × {len(a.columns)} table)."


def _competing(study: Study, c: Competing) -> Iterator[str]:
    plan = study.plan
    name = f"{plan.label(c.by)}: cumulative" if c.by else "With the competing event, cumulative"
    for t in plan.at:
        parts = [
            f"{within(*one.at(t))}{f' in the group {label}' if c.by else ''}" for label, _, one, _ in c.groups
        ]
        yield f"{name} incidence of the event at {t:g} {plan.unit} was {'; '.join(parts)}."
        name = "Cumulative"
    if c.gray:
        chi2, df, p = c.gray
        yield f"Gray's test χ² was {number(chi2, 2)} on {df} df, p {_equals(p_value(p))}."
