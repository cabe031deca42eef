"""Which statements speak of the same group and the same quantity."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from spondyl.record import Statement

__all__ = ["IDLE", "endpoint", "same_group", "sorted_kin", "topic"]

_WORD = re.compile(r"[a-z][a-z-]+")
IDLE = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "at",
        "for",
        "and",
        "or",
        "to",
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "being",
        "with",
        "mean",
        "median",
        "average",
        "sd",
        "iqr",
        "range",
        "rate",
        "rates",
        "year",
        "years",
        "month",
        "months",
        "day",
        "days",
        "ci",
        "score",
        "time",
        "value",
        "n",
        "no",
        "number",
        "overall",
        "total",
        "patients",
        "patient",
        "cases",
        "case",
        "all",
        "our",
        "these",
        "those",
        "this",
        "that",
        "had",
        "who",
        "by",
        "from",
        "on",
        "after",
        "as",
        "it",
        "they",
        "we",
        "than",
        "not",
        "but",
        "only",
        "also",
        "both",
        "respectively",
        "found",
        "seen",
        "noted",
        "cohort",
        "group",
        "study",
    ]
)
"""Words that say nothing of what a quantity is."""
_ENDPOINTS = (
    ("progression", re.compile(r"\bprogression|\bpfs\b")),
    ("disease-free", re.compile(r"disease-free|recurrence-free|relapse-free|\bdfs\b|\brfs\b|event-free")),
    ("control", re.compile(r"\bcontrol\b")),
    ("revision", re.compile(r"revision|implant|construct|prosthe")),
    ("fracture", re.compile(r"fracture-free|skeletal")),
    ("incidence", re.compile(r"incidence|risk")),
    ("specific", re.compile(r"specific|\bdss\b|\bcss\b")),
    ("overall", re.compile(r"\bsurviv|\bos\b|\bsurvival|\balive\b|\bmedian, months|^median$")),
)
_ORIGIN = re.compile(
    r"\b(?:after|from|since|following|of) (?:the )?[a-z"
    r" -]{0,40}?(diagnos|bone|metasta|surg|treat|implant|progress)"
)


@lru_cache(maxsize=4096)
def endpoint(of: str) -> str:
    """Which event a survival time or rate counts, "" where none is named.

    Example:
        >>> endpoint("overall survival (OS)"), endpoint("revision-free rate"), endpoint("1-year survival (CI)")
        ('overall', 'revision', 'overall')
    """
    words = of.lower()
    name = next((name for name, pattern in _ENDPOINTS if pattern.search(words)), "")
    origin = _ORIGIN.search(words) if name == "overall" else None
    return f"{name} from {origin[1]}" if origin else name


def topic(of: str) -> frozenset[str]:
    """The words of a label that tell one quantity from another.

    Example:
        >>> sorted(topic("A skeletal complication was present at diagnosis in"))
        ['complication', 'diagnosis', 'present', 'skeletal']
    """
    return frozenset(_WORD.findall(of.lower())) - IDLE


def same_group(one: Statement, other: Statement) -> bool:
    """Whether two statements name the same group in the same words."""
    return bool(one.group) and " ".join(one.group.lower().split()) == " ".join(other.group.lower().split())


def sorted_kin(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """Statements by group, in the order of the text."""
    groups: dict[str, list[Statement]] = {}
    for s in statements:
        if s.quotes and s.group:
            groups.setdefault(" ".join(s.group.lower().split()), []).append(s)
    yield from groups.values()
