from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spondyl.record import Case, Claim, Value
from spondyl.registry import Entry
from spondyl.registry.cells import ABOUT, Column, grid, guarded, text, unguarded, values
from spondyl.registry.exporting import commas, parquet, workbook

NASTY = ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "\rx", "'x", "a; b", "a\\; b", "a\\", "; ", 'say "so"', "1,2"]


def entry(number: int, field: str, *held: Value) -> Entry:
    claims = tuple(Claim(field=field, value=v, quotes=()) for v in held)
    return Entry(number, "p1", 1, Case(case=number, label="-", claims=claims))


@given(st.lists(st.text(min_size=1), min_size=1))
@settings(max_examples=60)
def test_texts_come_back(held: list[str]) -> None:
    column = Column("drugs", several=True)
    cell = guarded(text(held, column))
    assert cell[:1] not in tuple("=+-@\t\r")
    assert values(unguarded(cell), column) == held


@given(
    st.lists(
        st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1
    )
)
@settings(max_examples=60)
def test_mixed_values_come_back_with_their_kind(held: list[Value]) -> None:
    column = Column("collapse", "mixed", several=True)
    back = values(text(held, column), column)
    assert [(type(v), v) for v in back] == [(type(v), v) for v in held]


@pytest.mark.parametrize("word", NASTY)
def test_no_spreadsheet_runs_a_cell_and_it_comes_back(word: str, tmp_path: Path) -> None:
    table = grid([entry(1, "diagnosis", word), entry(2, "age_years", -2)])
    _, first, second = csv.reader(io.StringIO(commas(table), newline=""))
    column = next(c for c in table.columns if c.name == "diagnosis")
    place = len(ABOUT) + table.columns.index(column)
    assert first[place][0] not in "=+-@\t\r"
    assert values(unguarded(first[place]), column) == [word]
    assert second[len(ABOUT)] == "-2"
    book = tmp_path / "a.xlsx"
    book.write_bytes(workbook(table))
    cell = openpyxl.load_workbook(book)["Cases"].cell(2, place + 1)
    assert cell.data_type == "s"
    if "\r" not in word:
        assert values(str(cell.value), column) == [word]
    parquet(table, tmp_path / "a.parquet")
    with duckdb.connect() as engine:
        rows = engine.read_parquet(str(tmp_path / "a.parquet")).order('"case"').fetchall()
    assert values(rows[0][place], column) == [word]
    assert rows[1][len(ABOUT)] == -2.0


def test_a_number_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="is no number"):
        values('"46"', Column("age_years", "number"))
