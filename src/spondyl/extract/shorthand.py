"""Abbreviations that a paper defines for itself: "myxoid chondrosarcoma (MC)" makes MC that tumour."""

from __future__ import annotations

import re
from functools import lru_cache

from spondyl.extract.document import Sentence
from spondyl.extract.knowledge import terms
from spondyl.words.terms import Entry, Hit, Tokens

__all__ = ["shorthand", "shorthand_hits"]

_AFTER = re.compile(r"\((?P<short>[A-Z][A-Za-z0-9/-]{1,8})(?=[);,])")
_OPENED = re.compile(r" \((?=[a-z])")
_BEFORE = re.compile(r"\b[A-Z][A-Za-z0-9/-]{1,8}$")
LONGEST = 90


@lru_cache(maxsize=8)
def shorthand(text: str) -> tuple[dict[str, Entry], re.Pattern[str] | None]:
    """The abbreviations of tumours that a text defines, and a pattern that finds them.

    Args:
        text: The text of a paper.

    Example:
        >>> {k: e.concept for k, e in shorthand("A leiomyosarcoma (LMS) was seen on MRI (T1).")[0].items()}
        {'LMS': 'leiomyosarcoma'}
    """
    found: dict[str, Entry] = {}
    for m in _AFTER.finditer(text):
        _learn(found, m["short"], text[max(0, m.start() - LONGEST) : m.start()], at_end=True)
    for m in _OPENED.finditer(text):
        if short := _BEFORE.search(text, max(0, m.start() - 9), m.start()):
            _learn(found, short.group(), text[m.end() : m.end() + LONGEST].split(")")[0], at_end=False)
    if not found:
        return found, None
    return found, re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, found), key=len, reverse=True))})s?\b")


def _learn(found: dict[str, Entry], short: str, near: str, *, at_end: bool) -> None:
    """Learn one abbreviation if a tumour stands next to it and spells it."""
    name = short.removesuffix("s")
    if sum(c.isupper() for c in name) < 2 or name in found:
        return
    near = re.sub(r"-\s*\n\s*|\s+", lambda m: "" if m.group().startswith("-") else " ", near).strip()
    folded = near.lower()
    if len(folded) != len(near):
        return
    for h in reversed(terms().find(near, Tokens(folded))):
        if h.kind != "tumour" or "needs-definition" in h.entry.note:
            continue
        words = folded[h.start :] if at_end else folded[: h.end + 40]
        if (len(folded) - h.end <= 1 or not at_end) and _spells(name.lower(), words, strict=at_end):
            found[name] = h.entry
            return


def _spells(short: str, words: str, *, strict: bool) -> bool:
    """Whether the letters of an abbreviation stand in a name in order; strictly, the first at its head."""
    letters = iter(words)
    return (not strict or words[0] == short[0]) and all(c in letters for c in short if c.isalpha())


def shorthand_hits(s: Sentence) -> list[Hit]:
    """The tumours of a sentence, those named by the paper's own abbreviations among them."""
    known = s.of("tumour")
    found, pattern = shorthand(s.block.paper.text)
    if pattern is None:
        return known
    own = [
        Hit(found[m.group().removesuffix("s")], m.start() + s.start, m.end() + s.start, 0, 0)
        for m in pattern.finditer(s.plain)
    ]
    own = [x for x in own if not any(h.start <= x.start and x.end < h.end for h in known)]
    kept = [h for h in known if not any(x.start < h.end and h.start < x.end for x in own)]
    return sorted((h for h in (*kept, *own) if not _defined_here(s, h)), key=lambda h: h.start)


def _defined_here(s: Sentence, h: Hit) -> bool:
    """Whether a hit is the abbreviation in brackets behind its own long name."""
    a, b = h.start - s.start, h.end - s.start
    return (
        a > 0
        and s.plain[a - 1] == "("
        and s.plain[b : b + 1] == ")"
        and s.plain[a:b] in shorthand(s.block.paper.text)[0]
    )
