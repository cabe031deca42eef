"""Tables in files, read lazily by an embedded DuckDB; expressions are narwhals', so that other engines can run them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import narwhals as nw

from spondyl.record import ReadError

__all__ = ["MEMORY", "Scan", "connect", "scan", "suffix_of"]

Suffix = Literal[".csv", ".parquet"]
Kind = Literal["text", "number", "truth", "other"]
MEMORY = "1GB"
"""The most that the engine keeps in memory; beyond that it writes to disk."""


@dataclass(frozen=True)
class Scan:
    """A table that has not been read yet.

    Args:
        frame: The lazy table; expressions are added to it.
        columns: Its columns and what they hold, in order.
        path: Where it is.
        connection: The engine that reads it.
    """

    frame: nw.LazyFrame[Any]
    columns: Mapping[str, Kind]
    path: Path
    connection: duckdb.DuckDBPyConnection


def suffix_of(path: Path) -> Suffix:
    """The kind of table a path names.

    Args:
        path: The path.

    Raises:
        ReadError: It is neither .csv nor .parquet.

    Example:
        >>> suffix_of(Path("cohort.CSV"))
        '.csv'
    """
    match path.suffix.lower():
        case ".csv":
            return ".csv"
        case ".parquet":
            return ".parquet"
    raise ReadError(
        f"the suffix {path.suffix or '(none)'} is no table", str(path), "name it .csv or .parquet"
    )


def connect(memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """An engine of its own, in memory, without network and without extensions.

    Args:
        memory: The most that it keeps in memory.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "enable_external_file_cache": False,  # which keeps what was read and grows with the table
        "disabled_optimizers": "in_clause",  # which joins every row with each list of a conditional, reached or not
    }
    return duckdb.connect(":memory:", config=settings)


def scan(path: Path, memory: str = MEMORY) -> Scan:
    """A table in a file, to be read when it is needed.

    Args:
        path: A .csv or .parquet file; the cells of a CSV are taken as text, as they stand.
        memory: The most that the engine keeps in memory.

    Returns:
        The lazy table.

    Raises:
        ReadError: The file is not there, or is no such table.

    Example:
        >>> import tempfile
        >>> place = Path(tempfile.mkdtemp()) / "a.csv"
        >>> _ = place.write_text("level,age\\nC7,63\\n")
        >>> dict(scan(place).columns)
        {'level': 'text', 'age': 'text'}
    """
    suffix = suffix_of(path)
    if not path.is_file():
        raise ReadError("there is no such file", str(path), "name a table that is there")
    connection = connect(memory)
    try:
        if suffix == ".csv":
            relation = connection.read_csv(str(path), header=True, all_varchar=True)
        else:
            relation = connection.read_parquet(str(path))
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise ReadError(f"it cannot be read as a table ({first})", str(path), "write it anew") from error
    columns = {name: _kind(str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)}
    return Scan(nw.from_native(relation), columns, path, connection)


def _kind(native: str) -> Kind:
    if native.startswith(("VARCHAR", "ENUM")):
        return "text"
    if native == "BOOLEAN":
        return "truth"
    numbers = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "U", "FLOAT", "DOUBLE", "DECIMAL")
    return "number" if native.startswith(numbers) and native != "UUID" else "other"
