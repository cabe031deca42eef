"""Tests recomputed from what is printed: Fisher and chi-squared from counts, chi-squared and t from their values.

Sees: a p value that neither Fisher's exact test nor chi-squared, with and without continuity correction, gives for
two counts of one sentence; a p value that does not go with a printed χ² or t and its degrees of freedom.
Cannot see: tests of counts that the paper does not print, one-sided tests (twice the tolerance is granted), counts
in which some patients were left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import comb, erfc, exp, lgamma, pi, sqrt

from spondyl.audit.document import Document, Sentence
from spondyl.audit.rounding import cell
from spondyl.record import Finding
from spondyl.words.numbers import NUMBER, number

__all__ = ["check", "chi2_tail", "fisher", "t_tail"]

_OF = re.compile(
    rf"(?<![\w.,/])(?P<a>none|{NUMBER}) ?(?:of|out of|/) ?(?:the |these |those"
    rf" )?(?P<n>\d{{1,4}})(?![\w.,]\d|\s?%|/)"
)
_P = re.compile(r"(?<![\w-])p(?:[- ]values?)? ?(?P<sign>[=<>]) ?(?P<p>0?\.\d{1,5}|1\.0+)")
_CHI = re.compile(
    r"(?:χ ?2|χ²|chi-?squared?|x2)(?: ?\((?P<df>\d{1,2})(?:, ?n ?= ?\d+)?\))? ?="
    r" ?(?P<v>\d{1,4}(?:\.\d{1,4})?)"
    r"(?:[,;]? ?(?:df|d\.f\.) ?= ?(?P<df2>\d{1,2}))?[,;]? ?p ?(?P<sign>[=<>]) ?(?P<p>0?\.\d{1,5})"
)
_T = re.compile(
    r"\bt ?\((?P<df>\d{1,4}(?:\.\d+)?)\) ?= ?(?P<v>-?\d{1,3}(?:\.\d{1,4})?)[,;]? ?p ?(?P<sign>[=<>]) "
    r"?(?P<p>0?\.\d{1,5})"
)
_NOT = re.compile(
    r"\b(?:log-?rank|hazard|odds|adjusted|multivaria|cox|survival|trend|mann|wilcoxon|t[-"
    r" ]test|paired|mcnemar)\b"
)


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Fisher's exact test, two-sided: all tables no more likely than the one seen.

    Source:
        Fisher 1922, J R Stat Soc, doi:10.2307/2340521.

    Example:
        >>> round(fisher(0, 23, 10, 43), 3)
        0.027
    """
    n1, n2, k = a + b, c + d, a + c
    whole = comb(n1 + n2, k)
    seen = comb(n1, a) * comb(n2, k - a)
    ways = (comb(n1, x) * comb(n2, k - x) for x in range(max(0, k - n2), min(n1, k) + 1))
    return min(1.0, sum(w for w in ways if w <= seen) / whole)


def chi2_tail(value: float, df: int) -> float:
    """The upper tail of the chi-squared distribution.

    Example:
        >>> round(chi2_tail(3.841, 1), 3), round(chi2_tail(5.991, 2), 3)
        (0.05, 0.05)
    """
    if value <= 0:
        return 1.0
    if df == 1:
        return erfc(sqrt(value / 2))
    if df % 2 == 0:
        term = total = exp(-value / 2)
        for k in range(1, df // 2):
            term *= value / 2 / k
            total += term
        return min(1.0, total)
    tail, term = erfc(sqrt(value / 2)), sqrt(2 * value / pi) * exp(-value / 2)
    for k in range(3, df + 1, 2):
        tail += term
        term *= value / k
    return min(1.0, tail)


def t_tail(value: float, df: float) -> float:
    """The two-sided tail of Student's t distribution, by the trapezoid rule in the angle.

    Example:
        >>> round(t_tail(2.0, 60), 3), round(t_tail(2.228, 10), 3)
        (0.05, 0.05)
    """
    bound = abs(value) / sqrt(df)
    constant: float = exp(lgamma((df + 1) / 2) - lgamma(df / 2)) / sqrt(pi)
    steps = 2000
    top = bound / sqrt(1 + bound * bound)  # sine of the angle
    width = top / steps
    ys = [(1 - (k * width) ** 2) ** (df / 2 - 1) for k in range(steps + 1)]
    area = width * (sum(ys) - (ys[0] + ys[-1]) / 2)
    return float(max(0.0, 1 - 2 * constant * area))


def check(doc: Document) -> Iterator[Finding]:
    """p values that the printed counts or statistics do not give.

    Args:
        doc: The paper.

    Yields:
        Findings `fisher` and `test`.
    """
    for s in doc.sentences:
        if "p" not in s.text or not ("=" in s.text or "<" in s.text or ">" in s.text):
            continue
        yield from _counts(doc, s)
        for m in _CHI.finditer(s.text) if "χ" in s.text or "chi" in s.text or "x2" in s.text else ():
            if not (m["df"] or m["df2"]):
                continue
            df = int(m["df"] or m["df2"])
            low, high = (chi2_tail(float(x), df) for x in (cell(m["v"]).end, cell(m["v"]).low))
            yield from _statistic(doc, s, m, low, high, f"χ² = {m['v']} with {df} df")
        for m in _T.finditer(s.text) if "t(" in s.text or "t (" in s.text else ():
            c = cell(m["v"].lstrip("-"))
            low, high = (t_tail(float(x), float(m["df"])) for x in (c.end, c.low))
            yield from _statistic(doc, s, m, low, high, f"t = {m['v']} with {m['df']} df")


def _statistic(
    doc: Document, s: Sentence, m: re.Match[str], low: float, high: float, name: str
) -> Iterator[Finding]:
    if _off(m["sign"], m["p"], low, high, 1.0) and _off(m["sign"], m["p"], low / 2, high / 2, 1.0):
        yield Finding(
            kind="test", severity="error", message=f"P {m['sign']} {m['p']} does not go with {name}.",
            computed=f"{name} gives P = {(low + high) / 2:.3g}", quotes=(doc.quote(s, m.start(), m.end()),),
        )  # fmt: skip


def _off(sign: str, printed: str, low: float, high: float, slack: float) -> bool:
    """Whether a printed p lies outside a range of p values."""
    p = cell(printed)
    if sign == "<":
        return low > float(p.value) * slack
    if sign == ">":
        return high < float(p.value) / slack
    return float(p.low) > high * slack or float(p.end) < low / slack


def _counts(doc: Document, s: Sentence) -> Iterator[Finding]:
    """Two counts with their wholes and one p."""
    ps = list(_P.finditer(s.text))
    found = list(_OF.finditer(s.text, 0, ps[0].start())) if len(ps) == 1 else []
    if len(found) != 2 or _NOT.search(s.text):
        return
    a, b = (0 if m["a"] == "none" else int(number(m["a"]) or 0) for m in found)
    n1, n2 = int(found[0]["n"]), int(found[1]["n"])
    between = s.text[found[0].end() : found[1].start()]
    if (
        a > n1
        or b > n2
        or not re.search(r"\b(?:but|versus|vs\.?|compared|against|than|and|while|whereas)\b", between)
    ):
        return
    if min(n1, n2) < 3 or len(between) > 120 or ps[0].start() - found[1].end() > 90:
        return
    tests = {"Fisher": fisher(a, n1 - a, b, n2 - b), **_chi2(a, n1 - a, b, n2 - b)}
    p, sign = ps[0]["p"], ps[0]["sign"]
    if all(_off(sign, p, x, x, 1.02) and _off(sign, p, x / 2, x / 2, 1.02) for x in tests.values()):
        far = all(_off(sign, p, x, x, 1.5) for x in tests.values())
        told = ", ".join(f"{name} {x:.2g}" for name, x in tests.items())
        yield Finding(
            kind="fisher", severity="error" if far else "suspicious",
            message=f"P {sign} {p} cannot be reproduced from {a} of {n1} and {b} of {n2}.",
            computed=told, quotes=(doc.quote(s, found[0].start(), ps[0].end()),),
        )  # fmt: skip


def _chi2(a: int, b: int, c: int, d: int) -> dict[str, float]:
    """Chi-squared of a fourfold table, without and with continuity correction."""
    n = a + b + c + d
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if not margins:
        return {}
    gap = abs(a * d - b * c)
    plain, corrected = (n * max(0.0, gap - y) ** 2 / margins for y in (0, n / 2))
    return {"chi-squared": chi2_tail(plain, 1), "with correction": chi2_tail(corrected, 1)}
