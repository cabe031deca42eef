"""What is drawn: rows of an evidence table in which every value knows its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from spondyl.record import Decision, Finding, Paper, Statement, Value

__all__ = ["Evidence", "Item", "Row", "Source", "Tally", "Tone"]

Tone = Literal["plain", "denied", "clash"]


@dataclass(frozen=True)
class Item:
    """One value of one cell, with its words.

    Args:
        field: The field, or `statement:…` for what a paper says of a group.
        value: The value as recorded.
        text: The value as shown.
        spans: (start, end) in code points; the first states the value, further ones support it.
        tone: "denied" for a finding the paper denies, "clash" where values contradict each other.
        certainty, method, derivation: As of the claim.
        decision: What a reviewer decided on it.
        standing: "chosen", or "other" for a value that was read and not chosen.
    """

    field: str
    value: Value | None
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    tone: Tone = "plain"
    certainty: str = "stated"
    method: str = "rules"
    derivation: str | None = None
    decision: Decision | None = None
    standing: Literal["chosen", "other"] = "chosen"


@dataclass(frozen=True)
class Source:
    """A paper of the report: its number in the list of references and how it is cited.

    Args:
        number: From 1, in the order of the reference list.
        paper: The paper.
        cite: "Koruga 2024".
        new: It joined since the last run into the same folder.
    """

    number: int
    paper: Paper
    cite: str
    new: bool = False


@dataclass(frozen=True)
class Row:
    """One case as a row.

    Args:
        source: The paper.
        case: The case's number within the paper.
        kind: "patient", "cited" or "group".
        label: How the paper names it.
        cells: Items by column key.
        notes: What a reviewer said of empty cells, by column key ("not stated", a note).
        others: Values that were read and not chosen.
        statements: What the paper says of this group, for a group.
        reported: The paper reports it from another one (every cited case, and the series it quotes).
        same_as: For a cited case whose own paper is in the report too, how that one is cited.
    """

    source: Source
    case: int
    kind: str
    label: str
    cells: dict[str, tuple[Item, ...]]
    notes: dict[str, tuple[Decision, ...]] = field(default_factory=dict)
    others: tuple[Item, ...] = ()
    statements: tuple[Statement, ...] = ()
    reported: bool = False
    same_as: str | None = None

    def items(self) -> Iterator[Item]:
        """All items, in the order of the columns."""
        for items in self.cells.values():
            yield from items

    def values(self, name: str) -> list[Any]:
        """The values of one field, in order."""
        return [item.value for item in self.items() if item.field == name]

    def not_stated(self, column: str) -> bool:
        """Whether a reviewer confirmed that the paper does not say what belongs into an empty cell."""
        return any(d.verdict == "not stated" for d in self.notes.get(column, ()))

    @property
    def counted(self) -> bool:
        """Whether the figures count it: a group is no patient, and nobody is counted twice."""
        return self.kind != "group" and self.same_as is None


@dataclass(frozen=True)
class Tally:
    """What became of the inputs and of the cases read from them."""

    papers: int = 0
    duplicates: int = 0
    skipped: int = 0
    failed: int = 0
    left_out: int = 0
    all_patients: bool = False


@dataclass(frozen=True)
class Evidence:
    """Everything a report draws.

    Args:
        rows: The evidence table.
        sources: The papers, in the order of the reference list.
        statements: (source, statement) for every statement about a group.
        tally: Counts of inputs.
        accuracy: Field → {"precision": …, "recall": …, "n": …}; empty where nothing was measured.
        measured_on: What `accuracy` was measured on, in words.
        kept: Decisions that belong to nothing shown, carried along so that saving again loses none.
        decided: Statement → the decision on it.
        version: The version of Spondyl.
        findings: (source, finding) for what does not add up; values that one touches are marked.
    """

    rows: tuple[Row, ...]
    sources: tuple[Source, ...]
    statements: tuple[tuple[Source, Statement], ...] = ()
    tally: Tally = Tally()
    accuracy: dict[str, dict[str, float]] = field(default_factory=dict)
    measured_on: str = ""
    kept: tuple[Decision, ...] = ()
    decided: dict[Statement, Decision] = field(default_factory=dict)
    version: str = ""
    findings: tuple[tuple[Source, Finding], ...] = ()
