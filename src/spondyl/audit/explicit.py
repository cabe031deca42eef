"""Sums that a sentence spells out itself, whatever was read of groups.

Sees: "58 of 84, 96%", "of the 96 vertebrae, 83 (88.5%)", "1.58 (96/52)", "93 of 48 patients", a value outside the
confidence interval printed right behind it.
Cannot see: anything whose numbers do not stand side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from spondyl.audit.document import Document, Sentence
from spondyl.audit.ratios import row
from spondyl.audit.rounding import cell, share_fit
from spondyl.audit.shares import LOOSE, percent
from spondyl.record import Finding, Severity, Statement
from spondyl.words.numbers import NUMBER, number

__all__ = ["check"]

_P = r"(?P<p>\d{1,3}(?:\.\d{1,3})?)\s?%"
_OF = re.compile(
    rf"(?<![\w.,/-])(?<!\d )(?P<k>{NUMBER})(?: [a-z]+){{0,2}} (?:of|out of) (?:the |these |those |all |our "
    rf"|a "
    rf"total of )*(?P<n>\d{{1,5}})(?! \d{{3}}\b)"
    rf"(?! ?(?:%|years|months|mm|cm|points))(?: (?!and\b|or\b|had\b|were\b)[a-z-]+){{0,3}},? ?[(\[,;]? ?{_P}"
)
_OVER = re.compile(
    rf"(?<![\w.,/-])(?P<k>\d{{1,5}}) ?/ ?(?P<n>\d{{1,5}})(?![\w/]|\.\d) ?[,;(=\[]{{0,2}} ?{_P}"
)
_OVER_BEHIND = re.compile(rf"{_P} ?\((?P<k>\d{{1,5}}) ?/ ?(?P<n>\d{{1,5}})\)")
_AMONG = re.compile(
    rf"\b(?:of|among) (?:the |these |those |all |our )*(?P<n>\d{{1,5}}) (?!years"
    rf"|months)[a-z][a-z -]{{2,50}}, "
    rf"(?P<k>{NUMBER}) ?[(\[]{_P}"
)
_PATTERNS = (("of ", _OF), ("/", _OVER), ("/", _OVER_BEHIND), (", ", _AMONG))
"""What stands in every match, and the pattern."""
_SUBSET = re.compile(
    r"(?P<k>\d(?<![\w.,/-].)(?<!\d .)\d{0,4}) (?:out )?of (?:the |these |those |all |our )*(?P<n>\d{1,5}) "
    r"(?P<noun>patients|cases|women|men|hips|levels|tumou?rs|children)\b"
)
_QUOTIENT = re.compile(r"(?<![\w.,-])(?P<v>\d{1,3}\.\d{1,3}) ?\((?P<a>\d{1,5}) ?/ ?(?P<b>\d{1,5})\)")
_INTERVAL = re.compile(
    r"(?<![\w.,(-])(?P<v>-?\d{1,4}(?:\.\d{1,3})?)(?P<unit>(?: ?%| [a-z/]{1,9}(?: (?:on average"
    r"|per [a-z]+))?)?) "
    r"?[(\[,;]{1,2} ?\d\d ?% ?"
    r"(?:ci|confidence interval)(?: ?\[ci\])?[:,=]? ?(?P<a>-?\d{1,4}(?:\.\d{1,3})?) ?%?(?: ?- ?| to |, )"
    r"(?P<b>-?\d{1,4}(?:\.\d{1,3})?)(?![\d.]*\d)"
)


_AT = re.compile(r"\b(?:at|after|by|within|for|over|of|in) (?:the )?$")
_SIZE = re.compile(r"\b(?:n ?=|at) ?$")
_TIME = re.compile(r"month|year|week|day|mo\b|yr")

_TRIPLE = re.compile(
    r"(?<![\w.,(-])(?P<v>\d{1,3}\.\d{1,3}) ?[(\[,;]{1,2} ?95 ?% ?(?:ci|confidence interval)[:,=]? ?"
    r"(?P<a>\d{1,3}\.\d{1,3}) ?(?:-|to) ?(?P<b>\d{1,4}\.\d{1,3})[)\],;]{0,2} ?[(\[]?p"
    r" ?(?P<sign>[=<>]) ?(?P<p>0?\.\d{1,5})"
)
_NO_RATIO = re.compile(
    r"\b(?:differen\w+|means?|medians?|changes?|reduction|increase|gain|coefficient|beta|slope|scores?|incidence|rates?|"
    r"probability|sensitivity|specificity|auc|index|kappa|correlation)\b"
)
_RATIO = re.compile(
    r"\b(?P<h>hazards? ratio|a?hr)\b|\b(?P<o>odds ratio)\b|\b(?P<r>relative risk|risk ratio)\b"
)

Known = set[tuple[int | None, str | None, int | None]]


def check(doc: Document) -> Iterator[Finding]:
    """Numbers side by side that do not go together.

    Args:
        doc: The paper.

    Yields:
        Findings `pct`, `subset`, `quotient`, `interval`.
    """
    known: Known = {
        (s.n, s.printed, s.denominator) for s in doc.statements if s.quantity == "count" and s.printed
    }
    for s in doc.sentences:
        if "%" in s.text:
            for need, pattern in _PATTERNS:
                for m in pattern.finditer(s.text) if need in s.text else ():
                    yield from _share(doc, s, m, known)
            if "ratio" in s.text or "hr" in s.text or "risk" in s.text:
                yield from _again(doc, s)
            for m in _INTERVAL.finditer(s.text) if "ci" in s.text or "confidence" in s.text else ():
                yield from _outside(doc, s, m)
        for m in _SUBSET.finditer(s.text) if " of " in s.text else ():
            if int(m["k"]) > int(m["n"]):
                yield _finding(
                    doc,
                    s,
                    m,
                    "subset",
                    f"{m['k']} of {m['n']} is more than the whole.",
                    f"{m['k']} > {m['n']}",
                )
        for m in _QUOTIENT.finditer(s.text) if "/" in s.text else ():
            yield from _quotient(doc, s, m)


def _again(doc: Document, s: Sentence) -> Iterator[Finding]:
    """A second ratio of a sentence, which no longer says its name: "in the other study it was 0.83 (95% CI …)"."""
    names = list(_RATIO.finditer(s.text))
    for m in _TRIPLE.finditer(s.text) if names else ():
        before = [x for x in names if x.end() <= m.start()]
        start, end = s.origin(m.start(), m.end())
        known = any(
            o.printed == m["v"]
            and o.printed_low == m["a"]
            and o.quotes[0].start < end
            and o.quotes[0].end > start
            for o in doc.statements
            if o.quotes
        )
        if (
            not before
            or known
            or _NO_RATIO.search(s.text, before[-1].end(), m.start())
            or not float(m["a"]) <= float(m["v"]) <= float(m["b"])
        ):
            continue
        kind = {"h": "hazard_ratio", "o": "odds_ratio", "r": "relative_risk"}[str(before[-1].lastgroup)]
        said = Statement(
            group="", quantity=kind, value=float(m["v"]), printed=m["v"], low=float(m["a"]), high=float(m["b"]),
            printed_low=m["a"], printed_high=m["b"], p=m["sign"].strip("=") + m["p"],
            quotes=(doc.quote(s, m.start(), m.end()),),
        )  # fmt: skip
        yield from (f for f in row(said) if f.severity == "error")


def _finding(
    doc: Document,
    s: Sentence,
    m: re.Match[str],
    kind: str,
    message: str,
    computed: str,
    severity: Severity = "error",
) -> Finding:
    return Finding(
        kind=kind,
        severity=severity,
        message=message,
        computed=computed,
        quotes=(doc.quote(s, m.start(), m.end()),),
    )


def _share(doc: Document, s: Sentence, m: re.Match[str], known: Known) -> Iterator[Finding]:
    """A count, its whole and its percentage that no statement holds."""
    k, n, printed = number(m["k"]), int(m["n"]), m["p"]
    if k is None or k != int(k) or not k or not n or (int(k), printed, n) in known:
        return
    if LOOSE.search(s.text[: m.start()]):
        return
    if k > n:
        yield _finding(doc, s, m, "subset", f"{int(k)} of {n} is more than the whole.", f"{int(k)} > {n}")
        return
    fit = share_fit(int(k), n, printed)
    if fit == "off" or (fit == "cut" and doc.rounds):
        yield _finding(
            doc, s, m, "pct", f"{int(k)} of {n} is {percent(int(k), n, printed)} %, but {printed} % is printed.",
            f"{int(k)}/{n} = {100 * k / n:.2f} %", "rounding" if fit == "cut" else "error",
        )  # fmt: skip


def _quotient(doc: Document, s: Sentence, m: re.Match[str]) -> Iterator[Finding]:
    a, b = int(m["a"]), int(m["b"])
    if not b or s.text[m.start() - 2 : m.start()] in ("± ", "p="):
        return
    if all(cell(m["v"]).fit(x) == "off" for x in (Fraction(a, b), Fraction(100 * a, b))):
        yield _finding(
            doc,
            s,
            m,
            "quotient",
            f"{a}/{b} is {a / b:.2f}, but {m['v']} is printed.",
            f"{a}/{b} = {a / b:.3f}",
        )


def _outside(doc: Document, s: Sentence, m: re.Match[str]) -> Iterator[Finding]:
    """A value outside the interval right behind it."""
    before = s.text[max(0, m.start() - 12) : m.start()]
    if (_TIME.search(m["unit"]) and _AT.search(before)) or _SIZE.search(before):
        return
    value, low, high = (float(m[x]) for x in ("v", "a", "b"))
    slack = max(10.0 ** -len(x.partition(".")[2]) for x in (m["v"], m["a"], m["b"]))
    if low <= high and not low - slack <= value <= high + slack:
        yield _finding(
            doc, s, m, "interval", f"{m['v']} lies outside its own interval {m['a']}–{m['b']}.",
            f"{m['v']} is not between {m['a']} and {m['b']}",
        )  # fmt: skip
