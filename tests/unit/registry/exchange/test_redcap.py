"""REDCap projects: the dictionary, the data, what is read back, what is refused."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from exchanged import back, case, cases, entry, patient, written
from spondyl.record import ReadError
from spondyl.registry.exchange.csvtext import sheet
from spondyl.registry.exchange.redcap_in import made_here
from spondyl.registry.plan import dictionary


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_dictionary_has_its_eighteen_columns_and_legal_names(tmp_path: Path) -> None:
    told = case(("Größe (cm)", 170), ("grösse_cm", 1), ("levels", "T9"))
    file = written("redcap", tmp_path, [entry(patient()), entry(told, "p2")])
    rows = table(tmp_path / "cases.dictionary.csv")
    assert len(rows[0]) == 18
    names = [r["Variable / Field Name"] for r in rows]
    assert names[0] == "record_id"
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z](?:[a-z0-9]|_(?!_))*[a-z0-9]", name) for name in names)
    assert {r["Field Type"] for r in rows} == {"text", "notes", "radio", "checkbox"}
    assert not [c for r in rows for c in r.values() if c.startswith(("'", "=", "@", "+", "-"))]
    assert {"spondyl words: sex @READONLY"} <= {r["Field Annotation"] for r in rows}
    known = dictionary(tmp_path / "cases.dictionary.csv")
    head = list(table(file)[0])
    columns = [v.column(c) for v in known.values() for c in (v.choices if v.several else ())]
    columns += [v.name for v in known.values() if not v.several]
    assert sorted(columns) == sorted(head)
    assert (known["age_years"].validation, known["age_years"].low, known["age_years"].high) == (
        "number",
        0,
        125,
    )
    assert made_here(tmp_path / "cases.dictionary.csv")


def test_lists_are_boxes(tmp_path: Path) -> None:
    (row,) = table(written("redcap", tmp_path, [entry(patient())]))
    ticked = [name for name, cell in row.items() if name.startswith("levels___") and cell == "1"]
    assert ticked == ["levels___t9", "levels___t10"]
    assert {cell for name, cell in row.items() if "___" in name} == {"0", "1"}
    assert (row["sex"], row["age_years"], row["radiation_dose_gy"]) == ("female", "46", "30; 8.5")


def test_no_cell_is_a_formula_and_each_comes_back(tmp_path: Path) -> None:
    told = case(("ward", "=1+1"), ("note", "'x"), ("change", "-2"), ("delta", -2), ("drugs", "@a; b\\c"))
    file = written("redcap", tmp_path, [entry(told, "=p")])
    (row,) = table(file)
    assert not [
        c for c in row.values() if c.startswith(("=", "+", "@", "\t")) or (c.startswith("-") and c != "-2")
    ]
    (found,) = cases(back("redcap", file))
    assert found.claims == told.claims


def test_what_was_changed_in_redcap_stands_on_its_cell(tmp_path: Path) -> None:
    file = written("redcap", tmp_path, [entry(patient())])
    text, found = file.read_bytes().decode(), sheet(file, "x")
    place = found.named(0).cells["levels___c5"]
    assert text[place.start : place.end] == "0"
    file.write_text(text[: place.start] + "1" + text[place.end :], "utf-8", newline="")
    (one,) = cases(back("redcap", file))
    (fresh,) = [c for c in one.of("levels") if c.method == "registry"]
    assert (fresh.value, fresh.quotes[0].start, fresh.quotes[0].text) == ("C5", place.start, "1")
    assert fresh.derivation == "p1/1.levels___c5"


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("46", "630", "age_years: expected 0 to 125"),
        ("46", "x", "age_years: expected a number"),
        ("female", "canary", "sex: expected one of the codes"),
        ("patient", "canary", "spondyl_kind: expected patient"),
    ],
)
def test_a_wrong_cell_is_refused_without_being_repeated(
    was: str, becomes: str, why: str, tmp_path: Path
) -> None:
    file = written("redcap", tmp_path, [entry(patient())])
    head, rest = file.read_bytes().decode().split("\r\n", 1)
    file.write_text(head + "\r\n" + rest.replace(f",{was},", f",{becomes},", 1), "utf-8", newline="")
    (refused,) = back("redcap", file).refused
    assert why in str(refused)
    assert "canary" not in str(refused)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    file = written("redcap", tmp_path, [entry(patient())])
    file.write_text("record_id\r\n1\r\n")
    with pytest.raises(ReadError, match="no column"):
        back("redcap", file)


@pytest.mark.parametrize("text", ['a,b\n1,2"3\n', "a,a\n1,2\n", "a,b\n1\n", "", '"a\n'])
def test_what_is_no_csv_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, newline="")
    with pytest.raises(ReadError):
        sheet(tmp_path / "a.csv", "x")
