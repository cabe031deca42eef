from __future__ import annotations

from typing import Any

from spondyl.app.cells import COLUMNS, TABLE, comma_row, table_row

PAPER = {"id": "p-1", "source": "in/p.txt", "authors": ["A", "B"], "title": "T", "year": 2020, "doi": None}


def case(**fields: Any) -> dict[str, Any]:
    return {"case": 2, "kind": "cited", "label": "Case 2", "fields": fields}


def cell(row: list[str], column: str) -> str:
    return row[COLUMNS.index(column)]


def test_a_row_has_a_cell_for_every_column() -> None:
    assert len(comma_row(PAPER, case(age_years=63.0))) == len(COLUMNS)
    assert len(table_row(PAPER, case(age_years=63.0))) == len(TABLE)


def test_lists_and_contradictions_are_joined() -> None:
    row = comma_row(PAPER, case(age_years=[49, 46], levels=["C5", "C6"]))
    assert cell(row, "age_years") == "49; 46"
    assert cell(row, "levels") == "C5; C6"
    assert cell(row, "authors") == "A; B"


def test_what_was_not_found_is_empty() -> None:
    assert cell(comma_row(PAPER, case()), "recurrence") == ""
    assert cell(comma_row(PAPER, case()), "doi") == ""


def test_a_field_without_a_column_is_kept() -> None:
    assert cell(comma_row(PAPER, case(tumour_size_mm=14)), "further") == "tumour_size_mm=14"


def test_no_cell_is_a_formula() -> None:
    row = comma_row({**PAPER, "title": '=HYPERLINK("x")'}, case(diagnosis="@cmd"))
    assert cell(row, "title").startswith("'=")
    assert cell(row, "diagnosis") == "'@cmd"


def test_the_table_shows_regions_where_no_level_is_known() -> None:
    at = TABLE.index("level")
    assert table_row(PAPER, case(regions=["thoracic"]))[at] == "thoracic"
    assert table_row(PAPER, case(levels=["T7"], regions=["thoracic"]))[at] == "T7"


def test_the_table_marks_what_is_no_patient() -> None:
    assert table_row(PAPER, case())[1] == "2 cited"
