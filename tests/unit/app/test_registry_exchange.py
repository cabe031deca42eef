"""The exchange formats at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import Done, spondyl

CASE = (
    "Invented. A 46-year-old woman presented with back pain. MRI showed a metastasis of leiomyosarcoma at C5. "
    "A corpectomy was performed, then radiotherapy with 30 Gy. She was alive 12 months later."
)


@pytest.fixture
def added(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text(CASE)
    assert spondyl("registry", "add", "one.txt", "--to", "r.db", "--by", "A", cwd=tmp_path).returncode == 0
    return tmp_path


def registry(folder: Path, *arguments: str) -> Done:
    return spondyl("registry", *arguments, cwd=folder)


@pytest.mark.parametrize(
    ("form", "file"), [("mcode", "cases.json"), ("phenopackets", "cases.json"), ("redcap", "cases.csv")]
)
def test_out_and_in_again(form: str, file: str, added: Path) -> None:
    done = registry(added, "export", "-r", "r.db", "--format", form, "-o", file)
    assert (done.returncode, done.stdout) == (0, "")
    taken = registry(added, "import", file, "-r", "other.db", "--by", "A")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert (
        taken.stdout
        == "1 cases: 1 new, 0 changed, 0 as before; 0 values refused; 0 differences with decisions\n"
    )
    one, two = (
        json.loads(registry(added, "export", "-r", name).stdout.splitlines()[-1])["cases"]
        for name in ("r.db", "other.db")
    )
    for case in (*one, *two):
        del case["others"]
    assert one == two
    again = registry(added, "import", file, "-r", "other.db")
    assert "taken over before" in again.stdout


def test_what_is_not_held_is_said(added: Path) -> None:
    done = registry(added, "export", "-r", "r.db", "--format", "mcode")
    assert json.loads(done.stdout)["resourceType"] == "Bundle"
    assert "snomed" not in done.stdout
    assert "snomed" in registry(added, "export", "-r", "r.db", "--format", "mcode", "--snomed").stdout
    lines = done.stderr.splitlines()
    assert all(" held by mCODE: " in line for line in lines)


def test_a_project_of_several_files_wants_a_name(added: Path) -> None:
    done = registry(added, "export", "-r", "r.db", "--format", "redcap")
    assert (done.returncode, done.stdout) == (2, "")
    assert "redcap is 2 files; name the first: -o cases.csv" in done.stderr


def test_what_is_not_taken_over_is_named(tmp_path: Path) -> None:
    data = {"resourceType": "Practitioner", "id": "p"}
    (tmp_path / "b.json").write_text(json.dumps(data))
    done = registry(tmp_path, "import", "b.json", "-r", "r.db")
    assert done.returncode == 0
    assert done.stderr == "b.json: Practitioner/p is not taken over: about somebody else than the patient\n"


def test_a_damaged_file_is_one_line_and_makes_no_registry(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"resourceType": "Observation"}')
    done = registry(tmp_path, "import", "b.json", "-r", "r.db")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "r.db").exists()


def test_a_refused_value_stops_the_import_unless_it_is_skipped(tmp_path: Path) -> None:
    observation = {
        "resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/a"},
        "code": {"text": "Age at presentation"}, "valueQuantity": {"value": 630},
    }  # fmt: skip
    people = [{"resourceType": "Patient", "id": "a", "gender": "male"}, observation]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in people]}
    (tmp_path / "b.json").write_text(json.dumps(bundle))
    done = registry(tmp_path, "import", "b.json", "-r", "r.db")
    assert done.returncode == 1
    assert "Observation/o, age_years: expected 0 to 125" in done.stderr
    taken = registry(tmp_path, "import", "b.json", "-r", "r.db", "--skip-refused")
    assert (taken.returncode, taken.stdout[:14]) == (1, "1 cases: 1 new")


@pytest.mark.parametrize(
    ("form", "file"), [("mcode", "c.json"), ("phenopackets", "c.json"), ("redcap", "c.csv")]
)
def test_a_file_without_names_has_no_words(form: str, file: str, added: Path) -> None:
    done = registry(added, "export", "-r", "r.db", "--format", form, "--deidentify", "-o", file)
    assert done.returncode == 0
    text = "".join(p.read_text("utf-8") for p in added.glob("c.*"))
    assert "leiomyosarcoma" in text
    assert not [word for word in ("Invented", "46-year-old", "one.txt", "one-", "12 months") if word in text]
    assert registry(added, "import", file, "-r", "clean.db").returncode == 0
