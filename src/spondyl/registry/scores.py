"""Scores of cases, kept with the version of the sheet and the revision of the case they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from spondyl.registry.rows import packed, unpacked
from spondyl.registry.schema import CASES, SCORES

__all__ = ["Score", "keep", "outdated", "stored"]


@dataclass(frozen=True)
class Score:
    """What a case came to by a sheet.

    Args:
        case: The case's number in the registry.
        sheet, version: The sheet.
        revision: Of the case, when it was computed.
        low, high: The total, least and most; `None` where the sheet has no points, or refused.
        band: The band or grade, where it is certain.
        missing: The items that are not settled.
        result: Items with their answers, outputs of formulas, notes; plain data.
        current: Whether the case is still at that revision.
    """

    case: int
    sheet: str
    version: str
    revision: int
    low: int | None = None
    high: int | None = None
    band: str | None = None
    missing: tuple[str, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    current: bool = True


def outdated(connection: sa.Connection, sheet: str, version: str) -> list[int]:
    """The cases without a score by this version of a sheet that rests on their values as they stand.

    Args:
        connection: The database.
        sheet, version: The sheet.
    """
    fresh = sa.select(SCORES.c.case_id).where(
        SCORES.c.sheet == sheet, SCORES.c.version == version, SCORES.c.case_id == CASES.c.id,
        SCORES.c.revision == CASES.c.revision,
    )  # fmt: skip
    asked = sa.select(CASES.c.id).where(CASES.c.present == 1, CASES.c.kind != "group", ~fresh.exists())
    return list(connection.execute(asked.order_by(CASES.c.id)).scalars())


def keep(connection: sa.Connection, scores: Sequence[Score], at: str) -> None:
    """Keep scores, each in place of an earlier one by the same sheet.

    Args:
        connection: The database, open for writing.
        scores: The scores.
        at: When they were computed.
    """
    rows = [
        {"case_id": s.case, "sheet": s.sheet, "version": s.version, "revision": s.revision, "low": s.low,
         "high": s.high, "band": s.band, "missing": packed(s.missing), "result": packed(s.result), "computed_at": at}
        for s in scores
    ]  # fmt: skip
    if not rows:
        return
    old = SCORES.delete().where(
        SCORES.c.case_id == sa.bindparam("case"), SCORES.c.sheet == sa.bindparam("by")
    )
    connection.execute(old, [{"case": s.case, "by": s.sheet} for s in scores])
    connection.execute(SCORES.insert(), rows)


def stored(connection: sa.Connection, sheets: Iterable[str] = ()) -> list[Score]:
    """The scores that are kept, in the order of cases and sheets; of cases that are put aside none.

    Args:
        connection: The database.
        sheets: By these alone; by all if none is named.
    """
    asked = sa.select(SCORES, CASES.c.revision.label("now")).join(CASES, CASES.c.id == SCORES.c.case_id)
    asked = asked.where(CASES.c.present == 1).order_by(SCORES.c.case_id, SCORES.c.sheet)
    if names := list(sheets):
        asked = asked.where(SCORES.c.sheet.in_(names))
    return [
        Score(
            r.case_id, r.sheet, r.version, r.revision, r.low, r.high, r.band, tuple(unpacked(r.missing)),
            unpacked(r.result), r.revision == r.now,
        )
        for r in connection.execute(asked)
    ]  # fmt: skip
