"""`spondyl report` and `spondyl demo` as their user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import spondyl
from spondyl import examples

WORDS = (
    "CASE REPORT\n\nA {age}-year-old man with lung carcinoma had a bone metastasis of T{n} and weak legs.\n"
)
WRITTEN = ("index.html", "cases.jsonl", "cases.csv", "table.docx", "table.xlsx", "references.ris", "page.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "papers"
    place.mkdir()
    (place / "a.txt").write_text(WORDS.format(age=61, n=4), "utf-8")
    (place / "b.txt").write_text(
        WORDS.format(age=72, n=9) + "It was another man than that of the other text.", "utf-8"
    )
    return place


def test_a_report_says_where_its_page_is(folder: Path, tmp_path: Path) -> None:
    done = spondyl("report", folder, "-o", tmp_path / "evidence")
    assert (done.returncode, done.stderr) == (0, "")
    counts, page = done.stdout.splitlines()
    assert counts == "2 papers: 2 patients."
    assert page == str(tmp_path / "evidence" / "index.html")
    for name in WRITTEN:
        assert (tmp_path / "evidence" / name).stat().st_size, name


def test_a_bad_input_is_one_line_and_the_rest_is_done(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    done = spondyl("report", folder, "-o", tmp_path / "evidence")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "empty.txt" in done.stderr
    assert done.stdout.startswith("2 papers")


def test_a_file_in_place_of_the_folder_is_a_wrong_call(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("mine", "utf-8")
    done = spondyl("report", folder, "-o", tmp_path / "evidence")
    assert done.returncode == 2
    assert done.stderr.startswith("spondyl: ")
    assert (tmp_path / "evidence").read_text("utf-8") == "mine"


def test_malformed_decisions_are_a_wrong_call(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "decisions.json").write_text("[", "utf-8")
    done = spondyl("report", folder, "-o", tmp_path / "e", "--decisions", tmp_path / "decisions.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "e").exists()


def test_all_keeps_what_has_no_lesion_of_spine_or_bone(tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text(
        "CASE REPORT\n\nA 40-year-old woman had a lung carcinoma and was treated by lobectomy.\n", "utf-8"
    )
    some, every = (
        spondyl("report", paper, "-o", tmp_path / "x"),
        spondyl("report", paper, "-o", tmp_path / "y", "--all"),
    )
    assert "--all keeps them" in some.stdout
    assert every.stdout.startswith("1 paper: 1 patient.")


def test_the_demo_reports_the_examples_the_same_wherever_it_runs(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        done = spondyl("demo", cwd=tmp_path / place)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Open spondyl-demo/index.html" in done.stdout
        assert "lung carcinoma" in done.stdout
    one, two = tmp_path / "one" / "spondyl-demo", tmp_path / "two" / "spondyl-demo"
    assert {p.name for p in (one / "examples").iterdir()} == set(examples.papers())
    for file in one.rglob("*"):
        if file.is_file():
            assert file.read_bytes() == (two / file.relative_to(one)).read_bytes(), file.name
    lines = [json.loads(line) for line in (one / "cases.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == len(examples.papers())
    assert all((one / line["paper"]["source"]).is_file() for line in lines)
