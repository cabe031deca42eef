"""What sources say of treatment and follow-up, as data."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from spondyl import score
from spondyl.consult.rules.model import Id, Judged, Rule, Sourced, Strict, Text
from spondyl.consult.rules.strict import parsed, read
from spondyl.record import SheetError
from spondyl.score.model import TableSheet

__all__ = [
    "Management",
    "Period",
    "Schedule",
    "Statement",
    "Topic",
    "management",
    "parse_management",
    "periods",
]


class Topic(Strict):
    """A heading under which statements stand."""

    id: Id
    title: Text


class Statement(Rule):
    """What a source says for a configuration.

    Args:
        disagrees: Statements that say otherwise; they stand side by side.
    """

    disagrees: list[Id] = Field(default_factory=list)


class Schedule(Judged, Sourced):
    """A published interval of follow-up.

    Args:
        id: The row of the sheet `sts_surveillance` that holds it.
        title: Whose it is, and for whom.
    """

    id: Id
    title: Text


class Management(Strict):
    """The file of statements."""

    schema_: Literal["spondyl.management/1"] = Field(alias="schema")
    version: Text
    title: Text
    checked: Annotated[str, Field(pattern=r"^20\d\d-\d\d$")]
    topics: list[Topic]
    statements: list[Statement]
    schedules: list[Schedule]

    def statement(self, name: str) -> Statement:
        """The statement of an id."""
        return next(s for s in self.statements if s.id == name)


class Period(Strict):
    """A stretch of follow-up as a source prints it.

    Args:
        from_y, to_y: From which year after treatment to which; 99 for no end.
        every_months: The interval as printed ("3-4").
        note: What else is printed.
    """

    from_y: int
    to_y: int
    every_months: Text
    note: str = ""

    @property
    def shortest(self) -> int:
        """The shorter interval of those printed, in months."""
        return int(self.every_months.partition("-")[0])


@cache
def periods(row: str) -> tuple[Period, ...]:
    """The periods of a row of the sheet on surveillance.

    Example:
        >>> [p.every_months for p in periods("esmo_high")]
        ['3-4', '6', '12']
    """
    sheet = score.load("sts_surveillance")
    assert isinstance(sheet, TableSheet)
    found = next(r for r in sheet.rows if r["id"] == row)
    return tuple(Period.model_validate(p) for p in found["schedule"])


@cache
def management() -> Management:
    """The statements that ship with Spondyl."""
    return _checked(read("management", Management), "management.toml")


def parse_management(text: str, file: str) -> Management:
    """Statements from the text of a file.

    Raises:
        SheetError: It breaks a rule of its own; the message names the key and the mend.
    """
    return _checked(parsed(text, file, Management), file)


def _checked(found: Management, file: str) -> Management:
    topics = {t.id for t in found.topics}
    known: dict[str, Statement] = {}
    for one in found.statements:
        if one.id in known:
            raise SheetError(file, f"statements.{one.id}", "stands twice", "give one another id")
        if one.topic not in topics:
            raise SheetError(
                file, f"statements.{one.id}.topic", f"is {one.topic}", f"one of {', '.join(sorted(topics))}"
            )
        known[one.id] = one
    for one in found.statements:
        for other in one.disagrees:
            if other not in known or one.id not in known[other].disagrees:
                what = f"{other} does not name {one.id} in turn"
                raise SheetError(file, f"statements.{one.id}.disagrees", what, "let both name each other")
    return found
