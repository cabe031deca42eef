"""All statements of a paper: prose and tables, each with its group and denominator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spondyl.extract.literature import is_literature
from spondyl.extract.series.cohorts import Cohorts
from spondyl.extract.series.counts import counts
from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.measures import measures
from spondyl.extract.series.passages import Passage, passages
from spondyl.extract.series.ratios import ratios
from spondyl.extract.series.survival import survival
from spondyl.extract.series.tabled import tabled
from spondyl.record import Paper, Statement

__all__ = ["statements"]


def statements(paper: Paper) -> tuple[Statement, ...]:
    """What a paper says of groups, in its order: prose first, then tables.

    Args:
        paper: A paper as `spondyl.read` gives it.

    Returns:
        Statements; those that a paper quotes from another study name it at the head of `group`.

    Example:
        >>> text = "We treated 24 patients with spinal metastases. Three patients (13%) were alive."
        >>> found = statements(Paper(id="p", source="p", text=text))
        >>> [(s.quantity, s.n, s.denominator, s.printed) for s in found]
        [('n', 24, None, None), ('count', 3, 24, '13')]
    """
    told = passages(paper)
    drafts = [d for p in told for d in _drafts(p)]
    cohorts = Cohorts(paper, told, drafts)
    settled = (cohorts.settled(d) for d in drafts if not cohorts.is_size(d))
    found = [*_unique(cohorts.sizes()), *(s for s in settled if s is not None)]
    for table in paper.tables:
        if not is_literature(paper, table):
            found += tabled(paper, table, cohorts.whole)
    return tuple(sorted(found, key=lambda s: s.quotes[0].start))


def _drafts(p: Passage) -> Iterator[Draft]:
    if p.kind == "case_report" and not p.study:
        return
    if not p.digits:
        yield from counts(p)
        return
    rates = list(survival(p)) if "%" in p.text else []
    means = list(measures(p))
    tests = list(ratios(p))
    taken = [(d.start, d.end) for d in (*means, *tests)]
    yield from (*rates, *means, *tests)
    yield from counts(
        p, [*_numbers(p, rates), *_numbers(p, means), *_numbers(p, tests)] if taken or rates else ()
    )


def _numbers(p: Passage, drafts: Iterable[Draft]) -> Iterator[tuple[int, int]]:
    """Where the numbers of drafts stand, so that they are not counted again."""
    for d in drafts:
        for printed in (d.printed, d.printed_low, d.printed_high):
            if not printed:
                continue
            at = p.text.find(printed, d.start)
            while 0 <= at < d.end + 1:
                yield at, at + len(printed)
                at = p.text.find(printed, at + 1)


def _unique(found: Iterable[Statement]) -> Iterator[Statement]:
    seen: set[tuple[str, int | None]] = set()
    for s in found:
        key = s.group.lower(), s.n
        if key not in seen:
            seen.add(key)
            yield s
