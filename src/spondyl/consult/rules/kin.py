"""Which diagnoses are kinds of which: a clear cell renal cell carcinoma is a renal cell carcinoma is a carcinoma."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from spondyl.words.tsv import rows

__all__ = ["is_known", "is_understood", "kin"]


LEXICON = "extract/lexicons/tumours.tsv"
"""Read by its place: importing the reader of papers for its list of tumours would take longer than a page."""


@cache
def _parents() -> Mapping[str, str]:
    """Diagnosis → the wider one that the lexicon names."""
    entries = rows("spondyl", LEXICON, ("concept", "note", "class"))
    found = ((e["concept"], re.search(r"\bis:([^;]+)", e["note"])) for e in entries)
    return {concept: wider[1].strip() for concept, wider in found if wider}


@cache
def _classes() -> Mapping[str, str]:
    entries = rows("spondyl", LEXICON, ("concept", "note", "class"))
    return {e["concept"]: e["class"] for e in entries}


@cache
def _concepts() -> Mapping[str, str]:
    """Other names of a tumour → its concept; abbreviations and names of several tumours are left out."""
    found: dict[str, set[str]] = {}
    for e in rows("spondyl", LEXICON, ("term", "concept", "note")):
        if "abbreviation" not in e["note"]:
            found.setdefault(e["term"].lower(), set()).add(e["concept"])
    return {term: min(held) for term, held in found.items() if len(held) == 1}


def _concept(diagnosis: str) -> str:
    """The lexicon's name of a diagnosis; itself where it has none, or is a name or a class of the lexicon."""
    named = diagnosis in _classes() or diagnosis in _classes().values()
    return diagnosis if named else _concepts().get(diagnosis.lower(), diagnosis)


@cache
def kin(diagnosis: str) -> frozenset[str]:
    """A diagnosis, the wider ones it belongs to, and its class.

    Example:
        >>> sorted(kin("clear cell renal cell carcinoma"))
        ['carcinoma', 'clear cell renal cell carcinoma', 'renal cell carcinoma']
        >>> sorted(kin("lung adenocarcinoma"))
        ['carcinoma', 'lung adenocarcinoma', 'lung carcinoma']
    """
    at = _concept(diagnosis)
    found = {diagnosis, at}
    while (at := _parents().get(at, "")) and at not in found:
        found.add(at)
    return frozenset({*found, *_class(_concept(diagnosis))})


def _class(diagnosis: str) -> tuple[str, ...]:
    """The class of a diagnosis: by the lexicon, or as its name says; none for a name that says nothing."""
    if diagnosis in _classes():
        return (_classes()[diagnosis],)
    return tuple(c for c in ("sarcoma", "carcinoma") if re.search(rf"{c}$|\b{c} of ", diagnosis))[:1]


def is_understood(diagnosis: str) -> bool:
    """Whether anything is known of a diagnosis: the lexicon holds it, or its name says its class.

    Example:
        >>> is_understood("squamous cell carcinoma of rectum"), is_understood("leiomyosarkoma")
        (True, False)
    """
    return len(kin(diagnosis)) > 1 or is_known(diagnosis)


def is_known(name: str) -> bool:
    """Whether the lexicon holds a diagnosis or a class of that name.

    Example:
        >>> is_known("leiomyosarcoma"), is_known("sarcoma"), is_known("leiomyosarkoma")
        (True, True, False)
    """
    return _concept(name) in _classes() or name in _classes().values()
