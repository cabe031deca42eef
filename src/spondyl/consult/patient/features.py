"""Features on imaging and under the microscope in a text about the patient, for the differential diagnosis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from spondyl.consult.rules.fields import field_of
from spondyl.consult.rules.strict import parsed
from spondyl.extract.document import Sentence
from spondyl.extract.found import Found, claim
from spondyl.extract.narrative import narrative
from spondyl.extract.patients import patients
from spondyl.record import Case, Claim, Paper, SheetError
from spondyl.words.levels import find_levels

__all__ = ["featured", "features"]

OUT = frozenset({"negated", "family", "other", "planned", "possible", "historical"})


class _Feature(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    field: str
    value: str
    pattern: str
    needs: str = ""
    levels: int = 0


class _Features(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    schema_: str = Field(alias="schema", pattern=r"^spondyl\.features/1$")
    features: list[_Feature]


@dataclass(frozen=True)
class _Pattern:
    field: str
    value: str
    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None
    levels: int


@cache
def _patterns() -> tuple[_Pattern, ...]:
    text = files("spondyl.consult.patient").joinpath("features.toml").read_text("utf-8")
    return tuple(_compiled(f) for f in parsed(text, "features.toml", _Features).features)


def _compiled(one: _Feature) -> _Pattern:
    if one.value not in field_of(one.field).values:
        raise SheetError(
            "features.toml", one.value, f"{one.field} is never {one.value}", "use a value of fields.toml"
        )
    needs = re.compile(one.needs) if one.needs else None
    return _Pattern(one.field, one.value, re.compile(one.pattern), needs, one.levels)


def featured(paper: Paper, case: Case) -> Case:
    """The case with the features that its text tells of, each with its words; fields that it has are left alone.

    Args:
        paper: The text.
        case: The patient as read from it.
    """
    more = tuple(c for c in features(paper, case) if not case.of(c.field))
    return case.model_copy(update={"claims": (*case.claims, *more)}) if more else case


def features(paper: Paper, case: Case) -> Iterator[Claim]:
    """The features that a text tells of a patient, each once.

    Args:
        paper: The text.
        case: The patient as read from it.

    Example:
        >>> text = "A 40-year-old man had weakness. MRI showed a mass with a dural tail and no calcification."
        >>> paper = Paper(id="p", source="p", text=text)
        >>> [c.value for c in features(paper, Case(case=1, label="Case 1"))]
        ['dural_tail']
    """
    seen: set[tuple[str, str]] = set()
    for sentence in _told(paper, case):
        for one in _patterns():
            key = one.field, one.value
            if key not in seen and (found := _found(sentence, one)):
                seen.add(key)
                yield claim(found)


def _told(paper: Paper, case: Case) -> list[Sentence]:
    """The sentences about the patient; of a note in which no patient is told apart, all."""
    people = patients(paper)
    mine = [p for p in people if p.label == case.label] or (people if len(people) == 1 else [])
    if mine:
        return mine[0].sentences
    parts = narrative(paper)
    blocks = (*parts.told, *parts.around, *parts.reported, *parts.rest) if not people else ()
    return [s for b in blocks for s in b.sentences]


def _found(sentence: Sentence, one: _Pattern) -> Found | None:
    match = one.pattern.search(sentence.text)
    if not match or (one.needs and not one.needs.search(sentence.text)) or not _long(match, one.levels):
        return None
    start, end = sentence.start + match.start(), sentence.start + match.end()
    if not OUT.isdisjoint(sentence.flags(start, end)):
        return None
    return Found(one.field, one.value, sentence.block, start, end)


def _long(match: re.Match[str], least: int) -> bool:
    """Whether a stretch of levels is as long as is asked."""
    if not least:
        return True
    span = f"{match['first'].upper()}-{match['last'].upper()}"
    return any(len(found.levels) >= least for found in find_levels(span, span.lower()))
