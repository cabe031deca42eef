"""What a reviewer has to look at, in order: claims, empty fields, differences, and where two reviewers disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
    """All that is left to look at; where a reviewer stopped, the rest comes first.

    Args:
        connection: The database.
        wanted: What the reviewer wants to look at.
    """
    rows = _cases(connection, wanted)
    logged = logged_of(connection, [row.id for row in rows])
    work = _disagreeing(logged, wanted) if wanted.adjudicate else _claims(connection, rows, logged, wanted)
    order = {row.id: n for n, row in enumerate(rows)}
    found = sorted(work, key=lambda p: (order[p.case], p.position, p.field))
    found = _resumed(found, logged, order, wanted)
    if wanted.first == "differences":
        found.sort(key=lambda p: p.why != "difference")
    if wanted.first == "doubtful":
        found.sort(key=lambda p: not p.doubtful)
    return found


def _cases(connection: sa.Connection, wanted: Plan) -> Sequence[Any]:
    asked = CASES.select().where(CASES.c.present == 1).order_by(CASES.c.paper, CASES.c.number)
    if wanted.papers:
        asked = asked.where(CASES.c.paper.in_(wanted.papers))
    return connection.execute(asked).all()


def _resumed(
    found: list[Place], logged: dict[int, list[Logged]], order: dict[int, int], wanted: Plan
) -> list[Place]:
    """From behind the reviewer's last decision on; what was skipped before it comes at the end."""
    mine = [(one.id, case) for case, some in logged.items() for one in some if one.decision.by == wanted.by]
    last = order[max(mine)[1]] if mine else 0
    return sorted(found, key=lambda p: order[p.case] < last)


def _disagreeing(logged: dict[int, list[Logged]], wanted: Plan) -> list[Place]:
    return [
        Place(case, name, value, "disagreement")
        for case, some in logged.items()
        for name, value in disagreements(case, some)
        if not wanted.fields or name in wanted.fields
    ]


def _claims(
    connection: sa.Connection, rows: Sequence[Any], logged: dict[int, list[Logged]], wanted: Plan
) -> Iterator[Place]:
    open_ = _open(connection)
    read: dict[int, list[Any]] = {row.id: [] for row in rows}
    for some in portions(list(read)):
        for row in connection.execute(_asked(some, wanted)):
            read[row.case_id].append(row)
    for case, claims in read.items():
        places = [*_differing(case, open_.get(case, ()), wanted)]
        if not wanted.differences:
            places += [*_read(case, claims, wanted), *_empty(case, claims, wanted)]
        yield from _fresh(places, logged[case], wanted)


def _asked(cases: Sequence[int], wanted: Plan) -> sa.Select[Any]:
    columns = [
        CLAIMS.c[n] for n in ("case_id", "position", "field", "value", "certainty", "origin", "standing")
    ]
    asked = sa.select(*columns).where(CLAIMS.c.case_id.in_(cases), CLAIMS.c.latest == 1)
    if wanted.fields:
        asked = asked.where(CLAIMS.c.field.in_(wanted.fields))
    return asked.order_by(CLAIMS.c.case_id, CLAIMS.c.position)


def _open(connection: sa.Connection) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = {}
    for row in connection.execute(DIFFERENCES.select().where(DIFFERENCES.c.settled_by.is_(None))):
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
    for row in rows:
        told.setdefault(row.field, set()).add(row.value)
    for row in rows:
        doubtful = row.certainty == "doubtful" or (len(told[row.field]) > 1 and row.field not in LIST_FIELDS)
        if (
            row.origin == "chosen"
            and (row.field, row.value) not in seen
            and (doubtful or not wanted.doubtful)
        ):
            seen.add((row.field, row.value))
            yield Place(case, row.field, unpacked(row.value), "claim", doubtful, row.position)


def _empty(case: int, rows: Sequence[Any], wanted: Plan) -> Iterator[Place]:
    there = {row.field for row in rows if row.origin == "chosen"}
    there |= set() if wanted.blind else {row.field for row in rows if row.standing == "chosen"}
    for name in wanted.fields:
        if name not in there and not wanted.doubtful:
            yield Place(case, name, None, "empty", False, 1_000_000)


def _fresh(places: Sequence[Place], logged: Sequence[Logged], wanted: Plan) -> Iterator[Place]:
    """What nobody, or with `blind` this reviewer, has decided; a difference is always to be looked at."""
    differing = {(p.field, p.value) for p in places if p.why == "difference"}
    for place in places:
        known = (place.field, place.value) in differing or any(_settles(one, place, wanted) for one in logged)
        if place.why == "difference" or not known:
            yield place


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
