"""Hazard, odds and risk ratios against their confidence intervals and p values.

Sees: a ratio outside its own interval; a ratio that is not the middle of its interval on the log scale; a p value
that no numbers behind the printed ratio and interval give; an interval that leaves out 1 beside a p value above
0.05, and the reverse.
Cannot see: errors smaller than the rounding of what is printed. Profile, exact and bootstrap intervals are not
symmetric, and p values of likelihood-ratio or log-rank tests differ from Wald's: where more than a third of a
paper's ratios are off in this way, nothing is said of any; where only one among many is, it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from spondyl.audit.document import Document
from spondyl.audit.polygon import Feasible, feasible
from spondyl.audit.rounding import Cell, cell
from spondyl.record import Finding, Severity, Statement

__all__ = ["check", "row"]

RATIOS = frozenset({"hazard_ratio", "odds_ratio", "relative_risk"})
_NAMES = {"hazard_ratio": "hazard ratio", "odds_ratio": "odds ratio", "relative_risk": "relative risk"}


def check(doc: Document) -> Iterator[Finding]:
    """Ratios that their interval or p value contradicts.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `hr_ci_p`.
    """
    known = [
        s
        for s in doc.statements
        if s.quantity in RATIOS and s.printed and s.printed_low and s.printed_high and s.quotes
    ]
    found = [(s, f) for s in known for f in row(s)]
    doubted = {id(s) for s, f in found if f.severity == "suspicious"}
    lone = (len(known) >= 4 and len(doubted) * 8 <= len(known)) or (len(known) >= 4 and len(doubted) == 1)
    common = len(known) >= 3 and len(doubted) * 3 > len(known)
    for _, f in found:
        if f.severity == "error" or not common:
            yield f.model_copy(update={"severity": "error"}) if lone else f


def row(s: Statement) -> Iterator[Finding]:
    """What does not go together in one ratio with its interval and p value.

    Args:
        s: The ratio.

    Yields:
        Findings `hr_ci_p`.

    Example:
        >>> from spondyl.record import Quote
        >>> s = Statement(group="", quantity="hazard_ratio", value=2.05, printed="2.05", low=1.01, high=4.15,
        ...               printed_low="1.01", printed_high="4.15", p="0.0002",
        ...               quotes=(Quote(paper="p", start=0, end=1, text="2"),))
        >>> [f.message for f in row(s)]
        ['P = 0.0002 does not go with the hazard ratio 2.05 (1.01–4.15).']
    """
    low, high, ratio = cell(s.printed_low or ""), cell(s.printed_high or ""), cell(s.printed or "")
    name = _NAMES[s.quantity]
    said = f"{s.printed} ({s.printed_low}–{s.printed_high})"
    if low.low >= high.end:
        yield _finding(s, "error", f"The interval of the {name} {said} ends below its beginning.", said)
        return
    middle = f"√({s.printed_low} × {s.printed_high})"
    if ratio.end <= low.low or ratio.low >= high.end:
        geo = (float(low.value) * float(high.value)) ** 0.5
        yield _finding(
            s, "error", f"The {name} {s.printed} lies outside its own confidence interval.",
            f"{said}; the middle of the interval is {middle} = {geo:.2f}",
        )  # fmt: skip
        return
    found = feasible(low, high, ratio)
    if found is None:
        return
    if not found.symmetric:
        far = _distance(ratio, found.middle)
        yield _finding(
            s, "error" if far > 1.5 else "suspicious",
            f"The {name} {s.printed} is not the middle of its interval {s.printed_low}–{s.printed_high} "
            "on the log scale; one of the three numbers cannot be reproduced.",
            f"{middle} = {found.middle:.2f}",
        )  # fmt: skip
    if s.p:
        yield from _p_value(s, found if found.symmetric else feasible(low, high, None) or found, said)


def _distance(ratio: Cell, middle: float) -> float:
    """How many times a ratio is off the middle of its interval."""
    value = max(float(ratio.value), 1e-9)
    return max(value / middle, middle / value)


def _p_value(s: Statement, found: Feasible, said: str) -> Iterator[Finding]:
    printed = s.p or ""
    sign, digits = (printed[0], printed[1:]) if printed[0] in "<>" else ("=", printed)
    p = cell(digits.strip())
    if sign == "<":
        off = found.low >= float(p.value)
        ratio = found.low / max(float(p.value), 1e-12)
    elif sign == ">":
        off = found.high <= float(p.value)
        ratio = float(p.value) / max(found.high, 1e-12)
    else:
        off = float(p.low) > found.high or float(p.end) <= found.low
        ratio = max(float(p.low) / max(found.high, 1e-12), found.low / max(float(p.end), 1e-12))
    if not off:
        return
    crossed = _crossed(p, sign, found)
    grave: Severity = "error" if ratio >= 2 or (crossed and ratio > 1.2) else "suspicious"
    yield _finding(
        s, grave, f"P {_shown(printed)} does not go with the {_NAMES[s.quantity]} {said}.",
        f"P would be {_range(found)}",
    )  # fmt: skip


def _crossed(p: Cell, sign: str, found: Feasible) -> bool:
    """Whether the printed p and the interval disagree about significance at 0.05."""
    if sign == "=" and float(p.low) >= 0.05:
        return found.high < 0.05
    if sign == ">" and float(p.value) >= 0.05:
        return found.high < 0.05
    return float(p.end) <= 0.05 and found.low > 0.05


def _range(found: Feasible) -> str:
    low, high = (f"{x:.2g}" if x >= 0.0005 else "<0.0005" for x in (found.low, found.high))
    return low if low == high else f"{low} to {high}"


def _shown(printed: str) -> str:
    return f"{printed[0]} {printed[1:]}" if printed[0] in "<>" else f"= {printed}"


def _finding(s: Statement, severity: Severity, message: str, computed: str) -> Finding:
    return Finding(kind="hr_ci_p", severity=severity, message=message, computed=computed, quotes=s.quotes[:1])
