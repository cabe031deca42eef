"""The results of a study as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spondyl.cohort.lifetable import restricted_mean
from spondyl.cohort.results import Association, Competing, CoxModel, Curve, KaplanMeier, Subhazard, rounded
from spondyl.cohort.tableone import Variable
from spondyl.consult.study_tables import limit_of, reaches
from spondyl.consult.study_work import Models, Study

__all__ = ["as_dict"]


def as_dict(study: Study) -> dict[str, Any]:
    """The results as they stand in `results.json`.

    Args:
        study: The study.
    """
    whole = study.curves[0].groups[0]
    out: dict[str, Any] = {
        "n": whole.n, "events": whole.events, "dropped": study.curves[0].dropped,
        "table_one": [_variable(v) for v in study.table_one],
        "kaplan_meier": [_curves(k, study) for k in study.curves],
        "cox": [m for models in study.models for m in _models(models)],
        "fisher": [_association(a) for a in study.fisher],
        "warnings": list(study.warnings),
    }  # fmt: skip
    if study.competing:
        out["competing_risks"] = [_competing(c) for c in study.competing]
        out["fine_gray"] = [_subhazard(s) for s in study.subhazard]
    return out


def _variable(v: Variable) -> dict[str, Any]:
    groups: list[dict[str, Any]] = []
    for g in v.groups:
        one: dict[str, Any] = {"label": g.label, "n": g.n, "missing": g.missing}
        if g.number:
            names = ("mean", "sd", "median", "low", "high")
            one |= {name: rounded(getattr(g.number, name)) for name in names}
        if v.levels:
            one["counts"] = dict(zip(v.levels, g.counts, strict=True))
        groups.append(one)
    test = v.comparison
    return {
        "variable": v.name, "groups": groups, "test": test.test if test else None,
        "p": rounded(test.p) if test else None,
        "standardized_difference": rounded(test.difference) if test else None,
    }  # fmt: skip


def _curves(k: KaplanMeier, study: Study) -> dict[str, Any]:
    tau = limit_of(k)
    test = k.logrank.test if k.logrank else None
    return {
        "by": k.by, "dropped": k.dropped, "interval": study.plan.interval,
        "groups": [_curve(g, study.plan.at, tau) | _lost(study, k.by, g) for g in k.groups],
        "logrank": {"chi2": test.chi2, "df": test.df, "p": test.p} if test else None,
    }  # fmt: skip


def _curve(g: Curve, at: Iterable[float], tau: float) -> dict[str, Any]:
    median, low, high = g.median
    mean, se = restricted_mean(g.survival, tau) if reaches(g, tau) else (float("nan"), float("nan"))
    life = g.survival.life
    points = zip(
        g.survival.time, g.survival.survival, g.survival.low, g.survival.high, life.at_risk, life.events,
        life.censored, strict=True,
    )  # fmt: skip
    return {
        "label": g.label, "n": g.n, "events": g.events, "censored": g.n - g.events,
        "median": rounded(median), "median_low": rounded(low), "median_high": rounded(high),
        "follow_up_median": rounded(g.follow_up[0]),
        "survival_at": [dict(zip(("time", "survival", "low", "high"), (t, *map(rounded, g.survival.at(t))),
                                 strict=True)) for t in at],
        "restricted_mean": {"tau": tau, "mean": rounded(mean), "se": rounded(se)},
        "curve": [
            {"time": float(t), "survival": float(s), "low": rounded(lo), "high": rounded(hi),
             "at_risk": int(n), "events": int(d), "censored": int(c)}
            for t, s, lo, hi, n, d, c in points
        ],
    }  # fmt: skip


def _lost(study: Study, by: str | None, g: Curve) -> dict[str, int]:
    return {"lost": study.lost.get((by, g.label), 0)} if study.lost else {}


def _models(models: Models) -> list[dict[str, Any]]:
    return [*(_cox(m, "univariable") for m in models.single), _cox(models.joint, "multivariable")]


def _cox(m: CoxModel, kind: str) -> dict[str, Any]:
    fit = m.fit
    terms = [
        {
            "term": fit.names[r.level.index], "coef": r.coef, "se": rounded(r.se), "hr": rounded(r.ratio),
            "low": rounded(r.low), "high": rounded(r.high), "p": rounded(r.p), "n": r.level.n,
            "events": r.level.events,
        }
        for r in m.rows if r.level.index is not None
    ]  # fmt: skip
    lr, wald, score = fit.likelihood_ratio, fit.wald, fit.score_test
    return {
        "model": kind, "method": "firth" if m.firth else "partial likelihood", "ties": fit.ties,
        "dropped": m.dropped, "n": fit.n, "events": fit.events, "loglik_null": fit.null.loglik,
        "loglik": fit.top.loglik, "terms": terms,
        "tests": {name: {"chi2": t.chi2, "df": t.df, "p": t.p}
                  for name, t in (("likelihood_ratio", lr), ("wald", wald), ("score", score))},
        "proportional_hazards": [{"term": z.term, "chi2": z.test.chi2, "df": z.test.df, "p": z.test.p}
                                 for z in m.proportional],
        "concordance": {"c": m.concordance.c, "se": m.concordance.se} if m.concordance else None,
        "notes": list(m.notes),
    }  # fmt: skip


def _association(a: Association) -> dict[str, Any]:
    return {
        "row": a.row, "column": a.column, "rows": list(a.rows), "columns": list(a.columns),
        "counts": [list(r) for r in a.counts], "p": a.test.p, "method": a.test.method,
        "error": a.test.error, "draws": a.test.draws,
    }  # fmt: skip


def _competing(c: Competing) -> dict[str, Any]:
    groups = [
        {"label": label, "n": n, "time": one.time.tolist(), "event": one.share.tolist(),
         "competing": two.share.tolist()}
        for label, n, one, two in c.groups
    ]  # fmt: skip
    gray = dict(zip(("chi2", "df", "p"), c.gray, strict=True)) if c.gray else None
    return {"by": c.by, "dropped": c.dropped, "groups": groups, "gray": gray}


def _subhazard(s: Subhazard) -> dict[str, Any]:
    low, high = s.fit.interval()
    rows = zip(s.fit.names, s.fit.coef, s.fit.se, low, high, s.fit.p, strict=True)
    return {
        "n": s.fit.n, "events": s.fit.events, "dropped": s.dropped,
        "terms": [
            {"term": t, "coef": float(b), "se": float(e), "low": float(lo), "high": float(hi), "p": float(p)}
            for t, b, e, lo, hi, p in rows
        ],
    }  # fmt: skip
