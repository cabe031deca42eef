"""What a case report of this patient would still need, after the CARE checklist of 2013."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from spondyl.consult.patient.person import Person
from spondyl.consult.rules.literature import source
from spondyl.consult.rules.strict import near, read
from spondyl.present.catalog import field, fields, shown
from spondyl.present.consultation import Basis, Grid, Line, Part
from spondyl.record import LIST_FIELDS

__all__ = ["Answer", "Fact", "Item", "answers", "care", "checklist", "fact"]

TITLE = "What a case report of this patient would need (CARE)"
Text = Annotated[str, Field(min_length=1)]
State = Literal["covered", "in part", "open", "for the authors"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _When(_Strict):
    field: Text
    value: Text


class Need(_Strict):
    """Something a record can answer.

    Args:
        words: What it is.
        fields: The fields that answer it; one is enough.
        when: The value of a field without which it is not asked.
    """

    words: Text
    fields: Annotated[list[Text], Field(min_length=1)]
    when: _When | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.fields:
            if name not in fields():
                raise ValueError(f"no field {name}{near(name, fields())}")
        return self


class Item(_Strict):
    """An item of the checklist.

    Args:
        id: Its number in the checklist.
        section: The section of the report it belongs to.
        asks: What it asks for.
        needs: What of it a record can answer.
        author: What of it only the authors can.
    """

    id: Text
    section: Text
    asks: Text
    needs: list[Need] = []
    author: list[Text] = []

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.needs and not self.author:
            raise ValueError("nobody answers it; name needs or author")
        return self


class _Checklist(_Strict):
    schema_: Literal["spondyl.care/1"] = Field(alias="schema")
    version: int
    source: Text
    items: list[Item]


@cache
def checklist() -> _Checklist:
    """The checklist."""
    return read("care", _Checklist)


@dataclass(frozen=True)
class Fact:
    """Something known of the patient.

    Args:
        name: The field.
        label: What it is, in words.
        text: Its values.
        bases: What they rest on.
        clash: Whether the values contradict each other.
    """

    name: str
    label: str
    text: str
    bases: tuple[Basis, ...]
    clash: bool


@dataclass(frozen=True)
class Answer:
    """An item with what the record answers.

    Args:
        item: The item.
        facts: What is known.
        missing: What a record could answer and this one does not.
        state: Whether it is covered.
    """

    item: Item
    facts: tuple[Fact, ...]
    missing: tuple[str, ...]
    state: State


def answers(person: Person) -> tuple[Answer, ...]:
    """Every item of the checklist with what is known of a patient.

    Args:
        person: The patient.

    Example:
        >>> from spondyl.record import Case, Claim
        >>> age = Claim(field="age_years", value=46, quotes=())
        >>> told = {a.item.id: a for a in answers(Person(Case(case=1, label="", claims=(age,))))}
        >>> told["5a"].state, told["5a"].facts[0].text, told["5a"].missing, told["12"].state
        ('in part', '46 years', ('sex',), 'for the authors')
    """
    return tuple(_answer(person, item) for item in checklist().items)


def _answer(person: Person, item: Item) -> Answer:
    asked = [n for n in item.needs if n.when is None or person.has(n.when.field, n.when.value)]
    known = [n for n in asked if any(person.has(f) for f in n.fields)]
    names = dict.fromkeys(f for n in known for f in n.fields if person.has(f))
    facts = tuple(fact(person, name) for name in names)
    missing = tuple(n.words for n in asked if n not in known)
    clash = tuple(f"which {f.label} is right" for f in facts if f.clash)
    whole = len(known) == len(asked) and not clash and not item.author
    state: State = (
        "for the authors" if not asked else "open" if not known else "covered" if whole else "in part"
    )
    return Answer(item, facts, missing + clash, state)


def fact(person: Person, name: str) -> Fact:
    """What is known of one field.

    Args:
        person: The patient.
        name: The field.
    """
    values = person.values(name)
    known = field(name)
    clash = name not in LIST_FIELDS and len(values) > 1
    words = (" or " if clash else ", ").join(shown(name, v) for v in values)
    unit = f" {known.unit}" if known.unit and not known.suffix else ""
    return Fact(name, known.label, words + unit, person.bases(name), clash)


def care(person: Person) -> Part:
    """The part of the page with the checklist.

    Args:
        person: The patient.

    Returns:
        A line of counts, and a table of the items with what is known and what is needed.
    """
    told = answers(person)
    return Part(
        "care", TITLE, (_counts(told),), (_grid(told),),
        lead="For whoever writes this patient up: what the record answers already, and what to ask while it can "
        "still be asked.",
    )  # fmt: skip


def _rule(item: Item | None = None) -> tuple[Basis, ...]:
    which = f", item {item.id}" if item else ""
    rule = Basis("rule", item.asks if item else "the items of the checklist", f"care.toml{which}")
    return (rule, source(checklist().source).basis)


def _counts(told: tuple[Answer, ...]) -> Line:
    by = {s: sum(a.state == s for a in told) for s in ("covered", "in part", "open", "for the authors")}
    return Line(
        f"Of {len(told)} items {by['covered']} are covered by the record, {by['in part']} in part; {by['open']} are "
        f"open, and {by['for the authors']} are for the authors.", _rule(), key="counts", value=by,
    )  # fmt: skip


def _grid(told: tuple[Answer, ...]) -> Grid:
    return Grid(
        "care", "The checklist, item by item", ("Item", "Asks for", "Known", "Still needed"),
        tuple(_row(a) for a in told),
        (Line("Items and numbers after the checklist; the words are this project's.", _rule()),),
    )  # fmt: skip


def _row(answer: Answer) -> tuple[Line, ...]:
    item, rule = answer.item, _rule(answer.item)
    return (
        Line(f"{item.id} {item.section}", rule, key=item.id, value=answer.state),
        Line(item.asks, rule),
        Line(answer.state, rule, _TONES[answer.state], tuple(_known(answer))),
        _needed(answer),
    )


_TONES: dict[str, Any] = {"covered": "for", "in part": "unknown", "open": "missing", "for the authors": ""}


def _known(answer: Answer) -> Iterator[Line]:
    for one in answer.facts:
        yield Line(f"{one.label}: {one.text}", one.bases, "against" if one.clash else "", key=one.name)


def _needed(answer: Answer) -> Line:
    """What has to be found out, then what only the authors can tell."""
    parts = ["; ".join(answer.missing)] if answer.missing else []
    parts += [f"from the authors: {'; '.join(answer.item.author)}"] if answer.item.author else []
    value = {"missing": list(answer.missing), "authors": list(answer.item.author)}
    words = "; ".join(parts) or "nothing"
    return Line(words, _rule(answer.item), "missing" if answer.missing else "", value=value)
