"""One patient's stay and values: admission, operation, discharge, and what the abstract says of them again.

Sees: an operation dated before the admission or after the discharge; "17 days after admission" beside two dates that
are 15 days apart; a dose or a measured value of the abstract that the report gives with another number.
Cannot see: papers on more than one patient, of whom nothing is said here; dates without their day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from spondyl.audit.document import Document, Sentence
from spondyl.audit.rounding import apart
from spondyl.audit.times import MONTHS
from spondyl.record import Finding, Quote
from spondyl.words.numbers import NUMBER, number

__all__ = ["check"]

_MONTH = f"(?:{'|'.join(MONTHS)})"
_DAY = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})|(?P<m2>{_MONTH})"
    rf" (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?),? "
    rf"(?P<y>(?:19|20)\d\d)\b"
)
_EVENTS = (
    ("admission", re.compile(r"\b(?:was|were) (?:re-?)?(?:admitted|hospitali[sz]ed)\b[^.;]{0,60}? on $")),
    (
        "operation",
        re.compile(
            r"\b(?:(?:decompression|laminectomy|surgery|operation|resection|corpectomy|spondylectomy|"
            r"vertebrectomy|"
            r"stabili[sz]ation|fusion|excision)\b[^.;]{0,60}?\b(?:was|were) (?:performed|done|carried out)|"
            r"(?:was|were) operated(?: on)?|underwent [^.;]{3,60}?) on $"
        ),
    ),
    ("discharge", re.compile(r"\b(?:was discharged|left the hospital|was sent home)\b[^.;]{0,30}? on $")),
)
_AGAIN = re.compile(
    r"\b(?:readmitted|re-admitted|second (?:operation|surgery|admission)|reoperat|again admitted)\b"
)
_DAYS_AFTER = re.compile(
    rf",? (?:that is,? |which was )?(?P<n>{NUMBER}) days after (?:the |her |his"
    rf" )?(?P<what>admission|surgery|operation)\b"
)
_DOSE = re.compile(
    rf"(?P<d>\d{{1,3}}(?:\.\d+)?) ?gy (?:(?:was |were )?(?:given |delivered )?in|/)"
    rf" ?(?P<n>{NUMBER}) (?:daily )?fractions?\b"
)
_VALUE = re.compile(
    r"\b(?P<what>(?:[a-z-]{3,} ){0,1}[a-z-]{4,})(?: (?:level|count|concentration|value))? (?:was|of) "
    r"(?P<v>\d{1,5}(?:\.\d{1,3})?) ?(?P<u>g/dl|g/l|mg/l|mg/dl|ng/ml|mmol/l|u/l|iu/l)(?![a-z/])"
)
_FRONT = frozenset({"abstract"})


class _Event(NamedTuple):
    what: str
    when: date
    sentence: Sentence
    start: int
    end: int


def check(doc: Document) -> Iterator[Finding]:
    """What does not go together in the stay of one patient.

    Args:
        doc: The paper with its cases.

    Yields:
        Findings `date_conflict`, `duration_conflict`, `dose_conflict` and `value_conflict`.
    """
    if sum(c.kind == "patient" for c in doc.cases) != 1:
        return
    report = [s for s in doc.sentences if s.kind == "case_report"]
    if not report:
        return
    yield from _stay(doc, report)
    front = [s for s in doc.sentences if s.kind in _FRONT]
    yield from _doses(doc, front, report)
    yield from _values(doc, front, report)


def _events(report: list[Sentence]) -> Iterator[_Event]:
    for s in report:
        for m in _DAY.finditer(s.text):
            for what, pattern in _EVENTS:
                before = pattern.search(s.text, 0, m.start())
                when = _date(m)
                if before and before.end() == m.start() and when:
                    yield _Event(what, when, s, before.start(), m.end())


def _date(m: re.Match[str]) -> date | None:
    month = MONTHS.index(m["m"] or m["m2"]) + 1
    try:
        return date(int(m["y"]), month, int(m["d"] or m["d2"]))
    except ValueError:
        return None


def _stay(doc: Document, report: list[Sentence]) -> Iterator[Finding]:
    """Admission, operation and discharge in their order, where the report dates each but once."""
    if any(_AGAIN.search(s.text) for s in report):
        return
    found = list(_events(report))
    by = {what: [e for e in found if e.what == what] for what, _ in _EVENTS}
    once = {what: es[0] for what, es in by.items() if len({e.when for e in es}) == 1}
    for first, then in (("admission", "operation"), ("operation", "discharge"), ("admission", "discharge")):
        a, b = once.get(first), once.get(then)
        if a and b and b.when < a.when:
            yield Finding(
                kind="date_conflict", severity="error",
                message=f"The {then} is dated before the {first}.",
                computed=f"{b.when.isoformat()} < {a.when.isoformat()}", quotes=(_said(doc, b), _said(doc, a)),
            )  # fmt: skip
    for e in found:
        m = _DAYS_AFTER.match(e.sentence.text, e.end)
        start = once.get("admission" if m and m["what"] == "admission" else "operation") if m else None
        days = number(m["n"]) if m else None
        if m is None or start is None or days is None or start.when > e.when:
            continue
        made = (e.when - start.when).days
        if abs(made - days) > 1:
            yield Finding(
                kind="duration_conflict", severity="error",
                message=f"From the {start.what} to the {e.what} are {made} days, but {days:g} are given.",
                computed=f"{e.when.isoformat()} - {start.when.isoformat()} = {made} days",
                quotes=(doc.quote(e.sentence, e.start, m.end()), _said(doc, start)),
            )  # fmt: skip


def _said(doc: Document, e: _Event) -> Quote:
    return doc.quote(e.sentence, e.start, e.end)


def _doses(doc: Document, front: list[Sentence], report: list[Sentence]) -> Iterator[Finding]:
    """The one dose of the abstract against the one dose of the report, of as many fractions."""
    one, two = (
        [(s, m) for s in part if "gy" in s.text for m in _DOSE.finditer(s.text)] for part in (front, report)
    )
    if len(one) != 1 or len(two) != 1:
        return
    (s, a), (t, b) = one[0], two[0]
    same = float(a["d"]) == float(b["d"]), number(a["n"]) == number(b["n"])
    if any(same) and not all(same):
        yield Finding(
            kind="dose_conflict", severity="error",
            message=f"The abstract gives {_dosed(a)}, the report {_dosed(b)}.",
            computed=f"{_dosed(a)} and {_dosed(b)}",
            quotes=(doc.quote(s, a.start(), a.end()), doc.quote(t, b.start(), b.end())),
        )  # fmt: skip


def _dosed(m: re.Match[str]) -> str:
    return f"{m['d']} Gy in {m['n']} fractions"


def _values(doc: Document, front: list[Sentence], report: list[Sentence]) -> Iterator[Finding]:
    """A measured value of the abstract that the report, which gives one value of that name, does not hold."""
    one, two = (
        [(s, m) for s in part if "/" in s.text for m in _VALUE.finditer(s.text)] for part in (front, report)
    )
    for s, a in one:
        name = a["what"].split()[-1]
        alike = [(t, b) for t, b in two if b["what"].split()[-1] == name and b["u"] == a["u"]]
        if len(alike) != 1 or sum(x["what"].split()[-1] == name for _, x in one) != 1:
            continue
        t, b = alike[0]
        if apart(a["v"], b["v"]):
            yield Finding(
                kind="value_conflict", severity="error",
                message=f"The {name} is {a['v']} in the abstract and {b['v']} in the report.",
                computed=f"{a['v']} and {b['v']} {a['u']}",
                quotes=(doc.quote(s, a.start(), a.end()), doc.quote(t, b.start(), b.end())),
            )  # fmt: skip
