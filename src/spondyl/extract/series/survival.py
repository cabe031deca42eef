"""Survival rates at a time: "the 2-year and 5-year survival rates were 72% and 39%"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.grammar import INTERVAL, PERCENT, number_of, tidy
from spondyl.extract.series.passages import Passage
from spondyl.words.numbers import NUMBER, months, number

__all__ = ["rate_kind", "survival"]

_WHAT = (
    r"(?:survival|os|pfs|dfs|efs|rfs|css|dss|lrfs|alive|(?:[a-z]+-)+free(?: rate| interval|"
    r" survival)?|local control|tumou?r control|"
    r"recurrence-free|implant survivorship|survivorship|(?:cumulative )?incidence(?: of [a-z ]{3,40})?)"
)
_KEY = re.compile(rf"\b{_WHAT}\b")
_ONE = rf"(?:{NUMBER})(?:[- ]?(?:years?|yrs?|months?|mos?|weeks?|days?))?-?"
_TIMES = re.compile(
    rf"(?<![\w.,])(?P<times>{_ONE}(?:(?:, and | and |, |/| & |"
    rf" or ){_ONE})*)(?P<last>)[ ](?P<what>(?:[a-z][a-z'-]* ){{0,4}}?{_WHAT})(?: \([a-z]+\))?(?: rates?"
    rf")?\b"
)
_TIME = re.compile(rf"(?P<n>{NUMBER})(?:[- ]?(?P<unit>year|yr|month|mo|week|day)s?)?")
_GAP = re.compile(r"[^.;%]{0,160}")
_RATE = re.compile(rf"(?<![\w.,-]){PERCENT}(?:\s?[(\[][^)\]]{{0,12}}ci\b[:,]? ?{INTERVAL}\s?%?[)\]])?")
_JOIN = re.compile(r"(?:, and | and |, |/|; | & | versus | vs )")
_AT = re.compile(
    rf"(?<![\w.,-]){PERCENT}(?:\s?[(\[](?:[^()\[\]]{{0,12}}\bci\b[:,]? ?)?{INTERVAL}\s?%?[)\]])? (?:at|"
    rf"after|by) (?P<n>{NUMBER})[ -](?P<unit>year|yr|month|mo|week|day)s?\b"
)
_AT_FIRST = re.compile(
    rf"\b(?:at|after) (?P<n>{NUMBER})[ -](?P<unit>year|yr|month|mo|week|"
    rf"day)s?(?: [a-z]+){{0,5}} (?:was|were|of|is) {PERCENT}(?:\s?[(\[](?:[^()\[\]]{{0,12}}\bci\b[:,]? "
    rf"?)?{INTERVAL}\s?%?[)\]])?"
)
_WHOM = re.compile(
    r"\b(?:of|in|for|among) (?P<who>(?:(?:all|the|these|"
    r"our) )*(?:\d+ )?[a-z][^,;:()%]{2,90}?)(?= (?:was|were|is|are|at|after)\b|,|\(|$)"
)
_PAIR = re.compile(r"[- ]")


def survival(p: Passage) -> Iterator[Draft]:
    """The rates at a time that a sentence states.

    Args:
        p: The sentence.

    Yields:
        Drafts of quantity "survival_rate" (or "share", for an incidence), with `months`.

    Example:
        >>> from spondyl.extract.series.passages import passages
        >>> from spondyl.record import Paper
        >>> text = "The 2-year and 5-year survival rates of all 40 patients were 72% and 39.5%."
        >>> p = passages(Paper(id="p", source="p", text=text))[0]
        >>> [(d.printed, d.months, d.group) for d in survival(p)]
        [('72', 24.0, 'all 40 patients'), ('39.5', 60.0, 'all 40 patients')]
    """
    if "%" not in p.text or _KEY.search(p.text) is None:
        return
    taken: list[tuple[int, int]] = []
    for m in _TIMES.finditer(p.text):
        for draft, place in _listed(p, m):
            taken.append(place)
            yield draft
    for pattern in (_AT, _AT_FIRST):
        for m in pattern.finditer(p.text):
            at = m.start("pct")
            if any(a <= at < b for a, b in taken):
                continue
            key = _last(_KEY, p.text, m.start())
            if key is None:
                continue
            taken.append((at, m.end("pct")))
            yield _draft(
                p, key, m, months(number(m["n"]) or 0, m["unit"]), (key.start(), max(m.end(), key.end()))
            )


def rate_kind(words: str) -> str:
    """Whether a rate at a time is one of survival or a share of those to whom something happened.

    Example:
        >>> rate_kind("overall survival"), rate_kind("incidence of local failure")
        ('survival_rate', 'share')
    """
    return "share" if "incidence" in words else "survival_rate"


def _listed(p: Passage, m: re.Match[str]) -> Iterator[tuple[Draft, tuple[int, int]]]:
    """Rates in the order of the times before them."""
    times = list(_times(m["times"]))
    gap = _GAP.match(p.text, m.end())
    if not times or gap is None:
        return
    first = _RATE.search(p.text, m.end(), min(len(p.text), gap.end() + 8))
    if first is None:
        return
    at = first.start()
    rates: list[re.Match[str]] = []
    while len(rates) < len(times):
        rate = _RATE.match(p.text, at)
        if rate is None:
            break
        rates.append(rate)
        join = _JOIN.match(p.text, rate.end())
        at = join.end() if join else rate.end()
        if join is None:
            break
    if len(rates) != len(times):
        return
    for time, rate in zip(times, rates, strict=True):
        yield _draft(p, m, rate, time, (m.start(), rates[-1].end())), rate.span("pct")


def _times(words: str) -> Iterator[float]:
    """Times in months; a bare number takes the unit of the next that has one."""
    found = [m for m in _TIME.finditer(words) if m["n"]]
    unit = ""
    out: list[float] = []
    for m in reversed(found):
        unit = m["unit"] or unit
        value = number(m["n"])
        if not unit or value is None:
            return
        out.append(months(value, unit))
    yield from reversed(out)


def _draft(p: Passage, key: re.Match[str], rate: re.Match[str], at: float, span: tuple[int, int]) -> Draft:
    named = key.groupdict().get("what")
    of = (
        tidy(p.plain[key.start("what") : key.end("what")])
        if named
        else tidy(p.plain[key.start() : key.end()])
    )
    before = re.search(
        r"(?:\b(?:overall|progression-free|local|disease-free|revision-free|implant|median) )$",
        p.text[: key.start()],
    )
    if before and not named:
        of = f"{before.group().strip()} {of}"
    draft = Draft(
        p,
        span[0],
        span[1],
        rate_kind(of.lower()),
        of=of,
        value=number_of(rate["pct"]),
        unit="percent",
        months=at,
    )
    draft.printed = rate["pct"]
    if rate.groupdict().get("low"):
        draft.printed_low, draft.printed_high = rate["low"], rate["high"]
        draft.low, draft.high = number_of(rate["low"]), number_of(rate["high"])
    whom = _WHOM.search(p.text, key.end(), max(key.end(), rate.start("pct")))
    if whom is None:
        whom = _WHOM.match(p.text, rate.end() + 1)
    if whom:
        draft.group = tidy(p.plain[whom.start("who") : whom.end("who")])
    return draft


def _last(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    found = None
    for m in pattern.finditer(text, 0, end):
        found = m
    return found
