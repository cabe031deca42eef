"""Every criterion at, just under and just over its limit; the figures are derived by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from spondyl import monitor
from spondyl.monitor.knowledge import criteria
from spondyl.record import UsageError
from spondyl.record.monitoring import Monitoring


def judged(column: str, values: Sequence[object], **options: object) -> Monitoring:
    """A channel with four values of baseline in the first 15 minutes, then one value at minute 30 and on."""
    times = [0, 5, 10, 15, *range(30, 30 + len(values) - 4)]
    return monitor.alarms({"time_min": times, column: list(values)}, **options)  # type: ignore[arg-type]


def fired(found: Monitoring) -> list[str]:
    return [alarm.rule for alarm in found]


CASES = [
    # column, baseline, value, the rule or none, the source chosen
    ("MEP left TA (uV)", 400, 0, "mep_loss", None),
    ("MEP left TA (uV)", 400, 0.01, None, None),
    ("MEP left TA (uV)", 500, 100.5, None, "macdonald2017"),  # 79.9 %
    ("MEP left TA (uV)", 500, 100, None, "macdonald2017"),  # 80 %: the rule says more than
    ("MEP left TA (uV)", 500, 99.5, "mep_fall", "macdonald2017"),  # 80.1 %
    ("MEP left TA (uV)", 500, 125.5, None, "choi2014"),  # 74.9 %
    ("MEP left TA (uV)", 500, 125, "mep_fall", "choi2014"),  # 75 %
    ("MEP left TA (uV)", 500, 124.5, "mep_fall", "choi2014"),  # 75.1 %
    ("MEP left TA (uV)", 500, 250.5, None, "imsct_sr2025"),  # 49.9 %
    ("MEP left TA (uV)", 500, 250, "mep_fall", "imsct_sr2025"),  # 50 %
    ("MEP left TA (uV)", 500, 249.5, "mep_fall", "imsct_sr2025"),  # 50.1 %
    ("MEP left TA (uV)", 500, 395.5, None, "join_table4"),  # 20.9 %
    ("MEP left TA (uV)", 500, 395, None, "join_table4"),  # 21 %: more than
    ("MEP left TA (uV)", 500, 394.5, "mep_fall", "join_table4"),  # 21.1 %
    ("MEP left TA threshold (V)", 300, 399, None, None),
    ("MEP left TA threshold (V)", 300, 400, "mep_threshold", None),
    ("MEP left TA threshold (V)", 300, 401, "mep_threshold", None),
    ("D-wave epidural (uV)", 40, 20.4, None, None),  # 49 %
    ("D-wave epidural (uV)", 40, 20, None, None),  # 50 %: more than
    ("D-wave epidural (uV)", 40, 19.6, "dwave_fall", None),  # 51 %
    ("D-wave epidural (uV)", 40, 0, "dwave_fall", None),
    ("SSEP left tibial (uV)", 2, 1.02, None, None),  # 49 %
    ("SSEP left tibial (uV)", 2, 1, "ssep_fall", None),  # 50 %
    ("SSEP left tibial (uV)", 2, 0.98, "ssep_fall", None),  # 51 %
    ("SSEP left tibial latency (ms)", 20, 21.98, None, None),  # 9.9 %
    ("SSEP left tibial latency (ms)", 20, 22, "ssep_latency", None),  # 10 %
    ("SSEP left tibial latency (ms)", 20, 22.02, "ssep_latency", None),  # 10.1 %
]


@pytest.mark.parametrize(("column", "base", "value", "rule", "source"), CASES)
def test_a_criterion_at_its_limit(
    column: str, base: float, value: float, rule: str | None, source: str | None
) -> None:
    found = judged(column, [base] * 4 + [value, base], mep_fall=source)
    assert fired(found) == ([rule] if rule else [])


@pytest.mark.parametrize("unit", ["nV", "uV", "µV", "mV", "V"])
def test_the_limit_holds_in_every_unit(unit: str) -> None:
    found = judged(f"D-wave epidural ({unit})", [0.3] * 4 + [0.15, 0.3])
    assert fired(found) == []
    assert fired(judged(f"SSEP left median ({unit})", [0.3] * 4 + [0.15, 0.3])) == ["ssep_fall"]


def test_the_vector_of_the_sheet() -> None:
    """Lost, D-wave and SSEP stable: loss and, with the limit of 80 %, fall."""
    columns = {
        "time_min": [0, 5, 10, 15, 30, 38],
        "MEP left TA (uV)": [400, 400, 400, 400, 0, 400],
        "D-wave epidural (uV)": [40] * 6,
        "SSEP left tibial (uV)": [2] * 6,
        "SSEP left tibial latency (ms)": [40] * 6,
    }
    assert fired(monitor.alarms(columns)) == ["mep_loss"]
    assert sorted(fired(monitor.alarms(columns, mep_fall="80"))) == ["mep_fall", "mep_loss"]


def test_without_a_named_limit_no_fall_is_judged_and_that_is_said() -> None:
    found = judged("MEP left TA (uV)", [500] * 4 + [50, 500])
    rule = found.rule("mep_fall")
    assert fired(found) == []
    assert not rule.applied
    assert all(name in rule.why_not for name in ("macdonald2017", "choi2014", "imsct_sr2025", "join_table4"))


def test_an_unknown_limit_is_refused() -> None:
    with pytest.raises(UsageError, match="no source says"):
        judged("MEP left TA (uV)", [500] * 5, mep_fall="60")


@pytest.mark.parametrize(
    ("asked", "value", "lost"),
    [("5%", 25, True), ("5%", 25.1, False), ("10uV", 10, True), ("10uV", 10.1, False)],
)
def test_when_a_response_counts_as_lost(asked: str, value: float, lost: bool) -> None:
    found = judged("MEP left TA (uV)", [500] * 4 + [value, 500], lost_below=asked)
    assert fired(found) == (["mep_loss"] if lost else [])


@pytest.mark.parametrize("asked", ["", "-5%", "100%", "10", "10 ms", "many"])
def test_an_unclear_loss_is_refused(asked: str) -> None:
    with pytest.raises(UsageError, match="lost below"):
        judged("MEP left TA (uV)", [500] * 5, lost_below=asked)


def test_an_alarm_says_when_where_how_much_and_whether_it_came_back() -> None:
    (alarm,) = judged("MEP left TA (uV)", [400, 400, 400, 400, 0, 0, 300]).alarms
    assert (alarm.channel, alarm.side, alarm.site) == ("MEP left TA", "left", "TA")
    assert (alarm.start_s, alarm.end_s, alarm.lasted_s) == (1800, 1920, 120)
    assert (alarm.worst, alarm.baseline, alarm.change, alarm.came_back) == (0, 400, 100, True)
    (lasting,) = judged("MEP left TA (uV)", [400, 400, 400, 400, 0, 0]).alarms
    assert (lasting.came_back, lasting.end_s) == (False, 1860)


def test_sustained_values_begin_and_end_an_alarm() -> None:
    values = [400] * 4 + [0, 400, 0, 0, 400, 0, 400, 400]
    assert [a.lasted_s for a in judged("MEP left TA (uV)", values)] == [60, 120, 60]
    (alarm,) = judged("MEP left TA (uV)", values, sustained=2).alarms
    assert (alarm.start_s, alarm.end_s) == (32 * 60, 36 * 60)


def test_every_criterion_and_choice_has_examples_on_both_sides_and_a_source() -> None:
    for one in criteria().criterion:
        for part in one.choice or (one,):
            assert {e.meets for e in part.examples} == {True, False}, one.id
            assert criteria().cited(part.sources)


def test_what_another_unit_measures_is_named_as_not_judged() -> None:
    rows = {
        "time_min": [0, 5], "modality": ["MEP"] * 2, "muscle": ["TA"] * 2, "side": ["left"] * 2,
        "amplitude_uv": [400, 410], "threshold_ma": [80, 300],
    }  # fmt: skip
    found = monitor.alarms(rows)
    assert any("threshold_ma" in u.what and "V" in u.why for u in found.unjudged)
    assert any("stimulus threshold" in u.what for u in found.unjudged)
