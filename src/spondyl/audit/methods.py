"""Warnings of the way results were computed.

Sees: fewer than ten events for each factor of a multivariable model; an interval so wide that the likelihood has no
maximum; patients grouped by what happened after time zero and compared from time zero without a landmark or a
time-dependent factor.
Cannot see: models whose events or factors the paper does not number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.audit.document import Document
from spondyl.record import Finding, Statement, Table
from spondyl.words.numbers import NUMBER, number

__all__ = ["check"]

_RATIOS = frozenset({"hazard_ratio", "odds_ratio", "relative_risk"})
_MODEL = re.compile(r"\bmulti-?varia(?:ble|te)\b|\badjusted\b|\bcox\b|\blogistic\b|\bregression\b")
_SINGLE = re.compile(r"\buni-?varia(?:ble|te)\b|\bunadjusted\b|\bcrude\b")
_MULTI = re.compile(r"\bmulti-?varia(?:ble|te)\b|(?<!un)\badjusted\b")
_EVENTS = re.compile(
    rf"(?P<n>{NUMBER}) (?:deaths?|events?|revisions?|failures?|recurrences?|dislocations?|"
    rf"fractures?|infections?|"
    rf"progressions?|died)\b"
)
_SURVIVAL = re.compile(r"\b(?:survival|mortality|death)\b")
_LATER = re.compile(
    r"\b(?:received|underwent|had|given|treated with|took|were"
    r" prescribed)\b[^.;]{0,60}?\b(?:at any time|during "
    r"follow-up|"
    r"during the follow-up|ever|at some point|during the course|after diagnosis|in the course)\b[^.;]{0,80}?"
    r"\b(?:survived longer|lived longer|longer (?:overall )?survival|better (?:overall )?survival|improved "
    r"(?:overall )?survival|longer median)"
)
_LONGER = re.compile(
    r"\b(?:responders|patients who (?:responded|completed|received)[^.;]{0,60}?)"
    r" (?:had|showed|survived|lived)"
    r"[^.;]{0,30}\b(?:longer|better)\b"
    r"[^.;]{0,60}\bthan (?:the )?(?:non-?responders|those who did not)"
)
_MEDIANS = re.compile(
    r"\b(?:patients|those) who (?:later )?(?:received|completed|underwent|were"
    r" given|had)\b[^.;]{0,50}?\b(?:at any time|"
    r"during follow-up|at some point|in the course)\b[^.;]{0,60}?\bmedian (?:overall"
    r" )?survival of (?P<a>\d{1,3}(?:\.\d+)?)"
    r"[^.;]{0,30}?\b(?:compared (?:with|to)|versus|vs\.?|against) (?P<b>\d{1,3}(?:\.\d+)?)"
)
_GUARDED = re.compile(
    r"\blandmark\b|\btime-(?:dependent|varying)\b|\bimmortal[- ]time\b|\bguarantee[- ]?d?[- ]time\b"
)


def check(doc: Document) -> Iterator[Finding]:
    """Ways of computing that a reader should know of.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `events_per_variable`, `monotone_likelihood`, `guaranteed_time_bias`.
    """
    for table in doc.paper.tables:
        rows = [
            s for s in doc.statements
            if s.quantity in _RATIOS and s.quotes and table.start <= s.quotes[0].start < table.end
        ]  # fmt: skip
        yield from _events(doc, table, rows)
    for s in doc.statements:
        if s.quantity in _RATIOS and s.quotes and s.low and s.high and s.value:
            yield from _monotone(s)
    yield from _bias(doc)


def _events(doc: Document, table: Table, rows: list[Statement]) -> Iterator[Finding]:
    """Events for each factor of a table's model."""
    several = [s for s in rows if _MULTI.search(s.of.lower())]
    one = [s for s in rows if _SINGLE.search(s.of.lower())]
    rows = several or [s for s in rows if s not in one]
    heads = " ".join(c.text for c in table.cells if c.head)
    words = f"{table.caption} {heads}".lower()
    if len(rows) < 3 or not _MODEL.search(words) or (_SINGLE.search(table.caption.lower()) and not several):
        return
    if _SINGLE.search(words) and not several:
        return
    found = _number(doc, words, rows)
    if found is None:
        return
    events, told = found
    if events / len(rows) < 10:
        end = max(table.caption_end, table.start + 1)
        start = table.start if end - table.start < 280 else table.caption_start
        yield Finding(
            kind="events_per_variable", severity="method",
            message=f"The model has {len(rows)} factors for {told}: {events / len(rows):.1f} events for each, "
            f"where ten are "
            "asked for; its ratios are unstable.",
            computed=f"{events} / {len(rows)} = {events / len(rows):.1f}",
            quotes=(doc.words(start, min(table.end, max(end, start + 40))), rows[0].quotes[0]),
        )  # fmt: skip


def _number(doc: Document, words: str, rows: list[Statement]) -> tuple[int, str] | None:
    """How many events a model has, at the most."""
    m = _EVENTS.search(words)
    if m:
        return int(number(m["n"]) or 0), m.group()
    sizes = {s.n or s.denominator for s in doc.own if s.group == rows[0].group and (s.n or s.denominator)}
    whole = next((s.n for s in doc.own if s.quantity == "n" and s.group == rows[0].group and s.n), None)
    if _SURVIVAL.search(words):
        dead = [
            s for s in doc.own
            if s.quantity == "count" and s.n and s.denominator == whole
            and re.search(r"\b(?:died|dead|deaths?)\b", s.of.lower())
        ]  # fmt: skip
        if dead and whole:
            most = max(s.n or 0 for s in dead)
            return most, f"{most} deaths"
    if whole and sizes and whole / len(rows) < 10:
        return whole, f"{whole} patients"
    return None


def _monotone(s: Statement) -> Iterator[Finding]:
    """An interval over more than two orders of magnitude beside an extreme ratio."""
    low, high, value = s.low or 0.0, s.high or 0.0, s.value or 1.0
    if low > 0 and high / low > 150 and (value > 15 or value < 1 / 15):
        yield Finding(
            kind="monotone_likelihood", severity="method",
            message=f"An interval of {s.printed_low}–{s.printed_high} around {s.printed} suggests a factor that almost "
            "separates the events; the ratio has no stable estimate.",
            computed=f"{s.printed_high} / {s.printed_low} = {high / low:.0f}", quotes=s.quotes[:1],
        )  # fmt: skip


def _medians(text: str) -> re.Match[str] | None:
    m = _MEDIANS.search(text)
    return m if m and float(m["a"]) > float(m["b"]) else None


def _bias(doc: Document) -> Iterator[Finding]:
    """Groups formed by what came after time zero."""
    found = [
        (s, m)
        for s in doc.saying(
            "longer", "better", "improved", "median survival of", "median overall survival of"
        )
        for m in (_LATER.search(s.text) or _LONGER.search(s.text) or _medians(s.text),)
        if m is not None and "et al" not in s.text and s.kind not in ("introduction",)
    ]
    if not found or any(_GUARDED.search(s.text) for s in doc.sentences):
        return
    s, m = found[0]
    yield Finding(
        kind="guaranteed_time_bias", severity="method",
        message="Who receives a treatment later must live until then; compared from time zero without a landmark or a "
        "time-dependent factor, the treated seem to live longer.",
        computed="groups formed after time zero, compared from time zero",
        quotes=(doc.quote(s, 0, max(m.end(), min(len(s.text), 200))),),
    )  # fmt: skip
