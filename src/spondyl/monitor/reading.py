"""Muscle MEP and D-wave read together, stretch by stretch, as the published matrix says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from spondyl.monitor.judging import Judged
from spondyl.monitor.knowledge import conduct, matrix
from spondyl.monitor.series import Values
from spondyl.record.monitoring import Alarm, Interpretation

__all__ = ["readings"]


def readings(
    judged: Sequence[Judged], alarms: Sequence[Alarm], span: tuple[float, float]
) -> list[Interpretation]:
    """The course of the operation as cells of the matrix.

    A stretch ends where a muscle is lost or comes back and where the D-wave passes its limit.

    Args:
        judged: The channels.
        alarms: The alarms.
        span: First and last value of the recording.

    Returns:
        One interpretation a stretch, in order; none where no muscle was judged.
    """
    muscles = [j for j in judged if j.channel.modality == "MEP" and j.reference() is not None]
    waves = [j for j in judged if j.channel.modality == "D-wave"]
    if not muscles:
        return []
    lost = [a for a in alarms if a.rule == "mep_loss"]
    fallen = [a for a in alarms if a.rule == "dwave_fall"]
    out: list[Interpretation] = []
    for start, end in _stretches([*lost, *fallen], span):
        mep = _mep([a for a in lost if _active(a, start)])
        dwave, note = _dwave(waves, any(_active(a, start) for a in fallen), start, end)
        if out and (out[-1].mep, out[-1].dwave, out[-1].note) == (mep, dwave, note):
            out[-1] = out[-1].model_copy(update={"end_s": end})
        else:
            out.append(_interpreted(mep, dwave, note, start, end))
    return out


def _stretches(alarms: Sequence[Alarm], span: tuple[float, float]) -> Iterator[tuple[float, float]]:
    marks = {*span}
    for alarm in alarms:
        marks.add(alarm.start_s)
        if alarm.came_back:
            marks.add(alarm.end_s)
    ordered = sorted(m for m in marks if span[0] <= m <= span[1])
    if len(ordered) == 1 or any(a.start_s == span[1] for a in alarms):
        ordered.append(span[1])  # what begins with the last value is a stretch of its own
    yield from pairwise(ordered)


def _active(alarm: Alarm, at: float) -> bool:
    return alarm.start_s <= at and (not alarm.came_back or at < alarm.end_s)


def _mep(lost: Sequence[Alarm]) -> str:
    """The state of the muscles; a loss without a known side counts as one side, which reads alike."""
    if not lost:
        return "preserved"
    return "lost_bilateral" if {"left", "right"} <= {a.side for a in lost} else "lost_unilateral"


def _dwave(waves: Sequence[Judged], fallen: bool, start: float, end: float) -> tuple[str, str]:
    """The state of the D-wave in a stretch, and what limits it."""
    if not waves:
        return "not_monitorable", "The D-wave was not monitored."
    judged = [w for w in waves if w.reference() is not None]
    if not judged:
        return "not_monitorable", "The D-wave has no usable baseline."
    if fallen:
        return "drop_gt50_or_lost", ""
    lowest = [_lowest(w, start, end) for w in judged]
    inside = all(seen for _, seen in lowest)
    note = (
        "" if inside else "The D-wave was not measured in this stretch; its neighbouring values stand for it."
    )
    drop = 100 - min(low for low, _ in lowest)
    return "unchanged" if drop < conduct().dwave.unchanged_below_pct else "drop_le50", note


def _lowest(wave: Judged, start: float, end: float) -> tuple[float, bool]:
    """The D-wave's lowest running median of three values in a stretch, percent of the baseline.

    Where a stretch has no value, the lower of the two neighbours, and that it was not seen.
    """
    percent = wave.percent()
    assert percent is not None
    taken = ~np.isnan(percent)
    times, percent = wave.channel.times[taken], percent[taken]
    first, last = np.searchsorted(times, [start, end], side="left")
    if last > first:
        return _lowest_of_three(percent[first:last]), True
    around = percent[max(first - 1, 0) : first + 1]
    return float(around.min()), False


def _lowest_of_three(values: Values) -> float:
    if len(values) < 3:
        return float(np.median(values))
    return float(np.median(np.lib.stride_tricks.sliding_window_view(values, 3), axis=1).min())


def _interpreted(mep: str, dwave: str, note: str, start: float, end: float) -> Interpretation:
    table = matrix()
    cell = table.lookup(mep, dwave)
    outcome = table.outcome(cell)
    if dwave == "not_monitorable":
        note = f"{note} {table.dwave_missing}"
    return Interpretation(
        start_s=start, end_s=end, mep=mep, dwave=dwave, reading=outcome.id, label=outcome.label,
        meaning=outcome.meaning, course=outcome.course, grade=cell.grade, because=cell.because,
        sources=table.cited(cell.sources), disputes=table.disputes(cell), rank=outcome.rank, note=note,
    )  # fmt: skip
