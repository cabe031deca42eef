"""The tables of a pool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spondyl.cohort.pooling import Pooled
from spondyl.consult.pooled import PooledGroup
from spondyl.consult.pooled_cases import PooledCase, level_of
from spondyl.consult.pooled_drawn import number_of, title_of
from spondyl.consult.pooled_summaries import Summary
from spondyl.consult.pooled_work import Left, PoolWork
from spondyl.consult.study_format import interval, months, p_value, share
from spondyl.present.cite import reference
from spondyl.present.survival import Grid

__all__ = ["files", "shown"]

MOST_ROWS = 60
TIMES = (12, 24, 60)


def shown(work: PoolWork) -> tuple[Grid, ...]:
    """The tables of the report; long ones are cut, and say so.

    Args:
        work: The pool.
    """
    return tuple(_cut(g) for g in _grids(work) if g.rows)


def files(work: PoolWork) -> tuple[Grid, ...]:
    """The tables as they are written: whole, with every patient.

    Args:
        work: The pool.
    """
    return tuple(g for g in (*_grids(work), _patients(work)) if g.rows)


def _cut(grid: Grid) -> Grid:
    if len(grid.rows) <= MOST_ROWS:
        return grid
    note = f"{len(grid.rows) - MOST_ROWS} more rows stand in tables/{grid.name}.csv."
    return replace(grid, rows=grid.rows[:MOST_ROWS], notes=(*grid.notes, note))


def _grids(work: PoolWork) -> Iterator[Grid]:
    yield _flow(work)
    if work.survival:
        yield _groups(work)
    yield _studies(work)
    if work.left or work.kinds:
        yield _left(work)
    for number, summary in enumerate(work.summaries, 1):
        yield _summary(summary, number)
    yield _left_out(work)
    yield _duplicates(work)
    yield _dropped(work)


def _flow(work: PoolWork) -> Grid:
    found = work.flow
    rows = [
        ("Studies read", f"{found.papers}"),
        ("Papers given again, counted once", f"{found.repeated}"),
        ("Inputs that could not be read", f"{len(work.inputs.problems)}"),
        ("Cases read", f"{found.cases}"),
    ]
    rows += [(f"   dropped: {why}", f"{n}") for why, n in found.counts.items()]
    rows += [
        ("Patients pooled", f"{len(found.kept)}"),
        ("   of them told by another paper", f"{sum(c.basis == 'cited' for c in found.kept)}"),
        ("   of them reconstructed from curves", f"{sum(c.basis == 'curve' for c in found.kept)}"),
        ("   of them proposed duplicates of another", f"{len(found.twins)}"),
        ("Studies that give patients", f"{len({c.study for c in found.kept})}"),
        ("Studies that give a pooled summary", f"{len({s for x in work.summaries for s in x.studies})}"),
    ]
    return Grid("flow", "What was read, kept and dropped", ("", "n"), rows)


def _groups(work: PoolWork) -> Grid:
    done = work.survival
    assert done is not None
    last = float(done.whole.curve.survival.time[-1])
    times = [t for t in TIMES if t <= last]
    head = ("Group", "Patients", "Deaths", "Studies", "Median, months (95 % CI)",
            *(f"S at {t} months (95 % CI), at risk" for t in times))  # fmt: skip
    groups = [done.whole, *(done.groups if done.by else ())]
    rows = [_group(g, times, g is not done.whole) for g in groups]
    return Grid("survival", "Survival of the pooled patients", head, rows)


def _group(group: PooledGroup, times: list[int], inside: bool) -> tuple[str, ...]:
    median, low, high = group.median
    cells = []
    for t in times:
        s, lower, upper = group.at(t)
        left = group.at_risk([t])[0]
        if s == 1:
            cells.append(f"nobody died, {left}")
        else:
            cells.append("–" if s != s else f"{share(s)} ({share(lower)}–{share(upper)}), {left}")
    label = f"   {group.label.replace('_', ' ')}" if inside else "All patients"
    printed = f"{months(median)} ({interval(low, high, 1)})"
    return (label, f"{group.n}", f"{group.events}", f"{len(group.studies)}", printed, *cells)


def _studies(work: PoolWork) -> Grid:
    kept = work.flow.kept
    used = {c.study for c in kept} | {s for x in work.summaries for s in x.studies}
    rows = []
    by_study: dict[str, list[PooledCase]] = {}
    for case in kept:
        by_study.setdefault(case.study, []).append(case)
    for one in (s for s in work.inputs.cited.values() if s.paper.id in used):
        mine = by_study.get(one.paper.id, [])
        summaries = sum(one.paper.id in x.studies for x in work.summaries)
        printed = reference(one.paper) + (f" doi:{one.paper.doi}" if one.paper.doi else "")
        rows.append((printed, f"{len(mine)}", f"{sum(c.died for c in mine)}", f"{summaries}", one.cite))
    head = ("Reference", "Patients", "Deaths", "Summaries pooled", "Cited as")
    return Grid("studies", "The studies", head, rows)


def _left(work: PoolWork) -> Grid:
    done = work.survival
    labels = [g.label for g in done.groups] if done and done.by else []
    head = ("Left out", "Patients", "Deaths", "Median of all (95 % CI)",
            *(f"Median, {label.replace('_', ' ')}" for label in labels), "p, studies ignored")  # fmt: skip
    rows = [_left_row(x, labels) for x in (*work.kinds, *work.left)]
    notes = (f"{work.unlisted} smaller studies were not left out one at a time.",) if work.unlisted else ()
    return Grid("sensitivity", "The pool when something is left out", head, rows, notes)


def _left_row(one: Left, labels: list[str]) -> tuple[str, ...]:
    median, low, high = one.whole.median
    by = {g.label: months(g.median[0]) for g in one.groups}
    p = "–" if one.p is None else p_value(one.p)
    whole = f"{months(median)} ({interval(low, high, 1)})"
    return (one.what, f"{one.patients}", f"{one.events}", whole, *(by.get(x, "–") for x in labels), p)


def _summary(summary: Summary, number: int) -> Grid:
    z, done = 1.959963984540054, summary.pooled
    rows = []
    for k, (e, words) in enumerate(zip(summary.effects, summary.words, strict=True)):
        limits = tuple(number_of(summary, v) for v in (e.value, e.value - z * e.se, e.value + z * e.se))
        weight = f"{done.weights[k]:.1f}" if done else "–"
        rows.append((f"{e.label}: {words}", f"{limits[0]} ({limits[1]}–{limits[2]})", weight, e.basis))
    for name, one in (("REML, Knapp-Hartung, guarded", done), ("REML, Knapp-Hartung", summary.bare),
                      ("DerSimonian-Laird, normal", summary.dersimonian)):  # fmt: skip
        if one:
            rows.append((f"   {name}", _pool(summary, one), "", f"τ² {one.tau2:.4f}, I² {one.i2:.0f} %"))
    for label, left in summary.left:
        rows.append((f"   without {label}", _pool(summary, left), "", f"τ² {left.tau2:.4f}"))
    head = ("Study and its words", "Estimate (95 % CI)", "Weight, %", "Error from")
    return Grid(f"summary_{number}", title_of(summary), head, rows)


def _pool(summary: Summary, one: Pooled) -> str:
    return (
        f"{number_of(summary, one.estimate)} ({number_of(summary, one.low)}–{number_of(summary, one.high)})"
    )


def _left_out(work: PoolWork) -> Grid:
    rows = [(x.words, x.cite, x.why, title_of(s)) for s in work.summaries for x in s.left_out]
    head = ("Words", "Study", "Why", "Asked for")
    return Grid("statements_left_out", "Statements that are not pooled", head, rows)


def _duplicates(work: PoolWork) -> Grid:
    rows = [
        (f"{t.kept.cite}, {t.kept.label}", f"{t.other.cite}, {t.other.label}", t.words)
        for t in work.flow.twins
    ]
    head = ("Kept in both analyses", "Left out in the sensitivity analysis", "They agree on")
    return Grid("duplicates", "Patients that may be the same", head, rows)


def _dropped(work: PoolWork) -> Grid:
    rows = [(f"{d.cite}, {d.label}", f"{d.case}", d.why, d.words) for d in work.flow.dropped]
    return Grid("dropped", "Cases that are not pooled", ("Patient", "Case", "Why", "What was found"), rows)


def _patients(work: PoolWork) -> Grid:
    by = work.plan.by
    rows = [
        (c.cite, f"{c.case}", c.label, f"{c.months:g}", f"{int(c.died)}", (level_of(c, by) or "") if by else "",
         c.basis, " | ".join(c.words))
        for c in work.flow.kept
    ]  # fmt: skip
    head = ("study", "case", "label", "months", "died", by or "group", "basis", "words")
    return Grid("patients", "The pooled patients", head, rows)
