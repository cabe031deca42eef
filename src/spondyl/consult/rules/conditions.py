"""Conditions of rules: what a record has to hold, in three-valued logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from spondyl import score
from spondyl.consult.rules.fields import field_of, markers
from spondyl.consult.rules.kin import is_known
from spondyl.consult.rules.strict import near
from spondyl.score.model import GradeSheet, SumSheet, TreeSheet

__all__ = ["Always", "Condition", "Has", "Joined", "Known", "Negated", "Number", "Reached", "Stain", "parse"]

Comparison = Literal["above", "at_least", "below", "at_most"]
COMPARISONS: tuple[Comparison, ...] = ("above", "at_least", "below", "at_most")


@dataclass(frozen=True)
class Always:
    """Holds for everybody."""


@dataclass(frozen=True)
class Has:
    """A field holds one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A field is known, whatever its value; never unknown itself."""

    field: str


@dataclass(frozen=True)
class Number:
    """A number of a field is above or below a bound; of several, any."""

    field: str
    how: Comparison
    bound: float


@dataclass(frozen=True)
class Stain:
    """A marker stained, or did not."""

    marker: str
    sign: str


@dataclass(frozen=True)
class Reached:
    """A score's band or grade is one of these, or its total is above or below a bound."""

    sheet: str
    bands: tuple[str, ...] = ()
    how: Comparison | None = None
    bound: float = 0.0


@dataclass(frozen=True)
class Negated:
    """The contrary of a condition."""

    part: Condition


@dataclass(frozen=True)
class Joined:
    """All parts, or any."""

    how: Literal["all", "any"]
    parts: tuple[Condition, ...] = field(default=())


Condition = Always | Has | Known | Number | Stain | Reached | Negated | Joined


def parse(raw: Any) -> Condition:
    """A condition from its table in a rule file.

    Args:
        raw: One of {always = true}, {all = […]}, {any = […]}, {not = {…}}, {field = "…", is = "…" or […]},
            {field = "…", known = true}, {field = "…", at_least = 7} (or above, below, at_most),
            {marker = "…", is = "+"}, {score = "…", band = "…" or […]}, {score = "…", at_least = 7}.

    Raises:
        ValueError: It is none of these, or names a field, a value, a marker or a score that does not exist.

    Example:
        >>> parse({"field": "presentation", "is": "pain"})
        Has(field='presentation', values=('pain',))
        >>> parse({"field": "presentaton", "is": "pain"})
        Traceback (most recent call last):
        ValueError: there is no field presentaton; did you mean presentation?; add it to fields.toml
    """
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError(f"a condition is a table, got {raw!r}")
    keys = set(raw)
    if keys == {"always"}:
        return Always()
    if len(keys) == 1 and keys < {"all", "any", "not"}:
        return _joined(*next(iter(raw.items())))
    heads = keys & {"field", "marker", "score"}
    if len(keys) != 2 or len(heads) != 1:
        raise ValueError(f"a condition names one thing and one test, got {_shown(raw)}{_hint(keys)}")
    head = heads.pop()
    test = (keys - {head}).pop()
    return {"field": _field, "marker": _marker, "score": _score}[head](str(raw[head]), test, raw[test])


_TESTS = ("always", "all", "any", "not", "field", "marker", "score", "is", "known", "band", *COMPARISONS)


def _hint(keys: set[str]) -> str:
    odd = [k for k in sorted(keys) if k not in _TESTS]
    return near(odd[0], _TESTS) if odd else ""


def _shown(raw: Mapping[str, Any]) -> str:
    return ", ".join(f"{k} = {v!r}" for k, v in raw.items())


def _joined(how: Any, parts: Any) -> Condition:
    if how == "not":
        return Negated(parse(parts))
    if not isinstance(parts, list) or len(parts) < 2:
        raise ValueError(f"{how} joins two conditions or more")
    return Joined(how, tuple(parse(p) for p in parts))


def _field(name: str, test: str, value: Any) -> Condition:
    known = field_of(name)
    if test == "known":
        return Known(name)
    if test in COMPARISONS:
        if known.kind != "number":
            raise ValueError(f"{name} is no number; test it with is = …")
        return Number(name, test, _number(value))
    if test != "is":
        raise ValueError(
            f"a field is tested by is, known, {', '.join(COMPARISONS)}, got {test}{near(test, _TESTS)}"
        )
    wanted = _texts(value)
    for one in wanted:
        if known.values and one not in known.values:
            raise ValueError(f"{name} is never {one}{near(one, known.values)}")
        if name == "diagnosis" and not is_known(one):
            raise ValueError(f"the lexicon of tumours holds no {one}")
    return Has(name, wanted)


def _marker(name: str, test: str, value: Any) -> Condition:
    if name not in markers():
        raise ValueError(f"there is no marker {name}{near(name, markers())}; add it to fields.toml")
    if test != "is" or value not in ("+", "-"):
        raise ValueError(f'a marker is tested by is = "+" or is = "-", got {test} = {value!r}')
    return Stain(name, value)


def _score(name: str, test: str, value: Any) -> Condition:
    if name not in score.names():
        raise ValueError(f"there is no score {name}{near(name, score.names())}")
    sheet = score.load(name)
    if test in COMPARISONS:
        if not isinstance(sheet, SumSheet):
            raise ValueError(f"{name} has no total; test it with band = …")
        return Reached(name, (), test, _number(value))
    there: list[str] = []
    if isinstance(sheet, SumSheet):
        there = [b.id for b in sheet.bands]
    elif isinstance(sheet, GradeSheet | TreeSheet):
        there = [g.id for g in sheet.grades]
    if test != "band" or not there:
        raise ValueError(f"{name} is tested by band = … or a comparison of its total, got {test}")
    for one in _texts(value):
        if one not in there:
            raise ValueError(f"{name} has no band {one}{near(one, there)}")
    return Reached(name, _texts(value))


def _texts(value: Any) -> tuple[str, ...]:
    found = tuple(value) if isinstance(value, list) else (value,)
    if not found or not all(isinstance(v, str) and v for v in found):
        raise ValueError(f"expected a text or a list of texts, got {value!r}")
    return found


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {value!r}")
    return float(value)
