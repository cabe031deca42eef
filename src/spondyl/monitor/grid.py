"""Tables of text cells out of CSV and Parquet files, frames and columns, held in an embedded database."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spondyl.record import ReadError

if TYPE_CHECKING:
    import duckdb

__all__ = ["Grid", "from_columns", "from_file"]

DELIMITERS = ",;\t|"
MOST_COLUMNS = 2000


@dataclass(frozen=True)
class Grid:
    """A table whose cells are text, as the view `raw` with the columns `row`, `c0`, `c1`, ….

    Args:
        connection: The database that holds it.
        columns: The names of the columns, as given.
        decimal: The decimal mark of its numbers.
        where: What it was read from, for messages.
        say: How a row is called in messages.
        first: The number of the first row of values, as its reader sees it.
        sha256: Of the file.
    """

    connection: duckdb.DuckDBPyConnection
    columns: tuple[str, ...]
    decimal: str
    where: str
    say: str
    first: int
    sha256: str | None = None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query gives, row by row."""
        return self._asked(query).fetchall()

    def arrays(self, query: str) -> dict[str, Any]:
        """What a query gives, as one array a column."""
        return self._asked(query).fetchnumpy()

    def place(self, row: int) -> str:
        """A row as its reader finds it."""
        return f"{self.say} {row + self.first - 1}"

    def _asked(self, query: str) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self.connection.execute(query)
        except duckdb.Error as error:
            raise ReadError(*_told(str(error), self.where)) from error


def _told(message: str, where: str) -> tuple[str, str, str]:
    """What the database says of a file, in our words."""
    line = re.search(r"(?i)line:? ?(\d+)", message)
    if "Expected Number of Columns" in message or "too many" in message.lower():
        at = f"line {line[1]}" if line else "a line"
        return f"{at} has another number of cells than the header", where, "mend that line"
    short = message.splitlines()[0][:160]
    return f"the table cannot be read ({short})", where, "export it again, as CSV with a header or as Parquet"


def _connected() -> duckdb.DuckDBPyConnection:
    import duckdb

    alone = ("autoinstall_known_extensions", "autoload_known_extensions")
    return duckdb.connect(":memory:", config=dict.fromkeys(alone, False))


@contextmanager
def from_file(path: Path) -> Iterator[Grid]:
    """The table of a CSV or Parquet file.

    Args:
        path: The file.

    Raises:
        ReadError: It is no table.
    """
    data = _bytes(path)
    with tempfile.TemporaryDirectory() as place, _connected() as connection:
        if data[:4] == b"PAR1":
            yield _parquet(path, data, Path(place), connection)
        else:
            yield _commas(path, data, Path(place), connection)


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"it cannot be opened ({error.strerror})", str(path), "check its name and permission"
        ) from error
    if not data[:4096].strip() and not data.strip():
        raise ReadError("the file is empty", str(path), "export the recording again")
    return data


def _plain(path: Path) -> bool:
    """Whether the database takes a path as the name of one file."""
    return not set("*?[]{}") & set(str(path))


def _parquet(path: Path, data: bytes, place: Path, connection: duckdb.DuckDBPyConnection) -> Grid:
    if not _plain(path):
        path = Path(shutil.copyfile(path, place / "table.parquet"))
    grid = Grid(connection, (), ".", str(path), "row", 1, hashlib.sha256(data).hexdigest())
    table = f"read_parquet({_quoted(str(path.absolute()))})"
    named = tuple(row[0] for row in grid.rows(f"DESCRIBE SELECT * FROM {table}"))
    return _viewed(grid, named, table, [_name(n) for n in named])


def _commas(path: Path, data: bytes, place: Path, connection: duckdb.DuckDBPyConnection) -> Grid:
    text, plain = _decoded(data, str(path))
    skip, head = _head(text, str(path))
    delimiter = max(DELIMITERS, key=head.count)
    named = tuple(cell.strip() for cell in next(csv.reader([head], delimiter=delimiter)))
    if len(named) > MOST_COLUMNS:
        raise ReadError(
            f"the header has {len(named)} columns", str(path), "check that it is a table of amplitudes"
        )
    file = path
    if not (plain and _plain(path)):
        file = place / "table.csv"
        file.write_text(text, "utf-8", newline="")
    columns = ", ".join(f"'c{k}': 'VARCHAR'" for k in range(len(named)))
    table = (
        f"read_csv({_quoted(str(file.absolute()))}, auto_detect=false, header=true, skip={skip}, quote='\"', "
        f"escape='\"', delim={_quoted(delimiter)}, columns={{{columns}}}, strict_mode=true)"
    )
    decimal = "," if delimiter == ";" else "."
    grid = Grid(connection, (), decimal, str(path), "line", skip + 2, hashlib.sha256(data).hexdigest())
    return _viewed(grid, named, table, [f"c{k}" for k in range(len(named))])


def _decoded(data: bytes, where: str) -> tuple[str, bool]:
    """The text of a file, and whether the database reads the same from the file itself."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), False
    if b"\x00" in data[:65536]:
        raise ReadError(
            "it is no text and no Parquet file", where, "export the amplitudes as CSV, Parquet or EDF"
        )
    try:
        return data.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), False


def _head(text: str, where: str) -> tuple[int, str]:
    """The header, and how many remarks (lines that begin with #) stand before it."""
    start = skip = 0
    while True:
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)].rstrip("\r")
        if line.strip() and not line.startswith("#"):
            break
        if end < 0:
            raise ReadError("it holds no header", where, "name the columns in the first line")
        start, skip = end + 1, skip + 1
    if len(line) > 100_000:
        raise ReadError(
            "its first line is no header", where, "export the amplitudes as CSV, one value a line"
        )
    return skip, line


def from_columns(given: Mapping[str, Any], where: str = "the columns given") -> Grid:
    """The table of a mapping of columns, or of a frame.

    Args:
        given: Name → values of equal length.
        where: What it is called in messages.

    Raises:
        ReadError: The columns differ in length.
    """
    named = tuple(str(n) for n in given)
    arrays = {f"g{k}": _cells(given[n]) for k, n in enumerate(given)}
    lengths = {len(a) for a in arrays.values()}
    if len(lengths) > 1:
        raise ReadError(f"the columns have {sorted(lengths)} values", where, "give columns of equal length")
    connection = _connected()
    connection.register("given", arrays or {"g0": np.array([], dtype=object)})
    grid = Grid(connection, (), ".", where, "row", 1)
    return _viewed(grid, named, "given", [f"g{k}" for k in range(len(named))])


def _cells(values: Any) -> Any:
    """A column as the database takes it: numbers as they are, all else as text."""
    array = np.asarray(values)
    if array.dtype.kind in "fiu":
        return array
    return np.array(["" if _none(v) else str(v) for v in array.tolist()], dtype=object)


def _none(value: Any) -> bool:
    return value is None or value != value


def _viewed(grid: Grid, named: tuple[str, ...], table: str, columns: list[str]) -> Grid:
    low = [" ".join(n.split()).lower() for n in named]
    twice = sorted({n for n in low if low.count(n) > 1})
    if twice:
        raise ReadError(
            f"the column {twice[0]!r} is there twice", grid.where, "give every column a name of its own"
        )
    cells = ", ".join(f"coalesce(trim(CAST({c} AS VARCHAR)), '') AS c{k}" for k, c in enumerate(columns))
    grid.rows(f"CREATE TEMP TABLE cells AS SELECT {cells} FROM {table}")
    grid.rows("CREATE TEMP VIEW raw AS SELECT rowid + 1 AS row, * FROM cells")
    if not grid.rows("SELECT count(*) FROM raw")[0][0]:
        raise ReadError("it has a header and no values", grid.where, "export the recording again")
    return Grid(grid.connection, named, grid.decimal, grid.where, grid.say, grid.first, grid.sha256)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
