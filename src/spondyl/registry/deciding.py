"""A reviewer's decision into the log, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from spondyl.record import Decision, DecisionError, StaleError, Value
from spondyl.registry.adding import store_claims
from spondyl.registry.log import BACK, LINKS, enter, standing
from spondyl.registry.rows import claims_of, decision_row, decisions_of, logged_of
from spondyl.registry.schema import CASES, DECISIONS, DIFFERENCES
from spondyl.registry.settling import Held, settle

__all__ = ["decide", "take_back"]


def decide(connection: sa.Connection, decision: Decision, at: str, revision: int | None = None) -> int:
    """Enter a decision into the log and settle its case, in the transaction of the connection.

    Args:
        connection: The database, open for writing.
        decision: The decision, with who took it.
        at: When.
        revision: The revision of the case the reviewer looked at; `None` does not ask.

    Returns:
        The id of the case. A decision that stands already is not entered again.

    Raises:
        DecisionError: It makes no sense, or belongs to nothing in the registry.
        StaleError: The case was changed since that revision.
    """
    _sensible(decision)
    case, held = _find(connection, decision, revision)
    if revision not in (None, case.revision):
        raise StaleError(_stale(decision, case.revision, held))
    taken = decisions_of(connection, [case.id])[case.id]
    if _stands(taken, decision) and not _differs(connection, case.id, decision.field):
        return int(case.id)
    number = enter(connection, decision_row(decision, case.id, at))
    store_claims(connection, case.id, settle(held, [*taken, decision]), case.paper)
    connection.execute(CASES.update().where(CASES.c.id == case.id).values(revision=case.revision + 1))
    if decision.verdict != "note":
        open_ = (DIFFERENCES.c.case_id == case.id) & (DIFFERENCES.c.field == decision.field)
        mine = DIFFERENCES.update().where(open_, DIFFERENCES.c.settled_by.is_(None))
        connection.execute(mine.values(settled_by=number))
    return int(case.id)


def _sensible(decision: Decision) -> None:
    what = f"decision on {decision.field} of {decision.paper}/{decision.case}"
    if decision.field.startswith("statement:"):
        raise DecisionError(f"{what}: it is about a group; the registry keeps decisions on cases")
    if decision.verdict == "correct" and decision.corrected is None:
        raise DecisionError(f'{what}: corrected, but no corrected value is given; add "corrected"')
    if decision.verdict in ("accept", "reject") and decision.value is None:
        raise DecisionError(f'{what}: "{decision.verdict}" needs the value it is about; add "value"')
    if decision.verdict == "not stated" and decision.value is not None:
        raise DecisionError(f'{what}: "not stated" is about an empty cell; to deny a value use "reject"')


def _find(connection: sa.Connection, decision: Decision, revision: int | None) -> tuple[Any, list[Held]]:
    """The case a decision is about: that of its number if it holds the value, else the one with the same words."""
    rows = connection.execute(
        CASES.select().where(CASES.c.paper == decision.paper, CASES.c.present == 1).order_by(CASES.c.number)
    ).all()
    what = f"decision on {decision.field} of {decision.paper}/{decision.case}"
    if not rows:
        raise DecisionError(f"{what}: the registry has no such paper; add it first")
    held = claims_of(connection, {row.id: row.paper for row in rows})
    own = next((row for row in rows if row.number == decision.case), None)
    stale = own is not None and revision not in (None, own.revision)
    if own and (stale or decision.value is None or _holds(held[own.id], decision)):
        return own, held[own.id]
    other = [r for r in rows if any(_on_same_words(h, decision) for h in held[r.id])]
    if decision.value is not None and len(other) == 1:
        return other[0], held[other[0].id]
    if own is None:
        numbers = ", ".join(str(row.number) for row in rows)
        raise DecisionError(f"{what}: the paper has no case {decision.case}; it has {numbers}")
    raise DecisionError(f"{what}: the case holds no value {decision.value!r} there; look at it again")


def _holds(held: Sequence[Held], decision: Decision) -> bool:
    wanted = {decision.value, decision.corrected} - {None}
    return any(h.claim.field == decision.field and h.claim.value in wanted for h in held)


def _on_same_words(held: Held, decision: Decision) -> bool:
    claim = held.claim
    if claim.field != decision.field or claim.value != decision.value or not claim.quotes:
        return False
    return (claim.quotes[0].start, claim.quotes[0].end) == (decision.start, decision.end)


def _stale(decision: Decision, revision: int, held: Sequence[Held]) -> str:
    stands = [str(h.claim.value) for h in held if h.claim.field == decision.field and h.standing == "chosen"]
    return (
        f"{decision.paper}/{decision.case}: changed meanwhile (it is at revision {revision}); {decision.field} "
        f"now is {', '.join(stands) or 'empty'}, you would set {_set(decision)}; look at it again"
    )


def _set(decision: Decision) -> Value | str:
    value = decision.corrected if decision.verdict == "correct" else decision.value
    return decision.verdict if value is None else f"{decision.verdict} {value}"


def _differs(connection: sa.Connection, case_id: int, field: str) -> bool:
    """Whether a newer extraction disagrees with what was decided on a field."""
    open_ = (DIFFERENCES.c.case_id == case_id) & (DIFFERENCES.c.field == field)
    return (
        connection.execute(DIFFERENCES.select().where(open_, DIFFERENCES.c.settled_by.is_(None))).first()
        is not None
    )


def _stands(taken: Sequence[Decision], decision: Decision) -> bool:
    """Whether the same decision is the last one that was taken on its field."""
    last = next((d for d in reversed(taken) if d.field == decision.field and d.value == decision.value), None)
    later = [d for d in taken[taken.index(last) + 1 :] if d.field == decision.field] if last else []
    return last == decision and not later


def take_back(connection: sa.Connection, number: int, by: str, at: str, note: str = "") -> int:
    """Take back an entry of the log by a further one; the case stands as if it had never been made.

    Args:
        connection: The database, open for writing.
        number: The entry's number.
        by, at, note: Who takes it back, when, and why.

    Returns:
        The id of the case.

    Raises:
        DecisionError: There is no such entry, or it was taken back before.
    """
    row = connection.execute(DECISIONS.select().where(DECISIONS.c.id == number)).first()
    if row is None:
        raise DecisionError(f"decision {number}: there is none in the log; history shows their numbers")
    if row.verdict == BACK:
        raise DecisionError(f"decision {number}: it takes another one back; decide again instead")
    before = DECISIONS.select().where(DECISIONS.c.case_id == row.case_id).order_by(DECISIONS.c.id)
    if number not in [one.id for one in standing(connection.execute(before))]:
        raise DecisionError(f"decision {number}: it was taken back before")
    entry = {name: value for name, value in row._mapping.items() if name not in ("id", "previous", "hash")}
    entry |= {"value": str(number), "verdict": BACK, "corrected": None, "decided_by": by, "decided_at": at}
    enter(connection, entry | {"note": note})
    if row.verdict not in LINKS:
        _resettle(connection, row)
    return int(row.case_id)


def _resettle(connection: sa.Connection, gone: Any) -> None:
    """The case without a decision; differences that it settled are open again, unless a later one holds."""
    case = connection.execute(CASES.select().where(CASES.c.id == gone.case_id)).one()
    held = claims_of(connection, {case.id: case.paper})[case.id]
    logged = logged_of(connection, [case.id])[case.id]
    store_claims(connection, case.id, settle(held, [one.decision for one in logged]), case.paper)
    connection.execute(CASES.update().where(CASES.c.id == case.id).values(revision=case.revision + 1))
    later = [
        one.id for one in logged
        if one.id > gone.id and one.decision.field == gone.field and one.decision.verdict != "note"
    ]  # fmt: skip
    mine = DIFFERENCES.update().where(DIFFERENCES.c.settled_by == gone.id)
    connection.execute(mine.values(settled_by=min(later, default=None)))
