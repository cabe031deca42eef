"""Where the patients come from: files, databases, frames; small tables as arrays, large ones as counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.columns import MISSING, MOST_LEVELS, Column, Frame, column, known
from spondyl.cohort.counting import CHAIN, Digit, cells, digits_of, kind_of
from spondyl.record import ReadError, UsageError

__all__ = ["SMALL", "Source", "open_source"]

SMALL = 50_000
LOOK = 20_000


class Source(Protocol):
    """A table of patients.

    Attributes:
        label: What it is called in messages.
        names: Its columns.
        rows: How many rows it has.
    """

    label: str
    names: tuple[str, ...]
    rows: int

    def frame(self, names: Sequence[str], whole: Sequence[str] = ()) -> Frame:
        """Some columns; equal rows may have become one row with a count.

        Args:
            names: The columns.
            whole: Columns whose every value is needed, so that rows are not counted together.
        """


class Arrays:
    """A table in memory.

    Args:
        label: What it is called in messages.
        columns: Values by column name.

    Example:
        >>> Arrays("two patients", {"age": [63, 58]}).frame(["age"])["age"].values.tolist()
        [63.0, 58.0]
    """

    def __init__(self, label: str, columns: Mapping[str, Any]) -> None:
        self.label, self._given = label, columns
        self.names = tuple(columns)
        self._made: dict[str, Column] = {}
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise UsageError(f"the columns of {label} differ in length: {lengths}")
        self.rows = next(iter(lengths.values()), 0)

    def frame(self, names: Sequence[str], whole: Sequence[str] = ()) -> Frame:
        """Some columns, row by row."""
        known(names, self.names, self.label)
        for name in names:
            if name not in self._made:
                self._made[name] = column(name, self._given[name])
        return Frame({name: self._made[name] for name in names}, np.ones(self.rows))


class Database:
    """A table that DuckDB reads; rows that agree in all columns asked for are counted by it.

    Args:
        label: What it is called in messages.
        connection: The DuckDB connection.
        relation: The DuckDB relation.
        rows: How many rows it has.
    """

    def __init__(self, label: str, connection: Any, relation: Any, rows: int) -> None:
        self.label, self._connection, self._relation, self.rows = label, connection, relation, rows
        self.names = tuple(relation.columns)
        self._types = {n: str(t) for n, t in zip(relation.columns, relation.types, strict=True)}

    def frame(self, names: Sequence[str], whole: Sequence[str] = ()) -> Frame:
        """Some columns; counted where that makes the table shorter."""
        known(names, self.names, self.label)
        wanted = list(dict.fromkeys(names))
        if not whole:
            self._uncrowded(wanted)
        digits = digits_of(self._relation, wanted, self._types)
        if not whole and (counted := cells(self._relation, digits, wanted, self.rows)) is not None:
            return counted
        many = "_patients" if not whole and self._compresses(wanted) else ""
        relation = self._counted(wanted) if many else self._relation
        coded = {n: d for n, d in digits.items() if 0 < len(d.levels) <= CHAIN}
        shown = [_quoted(n) if n in coded else self._shown(n, digits.get(n)) for n in wanted]
        codes = [digit.expression.cast(nw.Int16).alias(name) for name, digit in coded.items()]
        native = nw.from_native(relation).with_columns(*codes).to_native() if coded else relation
        raw = native.project(", ".join([*shown, *([many] if many else [])])).fetchnumpy()
        columns = {
            n: coded[n].column(raw[n]) if n in coded else _column(n, raw[n], digits.get(n)) for n in wanted
        }
        size = len(next(iter(raw.values())))
        return Frame(columns, np.asarray(raw[many], np.float64) if many else np.ones(size))

    def _uncrowded(self, names: Sequence[str]) -> None:
        """Refuse texts that differ from patient to patient, by a look at the first rows."""
        texts = [n for n in names if kind_of(self._types[n]) == "text"]
        if not texts:
            return
        parts = ", ".join(f"count(DISTINCT {_quoted(n)})" for n in texts)
        for name, distinct in zip(
            texts, self._relation.limit(LOOK).aggregate(parts).fetchall()[0], strict=True
        ):
            if distinct > 5 * MOST_LEVELS:
                raise UsageError(
                    f"{name} has {distinct} different values in the first {LOOK} rows, too many for "
                    f"categories ({MOST_LEVELS} at most); leave it out or group it first"
                )

    def _compresses(self, names: Sequence[str]) -> bool:
        """Whether equal rows are to be expected, judged by how often the first rows repeat.

        Source:
            Chao A, 1984, Scandinavian Journal of Statistics 11:265-270.
        """
        listed = ", ".join(map(_quoted, names))
        first = self._relation.limit(LOOK).aggregate(f"{listed}, count(*) AS _seen", listed)
        parts = "count(*), count(*) FILTER (_seen = 1), count(*) FILTER (_seen = 2)"
        found, once, twice = first.aggregate(parts).fetchall()[0]
        return bool(3 * (found + once**2 / (2 * max(twice, 1))) < self.rows)

    def _counted(self, names: Sequence[str]) -> Any:
        """Group and count; one expression, whichever engine runs it."""
        lazy = nw.from_native(self._relation).group_by(list(names)).agg(nw.len().alias("_patients"))
        self._connection.register("_spondyl_counts", lazy.to_native())
        self._connection.execute(
            "CREATE OR REPLACE TEMP TABLE _spondyl_counted AS SELECT * FROM _spondyl_counts"
        )
        return self._connection.table("_spondyl_counted")

    def _shown(self, name: str, digit: Digit | None) -> str:
        """The expression that makes numbers of a column."""
        quoted, kind = _quoted(name), self._types[name]
        if kind_of(kind) in ("truth", "moment"):
            return quoted
        if kind_of(kind) in ("whole", "number"):
            narrow = digit is not None and not digit.gap and -32_768 <= digit.low <= 32_767 - digit.size
            return f"CAST({quoted} AS {'SMALLINT' if narrow else 'DOUBLE'}) AS {quoted}"
        levels = digit.levels if digit else ()
        listed = ", ".join("'" + v.replace("'", "''") + "'" for v in levels) or "''"
        return f"enum_code(CAST({quoted} AS ENUM({listed}))) AS {quoted}"


def _column(name: str, values: Any, digit: Digit | None) -> Column:
    plain = Column(name, values) if values.dtype == np.int16 else column(name, values)
    return Column(name, plain.values, digit.levels) if digit and digit.levels else plain


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def open_source(source: Any) -> Source:
    """Open a table of patients.

    Args:
        source: A path or glob (CSV, TSV, Parquet, Excel, SQLite, DuckDB; `base.db::table` names the table),
            a mapping of columns, or a pandas, Polars or Arrow frame.

    Raises:
        ReadError: The file is not there or cannot be read.

    Example:
        >>> open_source({"age": [63, 58]}).rows
        2
    """
    if isinstance(source, Mapping):
        return Arrays("the table", source)
    if isinstance(source, str | Path):
        return _file(str(source))
    try:
        frame = nw.from_native(source)
    except TypeError:
        raise UsageError(
            f"a table of patients is a path, a mapping of columns or a data frame, not {type(source).__name__}"
        ) from None
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return Arrays("the frame", {name: _held(eager[name]) for name in eager.columns})


def _held(series: Any) -> Any:
    """The values of a frame's column; each library has a sign of its own for missing ones."""
    values: NDArray[Any] = series.to_numpy()
    if values.dtype == object:
        values = values.copy()
        values[series.is_null().to_numpy()] = None
    return values


def _file(path: str) -> Source:
    place, _, table = path.partition("::")
    name = Path(place).name
    suffix = Path(place).suffix.lower()
    if not any(c in place for c in "*?[") and not Path(place).is_file():
        raise ReadError("there is no such file", place, "check the path")
    if suffix in (".xlsx", ".xlsm"):
        return _excel(place, table, name)
    if suffix in (".sqlite", ".sqlite3", ".db") and Path(place).read_bytes()[:15] == b"SQLite format 3":
        return _sqlite(place, table, name)
    return _duck(place, table, name, suffix)


def _duck(place: str, table: str, name: str, suffix: str) -> Source:
    import duckdb

    relation: Any
    try:
        if suffix in (".duckdb", ".ddb", ".db"):
            connection = duckdb.connect(place, read_only=True)
            relation = connection.table(table or _first(connection.execute("SHOW TABLES").fetchall(), place))
        else:
            connection = duckdb.connect()
            if suffix in (".parquet", ".pq"):
                relation = connection.read_parquet(place)
            else:
                relation = connection.read_csv(place, na_values=list(MISSING), header=True)
        rows = int(relation.aggregate("count(*)").fetchall()[0][0])
    except duckdb.Error as error:
        said = str(error).splitlines()[0]
        raise ReadError(
            f"it cannot be read as a table ({said})", place, "save it as CSV or Parquet"
        ) from None
    if rows <= SMALL:
        return Arrays(name, relation.fetchnumpy())
    return Database(name, connection, relation, rows)


def _first(found: Sequence[tuple[str, ...]], place: str) -> str:
    if len(found) != 1:
        names = ", ".join(row[0] for row in found) or "none"
        raise ReadError(f"it holds these tables: {names}", place, f"name one: {place}::TABLE")
    return found[0][0]


def _sqlite(place: str, table: str, name: str) -> Source:
    with sqlite3.connect(f"file:{place}?mode=ro", uri=True) as base:
        there = base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        cursor = base.execute(f"SELECT * FROM {_quoted(table or _first(there, place))}")
        titles = [d[0] for d in cursor.description]
        rows = cursor.fetchall()
    base.close()
    return Arrays(name, {t: [r[k] for r in rows] for k, t in enumerate(titles)})


def _excel(place: str, table: str, name: str) -> Source:
    import openpyxl

    book = openpyxl.load_workbook(place, read_only=True, data_only=True)
    try:
        if table and table not in book.sheetnames:
            raise ReadError(f"there is no sheet {table}", place, f"it has {', '.join(book.sheetnames)}")
        sheet = book[table or book.sheetnames[0]]
        rows = [row for row in sheet.iter_rows(values_only=True) if any(v is not None for v in row)]
    finally:
        book.close()
    if not rows:
        raise ReadError("the sheet is empty", place, "name another one after ::")
    titles = {str(t).strip(): k for k, t in enumerate(rows[0]) if t is not None}
    return Arrays(name, {t: [r[k] for r in rows[1:]] for t, k in titles.items()})
