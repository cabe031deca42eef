"""The rules of likeness: criteria with weights and reasons, and how different two tumours are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from spondyl.consult.rules.literature import source, sources
from spondyl.consult.rules.strict import near, parsed, read
from spondyl.present.consultation import Basis
from spondyl.record import ReadError
from spondyl.words.levels import LEVELS
from spondyl.words.tsv import rows

__all__ = ["Criterion", "OutcomeSet", "Rules", "listed", "rules", "rules_from"]

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Kin(_Strict):
    """Two values that are not the same and not wholly different."""

    a: Text
    b: Text
    likeness: Share
    why: Text


class _Scale(_Strict):
    """A scale by the words that name it, with its length."""

    words: Text
    span: Annotated[float, Field(gt=0)]


class Criterion(_Strict):
    """One thing that is compared.

    Args:
        field: The field of the record.
        label: In words.
        kind: "tumour", "choice", "set", "findings", "levels", "number", "worst" grade of several, or "scaled":
            a number on a named scale.
        weight: How much it counts.
        why: The reason for the weight.
        sources: What the reason rests on.
        scale: The difference that counts as fully different; segments of the spine, years, grades.
        unit: The unit of a number, in words.
        negative: For findings, the field of those that were denied.
        silent: For findings, how much one that only one of the two tells counts as a clash.
        without: For sets, the word that says the set is empty, and known to be.
        ignore: Values that say nothing.
        kin: Values that are alike in part.
        scales: The scales, for "scaled".
    """

    field: Text
    label: Text
    kind: Literal["tumour", "choice", "set", "findings", "levels", "number", "worst", "scaled"]
    weight: Annotated[float, Field(gt=0)]
    why: Text
    sources: list[Text]
    scale: Annotated[float, Field(gt=0)] = 1.0
    unit: str = ""
    negative: str = ""
    silent: Share = 1.0
    without: str = ""
    ignore: list[Text] = []
    kin: list[_Kin] = []
    scales: list[_Scale] = []

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.sources:
            if name not in sources():
                raise ValueError(f"no source {name} in sources.toml{near(name, sources())}")
        return self

    def alike(self, a: str, b: str) -> float:
        """How alike two values are, 0 to 1."""
        if a == b:
            return 1.0
        if self.kind == "levels":
            return max(0.0, 1 - _segments(a, b) / self.scale)
        return next((k.likeness for k in self.kin if {k.a, k.b} == {a, b}), 0.0)

    def graded(self, words: str) -> tuple[str, float] | None:
        """A value on a named scale as (scale, share of its length); `None` where it names none.

        Example:
            >>> next(c for c in rules().criteria if c.kind == "scaled").graded("karnofsky 70")
            ('karnofsky|kps', 0.7)
        """
        number = re.search(r"\d+(?:\.\d+)?", words)
        found = next((s for s in self.scales if re.search(s.words, words, re.IGNORECASE)), None)
        return (found.words, float(number[0]) / found.span) if number and found else None


class _Family(_Strict):
    name: Text
    of: list[Text]
    why: Text
    sources: list[Text]


class _Apart(_Strict):
    """Two tumours of one name that are not alike, with all their kinds."""

    a: Text
    b: Text
    difference: Share
    why: Text


class _Tumour(_Strict):
    kind: Share
    sibling: Share
    family: Share
    organ: Share
    class_: Share = Field(alias="class")
    why: Text
    families: list[_Family]
    apart: list[_Apart]

    def between(self, a: str, b: str) -> float:
        """How different two tumours are, 0 to 1."""
        if a == b:
            return 0.0
        above_a, above_b = _lineage(a), _lineage(b)
        for one in self.apart:
            if (one.a in above_a and one.b in above_b) or (one.b in above_a and one.a in above_b):
                return one.difference
        if a in above_b or b in above_a:
            return self.kind
        if above_a & above_b - _wide():
            return self.sibling
        if any(above_a & set(f.of) and above_b & set(f.of) for f in self.families):
            return self.family
        if not _class(a) or _class(a) != _class(b):
            return 1.0
        organs = _organ(a), _organ(b)
        return self.organ if organs[0] and organs[0] == organs[1] else self.class_


class _Left(_Strict):
    field: Text
    why: Text


class OutcomeSet(_Strict):
    """Whose outcome is told: cases that differ by at most so much in some criteria; where it names none, the near."""

    id: Text
    words: Text
    within: dict[str, Share]


class _Outcomes(_Strict):
    least_cases: Annotated[int, Field(ge=2)]
    least_deaths: Annotated[int, Field(ge=1)]
    at_months: list[Annotated[float, Field(gt=0)]]
    listed: Annotated[int, Field(ge=1)]
    figures: Annotated[int, Field(ge=1)]
    why: Text
    sets: Annotated[list[OutcomeSet], Field(min_length=1)]


class Rules(_Strict):
    """What is compared and how much it counts.

    Args:
        version: Of the file.
        nearest: How many cases are shown.
        unknown: What a case does not tell counts as so different, for the order of cases.
        least_compared: The least share of the patient's weight that must be compared.
        farthest: The most that a near case may differ.
        possibly_same: A case at most so different may be the same patient.
        criteria: What is compared.
        not_compared: What is not, and why.
        tumour: How different tumours are.
        outcomes: Whose outcome is told, and when a curve is drawn.
    """

    schema_: Literal["spondyl.alike/1"] = Field(alias="schema")
    version: int
    nearest: Annotated[int, Field(ge=1)]
    unknown: Share
    least_compared: Share
    farthest: Share
    possibly_same: Share
    criteria: list[Criterion] = Field(alias="criterion")
    not_compared: list[_Left]
    tumour: _Tumour
    outcomes: _Outcomes

    @model_validator(mode="after")
    def _once(self) -> Self:
        fields = [c.field for c in self.criteria]
        for name in (f for one in self.outcomes.sets for f in one.within if f not in fields):
            raise ValueError(f"the outcomes ask for {name}, which is not compared{near(name, fields)}")
        if twice := sorted({f for f in fields if fields.count(f) > 1}):
            raise ValueError(f"{twice[0]} is compared twice; keep one criterion")
        return self

    def basis(self, criterion: Criterion | None = None) -> tuple[Basis, ...]:
        """The rule, and what it rests on."""
        if criterion is None:
            words = "Gower's distance over weighted criteria; what one of the two does not tell is left out"
            return Basis("rule", words, f"alike.toml, version {self.version}"), source("gower1971").basis
        rule = Basis("rule", criterion.why, f"alike.toml, {criterion.field}, weight {criterion.weight:g}")
        return (rule, *(source(name).basis for name in criterion.sources))


@cache
def rules() -> Rules:
    """The rules that ship with Spondyl."""
    return read("alike", Rules)


def rules_from(path: str | Path) -> Rules:
    """Rules of one's own, in a file like the one that ships with Spondyl.

    Args:
        path: A TOML file.

    Raises:
        ReadError: The file cannot be read.
        SheetError: It is no TOML, or holds a key or a value that is not known; says which and how to mend it.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no text in UTF-8"
        raise ReadError(f"cannot be read ({why})", str(path), "give a TOML file like alike.toml") from None
    return parsed(text, Path(path).name, Rules)


def _segments(a: str, b: str) -> float:
    known = _order()
    return abs(known[a] - known[b]) if a in known and b in known else float("inf")


@cache
def _order() -> dict[str, int]:
    return {level: k for k, level in enumerate(LEVELS)}


@cache
def _lexicon() -> dict[str, dict[str, str]]:
    """Tumour → the wider one, its class and its organ; read by its place, and so without the reader of papers."""
    out: dict[str, dict[str, str]] = {}
    for e in rows("spondyl", "extract/lexicons/tumours.tsv", ("concept", "site", "class", "note")):
        held = out.setdefault(e["concept"], {"wider": "", "class": "", "site": ""})
        wider = re.search(r"\bis:([^;]+)", e["note"])
        held["wider"] = held["wider"] or (wider[1].strip() if wider else "")
        held["class"] = e["class"] if held["class"] in ("", _WIDE) else held["class"]
        held["site"] = held["site"] or e["site"]
    return out


_WIDE = "generic"
"""The class of names too wide to be one disease."""


@cache
def _wide() -> frozenset[str]:
    return frozenset(name for name, held in _lexicon().items() if held["class"] == _WIDE)


@cache
def _lineage(tumour: str) -> frozenset[str]:
    """A tumour and the wider ones it belongs to."""
    found, at = {tumour}, tumour
    while (at := _lexicon().get(at, {}).get("wider", "")) and at not in found:
        found.add(at)
    return frozenset(found)


def _class(tumour: str) -> str:
    """The class of a tumour: by the lexicon, or as its name says; "" for a name that says nothing."""
    held = _lexicon().get(tumour, {}).get("class", "")
    named = next((c for c in ("sarcoma", "carcinoma") if re.search(rf"{c}$|\b{c} of ", tumour)), "")
    return named if held in ("", _WIDE) else held


def _organ(tumour: str) -> str:
    """The organ of a tumour, or of the narrowest wider one that has one."""
    at, held = tumour, _lexicon()
    while at and not held.get(at, {}).get("site"):
        at = held.get(at, {}).get("wider", "")
    return held[at]["site"] if at else ""


def listed(values: Iterable[object]) -> list[str]:
    """Values as texts, each once."""
    return list(dict.fromkeys(str(v) for v in values))
