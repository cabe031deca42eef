"""`spondyl score` as its user meets it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from command import spondyl
from spondyl import examples

SINS = ["location=C7", "bone=lytic", "alignment=normal", "collapse=none", "posterolateral=unilateral"]


def test_the_list_names_every_score() -> None:
    done = spondyl("score", "list")
    assert done.returncode == 0
    assert "Spinal Instability Neoplastic Score" in done.stdout
    assert "unverified" in done.stdout
    lines = json.loads(spondyl("score", "list", "--json").stdout)
    assert {"sins", "bed_eqd2", "not_encoded"} <= {line["id"] for line in lines}


@pytest.mark.parametrize(
    "name", ["sins", "noms", "bed_eqd2", "ionm_alarm", "lei_2016", "wbb", "vas_nrs", "frankel"]
)
def test_a_sheet_is_shown_with_its_sources(name: str) -> None:
    done = spondyl("score", "show", name)
    assert done.returncode == 0
    assert "Sources" in done.stdout


def test_a_result_on_screen_has_all_a_reader_needs() -> None:
    shown = spondyl("score", "sins", *SINS).stdout
    for words in (
        "6–9 of 18",
        "C7 is junctional",
        "missing",
        "pain decides: 6–9",
        "evidence: items B",
        "fisher2010",
    ):
        assert words in shown


def test_json_is_one_line_a_score() -> None:
    done = spondyl("score", "sins", "tomita_2001", *SINS[:1], "primary=slow", "--json")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["sheet"], second["sheet"]) == ("sins", "tomita_2001")
    assert first["total"] is None
    assert (second["low"], second["high"]) == (2, 7)


def test_json_goes_to_a_file(tmp_path: Path) -> None:
    assert spondyl("score", "sins", *SINS, "--json", "-o", tmp_path / "s.json").stdout == ""
    assert json.loads((tmp_path / "s.json").read_text("utf-8"))["missing"] == ["pain"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["sinss"], "did you mean sins"),
        (["sins", "pain=mech"], "did you mean mechanical"),
        (["sins", "locaton=C7"], "did you mean location"),
        (["pain=mechanical"], "no score was named"),
        ([], "list them with"),
        (["show"], "spondyl score show sins"),
        (["new"], "name one new score"),
        (["new", "My Score"], "is no id"),
        (["absent.toml"], "is no file"),
        (["sins", "--table", "absent.csv"], "needs a file to write"),
        (["sins", "--table", "absent.csv", "-o", "out.csv"], "no such file"),
        (["sins", "--case", "absent.jsonl"], "name a file of cases"),
    ],
)
def test_a_mistake_gets_an_answer(words: list[str], says: str, tmp_path: Path) -> None:
    done = spondyl("score", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_a_refusal_ends_with_1() -> None:
    done = spondyl("score", "bed_eqd2", "n=10", "d=3")
    assert done.returncode == 1
    assert "ab is missing" in done.stdout


def test_a_case_fills_items_with_its_words(tmp_path: Path) -> None:
    examples.write(tmp_path / "papers")
    spondyl("extract", tmp_path / "papers", "-o", tmp_path / "cases.jsonl")
    done = spondyl("score", "sins", "--case", f"{tmp_path / 'cases.jsonl'}#lung-carcinoma-c7/1", "--json")
    (location, *_) = json.loads(done.stdout)["items"]
    assert location["option"] == "junctional"
    assert location["field"] == "levels"
    assert location["quotes"][0]["text"] == "C7"


def test_a_new_score_is_one_file(tmp_path: Path) -> None:
    assert spondyl("score", "new", "grip_score", cwd=tmp_path).returncode == 0
    done = spondyl("score", "grip_score.toml", "grip=weak", "general=KPS 60", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["total"] == 3
    assert "is there already" in spondyl("score", "new", "grip_score", cwd=tmp_path).stderr


def test_a_table_is_scored_and_what_was_not_understood_is_told(tmp_path: Path) -> None:
    table = tmp_path / "cohort.csv"
    table.write_text("id,level,pain,bone\n1,C7,mechanical,lytic\n2,T4,mech,\n3,,none,Blastic\n", "utf-8")
    done = spondyl("score", "sins", "--table", table, "-o", tmp_path / "out.csv", "location=level")
    assert done.returncode == 1
    assert "3 rows" in done.stdout
    assert "sins.pain: 1 cell not understood and taken as missing: 'mech' (1)" in done.stderr
    assert "no column for alignment, collapse, posterolateral; missing in every row" in done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["id"], r["sins_low"], r["sins_high"], r["sins_unread"]) for r in rows] == [
        ("1", "8", "18", "0"), ("2", "1", "16", "1"), ("3", "0", "13", "0"),
    ]  # fmt: skip


def test_a_table_without_a_column_for_a_score_says_so(tmp_path: Path) -> None:
    table = tmp_path / "cohort.csv"
    table.write_text("id,level\n1,C7\n", "utf-8")
    done = spondyl("score", "sins", "--table", table, "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert "name the columns like the items" in done.stderr
    done = spondyl("score", "sins", "--table", table, "-o", tmp_path / "out.csv", "location=levl")
    assert "did you mean level" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_score_that_is_not_verified_says_so_in_a_table(tmp_path: Path) -> None:
    table = tmp_path / "cohort.csv"
    table.write_text("grade\n4\n", "utf-8")
    done = spondyl("score", "harrington_spine", "--table", table, "-o", tmp_path / "out.csv")
    assert "unverified" in done.stderr
    assert "harrington_spine_status" in (tmp_path / "out.csv").read_text("utf-8")
