"""Which lines of a text are headings, and of what."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from spondyl.read.lines import Lines
from spondyl.words.tsv import rows

__all__ = ["Heading", "compound_kind", "headings", "kind_of", "plain_title"]

_LOOKALIKE = str.maketrans(
    {"0": "o", "1": "i", "l": "i", "|": "i", "5": "s", "\u00a0": None, " ": None, "!": "i"}
)
_MARKUP = re.compile(
    r"(#{1,6})?[ \t]*([*_]{0,3})[ \t]*((?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[IVX]{1,4}[.)]|[A-H][.)])[ \t]+)?"
)
_RUN_IN = re.compile(
    r"([^\W\d_][^.:*_\n\u2013\u2014]{2,60}?)[ \t]?(?:([*_]{1,3})[.:]?"
    r"|([.:])[*_]{0,3}[ \t]?[-\u2013\u2014]?|[ \t]?[\u2013\u2014])[ \t]+(?=\S)"
)
_CAPS = re.compile(r"[A-Z][A-Z,&/\u2019' -]{2,60}(?=[ \t]+[^\s])")
_CASE = re.compile(
    r"(?:illustrative |index |clinical )?(?:case|patient|observation)s?(?: report"
    r"| presentation| description)?"
    r"[ \t]{0,3}(?:#|nos?\.?[ \t]?)?(?:\d{1,2}[a-z]?|[ivx]{1,4}|[a-h]|one|two|three|four"
    r"|five|six|first|second)"
    r"(?:[ \t]?(?:and|&|-|\u2013)[ \t]?\d{1,2})?(?:[ \t]{0,2}\([^)\n]{1,40}\))?",
    re.I,
)
_ORDINAL_CASE = re.compile(r"(?:the )?(?:first|second|third|fourth|fifth) (?:case|patient)", re.I)
_SPLIT = re.compile(r"[ \t]*(?: and | & |/|, |: | - | \u2013 )[ \t]*")
_WIDE = re.compile(r"[ \t]{3,}")
_PAGE = re.compile(r"[0-9lIO|]{1,5}")
_SENTENCE = re.compile(r"[a-z\d)\]][.;][ \t]+[A-Z]")
_CITES = re.compile(r"(?:19|20)\d\d|\bet al\b|https?:|@|\bdoi\b|[;{}=<>]")
_UNFINISHED = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
_LEAD = frozenset(("brief", "short", "illustrative", "our", "the", "general", "concise", "further"))
_LONGEST = 70


class Heading(NamedTuple):
    """A heading as found: where, of what kind, how deep, and whether text runs on behind it."""

    line: int
    start: int
    kind: str | None
    title: str
    number: str = ""
    run_in: bool = False
    strong: bool = False


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, str]]:
    terms = {
        row["term"]: row["concept"]
        for row in rows("spondyl.read", "headings.tsv", ("term", "concept", "language", "source", "note"))
    }
    squeezed = {_squeezed(term): concept for term, concept in terms.items() if len(term) > 5}
    return terms, squeezed


def _squeezed(term: str) -> str:
    return term.casefold().translate(_LOOKALIKE)


def kind_of(title: str, blurred: bool = False) -> str | None:
    """The kind a heading's words stand for.

    Args:
        title: The heading, without number and markup.
        blurred: Whether to read through spaced letters and OCR's look-alikes ("CASE R EPORT").

    Returns:
        A section kind, "case_part", "case_or_methods" or "article_type"; `None` for words unknown.

    Example:
        >>> kind_of("Case Presentation"), kind_of("INTRODUCTI0N", blurred=True), kind_of("Spaghetti")
        ('case_report', 'introduction', None)
    """
    terms, squeezed = _lexicon()
    key = title.strip(" \t.:*_?-\u2013\u2014|>").casefold()
    if kind := terms.get(key):
        return kind
    if blurred and (kind := squeezed.get(_squeezed(key)) or _nearly(_squeezed(key), squeezed)):
        return kind
    return (
        "case_report"
        if key[:1] in "cpoitf" and (_CASE.fullmatch(key) or _ORDINAL_CASE.fullmatch(key))
        else None
    )


def _nearly(key: str, squeezed: dict[str, str]) -> str | None:
    """One letter misread in a long word of capitals."""
    if not 8 <= len(key) <= 16 or not key.isalpha():
        return None
    for term, concept in squeezed.items():
        if len(term) == len(key) and sum(map(str.__ne__, term, key)) == 1:
            return concept
    return None


def compound_kind(title: str) -> str | None:
    """Kind of "Discussion and overview of the literature": the first part that is known."""
    words = title.split()
    if len(words) > 1 and words[0].casefold() in _LEAD and (kind := kind_of(" ".join(words[1:]))):
        return kind
    for part in _SPLIT.split(title, maxsplit=3)[:2]:
        if kind := kind_of(part):
            return kind
    return None


def plain_title(words: str) -> str:
    """A heading's words without markup, number and final colon.

    Example:
        >>> plain_title("**3.1. Patient Demographics.**")
        'Patient Demographics'
    """
    m = _MARKUP.match(words)
    return " ".join(words[m.end() if m else 0 :].split()).strip("*_:.# ").strip()


def headings(lines: Lines) -> list[Heading]:
    """All headings of a text, in order, standing on lines of their own or run in.

    Args:
        lines: The text's lines.

    Returns:
        Headings; one without `kind` is a sub-heading of its surrounding section.
    """
    out: list[Heading] = []
    bare = lines.bare
    for i, words in enumerate(bare):
        if not words or words[0].islower() or words[0] in "([|<>\u2022-":
            continue
        found = _whole(lines, i, words) if len(words) <= 120 else None
        if found is None and len(words) > 8:
            found = _run_in(lines, i, words)
        if found is not None:
            out.append(found)
    return out


def _whole(lines: Lines, i: int, words: str) -> Heading | None:
    number = ""
    strong = words[0] == "#"
    title = words
    if words[0] in "#*_0123456789IVXABCDEFGH" and (m := _MARKUP.match(words)) and m.end():
        number = (m[3] or "").strip(" .)\t")
        title = words[m.end() :].strip("*_ \t")
    if len(title) > _LONGEST:
        piece = _WIDE.split(title, maxsplit=1)
        if len(piece) < 2 or not _PAGE.fullmatch(piece[1].strip()):
            return _generic(lines, i, title, number, strong) if strong or number else None
    paged = False
    if "   " in title:
        piece = _WIDE.split(title, maxsplit=1)
        paged = bool(_PAGE.fullmatch(piece[1].strip()))
        title = piece[0] if paged else title
    capitals = title.isupper()
    kind = kind_of(title, blurred=capitals and len(title) > 5)
    if kind and (strong or number or capitals or _stands_apart(lines, i)):
        if number and kind in ("references", "back_matter", "article_type") and len(title.split()) > 6:
            return None
        return Heading(
            i, lines.first(i), kind, plain_title(title), number, False, strong or capitals or bool(number)
        )
    return None if paged else _generic(lines, i, title, number, strong)


def _stands_apart(lines: Lines, i: int) -> bool:
    if lines.blank(i - 1) or lines.blank(i + 1):
        return True
    return lines.bare[i - 1][-1] in ".:;?!)]*"


def _generic(lines: Lines, i: int, title: str, number: str, strong: bool) -> Heading | None:
    """A heading of unknown words: marked, numbered, or short and standing apart."""
    if (
        not title
        or not (title[0].isupper() or title[0] in "\"'\u201c\u2018")
        or title[-1] in ".,;:"
        or "\t" in title
    ):
        return None
    words = title.count(" ") + 1
    if len(title) < 4 and not strong:
        return None
    if strong and not number and sum(map(str.isalpha, title)) < 3:
        return None
    if not strong:
        if words > 12 or len(title) > 90 or not lines.blank(i - 1) or "   " in title or _CITES.search(title):
            return None
        if not number and not (_alone(lines, i) and (words <= 8 or title[-1] == "?")):
            return None
        if number and "." not in number and not lines.blank(i + 1):
            return None
    kind = compound_kind(title)
    return Heading(i, lines.first(i), kind, plain_title(title), number, False, strong or title.isupper())


def _alone(lines: Lines, i: int) -> bool:
    """Followed by a blank line, or by a line of prose much longer than itself."""
    if lines.blank(i + 1):
        return True
    below = lines.bare[i + 1]
    return (
        len(lines.bare[i]) <= 45
        and len(below) > len(lines.bare[i]) + 12
        and not below[0].islower()
        and below[0] not in "|("
        and "   " not in below
        and lines.bare[i].rpartition(" ")[2] not in _UNFINISHED
    )


def _run_in(lines: Lines, i: int, words: str) -> Heading | None:
    start = 0
    marked = number = ""
    if words[0] in "#*_0123456789" and (m := _MARKUP.match(words)):
        start, marked, number = m.end(), m[2] or "", (m[3] or "").strip(" .)\t")
    if marked and (closing := words.find(marked, start)) > 0 and closing - start <= _LONGEST:
        title = words[start:closing].strip(" .:")
        kind = kind_of(title) or (compound_kind(title) if number else None)
        if kind or number:
            return Heading(i, lines.first(i), kind, plain_title(title), number, True, bool(number))
        return None
    if number and "." not in number:
        return None
    if (m := _RUN_IN.match(words, start)) and (kind := kind_of(m[1]) or _numbered_case(m[1])):
        if _begins(lines, i) and (
            m[3] != "." or words[m.end()].isupper() or words[m.end()] in "-\u2013\u2014"
        ):
            return Heading(i, lines.first(i), kind, plain_title(m[1]), number, True)
        return None
    return _capitals(lines, i, words) if words[1].isupper() else None


def _numbered_case(title: str) -> str | None:
    return "case_report" if _CASE.fullmatch(title.strip()) else None


def _capitals(lines: Lines, i: int, words: str) -> Heading | None:
    """A label in capitals before running text ("METHODS Consecutive patients …"), at a paragraph's begin."""
    m = _CAPS.match(words)
    if not m:
        return None
    label = m[0].rstrip(" -'\u2019")
    for title in (label, label.rpartition(" ")[0]):
        if title and (kind := kind_of(title)) and words[len(title)] == " " and len(words) > len(title) + 20:
            return Heading(i, lines.first(i), kind, plain_title(title), "", True)
    return None


def _begins(lines: Lines, i: int) -> bool:
    """Whether line `i` can begin a paragraph."""
    return lines.blank(i - 1) or lines.bare[i - 1][-1] in ".:?!)]*" or len(lines.bare[i - 1]) < 50
