from __future__ import annotations

import re
from pathlib import Path

import pytest

from registered import accept, paper, reading
from spondyl.record import ReadError, RegistryError
from spondyl.registry import Registry
from spondyl.registry.cells import grid
from spondyl.registry.exporting import codebook, commas
from spondyl.registry.importing import exported, mapped

MAP = """
record = "id"
name = "invented"
order = [["operated", "seen"]]
[fields.age_years]
column = "age"
kind = "number"
[fields.sex]
column = "sex"
values = {1 = "female", 2 = "male"}
[fields.levels]
column = "levels"
separator = ","
[fields.follow_up_months]
column = "years"
kind = "number"
factor = 12
"""
HEAD = "id,age,sex,levels,years,operated,seen\n"
GOOD = 'a,46,1,"C5,C6",1.5,2020-01-01,2021-01-01\nb,-0,2,,,,\n'
DICTIONARY = (
    '"Variable / Field Name","Field Type","Choices, Calculations, OR Slider Labels",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max"\n'
    "id,text,,,,\n"
    "age,text,,integer,18,110\n"
    'sex,radio,"1, female | 2, male",,,\n'
    'region,checkbox,"1, cervical | 2, thoracic",,,\n'
)
REDCAP_MAP = """
record = "id"
[fields]
age_years = {column = "age"}
sex = {column = "sex"}
regions = {column = "region"}
"""


def files(folder: Path, table: str, plan: str = MAP) -> tuple[Path, Path]:
    (folder / "t.csv").write_text(table, newline="")
    (folder / "map.toml").write_text(plan)
    return folder / "t.csv", folder / "map.toml"


def test_a_table_comes_in_by_its_map(registry: Registry, tmp_path: Path) -> None:
    done = registry.take(mapped(*files(tmp_path, HEAD + GOOD)))
    assert done is not None
    assert done.new == 2
    first, second = registry.cases()
    assert first.fields == {"age_years": 46, "sex": "female", "levels": ["C5", "C6"], "follow_up_months": 18}
    assert (first.case.label, second.fields) == ("a", {"age_years": 0, "sex": "male"})
    assert first.case.claims[0].method == "registry"
    assert registry.check().faults == ()


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("c,x,1,,,,", "age", "expected a number"),
        ("c,nan,1,,,,", "age", "expected any to any"),
        ("c,630,1,,,,", "age", "expected 0 to 125"),
        ("c,6,3,,,,", "sex", "expected one of 1, 2"),
        ("c,6,1,C9,,,", "levels", r"expected C\[1-8\]"),
        ("c,6,1,,,2021-01-01,2020-01-01", "seen", "it is before operated"),
        ("c,6,1,,,2021-02-30,", "operated", "expected a date"),
        ("a,6,1,,,,", "id", "stands above"),
        (" ,6,1,,,,", "id", "no name"),
    ],
)
def test_a_row_is_refused_with_its_reason(
    registry: Registry, tmp_path: Path, row: str, column: str, why: str
) -> None:
    table = mapped(*files(tmp_path, HEAD + GOOD + row + "\n"))
    (refused,) = table.refused
    assert (refused.row, refused.column) == (4, column)
    assert re.search(why, refused.why)
    with pytest.raises(RegistryError, match="1 rows are refused, nothing was imported"):
        registry.take(table)
    assert registry.cases() == []
    registry.take(table, skip_refused=True)
    assert len(registry.cases()) == 2


def test_the_same_file_is_recognised_and_a_newer_one_brings_records_up_to_date(
    registry: Registry, tmp_path: Path
) -> None:
    registry.take(mapped(*files(tmp_path, HEAD + GOOD)))
    assert registry.take(mapped(*files(tmp_path, HEAD + GOOD))) is None
    registry.decide(accept(46).model_copy(update={"paper": "import:invented"}))
    newer = HEAD + "new,30,1,,,,\n" + GOOD.replace("46", "47").replace("1.5", "2")
    done = registry.take(mapped(*files(tmp_path, newer)))
    assert done is not None
    assert (done.new, done.changed, done.differences) == (1, 2, 1)
    found = {e.case.label: e.fields for e in registry.cases()}
    assert found["a"]["age_years"] == 46
    assert found["a"]["follow_up_months"] == 24
    assert found["new"]["age_years"] == 30


def test_redcap_comes_in_by_its_dictionary(registry: Registry, tmp_path: Path) -> None:
    table = "id,age,sex,region___1,region___2\n1,46,1,1,1\n2,47,2,0,\n3,12,1,0,0\n4,46,9,0,0\n5,46,1,2,0\n"
    (tmp_path / "dict.csv").write_text(DICTIONARY)
    got = mapped(*files(tmp_path, table, REDCAP_MAP), tmp_path / "dict.csv")
    assert [str(r) for r in got.refused] == [
        "row 4, age: expected 18.0 to 110.0", "row 5, sex: expected one of the codes 1, 2",
        "row 6, region___1: expected 0 or 1",
    ]  # fmt: skip
    registry.take(got, skip_refused=True)
    assert [dict(e.fields) for e in registry.cases()] == [
        {"age_years": 46, "sex": "female", "regions": ["cervical", "thoracic"]},
        {"age_years": 47, "sex": "male"},
    ]


@pytest.mark.parametrize(
    ("table", "plan", "words"),
    [
        ("id,age\n1\n", MAP, r"t.csv:2: 1 cells, the head has 2"),
        ("id,id\n", MAP, "a column named twice"),
        ("id,age\n1,2\n", MAP, "the table has no column operated"),
        (HEAD, "record = 3", "map.toml: record: "),
        (HEAD, "record = ", "no TOML"),
        (HEAD, 'record = "id"\nfurther = 1\n[fields]', "further: Extra inputs"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, table: str, plan: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        mapped(*files(tmp_path, table, plan))


def test_an_exported_table_gives_the_same_values(registry: Registry, tmp_path: Path) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(accept("dead", "status"))
    before = registry.cases()
    table = grid(before)
    (tmp_path / "t.csv").write_text(commas(table), newline="")
    (tmp_path / "t.codebook.csv").write_text(codebook(table.columns), newline="")
    got = exported(tmp_path / "t.csv", tmp_path / "t.codebook.csv")
    assert got.refused == ()
    with pytest.raises(RegistryError, match="was read from a paper"):
        registry.take(got)
    with Registry(tmp_path / "second.db") as second:
        second.take(got)
        (back,) = second.cases()
        assert (back.name, back.case.label) == (before[0].name, before[0].case.label)
        assert dict(back.fields) == dict(before[0].fields)


def test_a_table_without_its_codebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ReadError, match="no codebook"):
        exported(tmp_path / "t.csv", tmp_path / "t.csv")
