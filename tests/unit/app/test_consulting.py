"""`spondyl consult`: from every way to a patient to every format, and the reader's corrections."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

import consulted
from command import spondyl
from spondyl.app.confirming import confirm
from spondyl.consult.patient.person import Person


@pytest.fixture
def case(tmp_path: Path) -> Path:
    file = tmp_path / "case.toml"
    file.write_text('age_years = 61\nsex = "female"\nlevels = ["C5"]\ndiagnosis = "leiomyosarcoma"\n')
    return file


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("p.html", b"<!doctype html>"),
        ("p.json", b"{"),
        ("p.docx", b"PK"),
        ("p.pdf", b"%PDF"),
        ("p.txt", b"\n61-year"),
    ],
)
def test_the_suffix_says_how_to_write(case: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    done = spondyl("consult", case, "-o", tmp_path / name)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_without_a_file_it_is_text_or_what_was_asked(case: Path) -> None:
    assert "Red flags" in spondyl("consult", case).stdout
    assert json.loads(spondyl("consult", case, "--format", "json").stdout)["title"].startswith(
        "61-year-old woman"
    )
    done = spondyl("consult", case, "--format", "pdf")
    assert done.returncode == 2
    assert "needs a file" in done.stderr


def test_a_text_is_read_and_saved_as_a_case(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text(consulted.VIGNETTE)
    out, saved = tmp_path / "p.html", tmp_path / "case.toml"
    done = spondyl("consult", "--text", note, "-o", out, "--save", saved)
    assert done.returncode == 0
    assert "not confirmed by a reader" in out.read_text()
    again = spondyl("consult", saved, "--format", "json")
    assert "not confirmed" not in again.stdout
    assert '"progressing_deficit"' in again.stdout


def test_a_text_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(consulted.VIGNETTE))
    assert "renal cell carcinoma" in spondyl("consult", "-").stdout


def test_for_the_patient_with_a_calendar_and_a_draft(tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    fields = {"age_years": 61, "diagnosis": "leiomyosarcoma", "primary_site": "retroperitoneum",
              "resection_extent": "gross_total", "tumour_grade": "3"}  # fmt: skip
    file.write_text("\n".join(f"{k} = {json.dumps(v)}" for k, v in fields.items()))
    ics, draft = tmp_path / "visits.ics", tmp_path / "draft.docx"
    done = spondyl(
        "consult", file, "--for", "patient", "--index-date", "2026-11-02", "--ics", ics, "--care", draft
    )
    assert done.returncode == 0, done.stderr
    assert "Tell your doctors at once" in done.stdout
    assert "Tokuhashi" not in done.stdout
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert draft.read_bytes().startswith(b"PK")


def test_like_patients_are_looked_for_in_evidence(case: Path, tmp_path: Path) -> None:
    lines = tmp_path / "cases.jsonl"
    fields = {"age_years": 60, "sex": "female", "diagnosis": "leiomyosarcoma", "levels": ["C5"],
              "regions": ["cervical"], "status": "alive", "follow_up_months": 12}  # fmt: skip
    claims = [{"field": k, "value": one, "quote": {"start": 0, "end": 5, "text": "words"}, "more": [],
               "method": "rules", "certainty": "stated", "derivation": None}
              for k, v in fields.items() for one in (v if isinstance(v, list) else [v])]  # fmt: skip
    paper = {"id": "p1", "source": "p1.txt", "title": "Invented", "authors": ["Doe, J."], "year": 2020}
    record = {
        "case": 1,
        "label": "Case 1",
        "kind": "patient",
        "fields": fields,
        "claims": claims,
        "others": [],
    }
    lines.write_text(json.dumps({"paper": paper, "cases": [record], "statements": []}) + "\n")
    page = json.loads(spondyl("consult", case, "--evidence", lines, "--format", "json").stdout)
    keys = [p["key"] for p in page["parts"]]
    assert keys[:3] == ["patient", "flags", "scores"]
    assert {"alike", "outcomes", "management", "team", "care"} <= set(keys)
    assert "Doe 2020" in json.dumps(page)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name one patient"),
        (["a.toml", "--text", "b.txt"], "name one patient"),
        (["nosuch.toml"], "nosuch.toml"),
        (["note.txt"], "--text note.txt"),
        (["--text", "nosuch.txt"], "there is no such file"),
        (["--registry", "nosuch.db", "--case", "1"], "no such registry"),
        (["--registry", "nosuch.db"], "name the patient"),
        (["CASE", "--ics", "x.ics"], "--index-date"),
        (["CASE", "--index-date", "2.11.2026"], "write it as 2026-11-02"),
        (["CASE", "--care", "x.txt"], ".docx"),
        (["CASE", "--evidence", "nosuch"], "nosuch"),
    ],
)
def test_what_makes_no_sense_is_one_line(case: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    done = spondyl("consult", *[str(case) if a == "CASE" else a for a in arguments], cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["age_years = ", "{", "[[[", 'levels = {a = 1}\n"x" = [[1]]', "age_years = 1979-05-27"]
)
def test_a_broken_case_file_is_one_line_or_left_out(tmp_path: Path, text: str) -> None:
    file = tmp_path / "case.toml"
    file.write_text(text)
    done = spondyl("consult", file)
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


# The reader --------------------------------------------------------------------------------------------------------


def answered(*lines: str) -> tuple[Person | None, str]:
    """What a reader's lines make of the vignette, and what was shown."""
    left, shown = list(lines), io.StringIO()

    def ask(prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return confirm(consulted.told(), ask, Console(file=shown, width=120)), shown.getvalue()


def test_enter_accepts_all() -> None:
    person, shown = answered("")
    assert person
    assert person.confirmed
    assert person.case == consulted.told().case
    assert "“58-year-old" in shown


def test_values_are_corrected_dropped_and_added() -> None:
    names = [c.field for c in consulted.told().case.claims]
    age, escc = names.index("age_years") + 1, names.index("escc") + 1
    person, shown = answered(f"{age}=59", f"-{escc}", "frankel=C", "sins.alignment=normal", "")
    assert person
    held = person.case.fields
    assert (held["age_years"], held["frankel"], held["sins.alignment"]) == (59, "C", "normal")
    assert "escc" not in held
    assert "59 in place of 58" in shown


def test_what_is_not_understood_is_said_and_asked_again() -> None:
    person, shown = answered("99=3", "age_years=630", "hello", "-0", "")
    assert person
    assert person.case == consulted.told().case
    assert "there is no value 99" in shown
    assert "no human age above 122" in shown
    assert "hello is not understood" in shown


@pytest.mark.parametrize("lines", [("q",), ("quit",), ()])
def test_who_leaves_gets_no_page(lines: tuple[str, ...]) -> None:
    assert answered(*lines)[0] is None
