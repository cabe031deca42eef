"""The fields that rules may ask of a record: their values, when a value excludes others, and who can supply them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from spondyl import score
from spondyl.consult.rules.strict import near, read
from spondyl.score.model import TableSheet

__all__ = ["Ask", "Feed", "Known", "Marker", "ask", "feeds", "field_of", "fields", "marker_of", "markers"]

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Known(_Strict):
    """A field of a record.

    Args:
        name: As in the record.
        label: In words, as it stands in a sentence.
        kind: "closed": a known value excludes the others; "open": a value that is not there is not known;
            "finding": absent only where it is denied; "number": compared as a number.
        ask: The discipline that can supply it.
        values: The values that rules may name; empty where any is allowed.
        labels: Values in words, where they differ from their names.
    """

    name: Text
    label: Text
    kind: Literal["closed", "open", "finding", "number"]
    ask: Text
    values: list[Text] = []
    labels: dict[str, Text] = {}

    def said(self, value: str) -> str:
        """A value in words."""
        return self.labels.get(value, value.replace("_", " "))


class Marker(_Strict):
    """An immunohistochemical marker with the names it has in records."""

    name: Text
    label: Text
    also: list[Text] = []


class _Item(_Strict):
    name: Text
    ask: Text


class Feed(_Strict):
    """An answer to a score's item that stands elsewhere: in a field of the record, or in another score's band."""

    item: Text
    field: str = ""
    band_of: str = ""


class _Fields(_Strict):
    schema_: Literal["spondyl.fields/1"] = Field(alias="schema")
    stains: Text
    fields: list[Known]
    markers: list[Marker]
    items: list[_Item]
    feeds: list[Feed]


class Ask(_Strict):
    """Something that is not known: its name for machines, in words, and the discipline that can supply it."""

    name: str
    words: str
    discipline: str


@cache
def _file() -> _Fields:
    return read("fields", _Fields)


@cache
def fields() -> Mapping[str, Known]:
    """All fields by their names."""
    return {f.name: f for f in _file().fields}


@cache
def markers() -> Mapping[str, Marker]:
    """All markers by their names."""
    return {m.name: m for m in _file().markers}


@cache
def _spellings() -> Mapping[str, str]:
    return {spelt: m.name for m in _file().markers for spelt in (m.name, *m.also)}


def marker_of(stain: str) -> str:
    """The marker that a record's stain means, without its sign.

    Example:
        >>> marker_of("ae1/3+"), marker_of("desmin-")
        ('keratin', 'desmin')
    """
    name = stain.rstrip("+-").strip()
    return _spellings().get(name, name)


def feeds(sheet: str) -> tuple[Feed, ...]:
    """Where else the answers to a sheet's items may stand.

    Example:
        >>> [f.field for f in feeds("escc_bilsky")]
        ['escc']
    """
    return tuple(f for f in _file().feeds if f.item.partition(".")[0] == sheet)


def field_of(name: str) -> Known:
    """A field by its name.

    Raises:
        ValueError: There is none; the message names the nearest.
    """
    if name not in fields():
        raise ValueError(f"there is no field {name}{near(name, fields())}; add it to fields.toml")
    return fields()[name]


@cache
def ask(name: str) -> Ask:
    """What a missing thing is in words and who can supply it.

    Args:
        name: "field", "field.value", "ihc.marker", or "sheet.item" as verdicts name it.

    Example:
        >>> ask("presentation.sphincter_dysfunction").words
        'bladder or bowel dysfunction'
        >>> ask("timeline").words
        'timeline'
        >>> ask("ihc.h-caldesmon").discipline, ask("sins.alignment").discipline
        ('pathology', 'radiology')
    """
    first, _, rest = name.partition(".")
    if first == "ihc":
        label = markers()[rest].label if rest in markers() else rest
        return Ask(name=name, words=f"staining for {label}", discipline=_file().stains)
    if first in fields():
        known = fields()[first]
        return Ask(name=name, words=known.said(rest) if rest else known.label, discipline=known.ask)
    items = {i.name: i.ask for i in _file().items}
    return Ask(name=name, words=_item(first, rest), discipline=items.get(name, items.get(first, "the team")))


_SHORT = 5
"""Names of sheets up to as many letters are abbreviations ("sins")."""


def _item(sheet: str, item: str) -> str:
    """An item of a score in words; what is neither field nor score is named as it stands."""
    if sheet not in score.names():
        return (item or sheet).replace("_", " ")
    known = score.load(sheet)
    if isinstance(known, TableSheet):
        return f"{known.title}: {item}"
    questions = {i.id: i.question for i in score.asked_of(known)}
    if not item:
        return known.title
    question = questions.get(item, item)
    small = question if question[1:2].isupper() else question[:1].lower() + question[1:]
    return f"{small} ({sheet.upper() if len(sheet) <= _SHORT else known.title})"
