"""Counts against their percentages: "Twenty (44%)" of 45, "29 of 31 patients (94%)", "50% of 67".

Sees: a count that is not the printed share of the whole the words or the table's head name, unless another
group of the paper explains it; a share that no whole number of the named group gives; a count beyond its whole.
Holds only when digits are cut off: kind `pct`, severity "rounding".
Cannot see: shares of a whole the paper never numbers; shares of a group with a hundred members or more without
a decimal, which any count can give.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from spondyl.audit.document import Document
from spondyl.audit.rounding import Fit, cell, share_fit
from spondyl.record import Finding, Quote, Statement

__all__ = ["LOOSE", "check", "percent"]

_OF_THEM = re.compile(r"% of (?:(?:the|these|all|our) )*(?:patients|cases|women|men|children|people)\b")

_NEAR = 1500
"""How far back a count may stand, in characters, that a later share is a share of."""
LOOSE = re.compile(r"\b(?:about|approximately|nearly|almost|roughly|some|over|under|than|up to|at least)\s*$")


def check(doc: Document) -> Iterator[Finding]:
    """Counts that are not the printed percentage of their whole.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `pct`, `pct_unattainable` and `subset`.
    """
    for s in doc.statements:
        if s.printed is None or not s.quotes or s.months is not None:
            continue
        if s.quantity == "count" and s.n is not None:
            yield from _counted(doc, s, s.n, s.printed)
        elif s.quantity == "share" and s.denominator and s.unit == "percent":
            yield from _unattainable(doc, s, s.denominator, s.printed)


def _counted(doc: Document, s: Statement, n: int, printed: str) -> Iterator[Finding]:
    words = s.quotes[0].text.lower()
    if n < 5 and (_FRACTION.search(words) or _ABOUT_ONE.search(words)):
        return
    whole, sure = (s.denominator, True) if s.denominator else _whole(doc, s, n)
    if (
        whole is None
        or n == whole
        or share_fit(n, whole, printed) == "fits"
        or _other_share(doc, s, n, printed)
    ):
        return
    if _explained(doc, s, n, printed) or (not sure and _somewhere(doc, n, printed)):
        return
    if n > whole and sure:
        yield Finding(
            kind="subset", severity="error", message=f"{n} of {whole} is more than the whole.",
            computed=f"{n} > {whole}", quotes=_quotes(doc, s, whole),
        )  # fmt: skip
        return
    exact, more = percent(n, whole, printed), _more(n, whole, printed)
    if not sure:
        low, high = (
            int(100 * n / float(x)) for x in (cell(printed).end, max(cell(printed).low, Fraction(1, 100)))
        )
        yield Finding(
            kind="pct", severity="suspicious",
            message=f"{n} as {printed} % cannot be reproduced from any number of the paper.",
            computed=f"{printed} % would need a whole of {low + 1} to {high}", quotes=s.quotes[:1],
        )  # fmt: skip
    elif share_fit(n, whole, printed) == "cut":
        yield Finding(
            kind="pct", severity="rounding",
            message=f"{n} of {whole} is {exact} %, printed as {printed} %: digits were cut off, not rounded.",
            computed=f"{n}/{whole} = {more} %", quotes=_quotes(doc, s, whole),
        )  # fmt: skip
    else:
        meant = round(float(printed) * whole / 100)
        yield Finding(
            kind="pct", severity="error",
            message=f"{n} of {whole} is {exact} %, but {printed} % is printed.",
            computed=f"{n}/{whole} = {more} %; {printed} % of {whole} would be {meant}",
            quotes=_quotes(doc, s, whole),
        )  # fmt: skip


def _other_share(doc: Document, s: Statement, n: int, printed: str) -> bool:
    """Whether the percentage is one of something else: "119 patients (68.9 % women", or n ends a larger number."""
    words = " ".join(s.quotes[0].text.lower().split())
    if doc.table_at(s.quotes[0].start) is None and re.search(rf"\d {n}(?!\d)", words):
        return True
    inside = re.search(rf"[(\[]{re.escape(printed)} ?% (?P<word>[a-z]+)", words)
    return inside is not None and inside["word"] not in ("of", "in", "each", "and", "or", "vs", "versus")


def _whole(doc: Document, s: Statement, n: int) -> tuple[int | None, bool]:
    """The whole of a count whose own words and group leave it open, and whether that is sure."""
    table = doc.table_at(s.quotes[0].start)
    if table is not None:
        inside = [
            o.denominator for o in doc.statements
            if o.quantity == "count" and o.denominator and o.group == s.group
            and table.start <= o.quotes[0].start < table.end
        ]  # fmt: skip
        return (Counter(inside).most_common(1)[0][0], True) if len(set(inside)) == 1 else (None, False)
    noun = re.match(rf"(?:.*\D)?{n} (?P<noun>[a-z]+)\b", " ".join(s.quotes[0].text.lower().split()))
    sized = _sized(doc, noun["noun"]) if noun else None
    if sized and sized >= n:
        return sized, True
    people = [o.n for o in doc.statements if o.quantity == "n" and o.group == s.group and o.n]
    if people and (noun is None or noun["noun"] not in _THINGS):
        return people[0], n > people[0] and bool(noun and noun["noun"] in _PEOPLE)
    return sized or None, False


_SIZED = re.compile(r"\bn ?= ?\d", re.IGNORECASE)
_FRACTION = re.compile(
    r"\b(?:one|two|three|four|1|2|3)[- ](?:thirds?|quarters?|fifths?|half|halves|in (?:\d|two|three))\b"
)
_ABOUT_ONE = re.compile(
    r"\b(?:about|approximately|nearly|almost|roughly|some|over|around)"
    r" (?:one|two|three|four|[1-4]) (?:of|out of|in) "
)
_PEOPLE = frozenset({"patients", "women", "men", "cases", "children", "people", "participants"})
_THINGS = frozenset(
    {"levels", "vertebrae", "lesions", "metastases", "events", "complications", "fractures", "tumors"}
)


def _sized(doc: Document, noun: str) -> int | None:
    """The greatest number that the paper puts before a noun other than patients: "76 hips"."""
    if noun in _PEOPLE or len(noun) < 4:
        return None
    return doc.counted.get(noun)


def _quotes(doc: Document, s: Statement, whole: int) -> tuple[Quote, ...]:
    """The words of a count, and those that name its whole."""
    if len(s.quotes) > 1 or s.denominator:
        return s.quotes
    at = re.search(rf"(?<![\w.,]){whole}(?![\w.,]\d|\s?%)", doc.paper.text)
    return (*s.quotes, doc.words(at.start(), at.end())) if at else s.quotes


def _somewhere(doc: Document, n: int, printed: str) -> bool:
    """Whether any number of the paper, in digits or words, explains a share."""
    return any(n < whole and share_fit(n, whole, printed) != "off" for whole in doc.numbers)


def _explained(doc: Document, s: Statement, n: int, printed: str) -> bool:
    """Whether a group of the paper, or a count that stands before this one, is the whole it is a share of."""
    if _named(s):
        return False
    at = s.quotes[0].start
    table = doc.table_at(at)
    for other in doc.statements:
        where = other.quotes[0].start
        sized = other.n if other.quantity in ("n", "count") else None
        inside = table is not None and table.start <= where < at
        before = at - _NEAR < where < at or other.quantity == "n"
        near = inside if table is not None else before
        labelled = other.denominator if inside and _SIZED.search(other.of) else None
        for whole in (sized if near else None, other.denominator if table is None else labelled):
            if whole and whole > n and other is not s and share_fit(n, whole, printed) == "fits":
                return True
    return False


def _named(s: Statement) -> bool:
    """Whether the words themselves name the whole: "29 of the 31 patients (94%)"."""
    words = s.quotes[0].text
    return re.search(rf"(?:\bof\b|/)[^.;()]{{0,30}}\b{s.denominator}\b", words) is not None


def percent(n: int, whole: int, printed: str) -> str:
    """A share with as many decimals as the printed one.

    Example:
        >>> percent(20, 45, "44"), percent(1, 3, "30.0")
        ('44', '33.3')
    """
    return f"{100 * n / whole:.{len(printed.partition('.')[2])}f}"


def _more(n: int, whole: int, printed: str) -> str:
    return f"{100 * n / whole:.{len(printed.partition('.')[2]) + 1}f}"


def _unattainable(doc: Document, s: Statement, whole: int, printed: str) -> Iterator[Finding]:
    """A share that no count of its group gives."""
    words = s.quotes[0].text
    if _attained(whole, printed) == "fits" or LOOSE.search(words[: words.find(printed)].lower()):
        return
    inside = _inside(s, printed)
    if not inside and (not _of_them(s) or _other_whole(doc, s, whole, printed)):
        return
    below = int(cell(printed).value * whole / 100)
    parts, why = _parts(doc, s, whole, below)
    cut = _attained(whole, printed) == "cut" and not parts and not doc.rounds
    near = " ".join(f"{k}/{whole} = {100 * k / whole:.1f} %" for k in (below, below + 1) if k <= whole)
    yield Finding(
        kind="pct_unattainable", severity="rounding" if cut else "error",
        message=f"No whole number out of {whole} makes {printed} %.",
        computed=near.replace("% ", "%, ") + why, quotes=(*s.quotes, *parts),
    )  # fmt: skip


def _other_whole(doc: Document, s: Statement, whole: int, printed: str) -> bool:
    """Whether another number close by may be the whole."""
    near = (o for o in doc.statements if o.quantity in ("n", "count") and o.n and o.n != whole)
    return any(
        o.n
        and abs(o.quotes[0].start - s.quotes[0].start) < 300
        and o.n > 4
        and _attained(o.n, printed) != "off"
        for o in near
    )


def _attained(whole: int, printed: str) -> Fit:
    """How the best count of a whole goes with a share as printed."""
    c = cell(printed)
    k = int(c.low * whole / 100)
    fits = {c.fit(Fraction(100 * j, whole)) for j in (k, k + 1) if j <= whole}
    return "fits" if "fits" in fits else "cut" if "cut" in fits else "off"


def _inside(s: Statement, printed: str) -> bool:
    """Whether the words of the share themselves name the group with its number."""
    words = " ".join(s.quotes[0].text.lower().split())
    return re.search(rf"\b{s.denominator}\b.*{re.escape(printed)}\s?%", words) is not None


def _of_them(s: Statement) -> bool:
    """Whether a share is said to be one of patients whose number stands close by."""
    near = len(s.quotes) > 1 and abs(s.quotes[1].start - s.quotes[0].start) < 300
    return near and _OF_THEM.search(" ".join(s.quotes[0].text.lower().split())) is not None


def _parts(doc: Document, s: Statement, whole: int, below: int) -> tuple[tuple[Quote, ...], str]:
    """The shares after it that make up the next possible count, where they do."""
    after = [
        o
        for o in doc.statements
        if o.quantity == "share" and o.denominator == whole and o.printed and o is not s
        and 0 < o.quotes[0].start - s.quotes[0].start < _NEAR
    ]  # fmt: skip
    counts = [round(float(o.printed or "0") * whole / 100) for o in after]
    if len(after) > 1 and sum(counts) in (below, below + 1):
        return tuple(
            o.quotes[0] for o in after
        ), f"; the parts make {' + '.join(map(str, counts))} = {sum(counts)}"
    return (), ""
