"""Lazy tables out: streamed to a file, or row by row, never held as a whole."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

from spondyl.record import ReadError, UsageError
from spondyl.tables.files import Scan, suffix_of

__all__ = ["stream", "write"]

Progress = Callable[[float], None]
_PAUSE = 0.1
_BATCH = 10_000


def write(source: Scan, frame: nw.LazyFrame[Any], path: Path, progress: Progress | None = None) -> int:
    """Compute a lazy table and write it, in the order of its source.

    Args:
        source: What the table was made from.
        frame: The table.
        path: Where to, .csv or .parquet; what stands there is replaced when all is written.
        progress: Told how much is done, from 0 to 1, every now and then.

    Returns:
        The number of rows.

    Raises:
        UsageError: The table would overwrite its own source.
        ReadError: The suffix is no table's, or the rows cannot be computed.
    """
    suffix = suffix_of(path)
    if path.exists() and path.samefile(source.path):
        raise UsageError(f"{path} is the table itself; name another file with -o")
    beside = path.with_name(f".{path.name}.part")
    form = "(FORMAT csv, HEADER)" if suffix == ".csv" else "(FORMAT parquet, COMPRESSION zstd)"
    relation: duckdb.DuckDBPyRelation = frame.to_native()
    try:
        rows = _run(source.connection, relation, f"COPY (FROM result) TO {_quoted(beside)} {form}", progress)
        os.replace(beside, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
    return rows


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _run(
    connection: duckdb.DuckDBPyConnection,
    relation: duckdb.DuckDBPyRelation,
    command: str,
    progress: Progress | None,
) -> int:
    """Run a command over a relation in a thread of its own, so that progress can be told and Ctrl-C heard."""
    done: list[Any] = []

    def work() -> None:
        try:
            relation.create_view("result", replace=True)
            done.append(connection.execute(command).fetchone())
        except Exception as error:
            done.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_PAUSE)
            if progress:
                progress(max(0.0, connection.query_progress()) / 100)
    except KeyboardInterrupt:
        connection.interrupt()
        worker.join()
        raise
    if isinstance(done[0], duckdb.Error) and not isinstance(done[0], duckdb.IOException):
        first = str(done[0]).splitlines()[0]
        raise ReadError(
            f"it could not be computed ({first})", "the table", "mend the rows it names"
        ) from done[0]
    if isinstance(done[0], Exception):
        raise UsageError(f"{str(done[0]).splitlines()[0]}; write to another place with -o") from done[0]
    return int(done[0][0])


def stream(source: Scan, frame: nw.LazyFrame[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a lazy table, a batch at a time.

    Args:
        source: What the table was made from.
        frame: The table.
    """
    relation: duckdb.DuckDBPyRelation = frame.to_native()
    rows = source.connection.cursor().execute(relation.sql_query())
    while batch := rows.fetchmany(_BATCH):
        yield from batch
