"""The results of a pool as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from spondyl.cohort.pooling import Pooled
from spondyl.cohort.results import CoxModel, rounded
from spondyl.consult.pooled import PooledGroup, PooledSurvival
from spondyl.consult.pooled_cases import Said, level_of
from spondyl.consult.pooled_summaries import Summary
from spondyl.consult.pooled_words import flow_words, methods
from spondyl.consult.pooled_work import Left, PoolWork

__all__ = ["as_dict"]


def as_dict(work: PoolWork) -> dict[str, Any]:
    """The results as they stand in `results.json`.

    Args:
        work: The pool.
    """
    plan, found = work.plan, work.flow
    return {
        "by": plan.by, "where": plan.where,
        "flow": {
            "studies": found.papers, "repeated": found.repeated, "cases": found.cases, "kept": len(found.kept),
            "dropped": found.counts, "words": _said(flow_words(work)),
        },
        "studies": [
            {"id": s.paper.id, "cite": s.cite, "title": s.paper.title, "doi": s.paper.doi, "pmid": s.paper.pmid}
            for s in work.inputs.cited.values()
        ],
        "patients": [
            {"study": c.study, "case": c.case, "label": c.label, "months": c.months, "died": c.died,
             "group": level_of(c, plan.by) if plan.by else None, "basis": c.basis, "words": list(c.words)}
            for c in found.kept
        ],
        "dropped": [asdict(d) for d in found.dropped],
        "duplicates": [
            {"kept": [t.kept.study, t.kept.case], "other": [t.other.study, t.other.case], "agree": t.words}
            for t in found.twins
        ],
        "survival": _survival(work.survival) if work.survival else None,
        "left_out": {
            "studies": [_left(x) for x in work.left], "kinds": [_left(x) for x in work.kinds],
            "studies_not_left_out": work.unlisted,
        },
        "summaries": [_summary(s) for s in work.summaries],
        "methods": _said(methods(work)),
        "problems": [p._asdict() for p in work.inputs.problems],
    }  # fmt: skip


def _said(sentences: Iterable[Said]) -> list[dict[str, str]]:
    return [asdict(s) for s in sentences]


def _survival(done: PooledSurvival) -> dict[str, Any]:
    within = done.within
    return {
        "by": done.by, "ungrouped": done.ungrouped, "whole": _group(done.whole),
        "groups": [_group(g) for g in done.groups] if done.by else [],
        "within_studies": {
            "studies": within.studies, "patients": within.patients, "events": within.events, "chi2": within.chi2,
            "df": within.df, "p": within.p, "cox": _cox(within.cox),
        } if within else None,
        "studies_ignored": {
            "chi2": done.across[0], "df": done.across[1], "p": done.across[2], "cox": _cox(done.clustered),
        } if done.across else None,
        "warnings": _said(done.warnings),
    }  # fmt: skip


def _group(group: PooledGroup) -> dict[str, Any]:
    median, low, high = group.median
    s = group.curve.survival
    columns = (s.time, s.survival, s.low, s.high, s.life.at_risk, s.life.events, s.life.censored)
    points = zip(*(c.tolist() for c in columns), strict=True)
    return {
        "label": group.label, "n": group.n, "events": group.events, "studies": dict(group.studies),
        "median": rounded(median), "median_low": rounded(low), "median_high": rounded(high),
        "curve": [
            {"months": t, "survival": v, "low": rounded(lo), "high": rounded(hi), "at_risk": int(n), "events": int(d),
             "censored": int(c)}
            for t, v, lo, hi, n, d, c in points
        ],
    }  # fmt: skip


def _cox(model: CoxModel | None) -> list[dict[str, Any]] | None:
    if model is None:
        return None
    return [
        {"level": r.level.label, "reference": r.level.index is None, "hr": rounded(r.ratio) if r.estimable else None,
         "low": rounded(r.low) if r.estimable else None, "high": rounded(r.high) if r.estimable else None,
         "p": rounded(r.p) if r.estimable else None, "method": "firth" if model.firth else "partial likelihood"}
        for r in model.rows
    ]  # fmt: skip


def _left(one: Left) -> dict[str, Any]:
    median, low, high = one.whole.median
    return {
        "without": one.what, "n": one.patients, "events": one.events, "median": rounded(median),
        "median_low": rounded(low), "median_high": rounded(high),
        "groups": {g.label: rounded(g.median[0]) for g in one.groups}, "p": one.p,
    }  # fmt: skip


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "kind": summary.kind, "of": summary.of, "scale": "logit" if summary.kind == "share" else "log",
        "effects": [
            {"study": study, "cite": e.label, "value": e.value, "se": e.se, "basis": e.basis, "words": words}
            for e, study, words in zip(summary.effects, summary.studies, summary.words, strict=True)
        ],
        "pooled": _pooled(summary.pooled), "unguarded": _pooled(summary.bare),
        "dersimonian_laird": _pooled(summary.dersimonian),
        "left_out": [{"without": label, **(_pooled(one) or {})} for label, one in summary.left],
        "not_pooled": [asdict(x) for x in summary.left_out],
    }  # fmt: skip


def _pooled(one: Pooled | None) -> dict[str, Any] | None:
    if one is None:
        return None
    out = asdict(one)
    return {k: rounded(v) if isinstance(v, float) else v for k, v in out.items()}
