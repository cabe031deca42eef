"""The drawings of a pool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from spondyl.consult.pooled import PooledGroup
from spondyl.consult.pooled_summaries import Summary
from spondyl.consult.pooled_work import PoolWork
from spondyl.consult.study_drawn import ticks_of
from spondyl.consult.study_format import p_value
from spondyl.present.forest import Meta, MetaRow, draw_meta, drawable
from spondyl.present.survival import Picture, Strand, Strands
from spondyl.present.survival_figure import draw_curves

__all__ = ["number_of", "pictures", "title_of"]

MARKS = 400
MOST_STRANDS = 8


def pictures(work: PoolWork) -> Iterator[Picture]:
    """Curves of all patients and by group, then a forest plot for each pool of summaries."""
    survival = work.survival
    if survival:
        yield draw_curves("survival", _strands((survival.whole,), "Survival, all pooled patients", ""))
        if survival.by and len(survival.groups) > 1:
            shown = sorted(survival.groups, key=lambda g: -g.n)[:MOST_STRANDS]
            across = survival.across
            note = f"log-rank, studies ignored: p {_equals(p_value(across[2]))}" if across else ""
            title = f"Survival by {survival.by.replace('_', ' ')}"
            if len(shown) < len(survival.groups):
                title += f", the {len(shown)} largest of {len(survival.groups)} groups"
            yield draw_curves("survival_by_group", _strands(shown, title, note))
    for number, summary in enumerate((s for s in work.summaries if s.effects), 1):
        yield draw_meta("forest" if number == 1 else f"forest_{number}", _meta(summary))


def _equals(p: str) -> str:
    return f"{p[0]} {p[1:]}" if p[0] in "<>" else f"= {p}"


def _strands(groups: Sequence[PooledGroup], title: str, note: str) -> Strands:
    ticks = ticks_of(max(float(g.curve.survival.time[-1]) for g in groups) or 1.0)
    return Strands(
        title,
        "Months from each report's own start",
        "Survival",
        ticks,
        [_strand(g, ticks) for g in groups],
        note,
    )


def _strand(group: PooledGroup, ticks: Sequence[float]) -> Strand:
    life, s = group.curve.survival.life, group.curve.survival
    steps = np.append(np.flatnonzero(life.events > 0), len(life.time) - 1)
    marks = life.time[life.censored > 0]
    upto = [int(np.searchsorted(life.time, t, side="right")) for t in ticks]
    events, censored = (np.concatenate([[0.0], np.cumsum(v)]) for v in (life.events, life.censored))
    return Strand(
        drawable(group.label.replace("_", " ")), s.time[steps].tolist(), s.survival[steps].tolist(),
        s.low[steps].tolist(), s.high[steps].tolist(), marks.tolist() if len(marks) <= MARKS else [],
        group.at_risk(ticks), [int(events[u]) for u in upto], [int(censored[u]) for u in upto],
    )  # fmt: skip


def title_of(summary: Summary) -> str:
    """What a pool of summaries measures.

    Args:
        summary: The pool.
    """
    if summary.kind == "median":
        return "Median overall survival in months"
    return f"{'Hazard ratio' if summary.kind == 'ratio' else 'Share'}: {summary.of}"


def number_of(summary: Summary, value: float) -> str:
    """A number of a pool as it is printed; the value is on the scale of the pool.

    Args:
        summary: The pool.
        value: A logarithm or a logit.
    """
    back = summary.back(value)
    if summary.kind == "share":
        return f"{100 * back:.0f} %"
    return f"{back:.1f}" if summary.kind == "median" or back >= 10 else f"{back:.2f}"


def _row(summary: Summary, label: str, limits: tuple[float, float, float], weight: float | None) -> MetaRow:
    value, low, high = limits
    printed = f"{number_of(summary, value)} ({number_of(summary, low)}–{number_of(summary, high)})"
    return MetaRow(label, summary.back(value), summary.back(low), summary.back(high), weight, printed)


def _meta(summary: Summary) -> Meta:
    done, z = summary.pooled, 1.959963984540054
    weights = done.weights if done else tuple(None for _ in summary.effects)
    rows = [
        _row(summary, e.label, (e.value, e.value - z * e.se, e.value + z * e.se), w)
        for e, w in zip(summary.effects, weights, strict=True)
    ]
    pool = (
        _row(summary, f"Pool of {done.k} studies", (done.estimate, done.low, done.high), None)
        if done
        else None
    )
    prediction = None
    if done:
        low, high = done.prediction
        prediction = (
            summary.back(low), summary.back(high), f"{number_of(summary, low)}–{number_of(summary, high)}",
        )  # fmt: skip
    head = {"median": "Months (95 % CI)", "ratio": "HR (95 % CI)", "share": "Share (95 % CI)"}[summary.kind]
    label = {"median": "Median survival, months", "ratio": "Hazard ratio", "share": "Share"}[summary.kind]
    return Meta(
        title_of(summary), label, head, rows, pool, prediction, summary.kind != "share",
        1.0 if summary.kind == "ratio" else None, _notes(summary),
    )  # fmt: skip


def _notes(summary: Summary) -> tuple[str, ...]:
    done = summary.pooled
    if done is None:
        return ("A single study: nothing is pooled.",)
    return (
        f"REML, Knapp-Hartung with the guard. I² {done.i2:.0f} %, τ² {done.tau2:.3f}, "
        f"Q {done.q:.1f} on {done.k - 1} df, p {_equals(p_value(done.q_p))}.",
    )
