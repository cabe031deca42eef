"""GRIM: means that no sum of whole steps gives for n patients.

Sees: means of quantities that move in whole steps (units, levels, scores) which n patients cannot have, where n is
small against the printed decimals.
Cannot see: anything with too few decimals for its n; ages, which are often computed from dates. Where the number of
patients comes from another place than the mean, a missing value explains it: "suspicious" only.

Source: Brown and Heathers, Soc Psychol Personal Sci 2017, doi:10.1177/1948550616673876.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from spondyl.audit.document import Document
from spondyl.audit.rounding import cell
from spondyl.audit.scales import scale_of
from spondyl.record import Finding, Quote, Severity, Statement

__all__ = ["check", "possible"]

_WHOLE = re.compile(
    r"\b(?:units?|number of|no\. of|levels? (?:treated|fused|involved)|red"
    r" cells|transfusions?|fractions|cycles|"
    r"metastases|lesions|vertebrae|screws|operations|procedures|hospital stay, days|days? in hospital)\b"
)
_HALVED = re.compile(
    r"\b(?:age|ages|aged|survival|follow-up|time|interval|change|difference|per|rate|index|"
    r"volume|length|size|"
    r"diameter|dose|blood|height|weight|bmi|angle|years?|months?)\b"
)


def possible(mean: str, n: int, step: Fraction = Fraction(1), cut: bool = True) -> bool:
    """Whether some sum of n whole steps gives a mean as printed; `cut` grants that digits were cut off.

    Example:
        >>> possible("2.06", 76), possible("2.06", 76, cut=False), possible("3.6", 12, Fraction(2))
        (True, False, True)
    """
    c = cell(mean)
    first = int(c.low * n / step)
    fits = ("fits", "cut") if cut else ("fits",)
    return any(c.fit(k * step / n) in fits for k in (first, first + 1, first + 2))


def check(doc: Document) -> Iterator[Finding]:
    """Means that whole steps cannot give.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `grim`.
    """
    for s in doc.statements:
        if s.quantity != "mean" or not s.printed or not s.quotes or "." not in s.printed:
            continue
        step = _step(s)
        if step is None:
            continue
        table = doc.table_at(s.quotes[0].start)
        n = s.n if table is not None else _examined(doc, s) or s.n
        if n and not possible(s.printed, n, step, cut=False):
            cut = possible(s.printed, n, step) and not doc.rounds
            sure = table is not None and step == 1
            yield _finding(doc, s, n, step, "rounding" if cut else "error" if sure else "suspicious")


def _finding(doc: Document, s: Statement, n: int, step: Fraction, severity: Severity) -> Finding:
    k = int(cell(s.printed or "").value * n / step)
    below, above = float(k * step / n), float((k + 1) * step / n)
    return Finding(
        kind="grim", severity=severity,
        message=f"No {n} values in steps of {float(step):g} have a mean of {s.printed}"
        + (", unless digits were cut off." if severity == "rounding" else "."),
        computed=f"{float(k * step):g}/{n} = {below:.4g}, {float((k + 1) * step):g}/{n} = {above:.4g}",
        quotes=(s.quotes[0], *_where(doc, s, n)),
    )  # fmt: skip


def _step(s: Statement) -> Fraction | None:
    """The step of one patient's value, where the words say what is measured."""
    of = s.of.lower()
    named = scale_of(f"{of} {s.quotes[0].text}")
    if named is not None:
        return Fraction(named.step).limit_denominator(10) if named.whole and "change" not in of else None
    return Fraction(1) if _WHOLE.search(of) and not _HALVED.search(of) else None


def _examined(doc: Document, s: Statement) -> int | None:
    """How many were examined, where the sentences before a mean say so."""
    at = s.quotes[0].start
    said = [
        o for o in doc.statements
        if o.quantity == "count" and o.n and o.denominator
        and 0 <= at - o.quotes[0].start < 600 and _SEEN.search(o.of.lower())
    ]  # fmt: skip
    return said[-1].n if said else None


_SEEN = re.compile(
    r"\b(?:examined|assessed|available|completed|evaluated|answered|returned|had an? [a-z]+ score)\b"
)


def _where(doc: Document, s: Statement, n: int) -> tuple[Quote, ...]:
    """Where the number of patients is said."""
    at = s.quotes[0].start
    said = [
        o
        for o in doc.statements
        if o.n == n and o.quantity in ("n", "count") and 0 <= at - o.quotes[0].start < 600
    ]
    return (said[-1].quotes[0],) if said else ()
