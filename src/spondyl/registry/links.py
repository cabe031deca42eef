"""Cases of the same patient: linked by decisions, never merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from spondyl.record import DecisionError
from spondyl.registry.log import BACK, DIFFERENT, LINKS, SAME, enter, standing
from spondyl.registry.schema import CASES, DECISIONS

__all__ = ["FIELD", "Link", "groups", "link", "links"]

FIELD = "patient"
"""What stands as the field of an entry of the log on two cases."""


@dataclass(frozen=True)
class Link:
    """That two cases are, or are not, of the same patient.

    Args:
        id: Its number in the log.
        first, second: The cases' numbers in the registry, the smaller one first.
        same: Whether they are.
        by, at, note: Who decided, when, and why.
    """

    id: int
    first: int
    second: int
    same: bool
    by: str
    at: str
    note: str


def links(connection: sa.Connection) -> dict[tuple[int, int], Link]:
    """What stands between two cases; of several decisions the last."""
    asked = DECISIONS.select().where(DECISIONS.c.verdict.in_((*LINKS, BACK))).order_by(DECISIONS.c.id)
    out = {}
    for row in standing(connection.execute(asked)):
        if row.verdict in LINKS:
            first, second = sorted((row.case_id, int(row.value)))
            out[first, second] = Link(
                row.id, first, second, row.verdict == SAME, row.decided_by, row.decided_at, row.note
            )
    return out


def groups(found: Mapping[tuple[int, int], Link]) -> dict[int, tuple[int, ...]]:
    """Case → all cases of its patient, in order, for the cases that have others.

    Example:
        >>> pair = lambda a, b: Link(1, a, b, True, "", "", "")
        >>> groups({(1, 2): pair(1, 2), (2, 5): pair(2, 5)})[5]
        (1, 2, 5)
    """
    of: dict[int, set[int]] = {}
    for one in found.values():
        if one.same:
            both = of.get(one.first, {one.first}) | of.get(one.second, {one.second})
            of |= dict.fromkeys(both, both)
    return {case: tuple(sorted(both)) for case, both in of.items()}


def link(
    connection: sa.Connection, pair: tuple[int, int], same: bool, by: str, at: str, note: str = ""
) -> int | None:
    """Enter that two cases are, or are not, of the same patient.

    Args:
        connection: The database, open for writing.
        pair: The cases' numbers in the registry.
        same: Whether they are.
        by, at, note: Who decides, when, and why.

    Returns:
        The number of the entry; `None` where it stands already.

    Raises:
        DecisionError: It is one case, or contradicts what else was decided.
    """
    first, second = sorted(pair)
    if first == second:
        raise DecisionError("a case is its own patient; name two cases")
    stands = links(connection)
    if (first, second) in stands and stands[first, second].same == same:
        return None
    _consistent(stands, first, second, same)
    row = connection.execute(CASES.select().where(CASES.c.id == first)).one()
    return enter(
        connection,
        {"case_id": first, "paper": row.paper, "number": row.number, "field": FIELD, "value": str(second),
         "verdict": SAME if same else DIFFERENT, "corrected": None, "words_start": None, "words_end": None,
         "decided_by": by, "decided_at": at, "note": note},
    )  # fmt: skip


def _consistent(stands: Mapping[tuple[int, int], Link], first: int, second: int, same: bool) -> None:
    """Whether a decision contradicts those on other pairs."""
    rest = {pair: one for pair, one in stands.items() if pair != (first, second)}
    of = groups(rest)
    ours, theirs = of.get(first, (first,)), of.get(second, (second,))
    if same:
        apart = [
            rest[p]
            for a in ours
            for b in theirs
            if (p := (min(a, b), max(a, b))) in rest and not rest[p].same
        ]
        if apart:
            one = apart[0]
            raise DecisionError(
                f"cases {one.first} and {one.second} were called different patients (decision {one.id}, "
                f"{one.by}); take that back first"
            )
    elif second in ours:
        raise DecisionError(
            f"cases {first} and {second} are one patient through {_between(ours, first, second)}; take that "
            "link back first"
        )


def _between(group: tuple[int, ...], first: int, second: int) -> str:
    return "case " + ", ".join(str(c) for c in group if c not in (first, second))
