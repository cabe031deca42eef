"""Candidates of a differential diagnosis as data: what speaks for and against each, with sources."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from spondyl.consult.rules.conditions import Condition, parse
from spondyl.consult.rules.model import Id, Judged, Sourced, Strict, Text
from spondyl.consult.rules.strict import parsed, read
from spondyl.record import SheetError

__all__ = [
    "Axis",
    "Candidate",
    "Differential",
    "Evidence",
    "Separator",
    "Situation",
    "differential",
    "parse_differential",
]


class Evidence(Judged, Sourced):
    """One finding that speaks for or against a candidate.

    Args:
        says: What the sources say of it, in words.
        side: "for" or "against".
        weight: 1; another only where a source gives it.
    """

    says: Text
    side: Literal["for", "against"]
    weight: int = 1


class Candidate(Judged):
    """What a lesion could be.

    Args:
        id: Its name.
        axis: "place" (compartment and imaging) or "tissue" (microscopy and immunohistochemistry).
        name: In words.
        when: When it is considered at all.
        stated: When the record itself states it.
        note: What has to be known of it, with its sources.
        evidence: What speaks for and against it.
    """

    id: Id
    axis: Literal["place", "tissue"]
    name: Text
    stated: dict[str, Any] = Field(default_factory=dict)
    note: str = ""
    source: list[Text] = Field(default_factory=list)
    evidence: list[Evidence] = Field(min_length=1)

    @field_validator("stated")
    @classmethod
    def _stated(cls, raw: dict[str, Any]) -> dict[str, Any]:
        if raw:
            parse(raw)
        return raw

    @property
    def states(self) -> Condition | None:
        """The condition under which the record states it."""
        return parse(self.stated) if self.stated else None


class Axis(Strict):
    """One way to look at it: by place, or by tissue."""

    id: Literal["place", "tissue"]
    title: Text
    lead: Text
    when: dict[str, Any]


class Separator(Sourced):
    """What sources say separates two candidates, where that is more than the findings of both say.

    Args:
        between: The two.
        asks: What would have to be found out, as verdicts name it.
        says: What the sources say, in words.
    """

    between: Annotated[list[Id], Field(min_length=2, max_length=2)]
    asks: Annotated[list[Text], Field(min_length=1)]
    says: Text


class Situation(Strict):
    """A worked case of the whole: an invented record, and the order of candidates that has to come out.

    Args:
        name: What it is about.
        given: Fields of the record.
        place, tissue: The first candidates of each, in order.
        separates: What would have to be found out to separate the leading two, several it may be.
    """

    name: Text
    given: dict[str, Any]
    place: list[Id] = Field(default_factory=list)
    tissue: list[Id] = Field(default_factory=list)
    separates: str = ""


class Differential(Strict):
    """The file of candidates."""

    schema_: Literal["spondyl.differential/1"] = Field(alias="schema")
    version: Text
    title: Text
    checked: Text
    axes: list[Axis]
    candidates: list[Candidate]
    separators: list[Separator]
    worked: list[Situation]


@cache
def differential() -> Differential:
    """The candidates that ship with Spondyl."""
    return _checked(read("differential", Differential), "differential.toml")


def parse_differential(text: str, file: str) -> Differential:
    """Candidates from the text of a file.

    Raises:
        SheetError: It breaks a rule of its own; the message names the key and the mend.
    """
    return _checked(parsed(text, file, Differential), file)


def _checked(found: Differential, file: str) -> Differential:
    seen: set[str] = set()
    for one in found.candidates:
        if one.id in seen:
            raise SheetError(file, f"candidates.{one.id}", "stands twice", "give one another id")
        seen.add(one.id)
    named = [(f"worked.{c.name}", [*c.place, *c.tissue]) for c in found.worked]
    named += [(f"separators.{s.says}", s.between) for s in found.separators]
    for place, names in named:
        for name in names:
            if name not in seen:
                raise SheetError(file, place, f"there is no candidate {name}", "name one that is there")
    return found
