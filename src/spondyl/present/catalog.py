"""The fields and columns of the evidence table, as they are named and printed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from spondyl.record import Value

__all__ = [
    "Column",
    "Field",
    "column_of",
    "columns",
    "field",
    "fields",
    "joined",
    "number",
    "place_of",
    "printed",
    "shown",
]


@dataclass(frozen=True)
class Field:
    """How one field is named and printed."""

    name: str
    label: str
    kind: Literal["number", "choice", "text"] = "text"
    unit: str = ""
    prefix: str = ""
    suffix: str = ""
    decimals: int = 2
    group: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of the evidence table and the fields that stand in it."""

    key: str
    title: str
    fields: tuple[str, ...]
    of: tuple[str, ...] = ()
    more: bool = False

    @property
    def of_patients(self) -> tuple[str, ...]:
        """The fields that are said of a patient, not of a group."""
        return tuple(name for name in self.fields if not field(name).group)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("spondyl.present").joinpath(name).read_text(encoding="utf-8"))


@cache
def fields() -> dict[str, Field]:
    """The known fields by name, in the order they are listed."""
    return {
        name: Field(name=name, **{**entry, "choices": tuple(entry.get("choices", ()))})
        for name, entry in _toml("fields.toml").items()
    }


@cache
def columns() -> tuple[Column, ...]:
    """The columns after the study, in order."""
    return tuple(
        Column(**{**entry, "fields": tuple(entry["fields"]), "of": tuple(entry.get("of", ()))})
        for entry in _toml("columns.toml")["column"]
    )


@cache
def field(name: str) -> Field:
    """The field of a name, known or not.

    Example:
        >>> field("tumour_size_mm").label, field("survival_at_24_months_percent").label
        ('tumour size mm', 'survival at 24 months')
    """
    if name in fields():
        return fields()[name]
    for pattern, known in fields().items():
        if "*" in pattern and (word := _word(pattern, name)):
            filled = {k: getattr(known, k).replace("*", word) for k in ("label", "prefix", "suffix")}
            return replace(known, name=name, **filled)
    return Field(name=name, label=name.replace("_", " "))


def _word(pattern: str, name: str) -> str | None:
    """The word that stands for the star of a pattern in a name."""
    found = re.fullmatch(re.escape(pattern).replace(r"\*", "(.+)"), name)
    return found[1] if found else None


@cache
def place_of(name: str) -> tuple[str, int]:
    """The key of the column a field stands in, and its place there; unknown fields come last of all.

    Example:
        >>> place_of("levels"), place_of("survival_at_24_months_percent")[0], place_of("tumour_size_mm")[0]
        (('site', 0), 'status', 'further')
    """
    for column in columns():
        for place, known in enumerate(column.fields):
            if known == name or ("*" in known and _word(known, name)):
                return column.key, place
    return columns()[-1].key, len(columns()[-1].fields)


def column_of(name: str) -> str:
    """The key of the column a field stands in."""
    return place_of(name)[0]


def number(value: float | int, decimals: int = 2) -> str:
    """A number as short as it is exact enough.

    Example:
        >>> number(12.0), number(0.173), number(37.38, 1)
        ('12', '0.17', '37.4')
    """
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def printed(value: Value | None) -> str:
    """A value as it is read by a person.

    Example:
        >>> printed("gross_total"), printed(63)
        ('gross total', '63')
    """
    if value is None:
        return ""
    return value.replace("_", " ") if isinstance(value, str) else number(value)


def shown(name: str, value: Value) -> str:
    """A value of a field as it stands in a cell, with its unit where the column does not name it.

    Example:
        >>> shown("radiation_dose_gy", 30.0), shown("follow_up_months", 37.38)
        ('30 Gy', '37.4')
    """
    known = field(name)
    text = printed(value) if isinstance(value, str) else number(value, known.decimals)
    return text + known.suffix


def joined(values: Iterable[Value]) -> str:
    """Values in one line, as they are recorded."""
    return "; ".join(v if isinstance(v, str) else number(v) for v in values)
