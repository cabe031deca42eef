"""Papers and cases into the registry; what is known is brought up to date and never overwrites a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from spondyl.record import Case, Claim, Paper, Quote, Reading
from spondyl.registry.rows import (
    CLAIM_COLUMNS,
    claim_row,
    claims_of,
    decisions_of,
    fresh_row,
    packed,
    paper_row,
)
from spondyl.registry.schema import CASES, CLAIMS, DIFFERENCES, IMPORTS, PAPERS
from spondyl.registry.settling import Difference, Held, Origin, Standing, differences, settle

__all__ = ["Added", "Import", "add", "elsewhere", "highest", "store_claims", "taken"]


_CHOSEN: tuple[Origin, int, Standing] = ("chosen", 1, "chosen")
_OTHER: tuple[Origin, int, Standing] = ("other", 1, "other")


@dataclass(frozen=True)
class Added:
    """What adding came to: cases that are new, changed, the same as before, no longer read; differences raised."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    differences: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(
            self.new + other.new, self.changed + other.changed, self.same + other.same, self.gone + other.gone,
            self.differences + other.differences,
        )  # fmt: skip

    @property
    def cases(self) -> int:
        """All cases that were given."""
        return self.new + self.changed + self.same


@dataclass(frozen=True)
class Import:
    """Who adds, when, with which version, and from what kind of input."""

    by: str
    at: str
    version: str
    kind: str = "paper"


@dataclass(frozen=True)
class _Stored:
    """A case as it stands in the registry."""

    id: int
    number: int
    kind: str
    about: tuple[Any, ...]
    held: list[Held]


def highest(connection: sa.Connection, table: sa.Table) -> int:
    """The highest id of a table; new rows are numbered by the one writer."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one())


def add(connection: sa.Connection, pairs: Sequence[tuple[Paper, Reading]], given: Import) -> Added:
    """Add papers with what was read from them, in the transaction of the connection.

    Args:
        connection: The database, open for writing.
        pairs: Papers and readings; a paper given twice counts as read again.
        given: Who adds them, and when.
    """
    known = {row.id for row in connection.execute(sa.select(PAPERS.c.id).where(_among(pairs)))}
    fresh: dict[str, tuple[Paper, Reading]] = {}
    again = []
    for paper, reading in pairs:
        if paper.id in known or paper.id in fresh:
            again.append((paper, reading))
        else:
            fresh[paper.id] = (paper, reading)
    done = _insert(connection, list(fresh.values()))
    for paper, reading in again:
        done += _again(connection, paper, reading, given)
    _note(connection, pairs, given)
    return done


def taken(connection: sa.Connection, sha256: str) -> bool:
    """Whether a file of this hash is the newest that was taken over under its name."""
    last = sa.select(sa.func.max(IMPORTS.c.id)).where(IMPORTS.c.kind == "table").group_by(IMPORTS.c.name)
    asked = sa.select(IMPORTS.c.id).where(IMPORTS.c.id.in_(last), IMPORTS.c.sha256 == sha256)
    return connection.execute(asked).first() is not None


def elsewhere(connection: sa.Connection, papers: Sequence[str]) -> str | None:
    """The first of these that is in the registry as a paper, not as a table."""
    read = sa.select(IMPORTS.c.name).where(IMPORTS.c.kind != "table", IMPORTS.c.name.in_(papers))
    name: str | None = connection.execute(read.limit(1)).scalar()
    return name


def _among(pairs: Sequence[tuple[Paper, Reading]]) -> sa.ColumnElement[bool]:
    return PAPERS.c.id.in_([paper.id for paper, _ in pairs])


def _note(connection: sa.Connection, pairs: Iterable[tuple[Paper, Reading]], given: Import) -> None:
    first = highest(connection, IMPORTS) + 1
    rows = [
        {"id": n, "kind": given.kind, "name": p.id, "sha256": p.sha256, "version": given.version,
         "cases": len(r.cases), "refused": 0, "imported_by": given.by, "imported_at": given.at}
        for n, (p, r) in enumerate(pairs, first)
    ]  # fmt: skip
    _many(connection, IMPORTS, rows)


def _many(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, all with the same columns."""
    if rows:
        _rows(connection, table, tuple(rows[0]), [tuple(row.values()) for row in rows])


def _rows(connection: sa.Connection, table: sa.Table, names: tuple[str, ...], rows: list[Any]) -> None:
    """The same from tuples; the driver takes them without a look at each value."""
    if rows:
        places = ", ".join(["?" if connection.dialect.name == "sqlite" else "%s"] * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})", rows)


def _insert(connection: sa.Connection, pairs: Sequence[tuple[Paper, Reading]]) -> Added:
    """Papers that are new, many rows at a time."""
    number = highest(connection, CASES)
    cases, claims = [], []
    for paper, reading in pairs:
        for case in reading.cases:
            number += 1
            cases.append(_case_row(number, paper.id, case))
            chosen = len(case.claims)
            claims += [fresh_row(number, n, c, paper.id, _CHOSEN) for n, c in enumerate(case.claims)]
            claims += [fresh_row(number, n, c, paper.id, _OTHER) for n, c in enumerate(case.others, chosen)]
    _many(connection, PAPERS, [paper_row(*pair) for pair in pairs])
    _many(connection, CASES, cases)
    _rows(connection, CLAIMS, CLAIM_COLUMNS, claims)
    return Added(new=len(cases))


def _case_row(number: int, paper: str, case: Case) -> dict[str, Any]:
    return {
        "id": number, "paper": paper, "number": case.case, "label": case.label, "kind": case.kind,
        "reported_by": case.reported_by, "revision": 1, "present": 1,
    }  # fmt: skip


def _as_read(case: Case) -> list[Held]:
    return [Held(c) for c in case.claims] + [Held(c, "other", standing="other") for c in case.others]


def store_claims(connection: sa.Connection, case_id: int, held: Sequence[Held], paper: str) -> None:
    """Write all claims of a case anew."""
    connection.execute(CLAIMS.delete().where(CLAIMS.c.case_id == case_id))
    rows = [claim_row(case_id, n, one, paper) for n, one in enumerate(held)]
    _rows(connection, CLAIMS, CLAIM_COLUMNS, rows)


def _again(connection: sa.Connection, paper: Paper, reading: Reading, given: Import) -> Added:
    """A paper that is known: cases are found again by their claims, whatever their number now is."""
    stored = _stored(connection, paper.id)
    found = _named(stored, reading.cases) if given.kind == "table" else _aligned(stored, reading.cases)
    done, number = Added(), highest(connection, CASES)
    for place, case in enumerate(reading.cases):
        if place in found:
            done += _update(connection, paper, found[place], case, given)
        else:
            number += 1
            _many(connection, CASES, [_case_row(number, paper.id, case)])
            store_claims(connection, number, _as_read(case), paper.id)
            done += Added(new=1)
    kept = {one.id for one in found.values()}
    done += _leave(connection, paper, [s for s in stored if s.id not in kept], reading, given)
    _refresh(connection, paper, reading)
    return done


def _refresh(connection: sa.Connection, paper: Paper, reading: Reading) -> None:
    row = paper_row(paper, reading)
    if not paper.text:
        del row["text"]
    connection.execute(PAPERS.update().where(PAPERS.c.id == paper.id).values(row))


def _stored(connection: sa.Connection, paper: str) -> list[_Stored]:
    rows = connection.execute(
        CASES.select().where(CASES.c.paper == paper, CASES.c.present == 1).order_by(CASES.c.number)
    ).all()
    held = claims_of(connection, {row.id: paper for row in rows})
    return [
        _Stored(r.id, r.number, r.kind, (r.number, r.label, r.kind, r.reported_by), held[r.id]) for r in rows
    ]


def _named(stored: Sequence[_Stored], cases: Sequence[Case]) -> dict[int, _Stored]:
    """The records of a table are who their name says; where names are not each their own, who their number says."""
    labels = [case.label for case in cases]
    names = {one.about[1]: one for one in stored}
    if len(set(labels)) == len(labels) and len(names) == len(stored):
        return {n: names[label] for n, label in enumerate(labels) if label in names}
    numbers = {one.number: one for one in stored}
    return {n: numbers[case.case] for n, case in enumerate(cases) if case.case in numbers}


def _aligned(stored: Sequence[_Stored], cases: Sequence[Case]) -> dict[int, _Stored]:
    """Which stored case each case now read is: by the values and words they share, the best pairs first."""
    if len(stored) == len(cases) == 1:
        return {0: stored[0]}
    old = [_marks(h.claim for h in s.held if h.latest and h.origin != "review") for s in stored]
    new = [_marks([*c.claims, *c.others]) for c in cases]
    pairs = sorted(
        (-len(a & b), s.number != c.case, j, i)
        for i, (s, a) in enumerate(zip(stored, old, strict=True))
        for j, (c, b) in enumerate(zip(cases, new, strict=True))
        if 3 * len(a & b) >= max(1, min(len(a), len(b)))
    )
    out: dict[int, _Stored] = {}
    taken: set[int] = set()
    for _, _, j, i in pairs:
        if j not in out and i not in taken:
            out[j] = stored[i]
            taken.add(i)
    return out


def _marks(claims: Iterable[Claim]) -> set[tuple[object, ...]]:
    out: set[tuple[object, ...]] = set()
    for claim in claims:
        first: Quote | None = claim.quotes[0] if claim.quotes else None
        out |= {(claim.field, claim.value), (claim.field, first.start, first.end) if first else ()}
    return out - {()}


def _update(connection: sa.Connection, paper: Paper, stored: _Stored, case: Case, given: Import) -> Added:
    fresh = _as_read(case)
    about = (case.case, case.label, case.kind, case.reported_by)
    before = [h for h in stored.held if h.latest and h.origin != "review"]
    if about == stored.about and [(h.claim, h.origin) for h in before] == [
        (h.claim, h.origin) for h in fresh
    ]:
        return Added(same=1)
    read = {h.claim for h in fresh}
    older = [replace(h, latest=False) for h in stored.held if h.claim not in read and h.origin != "review"]
    raised = _settle_anew(connection, paper.id, stored, [*fresh, *older], given)
    values = {"number": case.case, "label": case.label, "kind": case.kind, "reported_by": case.reported_by}
    connection.execute(CASES.update().where(CASES.c.id == stored.id).values(values))
    return Added(changed=1, differences=raised)


def _settle_anew(
    connection: sa.Connection, paper: str, stored: _Stored, held: list[Held], given: Import
) -> int:
    decisions = decisions_of(connection, [stored.id])[stored.id]
    after = settle(held, decisions)
    store_claims(connection, stored.id, after, paper)
    connection.execute(CASES.update().where(CASES.c.id == stored.id).values(revision=CASES.c.revision + 1))
    found = differences(stored.held, after, decisions)
    _raise(connection, stored.id, found, given.at)
    return len(found)


def _raise(connection: sa.Connection, case_id: int, found: Sequence[Difference], at: str) -> None:
    first = highest(connection, DIFFERENCES) + 1
    rows = [
        {"id": n, "case_id": case_id, "field": d.field, "decided": packed(d.decided), "reads": packed(d.reads),
         "why": d.why, "raised_at": at, "settled_by": None}
        for n, d in enumerate(found, first)
    ]  # fmt: skip
    _many(connection, DIFFERENCES, rows)


def _leave(
    connection: sa.Connection, paper: Paper, lost: Sequence[_Stored], reading: Reading, given: Import
) -> Added:
    """Cases no longer read: those with decisions stay with what was decided, the others are put aside."""
    decided = decisions_of(connection, [one.id for one in lost])
    free = max((c.case for c in reading.cases), default=0)
    done = Added()
    for one in lost:
        values: dict[str, Any] = {"present": 0}
        raised = 0
        if decided[one.id]:
            held = [replace(h, latest=False) for h in one.held if h.origin != "review"]
            raised = _settle_anew(connection, paper.id, one, held, given)
            taken = any(c.case == one.number for c in reading.cases)
            free += taken
            values = {"number": free if taken else one.number}
        connection.execute(CASES.update().where(CASES.c.id == one.id).values(values))
        done += Added(gone=1, differences=raised)
    return done
