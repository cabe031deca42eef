"""Ages, sexes and labels: the words that introduce a person."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from spondyl.words.numbers import NUMBER, months, number

__all__ = ["Age", "ages", "introduced", "sex_of"]

_MAN = "man|men|male|males|boy|lad|gentleman|father|husband|son|grandfather|brother|mr"
_WOMAN = (
    "woman|women|female|females|girl|lady|mother|wife|daughter|grandmother|sister|mrs|ms|nun|housewife|schoolgirl|"
    "postmistress|primigravida"
)
_SEX = re.compile(
    rf"\b(?:(?P<male>{_MAN}|schoolboy|fisherman|policeman|businessman|salesman)|(?P<female>{_WOMAN}))\b"
)
_UNIT = r"(?P<unit>years?|yrs?|y|months?|mos?|mths?|weeks?|wks?|days?)"
_JOB = r"(?:[a-z'-]+ ){0,3}"
_PATTERNS = [
    (
        "old",
        r"old",
        rf"\b(?P<n>{NUMBER})(?: ?- ?| )?{_UNIT}s?'?(?: ?- ?"
        rf"| ?)?old\b(?: and (?P<extra>{NUMBER})[- ]months?[- ]old)?",
    ),
    ("y", r"y\.?[ /.-]{0,2}o\b", rf"\b(?P<n>{NUMBER}) ?y\.?[ /.-]{{0,2}}o\b\.?"),
    (
        "y",
        r"\d[ -]?y",
        rf"\b(?P<n>\d{{1,3}})[ -]?(?:years?|yrs?|yr|y)[- ](?=(?:[a-z'-]+ ){{0,3}}(?:{_MAN}|{_WOMAN})\b)",
    ),
    (
        "age",
        r"age",
        rf"\bage[ds]?(?: of| was|:|,)? ?(?:about "
        rf"|approximately )?(?P<n>{NUMBER})(?:[ -]?{_UNIT}\b)?(?:,? (?:and )?(?P<extra>{NUMBER}) (?:months?"
        rf"|mos?)\b(?! (?:after|later|post|before|ago|following|from|since)))?"
        rf"(?! ?(?:%|to \d|- ?\d|cm|mm|patients|cases))",
    ),
    ("age", r"(?:of|in) age", rf"\b(?P<n>{NUMBER}) {_UNIT} (?:of age|in age)\b"),
    (
        " of ",
        r" of [\dzotfsen]",
        rf"\b(?:{_MAN}|{_WOMAN}|patient|pilot|farmer|worker|teacher|child|infant|[a-z]{{4,}}er|[a-z]{{4,}}ist"
        rf"|[a-z]{{4,}}or),? of (?P<n>{NUMBER})(?: {_UNIT})?(?! ?(?:cm|mm|%|patients|cases|mg|gy|centim"
        rf"|millim))(?=[ ,.;:)])",
    ),
    ("/", r"\d ?/ ?[mf]", r"\b(?P<n>\d{1,3}) ?/ ?(?P<s>[mf])\b"),
    ("/", r"[mf] ?/ ?\d", r"\b(?P<s>[mf]) ?/ ?(?P<n>\d{1,3})\b"),
    ("(", r"\([mf],", rf"\((?P<s>[mf]), ?(?P<n>\d{{1,3}})(?: ?{_UNIT})?\)"),
    (")", r", ?[mf]\)", rf"\((?P<n>\d{{1,3}})(?: ?{_UNIT})?, ?(?P<s>[mf])\)"),
    (
        " was ",
        r" was ",
        rf"\b(?P<who>she|he|who|this woman|this man|this girl"
        rf"|this boy) was (?P<n>{NUMBER})(?: {_UNIT})?(?=,? (?:when|and|at the time)|[.,])",
    ),
    (
        " ",
        r", [\dzotfsena]| \d+ ?y",
        rf"\b(?:{_MAN}|{_WOMAN}|patient|pt)(?:, | (?=\d+ ?(?:years|yrs"
        rf"|y\b)))(?:aged )?(?P<n>{NUMBER})(?: ?{_UNIT})?(?=[,.;)])",
    ),
    (
        " ",
        r"[mf],? \d",
        r"\b(?:pt|pat|patient)\.?,? (?P<s>[mf]),? (?P<n>\d{1,3})(?: ?(?:years?|yrs?|y\.?(?: ?/?o\.?)?))?\b",
    ),
    (
        "m",
        r"m(?:rs?|iss|s)\b",
        r"\b(?P<who>mrs|mr|miss|ms)\.? (?:[a-z]{1,12}\.? ?){1,2}(?:,|was|is|aged|,? aged) ?(?P<n>\d{1,3})(?=,|;"
        r"| (?:when|years|and|had|was|with|presented))",
    ),
    (", ", r", \d", r", (?P<n>\d{1,3}) ?(?P<s>[mf])(?=[,.;)])"),
    (", ", r", \d", r", (?P<n>\d{1,3}), (?=was|had|presented|who|complained|developed|came|consulted)"),
]
"""What an expression cannot do without, a quick look that tells whether it may stand in a text, and itself."""
_AGE = [(need, re.compile(cue), re.compile(pattern)) for need, cue, pattern in _PATTERNS]
_ANY = re.compile(
    r"o(?:ld\b|(?<!\wo)f (?:\d\d|[a-z]+ty))|y(?<!\wy)(?:ears?\b|rs?\b|\.?[ /-]?o\b)|a(?<!\wa)ge[ds]?\b"
    r"|m(?<!\wm) ?/ ?\d|f(?<!\wf) ?/ ?\d|/(?:(?<=\d/)|(?<=\d /)) ?[mf]\b|\([mf],"
    r"|,(?: ?\d{1,3} ?[mf]\b| ?[mf]\)| \d{1,3}[, ])|w(?<!\ww)as \d\d|b(?<!\wb)een \d\d|n,? \d\d|t,? \d\d"
)
"""Each alternative begins with its letter, and looks back from there: so most places are left at once."""


_PRONOUN = {
    "she": "female",
    "mrs": "female",
    "ms": "female",
    "miss": "female",
    "mr": "male",
    "this woman": "female",
    "this girl": "female",
    "he": "male",
    "this man": "male",
    "this boy": "male",
}


class Age(NamedTuple):
    """An age in words: years, the sex if the words tell it, and the place in the text that was searched."""

    years: float
    sex: str | None
    start: int
    end: int
    said: str


def sex_of(text: str) -> str | None:
    """The sex the first telling noun of a folded text gives, or `None`.

    Example:
        >>> sex_of("hispanic male without history"), sex_of("patient")
        ('male', None)
    """
    m = _SEX.search(text)
    return None if m is None else ("male" if m["male"] else "female")


@lru_cache(maxsize=1024)
def ages(text: str) -> tuple[Age, ...]:
    """The ages of persons in a folded text, in order, overlapping expressions once.

    Example:
        >>> [(a.years, a.sex) for a in ages("a 63-years old men and a girl aged 2 years and 6 months (f/63)")]
        [(63.0, 'male'), (2.5, None), (63.0, 'female')]
    """
    if not _ANY.search(text):
        return ()
    found: list[Age] = []
    for need, cue, pattern in _AGE:
        for m in pattern.finditer(text) if need in text and cue.search(text) else ():
            age = _age(m, text)
            if age is not None and not any(a.start < age.end and age.start < a.end for a in found):
                found.append(age)
    return tuple(sorted(found, key=lambda a: a.start))


def _age(m: re.Match[str], text: str) -> Age | None:
    groups = m.groupdict()
    count = number(groups["n"])
    if count is None:
        return None
    unit = groups.get("unit") or "year"
    years = months(count, unit) / 12 if unit[0] != "y" else count
    if unit.startswith(("w", "d")):
        years = count / (52 if unit[0] == "w" else 365.25)
    if groups.get("extra"):
        years += (number(groups["extra"]) or 0) / 12
    if not 0 <= years <= 115:
        return None
    sex = {"m": "male", "f": "female"}.get(groups.get("s") or "") or _PRONOUN.get(groups.get("who") or "")
    after = re.match(r"[^.;]{0,60}", text[m.end() :])
    if sex is None and after is not None:
        near = re.split(r"\b(?:who|with|presented|was|had|complain|whose|patient)\b|[,.;]", after.group())[0]
        sex = sex_of(near)
    return Age(round(years, 2), sex, m.start(), m.end(), groups["n"])


_KIN = (
    r"(?:brother|sister|mother|father|son|daughter|uncle|aunt|cousin|husband|wife|grandmother|grandfather|nephew|"
    r"niece|sibling)s?"
)
_KIN_BEFORE = re.compile(rf"\b{_KIN}\b(?! of\b)[^.;]{{0,25}}$")
_NEW_PERSON = re.compile(r"\b(?:an?|this|our) $")
_KIN_APPOSED = re.compile(rf"\b{_KIN}(?:,| was| is|, who (?:was|is)) an? $")
_KIN_AFTER = re.compile(rf"[- ]?(?:year)?s?[- ]?(?:old)?,? {_KIN}\b(?! of\b)")
_OLDER = re.compile(
    r"\b(?:at|since|from|before|by|until) (?:the |an )?(?:age of|aged?)?\s?$|\bwhen (?:he|she) was\s?$"
    r"|\bhad been\s?$|\bwhen $|\bthe then $"
)
_GROUP = re.compile(r"\b(?:mean|median|average|range|under|over|below|above|than|between)\b[^.]{0,20}$")
_PERSON = re.compile(
    r"\b(?:man|men|woman|women|male|female|boy|girl|lady|gentleman|patient|pt|child|infant|baby|mr|mrs|ms"
    r"|nulliparous|"
    r"[a-z]{3,}er|[a-z]{3,}ist|[a-z]{3,}or|pilot|student|farmhand)\b|\by\.?[ /.-]{0,2}o\b"
)
_NOUN = r"(?:patient|man|woman|male|female|boy|girl|child|case|lady|gentleman|infant|mr|mrs|ms)"
_AGED = re.compile(rf"\b{_NOUN}\b[^.;]{{0,60}}$|\ban? (?:[\w-]+ ){{1,3}}$|, $")
_THEN_PERSON = re.compile(r"\)?,? (?:she|he|the patient|this|our)\b")
_FORM = re.compile(r"\b(?:sex|gender) ?:|\bpatient(?: data| details|'s data)?[ :]*$")
_ARTICLE = re.compile(r"(?:^|\b)(?:an?|this|our|the) (?:[\w-]+ ){0,2}$")
_CODED = re.compile(r"[mf] ?/|/ ?[mf]|\([mf],|, ?\d{1,3} ?[mf]\b|, ?[mf]\)")
_BARE = re.compile(r", \d")


@lru_cache(maxsize=1024)
def introduced(text: str) -> Age | None:
    """The age by which a folded sentence introduces a person as the one it tells about, or `None`.

    Ages of relatives, of groups and of earlier events ("at the age of 43") do not introduce.

    Example:
        >>> introduced("her brother died at 49 and a 63-year-old woman came").years
        63.0
    """
    for age in ages(text):
        before, after = text[: age.start], text[age.end : age.end + 60]
        seen = text[age.start : age.end]
        if _OLDER.search(before) or _GROUP.search(before):
            continue
        kin = _KIN_BEFORE.search(before[-45:]) is not None
        if kin and (_KIN_APPOSED.search(before) or not _NEW_PERSON.search(before)):
            continue
        if _KIN_AFTER.match(after):
            continue
        if seen.startswith("age"):
            form = ":" in seen and _FORM.search(before + after) is not None
            if not form and not _AGED.search(before[-80:]) and not _THEN_PERSON.match(after):
                continue
        elif not (
            age.sex
            or _PERSON.search(f"{before[-30:]} {seen} {after[:40]}")
            or _ARTICLE.search(before)
            or _CODED.search(seen)
            or _BARE.match(seen)
        ):
            continue
        return age if age.sex else age._replace(sex=sex_of(f"{before[-25:]} {seen}"))
    return None
