"""EDF and EDF+: averaged potentials with pauses, slow signals, annotations, damage."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spondyl import monitor
from spondyl.record import ReadError

sys.path.insert(0, str(Path(__file__).parent))
from edf_file import Edf, sweep

STARTS = [0, 300, 600, 900, 1200, 1500]
GOOD = Edf(
    labels=["MEP L TA", "MEP R TA", "EEG Cz"],
    data=np.stack([sweep([400, 400, 400, 0, 0, 400]), sweep([500] * 6), sweep([50] * 6)]),
    starts=STARTS,
    notes=[(2, 700, "Aspirator on"), (3, 910, "Aspirator off")],
)


@pytest.fixture
def edf(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(made: Edf | bytes, name: str = "a.edf") -> Path:
        path = tmp_path / name
        path.write_bytes(made if isinstance(made, bytes) else made.bytes())
        return path

    return write


def test_averaged_potentials_give_amplitude_and_latency(edf) -> None:  # type: ignore[no-untyped-def]
    read = monitor.recording(edf(GOOD))
    left, right = read.channels
    assert (left.name, right.name) == ("MEP left TA", "MEP right TA")
    assert left.times.tolist() == STARTS
    assert np.allclose(left.amplitude, [400, 400, 400, 0, 0, 400], atol=0.05)
    assert np.allclose(right.latency, 20.0)
    assert np.isnan(left.latency[3])
    assert [u.what for u in read.unread] == ["signal 'EEG Cz'"]


def test_alarms_of_an_edf_with_its_own_events_over_midnight(edf) -> None:  # type: ignore[no-untyped-def]
    found = monitor.alarms(edf(GOOD), "first:3", lost_below="5%")
    (alarm,) = found.alarms
    assert (alarm.rule, alarm.channel, alarm.lasted_s, alarm.came_back) == (
        "mep_loss",
        "MEP left TA",
        600,
        True,
    )
    assert found.at(alarm.start_s) == "00:05:00 (+1 d)"
    assert alarm.after
    assert alarm.after.words == "Aspirator on"
    assert [e.words for e in alarm.during] == ["Aspirator on"]
    assert [e.state for e in found.events] == ["on", "off"]


def test_a_stimulus_inside_the_sweep_moves_the_latency(edf) -> None:  # type: ignore[no-untyped-def]
    made = replace(GOOD, notes=[(k, s + 0.005, "Stim") for k, s in enumerate(STARTS)])
    read = monitor.recording(edf(made))
    assert np.allclose(read.channels[1].latency, 15.0)
    assert monitor.alarms(edf(made), "first:3").events == ()


def test_millivolts_and_an_anonymous_date(edf) -> None:  # type: ignore[no-untyped-def]
    read = monitor.recording(edf(replace(GOOD, unit="mV", date="01.01.85")))
    assert read.form == "clock"
    assert np.allclose(read.channels[1].amplitude, 500_000, rtol=1e-3)


def test_a_slow_signal_holds_amplitudes(edf) -> None:  # type: ignore[no-untyped-def]
    slow = Edf(["D-wave epidural"], np.full((1, 4, 10), 31.0), [0, 10, 20, 30], 10, reserved="")
    (channel,) = monitor.recording(edf(slow)).channels
    assert channel.times.tolist() == list(range(40))
    assert np.allclose(channel.amplitude, 31, atol=0.05)


BAD = {
    "a text file": b"time,modality\n08:00,MEP\n" * 20,
    "an empty file": b"",
    "a cut header": GOOD.bytes()[:700],
    "a cut record": GOOD.bytes()[:-20],
    "a missing record": GOOD.bytes()[: -(3 * 400 + 60)],
    "no known label": replace(GOOD, labels=["A", "B", "C"]).bytes(),
    "two of a name": replace(GOOD, labels=["MEP L TA", "MEP left TA", "C"]).bytes(),
    "another unit": replace(GOOD, unit="degC").bytes(),
    "records that go back": replace(GOOD, starts=[0, 300, 200, 900, 1200, 1500]).bytes(),
    "no time-keeping": GOOD.bytes().replace(b"+300\x14\x14", b"?300\x14\x14"),
    "words for numbers": GOOD.bytes().replace(b"-32768", b"many  ", 1),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_one_clear_message(name: str, edf) -> None:  # type: ignore[no-untyped-def]
    path = edf(BAD[name])
    with pytest.raises(ReadError) as caught:
        monitor.alarms(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_damaged_byte_anywhere_in_the_header_is_a_read_error_or_nothing(edf) -> None:  # type: ignore[no-untyped-def]
    good = bytearray(GOOD.bytes())
    for at in range(0, 256 * 5, 7):
        broken = bytes(good[:at] + b"\xff" + good[at + 1 :])
        with contextlib.suppress(ReadError):
            monitor.recording(edf(broken))
