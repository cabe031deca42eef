"""Signs told by two words: an ability that fails, a structure that is pressed upon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from spondyl.extract.knowledge import PACKAGE
from spondyl.words.tsv import rows

__all__ = ["FAILING", "PRESSED", "Sign", "signs"]

_COLUMNS = ("term", "concept", "role", "language", "source", "note")
_BETWEEN = r"(?:[a-z'-]+ ){0,3}?"
_INSIDE = r" (?:(?:the|his|her|their|my|both|either|all|left|right|any|own|lower|upper|affected) ){0,3}"
_ACTIVE_GAP = r"(?:(?:(?!by|from|without)[a-z'-]+,? ){0,5}?)"
FAILING = "able|abilit|could|can|hard|diffic|imposs|incap|troubl|proble|lost|loss|strugg|impair|fail"
PRESSED = "cord|sac|thec|dura|cauda|conus"
"""What a text holds that tells of a failing ability, or of a structure pressed upon."""
_ANY_FAILING, _ANY_PRESSED = re.compile(FAILING), re.compile(PRESSED)


class Sign(NamedTuple):
    """A sign in a folded sentence.

    Args:
        concept: What it is a sign of.
        start, end: Its place in the sentence.
        cue_end: The end of the word for the failure, whose own negation does not deny the sign.
        denied: Whether its own words deny it ("the cord was not compressed").
    """

    concept: str
    start: int
    end: int
    cue_end: int
    denied: bool = False


@cache
def _by_role(role: str) -> dict[str, str]:
    return {r["term"]: r["concept"] for r in rows(PACKAGE, "signs.tsv", _COLUMNS) if r["role"] == role}


def _one_of(terms: Iterable[str], inside: str = " ") -> str:
    """A pattern of terms, the longest first; the first word of each also with the ending of a plural or a verb."""
    longest = sorted(terms, key=len, reverse=True)
    return "(?:" + "|".join(inside.join(_forms(t.split())) for t in longest) + ")"


def _forms(words: list[str]) -> list[str]:
    first, *rest = map(re.escape, words)
    if first.endswith("ies"):
        first = first[:-3] + "y"
    elif first.endswith("s") and not first.endswith("ss"):
        first = first[:-1]
    first = f"{first[:-1]}(?:y|ies)" if first.endswith("y") else f"{first}(?:e?s)?"
    return [first, *rest]


@cache
def _failing() -> list[tuple[str, re.Pattern[str]]]:
    """For each concept the pattern of a failing ability."""
    cue = _one_of(_by_role("failing"))
    abilities: dict[str, list[str]] = {}
    for term, concept in _by_role("ability").items():
        abilities.setdefault(concept, []).append(term)
    return [
        (concept, re.compile(rf"\b(?P<cue>{cue}),? {_BETWEEN}{_one_of(terms, _INSIDE)}s?\b"))
        for concept, terms in abilities.items()
    ]


@cache
def _pressed() -> list[re.Pattern[str]]:
    """A structure pressed upon, in the active, in the passive, and as a compound ("cord effacement")."""
    press, neural = _one_of(_by_role("pressing")), _one_of(_by_role("neural"))
    nouns = _one_of(_by_role("pressure"))
    be = r"(?: (?:itself|at [\w -]{2,20}))?,? (?:was|is|were|had been|being|appeared) (?:[a-z]+ ){0,3}?"
    return [
        re.compile(rf"\b{press} {_ACTIVE_GAP}{neural}\b(?! ?(?:level|tumou?r|metast|segment|neoplas))"),
        re.compile(rf"\b{neural}{be}{press}\b"),
        re.compile(rf"\b{neural} {nouns}\b"),
    ]


def signs(text: str) -> Iterator[Sign]:
    """The signs in a folded sentence, whether affirmed or not.

    Args:
        text: The sentence, in lower case.

    Example:
        >>> [s.concept for s in signs("she could no longer climb stairs; the mass indented the thecal sac")]
        ['gait_disturbance', 'cord_compression']
    """
    if _ANY_FAILING.search(text):
        for concept, pattern in _failing():
            for m in pattern.finditer(text):
                yield Sign(concept, m.start(), m.end(), m.end("cue"))
    if _ANY_PRESSED.search(text):
        for pattern in _pressed():
            for m in pattern.finditer(text):
                if "no longer" not in m.group():
                    yield Sign("cord_compression", m.start(), m.end(), m.start(), " not " in m.group())
