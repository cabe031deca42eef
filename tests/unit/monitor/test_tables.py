"""Long and wide tables, good and bad: one clear message, nothing guessed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from spondyl import monitor
from spondyl.record import ReadError

LONG = "time,modality,muscle,side,amplitude,unit,latency_ms\n"
ROWS = "08:00:00,MEP,TA,left,400,uV,30\n08:05:00,MEP,TA,left,410,uV,30\n08:10:00,MEP,TA,left,0.4,mV,30\n"


@pytest.fixture
def write(tmp_path: Path):  # type: ignore[no-untyped-def]
    def writing(text: str | bytes, name: str = "a.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return writing


def test_a_long_table_in_mixed_units(write) -> None:  # type: ignore[no-untyped-def]
    read = monitor.recording(write(LONG + ROWS))
    (channel,) = read.channels
    assert channel.name == "MEP left TA"
    assert channel.times.tolist() == [0, 300, 600]
    assert channel.amplitude.tolist() == [400, 410, 400]
    assert set(read.conversions) >= {"amplitude given in µV", "amplitude given in mV, shown in µV (× 1000)"}


def test_semicolons_decimal_commas_and_windows_letters(write) -> None:  # type: ignore[no-untyped-def]
    text = "Time;Modality;Muscle;Side;Amplitude (µV)\n08:00;MEP;TA;L;400,5\n08:05;MEP;TA;L;absent\n"
    (channel,) = monitor.recording(write(text.encode("cp1252"))).channels
    assert channel.amplitude.tolist() == [400.5, 0]
    (same,) = monitor.recording(write(text.encode("utf-16"))).channels
    assert same.amplitude.tolist() == [400.5, 0]


def test_a_wide_table(write) -> None:  # type: ignore[no-untyped-def]
    text = (
        "# a remark\ntime,MEP left TA (uV),MEP R TA [mV],SSEP left median latency (ms),D-wave (uV),Comment\n"
        "23:59:00,400,0.5,20,31,start\n00:01:00,,0.4,20.5,30,\n"
    )
    read = monitor.recording(write(text))
    assert [c.name for c in read.channels] == ["MEP left TA", "MEP right TA", "SSEP left median", "D-wave"]
    assert read.channels[0].times.tolist() == [0]
    assert read.channels[1].times.tolist() == [0, 120]
    assert read.channels[1].amplitude.tolist() == [500, 400]
    assert read.channels[2].latency.tolist() == [20, 20.5]
    assert [u.what for u in read.unread] == ["column 'Comment'"]


def test_parquet_with_typed_columns(tmp_path: Path) -> None:
    path = tmp_path / "a[1].parquet"
    query = (
        "SELECT TIMESTAMP '2031-05-04 23:59:30' + INTERVAL (k) MINUTE AS time, 'MEP' AS modality, 'TA' AS site, "
        "'left' AS side, 400.0 + k AS amplitude_uv FROM range(3) t(k)"
    )
    duckdb.sql(query).write_parquet(str(tmp_path / "plain.parquet"))
    (tmp_path / "plain.parquet").rename(path)
    found = monitor.alarms(path)
    assert (found.start_date, found.at(found.end_s)) == ("2031-05-04", "00:01:30 (+1 d)")
    assert found.courses[0].values == 3


def test_midnight_in_a_table_sorted_by_channel(write) -> None:  # type: ignore[no-untyped-def]
    rows = [f"{t},MEP,{m},left,400,uV," for m in ("TA", "AH") for t in ("22:00", "23:30", "01:00", "02:30")]
    late = ["00:30,MEP,APB,left,800,uV,"]
    channels = monitor.recording(write(LONG + "\n".join(rows + late) + "\n")).channels
    assert [c.times.tolist() for c in channels] == [[0, 5400, 10800, 16200]] * 2 + [[9000]]


def test_long_operations_need_dates(write) -> None:  # type: ignore[no-untyped-def]
    times = ("08:00", "19:00", "06:00", "17:00")
    with pytest.raises(ReadError, match="dates"):
        monitor.recording(write(LONG + "".join(f"{t},MEP,TA,left,400,uV,\n" for t in times)))


BAD = {
    "empty": ("", "empty"),
    "header alone": (LONG, "no values"),
    "no modality": ("time,amplitude_uv\n08:00,400\n", "no column gives the modality"),
    "an unknown modality": (LONG + "08:00,EEG,TA,left,400,uV,\n", "line 2 is 'EEG'"),
    "an unknown side": (LONG + "08:00,MEP,TA,upper,400,uV,\n", "side at line 2 is 'upper'"),
    "a missing unit": (LONG + "08:00,MEP,TA,left,400,,\n", "line 2 has no unit"),
    "an unknown unit": (LONG + "08:00,MEP,TA,left,400,mmHg,\n", "'mmHg'"),
    "no unit at all": ("time,modality,muscle,amplitude\n08:00,MEP,TA,400\n", "has no unit"),
    "a negative amplitude": (LONG + ROWS + "08:15,MEP,TA,left,-5,uV,\n", "line 5 is negative: '-5'"),
    "words for a number": (LONG + ROWS + "08:15,MEP,TA,left,many,uV,\n", "line 5 is no number: 'many'"),
    "an endless number": (LONG + ROWS + "08:15,MEP,TA,left,inf,uV,\n", "line 5 is no number"),
    "a repeated time": (
        LONG + ROWS + "08:10:00,MEP,TA,left,4,uV,\n",
        "is there twice at line 5, after line 4",
    ),
    "a backward time": (LONG + ROWS + "08:07:00,MEP,TA,left,4,uV,\n", "goes back at line 5, after line 4"),
    "a time that is none": (LONG + ROWS + "25:07:00,MEP,TA,left,4,uV,\n", "line 5 is '25:07:00'"),
    "a bare number as time": (LONG + "12,MEP,TA,left,400,uV,\n", "time_s or time_min"),
    "times of two kinds": (LONG + ROWS + "2031-05-04T08:15,MEP,TA,left,4,uV,\n", "line 5"),
    "a zone": (LONG + "2031-05-04T08:15Z,MEP,TA,left,4,uV,\n", "without a zone"),
    "a ragged line": (LONG + ROWS + "08:15,MEP\n", "line 5"),
    "a column twice": ("time,time,modality,amplitude_uv\n1,1,MEP,1\n", "'time' is there twice"),
    "two columns of one meaning": ("time,clock,modality,amplitude_uv\n1,1,MEP,1\n", "both give the time"),
    "a wide column without unit": ("time,MEP left TA\n08:00,400\n", "gives no unit"),
    "a wide channel twice": ("time,MEP left TA (uV),MEP L TA (mV)\n08:00,400,1\n", "gives a channel twice"),
    "no value anywhere": ("time,MEP left TA (uV)\n08:00,\n", "no channel has a value"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "no text"),
    "a broken Parquet": (b"PAR1" + b"x" * 40, "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_message(name: str, write) -> None:  # type: ignore[no-untyped-def]
    text, words = BAD[name]
    path = write(text)
    with pytest.raises(ReadError) as caught:
        monitor.alarms(path)
    assert words in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_columns_of_unequal_length_and_other_things_are_refused() -> None:
    with pytest.raises(ReadError, match="equal length"):
        monitor.alarms({"time_s": [0, 1], "MEP left TA (uV)": [1]})
    with pytest.raises(ReadError, match="it is a list"):
        monitor.alarms([1, 2, 3])  # type: ignore[arg-type]


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        monitor.alarms(tmp_path / "none.csv")
    with pytest.raises(ReadError, match="it is a folder"):
        monitor.alarms(tmp_path)


def test_a_frame_is_read() -> None:
    class Frame:
        columns = ("time_s", "MEP left TA (uV)")

        def __getitem__(self, name: str) -> list[float]:
            return {"time_s": [0.0, 60.0], "MEP left TA (uV)": [400.0, float("nan")]}[name]

    (channel,) = monitor.recording(Frame()).channels  # type: ignore[arg-type]
    assert channel.amplitude.tolist() == [400.0]
