"""What is missing of a patient, what could change most of the page first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from spondyl import score
from spondyl.consult.patient.fitting import Fit
from spondyl.consult.patient.sheet_words import and_
from spondyl.consult.rules import Results, ask
from spondyl.consult.rules.fields import fields
from spondyl.present.consultation import Basis, Line, Part
from spondyl.score import Result
from spondyl.score.model import BandsOnly

__all__ = ["Wanted", "line", "wanted"]

FLAG, RULE = 1.0, 0.25
"""Weight of a red flag and of another statement that cannot be judged for want of a value; a score's band is 1."""
UNSURE = 0.5
"""Factor for a score that is not verified."""


@dataclass
class Wanted:
    """Something to find out.

    Args:
        key: A field, or an item of a score.
        words: How it is asked for.
        who: The discipline that can supply it.
        scores: Scores that it could move: title → how surely, from 0 to 1.
        flags: Red flags that cannot be judged without it.
        rules: Other statements of the page that cannot be judged without it.
        likeness: How much it counts in the likeness of cases, of 1 in all.
        weight: All of that in a number.
    """

    key: str
    words: str
    who: str
    scores: dict[str, float] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    likeness: float = 0.0
    weight: float = 0.0


@cache
def _questions() -> Mapping[str, Mapping[str, Any]]:
    text = resources.files("spondyl.consult.patient").joinpath("questions.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _keys() -> Mapping[str, str]:
    """Item of a score → the one question behind it."""
    return {item: key for key, question in _questions().items() for item in question["items"]}


def wanted(
    fits: Mapping[str, Fit],
    results: Results,
    parts: Sequence[Part],
    likeness: Mapping[str, float] | None = None,
) -> list[Wanted]:
    """What to find out, what could change most of the page first.

    Args:
        fits: Which scores fit.
        results: The patient's scores.
        parts: Parts of the page with lines that are not known; such a line names what it misses in its value.
        likeness: Field that is not known → how much it would count in the likeness of cases, of 1 in all.
    """
    found: dict[str, Wanted] = {}
    for fit in fits.values():
        result = results[fit.sheet] if fit.shown and not fit.scale else None
        for item, share in _moves(result) if result else ():
            one = _of(found, f"{fit.sheet}.{item}")
            title = result.sheet.title if result else ""
            one.scores[title] = share
            one.weight += share * (UNSURE if _unsure(result) else 1.0)
    for part in (p for p in parts if p.key != "scores"):
        for line in _unknown(part):
            for name in filter(_askable, line.value["missing"]):
                _add(_of(found, name), part, line)
    for name, weight in (likeness or {}).items():
        one = _of(found, name)
        one.likeness = weight
        one.weight += weight
    found.pop("computed", None)
    return sorted(found.values(), key=lambda w: (-round(w.weight, 6), w.key))


def _unsure(result: Result | None) -> bool:
    return result is None or result.sheet.status == "unverified" or "D" in (
        result.sheet.evidence.items, result.sheet.evidence.bands
    )  # fmt: skip


def _moves(result: Result) -> Iterator[tuple[str, float]]:
    """Open items of a score with how surely each would settle it: 1 for one that leaves a single band."""
    if isinstance(result.sheet, BandsOnly) or result.band:
        return
    whole = len(result.possible) - 1
    for question in result.find_out:
        left = [len(bands) - 1 for bands in question.bands.values()]
        if whole > 0 and left:
            share = 1 - sum(left) / len(left) / whole
            if share > 0:
                yield question.id, share


def _of(found: dict[str, Wanted], name: str) -> Wanted:
    key = _keys().get(name, name)
    if key not in found:
        asked = ask(key if key in fields() else name)
        words = _questions()[key]["ask"] if key in _questions() else asked.words
        found[key] = Wanted(key, words, asked.discipline)
    return found[key]


def _askable(name: str) -> bool:
    """Whether something missing is a field, a stain or an item of a score."""
    first = name.partition(".")[0]
    return first in fields() or first == "ihc" or first in score.names()


def _add(one: Wanted, part: Part, line: Line) -> None:
    about = line.value.get("about") or line.text.removeprefix("Not known: ")
    held = one.flags if part.key == "flags" else one.rules
    if about not in held:
        held.append(about)
        one.weight += (FLAG if part.key == "flags" else RULE) / len(line.value["missing"])


def _unknown(part: Part) -> Iterator[Line]:
    """The lines of a part that name what they miss."""
    cells = (cell for grid in part.grids for row in grid.rows for cell in row)
    todo = [*part.lines, *cells]
    while todo:
        line = todo.pop(0)
        todo += line.more
        if line.tone in ("unknown", "missing") and isinstance(line.value, dict) and "missing" in line.value:
            yield line


def line(one: Wanted) -> tuple[Line, Line, Line]:
    """What to find out as a row: what, who can tell, and what it could change.

    Args:
        one: What is wanted.
    """
    basis = Basis("computed", "what each missing value could change on this page", "consult/patient/asking")
    said = [*(f"red flag: {flag[0].lower()}{flag[1:]}" for flag in one.flags)]
    if one.scores:
        titles = sorted(one.scores, key=lambda t: (-one.scores[t], t))
        sure = "settles " if one.scores[titles[0]] == 1 else ""
        said.append(
            sure + and_(titles[:3]) + (f" and {len(titles) - 3} more scores" if len(titles) > 3 else "")
        )
    if one.rules:
        said.append(f"{len(one.rules)} further statement{'s' if len(one.rules) > 1 else ''} of this page")
    if one.likeness:
        said.append(f"which cases are alike ({one.likeness:.0%} of the weight)")
    value = {"key": one.key, "weight": round(one.weight, 3)}
    return (
        Line(one.words[0].upper() + one.words[1:], (basis,), "missing", key=f"missing-{one.key}", value=value),
        Line("; ".join(said), (basis,)),
        Line(one.who, (basis,)),
    )  # fmt: skip
