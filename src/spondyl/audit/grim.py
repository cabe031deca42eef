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
from spondyl.audit.lists import counted
from spondyl.audit.rounding import cell
from spondyl.audit.scales import scale_of
from spondyl.record import Finding, Quote, Statement

__all__ = ["check", "possible"]

_WHOLE = re.compile(
    r"\b(?:units?|number of|no\. of|levels? (?:treated|fused|involved)|red cells|transfusions?|fractions|cycles|"
    r"metastases|lesions|vertebrae|screws|operations|procedures|hospital stay, days|days? in hospital)\b"
)
_HALVED = re.compile(r"\b(?:age|ages|aged|survival|follow-up|time|interval|change|difference|per|rate|index|volume|length|size|"
                     r"diameter|dose|blood|height|weight|bmi|angle|years?|months?)\b")


def possible(mean: str, n: int, step: Fraction = Fraction(1), cut: bool = True) -> bool:
    """Whether some sum of n whole steps gives a mean as printed; `cut` grants that digits were cut off.

    Example:
        >>> possible("2.06", 76), possible("2.06", 76, cut=False), possible("3.6", 12, Fraction(2))
        (True, False, False)
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
        sizes = [s.n] if table is not None and s.n else _near(doc, s)
        if not sizes or any(possible(s.printed, n, step, not doc.rounds) for n in sizes):
            continue
        n = sizes[0]
        value = cell(s.printed).value
        k = int(value * n / step)
        below, above = float(k * step / n), float((k + 1) * step / n)
        yield Finding(
            kind="grim", severity="error" if table is not None and step == 1 else "suspicious",
            message=f"No {n} values in steps of {float(step):g} have a mean of {s.printed}.",
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


def _near(doc: Document, s: Statement) -> list[int]:
    """The numbers of patients that the mean may be of: those of its sentence and the two before."""
    at = s.quotes[0].start
    found: list[int] = []
    for o in doc.statements:
        n = o.n if o.quantity in ("n", "count") else None
        if n and 2 < n < 400 and 0 <= at - o.quotes[0].start < 600:
            found.append(n)
    for t in doc.sentences:
        if t.origin(0, 1)[0] <= at < t.origin(0, len(t.text))[1]:
            found += [i.n for i in counted(t.text) if 2 < i.n < 400]
    return list(dict.fromkeys(reversed(found)))


def _where(doc: Document, s: Statement, n: int) -> tuple[Quote, ...]:
    """Where the number of patients is said."""
    at = s.quotes[0].start
    said = [o for o in doc.statements if o.n == n and o.quantity in ("n", "count") and 0 <= at - o.quotes[0].start < 600]
    return (said[-1].quotes[0],) if said else ()
