"""A registry as Parquet files, which `spondyl cohort` and DuckDB read: cases wide, claims long, and the rest."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from spondyl.record import LIST_FIELDS, ReadError
from spondyl.registry.asking import Entry
from spondyl.registry.cells import Column
from spondyl.registry.links import groups, links
from spondyl.registry.log import BACK, LINKS, standing
from spondyl.registry.rows import packed
from spondyl.registry.schema import CASES, CLAIMS, DECISIONS, PAPERS
from spondyl.registry.scores import Score, stored
from spondyl.tables.files import connect

__all__ = ["FILES", "of_entries", "of_registry", "write"]

Rows = Iterable[Sequence[Any]]
Tables = Mapping[str, Rows]
FILES: Mapping[str, Mapping[str, str]] = {
    "cases": {
        "case": "BIGINT", "name": "VARCHAR", "paper": "VARCHAR", "number": "BIGINT", "kind": "VARCHAR",
        "label": "VARCHAR", "revision": "BIGINT", "patient": "BIGINT",
    },
    "claims": {
        "case": "BIGINT", "position": "BIGINT", "field": "VARCHAR", "value": "VARCHAR", "number": "DOUBLE",
        "holds": "BOOLEAN", "certainty": "VARCHAR", "method": "VARCHAR", "derivation": "VARCHAR", "start": "BIGINT",
        "end": "BIGINT", "words": "VARCHAR",
    },
    "decisions": {
        "decision": "BIGINT", "case": "BIGINT", "field": "VARCHAR", "value": "VARCHAR", "verdict": "VARCHAR",
        "corrected": "VARCHAR", "by": "VARCHAR", "at": "VARCHAR", "note": "VARCHAR", "stands": "BOOLEAN",
    },
    "papers": {
        "paper": "VARCHAR", "title": "VARCHAR", "authors": "VARCHAR", "year": "BIGINT", "journal": "VARCHAR",
        "doi": "VARCHAR", "pmid": "VARCHAR", "sha256": "VARCHAR",
    },
    "scores": {
        "case": "BIGINT", "sheet": "VARCHAR", "version": "VARCHAR", "low": "BIGINT", "high": "BIGINT",
        "band": "VARCHAR", "missing": "VARCHAR", "current": "BOOLEAN",
    },
}  # fmt: skip
"""File → its columns; `cases` has one more for every field."""
_NULL = "\\N"
_PORTIONS = {"yield_per": 5_000}


def of_registry(connection: sa.Connection) -> Tables:
    """The rows of all files, read as they are written.

    Args:
        connection: The database.
    """
    return {
        "cases": _cases(connection), "claims": _claims(connection), "decisions": _decisions(connection),
        "papers": _papers(connection), "scores": [_score(s) for s in stored(connection)],
    }  # fmt: skip


def of_entries(entries: Sequence[Entry], scores: Iterable[Score] = ()) -> Tables:
    """The same of cases that were de-identified: without decisions, which name reviewers, and what papers are called.

    Args:
        entries: The cases.
        scores: Their scores.
    """
    whole = [
        (e.id, e.name, e.paper, e.case.case, e.case.kind, "", e.revision, min([e.id, *e.same]))
        for e in entries
    ]
    claims = (
        (
            e.id,
            n,
            c.field,
            _value(c.value),
            _number(c.value),
            True,
            c.certainty,
            c.method,
            None,
            None,
            None,
            None,
        )
        for e in entries
        for n, c in enumerate(e.case.claims)
    )
    papers = [(name, *[None] * 7) for name in sorted({e.paper for e in entries})]
    return {
        "cases": whole,
        "claims": claims,
        "decisions": (),
        "papers": papers,
        "scores": [_score(s) for s in scores],
    }


def _value(value: Any) -> str:
    return value if isinstance(value, str) else packed(value)


def _number(value: Any) -> float | None:
    return None if isinstance(value, str) else float(value)


def _cases(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    of = groups(links(connection))
    asked = CASES.select().where(CASES.c.present == 1).order_by(CASES.c.paper, CASES.c.number)
    for r in connection.execute(asked, execution_options=_PORTIONS):
        patient = min(of.get(r.id, (r.id,)))
        yield r.id, f"{r.paper}/{r.number}", r.paper, r.number, r.kind, r.label, r.revision, patient


def _claims(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    asked = sa.select(CLAIMS).join(CASES, CASES.c.id == CLAIMS.c.case_id).where(CASES.c.present == 1)
    asked = asked.order_by(CLAIMS.c.case_id, CLAIMS.c.position)
    for r in connection.execute(asked, execution_options=_PORTIONS):
        quotes = json.loads(r.quotes)
        start, end, words = quotes[0][:3] if quotes else (None, None, None)
        value = json.loads(r.value) if r.value[:1] == '"' else r.value
        yield (
            r.case_id, r.position, r.field, value, r.number, r.standing == "chosen", r.certainty, r.method,
            r.derivation, start, end, words,
        )  # fmt: skip


def _decisions(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    rows = connection.execute(DECISIONS.select().order_by(DECISIONS.c.id)).all()
    stands = {r.id for r in standing(rows)} | {r.id for r in rows if r.verdict == BACK}
    for r in rows:
        value, corrected = (_plain(text, r.verdict) for text in (r.value, r.corrected))
        yield (
            r.id,
            r.case_id,
            r.field,
            value,
            r.verdict,
            corrected,
            r.decided_by,
            r.decided_at,
            r.note,
            r.id in stands,
        )


def _plain(text: str | None, verdict: str) -> str | None:
    if text is None or verdict in (*LINKS, BACK):
        return text
    return _value(json.loads(text))


def _papers(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    columns = [PAPERS.c[n] for n in ("id", "title", "authors", "year", "journal", "doi", "pmid", "sha256")]
    for r in connection.execute(sa.select(*columns).order_by(PAPERS.c.id)):
        yield r.id, r.title, "; ".join(json.loads(r.authors)), *r[3:]


def _score(s: Score) -> Sequence[Any]:
    return s.case, s.sheet, s.version, s.low, s.high, s.band, ", ".join(s.missing), s.current


def write(tables: Tables, folder: Path) -> list[Column]:
    """Write the files into a folder; each takes the place of an earlier one when it is whole.

    Args:
        tables: The rows of all files.
        folder: The folder; made if absent.

    Returns:
        The columns of the fields in `cases`.

    Raises:
        ReadError: The rows cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    engine = connect()
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as beside:
            for name, rows in tables.items():
                _load(engine, name, rows, Path(beside))
            columns = _columns(engine)
            for name in tables:
                _save(engine, name, columns, Path(beside))
            for name in tables:
                os.replace(Path(beside) / f"{name}.parquet", folder / f"{name}.parquet")
    except duckdb.Error as error:
        raise ReadError(
            f"cannot be written ({type(error).__name__})", str(folder), "free some space"
        ) from None
    finally:
        engine.close()
    return columns


def _load(engine: duckdb.DuckDBPyConnection, name: str, rows: Rows, beside: Path) -> None:
    """Rows into the engine by way of a file, so that there may be many."""
    plain = beside / f"{name}.csv"
    with plain.open("w", encoding="utf-8", newline="", errors="backslashreplace") as out:
        writer = csv.writer(out)
        writer.writerow(FILES[name])
        writer.writerows([_NULL if cell is None else cell for cell in row] for row in rows)
    columns = ", ".join(f"'{column}': '{kind}'" for column, kind in FILES[name].items())
    engine.execute(
        f"CREATE TABLE {name} AS SELECT * FROM read_csv(?, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"nullstr = '{_NULL}', strict_mode = false, max_line_size = 16777216, columns = {{{columns}}})",
        [str(plain)],
    )
    plain.unlink()


def _columns(engine: duckdb.DuckDBPyConnection) -> list[Column]:
    """What the fields hold: numbers, words, both; one value a case, or several."""
    found = engine.execute(
        "SELECT field, sum(numbers), sum(n), max(n) FROM (SELECT field, count(number) AS numbers, count(*) AS n "
        'FROM claims WHERE holds GROUP BY field, "case") GROUP BY field ORDER BY field'
    ).fetchall()
    out = []
    for name, numbers, all_, most in found:
        several = name in LIST_FIELDS or most > 1
        out.append(Column(name, "number" if numbers == all_ else "mixed" if numbers else "text", several))
    return out


def _save(engine: duckdb.DuckDBPyConnection, name: str, columns: Sequence[Column], beside: Path) -> None:
    target = str(beside / f"{name}.parquet").replace("'", "''")
    what = _wide(columns) if name == "cases" else f"SELECT * FROM {name}"
    engine.execute(f"COPY ({what}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _wide(columns: Sequence[Column]) -> str:
    """One row a case, one column a field.

    Several values stand with "; " between them, as in other exports; but where a case holds contradictory numbers in
    a field that is no list, its cell is empty, so that the column stays one of numbers. `claims` holds them all.
    """
    taken = set(FILES["cases"])
    fields = [f"{_field(c)} AS {_name(c.name if c.name not in taken else f'{c.name}_')}" for c in columns]
    inner = ", ".join(['"case"', *fields])
    return (
        f'SELECT cases.*, held.* EXCLUDE ("case") FROM cases LEFT JOIN (SELECT {inner} FROM claims WHERE holds '
        'GROUP BY "case") AS held USING ("case") ORDER BY cases.rowid'
    )


def _field(column: Column) -> str:
    name = "'" + column.name.replace("'", "''") + "'"
    if column.kind == "number" and column.name not in LIST_FIELDS:
        one = f"count(DISTINCT number) FILTER (WHERE field = {name}) = 1"
        return f"CASE WHEN {one} THEN max(number) FILTER (WHERE field = {name}) END"
    word = "replace(replace(value, '\\', '\\\\'), ';', '\\;')"
    if column.kind == "mixed":
        word = "CASE WHEN number IS NULL THEN to_json(value)::VARCHAR ELSE value END"
    return f"string_agg({word}, '; ' ORDER BY position) FILTER (WHERE field = {name})"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
