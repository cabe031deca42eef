"""What a value of a field may be: kinds, ranges, choices and patterns, with the nearest word for one that is none."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Any

from spondyl.record import Value

__all__ = ["Terms", "allowed", "fields", "nearest", "refusal", "rule"]

Terms = Mapping[str, Collection[str]]
"""Field → the words that may stand in it, of fields whose vocabulary another stage knows (tumours, drugs, …)."""
_STAR = r"[0-9]+"


@cache
def _checks() -> dict[str, dict[str, Any]]:
    text = resources.files("spondyl.registry").joinpath("checks.toml").read_text("utf-8")
    return tomllib.loads(text)


def fields() -> tuple[str, ...]:
    """The fields with a rule, in order."""
    return tuple(_checks())


@cache
def rule(name: str) -> Mapping[str, Any]:
    """The rule of a field; empty for a field that may hold anything.

    Example:
        >>> rule("age_years")["high"], rule("survival_at_24_months_percent")["high"], dict(rule("ward"))
        (125, 100, {})
    """
    if name in _checks():
        return _checks()[name]
    starred = (known for known in _checks() if "*" in known)
    return next((_checks()[k] for k in starred if re.fullmatch(k.replace("*", _STAR), name)), {})


def refusal(name: str, value: Value) -> str | None:
    """Why a value cannot be one of a field, without the value itself; `None` where it can.

    Example:
        >>> refusal("levels", "C9"), refusal("age_years", 630), refusal("age_years", 63)
        ('expected C[1-8]|T([1-9]|1[0-2])|L[1-5]|S[1-5]', 'expected 0 to 125', None)
    """
    held = rule(name)
    if value in held.get("also", ()):
        return None
    if held.get("kind") == "number" and isinstance(value, str):
        return "expected a number"
    if "low" in held and not isinstance(value, str) and not held["low"] <= value <= held["high"]:
        return f"expected {held['low']} to {held['high']}"
    if "choices" in held and value not in held["choices"]:
        return f"expected one of {', '.join(held['choices'])}"
    if "pattern" in held and not re.fullmatch(held["pattern"], str(value)):
        return f"expected {held['pattern']}"
    return None


def allowed(name: str) -> str:
    """What a field may hold, in words; empty where it may hold anything.

    Example:
        >>> allowed("sex"), allowed("age_years"), allowed("diagnosis")
        ('female, male', '0 to 125', '')
    """
    held = rule(name)
    if "choices" in held:
        return ", ".join(held["choices"])
    return f"{held['low']} to {held['high']}" if "low" in held else str(held.get("pattern", ""))


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that is most like another one.

    Example:
        >>> nearest("leiomyosarkoma", ["melanoma", "leiomyosarcoma"]), nearest("x", ["melanoma"])
        ('leiomyosarcoma', None)
    """
    found = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.7)
    return found[0] if found else None
