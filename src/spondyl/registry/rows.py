"""Records to rows of the tables, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any, Literal, cast

import sqlalchemy as sa

from spondyl.record import Certainty, Claim, Decision, Paper, Quote, Reading, Value
from spondyl.registry.log import LINKS, standing
from spondyl.registry.schema import CLAIMS, DECISIONS
from spondyl.registry.settling import Held, Origin, Standing

__all__ = [
    "CLAIM_COLUMNS", "Logged", "claim_row", "claim_rows", "claims_of", "decision_of", "decision_row",
    "decisions_of", "fresh_row", "held_of", "logged_of", "packed", "paper_row", "portions", "unpacked",
]  # fmt: skip

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_MANY = 500  # ids in one question; SQLite takes a limited number


@dataclass(frozen=True)
class Logged:
    """A decision on a value, with its number in the log and when it was taken."""

    id: int
    at: str
    decision: Decision


def packed(data: Any) -> str:
    """Plain data as JSON text."""
    kind = type(data)
    if kind is str:
        return encode_basestring(data)
    return repr(data) if kind is int else _ENCODER.encode(data)


def unpacked(text: str | None) -> Any:
    """JSON text as plain data."""
    return None if text is None else json.loads(text)


def paper_row(paper: Paper, reading: Reading) -> dict[str, Any]:
    """A paper with what it says of groups."""
    return {
        "id": paper.id, "sha256": paper.sha256, "source": paper.source, "title": paper.title,
        "authors": packed(paper.authors), "year": paper.year, "journal": paper.journal, "doi": paper.doi,
        "pmid": paper.pmid, "duplicate_of": paper.duplicate_of, "text": paper.text,
        "statements": packed([s.as_dict() for s in reading.statements]),
    }  # fmt: skip


CLAIM_COLUMNS = (
    "case_id", "position", "field", "value", "number", "quotes", "method", "certainty", "derivation", "origin",
    "latest", "standing",
)  # fmt: skip


def claim_row(case_id: int, position: int, held: Held, paper: str) -> tuple[Any, ...]:
    """A claim of a case, in the order of `CLAIM_COLUMNS`."""
    return fresh_row(case_id, position, held.claim, paper, (held.origin, int(held.latest), held.standing))


def fresh_row(
    case_id: int, position: int, claim: Claim, paper: str, state: tuple[Origin, int, Standing]
) -> tuple[Any, ...]:
    """The same of a claim with its state: origin, whether it is of the newest reading, standing."""
    value = claim.value
    number = None if type(value) is str else float(value)
    quotes = f"[{','.join([_quote(q, paper) for q in claim.quotes])}]"
    return (
        case_id, position, claim.field, packed(value), number, quotes, claim.method, claim.certainty,
        claim.derivation, *state,
    )  # fmt: skip


def _quote(quote: Quote, paper: str) -> str:
    """Its place and words; the paper is named only where it is not the case's own."""
    place = f"[{quote.start},{quote.end},{encode_basestring(quote.text)}"
    return f"{place}]" if quote.paper == paper else f"{place},{encode_basestring(quote.paper)}]"


def held_of(row: Any, paper: str) -> Held:
    """A row of the claims of a case of that paper."""
    quotes = tuple(
        Quote(paper=q[3] if len(q) > 3 else paper, start=q[0], end=q[1], text=q[2])
        for q in json.loads(row.quotes)
    )
    claim = Claim(
        field=row.field, value=json.loads(row.value), quotes=quotes, method=row.method,
        certainty=cast(Certainty, row.certainty), derivation=row.derivation,
    )  # fmt: skip
    return Held(claim, cast(Origin, row.origin), bool(row.latest), cast(Standing, row.standing))


def claims_of(connection: sa.Connection, papers: Mapping[int, str]) -> dict[int, list[Held]]:
    """The claims of cases, in order.

    Args:
        connection: The database.
        papers: The ids of the cases, each with the id of its paper.
    """
    found = claim_rows(connection, list(papers))
    return {case: [held_of(row, papers[case]) for row in rows] for case, rows in found.items()}


def claim_rows(connection: sa.Connection, cases: Sequence[int]) -> dict[int, list[Any]]:
    """The rows of the claims of cases, in order, not yet looked into.

    Args:
        connection: The database.
        cases: The ids of the cases.
    """
    out: dict[int, list[Any]] = {case: [] for case in cases}
    for some in portions(cases):
        asked = CLAIMS.select().where(CLAIMS.c.case_id.in_(some))
        for row in connection.execute(asked.order_by(CLAIMS.c.case_id, CLAIMS.c.position)).all():
            out[row.case_id].append(row)
    return out


def portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """So many ids at a time as one question takes."""
    yield from (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))


def decision_row(decision: Decision, case_id: int, at: str) -> dict[str, Any]:
    """A decision as an entry of the log, without its number and its hashes."""
    return {
        "case_id": case_id, "paper": decision.paper, "number": decision.case,
        "field": decision.field, "value": None if decision.value is None else packed(decision.value),
        "verdict": decision.verdict,
        "corrected": None if decision.corrected is None else packed(decision.corrected),
        "words_start": decision.start, "words_end": decision.end, "decided_by": decision.by, "decided_at": at,
        "note": decision.note,
    }  # fmt: skip


def decision_of(row: Any) -> Decision:
    """An entry of the log as a decision."""
    value: Value | None = unpacked(row.value)
    corrected: Value | None = unpacked(row.corrected)
    verdict = cast(Literal["accept", "correct", "reject", "not stated", "note"], row.verdict)
    return Decision(
        paper=row.paper, case=row.number, field=row.field, value=value, verdict=verdict, corrected=corrected,
        start=row.words_start, end=row.words_end, by=row.decided_by, note=row.note,
    )  # fmt: skip


def decisions_of(connection: sa.Connection, cases: Iterable[int]) -> dict[int, list[Decision]]:
    """The decisions on the values of cases that were not taken back, in the order they were taken."""
    return {case: [one.decision for one in found] for case, found in logged_of(connection, cases).items()}


def logged_of(connection: sa.Connection, cases: Iterable[int]) -> dict[int, list[Logged]]:
    """The same, with their numbers in the log and when they were taken."""
    rows: dict[int, list[Any]] = {case: [] for case in cases}
    for some in portions(list(rows)):
        asked = DECISIONS.select().where(DECISIONS.c.case_id.in_(some)).order_by(DECISIONS.c.id)
        for row in connection.execute(asked):
            rows[row.case_id].append(row)
    return {
        case: [_logged(r) for r in standing(found) if r.verdict not in LINKS] for case, found in rows.items()
    }


def _logged(row: Any) -> Logged:
    return Logged(row.id, row.decided_at, decision_of(row))
