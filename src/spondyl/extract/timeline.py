"""When something was: expressions of time in a sentence and what they count from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from spondyl.words.numbers import NUMBER, months, number

__all__ = ["TIMED", "Role", "Time", "times"]

Role = Literal[
    "after", "follow", "survived", "later", "elapsed", "at", "within", "past", "before", "for", "date"
]  # fmt: skip
"""What a length of time counts from: a named event, the start of follow-up, the start of survival, the event
told before (surely, and perhaps), the index event ("at six months"), an event near by, the present backward,
an event to come; "for" only says how long, and a "date" counts from the year 0."""

_UNIT = r"days?|weeks?|wks?|months?|mos?|mths?|years?|yrs?|fortnights?|decades?"
_HALF = r" and (?:a |one )?half"
_AMOUNT = re.compile(
    rf"\b(?P<n>(?:{NUMBER}|half an?|an?)(?:{_HALF})?)(?: ?- ?| post-?operative | ?)"
    rf"(?P<unit>{_UNIT}|(?<=\d )y(?= ?[a-z,;)])(?! ?old))(?![a-z])'?(?P<half>{_HALF})?"
    rf"(?: (?:and )?(?P<n2>{NUMBER})[ -]?(?P<unit2>months?|mos?|weeks?|days?)(?![a-z]))?"
)
REACH = 90
"""How many characters before a length are read for what it counts from."""

_AGE = re.compile(r"\bold\b|\bage\b")
_SLASHED = re.compile(r"(?<![\d/.])(?P<n>\d{1,2})/(?P<unit>12|52|7)(?![\d/]|\.\d)")
_NAMED = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
_RANK = {w: k for k, w in enumerate(_NAMED.split("|"), 1)}
_ORDINAL = re.compile(
    rf"\b(?P<n>\d{{1,3}} ?(?:st|nd|rd|th)|{_NAMED}) (?P<op>post-?operative |post-?op |hospital )?"
    r"(?P<unit>day|week|month|year)\b(?P<of>,? (?:"
    r"of (?:the |his |her )?(?:admission|hospital\w*|follow-?up|treatment|therapy)|"
    r"(?:after|following|post)(?: the| his| her)?[ -]?(?:operation|surgery|operative\w*|admission|op\b)|"
    r"post-?operatively))?"
)
_COUNTED = re.compile(
    rf"\b(?P<op>pod|post-?op(?:erative)? (?:day|week|month|year)|hospital day|day|week|month|year) "
    rf"#?(?P<n>{NUMBER})\b(?! ?(?:%|mg|/|and|to\b|-))"
    r"(?P<of> (?:after|following) (?:the )?(?:operation|surgery|admission)| post-?operatively)?"
)
_COUNTED_AT = re.compile(r"\b(?:in|by|on|at|until|to) (?:the )?(?:his |her )?$")
_DOSED = re.compile(r"\b(?:mg|g|mcg|iu|auc|cycles?|dose|infus\w+)\b|/m2|mg/")
_OF_ANOTHER = re.compile(r" of (?!the (?:follow|treat|hospital|admi))")
TIMED = (
    r"(?:19|20)\d\d|\d y\b|\d/(?:12|52|7)\b|"
    r"day|week|wk|month|\bmos?\b|\dmo|mth|year|yr|fortnight|decade|\bpod\b"
)
"""What a text holds in which an expression of time stands."""
_ANY = re.compile(TIMED)

_SMALL_WORDS = (
    r"(?: (?:the|a|an|about|around|approximately|only|just|more than|over|almost|nearly|at least|another|"
    r"some|"
    r"now|further|additional|total of|total|period of|time of|first|next|least|exactly|up to|in excess of|"
    r"<|>|~|"
    r"end of)){0,4}"
)
_FOLLOWED = re.compile(
    r"\b(?:follow(?:ed)?[ -]?(?:up)?|hindsight|recul|setback)(?: ?(?:period|duration|time|visit|examination"
    r"|interval|was|is|of|for|"
    r"over|at|"
    r"lasting|has been|had been|regularly|until|after|to date|closely|in|the last|the past|last|past|:|=|"
    r"\()){0,5}" + _SMALL_WORDS + r"[ (]?$"
)
_SEEN = re.compile(
    r"\b(?:review|visit|check-?up|control|examination|evaluation|contact|assessment|look|scan"
    r"|mri)(?: was)? ?\((?:at |after )?$"
)
_SURVIVED = re.compile(
    r"\b(?:surviv\w+|lived|alive|remain\w*|maintained|kept|free|well|uneventful|stable|asymptomatic|observed|"
    r"remission|watch\w*)"
    r"[^;,]{0,40}? (?:for|of|at|over|in|after|until|to|during)"
    + _SMALL_WORDS
    + r" ?$|\b(?:surviv(?:ed|al|es)|pfs|dfs|os)(?: (?:time|was|of|is)){0,2}"
    + _SMALL_WORDS
    + " ?$"
)
_PAST = re.compile(r"\b(?:past|last|previous|preceding|prior|recent)(?: the| about| for)? ?$")
_SINCE = re.compile(r"\bsince" + _SMALL_WORDS + " ?$")
_AFTER = re.compile(r"\bafter" + _SMALL_WORDS + " ?$")
_WITHIN = re.compile(r"\b(?:within|in less than|in under|less than|in)" + _SMALL_WORDS + " ?$")
_AT = re.compile(r"\b(?:at|by|until)" + _SMALL_WORDS + r" ?$|\bat [\w ,-]{1,30} and ?$")
_FOR = re.compile(r"\b(?:for|during|over|throughout|lasting)" + _SMALL_WORDS + " ?$")
_EVERY = re.compile(
    r"\b(?:every|each|per|once|twice|times an?|times|or|age of|aged?|ages of|woman of|man of|girl of|"
    r"boy of|child of|infant of|patient of|male of|female of)[ -]?(?:the )?$|[/\d] ?$"
)

_BACK = re.compile(
    r"[- ](?:previous(?:ly)?|earlier|ago|prior|before|back\b|in the past|(?:long )?history|of history|"
    r"old\b|of age|"
    r"'? ?standing|(?:of )?duration)|-old|s?' (?:history|duration|standing)"
)
_NAMED_EVENT = re.compile(
    r"[ -](?:\(\w{1,8}\) )?(?:later )?(?:after|following|since|from|post)\b(?! (?:that|this|which|"
    r"then)\b)[ -]?"
    r"(?:(?:the|his|her|their|its|initial|first|second|third|last|original|primary|undergoing|curative|"
    r"completion|"
    r"completing|start|of) ){0,4}[a-z-]+"
    r"|[ -](?:post-?operative(?:ly)?|post-?op\b|post-?surgery|post-?treatment|"
    r"post-?surgical\w*)(?: follow[ -]?up)?"
    r"| (?:of|on|into) (?:the |his |her |their |initial |first )?(?:diagnosis|admission|hospital[a-z]*|"
    r"presentation|surgery|operation|treatment|therapy|chemotherapy|radiotherapy|[a-z]+ (?:treatment|"
    r"therapy))\b"
)
_FOLLOW_UP = re.compile(
    r"[ -](?:of |in )?(?:(?:careful|regular|post-?operative|clinical|close|the|her|his|subsequent|a|"
    r"oncological|"
    r"radiological) ?){0,2}follow[ -]?(?:ing )?up"
    r"(?: (?:visit|period|examination|appointment|evaluation|mri|ct))?"
    r"|[ -](?:(?:out-?patient|clinic|routine|surveillance|oncolog[a-z]+|telephone"
    r"|post-?operative) )?(?:visit|review|control|check-?up|evaluation|assessment|mri|ct|scan|imaging"
    r"|radiographs?|"
    r"x-?rays?)\b"
    r"|[ -](?:overall |disease-free |relapse-free |recurrence-free |progression-free |event-free )?survival\b"
    r"(?! (?:rates?|of|for|in|is|among)\b)"
)
_LATER = re.compile(
    r"[ -](?:later|afterwards?|thereafter|subsequently|hence|after that|after (?=that|this|which)|"
    r"on\b(?=[.,;)]|$| (?:he|she|the patient)\b))(?: on\b)?|[ ]after(?=[.,;)]|$)"
)


_MONTHS = {
    "jan": 0, "feb": 1, "mar": 2, "apr": 3, "may": 4, "jun": 5, "jul": 6, "aug": 7, "sep": 8, "oct": 9,
    "nov": 10, "dec": 11,
}  # fmt: skip
_DATE = re.compile(
    r"\b(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?)?"
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?,? "
    r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?, )?(?:of )?(?P<year>(?:19|20)\d\d)\b"
)


class Time(NamedTuple):
    """A length of time in words.

    Args:
        months: The length.
        role: What it counts from.
        start, end: The words, in the text that was searched.
        ordinal: Whether the words count days or weeks ("on the fifth day") and do not measure.
    """

    months: float
    role: Role
    start: int
    end: int
    ordinal: bool = False


def times(text: str) -> list[Time]:
    """The expressions of time in a folded sentence, in order.

    Args:
        text: The sentence, in lower case.

    Returns:
        Lengths in months with what they count from; ages and frequencies are left out.

    Example:
        >>> [(t.months, t.role) for t in times("two years ago; six months after surgery, and a month later")]
        [(24.0, 'before'), (6.0, 'after'), (1.0, 'later')]
    """
    named = "month" in text or "year" in text or "week" in text or "day" in text
    if not named and not _ANY.search(text):
        return []
    found = [t for m in _AMOUNT.finditer(text) if (t := _measured(m, text)) is not None]
    for t in (*_ordinals(text), *_slashed(text)):
        if not any(t.start < other.end and other.start < t.end for other in found):
            found.append(t)
    return sorted([*found, *_dates(text)], key=lambda t: t.start)


def _slashed(text: str) -> Iterator[Time]:
    """British shorthand: "6/52" for six weeks, "14/12" for fourteen months."""
    for m in _SLASHED.finditer(text) if "/12" in text or "/52" in text or "/7" in text else ():
        unit = {"12": "months", "52": "weeks", "7": "days"}[m["unit"]]
        t = _placed(months(float(m["n"]), unit), m.start(), m.end(), text)
        if t is not None and t.role in ("before", "after", "follow", "later", "at"):
            yield t


def _dates(text: str) -> Iterator[Time]:
    if "19" not in text and "20" not in text:
        return
    for m in _DATE.finditer(text):
        day = int(m["day"] or m["day2"] or 15)
        since_0 = int(m["year"]) * 12 + _MONTHS[m["month"]] + months(day - 1, "days")
        yield Time(since_0, "date", m.start(), m.end())


def _measured(m: re.Match[str], text: str) -> Time | None:
    length = _length(m)
    start = m.start("n2") if m["n2"] and m["unit2"][0] == m["unit"][0] else m.start()
    return None if length is None else _placed(length, start, m.end(), text)


def _placed(length: float, start: int, end: int, text: str) -> Time | None:
    """A length with what it counts from, by the words before and after it."""
    before = text[max(0, start - REACH) : start]
    if before.endswith("regular ") or (_EVERY.search(before) and not _FOLLOW_UP.match(text, end)):
        return None
    if back := _BACK.match(text, end):
        return None if _AGE.search(back.group()) else Time(length, "before", start, back.end())
    for role, pattern in _SUFFIXES:
        if seen := pattern.match(text, end):
            if role == "after" and _FOLLOWED.search(before):
                role = "follow"
            return Time(length, role, start, seen.end())
    for role, pattern in _PREFIXES:
        if seen := pattern.search(before):
            if role in ("within", "at") and "postop" in text[start:end]:
                role = "after"
            return Time(length, role, start - len(before) + seen.start(), end)
    return None


_SUFFIXES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("follow", _FOLLOW_UP),
    ("after", _NAMED_EVENT),
    ("later", _LATER),
)
_PREFIXES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("follow", _FOLLOWED), ("follow", _SEEN), ("past", _PAST), ("before", _SINCE), ("elapsed", _AFTER),
    ("survived", _SURVIVED),
    ("at", _AT), ("within", _WITHIN), ("for", _FOR),
)  # fmt: skip


def _length(m: re.Match[str]) -> float | None:
    words = m["n"]
    count = _count(words)
    if count is None:
        return None
    unit = m["unit"]
    if unit.startswith(("fortnight", "decade")):
        return months(count * 2, "weeks") if unit[0] == "f" else count * 120
    if m["half"]:
        count += 0.5
    length = months(count, unit)
    if not m["n2"]:
        return length
    more = months(number(m["n2"]) or 0, m["unit2"])
    return more if m["unit2"][0] == unit[0] else length + more


def _count(words: str) -> float | None:
    half = re.search(_HALF + "$", words)
    if half:
        base = number(words[: half.start()])
        return None if base is None else base + 0.5
    return 0.5 if words.startswith("half a") else number(words)


def _ordinals(text: str) -> Iterator[Time]:
    """Days, weeks or months that are counted: "on the 48th day of admission", "in week 14"."""
    for m in _ORDINAL.finditer(text):
        name = m["n"]
        count = _RANK.get(name) or number(re.sub(r"[^\d]", "", name))
        if not _OF_ANOTHER.match(text, m.end()):
            yield from _counted(m, count, m["unit"], bool(m["op"] or m["of"]))
    for m in _COUNTED.finditer(text):
        op = m["op"]
        told = op.startswith(("pod", "post", "hosp")) or bool(m["of"])
        yield from _counted(m, number(m["n"]), "day" if op == "pod" else op.rsplit(" ")[-1], told)


def _counted(m: re.Match[str], count: float | None, unit: str, told: bool) -> Iterator[Time]:
    """A counted day, week or month, if the words tell that a point in time is meant."""
    before = m.string[max(0, m.start() - 60) : m.start()]
    if not told and _DOSED.search(before):
        return
    at = _COUNTED_AT.search(before)
    if count is not None and (told or at):
        start = m.start() if told or at is None else m.start() - len(at.group())
        yield Time(months(count, unit), "after" if told else "at", start, m.end(), ordinal=True)
