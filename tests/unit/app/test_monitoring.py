"""`spondyl monitor` as its user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import spondyl
from spondyl import examples
from spondyl.record.monitoring import NOT_A_DEVICE

FILES = {"report.html", "alarms.json", "figure.svg", "figure.png", "case.jsonl", "case.txt"}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return examples.write_monitoring(tmp_path_factory.mktemp("example"))


def test_a_recording_with_its_events(example: tuple[Path, Path], tmp_path: Path) -> None:
    amplitudes, events = example
    done = spondyl(
        "monitor", amplitudes, "--events", events, "--mep-fall", "choi2014", "-o", tmp_path / "out"
    )
    assert done.returncode == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == FILES
    assert done.stdout.startswith("4 alarms; monitored: MEP, D-wave, SSEP.\n11:21:00  MEP left abductor")
    assert NOT_A_DEVICE in done.stdout
    assert done.stdout.splitlines()[-1] == str(tmp_path / "out" / "report.html")
    assert "8 values of zero (or 'absent') read as no response" in done.stderr
    told = json.loads((tmp_path / "out" / "alarms.json").read_text("utf-8"))
    assert told["notice"] == NOT_A_DEVICE
    assert {a["rule"] for a in told["alarms"]} == {"mep_loss", "mep_fall"}
    assert all(a["sources"] and a["rule_words"] for a in told["alarms"])


def test_without_a_recording_the_invented_one_is_taken(tmp_path: Path) -> None:
    done = spondyl("monitor", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Invented recording, no real patient.\n2 alarms;")
    assert "no limit was named; the sources disagree" in done.stdout
    assert {p.name for p in (tmp_path / "monitoring").iterdir()} == FILES | {"example"}


def test_the_case_record_stands_on_its_text(tmp_path: Path) -> None:
    spondyl("monitor", "-o", tmp_path / "out")
    text = (tmp_path / "out" / "case.txt").read_text("utf-8")
    record = json.loads((tmp_path / "out" / "case.jsonl").read_text("utf-8"))
    (case,) = record["cases"]
    assert case["fields"]["monitoring_reversibility"] == "reversed"
    for claim in case["claims"]:
        quote = claim["quote"]
        assert text[quote["start"] : quote["end"]] == quote["text"]


@pytest.mark.parametrize(
    ("name", "text"), [("a.edf", "time,MEP\n"), ("a.csv", ""), ("a.csv", "time,MEP left\n1,2\n")]
)
def test_what_cannot_be_read_is_one_line(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    done = spondyl("monitor", tmp_path / name, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [("--mep-fall", "60"), ("--baseline", "closing"), ("--lost-below", "much")])
def test_an_unknown_choice_is_a_wrong_call(wrong: tuple[str, str], tmp_path: Path) -> None:
    done = spondyl("monitor", *wrong, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "out").exists()


def test_many_alarms_are_counted_and_not_all_printed(tmp_path: Path) -> None:
    rows = "".join(f"{k},{400 if k < 5 or k % 2 else 0}\n" for k in range(100))
    (tmp_path / "a.csv").write_text(f"time_min,MEP left TA (uV)\n{rows}", "utf-8")
    done = spondyl("monitor", tmp_path / "a.csv", "-o", tmp_path / "out", "--baseline", "first:5")
    assert done.stdout.startswith("47 alarms;") or done.stdout.startswith("48 alarms;")
    assert "\nand 2" in done.stdout
