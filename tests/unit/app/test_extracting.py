"""`spondyl extract` as its user meets it: its streams and its exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from command import spondyl

CASE = "CASE REPORT\n\nA {age}-year-old woman with breast carcinoma had back pain and a metastasis of L{n}.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three papers, one file that is none, and one bad input."""
    place = tmp_path / "papers"
    place.mkdir()
    for n in (1, 2, 3):
        words = CASE.format(age=50 + n, n=n) + f"Numbers {n} alone make this text unlike the others. " * n
        (place / f"p{n}.txt").write_text(words, "utf-8")
    (place / "photo.png").write_bytes(b"\x89PNG")
    (place / "empty.txt").write_bytes(b"")
    return place


def test_a_pipe_gets_one_line_of_json_a_paper_and_problems_go_to_standard_error(folder: Path) -> None:
    done = spondyl("extract", folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["paper"]["source"]).name for line in lines] == ["p1.txt", "p2.txt", "p3.txt"]
    assert lines[1]["cases"][0]["fields"]["age_years"] == 52
    assert lines[1]["cases"][0]["claims"][0]["quote"]["text"]
    (empty, aside) = done.stderr.splitlines()
    assert empty.startswith(f"{folder}/empty.txt: ")
    assert "; " in empty
    assert aside == "left aside 1 file: 1 .png"
    assert done.returncode == 1


def test_several_processes_give_the_same_bytes(folder: Path) -> None:
    one, two = spondyl("extract", folder), spondyl("extract", folder, "--jobs", "2")
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr
    assert two.returncode == 1


def test_csv_has_one_row_a_case(folder: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(spondyl("extract", folder, "--format", "csv").stdout)))
    assert [row["age_years"] for row in rows] == ["51", "52", "53"]
    assert [row["levels"] for row in rows] == ["L1", "L2", "L3"]


def test_the_suffix_of_the_output_decides(folder: Path, tmp_path: Path) -> None:
    for name, start in (("cases.csv", "paper,source"), ("cases.jsonl", '{"paper"')):
        done = spondyl("extract", folder / "p1.txt", "-o", tmp_path / name)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_the_table_names_paper_and_values(folder: Path) -> None:
    shown = spondyl("extract", folder / "p2.txt", "--format", "table").stdout
    assert "p2.txt" in shown
    assert "breast carcinoma" in shown
    assert "L2" in shown


def test_the_same_paper_twice_is_no_problem(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "again.txt").write_bytes((folder / "p3.txt").read_bytes())
    done = spondyl("extract", folder / "p3.txt", tmp_path / "again.txt")
    first, second = (json.loads(line)["paper"] for line in done.stdout.splitlines())
    assert first["duplicate_of"] is None
    assert second["duplicate_of"] == first["id"]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["extract", "report"])
def test_no_papers_is_said_in_one_line(command: str) -> None:
    done = spondyl(command)
    assert done.returncode == 2
    assert done.stderr.startswith("spondyl: no papers were given; ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["extract", "report"])
def test_a_folder_without_papers_is_said_in_one_line(command: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = spondyl(command, tmp_path / "empty", "-o", tmp_path / "out")
    assert done.returncode == 0
    assert done.stderr.startswith("no papers were found; ")
    assert ".pdf" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_named_file_without_permission_is_a_problem_and_the_rest_is_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = os.access
    locked = str(folder / "p1.txt")
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != locked and allowed(path, mode))
    done = spondyl("extract", locked, folder / "p2.txt")
    assert done.returncode == 1
    assert done.stderr == f"{locked}: no permission to read the file; allow reading it (chmod +r)\n"
    assert done.stdout.count("\n") == 1


def test_a_path_that_is_not_there_is_said_in_one_line(folder: Path) -> None:
    done = spondyl("extract", folder / "p1.txt", folder / "p9.txt")
    assert done.returncode == 1
    assert done.stderr == f"{folder}/p9.txt: there is no such file; check the path\n"
    assert done.stdout.count("\n") == 1


def test_a_paper_is_never_written_over(folder: Path) -> None:
    before = (folder / "p1.txt").read_bytes()
    done = spondyl("extract", folder, "-o", folder / "p1.txt")
    assert done.returncode == 2
    assert (folder / "p1.txt").read_bytes() == before


def test_nowhere_to_write_is_said_in_one_line(folder: Path, tmp_path: Path) -> None:
    done = spondyl("extract", folder / "p1.txt", "-o", tmp_path / "no" / "such" / "cases.jsonl")
    assert done.returncode == 2
    assert "No such file or directory" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_reader_that_leaves_is_no_fault(folder: Path) -> None:
    command = f"{sys.executable} -m spondyl extract {' '.join([str(folder / 'p1.txt')] * 400)} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout.startswith('{"paper"')
    assert done.stderr == ""


def test_output_is_utf8_in_a_locale_that_is_not(tmp_path: Path) -> None:
    named = tmp_path / "Bjørn.txt"
    named.write_text(CASE.format(age=61, n=4) + "\nMétastase “osseuse” 脊椎.", "utf-8")
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "spondyl", "extract", str(named)]
    done = subprocess.run(command, env=plain, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["cases"][0]["fields"]["age_years"] == 61


def test_an_unknown_option_is_a_wrong_call() -> None:
    assert spondyl("extract", "--colour").returncode == 2


def test_the_version_answers_before_anything_else_is_imported() -> None:
    code = (
        "import sys; sys.argv = ['spondyl', '--version']; from spondyl.__main__ import main; main();"
        "heavy = ('typer', 'pydantic', 'rich', 'lxml');"
        "print(sorted(m for m in sys.modules if m.startswith('spondyl') or m in heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == "['spondyl', 'spondyl.__main__']"
