"""Tables in, one lazy expression, tables out: CSV and Parquet, in order, never over their own source."""

from __future__ import annotations

from pathlib import Path

import narwhals as nw
import pytest

from spondyl import tables
from spondyl.record import ReadError, UsageError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a table's.csv"
    path.write_text("n,level\n1,C7\n2,\n3,T4\n", "utf-8")
    return path


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "OUT.CSV"])
def test_a_table_is_written_in_its_order(source: Path, tmp_path: Path, name: str) -> None:
    scanned = tables.scan(source)
    frame = scanned.frame.with_columns(nw.col("level").is_null().alias("empty"))
    told: list[float] = []
    assert tables.write(scanned, frame, tmp_path / name, told.append) == 3
    again = tables.scan(tmp_path / name)
    rows = list(tables.stream(again, again.frame))
    assert [str(row[0]) for row in rows] == ["1", "2", "3"]
    assert [str(row[2]).lower() for row in rows] == ["false", "true", "false"]
    assert all(0 <= share <= 1 for share in told)
    assert not list(tmp_path.glob(".*.part"))


def test_kinds_of_columns_are_known(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    with tables.connect() as engine:
        engine.execute(
            f"COPY (SELECT 1 AS n, 2.5 AS x, 'C7' AS level, true AS yes, DATE '2020-01-01' AS day) TO '{path}'"
        )
    assert dict(tables.scan(path).columns) == {
        "n": "number", "x": "number", "level": "text", "yes": "truth", "day": "other",
    }  # fmt: skip


def test_a_table_never_replaces_its_source(source: Path) -> None:
    scanned = tables.scan(source)
    with pytest.raises(UsageError, match="is the table itself"):
        tables.write(scanned, scanned.frame, source)
    assert source.read_text("utf-8").startswith("n,level")


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no such file"):
        tables.scan(tmp_path / "absent.csv")
    with pytest.raises(ReadError, match=r"the suffix \.xlsx is no table; name it \.csv or \.parquet"):
        tables.scan(tmp_path / "a.xlsx")
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    with pytest.raises(ReadError, match="it cannot be read as a table"):
        tables.scan(tmp_path / "bad.parquet")


def test_a_failure_leaves_no_half_file(source: Path, tmp_path: Path) -> None:
    scanned = tables.scan(source)
    frame = scanned.frame.with_columns(nw.col("level").cast(nw.Int64))
    with pytest.raises(ReadError, match="Conversion Error"):
        tables.write(scanned, frame, tmp_path / "out.csv")
    assert [p.name for p in tmp_path.iterdir()] == [source.name]
