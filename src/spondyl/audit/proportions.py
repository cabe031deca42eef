"""Shares of a disease in a class of diseases, and shares that should make a whole.

Sees: the same disease "representing 1-2 %" and "accounting for 0.1 %" of the same class; a list of shares that ends
with "other" and does not make 100 %; shares of exclusive parts beyond 100 %; a sentence that changes what the share
is a share of.
Cannot see: classes in words too unlike to be told the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from typing import NamedTuple

from spondyl.audit.document import Document, Sentence
from spondyl.record import Finding, Quote

__all__ = ["check"]

_PART = re.compile(
    r"\b(?:represent(?:s|ing)?|account(?:s|ing)?"
    r" for|compris(?:e|es|ing)|constitut(?:e|es|ing)|make(?:s)? up) "
    r"(?:only |about |approximately |around |roughly |nearly |up to |less than |fewer than"
    r" |more than |<|>|an "
    r"estimated )*"
    r"(?P<a>\d{1,2}(?:\.\d+)?)\s?%?(?:\s?(?:-|to)\s?(?P<b>\d{1,2}(?:\.\d+)?)\s?)?% of (?:all"
    r" |the |total |all the )"
    r"*(?P<of>[a-z][a-z -]{3,60})"
)
_SWITCH = re.compile(
    r"\brepresents? (?:a |an )?(?:small |rare |minor |low |large )?(?:proportion|fraction|share|percentage|"
    r"minority|majority) of (?:all )?(?P<a>[a-z][a-z -]{3,50}), "
    r"(?:accounting for|comprising|representing) [^%]{1,20}% of (?:all )?(?P<b>[a-z][a-z -]{3,50})"
)
_LISTED = re.compile(r"\((?P<p>\d{1,2}(?:\.\d+)?)\s?%(?P<both> (?:for both|each|for each))?\)")
_FIRST = re.compile(
    r"\baccount(?:s|ing)? for (?P<p>\d{1,2}(?:\.\d+)?)\s?% of (?:all"
    r" )?(?:cases|tumou?rs|patients|primar\w+|metasta\w+)"
)
_REST = re.compile(r"\b(?:and )?(?:all )?others?\b[^()]{0,30}\($")
_CLASS = re.compile(r"malignan\w*|cancers?|carcinomas?")
_IDLE = frozenset(
    [
        "tumor",
        "tumors",
        "tumour",
        "tumours",
        "neoplasm",
        "neoplasms",
        "case",
        "cases",
        "of",
        "the",
        "all",
        "in",
        "total",
        "adult",
        "reported",
        "cell",
    ]
)


class Part(NamedTuple):
    """A share of a class of diseases."""

    low: float
    high: float
    of: frozenset[str]
    about: frozenset[str]
    quote: Quote


def check(doc: Document) -> Iterator[Finding]:
    """Shares that contradict each other or do not make a whole.

    Args:
        doc: The paper.

    Yields:
        Findings `prevalence_conflict`, `total_does_not_add`, `denominator`.
    """
    yield from _conflicts(list(_parts(doc)))
    previous: Sentence | None = None
    for s in doc.sentences:
        if "%" in s.text:
            yield from _listed(doc, s, previous)
            yield from _switched(doc, s)
        previous = s


def _parts(doc: Document) -> Iterator[Part]:
    for s in doc.saying("% of"):
        for m in _PART.finditer(s.text):
            low = float(m["a"])
            high = float(m["b"] or m["a"])
            before = s.text[: m.start()]
            about = frozenset(w.rstrip("s") for w in re.findall(r"[a-z]{7,}", before[-160:]))
            yield Part(low, high, _class(m["of"]), about, doc.quote(s, m.start(), m.end()))


def _class(words: str) -> frozenset[str]:
    """A class of diseases, spelling and order left out.

    Example:
        >>> _class("malignant renal tumors") == _class("renal malignancies")
        True
    """
    clause = re.split(r" (?:and|in|with|which|that|but|worldwide|occurring|diagnosed) ", words)[0]
    plain = _CLASS.sub("malignancy", clause)
    return frozenset(w.rstrip("s") for w in plain.split() if w not in _IDLE)


def _conflicts(parts: list[Part]) -> Iterator[Finding]:
    for a, b in combinations(parts, 2):
        if a.of != b.of or not a.of or not _distinct(a.about & b.about - a.of):
            continue
        one, two = (a, b) if a.low <= b.low else (b, a)
        if two.low > 0 and one.high > 0 and two.low / one.high >= 3:
            yield Finding(
                kind="prevalence_conflict", severity="error",
                message=f"The same disease makes {_told(a)} in one place and {_told(b)} in another of the same class.",
                computed=f"{two.low:g} / {one.high:g} = {two.low / one.high:.3g} times", quotes=(a.quote, b.quote),
            )  # fmt: skip


def _distinct(words: frozenset[str]) -> bool:
    """Whether words name a disease."""
    return any(re.search(r"oma$|omas$|metastas|myeloma|lymph|sarcoma|carcinoma", w) for w in words)


def _told(p: Part) -> str:
    return f"{p.low:g}–{p.high:g} %" if p.high > p.low else f"{p.low:g} %"


def _listed(doc: Document, s: Sentence, previous: Sentence | None) -> Iterator[Finding]:
    """A list of shares that ends with "other"."""
    found = list(_LISTED.finditer(s.text))
    if len(found) < 3 or not any(_REST.search(s.text[: m.start() + 1]) for m in found):
        return
    lead = (
        _FIRST.search(previous.text) if previous is not None and previous.paragraph == s.paragraph else None
    )
    if lead is None:
        return
    shares = [(float(m["p"]), 2 * float(m["p"])) if m["both"] else (float(m["p"]),) for m in found]
    sums = sorted({float(lead["p"]) + sum(choice) for choice in product(*shares)})
    slack = 0.5 * (len(found) + 1)
    if any(abs(t - 100) <= slack for t in sums) or previous is None:
        return
    again = [
        doc.quote(
            t, max(0, t.text.find(f"{lead['p']}%") - 60), min(len(t.text), t.text.find(f"{lead['p']}%") + 30)
        )
        for t in doc.saying(f"{lead['p']}%")
        if t is not previous and t is not s
    ]
    told = " or ".join(f"{t:g}" for t in sums)
    yield Finding(
        kind="total_does_not_add", severity="suspicious",
        message=f"The shares of a list that ends with “other” make {told} %, not 100 %.",
        computed=f"{lead['p']} + {' + '.join(m['p'] for m in found)} = {told}",
        quotes=(doc.quote(previous, lead.start(), lead.end()), doc.quote(s, 0, found[-1].end()), *again[:2]),
    )  # fmt: skip


def _switched(doc: Document, s: Sentence) -> Iterator[Finding]:
    """A share that begins as one of a class and goes on as one of another."""
    m = _SWITCH.search(s.text) if "represent" in s.text else None
    if m is None:
        return
    one, two = _class(m["a"]), _class(m["b"])
    if one and two and not one & two:
        yield Finding(
            kind="denominator", severity="suspicious",
            message=f"A proportion of {m['a'].strip()} is given as a share of {m['b'].strip()}.",
            computed=f"“{m['a'].strip()}” is not “{m['b'].strip()}”", quotes=(doc.quote(s, m.start(), m.end()),),
        )  # fmt: skip
