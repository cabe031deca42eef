"""Baselines, gaps, late channels, common falls and fades, events, the matrix."""

from __future__ import annotations

import numpy as np
import pytest

from spondyl import monitor
from spondyl.record import ReadError, UsageError
from spondyl.record.monitoring import Monitoring

MINUTES = list(range(0, 121, 5))
STEADY = [400.0] * len(MINUTES)


def lost(first: int, last: int, value: float = 0.0) -> list[float]:
    """400, but this value from one minute to another."""
    return [value if first <= t <= last else 400.0 for t in MINUTES]


def judged(columns: dict[str, list[float]], baseline: str = "opening", **options: object) -> Monitoring:
    return monitor.alarms({"time_min": MINUTES, **columns}, baseline, **options)  # type: ignore[arg-type]


def test_the_opening_ends_at_the_first_event_that_may_touch_the_cord() -> None:
    columns = {"MEP left TA (uV)": [400.0, 400, 100, *STEADY[3:]]}
    plain = judged(columns)
    assert plain.courses[0].baselines[0].values == 5
    events = {"time_min": [3, 8], "event": ["Skin incision", "Laminectomy C5"]}
    ended = judged(columns, events=events)
    base = ended.courses[0].baselines[0]
    assert (base.values, base.end_s, base.quality) == (2, 300, "few values")
    assert "Laminectomy" in ended.baseline_words
    assert any("rests on 2 values only" in n for n in ended.notices)


@pytest.mark.parametrize(("asked", "values"), [("first:7", 7), ("0-600", 3), ("600 - 1200", 3)])
def test_other_baselines(asked: str, values: int) -> None:
    assert judged({"MEP left TA (uV)": STEADY}, asked).courses[0].baselines[0].values == values


def test_a_baseline_window_on_the_clock_over_midnight() -> None:
    rows = {"time": ["23:40", "23:55", "00:10", "00:25"], "MEP left TA (uV)": [100, 200, 300, 900]}
    base = monitor.alarms(rows, "23:50-00:15").courses[0].baselines[0]
    assert (base.values, base.value) == (2, 250)


@pytest.mark.parametrize(
    "asked", ["closing", "first:0", "", "10-5", "99999-100000", "08:00-09:00", "first:x"]
)
def test_an_unknown_baseline_is_refused(asked: str) -> None:
    with pytest.raises(UsageError, match="baseline"):
        judged({"MEP left TA (uV)": STEADY}, asked)


def test_a_zero_a_missing_and_a_noisy_baseline_are_said() -> None:
    late = [np.nan] * 6 + STEADY[6:]
    noisy = [100.0, 900, 300, 800, 200, *STEADY[5:]]
    found = judged(
        {"MEP left A (uV)": lost(0, 20), "MEP left B (uV)": late, "MEP left C (uV)": noisy}, mep_fall="80"
    )
    said = " ".join(found.notices)
    assert "left A: the baseline of its amplitude is zero; not judged" in said
    assert "left B: the baseline of its amplitude is missing" in said
    assert "left C: the baseline of its amplitude is noisy" in said
    assert found.courses[1].late
    assert {u.what.split(":")[0] for u in found.unjudged if "zero" in u.why} == {"MEP left A"}
    assert not [a for a in found if a.channel != "MEP left C"]


def test_gaps_are_named_and_counted_in_an_alarm() -> None:
    times = [*range(41), *range(75, 120)]
    values = [0.0 if 38 <= t <= 80 else 400.0 for t in times]
    found = monitor.alarms({"time_min": times, "MEP left TA (uV)": values})
    (alarm,) = found.alarms
    assert (alarm.lasted_s, alarm.unmeasured_s) == (43 * 60, 35 * 60)
    assert [(g.start_s, g.end_s) for g in found.courses[0].gaps] == [(2400, 4500)]
    assert any("1 gap without values" in n for n in found.notices)


def test_all_muscles_together_suggest_a_systemic_cause_and_stay_alarms() -> None:
    columns = {f"MEP {side} {m} (uV)": lost(60, 80, 20) for side in ("left", "right") for m in ("TA", "AH")}
    events = {"time_min": [40, 55], "event": ["Aspirator on", "Propofol bolus"]}
    found = judged(columns, mep_fall="80", events=events)
    assert len(found) == 4
    assert all(a.together and a.fallen_muscles == a.judged_muscles == 4 for a in found)
    assert [e.kind for e in found.alarms[0].systemic_before] == ["anaesthetic"]
    assert found.alarms[0].after
    assert found.alarms[0].after.kind == "anaesthetic"
    assert [e.kind for e in found.alarms[0].during] == ["aspirator"]
    focal = judged(columns | {"MEP right TA (uV)": STEADY}, mep_fall="80")
    assert {(a.together, a.fallen_muscles) for a in focal} == {(False, 3)}


def test_one_side_alone_is_never_a_common_fall() -> None:
    columns = {f"MEP left {m} (uV)": lost(60, 80) for m in "ABC"}
    assert not any(a.together for a in judged(columns))


def test_a_slow_fade_of_all_muscles_is_said_and_the_baseline_stays() -> None:
    fading = [400 * (1 - 0.4 * t / 120) for t in MINUTES]
    columns = {f"MEP {side} TA (uV)": fading for side in ("left", "right")} | {"MEP left AH (uV)": fading}
    found = judged(columns)
    assert any("fade slowly together" in n for n in found.notices)
    assert found.courses[0].drift_pct_per_hour == pytest.approx(-20.7, abs=1)
    assert found.courses[0].baselines[0].value == pytest.approx(386.7, abs=1)
    one = judged(columns | {"MEP left AH (uV)": STEADY})
    assert not any("fade" in n for n in one.notices)


def test_a_loss_of_some_minutes_is_no_drift() -> None:
    found = judged({"MEP left TA (uV)": lost(60, 70)})
    assert found.courses[0].drift_pct_per_hour == pytest.approx(0)


CELLS = [
    # MEP left, MEP right, D-wave from minute 60 to 80; the cell that is read then
    (400, 400, 40, "no_new_deficit"),
    (400, 400, 30, "no_new_deficit"),
    (0, 400, 40, "transient_deficit"),
    (0, 0, 40, "transient_deficit"),
    (0, 0, 25, "transient_deficit"),
    (0, 400, 19, "permanent_deficit"),
    (0, 0, 0, "permanent_deficit"),
    (400, 400, 19, "check_then_stop"),
    (400, 400, None, "no_new_deficit_mep_only"),
    (0, 0, None, "indeterminate"),
]


@pytest.mark.parametrize(("left", "right", "wave", "reading"), CELLS)
def test_the_cell_of_the_matrix(left: float, right: float, wave: float | None, reading: str) -> None:
    columns = {"MEP left TA (uV)": lost(60, 80, left), "MEP right TA (uV)": lost(60, 80, right)}
    if wave is not None:
        columns["D-wave (uV)"] = [wave if 60 <= t <= 80 else 40.0 for t in MINUTES]
    found = judged(columns)
    then = next(r for r in found.readings if r.start_s <= 3600 < r.end_s)
    assert then.reading == reading
    assert then.sources
    if left == 0 or right == 0:
        sides = "lost_bilateral" if left == right == 0 else "lost_unilateral"
        assert (then.mep, found.worst()) == (sides, then)
    if wave is None:
        assert "never 'unchanged'" in then.note


def test_the_cells_that_newer_studies_contradict_say_so() -> None:
    columns = {
        "MEP left TA (uV)": lost(60, 80),
        "D-wave (uV)": [30.0 if 60 <= t <= 80 else 40.0 for t in MINUTES],
    }
    worst = judged(columns).worst()
    assert worst
    assert (worst.dwave, worst.course, worst.grade) == ("drop_le50", "transient", "C")
    assert any("75 %" in d and "2025" in d for d in worst.disputes)


def test_a_d_wave_with_a_zero_baseline_is_not_monitorable() -> None:
    found = judged({"MEP left TA (uV)": lost(60, 80), "D-wave (uV)": [0.0] * len(MINUTES)})
    assert {r.dwave for r in found.readings} == {"not_monitorable"}
    assert found.worst().reading == "indeterminate"  # type: ignore[union-attr]


def test_without_muscles_nothing_is_read_from_the_matrix() -> None:
    found = judged({"D-wave (uV)": lost(60, 80)})
    assert found.readings == ()
    assert found.not_monitored == ("MEP", "SSEP")


def test_a_loss_at_the_very_last_value_has_its_cell() -> None:
    found = judged({"MEP left TA (uV)": lost(120, 120)})
    assert found.readings[-1].mep == "lost_unilateral"


def test_on_inside_a_phrase_switches_nothing_on() -> None:
    assert monitor.event(0, "Traction on rod").state is None
    assert monitor.event(0, "CUSA on, power 30").state == "on"
    assert monitor.event(0, "anything", kind="aspirator", state="off").state == "off"


def test_events_on_another_clock_are_refused() -> None:
    with pytest.raises(ReadError, match="give both in the same way"):
        judged({"MEP left TA (uV)": STEADY}, events={"time": ["08:00"], "event": ["Incision"]})
    with pytest.raises(ReadError, match="no column gives the event"):
        judged({"MEP left TA (uV)": STEADY}, events={"time_min": [1], "what": ["Incision"]})


def test_the_result_as_a_case_record() -> None:
    found = judged({"MEP left TA (uV)": lost(60, 80), "MEP right TA (uV)": lost(110, 120)})
    paper, case = monitor.case(found)
    assert case.fields["monitoring_modalities"] == ["MEP"]
    assert len(case.fields["monitoring_alarms"]) == 2
    assert case.fields["monitoring_reversibility"] == "partly reversed"
    for claim in case.claims:
        (quote,) = claim.quotes
        assert paper.text[quote.start : quote.end] == quote.text == claim.value
    more, merged = monitor.recorded(case.model_copy(update={"claims": ()}), found)
    assert merged.claims == case.claims
    assert more == paper
    assert (
        monitor.case(judged({"SSEP left N (uV)": STEADY}))[1].fields["monitoring_reversibility"] == "no alarm"
    )
