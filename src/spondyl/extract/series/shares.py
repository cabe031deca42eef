"""Shares without a count in prose: "most commonly Caucasian (66%)", "in 30% of patients"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.grammar import COUNT, DECIMAL, PERCENT, number_of, tidy
from spondyl.extract.series.mentions import mentions
from spondyl.extract.series.passages import Passage
from spondyl.extract.series.predicates import LABEL_STOP, predicate

__all__ = ["shares"]

_SHARE = re.compile(
    rf"(?<![\w.,±<>/-]){PERCENT}(?!\s?(?:ci\b|confidence|conf\b|-|to \d|- ?\d))(?P<of>,? (?:of|"
    rf"in) (?:all |the |these |our )*(?:(?P<d>{COUNT}) )?(?P<words>[a-z][^,;:.()\[\]]{{0,80}}))?"
)
_NOT_SHARE = re.compile(
    r"\b(?:survival|os|pfs|free|control|increase|decrease|reduction|ci|index|risk|score|interval|"
    r"range|between|"
    r"isodose|saturation|width|odi|level|confidence|ki-?67|mib-?1|mean|median|average)\b[^%]*$"
)


def shares(p: Passage, taken: list[tuple[int, int]]) -> Iterator[Draft]:
    """Shares without a count: "most commonly Caucasian (66%)", "in 30% of patients"."""
    if "%" not in p.text:
        return
    for m in _SHARE.finditer(p.text):
        inside = any(a <= m.start() < b for a, b in taken)
        if inside or re.search(
            rf"{DECIMAL}\s?%?\s?(?:-|to|and)\s?$", p.text[max(0, m.start() - 10) : m.start()]
        ):
            continue
        bracket = p.text[m.start() - 1 : m.start()] in ("(", "[")
        if not bracket and not m["of"] and _NOT_SHARE.search(p.text[max(0, m.start() - 60) : m.start()]):
            continue
        if m["pct"] == "100" and _ADDS.search(p.text, max(0, m.start() - 60), m.start()):
            continue
        if bracket and _NOT_SHARE.search(p.text[max(0, m.start() - 25) : m.start()]):
            continue
        yield _share(p, m, bracket)


_ADDS = re.compile(r"\b(?:than|total|totals|add|adds|sum|sums|equal|beyond)\b")


def _share(p: Passage, m: re.Match[str], bracket: bool) -> Draft:
    start, end = m.start(), m.end("pct") + 1
    stops = list(LABEL_STOP.finditer(p.text[: start - bracket]))
    first = stops[-1].end() if stops else 0
    of = tidy(p.plain[first : start - bracket])
    whom = (
        next((w for w in mentions(p) if m["of"] and abs(w.start - m.start("words")) < 8), None)
        if m["of"]
        else None
    )
    if not bracket:
        end = whom.end if whom else m.end("words") if m["of"] and not m["d"] else end
        of, first, end = predicate(p, start, end)
    draft = Draft(
        p,
        min(first, start),
        max(end, m.end("pct")),
        "share",
        of=of,
        value=number_of(m["pct"]),
        unit="percent",
    )
    draft.printed = m["pct"]
    if whom is not None:
        draft.group = whom.label if whom.tail or whom.n else ""
        draft.denominator = draft.size = whom.n
    return draft
