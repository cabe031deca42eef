"""The log: entries are added, and what was taken back no longer stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from spondyl.registry.chain import GENESIS, linked
from spondyl.registry.schema import DECISIONS

__all__ = ["BACK", "DIFFERENT", "LINKS", "SAME", "enter", "standing"]

BACK = "take back"
"""The verdict of an entry that takes back another one; its value is that one's number."""
SAME, DIFFERENT = "same patient", "different patient"
LINKS = (SAME, DIFFERENT)
"""Verdicts on two cases; the value is the number of the second one in the registry."""


def enter(connection: sa.Connection, row: Mapping[str, Any]) -> int:
    """Add an entry to the log, with its number and the hash of the one before.

    Args:
        connection: The database, open for writing.
        row: What it says.

    Returns:
        Its number.
    """
    last = connection.execute(
        sa.select(DECISIONS.c.id, DECISIONS.c.hash).order_by(DECISIONS.c.id.desc()).limit(1)
    ).first()
    number = (last.id if last else 0) + 1
    entry = linked({"id": number, **row}, last.hash if last else GENESIS)
    connection.execute(DECISIONS.insert(), entry)
    return number


def standing(rows: Iterable[Any]) -> list[Any]:
    """The entries that were not taken back; taking back can itself be taken back.

    Args:
        rows: Entries of the log in the order they were made.

    Example:
        >>> from types import SimpleNamespace as Row
        >>> log = [Row(id=1, verdict="accept", value=None), Row(id=2, verdict="reject", value=None),
        ...        Row(id=3, verdict="take back", value="1")]
        >>> [row.id for row in standing(log)]
        [2]
    """
    out, gone = [], set()
    for row in reversed(list(rows)):
        if row.id in gone:
            continue
        if row.verdict == BACK:
            gone.add(int(row.value))
        else:
            out.append(row)
    return out[::-1]
