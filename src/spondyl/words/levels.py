"""Vertebral and cord levels in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.words.tsv import rows

__all__ = ["LEVELS", "LEVEL_WORD", "REGION", "Levels", "find_levels"]

_ROWS = list(rows("spondyl.words", "vertebrae.tsv", ("term", "concept", "kind", "note")))


def _of(kind: str) -> dict[str, str]:
    return {row["term"]: row["concept"] for row in _ROWS if row["kind"] == kind}


_COUNT = {
    letter: int(row["note"].partition(":")[2])
    for letter in "CTLS"
    for row in _ROWS
    if row["kind"] == "part" and row["term"] == letter
}
REGION = {letter: _of("part")[letter] for letter in _COUNT}
"""Letter of a level → part of the spine."""
LEVELS: tuple[str, ...] = tuple(f"{k}{i}" for k, n in _COUNT.items() for i in range(1, n + 1))
"""All levels from C1 to S5, in order (C8 is a cord level)."""

_CORD = _of("cord")
_SPINE = [x for x in LEVELS if x not in _CORD]
_ORDINAL = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_ORD = {w: i for i, w in enumerate(_ORDINAL, 1)} | {
    "1st": 1, "2nd": 2, "3rd": 3, **{f"{i}th": i for i in range(4, 13)},
}  # fmt: skip
_ORD_RE = "|".join(sorted(_ORD, key=len, reverse=True))
_WORD = _of("region")
_REGIONS = "|".join(_WORD)
_LETTERS = _of("letter")
_LEVEL = (
    "(?:" + "|".join(sorted({v for k in _LETTERS for v in (k, k.lower())}, key=lambda k: (len(k), k))) + ")"
)
_NUM = r"(?:1[0-2]|[1-9])"
_ONE = rf"{_LEVEL}\.?[- ]?{_NUM}"
_JOIN = r"(?:\s?(?:-|/|,|&|and|to|through|until|up to|down to|as well as|or|or to)\s?(?:and\s)?(?:the\s)?)"
CODE = re.compile(
    rf"(?<![A-Za-z0-9./-]){_LEVEL}\.?[- ]?{_NUM}(?![0-9])(?:{_JOIN}(?:{_LEVEL}\.?[- "
    rf"]?)?{_NUM}(?![0-9])(?!\s?(?:%|cm|mm|months?|years?|days?|weeks?|Gy|cGy|fractions?|mg|patients?"
    rf"|cycles?))){{0,12}}(?![A-Za-z0-9])"
)
_PART = re.compile(rf"(?P<join>{_JOIN})?(?P<letter>{_LEVEL})?\.?[- ]?(?P<num>{_NUM})(?![0-9])")
_WORDS = re.compile(
    rf"\b(?P<ords>(?:{_ORD_RE})(?:(?:,\s| and | to | through |-|, and | or | and the "
    rf"| to the )(?:{_ORD_RE}))*)\s+"
    rf"(?P<region>{_REGIONS})\b"
)
_AFTER = re.compile(
    rf"\b(?P<region>{_REGIONS})\s(?:(?:vertebrae|vertebra"
    rf"|vertebral (?:body|bodies)|"
    rf"spine|segments?|levels?|body|bodies|spinal)\s)?(?:\(?(?:no\.? ?|at )?)(?P<nums>{_NUM}(?:(?:-|/|, "
    rf"| and |, and | to ){_NUM})*)(?![0-9]|[-.]\w|\s?(?:cm|mm|months?|years?|days?|weeks?|gy|%|patients"
    rf"|fractions|cases|of))"
)
_NAMES = _of("name")
_NAME = re.compile(
    "|".join(
        rf"(?<=\b{row['note'].partition(':')[2]} ){row['term']}\b" if row["note"] else rf"\b{row['term']}\b"
        for row in sorted((r for r in _ROWS if r["kind"] == "name"), key=lambda r: -len(r["term"]))
    )
)
_MRI = re.compile(
    r"\s?-?(?:weighted|w\b|WI\b|W\b|images?|image|imaging|sequences?|signal|hyperintens|hypointens|isointens|"
    r"relaxation|contrast|without contrast|with contrast|FLAIR|STIR|mapping|-?Gd|fat|SE\b|TSE\b|FSE\b|MRI"
    r"|MR\b|"
    r"post|after gadolinium|hypersignal|hyposignal|scans?\b|phase)",
    re.IGNORECASE,
)


_STAGE = re.compile(
    r"[1-4][a-d]?(?:\s?,?\s?[NM][0-3xX]|\s(?:[a-z-]+\s){0,3}(?:carcinoma|adenocarcinoma|cancer|stage"
    r"|disease|bladder|"
    r"rectal|colon|colonic|laryngeal|breast|SCC)\b)"
)
_ON_MRI = re.compile(
    r"(?:signal|intens\w*|enhanc\w*|bright|dark|low|high|seen|images?|sequences?)\b[^.;]{0,25}\b(?:on|in"
    r"|of)\s(?:both\s)?$"
    r"|\b(?:sagittal|axial|coronal|post-?contrast|contrast|gadolinium|gd|weighted|enhanced)[ ,-]{1,2}$",
    re.IGNORECASE,
)


_THYROID = re.compile(
    r"TSH|FT[34]|\b(?:free|total|normal|low|elevated|serum) T[34]\b|thyrotropin|thyroxine|hormone|euthyroid"
    r"|thyroid function"
)
_GIVEN = re.compile(
    r"chemotherap|platin|monotherapy|regimen|adjuvant|\bmg\b|\boral|administ|tegafur|cycles?\b|courses?\b"
    r"|\bSOX\b|taxel",
    re.IGNORECASE,
)


_REGION_WORD = re.compile("|".join(sorted({*_WORD, *_NAMES})))
LEVEL_WORD = rf"\d|{_REGION_WORD.pattern}"
"""What a text holds in which a level is found."""


_PART_OF = (
    r"(?:of|the|its|level|levels|upper|lower|superior|inferior|mid|middle|cranial|caudal|top|bottom|border"
    r"|margin|edge|"
    r"endplate|end-plate|plate|part|half|third|aspect|portion|body|vertebra|vertebral|lamina|pedicle)"
)
_SPAN = re.compile(
    rf"(?<![A-Za-z0-9./-])(?P<a>{_ONE})(?![0-9])(?:[\s-]{_PART_OF}){{0,3}},?"
    rf"(?:\s(?:down|up|downwards?|upwards?|caudally|cranially|all the way))?"
    rf"\s(?:to|through|until|as far as)(?:[\s-]{_PART_OF}){{0,6}}[\s-](?P<b>{_ONE})(?![A-Za-z0-9])|"
    rf"\bbetween (?P<c>{_ONE})(?![0-9])(?:\s{_PART_OF}){{0,2}} and (?:the )?(?P<d>{_ONE})(?![A-Za-z0-9])"
)


class Levels(NamedTuple):
    """Levels named in one expression: the levels, its place, and whether the expression was a code ("T4")."""

    levels: tuple[str, ...]
    start: int
    end: int
    code: bool


def find_levels(plain: str, folded: str) -> Iterator[Levels]:
    """All expressions that name vertebral or cord levels, ranges expanded, D = T.

    T1 and T2 of magnetic resonance imaging, TNM stages and marker names are left out; whether the level is
    that of a lesion, an operation or a dermatome is the caller's question.

    Args:
        plain: A reading copy.
        folded: The same in lower case.

    Example:
        >>> text = "from D7 to D9 and the fifth and sixth cervical vertebrae on T2-weighted images"
        >>> [found.levels for found in find_levels(text, text.lower())]
        [('T7', 'T8', 'T9'), ('C5', 'C6')]
    """
    found = [*_codes(plain)]
    if _REGION_WORD.search(folded):
        found += _worded(folded)
    last: Levels | None = None
    for f in sorted(found, key=lambda f: (f.start, -f.end)):
        if last is None or f.start >= last.end or not set(f.levels) <= set(last.levels):
            last = f
            yield f


def _codes(plain: str) -> Iterator[Levels]:
    codes = list(CODE.finditer(plain))
    for m in codes:
        start, end = m.span()
        text = m.group()
        if not _plausible(plain, start, end, text):
            continue
        levels = _expand(text)
        if levels:
            yield Levels(levels, start, end, True)
    if codes:  # a stretch told by its ends begins with one
        yield from _spans(plain)


def _spans(plain: str) -> Iterator[Levels]:
    """Stretches told by their ends in words ("from the lower border of T3 to the upper half of T6")."""
    for m in _SPAN.finditer(plain):
        ends = [_expand(text) for text in (m["a"] or m["c"], m["b"] or m["d"])]
        if all(len(x) == 1 for x in ends):
            first, last = ends[0][0], ends[1][0]
            yield Levels((first, *_between(first, last)), m.start(), m.end(), True)


def _plausible(plain: str, start: int, end: int, text: str) -> bool:
    letter = text[0]
    after = plain[end : end + 24]
    if (
        letter in "Tt"
        and re.fullmatch(r"[Tt][ -]?[12](?:\s?(?:/|,|and|&)\s?(?:T[ -]?)?[12])?", text)
        and (
            _MRI.match(after)
            or (_ON_MRI.search(plain[max(0, start - 60) : start]) and not after.lstrip().startswith("vert"))
            or re.match(r"\s?(?:a |with |and )?(?:high|low|hyper|hypo|iso|bright|dark|or T2|and T2)", after)
            or re.search(r"\b(?:MRI|MR|FLAIR|STIR)\W{1,3}$", plain[max(0, start - 8) : start])
        )
    ):
        return False
    if letter == "T" and _STAGE.match(text[1:] + plain[end : end + 40]):
        return False
    around = plain[max(0, start - 70) : end + 70]
    if (text in ("T3", "T4") and _THYROID.search(around)) or (text == "S-1" and _GIVEN.search(around)):
        return False
    if letter.islower() and not (text[:2] == "th" or re.search(r"[a-z]\d", text)):
        return False
    before = plain[max(0, start - 24) : start].lower()
    if re.search(
        r"(?:stage|grade|fraction|day|days|segments?|cycle|week|weeks|p|c|yp|mr|table|figure|fig\.?|patient"
        r"|case|factor|vitamin|complement|cluster)\s?$",
        before,
    ):
        return letter in "LC" and before.rstrip().endswith(("segment", "segments"))
    return True


def _expand(text: str) -> tuple[str, ...]:
    out: list[str] = []
    letter = ""
    for m in _PART.finditer(text):
        if m["letter"]:
            letter = _LETTERS.get(m["letter"]) or _LETTERS[m["letter"].capitalize()]
        if not letter:
            continue
        name = f"{letter}{int(m['num'])}"
        if name not in LEVELS:
            if m["letter"] is None:
                continue
            return ()
        join = (m["join"] or "").strip()
        ranged = join in ("-", "to", "through", "until", "down to", "up to") and bool(out)
        out += _between(out[-1], name) if ranged and not (join == "-" and out and _series(text)) else [name]
    return tuple(dict.fromkeys(out))


def _series(text: str) -> bool:
    return len(re.findall(r"\d-(?=\d)", text)) > 1


def _between(first: str, last: str) -> list[str]:
    order = _SPINE if _CORD.keys().isdisjoint((first, last)) else list(LEVELS)
    a, b = order.index(first), order.index(last)
    return order[a + 1 : b + 1] if a < b else [last]


_BARE = re.compile(
    rf"\b(?P<ords>(?:{_ORD_RE})(?:(?:,\s| and | to | through |-|, and | or | and the "
    rf"| to the )(?:{_ORD_RE}))*)\s+vertebra(?:e|l)?\b"
)
_SPINE_PART = re.compile(rf"\b({_REGIONS})\b")


def _numbered(folded: str) -> Iterator[Levels]:
    """Counted vertebrae whose part of the spine was named before ("dorsal spine: collapse of the eighth vertebra")."""
    for m in _BARE.finditer(folded) if "vertebra" in folded else ():
        parts = _SPINE_PART.findall(folded, 0, m.start())
        if parts and len({_WORD[p] for p in parts}) == 1:
            letter = _WORD[parts[-1]]
            names = [f"{letter}{_ORD[w]}" for w in re.findall(_ORD_RE, m["ords"])]
            if len(names) == 2 and re.search(r" to | through |-", m["ords"]) and set(names) <= set(LEVELS):
                names = [names[0], *_between(names[0], names[1])]
            if set(names) <= set(LEVELS):
                yield Levels(tuple(dict.fromkeys(names)), m.start(), m.end(), False)


_CROSS = re.compile(
    rf"\b(?P<a>{_ORD_RE})\s+(?P<ra>{_REGIONS})\s(?:vertebrae? |vertebral body |body "
    rf"|segment )?(?:to|through|down to|up to|until) (?:the )?"
    rf"(?P<b>{_ORD_RE})\s+(?P<rb>{_REGIONS})\b"
)


def _worded(folded: str) -> Iterator[Levels]:
    for m in _CROSS.finditer(folded):
        a, b = f"{_WORD[m['ra']]}{_ORD[m['a']]}", f"{_WORD[m['rb']]}{_ORD[m['b']]}"
        if a in LEVELS and b in LEVELS:
            yield Levels((a, *_between(a, b)), m.start(), m.end(), False)
    for m in _WORDS.finditer(folded):
        letter = _WORD[m["region"]]
        words = re.findall(rf"{_ORD_RE}", m["ords"])
        ranged = re.search(r" to | through |-", m["ords"]) is not None and len(words) == 2
        names = [f"{letter}{_ORD[w]}" for w in words if f"{letter}{_ORD[w]}" in LEVELS]
        if ranged and len(names) == 2:
            names = [names[0], *_between(names[0], names[1])]
        if names:
            yield Levels(tuple(dict.fromkeys(names)), m.start(), m.end(), False)
    yield from _numbered(folded)
    for m in _AFTER.finditer(folded):
        letter = _WORD[m["region"]]
        names = [x for x in _expand(letter + m["nums"]) if x in LEVELS]
        if names:
            yield Levels(tuple(names), m.start(), m.end(), False)
    for m in _NAME.finditer(folded):
        yield Levels((_NAMES.get(m.group(), "C2"),), m.start(), m.end(), False)
