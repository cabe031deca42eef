"""Paper, cases, statements → findings: what contradicts itself or cannot be true. Never edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from spondyl.audit import (
    anatomy,
    citations,
    explicit,
    figures,
    flow,
    grim,
    methods,
    missing,
    persons,
    proportions,
    ranks,
    ratios,
    recomputed,
    repeated,
    scales,
    shares,
    spread,
    stays,
    sums,
    survival,
    times,
    totals,
)
from spondyl.audit.document import Document
from spondyl.record import SEVERITIES, Case, Finding, Paper, Statement

__all__ = ["CHECKS", "audit"]

CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    shares.check,
    explicit.check,
    ratios.check,
    survival.check,
    spread.check,
    totals.check,
    repeated.check,
    flow.check,
    figures.check,
    persons.check,
    times.check,
    anatomy.check,
    scales.check,
    ranks.check,
    proportions.check,
    grim.check,
    methods.check,
    missing.check,
    citations.check,
    recomputed.check,
    stays.check,
    sums.check,
)
"""The checks, each in a module that says what it sees and what it cannot see."""


def audit(paper: Paper, cases: Sequence[Case], statements: Sequence[Statement]) -> tuple[Finding, ...]:
    """All that does not add up in a paper.

    Args:
        paper: The paper as read.
        cases: Its cases.
        statements: What it says of groups.

    Returns:
        Findings, the gravest first, then in the order of the text.

    Example:
        >>> text = "We treated 45 patients. Pain was present in 20 of 45 patients (54%)."
        >>> paper = Paper(id="p", source="p.txt", text=text)
        >>> said = Statement(group="45 patients", quantity="count", n=20, denominator=45, printed="54",
        ...                  unit="percent", quotes=(paper.quote(44, 67),))
        >>> [f.message for f in audit(paper, (), [said])]
        ['20 of 45 is 44 %, but 54 % is printed.']
    """
    doc = Document(paper, cases, statements)
    found = _merged(f for check in CHECKS for f in check(doc))
    return tuple(sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.quotes[0].start, f.kind)))


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the same words on the same place as one, with the quotes of all."""
    known: dict[tuple[str, str, int], Finding] = {}
    for f in findings:
        key = f.message, f.computed, f.quotes[0].start
        first = known.get(key)
        quotes = dict.fromkeys((*first.quotes, *f.quotes)) if first else dict.fromkeys(f.quotes)
        known[key] = (first or f).model_copy(update={"quotes": tuple(quotes)})
    return list(known.values())
