"""The tables of the registry as they stand after all migrations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, MetaData, Table, Text

__all__ = ["CASES", "CLAIMS", "DECISIONS", "DIFFERENCES", "IMPORTS", "PAPERS", "SCHEMA", "SCORES"]

SCHEMA = MetaData()


def _table(name: str, texts: str, integers: str = "", floats: str = "") -> Table:
    columns: list[Column[str] | Column[int] | Column[float]] = []
    columns += [Column(c, Text) for c in texts.split()]
    columns += [Column(c, BigInteger) for c in integers.split()]
    columns += [Column(c, Float) for c in floats.split()]
    return Table(name, SCHEMA, *columns)


PAPERS = _table(
    "papers", "id sha256 source title authors journal doi pmid duplicate_of text statements", "year"
)
"""Every paper, or file of cases, with its text; authors and statements as JSON."""
CASES = _table("cases", "paper label kind reported_by", "id number revision present")
"""Every case; `present` is 0 where the paper no longer tells of it and nobody decided on it."""
CLAIMS = _table(
    "claims",
    "field value quotes method certainty derivation origin standing",
    "case_id position latest",
    "number",
)
"""Every claim ever read; `origin` as it was read, `standing` after the decisions, value and quotes as JSON."""
DECISIONS = _table(
    "decisions",
    "paper field value verdict corrected decided_by decided_at note previous hash",
    "id case_id number words_start words_end",
)
"""The log of decisions: rows are only ever added, each with the hash of the one before."""
DIFFERENCES = _table("differences", "field decided reads why raised_at", "id case_id settled_by")
"""Where a newer extraction disagrees with a decision."""
IMPORTS = _table("imports", "kind name sha256 version imported_by imported_at", "id cases refused")
"""What was added when, by whom, from a file of which hash, by which version."""
SCORES = _table("scores", "sheet version band missing result computed_at", "case_id revision low high")
"""The newest score of every case by every sheet, with the sheet's version and the case's revision it rests on."""
