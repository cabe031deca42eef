"""Cohen's kappa against values derived by hand, and what counts as a rating."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import pytest

from registered import paper, reading
from spondyl.record import Decision, Value
from spondyl.registry import Registry
from spondyl.registry.agreeing import agreement, disagreements, kappa, ratings


def table(*counts: Sequence[int]) -> list[tuple[str, str]]:
    """Pairs of ratings from a square table: rows the first reviewer, columns the second."""
    return [
        (str(i), str(j)) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)
    ]  # fmt: skip


def by_hand(counts: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction]:
    """Kappa and its variance in exact fractions, as Fleiss, Cohen and Everitt 1969 print it (their equation 13)."""
    n = sum(map(sum, counts))
    p = [[Fraction(x, n) for x in row] for row in counts]
    k = range(len(p))
    rows, columns = [sum(p[i]) for i in k], [sum(p[i][j] for i in k) for j in k]
    po = sum(p[i][i] for i in k)
    pe = sum(rows[i] * columns[i] for i in k)
    diagonal = sum(p[i][i] * ((1 - pe) - (columns[i] + rows[i]) * (1 - po)) ** 2 for i in k)
    beside = (1 - po) ** 2 * sum(p[i][j] * (columns[i] + rows[j]) ** 2 for i in k for j in k if i != j)
    variance = (diagonal + beside - (po * pe - 2 * pe + po) ** 2) / (n * (1 - pe) ** 4)
    return (po - pe) / (1 - pe), variance


def test_a_table_worked_out_on_paper() -> None:
    # po = 35/50, pe = .5 * .6 + .5 * .4 = .5, kappa = .4; variance (.10972 + .10188 - .01) / (50 * .25)
    value, error = kappa(table((20, 5), (10, 15)))
    assert value == pytest.approx(0.4)
    assert error == pytest.approx(math.sqrt(0.2016 / 12.5))


@pytest.mark.parametrize(
    "counts",
    [
        ((20, 5), (10, 15)),
        ((88, 10, 2), (14, 40, 6), (18, 10, 12)),
        ((1, 2), (3, 4)),
        ((5, 0, 1), (0, 0, 2), (0, 1, 7)),
    ],
)
def test_kappa_and_its_error_are_those_of_exact_arithmetic(counts: Sequence[Sequence[int]]) -> None:
    value, error = kappa(table(*counts))
    exact, variance = by_hand(counts)
    assert value == pytest.approx(float(exact), abs=1e-12)
    assert error == pytest.approx(math.sqrt(variance), abs=1e-12)


def test_where_kappa_is_not_defined() -> None:
    assert kappa([]) == (None, None)
    assert kappa([("a", "a")] * 9) == (None, None)
    value, error = kappa([("a", "a"), ("b", "b")])
    assert value == 1
    assert error == pytest.approx(0)


def said(field: str, verdict: str, value: Value | None = None, corrected: Value | None = None) -> Decision:
    return Decision.model_validate(
        {"paper": "p1", "case": 1, "field": field, "verdict": verdict, "value": value, "corrected": corrected}
    )


def test_a_rating_is_what_the_decisions_come_to() -> None:
    decisions = [
        said("age_years", "correct", 46, 49), said("age_years", "note", 49), said("sex", "reject", "male"),
        said("status", "not stated"), said("levels", "accept", "C5"), said("levels", "correct", "C6", "C7"),
    ]  # fmt: skip
    assert ratings(1, decisions) == {
        (1, "age_years", None): "49", (1, "sex", None): "no value", (1, "status", None): "not stated",
        (1, "levels", "C5"): "holds", (1, "levels", "C6"): "does not hold", (1, "levels", "C7"): "holds",
    }  # fmt: skip


def test_agreement_is_counted_field_by_field(registry: Registry) -> None:
    papers = [paper(f"p{n}") for n in range(10)]
    registry.add_all([(one, reading(one)) for one in papers])
    for n, one in enumerate(papers):
        for who, age in (("A", 46), ("B", 46 if n < 7 else 47)):
            verdict = said("age_years", "accept", 46) if age == 46 else said("age_years", "correct", 46, age)
            registry.decide(verdict.model_copy(update={"paper": one.id, "by": who}))
    registry.decide(said("sex", "accept", "female").model_copy(update={"by": "A"}))
    logged = registry.logged()
    (found,) = agreement(logged, "A", "B")
    assert (found.field, found.n, found.agreed, found.raw) == ("age_years", 10, 7, 0.7)
    assert found.kappa == pytest.approx(0)
    assert sum(len(disagreements(case, some)) for case, some in logged.items()) == 3
    registry.decide(said("age_years", "accept", 46).model_copy(update={"paper": "p9", "by": "C"}))
    again = registry.logged()
    assert sum(len(disagreements(case, some)) for case, some in again.items()) == 2
    assert agreement(again, "A", "B") == [found]


def test_the_interval_is_that_of_the_normal_law(registry: Registry) -> None:
    papers = [paper(f"p{n:02}") for n in range(50)]
    registry.add_all([(one, reading(one)) for one in papers])
    pairs = table((20, 5), (10, 15))
    for one, pair in zip(papers, pairs, strict=True):
        for who, rating in zip("AB", pair, strict=True):
            verdict = said("sex", "accept", "female") if rating == "0" else said("sex", "reject", "female")
            registry.decide(verdict.model_copy(update={"paper": one.id, "by": who}))
    (found,) = agreement(registry.logged(), "A", "B")
    reach = 1.959964 * math.sqrt(0.016128)
    assert (found.low, found.high) == (
        pytest.approx(0.4 - reach, abs=1e-6),
        pytest.approx(0.4 + reach, abs=1e-6),
    )
