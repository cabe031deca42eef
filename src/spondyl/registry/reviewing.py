"""What a reviewer has to look at, in order: claims, empty fields, differences, and where two reviewers disagree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import sqlalchemy as sa

from spondyl.record import LIST_FIELDS, Claim, Quote, Value
from spondyl.registry import asking
from spondyl.registry.agreeing import disagreements
from spondyl.registry.asking import Entry
from spondyl.registry.passages import Passage, passage
from spondyl.registry.rows import Logged, claims_of, logged_of, portions, unpacked
from spondyl.registry.schema import CASES, CLAIMS, DIFFERENCES, PAPERS
from spondyl.registry.settling import Held

__all__ = ["Candidate", "Item", "Place", "Plan", "item", "plan"]

MOST = 20_000
"""So many claims are planned for one session at most; the next one goes on behind them."""
Why = Literal["claim", "empty", "difference", "disagreement"]


@dataclass(frozen=True)
class Plan:
    """What a reviewer wants to look at.

    Args:
        by: Who reviews.
        fields: These fields alone; a case without a value in one of them is asked about, too. All that were read if
            none is named.
        papers: The cases of these papers alone.
        doubtful: Only what the reader called doubtful, or read differently in two places.
        first: "order" of papers and cases, "doubtful" claims first, or "differences" first.
        blind: Everything this reviewer has not decided, without what others decided.
        adjudicate: Only where two reviewers disagree.
        differences: Only where a newer extraction disagrees with a decision.
    """

    by: str
    fields: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    doubtful: bool = False
    first: Literal["order", "doubtful", "differences"] = "differences"
    blind: bool = False
    adjudicate: bool = False
    differences: bool = False


@dataclass(frozen=True)
class Place:
    """One thing to look at: a value of a field of a case, `None` where nothing was found."""

    case: int
    field: str
    value: Value | None
    why: Why = "claim"
    doubtful: bool = False
    position: int = 0


@dataclass(frozen=True)
class Candidate:
    """A value that a field could have, and who says so.

    Args:
        value: The value; `None` for "not stated".
        says: Who, or what.
        held: Whether a claim of the case holds it.
    """

    value: Value | None
    says: str
    held: bool


@dataclass(frozen=True)
class Item:
    """One thing to look at, as it now stands.

    Args:
        place: What it is.
        entry: The case.
        claim: The claim with its words, if one was read.
        holds: The values that now hold in the field.
        candidates: Other values that were read, decided, or are in dispute.
        decided: What was decided on the field before, hidden from a blind reviewer.
        difference: Where a newer extraction disagrees: what was decided, what it reads, why it was raised.
        about: The paper: title, authors, year.
        passage: The words in their paragraph.
    """

    place: Place
    entry: Entry
    claim: Claim | None
    holds: tuple[Value, ...]
    candidates: tuple[Candidate, ...] = ()
    decided: tuple[Logged, ...] = ()
    difference: tuple[tuple[Value, ...], tuple[Value, ...], str] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    passage: Passage | None = None


def plan(connection: sa.Connection, wanted: Plan) -> list[Place]:
    """What is left to look at; where a reviewer stopped, the rest comes first.

    Args:
        connection: The database.
        wanted: What the reviewer wants to look at.
    """
    cases = list(connection.execute(_cases(wanted)).scalars())
    logged = logged_of(connection, cases)
    order = {case: n for n, case in enumerate(_resumed(cases, logged, wanted))}
    if wanted.adjudicate:
        return sorted(_disagreeing(logged, wanted), key=lambda p: order[p.case])
    open_ = {} if wanted.blind else _open(connection, order)
    differing = [p for case in order for p in _differing(case, open_.get(case, ()), wanted)]
    found = [] if wanted.differences else _claims(connection, list(order), logged, wanted, differing)
    if wanted.first == "doubtful":
        return sorted(
            [*differing, *found], key=lambda p: (not p.doubtful, order[p.case], p.position, p.field)
        )
    rest = list(islice(found, MOST))
    if wanted.first == "differences":
        return [*differing, *rest]
    return sorted([*differing, *rest], key=lambda p: (order[p.case], p.position, p.field))


def _cases(wanted: Plan) -> sa.Select[Any]:
    asked = sa.select(CASES.c.id).where(CASES.c.present == 1).order_by(CASES.c.paper, CASES.c.number)
    return asked.where(CASES.c.paper.in_(wanted.papers)) if wanted.papers else asked


def _resumed(cases: list[int], logged: dict[int, list[Logged]], wanted: Plan) -> list[int]:
    """From the case of the reviewer's last decision on; those before it come at the end."""
    mine = [(one.id, case) for case, some in logged.items() for one in some if one.decision.by == wanted.by]
    last = cases.index(max(mine)[1]) if mine else 0
    return cases[last:] + cases[:last]


def _disagreeing(logged: dict[int, list[Logged]], wanted: Plan) -> list[Place]:
    return [
        Place(case, name, value, "disagreement")
        for case, some in logged.items()
        for name, value in disagreements(case, some)
        if not wanted.fields or name in wanted.fields
    ]


def _claims(
    connection: sa.Connection, cases: Sequence[int], logged: dict[int, list[Logged]], wanted: Plan,
    differing: Sequence[Place],
) -> Iterator[Place]:  # fmt: skip
    """What was read and is not settled, case by case; read from the database as it is asked for."""
    known = {(p.case, p.field, p.value) for p in differing}
    for some in portions(cases):
        read: dict[int, list[Any]] = {case: [] for case in some}
        for row in connection.execute(_asked(some, wanted)):
            read[row.case_id].append(row)
        for case, claims in read.items():
            places = [*_read(case, claims, wanted), *_empty(case, claims, wanted)]
            fresh = (p for p in places if (p.case, p.field, p.value) not in known)
            yield from (p for p in fresh if not any(_settles(one, p, wanted) for one in logged[case]))


def _asked(cases: Sequence[int], wanted: Plan) -> sa.Select[Any]:
    columns = [
        CLAIMS.c[n] for n in ("case_id", "position", "field", "value", "certainty", "origin", "standing")
    ]
    asked = sa.select(*columns).where(CLAIMS.c.case_id.in_(cases), CLAIMS.c.latest == 1)
    if wanted.fields:
        asked = asked.where(CLAIMS.c.field.in_(wanted.fields))
    return asked.order_by(CLAIMS.c.case_id, CLAIMS.c.position)


def _open(connection: sa.Connection, cases: Collection[int]) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = {}
    asked = DIFFERENCES.select().where(DIFFERENCES.c.settled_by.is_(None)).order_by(DIFFERENCES.c.id)
    for row in connection.execute(asked):
        if row.case_id in cases:
            out.setdefault(row.case_id, []).append(row)
    return out


def _differing(case: int, rows: Iterable[Any], wanted: Plan) -> Iterator[Place]:
    for row in rows:
        values = unpacked(row.reads) or unpacked(row.decided)
        if not wanted.fields or row.field in wanted.fields:
            yield Place(case, row.field, values[0], "difference", True, -1)


def _read(case: int, rows: Sequence[Any], wanted: Plan) -> Iterator[Place]:
    """The values that were read and chosen, each once."""
    seen = set()
    told: dict[str, set[str]] = {}
    for row in (r for r in rows if r.origin != "review"):
        told.setdefault(row.field, set()).add(row.value)
    for row in rows:
        if row.origin != "chosen" or (row.field, row.value) in seen:
            continue
        doubtful = row.certainty == "doubtful" or (len(told[row.field]) > 1 and row.field not in LIST_FIELDS)
        if doubtful or not wanted.doubtful:
            seen.add((row.field, row.value))
            yield Place(case, row.field, unpacked(row.value), "claim", doubtful, row.position)


def _empty(case: int, rows: Sequence[Any], wanted: Plan) -> Iterator[Place]:
    there = {row.field for row in rows if row.origin == "chosen"}
    there |= set() if wanted.blind else {row.field for row in rows if row.standing == "chosen"}
    for name in wanted.fields:
        if name not in there and not wanted.doubtful:
            yield Place(case, name, None, "empty", False, 1_000_000)


def _settles(one: Logged, place: Place, wanted: Plan) -> bool:
    decision = one.decision
    if (
        decision.field != place.field
        or decision.verdict == "note"
        or (wanted.blind and decision.by != wanted.by)
    ):
        return False
    whole = decision.verdict == "not stated" or place.value is None or place.field not in LIST_FIELDS
    return whole or place.value in (decision.value, decision.corrected)


def item(connection: sa.Connection, place: Place, wanted: Plan) -> Item:
    """A thing to look at, as it now stands.

    Args:
        connection: The database.
        place: What it is.
        wanted: What the reviewer wants to see.
    """
    entry = asking.entry(connection, place.case)
    held = [
        h for h in claims_of(connection, {entry.id: entry.paper})[entry.id] if h.claim.field == place.field
    ]
    claim = _best(held, place.value)
    logged = [one for one in logged_of(connection, [entry.id])[entry.id] if one.decision.field == place.field]
    shown = [one for one in logged if not wanted.blind or one.decision.by == wanted.by]
    paper = connection.execute(PAPERS.select().where(PAPERS.c.id == entry.paper)).one()
    holds = tuple(dict.fromkeys(h.claim.value for h in held if h.standing == "chosen"))
    return Item(
        place, entry, claim, () if wanted.blind else holds, _candidates(place, held, shown), tuple(shown),
        _difference(connection, place), {"title": paper.title, "authors": unpacked(paper.authors), "year": paper.year},
        passage(paper.text, claim.quotes if claim else _all_words(held)),
    )  # fmt: skip


def _all_words(held: Sequence[Held]) -> list[Quote]:
    """The words of every value that was read, where none of them is asked about alone."""
    return [h.claim.quotes[0] for h in held if h.latest and h.claim.quotes]


def _candidates(place: Place, held: Sequence[Held], shown: Sequence[Logged]) -> tuple[Candidate, ...]:
    """What else a field with one value could hold, each value once."""
    if place.field in LIST_FIELDS:
        return ()
    said: dict[Value | None, list[str]] = {}
    for one in held:
        if one.origin != "review":
            said.setdefault(one.claim.value, []).append("read" if one.latest else "read before")
    for logged in shown:
        decision = logged.decision
        if decision.verdict in ("accept", "correct", "not stated"):
            value = decision.corrected if decision.verdict == "correct" else decision.value
            said.setdefault(value, []).append(decision.by)
    there = {h.claim.value for h in held}
    return tuple(
        Candidate(value, ", ".join(dict.fromkeys(who)), value in there)
        for value, who in said.items()
        if value != place.value or (value is None and place.why == "disagreement")
    )


def _best(held: Sequence[Held], value: Value | None) -> Claim | None:
    """The claim that reads the value, one of the newest extraction before others."""
    found = sorted(
        (h for h in held if h.claim.value == value), key=lambda h: (not h.latest, not h.claim.quotes)
    )
    return found[0].claim if found else None


def _difference(
    connection: sa.Connection, place: Place
) -> tuple[tuple[Value, ...], tuple[Value, ...], str] | None:
    if place.why != "difference":
        return None
    asked = DIFFERENCES.select().where(
        DIFFERENCES.c.case_id == place.case, DIFFERENCES.c.field == place.field, DIFFERENCES.c.settled_by.is_(None)
    )  # fmt: skip
    row = connection.execute(asked.order_by(DIFFERENCES.c.id.desc())).first()
    return (tuple(unpacked(row.decided)), tuple(unpacked(row.reads)), row.why) if row else None
