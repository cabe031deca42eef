"""The opening of a paper: which lines are its title."""

from __future__ import annotations

import re

from spondyl.read.headings import kind_of, plain_title
from spondyl.read.lines import Lines

__all__ = ["title_lines"]

_FURNITURE = re.compile(
    r"\b(?:journal|journals|j\.|annals|archives|proceedings|cahiers|letters|bulletin|vol\.?"
    r"|volume|no\.|issn|isbn|e-?issn|doi|pp\.|"
    r"www\.|https?:|open access|peer.?reviewed|received|accepted|published|copyright|e-?mail"
    r"|editor|publisher|available online|"
    r"contents lists|homepage|licen[sc]e|download|permanent link|repository|session"
    r"|article history|correspondence|corresponding|"
    r"source|rights|reprint|discussants|from the)\b|@|\u00a9|\u00ae|10\.\d{4}/",
    re.I,
)
_TYPE = re.compile(
    r"(?:(?:an? |original |clinical |short |brief |case |research |review |technical "
    r"|systematic |open |rare )*"
    r"(?:report|reports|article|articles|study|studies|paper|investigation|observation"
    r"|observations|note|communication|review|letter"
    r"|letters|series|research|access|case|image|images|abstract|editorial)s?)(?:[ \t]*[-"
    r"|\u2013\u2022:,/&][ \t]*[\w &-]{1,40}){0,3}",
    re.I,
)
_PERSON = re.compile(
    r"(?:[A-Z]\.[ -]?){1,3}[A-Z][\w'\u2019-]+"
    r"|[A-Z][\w'\u2019-]+[ ](?:[A-Z]\.?[ ]){0,2}[A-Z][\w'\u2019-]+["
    r" ]?[\d*\u00b9\u00b2\u00b3'\u2020,?\"]"
)
_DEGREE = re.compile(r"\b(?:MD|M\.D\.|PhD|Ph\.D\.|MSc|MBBS|FRCS|Dr\.?|Prof\.?|MPH|DO|BSc)\b")
_PLACE = re.compile(
    r"\b(?:department|dept|university|universit\w+|hospital|institute|division|school"
    r"|faculty|service|clinic|klinik|college|infirmary|unit|center|centre|ospedale"
    r"|servi[cz]\w+|h[oô]pital)\b",
    re.I,
)
_LOOK = 60
_LONGEST = 320


def title_lines(lines: Lines, opening: int) -> tuple[int, int] | None:
    """The lines of the title in the opening of a paper.

    Args:
        lines: The text's lines.
        opening: How many lines the opening has.

    Returns:
        (first, line after the last); `None` when no line looks like a title.
    """
    i = 0
    while i < min(opening, _LOOK):
        if not lines.bare[i]:
            i += 1
            continue
        stop = min(lines.paragraph_end(i), opening)
        if found := _in_paragraph(lines, i, stop):
            return found
        i = stop
    return None


def _in_paragraph(lines: Lines, first: int, stop: int) -> tuple[int, int] | None:
    """The title within one paragraph: its lines between furniture above and authors below."""
    begin = first
    while begin < stop and _is_furniture(lines, begin):
        begin += 1
    end = begin
    while (
        end < stop and end - begin < 5 and not _is_furniture(lines, end) and not _is_people(lines.bare[end])
    ):
        end += 1
        if lines.bare[end - 1].startswith("#"):
            break
    if end == begin or _spoils(lines, begin, end, stop):
        return None
    words = " ".join(lines.bare[begin:end])
    count = len(words.split())
    if len(words) > _LONGEST or words[-1] in ".,;:" or count < 2 or not any(map(str.isalpha, words)):
        return None
    if _PLACE.search(words) and count < 9:
        return None
    return begin, end


def _spoils(lines: Lines, begin: int, end: int, stop: int) -> bool:
    """A short first line over a line of furniture is the journal's name."""
    return (
        end < stop
        and end - begin == 1
        and _is_furniture(lines, end)
        and bool(_FURNITURE.search(lines.bare[end]) and not kind_of(lines.bare[end]))
    )


def _is_furniture(lines: Lines, i: int) -> bool:
    words = lines.bare[i]
    title = plain_title(words)
    if not title or "   " in words or "\t" in words or words[0] in "[|<!":
        return True
    if _FURNITURE.search(words) or kind_of(title) or _TYPE.fullmatch(title):
        return True
    return sum(map(str.isalpha, words)) < 0.6 * len(words)


def _is_people(words: str) -> bool:
    if _DEGREE.search(words) or "@" in words:
        return True
    persons = len(_PERSON.findall(words))
    return persons >= 2 or (
        persons == 1 and words.count(",") > 0 and len(words) < 200 and len(words.split()) < 12
    )
