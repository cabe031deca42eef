"""Survival and recurrence of like cases, estimated and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from spondyl.cohort.incidence import causes_table, incidence
from spondyl.consult.patient.nearest import Neighbours
from spondyl.consult.patient.outcome_sets import Tried, said_lines
from spondyl.consult.pooled import PooledGroup, PooledSurvival, pooled_survival
from spondyl.consult.study_drawn import ticks_of
from spondyl.consult.study_format import interval, months, within
from spondyl.present.catalog import number
from spondyl.present.consultation import Basis, Grid, Line
from spondyl.present.curve_sketch import sketch
from spondyl.present.survival import Picture, Strand, Strands

__all__ = ["competing", "survival"]

_COUNTED = (Basis("computed", "counts of the cases that were read"),)


def survival(found: Neighbours, best: Tried) -> tuple[list[Line], Grid, Picture]:
    """Pooled survival: the median, what must be said of it, the shares at some months, and the curve.

    Args:
        found: The library measured around the patient.
        best: The set, large enough.
    """
    done = pooled_survival(best.pooled)
    return [_median(done), *said_lines(done.warnings)], _rates(found, done.whole), _curve(done.whole)


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


def _rates(found: Neighbours, group: PooledGroup) -> Grid:
    last = float(group.curve.survival.time[-1])
    rows = [_rate(group, t) for t in found.by.outcomes.at_months if t <= last]
    return Grid(
        "survival", "Survival of these cases", ("Months", "Alive (95% CI)", "At risk", "Died until then"),
        tuple(rows),
        (Line(f"The longest follow-up is {number(last, 1)} months; beyond it nothing is known.", _COUNTED),),
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
    strand = Strand(
        "like cases", km.time[steps].tolist(), km.survival[steps].tolist(), km.low[steps].tolist(),
        km.high[steps].tolist(),
        life.time[life.censored > 0].tolist(), group.at_risk(ticks),
        [int(events[u]) for u in upto], [int(censored[u]) for u in upto],
    )  # fmt: skip
    title = f"Survival of {group.n} published or registered cases like this one ({group.events} deaths)"
    drawn = Strands(title, "Months from each report's own start", "Survival", ticks, [strand], "")
    return Picture("survival_alike", title, sketch(drawn), partial(_raster, drawn))


def _raster(drawn: Strands) -> bytes:
    """The same for Word and PDF; loading the library that draws it takes longer than the whole page."""
    from spondyl.present.survival_figure import draw_curves

    return draw_curves("survival_alike", drawn).png


def competing(ends: Sequence[tuple[float, int]]) -> Iterator[Line]:
    """Cumulative incidence of recurrence with death as a competing event.

    Args:
        ends: When each case first recurred (1), died (2) or was last seen (0), in months.
    """
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
            f"with times, {int((cause == 1).sum())} with recurrence.",
            (Basis("computed", "Aalen–Johansen estimate over these cases"),), key="incidence",
        )  # fmt: skip
