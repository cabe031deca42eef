"""Typed values in the vocabulary that the extraction writes: a reviewer's words become a value, or a refusal."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from spondyl.extract.knowledge import PACKAGE
from spondyl.record import LIST_FIELDS, UsageError, Value
from spondyl.registry.vocabulary import nearest, refusal, rule
from spondyl.words.levels import find_levels
from spondyl.words.numbers import DURATION, months, number
from spondyl.words.terms import fold
from spondyl.words.tsv import rows

__all__ = ["parsed", "terms"]

_LEXICON = {
    "diagnosis": ("tumours", "concept"), "primary_site": ("sites", "concept"), "drugs": ("drugs", "concept"),
    "complications": ("complications", "concept"), "treatments": ("treatments", "concept"),
    "procedures": ("procedures", "concept"), "presentation": ("presentations", "concept"),
    "denied": ("presentations", "concept"), "compartment": ("compartments", "concept"),
    "regions": ("regions", "concept"), "other_metastases": ("sites", "metastasis"), "ihc": ("markers", "concept"),
}  # fmt: skip
"""Field → the lexicon with its words, and the column that holds the value."""
_OPEN = ("diagnosis", "primary_site", "drugs", "complications")
_STAIN = re.compile(r"(?P<marker>.*?)\s*(?P<sign>[+-]|positive|negative|pos|neg)")
_WORD = re.compile(r"[^\W_]+")
_JOINING = re.compile(r"and|to|through|the|of|at|levels?|vertebra[el]?|body|bodies", re.IGNORECASE)


@cache
def _words(name: str) -> Mapping[str, str]:
    """Words as they are compared → the value they mean; words that mean several or none are left out."""
    if name not in _LEXICON:
        return {}
    lexicon, column = _LEXICON[name]
    found = list(rows(PACKAGE, f"{lexicon}.tsv", ("term", column)))
    plain = {_folded(row["term"]): row[column] for row in found}
    concepts = {_folded(row[column]): row[column] for row in found}
    return {k: v for k, v in (plain | concepts).items() if v and not re.search(r"[+|]", v)}


def _folded(text: str) -> str:
    return " ".join(fold(word) for word in _WORD.findall(text.lower()))


@cache
def terms() -> Mapping[str, frozenset[str]]:
    """The words of the fields whose values no list of choices holds, as the extraction writes them.

    Example:
        >>> "leiomyosarcoma" in terms()["diagnosis"], "desmin+" in terms()["ihc"]
        (True, True)
    """
    out = {name: frozenset(_words(name).values()) for name in _OPEN}
    return out | {"ihc": frozenset(f"{m}{sign}" for m in _words("ihc").values() for sign in "+-")}


def parsed(name: str, text: str, as_typed: bool = False) -> tuple[Value, ...]:
    """What somebody typed, as values of a field.

    Args:
        name: The field.
        text: What was typed; in a field that is a list, several values with commas or semicolons between.
        as_typed: Take a word that no vocabulary knows, where the field may hold others.

    Returns:
        The values, one in a field that is no list.

    Raises:
        UsageError: It is no value of the field; the nearest word is named.

    Example:
        >>> parsed("levels", "T12-L2"), parsed("diagnosis", "leiomyosarcomas"), parsed("follow_up_months", "2 years")
        (('T12', 'L1', 'L2'), ('leiomyosarcoma',), (24,))
        >>> parsed("diagnosis", "leiomyosarkoma")
        Traceback (most recent call last):
        spondyl.record.errors.UsageError: leiomyosarkoma: no tumour that is known; did you mean leiomyosarcoma?
    """
    text = text.strip()
    if not text:
        raise UsageError("nothing was typed")
    if name == "levels":
        return _levels(text)
    parts = [p.strip() for p in re.split(r"[,;]", text) if p.strip()] if name in LIST_FIELDS else [text]
    values = [value for part in parts for value in _one(name, part, as_typed)]
    return tuple(dict.fromkeys(values))


def _levels(text: str) -> tuple[Value, ...]:
    parts = [part for part in re.split(r"[,;]", text) if part.strip()]
    return tuple(dict.fromkeys(level for part in parts for level in _named(part)))


def _named(text: str) -> tuple[str, ...]:
    """The levels that one part names, all of its words read."""
    found = list(find_levels(text, text.lower()))
    rest = text
    for one in found:
        rest = rest[: one.start] + " " * (one.end - one.start) + rest[one.end :]
    unread = [w for w in _WORD.findall(rest) if not _JOINING.fullmatch(w)]
    if unread or not found:
        raise UsageError(
            f"{(unread or [text])[0]}: no level; they are C1 to C8, T1 to T12, L1 to L5, S1 to S5"
        )
    return tuple(level for one in found for level in one.levels)


def _one(name: str, text: str, as_typed: bool) -> tuple[Value, ...]:
    held = rule(name)
    if text in held.get("also", ()):
        return (text,)
    if held.get("kind") == "number":
        return (_number(name, text),)
    if name == "ihc":
        return (_stain(text, as_typed),)
    if "pattern" in held:
        return (_checked(name, text),)
    return (_word(name, text, held.get("choices", ()), as_typed),)


def _number(name: str, text: str) -> Value:
    """A number, with a unit of time where the field has one."""
    spoken = text.lower()
    unit = "years" if name.endswith("_years") else "months" if name.endswith("_months") else ""
    span = re.fullmatch(DURATION, spoken) if unit else None
    value = (
        number(span["n"])
        if span
        else number(re.sub(r"\s*gy$", "", spoken) if name.endswith("_gy") else spoken)
    )
    if value is None:
        raise UsageError(f"{text}: expected a number{f' of {unit}' if unit else ''}")
    if span:
        lasted = months(value + (0.5 if span["half"] else 0), span["unit"])
        value = round(lasted / (12 if unit == "years" else 1), 2)
    return _checked(name, int(value) if value.is_integer() else value)


def _checked(name: str, value: Value) -> Value:
    if why := refusal(name, value):
        raise UsageError(f"{value}: {why}")
    return value


def _stain(text: str, as_typed: bool) -> str:
    found = _STAIN.fullmatch(text.lower())
    if not found:
        raise UsageError(f"{text}: expected a marker with + or -, such as desmin+")
    marker = _word("ihc", found["marker"], (), as_typed)
    return marker + ("+" if found["sign"][0] in "+p" else "-")


def _word(name: str, text: str, choices: Collection[str], as_typed: bool) -> str:
    known = {_folded(c): c for c in choices}
    words = {k: v for k, v in _words(name).items() if not choices or v in choices} | known
    if found := words.get(_folded(text)):
        return found
    if as_typed and not choices:
        return " ".join(text.split())
    if not words and not choices:
        return " ".join(text.split())
    like = nearest(_folded(text), words)
    if choices and not like:
        raise UsageError(f"{text}: expected one of {', '.join(choices)}")
    what = {"diagnosis": "tumour", "drugs": "drug", "ihc": "marker", "primary_site": "site"}.get(name, "word")
    raise UsageError(f"{text}: no {what} that is known" + (f"; did you mean {words[like]}?" if like else ""))
