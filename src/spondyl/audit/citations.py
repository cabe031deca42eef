"""Works of others cited in two ways.

Sees: an author with two years one apart, where the words around both name the same vertebra or the same reference
number; a name of the paper's own authors in two spellings.
Cannot see: two works of one author in following years that treat the same level, which look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.audit.document import Document
from spondyl.record import Finding, Quote

__all__ = ["check"]

_CITED = re.compile(
    r"(?P<name>[A-Z](?<!\w.)[A-Za-z'’\u00c0-\u024f-]{2,20}) et al\.?,?(?: ?\[\d+\],?)? ?(?:in |\()?"
    r"(?P<year>(?:19|20)\d\d)\b"
)
_LEVEL = re.compile(r"\b[CTL]-?\d{1,2}\b")
_SURNAME_FIRST = re.compile(r"(?P<last>[A-Z][^\W\d_]{2,15}), (?P<first>[A-Z][^\W\d_]{2,15})(?=[;\n])")


class Cited(NamedTuple):
    """A work cited by author and year."""

    name: str
    year: int
    levels: frozenset[str]
    quote: Quote


def check(doc: Document) -> Iterator[Finding]:
    """Authors and years that disagree.

    Args:
        doc: The paper.

    Yields:
        Findings `year_conflict` and `name_conflict`.
    """
    text = doc.paper.text
    known = [_cited(doc, m) for m in _CITED.finditer(text)]
    listed = {s.start for s in doc.paper.sections if s.kind == "references"}
    for a, b in _pairs(known):
        if abs(a.year - b.year) != 1 or not a.levels & b.levels:
            continue
        if listed and all(
            re.search(rf"{a.name}\b[^\n]{{0,400}}\b{y}\b", text[min(listed) :]) for y in (a.year, b.year)
        ):
            continue
        yield Finding(
            kind="year_conflict", severity="error",
            message=f"{a.name} et al. is cited as of {a.year} and as of {b.year} for the same level.",
            computed=f"{a.year} and {b.year}; both {', '.join(sorted(a.levels & b.levels))}", quotes=(a.quote, b.quote),
        )  # fmt: skip
        break
    yield from _unlisted(doc, known)
    yield from _names(doc)


_CITED_AFTER = re.compile(
    r"In (?P<year>(?:19|20)\d\d), (?P<name>[A-Z][A-Za-z'’\u00c0-\u024f-]{2,20}) et al\b"
)
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?!\d|-\d)")


def _unlisted(doc: Document, known: list[Cited]) -> Iterator[Finding]:
    """A work cited by two years, of which the list of references holds but one for this author."""
    text = doc.paper.text
    start = next((s.start for s in doc.paper.sections if s.kind == "references"), None)
    if start is None:
        return
    known = [c for c in known if c.quote.end <= start]
    known += [
        Cited(m["name"], int(m["year"]), frozenset(), doc.words(m.start(), m.end()))
        for m in _CITED_AFTER.finditer(text, 0, start)
    ]
    named: dict[str, set[int]] = {}
    for c in known:
        named.setdefault(c.name, set()).add(c.year)
    known = [c for c in known if len(named[c.name]) > 1]
    lines = text[start:].split("\n") if known else []
    told: set[str] = set()
    for c in known:
        if c.name in told:
            continue
        entries = [
            x for x in lines if re.match(rf"\W*(?:\d{{1,3}}\W{{1,3}})?(?:[A-Z]\. ){{0,3}}{c.name}\b", x)
        ]
        years = {int(y) for x in lines if c.name in x for y in _YEAR.findall(x)}
        others = [o for o in known if o.name == c.name and o.year in years]
        if len(entries) == 1 and c.year not in years and others and abs(c.year - others[0].year) <= 3:
            told.add(c.name)
            yield Finding(
                kind="year_conflict", severity="error",
                message=f"{c.name} et al. is cited as of {others[0].year} and as of {c.year}; the references hold "
                f"{others[0].year} only.",
                computed=f"{others[0].year} and {c.year}", quotes=(others[0].quote, c.quote),
            )  # fmt: skip


def _pairs(known: list[Cited]) -> Iterator[tuple[Cited, Cited]]:
    """The citations of one name in pairs, in the order of the text."""
    alike: dict[str, list[Cited]] = {}
    for c in known:
        alike.setdefault(c.name, []).append(c)
    for a in known:
        alike[a.name].pop(0)
        yield from ((a, b) for b in alike[a.name])


def _cited(doc: Document, m: re.Match[str]) -> Cited:
    after = doc.paper.text[m.end() : m.end() + 160].split("et al")[0]
    sentence = re.split(r"(?<=[a-z\])])\. ", after)[0]
    return Cited(
        m["name"],
        int(m["year"]),
        frozenset(_LEVEL.findall(sentence)),
        doc.words(m.start(), m.end() + min(20, len(sentence))),
    )


def _names(doc: Document) -> Iterator[Finding]:
    """A first name of the list of authors that the byline spells otherwise."""
    head = doc.paper.text[:6000]
    for m in _SURNAME_FIRST.finditer(head):
        for other in re.finditer(rf"\b(?P<first>[A-Z][^\W\d_]{{2,15}}) {m['last']}\b", head):
            a, b = m["first"], other["first"]
            if (
                a != b
                and a[0] == b[0]
                and _near(a.lower(), b.lower())
                and not re.search(rf"\b{a} {m['last']}\b", head)
            ):
                yield Finding(
                    kind="name_conflict", severity="error",
                    message=f"An author is {a} {m['last']} in one place and {b} {m['last']} in another.",
                    computed=f"“{a}” and “{b}”",
                    quotes=(doc.words(m.start(), m.end()), doc.words(other.start(), other.end())),
                )  # fmt: skip
                return


def _near(a: str, b: str) -> bool:
    """Whether two names differ by one letter put in, left out or changed."""
    if abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    if len(short) == len(long):
        return sum(x != y for x, y in zip(short, long, strict=True)) == 1
    return any(long[:k] + long[k + 1 :] == short for k in range(len(long)))
