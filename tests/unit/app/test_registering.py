from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import openpyxl
import pytest

from command import spondyl

CASE = (
    "Invented. A 46-year-old woman presented with back pain. MRI showed a metastasis of leiomyosarcoma at C5. "
    "A corpectomy was performed. She was alive 12 months later."
)


@pytest.fixture
def added(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(CASE)
    done = spondyl("registry", "add", "one.txt", "--to", "r.db", "--by", "A. Keeper", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 cases: 1 new")
    return tmp_path


def one_line(folder: Path) -> dict[str, object]:
    done = spondyl("registry", "export", "-r", "r.db", cwd=folder)
    assert done.returncode == 0, done.stderr
    line: dict[str, object] = json.loads(done.stdout)
    return line


def decided(folder: Path, **changes: object) -> Path:
    paper = one_line(folder)["paper"]
    assert isinstance(paper, dict)
    decision = {
        "paper": paper["id"], "case": 1, "field": "age_years", "value": 46, "verdict": "correct",
        "corrected": 49, "by": "A. Reviewer", **changes,
    }  # fmt: skip
    (folder / "d.json").write_text(json.dumps({"spondyl": "0.1.0", "decisions": [decision]}))
    return folder / "d.json"


def test_a_paper_goes_in_and_a_decision_comes_out(added: Path) -> None:
    decided(added)
    done = spondyl("registry", "decide", "d.json", "-r", "r.db", cwd=added)
    assert (done.returncode, done.stdout) == (0, "1 decisions entered, 0 refused\n")
    (case,) = one_line(added)["cases"]  # type: ignore[misc]
    assert case["fields"]["age_years"] == 49
    told = spondyl("registry", "history", "1", "-r", "r.db", cwd=added).stdout
    assert "A. Keeper  added" in told
    assert "A. Reviewer  decision  1: age_years: correct 46 to 49" in told
    checked = spondyl("registry", "check", "-r", "r.db", cwd=added)
    assert checked.returncode == 0
    assert "1 papers, 1 cases, 1 decisions, 0 open differences, 0 faults" in checked.stdout


def test_a_decision_on_nothing_is_listed(added: Path) -> None:
    decided(added, case=4)
    done = spondyl("registry", "decide", "d.json", "-r", "r.db", cwd=added)
    assert (done.returncode, done.stdout) == (1, "0 decisions entered, 1 refused\n")
    assert "has no case 4; it has 1" in done.stderr


def test_json_lines_go_back_in(added: Path) -> None:
    spondyl("registry", "export", "-r", "r.db", "-o", "out.jsonl", cwd=added)
    done = spondyl("registry", "add", "out.jsonl", "--to", "second.db", cwd=added)
    assert done.stdout.startswith("1 cases: 1 new")
    again = spondyl("registry", "export", "-r", "second.db", cwd=added)
    assert again.stdout == (added / "out.jsonl").read_text("utf-8")
    same = spondyl("registry", "add", "one.txt", "--to", "second.db", cwd=added)
    assert "0 new, 0 changed, 1 as before" in same.stdout


def test_what_is_no_line_is_a_problem_and_the_rest_is_done(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"paper": 1}\n')
    (tmp_path / "one.txt").write_text(CASE)
    done = spondyl("registry", "add", "bad.jsonl", "one.txt", "none.txt", "--to", "r.db", cwd=tmp_path)
    assert done.returncode == 1
    assert "bad.jsonl:1: no paper with its cases" in done.stderr
    assert "none.txt: there is no such file" in done.stderr
    assert done.stdout.startswith("1 cases: 1 new")


def test_tables_of_all_kinds_say_the_same(added: Path) -> None:
    for form in ("csv", "xlsx", "parquet"):
        done = spondyl("registry", "export", "-r", "r.db", "-o", f"cases.{form}", cwd=added)
        assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader(io.StringIO((added / "cases.csv").read_text("utf-8")))
    book = openpyxl.load_workbook(added / "cases.xlsx")
    head, cells = ([c.value for c in r] for r in book["Cases"].iter_rows())
    with duckdb.connect() as engine:
        found = engine.read_parquet(str(added / "cases.parquet"))
        names, (values,) = found.columns, found.fetchall()
    assert head == names == list(row)
    assert dict(zip(head, cells, strict=True))["age_years"] == 46
    assert dict(zip(names, values, strict=True))["levels"] == row["levels"] == "C5"
    assert "age_years,number,no" in (added / "cases.codebook.csv").read_text("utf-8")
    again = spondyl("registry", "export", "-r", "r.db", "-o", "again.xlsx", cwd=added)
    assert again.returncode == 0
    assert (added / "again.xlsx").read_bytes() == (added / "cases.xlsx").read_bytes()


def test_a_table_that_is_no_text_wants_a_file(added: Path) -> None:
    done = spondyl("registry", "export", "-r", "r.db", "--format", "xlsx", cwd=added)
    assert (done.returncode, done.stderr) == (2, "spondyl: xlsx is no text; name a file: -o cases.xlsx\n")


def test_a_registry_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = spondyl("registry", "check", cwd=tmp_path)
    assert done.returncode == 2
    assert "registry.db: there is no such registry" in done.stderr
    assert not (tmp_path / "registry.db").exists()


def test_a_table_goes_in_and_what_is_refused_is_listed_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,age\nCANARY,46\nOTHER,CANARY\n")
    (tmp_path / "map.toml").write_text('record = "id"\n[fields.age_years]\ncolumn = "age"\nkind = "number"\n')
    take = ("registry", "import", "t.csv", "--map", "map.toml", "-r", "r.db")
    done = spondyl(*take, cwd=tmp_path)
    assert done.returncode == 1
    assert "t.csv: row 3, age: expected a number" in done.stderr
    assert "CANARY" not in done.stderr + done.stdout
    done = spondyl(*take, "--skip-refused", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (
        1, "1 cases: 1 new, 0 changed, 0 as before; 1 rows refused; 0 differences with decisions\n",
    )  # fmt: skip
    done = spondyl(*take, "--skip-refused", cwd=tmp_path)
    assert "taken over before" in done.stdout
