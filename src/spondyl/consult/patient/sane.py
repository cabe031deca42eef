"""Values that cannot be, and values that cannot both be: said plainly, with the reason."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from spondyl.present.catalog import field, fields, number, shown
from spondyl.record import LIST_FIELDS, Case, Claim, UsageError, Value
from spondyl.words.levels import LEVELS

__all__ = ["absurd_words", "clashes", "sane", "why_not"]

_ALSO = {"other_metastases": ("none",)}
"""Words that a case file may say beyond a field's choices."""


@cache
def _limits() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_text("limits.toml"))


@cache
def _clashes() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(_text("clashes.toml"))["clash"])


def _text(name: str) -> str:
    return resources.files("spondyl.consult.patient").joinpath(name).read_text("utf-8")


def sane(case: Case) -> tuple[Case, dict[str, str]]:
    """A record without the values that cannot be, and what was left aside, in words.

    Args:
        case: The record as it was given or read.

    Returns:
        The record with the other values, and field → what was given and why it cannot be.

    Example:
        >>> claims = [Claim(field=k, value=v, quotes=()) for k, v in [("age_years", 630), ("sex", "male")]]
        >>> kept, aside = sane(Case(case=1, label="", claims=tuple(claims)))
        >>> dict(kept.fields), aside["age_years"]
        ({'sex': 'male'}, 'age 630: no human age above 122 years is documented')
    """
    kept: list[Claim] = []
    aside: dict[str, str] = {}
    for claim in case.claims:
        if why := why_not(claim.field, claim.value):
            label = field(claim.field).label
            said = f"{label} {_value(claim)}: {why}"
            aside[claim.field] = f"{aside[claim.field]}; {said}" if claim.field in aside else said
        else:
            kept.append(claim)
    return case.model_copy(update={"claims": tuple(kept)}), aside


def _value(claim: Claim) -> str:
    return number(claim.value) if isinstance(claim.value, int | float) else str(claim.value)[:80]


def why_not(name: str, value: Value) -> str:
    """Why a value cannot be one of a field; "" where it can.

    Args:
        name: The field.
        value: The value.

    Example:
        >>> why_not("levels", "T15")[:24], why_not("levels", "T12"), why_not("sex", "femal")
        ('the spine has C1 to C7 (', '', 'expected female, male; did you mean female?')
    """
    if "." in name:
        return _no_answer(name, value)
    if name not in fields() and name not in LIST_FIELDS:
        near = difflib.get_close_matches(name, fields(), n=1, cutoff=0.85)
        return f"there is no field {name}; did you mean {near[0]}?" if near else ""
    known = field(name)
    limit = _limits().get(name, {})
    if known.kind == "number" or "low" in limit:
        return _no_number(value, limit)
    if known.kind == "choice" and value not in (*known.choices, *_ALSO.get(name, ())):
        near = difflib.get_close_matches(str(value), known.choices, n=1, cutoff=0.7)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"expected {', '.join(known.choices)}{hint}"
    wrong = limit.get("levels") and value not in LEVELS
    wrong = wrong or ("pattern" in limit and not re.fullmatch(limit["pattern"], str(value)))
    return str(limit["why"]) if wrong else ""


def _no_number(value: Value, limit: Mapping[str, Any]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "expected a number"
    if not limit or limit["low"] <= value <= limit["high"]:
        return "" if value == value else "expected a number"
    hint = f" ({limit['hint']})" if "hint" in limit and value >= limit["hint_from"] else ""
    return f"{limit['why']}{hint}"


def _no_answer(name: str, value: Value) -> str:
    """Why an answer to an item of a score is none: no such score or item, or not understood."""
    from spondyl import score

    sheet, _, item = name.partition(".")
    if sheet not in score.names():
        near = difflib.get_close_matches(sheet, score.names(), n=1)
        return f"there is no score {sheet}" + (f"; did you mean {near[0]}?" if near else "")
    try:
        score.score(sheet, {item: value})
    except UsageError as error:
        return str(error)
    return ""


def absurd_words(text: str) -> dict[str, str]:
    """What a text says that cannot be, and that reading therefore left out: field → words and reason.

    Args:
        text: The text.

    Example:
        >>> absurd_words("A 630-year-old man with a lesion of T15.")["levels"][:20]
        'level T15: the spine'
    """
    out: dict[str, list[str]] = {}
    for name, limit in _limits().items():
        for found in re.finditer(limit.get("in_text", "(?!)"), text):
            written = " ".join(next(filter(None, found.groups())).split())
            value = float(written) if written.isdecimal() else written
            if (why := why_not(name, value)) and written not in " ".join(out.get(name, ())):
                out.setdefault(name, []).append(f"{field(name).label} {written}: {why}")
    return {name: "; ".join(said) for name, said in out.items()}


def clashes(values: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
    """Values that cannot both be true: the sentence, and the fields with the values it is about.

    Args:
        values: Field → its values.

    Example:
        >>> next(clashes({"presentation": ("pain",), "denied": ("pain",)}))[0]
        'Pain is recorded as present and as denied.'
    """
    for name, held in values.items():
        if name not in LIST_FIELDS and len(held) > 1:
            said = " and ".join(shown(name, v) for v in held)
            yield f"{field(name).label.capitalize()} is given as {said}.", tuple((name, v) for v in held)
    for value in values.get("presentation", ()):
        if value in values.get("denied", ()):
            words = str(value).replace("_", " ").capitalize()
            yield (
                f"{words} is recorded as present and as denied.",
                (("presentation", value), ("denied", value)),
            )
    yield from _late(values)
    for clash in _clashes():
        found = [
            (n, v) for n, wanted in clash["when"].items() for v in values.get(n, ()) if _among(v, wanted)
        ]
        if {n for n, _ in found} == set(clash["when"]):
            yield clash["says"], tuple(found)


def _late(values: Mapping[str, tuple[Any, ...]]) -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
    back, seen = values.get("recurrence_months", ()), values.get("follow_up_months", ())
    if back and "no" in values.get("recurrence", ()):
        about = (("recurrence", "no"), *(("recurrence_months", v) for v in back))
        yield "No recurrence is recorded, yet a time to recurrence is.", about
    if back and seen and min(back) > max(seen):
        about = (*(("recurrence_months", v) for v in back), *(("follow_up_months", v) for v in seen))
        yield "The recurrence came after the last follow-up.", about


def _among(value: Any, wanted: list[str]) -> bool:
    if value in wanted:
        return True
    least = [float(w[:-2]) for w in wanted if w.endswith("..")]
    return bool(least) and isinstance(value, int | float) and value >= min(least)
