"""Cases out of the registry: by number, by what they hold, with their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, cast

import sqlalchemy as sa

from spondyl.record import Case, Kind, RegistryError, UsageError, Value
from spondyl.registry.links import groups, links
from spondyl.registry.log import BACK, LINKS
from spondyl.registry.rows import (
    Logged,
    claim_rows,
    decision_of,
    held_of,
    logged_of,
    packed,
    portions,
    unpacked,
)
from spondyl.registry.schema import CASES, CLAIMS, DECISIONS, DIFFERENCES, IMPORTS, PAPERS

__all__ = [
    "Entry",
    "Event",
    "Wanted",
    "entry",
    "events",
    "find",
    "last",
    "logged",
    "papers",
    "reference",
    "some",
]

Wanted = Value | Sequence[Value] | None


@dataclass(frozen=True)
class Entry:
    """A case as the registry holds it.

    Args:
        id: Its number in the registry; it never changes.
        paper: The id of the paper, or of the import, it comes from.
        revision: Counts its changes, from 1.
        held: The case as it stands after all decisions, or what makes it when it is first looked at.
        same, same_names: The other cases of the same patient, as somebody decided: numbers in the registry, names.
    """

    id: int
    paper: str
    revision: int
    held: Case | Callable[[], Case] = field(repr=False, compare=False)
    same: tuple[int, ...] = ()
    same_names: tuple[str, ...] = ()

    @cached_property
    def case(self) -> Case:
        """The case as it stands after all decisions."""
        return self.held if isinstance(self.held, Case) else self.held()

    @property
    def name(self) -> str:
        """How it is named on the command line."""
        return f"{self.paper}/{self.case.case}"

    @property
    def fields(self) -> Mapping[str, Any]:
        """Field → value, or list of values."""
        return self.case.fields

    def as_dict(self) -> dict[str, Any]:
        """The case as it stands in a line of JSON, with the names of other cases of the same patient."""
        return self.case.as_dict() | ({"same_patient": list(self.same_names)} if self.same_names else {})


@dataclass(frozen=True)
class Event:
    """Something that happened to a case: when, by whom, what, and how it reads."""

    at: str
    by: str
    what: str
    words: str


def reference(connection: sa.Connection, case: int | str | Entry) -> int:
    """The number of a case in the registry.

    Args:
        connection: The database.
        case: An entry, its number, or `PAPER/N` with the paper's id.

    Raises:
        RegistryError: There is no such case, or there are several.
    """
    if isinstance(case, Entry):
        return case.id
    if isinstance(case, int) or case.isdecimal():
        asked = CASES.c.id == int(case)
    else:
        paper, _, number = case.rpartition("/")
        asked = (CASES.c.paper == paper) & (CASES.c.present == 1)
        asked &= CASES.c.number == (int(number) if number.isdecimal() else -1)
    found = connection.execute(sa.select(CASES.c.id).where(asked)).scalars().all()
    if len(found) != 1:
        raise RegistryError(
            f"{case}: {len(found)} such cases in the registry; name one as PAPER/N or by its number"
        )
    return int(found[0])


def entry(connection: sa.Connection, case: int | str | Entry) -> Entry:
    """One case."""
    asked = CASES.select().where(CASES.c.id == reference(connection, case))
    return _entries(connection, connection.execute(asked).all())[0]


def some(connection: sa.Connection, cases: Sequence[int]) -> list[Entry]:
    """Cases by their numbers in the registry, in that order."""
    out: list[Entry] = []
    for portion in portions(sorted(cases)):
        rows = connection.execute(CASES.select().where(CASES.c.id.in_(portion)).order_by(CASES.c.id)).all()
        out += _entries(connection, rows)
    return out


def find(connection: sa.Connection, wanted: Mapping[str, Wanted]) -> list[Entry]:
    """The cases that hold what is wanted, in the order of papers and numbers.

    Args:
        connection: The database.
        wanted: Field → a value, a list of values of which one is enough, a range `(low, high)`, or `None` for a
            field without a value; `paper` and `kind` are known, too.
    """
    asked = CASES.select().where(CASES.c.present == 1, *(_condition(k, v) for k, v in wanted.items()))
    return _entries(connection, connection.execute(asked.order_by(CASES.c.paper, CASES.c.number)).all())


def _condition(field: str, wanted: Wanted) -> sa.ColumnElement[bool]:
    if field in ("paper", "kind"):
        values = [wanted] if isinstance(wanted, str) else list(cast(Sequence[str], wanted))
        return CASES.c[field].in_(values)
    chosen = CLAIMS.c.standing == sa.literal_column(
        "'chosen'"
    )  # as the indexes say it, so that they are used
    holds = sa.select(CLAIMS.c.case_id).where(CLAIMS.c.field == field, chosen)
    if wanted is None:
        return CASES.c.id.not_in(holds)
    return CASES.c.id.in_(holds.where(_matches(field, wanted)))


def _matches(field: str, wanted: Value | Sequence[Value]) -> sa.ColumnElement[bool]:
    if isinstance(wanted, tuple):
        if len(wanted) != 2 or any(isinstance(w, str) for w in wanted):
            raise UsageError(
                f"{field}: {wanted!r} is no range; give (low, high), or a list for one of several"
            )
        return CLAIMS.c.number.between(float(wanted[0]), float(wanted[1]))
    values = [wanted] if isinstance(wanted, str | int | float) else list(wanted)
    words = [packed(v) for v in values if isinstance(v, str)]
    numbers = [float(v) for v in values if not isinstance(v, str)]
    either = [CLAIMS.c.value.in_(words)] if words else []
    either += [CLAIMS.c.number.in_(numbers)] if numbers else []
    return sa.or_(sa.false(), *either)


def _entries(connection: sa.Connection, rows: Sequence[Any]) -> list[Entry]:
    claims = claim_rows(connection, [row.id for row in rows])
    same = _same(connection, [row.id for row in rows])
    names = _names(connection, sorted({other for others in same.values() for other in others}))
    return [
        Entry(
            r.id, r.paper, r.revision, partial(_case, r, claims[r.id]), same.get(r.id, ()),
            tuple(names[other] for other in same.get(r.id, ())),
        )
        for r in rows
    ]  # fmt: skip


def _same(connection: sa.Connection, cases: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Case → the other cases of its patient."""
    of = groups(links(connection))
    return {case: tuple(other for other in of[case] if other != case) for case in cases if case in of}


def _names(connection: sa.Connection, cases: Sequence[int]) -> dict[int, str]:
    out: dict[int, str] = {}
    for some in portions(cases):
        asked = sa.select(CASES.c.id, CASES.c.paper, CASES.c.number).where(CASES.c.id.in_(some))
        out |= {row.id: f"{row.paper}/{row.number}" for row in connection.execute(asked)}
    return out


def _case(row: Any, claims: Sequence[Any]) -> Case:
    held = [held_of(claim, row.paper) for claim in claims]
    return Case(
        case=row.number, label=row.label, kind=cast(Kind, row.kind), reported_by=row.reported_by,
        claims=tuple(h.claim for h in held if h.standing == "chosen"),
        others=tuple(h.claim for h in held if h.standing != "chosen"),
    )  # fmt: skip


def papers(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """The papers by id, as they stand in a line of `spondyl extract`, with their statements, without their text."""
    columns = [c for c in PAPERS.c if c.name != "text"]
    out = {}
    for row in connection.execute(sa.select(*columns).order_by(PAPERS.c.id)):
        about = dict(row._mapping)
        out[row.id] = about | {"authors": unpacked(row.authors), "statements": unpacked(row.statements)}
    return out


def logged(connection: sa.Connection, papers: Sequence[str] = ()) -> dict[int, list[Logged]]:
    """The decisions on the values of cases, in the order of papers and numbers; cases without any are left out."""
    asked = sa.select(CASES.c.id).where(CASES.c.present == 1).order_by(CASES.c.paper, CASES.c.number)
    if papers:
        asked = asked.where(CASES.c.paper.in_(papers))
    found = logged_of(connection, connection.execute(asked).scalars())
    return {case: some for case, some in found.items() if some}


def last(connection: sa.Connection, case: int) -> int:
    """The number of the last entry of the log on a case."""
    found = sa.select(sa.func.max(DECISIONS.c.id)).where(DECISIONS.c.case_id == case)
    return int(connection.execute(found).scalar_one())


def events(connection: sa.Connection, case: int | str | Entry) -> list[Event]:
    """All that happened to a case, the oldest first."""
    number = reference(connection, case)
    paper = connection.execute(sa.select(CASES.c.paper).where(CASES.c.id == number)).scalar_one()
    out = [
        Event(
            r.imported_at, r.imported_by, "added", f"from {r.kind}, {r.cases} cases, by version {r.version}"
        )
        for r in connection.execute(IMPORTS.select().where(IMPORTS.c.name == paper).order_by(IMPORTS.c.id))
    ]
    linked = DECISIONS.c.verdict.in_(LINKS) & (DECISIONS.c.value == str(number))
    taken = DECISIONS.select().where((DECISIONS.c.case_id == number) | linked).order_by(DECISIONS.c.id)
    rows = connection.execute(taken).all()
    further = sorted({r.case_id for r in rows} | {int(r.value) for r in rows if r.verdict in LINKS})
    names = _names(connection, further)
    out += [Event(r.decided_at, r.decided_by, "decision", _decided(r, names)) for r in rows]
    raised = DIFFERENCES.select().where(DIFFERENCES.c.case_id == number).order_by(DIFFERENCES.c.id)
    out += [Event(r.raised_at, "", "difference", _differs(r)) for r in connection.execute(raised)]
    return sorted(out, key=lambda event: event.at)


def _decided(row: Any, names: Mapping[int, str]) -> str:
    note = f" ({row.note})" if row.note else ""
    if row.verdict == BACK:
        return f"{row.id}: {row.field}: decision {row.value} taken back{note}"
    if row.verdict in LINKS:
        return f"{row.id}: {names[row.case_id]} and {names[int(row.value)]}: {row.verdict}{note}"
    decision = decision_of(row)
    about = "" if decision.value is None else f" {decision.value}"
    now = "" if decision.corrected is None else f" to {decision.corrected}"
    return f"{row.id}: {decision.field}: {decision.verdict}{about}{now}{note}"


def _differs(row: Any) -> str:
    decided, reads = (", ".join(map(str, unpacked(t))) or "nothing" for t in (row.decided, row.reads))
    open_ = "" if row.settled_by is None else f"; settled by decision {row.settled_by}"
    return f"{row.field}: {row.why} (decided {decided}, reads {reads}){open_}"
