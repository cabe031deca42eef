"""Values as words and codes of other formats, and back; labels, codes and code systems are data."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from spondyl.record import Value
from spondyl.registry.vocabulary import rule
from spondyl.words.tsv import rows

__all__ = [
    "Code", "Element", "System", "codes", "elements", "field_of", "level_order", "levels", "malignant", "meaning",
    "named", "plain", "said", "same", "speakable", "spoken", "system", "unspoken",
]  # fmt: skip

_PACKAGE = "spondyl.registry.exchange"
_TAG = re.compile(r"\s*\([^()]*\)$")
_STRUCTURE = re.compile(r"^(?:structure of )?(.+?)(?: structure)?$")


class Element(NamedTuple):
    """What a field is called, whether it is a number, a word, or has a place of its own in mCODE, and its unit."""

    field: str
    label: str
    kind: str
    unit: str
    ucum: str


class Code(NamedTuple):
    """A code of a value, and whether it is written or only read."""

    field: str
    value: str
    system: str
    code: str
    written: bool
    read: bool


class System(NamedTuple):
    """A code system; of what release its codes are, if it is known."""

    key: str
    uri: str
    prefix: str
    name: str
    version: str


@cache
def elements() -> dict[str, Element]:
    """The fields with a label, in order."""
    found = rows(_PACKAGE, "elements.tsv", ("concept", "term", "kind", "unit", "ucum", "source"))
    return {r["concept"]: Element(r["concept"], r["term"], r["kind"], r["unit"], r["ucum"]) for r in found}


def field_of(label: str) -> str | None:
    """The field of a label, whatever its capitals, if mCODE has no place of its own for it."""
    wanted = label.strip().casefold()
    return next(
        (e.field for e in elements().values() if e.label.casefold() == wanted and e.kind != "own"), None
    )


@cache
def system(key: str) -> System:
    """A code system by its short name."""
    found = rows(_PACKAGE, "systems.tsv", ("concept", "term", "prefix", "name", "version"))
    return {
        r["concept"]: System(r["concept"], r["term"], r["prefix"], r["name"], r["version"]) for r in found
    }[key]


@cache
def _codes() -> tuple[Code, ...]:
    found = rows(_PACKAGE, "codes.tsv", ("field", "concept", "system", "term", "use", "source"))
    return tuple(
        Code(r["field"], r["concept"], r["system"], r["term"], r["use"] != "import", r["use"] != "export")
        for r in found
    )


@cache
def codes(field: str, value: Value) -> tuple[Code, ...]:
    """The codes that are written for a value.

    Example:
        >>> [c.code for c in codes("diagnosis", "leiomyosarcoma")]
        ['8890/3', 'C3158', 'MONDO:0005058']
    """
    return tuple(c for c in _codes() if (c.field, c.value) == (field, value) and c.written)


@cache
def _meanings() -> dict[tuple[str, str], tuple[str, str]]:
    out = {}
    for c in _codes():
        if c.read:
            out[system(c.system).uri, c.code] = (c.field, c.value)
            out["", c.code if ":" in c.code else f"{system(c.system).prefix}:{c.code}"] = (c.field, c.value)
    return out


def meaning(uri: str, code: str) -> tuple[str, str] | None:
    """The field and the value that a code means.

    Args:
        uri: Of the code system; empty where the code has its prefix ("UBERON:0001092").
        code: The code.

    Example:
        >>> meaning("", "NCIT:C3158"), meaning("http://loinc.org", "89243-0"), meaning("", "X:1")
        (('diagnosis', 'leiomyosarcoma'), ('observation', 'performance_status KPS'), None)
    """
    return _meanings().get((uri, code))


def spoken(value: str) -> str:
    """A word of the vocabulary as people write it.

    Example:
        >>> spoken("motor_deficit")
        'motor deficit'
    """
    return value.replace("_", " ")


def same(value: Value) -> Value:
    """What two ways to write a value have in common; of a number, twelve digits.

    Example:
        >>> same("Motor_deficit") == same("motor deficit"), same(0.1 * 3) == same(0.3)
        (True, True)
    """
    return " ".join(spoken(value).split()).casefold() if isinstance(value, str) else float(f"{value:.12g}")


def unspoken(field: str, text: str) -> str:
    """The value of such words.

    Example:
        >>> unspoken("presentation", "Motor deficit"), unspoken("drugs", "folinic acid")
        ('motor_deficit', 'folinic acid')
    """
    return named(field, text) or text


def named(field: str, text: str) -> str | None:
    """The word of a field's closed vocabulary that a text is, whatever its capitals."""
    return next((c for c in rule(field).get("choices", ()) if same(c) == same(text)), None)


def said(field: str, text: str) -> list[str]:
    """The words of a field's closed vocabulary that stand in a text.

    Example:
        >>> said("procedures", "partial lobectomy of lung"), said("procedures", "lobectomies")
        (['lobectomy'], [])
    """
    return [
        c
        for c in rule(field).get("choices", ())
        if re.search(rf"\b{re.escape(spoken(c))}\b", text, re.IGNORECASE)
    ]


def speakable(value: str) -> bool:
    """Whether a format can hold a text: something stands in it, and no control characters.

    Example:
        >>> speakable("C5"), speakable(" "), speakable(chr(12))
        (True, False, False)
    """
    return bool(value.strip()) and not any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value)


def plain(display: str) -> str:
    """A code's display without its semantic tag, in lower case.

    Example:
        >>> plain("Non-small cell lung cancer (disorder)"), plain("Lung structure (body structure)")
        ('non-small cell lung cancer', 'lung')
    """
    bare = _TAG.sub("", display.strip()).lower()
    found = _STRUCTURE.match(bare)
    return found[1] if found else bare


@cache
def _malignant() -> tuple[str, ...]:
    return tuple(r["term"] for r in rows(_PACKAGE, "malignant.tsv", ("term", "source")))


def malignant(diagnosis: str) -> bool:
    """Whether a diagnosis is a cancer by its name.

    Example:
        >>> malignant("renal cell carcinoma"), malignant("tuberculosis")
        (True, False)
    """
    return any(term in diagnosis.lower() for term in _malignant())


@cache
def levels() -> tuple[str, ...]:
    """The vertebral levels that are known."""
    return tuple(sorted({c.value for c in _codes() if c.field == "levels"}, key=level_order))


def level_order(level: str) -> tuple[int, int, str]:
    """A key that sorts levels from above to below.

    Example:
        >>> sorted(["S1", "T10", "C2", "T9"], key=level_order)
        ['C2', 'T9', 'T10', 'S1']
    """
    number = level[1:]
    place = str(rule("levels")["pattern"]).find(level[:1]) if level else -1
    return place, int(number) if number.isdecimal() else 0, level
