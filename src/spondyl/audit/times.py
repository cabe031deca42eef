"""Dates, years and periods.

Sees: a "first" or "last" patient dated outside the period of inclusion; another period in the abstract than in the
methods; follow-up longer than from the first inclusion to the end of follow-up; "3 years ago" beside a stated year
that the year of the paper and its follow-up rule out; operations before diagnoses that are dated.
Cannot see: dates of which the paper does not say what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from spondyl.audit.document import Document, Sentence
from spondyl.record import Finding, Quote
from spondyl.words.numbers import NUMBER, months, number

__all__ = ["MONTHS", "check"]

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} (?={_MONTH}))?(?:(?P<m>{_MONTH}) (?:(?P<d>\d{{1,2}}),? )?)?(?P<y>(?:19|20)\d\d)\b"
)
_PERIOD = re.compile(
    rf"\b(?:from|between) (?P<a>(?:\d{{1,2}} (?={_MONTH}))?(?:{_MONTH} (?:\d{{1,2}},?"
    rf" )?)?(?:19|20)\d\d) (?:to|and|through|until|till) (?:the "
    rf"end of )?"
    rf"(?P<b>(?:\d{{1,2}} (?={_MONTH}))?(?:{_MONTH} (?:\d{{1,2}},? )?)?(?:19|20)\d\d)\b"
)
_INCLUSION = re.compile(
    r"\b(?:included|consecutive|diagnosed|treated|operated|underwent|reviewed|enrolled|admitted|analy[sz]ed|"
    r"identified|recruited|registry|retrospectiv\w+|seen|presenting|who received|surgery)\b"
)
_EXTREME = re.compile(
    r"\b(?:first|earliest|last|latest|final|oldest)\b[^.;]{0,70}?\b(?:diagnosed|treated|"
    r"operated|included|enrolled|"
    r"admitted|"
    r"seen|implanted|performed|underwent)\b[^.;]{0,20}? (?:on|in) (?:(?:on|in) )?"
)
_END = re.compile(
    rf"\bfollow(?:ed|-up)\b[^.;]{{0,60}}?\b(?:ended|closed|until|through|to|"
    rf"on)\b[^.;]{{0,25}}?(?P<d>(?:\d{{1,2}} (?={_MONTH}))?(?:{_MONTH} "
    rf"(?:\d{{1,2}},? )?)(?:19|20)\d\d)\b"
)
_AGO = re.compile(rf"(?P<n>{NUMBER}) years? (?:ago|earlier|before|previously|prior)\b")
_STOP = frozenset(
    [
        "the",
        "a",
        "an",
        "in",
        "on",
        "of",
        "she",
        "he",
        "had",
        "was",
        "were",
        "has",
        "and",
        "with",
        "her",
        "his",
        "to",
        "for",
        "at",
        "underwent",
        "patient",
        "completely",
        "removed",
        "performed",
        "year",
        "years",
        "ago",
        "old",
        "female",
        "male",
        "woman",
        "man",
    ]
)


class Month(NamedTuple):
    """A date known to the month, or to the year where the month is 0."""

    year: int
    month: int

    def first(self) -> int:
        """The earliest month it may mean, counted from year 0."""
        return self.year * 12 + (self.month - 1 if self.month else 0)

    def last(self) -> int:
        """The latest month it may mean, counted from year 0."""
        return self.year * 12 + (self.month - 1 if self.month else 11)


class Period(NamedTuple):
    """A stretch of time with its words."""

    start: Month
    end: Month
    quote: Quote
    kind: str


def check(doc: Document) -> Iterator[Finding]:
    """Dates that do not go together.

    Args:
        doc: The paper with its cases and statements.

    Yields:
        Findings `date_conflict` and `followup`.
    """
    periods = list(_periods(doc))
    yield from _two_periods(periods)
    yield from _same_patients(doc)
    yield from _outside(doc, periods)
    yield from _too_long(doc, periods)
    yield from _ago(doc)


def _month(words: str) -> Month:
    m = _DATE.search(words)
    assert m is not None
    return Month(int(m["y"]), MONTHS.index(m["m"]) + 1 if m["m"] else 0)


def _periods(doc: Document) -> Iterator[Period]:
    """The periods in which the paper's own patients were included."""
    for s in doc.sentences:
        if s.kind in ("introduction", "discussion", "conclusion", "figure_caption") or "et al" in s.text:
            continue
        if not ("19" in s.text or "20" in s.text) or not _INCLUSION.search(s.text):
            continue
        found = list(_PERIOD.finditer(s.text))
        if len(found) == 1:
            m = found[0]
            yield Period(_month(m["a"]), _month(m["b"]), doc.quote(s, m.start(), m.end()), s.kind)


def _two_periods(periods: list[Period]) -> Iterator[Finding]:
    front = [p for p in periods if p.kind in ("abstract", "title")]
    body = [p for p in periods if p.kind in ("methods", "results")]
    if len(front) != 1 or len(body) != 1:
        return
    a, b = front[0], body[0]
    if any(x.last() < y.first() or y.last() < x.first() for x, y in ((a.start, b.start), (a.end, b.end))):
        yield Finding(
            kind="date_conflict", severity="error",
            message="The abstract and the text give different periods of inclusion.",
            computed=f"“{a.quote.text}” and “{b.quote.text}”", quotes=(a.quote, b.quote),
        )  # fmt: skip


def _same_patients(doc: Document) -> Iterator[Finding]:
    """Two periods of the same number of patients with one end in common and the other apart."""
    whole = doc.main
    if whole is None or whole < 10:
        return
    size = re.compile(rf"(?<![\d.,]){whole} (?:[a-z]+ ){{0,2}}patients\b")
    told = [
        (Period(_month(m["a"]), _month(m["b"]), doc.quote(s, m.start(), m.end()), s.kind))
        for s in doc.sentences
        if s.kind not in ("introduction", "figure_caption") and "patients" in s.text and "et al" not in s.text
        if "20" in s.text or "19" in s.text
        if size.search(s.text)
        for m in _PERIOD.finditer(s.text)
    ]
    for a, b in pairwise(told):
        ends = a.start == b.start, a.end == b.end
        months = all(x.month for x in (a.start, a.end, b.start, b.end))
        if months and any(ends) and not all(ends) and {a.kind, b.kind} != {"abstract", "methods"}:
            yield Finding(
                kind="date_conflict", severity="error",
                message=f"The same {whole} patients are dated to two periods.",
                computed=f"“{' '.join(a.quote.text.split())}” and “{' '.join(b.quote.text.split())}”",
                quotes=(a.quote, b.quote),
            )  # fmt: skip
            return


def _outside(doc: Document, periods: list[Period]) -> Iterator[Finding]:
    """A first or last patient outside the period of inclusion."""
    if not periods or len({(p.start.year, p.end.year) for p in periods}) > 1:
        return
    period = periods[0]
    for s in doc.saying("first", "last", "latest", "earliest", "final", "oldest"):
        if s.kind in ("introduction", "figure_caption") or "et al" in s.text or "follow-up" in s.text:
            continue
        for m in _EXTREME.finditer(s.text):
            date = _DATE.match(s.text, m.end())
            if date is None:
                continue
            when = _month(date.group())
            if when.last() < period.start.first() or when.first() > period.end.last():
                yield Finding(
                    kind="date_conflict", severity="error",
                    message=f"{s.plain[date.start():date.end()]} lies outside the period of inclusion.",
                    computed=f"“{date.group()}” is not in “{' '.join(period.quote.text.split())}”",
                    quotes=(doc.quote(s, m.start(), date.end()), period.quote),
                )  # fmt: skip


def _too_long(doc: Document, periods: list[Period]) -> Iterator[Finding]:
    """Follow-up beyond the time from the first inclusion to its end."""
    if not periods:
        return
    ends = [(s, m) for s in doc.saying("follow") for m in _END.finditer(s.text) if "et al" not in s.text]
    if not ends:
        return
    s, m = ends[0]
    start = min(p.start.first() for p in periods)
    most = _month(m["d"]).last() - start + 1
    for o in doc.own:
        if (
            o.quantity != "range"
            or o.high is None
            or o.unit not in ("months", "years")
            or "follow" not in o.of.lower()
        ):
            continue
        longest = months(o.high, o.unit)
        if longest > most + 1:
            yield Finding(
                kind="followup", severity="error",
                message=f"A follow-up of {o.printed_high} {o.unit} is longer than the study, {most} months.",
                computed=f"{longest:g} > {most} months", quotes=(o.quotes[0], doc.quote(s, m.start(), m.end())),
            )  # fmt: skip


def _ago(doc: Document) -> Iterator[Finding]:
    """ "3 years ago" beside a stated year of the same event."""
    patients = [c for c in doc.cases if c.kind == "patient"]
    if len(patients) != 1 or not doc.paper.year:
        return
    after = max((float(v) for v in _followed(patients[0].fields.get("follow_up_months"))), default=0.0)
    latest = doc.paper.year - after / 12
    told = [
        (s, m)
        for s in doc.saying("years ago", "years before", "years earlier")
        for m in _AGO.finditer(s.text)
    ]
    if not told:
        return
    dated = [
        (s, m)
        for s in doc.sentences
        for m in re.finditer(r"\bin ((?:19|20)\d\d)\b", s.text)
        if s.kind != "discussion"
    ]
    for s, m in told:
        if s.kind not in ("abstract", "case_report"):
            continue
        words = _content(s.text[max(0, m.start() - 70) : m.start()])
        ago = number(m["n"]) or 0
        alike = [(t, d) for t, d in dated if len(words & _content(t.text[d.end() : d.end() + 80])) >= 2]
        late = [(t, d) for t, d in alike if latest < int(d[1]) + ago and int(d[1]) < doc.paper.year]
        if late and len(late) == len(alike):
            year = int(late[0][1][1])
            yield Finding(
                kind="date_conflict", severity="error",
                message=f"{m['n']} years after {year} is {year + ago:g}, later than the follow-up and the year of the "
                f"paper ({doc.paper.year}) allow.",
                computed=f"{year} + {m['n']} = {year + ago:g} > {doc.paper.year} - {after:g} months",
                quotes=(_clause(doc, s, m), *(_clause(doc, t, d) for t, d in late)),
            )  # fmt: skip
            return


def _followed(value: object) -> list[float]:
    return [float(v) for v in (value if isinstance(value, list) else [value]) if isinstance(v, (int, float))]


def _content(words: str) -> set[str]:
    clause = (
        re.split(r"[.;]| and (?!fusion)", words)[-1] if words.endswith(" ") else re.split(r"[.;]", words)[0]
    )
    return {w.rstrip("s") for w in re.findall(r"[a-z][a-z0-9-]{2,}", clause)} - _STOP


def _clause(doc: Document, s: Sentence, m: re.Match[str]) -> Quote:
    return doc.quote(s, max(0, m.start() - 45), min(len(s.text), m.end() + 60))
