"""Who sits at the tumour board for which patient, and what of the page is theirs to decide."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from spondyl.consult.rules.loading import load
from spondyl.consult.rules.management import management
from spondyl.consult.rules.model import Id, Judged, Rule, Strict, Text
from spondyl.consult.rules.strict import near, parsed, read
from spondyl.record import SheetError

__all__ = ["Discipline", "Team", "parse_team", "team"]


class Discipline(Judged):
    """One discipline of the tumour board.

    Args:
        id: Its name.
        name: In words.
        when: For which patients it is asked.
        supplies: Names under which fields and items say that it can supply them.
        decides: Statements of the page that are its to decide on.
        flags: Red flags that concern it.
        notes: What sources say of its part.
    """

    id: Id
    name: Text
    supplies: list[Text] = Field(default_factory=list)
    decides: list[Id] = Field(default_factory=list)
    flags: list[Id] = Field(default_factory=list)
    notes: list[Rule] = Field(default_factory=list)


class Team(Strict):
    """The file of disciplines."""

    schema_: Literal["spondyl.team/1"] = Field(alias="schema")
    version: Text
    title: Text
    checked: Text
    disciplines: list[Discipline]


@cache
def team() -> Team:
    """The disciplines that ship with Spondyl."""
    return _checked(read("team", Team), "team.toml")


def parse_team(text: str, file: str) -> Team:
    """Disciplines from the text of a file.

    Raises:
        SheetError: It breaks a rule of its own; the message names the key and the mend.
    """
    return _checked(parsed(text, file, Team), file)


def _checked(found: Team, file: str) -> Team:
    statements = {s.id for s in management().statements}
    flags = {r.id for r in load("flags").rules}
    for one in found.disciplines:
        for key, names, known in (("decides", one.decides, statements), ("flags", one.flags, flags)):
            for name in names:
                if name not in known:
                    place = f"disciplines.{one.id}.{key}"
                    raise SheetError(
                        file, place, f"there is no {name}", f"name one that is there{near(name, known)}"
                    )
    return found
