"""Whether a statement is about a group that stands as a row."""

from __future__ import annotations

import re

from spondyl.record import Case
from spondyl.words.numbers import NUMBER, number

__all__ = ["same_group"]

_NUMBER = re.compile(rf"(?<![\w.]){NUMBER}(?![\w.])")
_STUDY = re.compile(
    r"([^\W\d_][\w'’-]+)(?: et al| and (?:co-?workers|colleagues|associates)|, (?:19|20)\d\d)"
)
_UNNAMED = "literature"


def same_group(case: Case, group: str) -> bool:
    """Whether the words a statement names its group with mean the group of a case.

    They do when they are the case's label; or when both are of the same study and the same size.

    Args:
        case: A case of kind "group".
        group: The group of a statement.

    Returns:
        Whether the statement belongs to the case.

    Example:
        >>> forty = Case(case=1, label="40 patients with spinal metastases", kind="group")
        >>> same_group(forty, "Forty patients"), same_group(forty, "12 of 40"), same_group(forty, "")
        (True, False, False)
    """
    if _plain(case.label) == _plain(group):
        return True
    if not group or group.startswith(_UNNAMED) or _studies(case.label) != _studies(group):
        return False
    size = next((c.value for c in case.claims if c.field == "n_patients"), _size(case.label))
    named = _size(group)
    return named == size if named is not None else bool(_studies(group))


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _studies(words: str) -> frozenset[str]:
    """The surnames by which studies are named."""
    return frozenset(name.casefold() for name in _STUDY.findall(words))


def _size(words: str) -> float | None:
    """The first number in a label that is no year and no number of a reference."""
    bare = re.sub(r"\[[\d,– -]+\]|\b(?:19|20)\d\d\b", " ", words).lower()
    found = _NUMBER.search(bare)
    return number(found[0]) if found else None
