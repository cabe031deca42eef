"""Whether a registry holds together: schema, log, words, standing of every claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlalchemy as sa

from spondyl.registry.chain import GENESIS, broken
from spondyl.registry.rows import claims_of, decisions_of
from spondyl.registry.schema import CASES, DECISIONS, DIFFERENCES, PAPERS, SCHEMA
from spondyl.registry.settling import Held, settle

__all__ = ["Checked", "check"]

_PORTION = 2_000


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Args:
        faults: What does not hold together; empty where all is well.
        papers, cases, decisions: How many there are.
        open_differences: Differences nobody has decided on.
        head: The hash of the last decision; written down elsewhere, it shows a log that was cut off.
    """

    faults: tuple[str, ...]
    papers: int
    cases: int
    decisions: int
    open_differences: int
    head: str


def check(connection: sa.Connection) -> Checked:
    """Check a registry as a whole."""
    faults = [*_schema(connection)]
    if faults:
        return Checked(tuple(faults), 0, 0, 0, 0, GENESIS)
    faults = [*_file(connection), *_log(connection), *_numbers(connection), *_cases(connection)]
    head = connection.execute(sa.select(DECISIONS.c.hash).order_by(DECISIONS.c.id.desc()).limit(1)).scalar()
    return Checked(
        tuple(faults),
        papers=_count(connection, PAPERS),
        cases=_count(connection, CASES, CASES.c.present == 1),
        decisions=_count(connection, DECISIONS),
        open_differences=_count(connection, DIFFERENCES, DIFFERENCES.c.settled_by.is_(None)),
        head=head or GENESIS,
    )


def _count(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool] | None = None) -> int:
    asked = sa.select(sa.func.count()).select_from(table)
    return int(connection.execute(asked if which is None else asked.where(which)).scalar_one())


def _schema(connection: sa.Connection) -> Iterator[str]:
    there = sa.inspect(connection)
    tables = set(there.get_table_names())
    for name, table in SCHEMA.tables.items():
        found = {c["name"] for c in there.get_columns(name)} if name in tables else set()
        for column in table.columns:
            if column.name not in found:
                yield f"the schema lacks {name}.{column.name}"
    triggers = set(connection.execute(sa.text(_TRIGGERS[connection.dialect.name])).scalars())
    for name in ("decisions_stay", "decisions_remain"):
        if name not in triggers:
            yield f"the trigger {name} is gone; the log of decisions is no longer protected"


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _file(connection: sa.Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
            if line != "ok":
                yield f"the file is damaged: {line}"
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"a row of {row[0]} belongs to nothing in {row[2]}"


def _log(connection: sa.Connection) -> Iterator[str]:
    rows = connection.execute(DECISIONS.select().order_by(DECISIONS.c.id))
    yield from broken(dict(row._mapping) for row in rows)


def _numbers(connection: sa.Connection) -> Iterator[str]:
    twice = (
        sa.select(CASES.c.paper, CASES.c.number).where(CASES.c.present == 1)
        .group_by(CASES.c.paper, CASES.c.number).having(sa.func.count() > 1)
    )  # fmt: skip
    for row in connection.execute(twice):
        yield f"{row.paper}/{row.number}: two cases of one number"


def _cases(connection: sa.Connection) -> Iterator[str]:
    """Every quote stands in its paper, and every claim's standing follows from the decisions."""
    last = 0
    while rows := connection.execute(
        sa.select(CASES.c.id, CASES.c.paper, CASES.c.number).where(CASES.c.id > last)
        .order_by(CASES.c.id).limit(_PORTION)
    ).all():  # fmt: skip
        last = rows[-1].id
        held = claims_of(connection, {row.id: row.paper for row in rows})
        decisions = decisions_of(connection, held)
        texts = _texts(connection, {row.paper for row in rows})
        for row in rows:
            name = f"{row.paper}/{row.number}"
            yield from _words(name, held[row.id], texts)
            if settle(_unsettled(held[row.id]), decisions[row.id]) != held[row.id]:
                yield f"{name}: what it holds does not follow from its claims and decisions"


def _texts(connection: sa.Connection, papers: set[str]) -> dict[str, str]:
    asked = sa.select(PAPERS.c.id, PAPERS.c.text).where(PAPERS.c.id.in_(sorted(papers)))
    return {row.id: row.text for row in connection.execute(asked) if row.text}


def _words(name: str, held: list[Held], texts: dict[str, str]) -> Iterator[str]:
    for one in held:
        for q in one.claim.quotes:
            if q.paper in texts and texts[q.paper][q.start : q.end] != q.text:
                yield f"{name}: the words of {one.claim.field} do not stand in the paper at {q.start}..{q.end}"


def _unsettled(held: list[Held]) -> list[Held]:
    return [replace(h, standing="other") for h in held]
