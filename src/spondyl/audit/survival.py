"""Survival rates, medians and quartiles of the same group against each other.

Sees: a median that its survival rates forbid (56.6 % alive at 1 year beside a median of 11 months); quartiles
that they forbid; rates that rise with time; a survival time longer than the longest follow-up; a rate or median
outside its own interval; deaths that leave fewer alive than the rate says where nobody was lost.
Cannot see: groups named in different words; curves from another point of time (diagnosis, surgery), which are
kept apart by the words that name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from spondyl.audit.document import Document, Sentence
from spondyl.audit.kin import endpoint, sorted_kin
from spondyl.audit.rounding import Cell, cell
from spondyl.record import Finding, Quote, Statement
from spondyl.words.numbers import NUMBER, months, number

__all__ = ["check"]

_IN_MONTHS = {
    "months": Fraction(1),
    "years": Fraction(12),
    "weeks": Fraction(12, 52),
    "days": Fraction(12, 365),
}


def check(doc: Document) -> Iterator[Finding]:
    """Survival rates that medians, quartiles or other rates of the same group contradict.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `survival_vs_median`, `survival_order`, `range_conflict`, `interval`.
    """
    everywhere = [s for s in doc.statements if s.quantity == "survival_rate" and s.quotes]
    for group in sorted_kin(doc.statements):
        rates = [s for s in group if s.quantity == "survival_rate" and s.printed and s.months]
        times = [s for s in group if s.quantity in ("median", "quartiles")]
        for r in rates:
            for t in times:
                if endpoint(t.of) == endpoint(r.of) != "" or _one_row(doc, r, t):
                    yield from _against(r, t)
        yield from _rising(rates, everywhere)
        yield from _beyond(group)
    for s in doc.statements:
        yield from _outside(s)
    yield from _told(doc)
    yield from _longest(doc)


def _one_row(doc: Document, rate: Statement, time: Statement) -> bool:
    """Whether a rate and an unnamed median stand in one row of a table."""
    a, b = rate.quotes[0].start, time.quotes[0].start
    return (
        a == b
        and doc.table_at(a) is not None
        and time.of.lower().startswith("median")
        and not endpoint(time.of)
    )


def _against(rate: Statement, time: Statement) -> Iterator[Finding]:
    """One rate against the median or the quartiles of the same curve."""
    if time.quantity == "median":
        levels = [(50, time.printed, "median")]
    else:
        levels = [(75, time.printed_low, "first quartile"), (25, time.printed_high, "third quartile")]
    for level, printed, name in levels:
        unit = _IN_MONTHS.get(time.unit or "months")
        if not printed or unit is None or rate.months is None:
            continue
        at, share = _point(rate.months), cell(rate.printed or "")
        t = _in_months(printed, unit)
        late, early = share.low > level and t.end <= at, share.end <= level and t.low > at
        if late or early:
            order = "after" if late else "before"
            yield Finding(
                kind="survival_vs_median", severity="error",
                message=f"With {rate.printed} % at {_months(at)} the {name} must lie {order} {_months(at)}, "
                f"but {printed} {time.unit or 'months'} is printed.",
                computed=f"S({_months(at)}) = {rate.printed} % {'>' if late else '<'} {level} %; "
                f"{name} {printed} {'<' if late else '>'} {_months(at)}",
                quotes=(rate.quotes[0], time.quotes[0]),
            )  # fmt: skip


@lru_cache(maxsize=1024)
def _point(months: float) -> Fraction:
    return Fraction(months).limit_denominator(100)


@lru_cache(maxsize=4096)
def _in_months(printed: str, unit: Fraction) -> Cell:
    return Cell(cell(printed).value * unit, cell(printed).unit * unit)


def _months(at: Fraction) -> str:
    return f"{float(at):g} months"


def _rising(rates: list[Statement], everywhere: list[Statement]) -> Iterator[Finding]:
    """Rates of one curve that rise with time."""
    ends = [endpoint(s.of) for s in rates]
    for a, end in zip(rates, ends, strict=True):
        if a.months is None or end in ("", "incidence"):
            continue
        for b, other in zip(rates, ends, strict=True):
            if b.months is None or a.months >= b.months or end != other:
                continue
            if cell(b.printed or "").low > cell(a.printed or "").end and not _two_curves(a, b, everywhere):
                yield Finding(
                    kind="survival_order", severity="error",
                    message=f"{b.printed} % at {b.months:g} months is more than {a.printed} % at {a.months:g} "
                    "months; survival cannot rise.",
                    computed=f"S({b.months:g}) = {b.printed} % > S({a.months:g}) = {a.printed} %",
                    quotes=_two(a.quotes[0], b.quotes[0]),
                )  # fmt: skip


def _two_curves(a: Statement, b: Statement, rates: list[Statement]) -> bool:
    """Whether the words of two rates also give another rate at one of their times, so that two groups are told of."""
    near = [c for c in rates if abs(c.quotes[0].start - a.quotes[0].start) < 250]
    return abs(b.quotes[0].start - a.quotes[0].start) < 250 and any(
        c.months == o.months and c.printed != o.printed for c in near for o in (a, b)
    )


_T = rf"(?:{NUMBER})[ -](?:month|year)s?"
_RATES = re.compile(
    rf"(?P<t1>{_T}) (?:overall |progression-free |local )?(?:survival|control|os|pfs)(?:"
    rf" rates?)?(?: (?:was|of|were|is))? "
    rf"(?P<p1>\d{{1,3}}(?:\.\d+)?) ?%|"
    rf"(?P<p2>\d{{1,3}}(?:\.\d+)?) ?%(?: of (?:the |all )?patients)?(?: (?:were |was )?(?:still )?alive)?"
    rf"(?: \([^()]{{0,30}}\))? (?:at|after) (?P<t2>{_T})\b|"
    rf"\b(?:at|after) (?P<t3>{_T}),? (?P<p3>\d{{1,3}}(?:\.\d+)?) ?%(?= (?:of (?:the |all"
    rf" )?patients )?(?:were|was|remained|"
    rf"had survived|survived))"
)
_GROUPED = re.compile(
    r"\b(?:versus|vs|compared|respectively|than|whereas|while|those|other|without|group|arm|"
    r"toxicity|recurrence|incidence|"
    r"fail\w+|died|mortality|cumulative|progression|worse|pain|walk\w*)\b|et"
    r" al|\b(?:in|for|among) (?:patients|women|men|the)\b"
)
_SPAN = re.compile(rf"(?P<n>{NUMBER})[ -](?P<u>month|year)")


def _told(doc: Document) -> Iterator[Finding]:
    """Rates of one curve in one sentence, however it words them."""
    for s in doc.saying("surviv", "alive", "control"):
        timed = "month" in s.text or "year" in s.text
        if not timed or s.text.count("%") < 2 or _GROUPED.search(s.text):
            continue
        found = [(t, m) for m in _RATES.finditer(s.text) if (t := _time(m["t1"] or m["t2"] or m["t3"]))]
        for (ta, a), (tb, b) in combinations(found, 2):
            early, late = (a, b) if ta < tb else (b, a)
            one, two = (m["p1"] or m["p2"] or m["p3"] for m in (early, late))
            if ta != tb and cell(two).low > cell(one).end and not _known(doc, s, one, two):
                yield Finding(
                    kind="survival_order", severity="error",
                    message=f"{two} % at the later time is more than {one} % at the earlier one; survival cannot rise.",
                    computed=f"S({max(ta, tb):g} months) = {two} % > S({min(ta, tb):g} months) = {one} %",
                    quotes=(doc.quote(s, a.start(), b.end()),),
                )  # fmt: skip


_LONGEST = re.compile(
    rf"\blongest (?:survivor|survival|living patient)\b[^.;%]{{0,40}}?(?<![\w.,])(?P<n>{NUMBER}) (?P<u>month|year)s?\b"
)


def _longest(doc: Document) -> Iterator[Finding]:
    """The longest survivor against the longest follow-up, where the paper gives but one."""
    told = [
        s for s in doc.own
        if s.quantity == "range" and "follow" in s.of.lower() and s.high and s.unit in ("months", "years")
    ]  # fmt: skip
    if len({(s.high, s.unit) for s in told}) != 1:
        return
    most = months(told[0].high or 0, told[0].unit or "months")
    for s in doc.saying("longest"):
        for m in _LONGEST.finditer(s.text):
            lived = months(number(m["n"]) or 0, m["u"])
            if lived > most + 1 and "et al" not in s.text and s.kind != "introduction":
                yield Finding(
                    kind="range_conflict", severity="error",
                    message=f"The longest survivor, {m['n']} {m['u']}s, exceeds the longest follow-up, "
                    f"{told[0].printed_high} {told[0].unit}.",
                    computed=f"{lived:g} > {most:g} months",
                    quotes=(doc.quote(s, m.start(), m.end()), told[0].quotes[0]),
                )  # fmt: skip


def _time(words: str) -> float:
    m = _SPAN.match(words)
    return months(number(m["n"]) or 0, m["u"]) if m else 0


def _known(doc: Document, s: Sentence, one: str, two: str) -> bool:
    """Whether both rates are read as statements, which are compared elsewhere."""
    start, end = s.origin(0, len(s.text))
    here = {
        o.printed
        for o in doc.statements
        if o.quantity == "survival_rate" and start <= o.quotes[0].start < end
    }
    return {one, two} <= here


def _two(a: Quote, b: Quote) -> tuple[Quote, ...]:
    return (a,) if a.start == b.start and a.end == b.end else (a, b)


def _beyond(group: list[Statement]) -> Iterator[Finding]:
    """A survival time beyond the longest follow-up of the same group."""
    ranges = [s for s in group if s.quantity == "range" and s.printed_high and s.unit in _IN_MONTHS]
    follow = [s for s in ranges if "follow" in s.of.lower()]
    lived = [s for s in ranges if endpoint(s.of) in ("overall", "progression", "disease-free")]
    for f in follow:
        for s in lived:
            top = cell(f.printed_high or "").end * _IN_MONTHS[f.unit or ""]
            if cell(s.printed_high or "").low * _IN_MONTHS[s.unit or ""] >= top and s.quotes != f.quotes:
                yield Finding(
                    kind="range_conflict", severity="error",
                    message=f"The longest survival, {s.printed_high} {s.unit}, exceeds the longest follow-up, "
                    f"{f.printed_high} {f.unit}.",
                    computed=f"{s.printed_high} {s.unit} > {f.printed_high} {f.unit}",
                    quotes=(f.quotes[0], s.quotes[0]),
                )  # fmt: skip


def _outside(s: Statement) -> Iterator[Finding]:
    """A rate, median or mean outside its own confidence interval."""
    if s.quantity not in ("survival_rate", "median", "mean", "share", "count"):
        return
    if not (s.printed and s.printed_low and s.printed_high and s.quotes):
        return
    value, low, high = cell(s.printed), cell(s.printed_low), cell(s.printed_high)
    if value.end <= low.low or value.low >= high.end:
        yield Finding(
            kind="interval", severity="error",
            message=f"{s.printed} lies outside its own interval {s.printed_low}–{s.printed_high}.",
            computed=f"{s.printed} is not between {s.printed_low} and {s.printed_high}", quotes=s.quotes[:1],
        )  # fmt: skip
