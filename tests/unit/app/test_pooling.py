"""`spondyl curve` and `spondyl pool`: what they print, write, refuse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from command import spondyl
from house import ROOT
from pooled_made import case, paper, write

EXAMPLE = ROOT / "examples" / "pooling"
POINTS = "time,survival\n0,1\n3,0.9\n5,0.8\n8,0.6\n12,0.6\n"
RISK = "time,at_risk\n0,10\n6,8\n12,6\n"
FAST = ("--redraws", "0")


@pytest.fixture
def points(tmp_path: Path) -> Path:
    (tmp_path / "digitised.csv").write_text(POINTS, "utf-8")
    (tmp_path / "risk.csv").write_text(RISK, "utf-8")
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_a_curve_becomes_patients(points: Path) -> None:
    done = spondyl(
        "curve", "digitised.csv", "--at-risk", "risk.csv", "--events", "4", "-o", "out.csv", cwd=points
    )
    assert done.returncode == 0
    assert done.stdout.startswith("10 patients, 4 events (as printed), 6 censored.")
    assert "max |ΔS| 0.000" in done.stdout
    assert "Not known: When patients were censored" in done.stdout
    table = rows(points / "out.csv")
    assert len(table) == 10
    assert [r["months"] for r in table if r["event"] == "1"] == ["3", "5", "8", "8"]


def test_without_a_file_the_patients_go_to_standard_output(points: Path) -> None:
    done = spondyl("curve", "digitised.csv", "--at-risk", "risk.csv", *FAST, cwd=points)
    assert done.stdout.splitlines()[0] == "months,event"
    assert len(done.stdout.splitlines()) == 11
    assert "10 patients" in done.stderr


def test_json_holds_everything(points: Path) -> None:
    done = spondyl("curve", "digitised.csv", "--patients", "10", "--events", "4", "--json", cwd=points)
    found = json.loads(done.stdout)["curve"]
    assert found["patients"] == len(found["data"]) == 10
    assert found["redrawn"]["draws"] == 100
    assert found["unknown"]


def test_the_documented_example_is_what_ships(tmp_path: Path) -> None:
    done = spondyl(
        "curve", EXAMPLE / "digitised.csv", "--at-risk", EXAMPLE / "at_risk.csv", "--events", "gross_total=14",
        "--events", "subtotal=32", "--arm", "resection_extent", "--set", "study=Fallbrook 2018", "--set",
        "diagnosis=leiomyosarcoma", "--figure", tmp_path / "check.svg", "-o", tmp_path / "patients.csv", *FAST,
    )  # fmt: skip
    assert done.returncode == 0
    assert (tmp_path / "patients.csv").read_bytes() == (EXAMPLE / "patients.csv").read_bytes()
    assert b"<svg" in (tmp_path / "check.svg").read_bytes()
    arms = [r["resection_extent"] for r in rows(tmp_path / "patients.csv")]
    assert (arms.count("gross_total"), arms.count("subtotal")) == (34, 41)


@pytest.mark.parametrize(
    "text",
    [
        "0,1\n3,0.9\n5,0.8\n8,0.6\n12,0.6\n", "x;y\n0;100\n3;90,0\n5;80\n8;60\n12;60\n",
        "t\tS\n0\t1\n3\t.9\n5\t.8\n8\t.6\n12\t.6\n",
    ],
)  # fmt: skip
def test_tables_as_digitisers_write_them(points: Path, text: str) -> None:
    (points / "digitised.csv").write_text(text, "utf-8")
    done = spondyl("curve", "digitised.csv", "--at-risk", "risk.csv", "-o", "out.csv", *FAST, cwd=points)
    assert done.returncode == 0, done.stderr
    assert [r["months"] for r in rows(points / "out.csv") if r["event"] == "1"] == ["3", "5", "8", "8"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no curve was given"),
        (["nowhere.csv"], "cannot be read"),
        (["digitised.csv"], "time 0 is needed"),
        (["digitised.csv", "--at-risk", "digitised.csv"], "its columns are time, survival"),
        (["digitised.csv", "--patients", "x"], "is no number"),
        (["digitised.csv", "--patients", "b=3"], "there is no arm b"),
        (["digitised.csv", "--patients", "10", "--events", "11"], "cannot be"),
        (["digitised.csv", "--patients", "10", "--set", "a"], "names no value"),
        (["digitised.csv", "--patients", "10", "--set", "event=1"], "column of the result"),
        (
            ["digitised.csv", "--patients", "10", "--redraws", "0", "--figure", "a.bmp"],
            "no name for a drawing",
        ),
        (["broken.csv", "--patients", "10"], "broken.csv: line 3"),
        (["rising.csv", "--patients", "10"], "cumulative incidence"),
        (["empty.csv", "--patients", "10"], "empty"),
        (["binary.csv", "--patients", "10"], "no text"),
    ],
)
def test_what_cannot_be_done_is_one_line(points: Path, arguments: list[str], words: str) -> None:
    (points / "broken.csv").write_text("time,survival\n0,1\n3,\n", "utf-8")
    (points / "rising.csv").write_text("0,0\n3,0.4\n5,0.8\n", "utf-8")
    (points / "empty.csv").write_text("", "utf-8")
    (points / "binary.csv").write_bytes(b"\xff\xfe\x00\x01")
    done = spondyl("curve", *arguments, cwd=points)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def seen(months: float, status: str, extent: str) -> dict[str, object]:
    return {"follow_up_months": months, "status": status, "resection_extent": extent}


def test_a_pool_is_written_and_told(tmp_path: Path) -> None:
    cases = [
        case(k, **seen(4.0 * k, "dead" if k % 2 else "alive", "subtotal" if k < 4 else "en_bloc"))
        for k in range(1, 8)
    ]
    write(tmp_path / "evidence", [paper("Novak", 2031, cases[:4]), paper("Horvat", 2032, cases[4:])])
    done = spondyl("pool", "evidence", "--by", "resection_extent", "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "7 of 7 cases of 2 studies pooled."
    assert "select survivors" in done.stdout
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_table_that_cannot_be_read_is_said_and_the_rest_done(tmp_path: Path) -> None:
    write(tmp_path / "evidence", [paper("Novak", 2031, [case(1, **seen(4, "dead", "subtotal"))])])
    (tmp_path / "bad.csv").write_text("a\n1\n", "utf-8")
    done = spondyl("pool", "evidence", "bad.csv", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "bad.csv: its columns are a" in done.stderr
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing to pool was given"),
        (["nowhere"], "nowhere"),
        (["evidence", "--where", "status = 'dead'"], "no condition"),
        (["evidence", "--where", "stats == 'dead'"], "did you mean status"),
        (["evidence", "--by", "margins"], "did you mean margin"),
        (["evidence", "--where", "status == 'alive'"], "1 does not match"),
    ],
)
def test_a_pool_that_makes_no_sense_is_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    write(tmp_path / "evidence", [paper("Novak", 2031, [case(1, **seen(4, "dead", "subtotal"))])])
    done = spondyl("pool", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "pooled").exists()
