"""Survival and recurrence of like cases, estimated and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from spondyl.cohort.incidence import causes_table, incidence
from spondyl.consult.patient.columns import Floats, Numbers
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import Neighbours
from spondyl.consult.patient.outcome_sets import Tried, choice_of
from spondyl.consult.pooled import PooledGroup, PooledSurvival, pooled_survival, publication_bias
from spondyl.consult.pooled_cases import Said
from spondyl.consult.rules.literature import source
from spondyl.consult.study_drawn import ticks_of
from spondyl.consult.study_format import interval, months, within
from spondyl.present.catalog import number
from spondyl.present.consultation import Basis, Grid, Line
from spondyl.present.survival import Picture, Strand, Strands

__all__ = ["bias", "competing", "survival"]

_COUNTED = Basis("computed", "counts of the cases that were read")


def survival(found: Neighbours, best: Tried) -> tuple[list[Line], Grid, Picture]:
    """Pooled survival: the median, what must be said of it, the shares at some months, and the curve.

    Args:
        found: The library measured around the patient.
        best: The set, large enough.
    """
    done = pooled_survival(best.pooled)
    return [_median(done), *_said(done.warnings)], _rates(found, done.whole), _curve(done.whole)


def bias(cases: int, papers: int) -> list[Line]:
    """What must be said of published cases, however few.

    Args:
        cases: How many.
        papers: Of how many papers.
    """
    return list(_said([publication_bias(cases, papers)]))


def _median(done: PooledSurvival) -> Line:
    whole = done.whole
    middle, low, high = whole.median
    said = f"{months(middle)} months" if np.isfinite(middle) else "not reached"
    limits = f" (95% CI {interval(low, high, 1)})" if np.isfinite(low) or np.isfinite(high) else ""
    at = {"median_months": _plain(middle), "low": _plain(low), "high": _plain(high)}
    return Line(
        f"Median survival {said}{limits}; {whole.n} patients, {whole.events} deaths, of {len(whole.studies)} "
        f"{'study' if len(whole.studies) == 1 else 'studies'}.",
        (Basis("computed", "Kaplan–Meier over the cases; limits log-log, of the median after Brookmeyer and Crowley",
               "doi:10.1080/01621459.1958.10501452, doi:10.2307/2530286"),), key="median", value=at,
    )  # fmt: skip


def _plain(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None


def _said(sentences: Sequence[Said]) -> Iterator[Line]:
    """What must be said of pooled cases; the first sentence is that of publication bias."""
    for number_, said in enumerate(sentences):
        bases = [Basis("computed", said.basis)]
        if number_ == 0:
            bases.append(source("nissen2014").basis)
        yield Line(said.text, tuple(bases), "warning", key="publication-bias" if number_ == 0 else "")


def _rates(found: Neighbours, group: PooledGroup) -> Grid:
    last = float(group.curve.survival.time[-1])
    rows = [_rate(group, t) for t in found.by.outcomes.at_months if t <= last]
    return Grid(
        "survival", "Survival of these cases", ("Months", "Alive (95% CI)", "At risk", "Died until then"),
        tuple(rows),
        (Line(f"The longest follow-up is {number(last, 1)} months; beyond it nothing is known.", (_COUNTED,)),),
    )  # fmt: skip


def _rate(group: PooledGroup, when: float) -> tuple[Line, ...]:
    share, low, high = group.at(when)
    life = group.curve.survival.life
    left, died = group.at_risk([when])[0], int(life.events[life.time <= when].sum())
    km = (Basis("computed", "Kaplan–Meier, log-log limits"),)
    value = {"survival": _plain(share), "low": _plain(low), "high": _plain(high)}
    limits = "" if np.isfinite(low) else " (no interval: nobody or everybody died)"
    return (
        Line(number(when), km, value=when),
        Line(within(share, low, high) + limits, km, value=value),
        Line(f"{left}", km, value=left),
        Line(f"{died}", km, value=died),
    )


def _curve(group: PooledGroup) -> Picture:
    km = group.curve.survival
    life = km.life
    ticks = ticks_of(float(life.time[-1]) or 1.0)
    steps = np.append(np.flatnonzero(life.events > 0), len(life.time) - 1)
    upto = [int(np.searchsorted(life.time, t, side="right")) for t in ticks]
    events, censored = (np.concatenate([[0.0], np.cumsum(v)]) for v in (life.events, life.censored))
    low, high = (_carried(v[steps]) for v in (km.low, km.high))
    strand = Strand(
        "like cases", km.time[steps].tolist(), km.survival[steps].tolist(), low, high,
        life.time[life.censored > 0].tolist(), group.at_risk(ticks),
        [int(events[u]) for u in upto], [int(censored[u]) for u in upto],
    )  # fmt: skip
    title = f"Survival of {group.n} published or registered cases like this one ({group.events} deaths)"
    drawn = Strands(title, "Months from each report's own start", "Survival", ticks, [strand], "")
    # The drawing library is not needed where there is nothing to draw.
    from spondyl.present.survival_figure import draw_curves

    return draw_curves("survival_alike", drawn)


def _carried(limits: Floats) -> list[float]:
    """Limits for the drawing: where the last patient dies there is none, and the band ends as it was before."""
    out = [float(v) for v in limits]
    if len(out) > 1 and np.isnan(out[-1]):
        out[-1] = out[-2]
    return out


def competing(library: Library, rows: Sequence[int]) -> Iterator[Line]:
    """Cumulative incidence of recurrence with death as a competing event, where times are known of enough cases.

    Args:
        library: The cases.
        rows: Those of whom it is told whether they recurred.
    """
    ends = [end for row in rows if (end := _first(library, row)) is not None]
    recurred = sum(cause == 1 for _, cause in ends)
    if len(ends) < 5 or recurred < 3:
        yield Line(
            f"Incidence over time, with death as a competing event, is not computed: times are known of "
            f"{len(ends)} of these cases, {recurred} with recurrence.", (_COUNTED,), "missing", key="incidence",
        )  # fmt: skip
        return
    time, cause = np.array([t for t, _ in ends]), np.array([c for _, c in ends], np.int64)
    table = causes_table(time, cause, np.ones(len(ends)), 2)
    parts = []
    for when in (12.0, 24.0):
        share, low, high = incidence(table, 1).at(when)
        if np.isfinite(share) and np.isfinite(low):
            parts.append(f"{share:.0%} (95% CI {low:.0%}–{high:.0%}) at {number(when)} months")
    if parts:
        yield Line(
            f"Cumulative incidence of recurrence, death as a competing event: {', '.join(parts)}; {len(ends)} cases "
            f"with times, {recurred} with recurrence.",
            (Basis("computed", "Aalen–Johansen estimate over these cases"),), key="incidence",
        )  # fmt: skip


def _first(library: Library, row: int) -> tuple[float, int] | None:
    """When a case first recurred or died, or was last seen; 1 for recurrence, 2 for death, 0 for neither."""
    seen, came = library.columns["follow_up_months"], library.columns["recurrence_months"]
    assert isinstance(seen, Numbers)
    assert isinstance(came, Numbers)
    if choice_of(library, "recurrence", row) == "yes":
        when = float(came.low[row])
        return None if np.isnan(when) or when != came.high[row] else (when, 1)
    last, status = float(seen.low[row]), choice_of(library, "status", row)
    if np.isnan(last) or last != seen.high[row] or status not in ("alive", "dead"):
        return None
    return last, 2 if status == "dead" else 0
