"""References to figures and tables against the captions that the paper holds.

Sees: a figure or table that does not exist although the others stand in a row from 1; a figure whose caption is of
another kind than the words that refer to it (magnetic resonance images called, neurophysiology shown), or shows
another time than the one told.
Cannot see: papers whose captions were not read; whether the picture shows what its caption says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spondyl.audit.document import Document, Sentence
from spondyl.record import Finding, Quote
from spondyl.words.numbers import NUMBER, months, number
from spondyl.words.tsv import rows

__all__ = ["check"]

_CALL = re.compile(
    r"\b(?P<what>fig(?:ure)?s?\.?|tables?) ?(?P<n>\d{1,2})(?P<rest>[a-z]?(?:(?: ?[-,&] ?| and | to )"
    r"\d{0,2}[a-z]?(?![\w.]))*)"
)
_CAPTION = re.compile(
    r"(?im)^[ \t]*\**(?P<what>fig(?:ure)?|table)\.?["
    r" \t]*(?P<n>\d{1,2})\b\**[.:]?(?P<tail>[^\n]*(?:\n(?!\s*\n|"
    r"[ \t]*\**(?:fig|table))[^\n]+){0,3})"
)
_TIME = re.compile(
    rf"\b(?P<n>{NUMBER}|an?|first|second|third)[ -](?:postoperative |post-operative"
    rf" )?(?P<u>day|week|month|year)"
    rf"s?\b(?! (?:old|of age|history|duration))"
)
_THEIRS = re.compile(
    r"\bsupplement|\bappendix|\bonline\b|\btheir (?:fig|table)|\b(?:of|in|by) \w+ et al[^,;]{0,12}$"
)
_OF_OTHERS = re.compile(r"^[)\s]*(?:of|in|by) (?:the )?[\w-]+ (?:et al|and colleagues)")
_LISTED = re.compile(rf"(?P<n>{NUMBER})(?=,? (?:and|or|,) {NUMBER}[ -](?:day|week|month|year))")


class Caption(NamedTuple):
    """A caption: its number, its words and their place."""

    n: int
    text: str
    start: int
    end: int


def check(doc: Document) -> Iterator[Finding]:
    """References that lead nowhere or to something else.

    Args:
        doc: The paper.

    Yields:
        Findings `figure_callout`.
    """
    captions = _captions(doc)
    for s in doc.saying("fig", "table"):
        if s.kind == "figure_caption" or _THEIRS.search(s.text):
            continue
        for m in _CALL.finditer(s.text):
            if _OF_OTHERS.match(s.text[m.end() : m.end() + 60]):
                continue
            kind = "table" if m["what"].startswith("table") else "figure"
            known = captions[kind]
            if _is_caption(doc, s, m, known):
                continue
            for n in _numbers(m):
                if n in known:
                    if kind == "figure":
                        yield from _other(doc, s, m, known[n])
                elif len(known) >= 2 and sorted(known) == list(range(1, len(known) + 1)) and n > len(known):
                    yield _missing(doc, s, m, kind, n, len(known))


def _captions(doc: Document) -> dict[str, dict[int, Caption]]:
    """The captions of a paper by kind and number; a repeated one counts with its longer words."""
    found: dict[str, dict[int, Caption]] = {"figure": {}, "table": {}}
    for m in _CAPTION.finditer(doc.paper.text):
        kind = "table" if m["what"].lower() == "table" else "figure"
        if re.match(r"[ \t]*(?:shows?|illustrates?|lists?|summari|presents?|and|,|\))", m["tail"]):
            continue
        n, tail = int(m["n"]), " ".join(m["tail"].split())
        if n not in found[kind] or len(found[kind][n].text) < len(tail):
            found[kind][n] = Caption(n, tail.lower(), m.start("what"), m.end())
    for t in doc.paper.tables:
        label = re.search(r"\d+", t.label)
        if label and int(label.group()) not in found["table"]:
            found["table"][int(label.group())] = Caption(
                int(label.group()), t.caption.lower(), t.start, t.end
            )
    return found


def _is_caption(doc: Document, s: Sentence, m: re.Match[str], known: dict[int, Caption]) -> bool:
    """Whether a match is itself the beginning of a caption."""
    at = s.origin(m.start(), m.end())[0]
    return any(c.start <= at < c.end for c in known.values())


def _numbers(m: re.Match[str]) -> list[int]:
    """The numbers that a reference names, ranges filled in."""
    n, rest = int(m["n"]), m["rest"]
    out = [n]
    for sign, digits in re.findall(r"(-|,|&|and|to) ?(\d{1,2})(?![\d.])", rest):
        k = int(digits)
        out += range(out[-1] + 1, k + 1) if sign in ("-", "to") and 0 < k - out[-1] < 12 else [k]
    return out


def _missing(doc: Document, s: Sentence, m: re.Match[str], kind: str, n: int, last: int) -> Finding:
    return Finding(
        kind="figure_callout", severity="error",
        message=f"{kind.capitalize()} {n} is referred to, but the paper has {kind}s 1 to {last} only.",
        computed=f"{kind} {n} > {last}", quotes=(_around(doc, s, m),),
    )  # fmt: skip


def _around(doc: Document, s: Sentence, m: re.Match[str]) -> Quote:
    """The reference with the clause before it."""
    clause = max(
        (x.end() for x in re.finditer(r"[.;:] |, (?:and|while|whereas) ", s.text[: m.start()])), default=0
    )
    first = clause if m.start() - clause < 200 else max(0, m.start() - 120)
    return doc.quote(s, first, min(len(s.text), m.end() + 1))


def _other(doc: Document, s: Sentence, m: re.Match[str], caption: Caption) -> Iterator[Finding]:
    """A caption of another kind, or of another time, than the words that refer to it."""
    words = s.text[max(0, m.start() - 220) : m.start()]
    words = words.rsplit(")", 1)[-1] if ")" in words[:-1] else words
    said, shown = _kinds(words), _kinds(caption.text)
    if said and shown and not said & shown:
        yield Finding(
            kind="figure_callout", severity="error",
            message=f"Figure {caption.n} is referred to for {_and(said)}, but its caption tells of {_and(shown)}.",
            computed=f"caption: “{caption.text[:90].strip()}”",
            quotes=(_around(doc, s, m), doc.words(caption.start, caption.end)),
        )  # fmt: skip
        return
    told, dated = _times(words), _times(caption.text)
    if told and dated and not any(abs(a - b) <= 0.26 * max(a, b) for a in told for b in dated):
        yield Finding(
            kind="figure_callout", severity="error",
            message=f"Figure {caption.n} is referred to for {_spelt(told)}, but its caption tells of {_spelt(dated)}.",
            computed=f"{_spelt(dated)} is not among {_spelt(told)}",
            quotes=(_around(doc, s, m), doc.words(caption.start, caption.end)),
        )  # fmt: skip


@cache
def _lexicon() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds: dict[str, list[str]] = {}
    for row in rows("spondyl.audit", "figure_kinds.tsv", ("term", "concept", "source", "note")):
        kinds.setdefault(row["concept"], []).append(row["term"])
    return tuple((k, re.compile(rf"\b(?:{'|'.join(map(re.escape, terms))})")) for k, terms in kinds.items())


def _kinds(words: str) -> frozenset[str]:
    return frozenset(kind for kind, pattern in _lexicon() if pattern.search(words))


def _times(words: str) -> list[float]:
    """The lengths of time that words name, in months; "1 and 6 months" are two."""
    found = []
    for m in _TIME.finditer(words):
        value = {"first": 1.0, "second": 2.0, "third": 3.0}.get(m["n"]) or number(m["n"])
        if value:
            found.append(months(value, m["u"]))
            listed = _LISTED.search(words, max(0, m.start() - 16), m.end())
            if listed and (other := number(listed["n"])):
                found.append(months(other, m["u"]))
    return found


def _spelt(times: list[float]) -> str:
    return " and ".join(f"{t:.3g} month{'' if t == 1 else 's'}" for t in sorted(set(times)))


def _and(kinds: frozenset[str]) -> str:
    return " and ".join(sorted(kinds))
