"""The invented recording that ships with Spondyl: exactly its alarms and its cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spondyl import consult, examples, monitor
from spondyl.record.monitoring import NOT_A_DEVICE, Monitoring

EXPECTED = Path(__file__).parent / "monitoring" / "alarms.json"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Monitoring:
    amplitudes, events = examples.write_monitoring(tmp_path_factory.mktemp("example"))
    return monitor.alarms(amplitudes, "opening", events=events)


def test_two_left_muscles_are_lost_for_eight_minutes_under_the_aspirator(found: Monitoring) -> None:
    told = [(a.channel, a.rule, found.at(a.start_s), a.lasted_s, a.came_back) for a in found]
    assert told == [
        ("MEP left abductor pollicis brevis", "mep_loss", "11:21:00", 480, True),
        ("MEP left tibialis anterior", "mep_loss", "11:21:00", 480, True),
    ]
    for alarm in found:
        assert alarm.after
        assert (alarm.after.kind, alarm.after_s) == ("aspirator", 180)
        assert [e.kind for e in alarm.during] == ["aspirator"]
        assert (alarm.fallen_muscles, alarm.judged_muscles, alarm.together) == (2, 8, False)
        assert alarm.final_pct == pytest.approx(100, abs=20)


def test_the_cell_of_the_matrix(found: Monitoring) -> None:
    worst = found.worst()
    assert worst
    assert (worst.mep, worst.dwave, worst.reading) == ("lost_unilateral", "unchanged", "transient_deficit")
    assert (found.at(worst.start_s), found.at(worst.end_s)) == ("11:21:00", "11:29:00")
    assert [r.reading for r in found.readings] == ["no_new_deficit", "transient_deficit", "no_new_deficit"]
    assert found.readings[-1].dwave == "unchanged"


def test_with_the_limit_of_80_percent_the_same_losses_are_falls_too(tmp_path: Path) -> None:
    amplitudes, _ = examples.write_monitoring(tmp_path)
    rules = [a.rule for a in monitor.alarms(amplitudes, mep_fall="macdonald2017")]
    assert sorted(rules) == ["mep_fall"] * 2 + ["mep_loss"] * 2


def test_alarms_json(found: Monitoring, request: pytest.FixtureRequest) -> None:
    got = json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--regenerate"):
        EXPECTED.write_text(got, "utf-8")
    assert got == EXPECTED.read_text("utf-8"), (
        "if this change is wanted: pytest --regenerate, and read the diff"
    )


def test_every_file_says_it_is_no_medical_device_and_is_the_same_again(
    found: Monitoring, tmp_path: Path
) -> None:
    one, two = (consult.monitoring(found, tmp_path / place) for place in ("one", "two"))
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name
        if first.suffix != ".png":
            assert NOT_A_DEVICE in first.read_text("utf-8"), first.name


def test_the_examples_say_that_they_are_invented(tmp_path: Path) -> None:
    for path in examples.write_monitoring(tmp_path):
        assert path.read_text("utf-8").startswith("# Invented recording")
