"""Tables from Excel and Parquet: the same checks as for CSV, and traps refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from registered import accept, paper, reading
from spondyl.app.shell import run
from spondyl.record import Case, Claim, Paper, ReadError, Reading
from spondyl.registry import Registry
from spondyl.registry import sheets as module
from spondyl.registry.importing import exported, mapped
from spondyl.registry.sheets import sheet

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
[fields.operated]
column = "operated"
kind = "date"
"""
HEAD = ["id", "age", "sex", "operated", "seen"]
ROWS = [
    ["a", 46, 1, datetime(2020, 1, 2), datetime(2021, 1, 1)],
    ["b", -2, 1, None, None],
    [17, 30.5, 2, datetime(2020, 1, 2), datetime(2019, 1, 1)],
]


def workbook(folder: Path, rows: list[list[object]] = ROWS, head: list[str] = HEAD) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (head, *rows):
        page.append(row)
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def parquet(folder: Path) -> Path:
    target = folder / "t.parquet"
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (id VARCHAR, age DOUBLE, sex BIGINT, operated DATE, seen TIMESTAMP)")
        engine.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [[str(row[0]), *row[1:]] for row in ROWS])
        engine.execute(f"COPY t TO '{target}' (FORMAT parquet)")
    return target


def plain(folder: Path) -> Path:
    lines = [",".join(HEAD), "a,46,1,2020-01-02,2021-01-01", "b,-2,1,,", "17,30.5,2,2020-01-02,2019-01-01"]
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    return folder / "t.csv"


@pytest.mark.parametrize("made", [workbook, parquet, plain])
def test_the_same_table_in_any_format_has_the_same_rows_and_refusals(
    registry: Registry, tmp_path: Path, made: object
) -> None:
    file = made(tmp_path)  # type: ignore[operator]
    (tmp_path / "map.toml").write_text(MAP)
    table = mapped(file, tmp_path / "map.toml")
    assert [str(r) for r in table.refused] == [
        "row 3, age: expected 0 to 125",
        "row 4, seen: it is before operated",
    ]
    registry.take(table, skip_refused=True)
    (entry,) = registry.cases()
    assert dict(entry.fields) == {"age_years": 46, "sex": "female", "operated": "2020-01-02"}
    assert registry.take(mapped(file, tmp_path / "map.toml"), skip_refused=True) is None


@pytest.mark.parametrize("word", ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "'x", "a; b"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_what_a_spreadsheet_could_run_comes_back_as_it_was(tmp_path: Path, word: str, form: str) -> None:
    claims = (Claim(field="remark", value=word, quotes=()), Claim(field="shift", value=-2, quotes=()))
    with Registry(tmp_path / "first.db") as first:
        case = Case(case=1, label=word, claims=claims)
        first.add(Paper(id="p1", source="p1", text=""), Reading(cases=(case,)))
    target = tmp_path / f"cases.{form}"
    assert run(["registry", "export", "-r", str(tmp_path / "first.db"), "-o", str(target)]) == 0
    assert run(["registry", "import", str(target), "-r", str(tmp_path / "second.db")]) == 0
    with Registry(tmp_path / "second.db") as second:
        (entry,) = second.cases()
    assert dict(entry.fields) == {"remark": word, "shift": -2}
    assert isinstance(entry.fields["shift"], int)
    assert entry.case.label == word


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_an_exported_table_comes_back_with_linked_cases_marked(
    registry: Registry, tmp_path: Path, form: str
) -> None:
    one, two = paper(), paper("p2")
    registry.add_all([(one, reading(one)), (two, reading(two))])
    registry.decide(accept("dead", "status"))
    registry.link("p1/1", "p2/1", same=True)
    target = tmp_path / f"cases.{form}"
    place = str(registry._database.engine.url.render_as_string(hide_password=False)).replace("+psycopg", "")
    place = place.removeprefix("sqlite:///")
    assert run(["registry", "export", "-r", place, "-o", str(target)]) == 0
    read = sheet(target)
    assert [row["same_patient"] for row in read.rows] == ["p2/1", "p1/1"]
    table = exported(target, target.with_suffix(".codebook.csv"))
    assert table.refused == ()
    with Registry(tmp_path / "second.db") as second:
        second.take(table)
        assert [dict(e.fields) for e in second.cases()] == [dict(e.fields) for e in registry.cases()]


def test_cells_of_every_kind(tmp_path: Path) -> None:
    file = workbook(
        tmp_path, [["x", True, 1e20, date(2020, 1, 2), datetime(2020, 1, 2, 3, 4)], ["y", None, 0.1, "", " "]]
    )
    assert [list(row.values()) for row in sheet(file).rows] == [
        ["x", "1", "1e+20", "2020-01-02", "2020-01-02T03:04:00"], ["y", "", "0.1", "", " "],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["=1+1", 1, 1, None, None]], "a formula"),
        ([["a", 1, 1, None, None, "beyond"]], "6 cells, the head has 5"),
    ],
)
def test_a_row_that_cannot_be_taken_at_its_word_is_told(
    tmp_path: Path, rows: list[list[object]], words: str
) -> None:
    with pytest.raises(ReadError, match=words) as told:
        sheet(workbook(tmp_path, rows))
    assert "t.xlsx:2" in str(told.value)


def packed(folder: Path, **changed: bytes) -> Path:
    """A workbook with some of its parts replaced."""
    good = workbook(folder).read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name.rpartition("/")[2].partition(".")[0], old.read(name)))
        for name, data in changed.items():
            new.writestr(f"xl/{name}.xml", data)
    (folder / "trap.xlsx").write_bytes(out.getvalue())
    return folder / "trap.xlsx"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&x;</t></si></sst>"""


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("sheet1", LAUGHS, "declares entities"), ("sharedStrings", OUTSIDE, "declares entities"),
        ("sheet1", LAUGHS.decode().encode("utf-16"), "declares entities"), ("sheet1", b" " * 80_000_000, "zip bomb"),
        ("further", b"\0" * 50_000_000, "zip bomb"), ("sheet1", b"<worksheet", "no workbook"),
    ],
    ids=["laughs", "outside", "utf-16", "sheet bomb", "part bomb", "broken"],
)  # fmt: skip
def test_traps_are_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        sheet(packed(tmp_path, **{name: data}))


def test_many_parts_and_much_in_all_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 1_000)
    with pytest.raises(ReadError, match="zip bomb"):
        sheet(workbook(tmp_path))
    monkeypatch.setattr(module, "_MEMBERS", 3)
    with pytest.raises(ReadError, match="parts, 3 at most"):
        sheet(workbook(tmp_path))


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xlsx", b"PK\x03\x04 no zip"), ("a.xlsx", b""), ("a.parquet", b"PAR1"), ("a.csv", b"\xff")],
)
def test_what_is_no_table_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError):
        sheet(tmp_path / name)


def test_a_damaged_workbook_never_raises_anything_else(tmp_path: Path) -> None:
    good = workbook(tmp_path).read_bytes()
    file = tmp_path / "bad.xlsx"
    for at in range(0, len(good), 97):
        file.write_bytes(good[:at] + bytes([good[at] ^ 0x5A]) + good[at + 1 :])
        with contextlib.suppress(ReadError):
            sheet(file)
