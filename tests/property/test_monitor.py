"""What must hold of any recording."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spondyl import monitor
from spondyl.record import ReadError, UsageError
from spondyl.record.monitoring import Monitoring

NAMES = ["MEP left TA (uV)", "MEP right TA (uV)", "D-wave epidural (uV)", "SSEP left tibial (uV)"]
AMPLITUDES = st.lists(st.integers(0, 1000) | st.none(), min_size=12, max_size=40)
LATENCIES = st.lists(st.integers(150, 300), min_size=40, max_size=40)
SCALES = st.floats(1e-3, 1e3, allow_nan=False)


@st.composite
def recordings(draw: st.DrawFn) -> dict[str, list[float]]:
    drawn = {name: draw(AMPLITUDES) for name in NAMES}
    n = min(len(v) for v in drawn.values())
    out: dict[str, list[float]] = {"time_min": [5.0 * k for k in range(n)]}
    out |= {name: [np.nan if v is None else float(v) for v in values[:n]] for name, values in drawn.items()}
    out["SSEP left tibial latency (ms)"] = [v / 10 for v in draw(LATENCIES)[:n]]
    return out


def told(found: Monitoring, without: str = "") -> list[tuple[object, ...]]:
    return [
        (a.channel, a.rule, a.start_s, a.end_s, a.came_back, round(a.change, 6))
        for a in found
        if a.channel != without
    ]


def judged(columns: Mapping[str, list[float]]) -> Monitoring | None:
    try:
        return monitor.alarms(columns, "first:3", mep_fall="80")
    except ReadError:  # a recording without any value
        return None


@settings(max_examples=15, deadline=None)
@given(recordings(), SCALES, st.sampled_from(NAMES))
def test_scaling_all_amplitudes_of_a_channel_changes_no_alarm(
    columns: dict[str, list[float]], by: float, name: str
) -> None:
    one = judged(columns)
    two = judged(columns | {name: [v * by for v in columns[name]]})
    assert (one is None) == (two is None)
    if one and two:
        assert told(one) == told(two)
        assert [(r.start_s, r.reading) for r in one.readings] == [
            (r.start_s, r.reading) for r in two.readings
        ]


@settings(max_examples=15, deadline=None)
@given(
    recordings(),
    AMPLITUDES,
    st.sampled_from(["MEP right AH (uV)", "D-wave caudal (uV)", "SSEP right X (uV)", "EEG"]),
)
def test_a_further_channel_changes_none_of_the_others(
    columns: dict[str, list[float]], values: list[int | None], name: str
) -> None:
    n = len(columns["time_min"])
    more = ([np.nan if v is None else float(v) for v in values] * 4)[:n]
    one, two = judged(columns), judged(columns | {name: more})
    if one and two:
        assert told(one) == told(two, without=name.removesuffix(" (uV)"))


@settings(max_examples=15, deadline=None)
@given(recordings())
def test_alarms_lie_in_the_recording_and_the_readings_cover_it(columns: dict[str, list[float]]) -> None:
    found = judged(columns)
    if found is None:
        return
    assert all(found.start_s <= a.start_s <= a.end_s <= found.end_s for a in found)
    assert [a.number for a in found] == list(range(1, len(found) + 1))
    if found.readings:
        assert (found.readings[0].start_s, found.readings[-1].end_s) == (found.start_s, found.end_s)
        assert all(a.end_s == b.start_s for a, b in zip(found.readings, found.readings[1:], strict=False))
    assert all(0 <= p.low <= p.middle <= p.high for c in found.courses for p in c.points)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="time,MEPSW-dvl\n:;0123456789 uVµ\"'#\t\x00é", max_size=300), st.text(max_size=12))
def test_any_text_is_read_or_refused_in_one_line(tmp_path_factory, text: str, asked: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(f"time,MEP left TA (uV)\n{text}", "utf-8", newline="")
    said = ""
    try:
        monitor.alarms(path, asked or "opening")
    except (ReadError, UsageError) as error:
        said = str(error)
    assert "\n" not in said
