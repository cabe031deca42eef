"""Hazard, odds and risk ratios with interval and p, and p values of tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.grammar import DECIMAL, INTERVAL, number_of, tidy
from spondyl.extract.series.passages import Passage

__all__ = ["ratios"]

_NAME = (
    r"(?P<name>(?:adjusted |unadjusted )?(?:hazards? ratio|odds ratio|relative risk|"
    r"risk ratio)s?(?:\s?[\[(](?:a?hr|a?or|rr)[\])])?|"
    r"\ba?hr|\ba?or|\brr)"
)
_RATIO = re.compile(
    rf"{_NAME}(?![a-z0-9])[)\]]?(?:,|:|=|;)?\s?(?:of |was |were |for [a-z ]{{2,40}} (?:was|of) |"
    rf"=\s?)?(?P<v>{DECIMAL})(?!\s?%)"
    rf"(?:\s?[,;:]?\s?[(\[]?\s?(?:(?P<level>\d\d)\s?%\s?)?(?:confidence interval|"
    rf"c\.?i\.?)?(?:\s?[\[(]ci[\])])?\s?[:,=]?\s?{INTERVAL}\s?[)\]]?)?"
    rf"(?:\s?[,;]?\s?[(\[]?\s?p(?:[- ]value)?\s?(?P<sign>[<>=])=?\s?(?P<p>{DECIMAL}))?"
)
_P = re.compile(rf"(?<![\w-])p(?:[- ]values?)?\s?(?:of |was )?(?P<sign>[<>=])=?\s?(?P<p>{DECIMAL})")
_THRESHOLD = re.compile(
    r"\b(?:considered|regarded|deemed|defined|set at|set to|significance level|threshold|accepted|"
    r"denotes?|denoted|indicat)"
)
_TESTS = re.compile(
    r"\b(?:log-?rank(?: test)?|fisher'?s?(?: exact)?(?: test)?|chi-?squared?(?: test)?|χ2|"
    r"mann-whitney(?: u)?(?: test)?|wilcoxon[a-z -]{0,12}(?:test)?|"
    r"(?:paired |unpaired |student'?s? )?t[- ]test|anova|kruskal-wallis|"
    r"cox (?:proportional hazards? )?(?:regression|model|analysis)(?: analysis)?|"
    r"multivaria(?:te|ble) [a-z ]{0,24}(?:analysis|model|regression)|univaria(?:te|"
    r"ble) [a-z ]{0,24}(?:analysis|model|regression)|gray'?s test)"
)
_STOP = re.compile(r"[;)\]] ?|, (?=\w+ \()|: |\.(?!\d) |(?:\band |\bwhereas |\bwhile )(?=[^()]{2,60}$)")
_NAMED = re.compile(r"ratio|\brisk|\ba?hrs? ?[\d(=:,)]|\ba?or ?[\d=:,]|\brr\b|[(\[]a?(?:hr|or)\b")
_SHORT_NAME = re.compile(r"(?:HR|OR|RR)\b")
_QUANTITY = {"h": "hazard_ratio", "o": "odds_ratio", "r": "relative_risk"}


def ratios(p: Passage) -> Iterator[Draft]:
    """The ratios and p values that a sentence states.

    Args:
        p: The sentence.

    Yields:
        Drafts of quantity "hazard_ratio", "odds_ratio", "relative_risk" or "p_value".

    Example:
        >>> from spondyl.extract.series.passages import passages
        >>> from spondyl.record import Paper
        >>> text = "Fracture predicted death (HR 3.1, 95% CI: 1.2-8; p = 0.02)."
        >>> p = passages(Paper(id="p", source="p", text=text))[0]
        >>> [(d.quantity, d.printed, d.low, d.high, d.p) for d in ratios(p)]
        [('hazard_ratio', '3.1', 1.2, 8.0, '0.02')]
    """
    taken: list[tuple[int, int]] = []
    for m in _RATIO.finditer(p.text) if _named(p) else ():
        name = m["name"]
        printed = p.plain[m.start("name") : m.end("name")]
        if name.lstrip("a") in ("or", "hr", "rr") and not printed.lstrip("a").isupper():
            continue
        taken.append(m.span())
        yield _ratio(p, m)
    signed = "=" in p.text or "<" in p.text or ">" in p.text
    if signed and not _THRESHOLD.search(p.text):
        for m in _P.finditer(p.text):
            if not any(a <= m.start() < b for a, b in taken):
                yield _p_value(p, m)


def _named(p: Passage) -> bool:
    """Whether a sentence may state a ratio; its short names stand in capitals."""
    if not ("ratio" in p.text or "risk" in p.text or _SHORT_NAME.search(p.plain)):
        return False
    return p.digits and _NAMED.search(p.text) is not None


def _ratio(p: Passage, m: re.Match[str]) -> Draft:
    kind = m["name"].lstrip("a").removeprefix("djusted ").removeprefix("un").strip()
    quantity = _QUANTITY[
        "r" if kind.startswith(("risk", "relative", "rr")) else "o" if kind.startswith("o") else "h"
    ]
    first, of = _about(p, m.start())
    draft = Draft(p, first, m.end(), quantity, of=of, value=number_of(m["v"]), printed=m["v"])
    if m["low"] and (m["level"] or number_of(m["low"]) <= number_of(m["high"])):
        draft.printed_low, draft.printed_high = m["low"], m["high"]
        draft.low, draft.high = number_of(m["low"]), number_of(m["high"])
    if m["p"]:
        draft.p = ("" if m["sign"] == "=" else m["sign"]) + m["p"]
    return draft


def _p_value(p: Passage, m: re.Match[str]) -> Draft:
    first, of = _about(p, m.start(), _CLAUSE)
    tests = list(_TESTS.finditer(p.text))
    near = min(tests, key=lambda t: abs(t.start() - m.start()), default=None)
    if near is not None and near.group() not in of.lower():
        of = f"{p.plain[near.start() : near.end()]}: {of}"
        first = min(first, near.start()) if m.start() - near.start() < 200 else first
    draft = Draft(p, first, m.end(), "p_value", of=of, value=number_of(m["p"]), printed=m["p"])
    draft.p = ("" if m["sign"] == "=" else m["sign"]) + m["p"]
    return draft


_CLAUSE = re.compile(r"[;)\]] ?|: |\.(?!\d) ")


def _about(p: Passage, at: int, stop: re.Pattern[str] = _STOP) -> tuple[int, str]:
    """What a ratio or p in brackets is about: the words before it, back to the last stop."""
    text = p.text[:at]
    opened = max(text.rfind("("), text.rfind("["))
    end = opened if opened >= 0 and not any(c in ")]" for c in text[opened:]) else at
    stops = [m.end() for m in stop.finditer(text[:end])]
    first = max((s for s in stops if end - s > 3), default=0)
    return first, tidy(p.plain[first:end])
