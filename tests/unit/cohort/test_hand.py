"""Six patients whose answers are derived by hand, and what must hold for any data."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from spondyl.cohort import Cohort, risk
from spondyl.cohort.concordance import _pairwise, _sorted
from spondyl.cohort.cox import fit_cox
from spondyl.cohort.exact import ExactSets, exact_point
from spondyl.cohort.firth import fit_firth
from spondyl.cohort.fisher import _drawn, fisher, odds_ratio
from spondyl.cohort.incidence import causes_table, incidence
from spondyl.cohort.layouts import CodedSets, GridSets
from spondyl.cohort.lifetable import kaplan_meier, life_table, quantile, restricted_mean
from spondyl.cohort.likelihood import Ties, _closed, _each, evaluate, information
from spondyl.cohort.logrank import Groups, logrank
from spondyl.cohort.packed import Packed, dense
from spondyl.cohort.residuals import deviance, martingale, score_rows
from spondyl.cohort.risk import Observations, RiskSets, RowSets

TIME = np.array([1.0, 1, 2, 3, 4, 5])
EVENT = np.array([1.0, 1, 0, 1, 0, 1])
X = np.array([[1.0, 0, 1, 0, 1, 0]]).T
ONE, ZERO = np.ones(6), np.zeros(6, np.int64)
ROWS = Observations(TIME, EVENT, X, ONE, ZERO)


def test_kaplan_meier_of_six() -> None:
    """At 1: 2 of 6; at 3: 1 of 3; at 5: 1 of 1."""
    curve = kaplan_meier(life_table(TIME, EVENT, ONE))
    np.testing.assert_allclose(curve.survival, [2 / 3, 2 / 3, 4 / 9, 4 / 9, 0])
    np.testing.assert_allclose(curve.hazard_se[:3] ** 2, [2 / (6 * 4), 2 / 24, 2 / 24 + 1 / (3 * 2)])
    assert quantile(curve)[0] == 3.0
    assert restricted_mean(curve, 4.0)[0] == pytest.approx(1 + 2 * 2 / 3 + 4 / 9)
    assert curve.at(0.5)[0] == 1.0
    assert curve.at(3.5)[0] == pytest.approx(4 / 9)
    assert [curve.left_at(t) for t in (0, 2, 6)] == [6, 4, 0]


def test_a_median_that_is_not_reached() -> None:
    curve = kaplan_meier(life_table(np.array([1.0, 2, 3]), np.array([1.0, 0, 0]), np.ones(3)))
    assert np.isnan(quantile(curve)[0])


def test_logrank_of_six() -> None:
    """Expected in the group x = 1: 2·3/6 + 1·1/3 + 1·0/1 = 4/3; its variance 2·¼·4/5 + 2/9."""
    found = logrank(Groups(TIME, EVENT, ONE, X[:, 0].astype(np.int64), ZERO))
    assert found.expected[1] == pytest.approx(4 / 3)
    assert found.test.chi2 == pytest.approx((1 - 4 / 3) ** 2 / (2 * 0.25 * 4 / 5 + 2 / 9))


def test_logrank_for_trend_of_two_groups_is_the_logrank_test() -> None:
    data = Groups(TIME, EVENT, ONE, X[:, 0].astype(np.int64), ZERO)
    assert logrank(data, scores=np.array([0.0, 1.0])).test.chi2 == pytest.approx(logrank(data).test.chi2)


@pytest.mark.parametrize("ties", ["efron", "breslow", "exact"])
@pytest.mark.parametrize("beta", [0.0, 0.7, -1.3])
def test_the_partial_likelihood_of_six(ties: str, beta: float) -> None:
    """Written out by hand: r = exp(β) for three patients, 1 for three."""
    r = np.exp(beta)
    at1, at3, at5 = 3 * r + 3, r + 2, 1.0
    first = {
        "breslow": np.log(at1**2), "efron": np.log(at1 * (at1 - (r + 1) / 2)),
        "exact": np.log(3 * r * r + 9 * r + 3),
    }[ties]  # fmt: skip
    wanted = beta - first - np.log(at3) - np.log(at5)
    point = exact_point(ExactSets(ROWS), np.array([beta])) if ties == "exact" else (
        evaluate(RowSets(ROWS), np.array([beta]), ties))  # type: ignore[arg-type]  # fmt: skip
    assert point.loglik == pytest.approx(wanted)


@pytest.mark.parametrize("ties", ["efron", "breslow", "exact"])
def test_score_and_information_are_derivatives(ties: str) -> None:
    sets = ExactSets(ROWS)

    def at(b: float) -> object:
        beta = np.array([b])
        return exact_point(sets, beta) if ties == "exact" else evaluate(sets, beta, ties)  # type: ignore[arg-type]

    h = 1e-5
    low, here, high = at(0.3 - h), at(0.3), at(0.3 + h)
    assert here.score[0] == pytest.approx((high.loglik - low.loglik) / (2 * h), rel=1e-6)  # type: ignore[attr-defined]
    assert here.information[0, 0] == pytest.approx(-(high.score[0] - low.score[0]) / (2 * h), rel=1e-6)  # type: ignore[attr-defined]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_residuals_of_a_fit_sum_to_zero(ties: str) -> None:
    fit = fit_cox(ROWS, ["x"], ties)  # type: ignore[arg-type]
    assert martingale(fit).sum() == pytest.approx(0, abs=1e-9)
    assert score_rows(fit).sum() == pytest.approx(0, abs=1e-9)
    assert np.sign(deviance(fit)).tolist() == np.sign(martingale(fit)).tolist()


def test_sums_over_many_ties_in_closed_form() -> None:
    d, s0, e0 = np.array([250.0, 400.0, 3.0]), np.array([900.0, 400.5, 7.0]), np.array([201.0, 400.5, 2.5])
    for one, two in zip(vars(_each(d, s0, e0)).values(), vars(_closed(d, s0, e0)).values(), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9)


@st.composite
def cohorts(draw: st.DrawFn) -> Observations:
    n = draw(st.integers(12, 40))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.integers(0, 2, n), rng.integers(0, 3, n)]).astype(float)
    x[:4] = [[0, 0], [1, 1], [0, 2], [1, 0]]
    time, event = rng.integers(1, 9, n).astype(float), (rng.random(n) < 0.7).astype(float)
    event[:6] = 1
    count = rng.integers(1, 4, n).astype(float)
    return Observations(time, event, x, count, rng.integers(0, 2, n).astype(np.int64))


def same(a: Observations, b: Observations) -> None:
    beta = np.array([0.4, -0.3])
    for ties in ("efron", "breslow"):
        one, two = evaluate(RowSets(a), beta, ties), evaluate(RowSets(b), beta, ties)  # type: ignore[arg-type]
        np.testing.assert_allclose(one.loglik, two.loglik, rtol=1e-10)
        np.testing.assert_allclose(one.score, two.score, atol=1e-9)
        np.testing.assert_allclose(one.information, two.information, atol=1e-9)


@given(cohorts(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(rows: Observations, chance: object) -> None:
    order = list(range(len(rows.time)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    same(rows, Observations(*(v[order] for v in (rows.time, rows.event, rows.x, rows.count, rows.stratum))))


@given(cohorts())
@settings(max_examples=25, deadline=None)
def test_counts_are_replicates(rows: Observations) -> None:
    times = rows.count.astype(int)
    flat = [np.repeat(v, times, axis=0) for v in (rows.time, rows.event, rows.x)]
    same(rows, Observations(*flat, np.ones(times.sum()), np.repeat(rows.stratum, times)))


@given(cohorts(), st.floats(0.5, 7.5))
@settings(max_examples=25, deadline=None)
def test_a_patient_may_be_cut_into_start_stop_rows(rows: Observations, cut: float) -> None:
    late = rows.time > cut
    first = np.where(late, cut, rows.time)
    time = np.concatenate([first, rows.time[late]])
    event = np.concatenate([np.where(late, 0, rows.event), rows.event[late]])
    start = np.concatenate([np.zeros(len(late)), np.full(late.sum(), cut)])
    rest = [np.concatenate([v, v[late]]) for v in (rows.x, rows.count, rows.stratum)]
    same(rows, Observations(time, event, *rest, start))


@given(cohorts())
@settings(max_examples=25, deadline=None)
def test_the_grid_gives_what_rows_give(rows: Observations) -> None:
    table, pattern = np.unique(dense(rows.x), axis=0, return_inverse=True)
    grid = GridSets(rows, pattern.ravel().astype(np.int64), table)
    beta = np.array([0.4, -0.3])
    one, two = evaluate(RowSets(rows), beta, "efron"), evaluate(grid, beta, "efron")
    np.testing.assert_allclose(one.loglik, two.loglik, rtol=1e-11)
    np.testing.assert_allclose(one.score, two.score, atol=1e-9)
    np.testing.assert_allclose(one.information, two.information, atol=1e-9)


def close_points(a: RiskSets, b: RiskSets, ties: Ties) -> None:
    beta = np.array([0.4, -0.3])
    one, two = evaluate(a, beta, ties), evaluate(b, beta, ties)
    np.testing.assert_allclose(one.loglik, two.loglik, rtol=1e-11)
    np.testing.assert_allclose(one.score, two.score, atol=1e-9)
    np.testing.assert_allclose(one.information, two.information, atol=1e-9)
    factor = np.linspace(-1, 2, len(a.times))
    np.testing.assert_allclose(
        information(a, beta, ties, factor), information(b, beta, ties, factor), atol=1e-9
    )


@given(cohorts(), st.sampled_from(["efron", "breslow"]))
@settings(max_examples=40, deadline=None)
def test_codes_give_what_rows_give(rows: Observations, ties: Ties) -> None:
    assert isinstance(rows.x, np.ndarray)
    tables, codes = zip(*(np.unique(c, return_inverse=True) for c in rows.x.T), strict=True)
    packed = Packed(codes, tuple(t[:, None] for t in tables))
    np.testing.assert_array_equal(dense(packed), rows.x)
    close_points(RowSets(rows), CodedSets(replace(rows, x=packed), packed), ties)


@given(cohorts(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_long_tables_in_blocks_give_the_same(rows: Observations, tied: bool) -> None:
    alone = replace(rows, stratum=np.zeros(len(rows.time), np.int64))
    if not tied:
        alone = replace(alone, time=np.arange(1.0, len(rows.time) + 1), count=np.ones(len(rows.time)))
    plain, blocks = RowSets(alone), RowSets(alone)
    r = np.exp(plain.x @ np.array([0.4, -0.3]))
    a0, a1, a2 = (np.linspace(low, 2, plain.size) * (k == 0 or tied) for k, low in enumerate((1, 0.5, 3)))
    wanted = RiskSets.squares(plain, r, a0, a1, a2)
    with mock.patch.multiple(risk, MANY=0, BLOCK=8):
        np.testing.assert_allclose(blocks.squares(r, a0, a1, a2), wanted, atol=1e-9 * np.abs(wanted).max())


@given(cohorts(), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_sorting_compares_the_pairs_that_looking_at_each_does(rows: Observations, coarse: int) -> None:
    risk = np.round(dense(rows.x) @ np.array([0.4, -0.3]) + 0.01 * np.arange(len(rows.time)), coarse)
    wanted = _pairwise(rows, risk, np.full(len(risk), -1.0))
    np.testing.assert_allclose(_sorted(rows, risk), wanted, atol=1e-9)


@given(cohorts())
@settings(max_examples=15, deadline=None)
def test_relabelling_the_groups_does_not_change_the_test(rows: Observations) -> None:
    group = rows.x[:, 1].astype(np.int64)
    chi2 = [
        logrank(Groups(rows.time, rows.event, rows.count, np.array(p)[group], rows.stratum)).test.chi2
        for p in permutations(range(3))
    ]
    np.testing.assert_allclose(chi2, chi2[0], rtol=1e-8)


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=3))
@settings(max_examples=40, deadline=None)
def test_fisher_is_what_listing_all_tables_gives(table: list[list[int]]) -> None:
    x = np.array(table)
    if min(x.sum(axis=0).min(), x.sum(axis=1).min()) == 0:
        return
    assert fisher(x).p == pytest.approx(listed(x), rel=1e-9)


def listed(x: np.ndarray) -> float:
    """Every table with the same margins, one by one."""
    from math import lgamma

    def tables(rows: list[int], columns: list[int]) -> list[list[tuple[int, ...]]]:
        if len(columns) == 1:
            return [[tuple(rows)]]
        out = []
        for first in fills(rows, columns[0]):
            left = [r - f for r, f in zip(rows, first, strict=True)]
            out += [[first, *rest] for rest in tables(left, columns[1:])]
        return out

    def fills(rows: list[int], total: int) -> list[tuple[int, ...]]:
        if len(rows) == 1:
            return [(total,)] if total <= rows[0] else []
        return [(k, *r) for k in range(min(rows[0], total) + 1) for r in fills(rows[1:], total - k)]

    def weight(columns: list[tuple[int, ...]]) -> float:
        return -sum(lgamma(v + 1) for c in columns for v in c)

    every = np.array([weight(t) for t in tables(x.sum(axis=1).tolist(), x.sum(axis=0).tolist())])
    seen = weight([tuple(c) for c in x.T.tolist()])
    share = np.exp(every - every.max())
    return float(share[every <= seen + 1e-7].sum() / share.sum())


def test_fisher_of_two_by_fifteen() -> None:
    """The association of 15 origins with bone metastases in a published cohort."""
    whole = [125, 124, 71, 13, 13, 7, 7, 7, 6, 6, 4, 4, 2, 2, 2, 3]
    bone = [15, 18, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 2]
    columns = [(w - b, b) for k, (w, b) in enumerate(zip(whole, bone, strict=True)) if k != 5]
    found = fisher(np.array(columns).T)
    assert (round(found.p, 4), found.method) == (0.2476, "exact")


def test_a_table_too_large_is_drawn_and_says_so() -> None:
    x = np.array([[8, 1], [2, 9], [5, 6]])
    drawn = _drawn(x, 20_000)
    assert drawn.method == "monte carlo"
    assert abs(drawn.p - fisher(x).p) < 5 * drawn.error
    assert fisher(np.arange(25).reshape(5, 5) + 1, most=1_000).method == "monte carlo"


def test_the_odds_ratio_solves_its_equations() -> None:
    """At the lower limit, tables as large have probability 2.5%."""
    ratio, low, high = odds_ratio([[3, 1], [1, 3]])
    support = np.arange(5)
    ways = np.array([1, 16, 36, 16, 1.0])
    at = lambda t: ways * t**support / (ways * t**support).sum()  # noqa: E731
    assert at(ratio) @ support == pytest.approx(3)
    assert at(low)[3:].sum() == pytest.approx(0.025)
    assert at(high)[:4].sum() == pytest.approx(0.025)


def test_firth_is_the_top_of_the_penalised_likelihood() -> None:
    rows = Observations(np.arange(1.0, 9), np.array([1.0, 1, 1, 0, 0, 1, 0, 0]),
                        np.array([[1.0, 1, 1, 1, 0, 0, 0, 0], [0.2, 0.9, 0.4, 0.1, 0.5, 0.3, 0.8, 0.7]]).T,
                        np.ones(8), np.zeros(8, np.int64))  # fmt: skip
    fit = fit_cox(rows, ["a", "b"])
    firth = fit_firth(fit)

    def minus(beta: np.ndarray) -> float:
        point = evaluate(RowSets(fit.rows), beta, "efron")
        return -point.loglik - 0.5 * float(np.linalg.slogdet(point.information)[1])

    best = optimize.minimize(
        minus, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12}
    )
    np.testing.assert_allclose(firth.coef, best.x, atol=2e-5)
    edge = optimize.minimize_scalar(lambda b: minus(np.array([np.log(firth.high[0]), b])))
    assert edge.fun - best.fun == pytest.approx(3.841459 / 2, abs=1e-4)


def test_monotone_likelihood_is_recognised() -> None:
    cohort = Cohort(
        {"t": [1, 2, 3, 4, 5, 6], "e": [1, 1, 1, 0, 0, 0], "lung": ["y", "y", "y", "n", "n", "n"]}, "t", "e"
    )
    model = cohort.cox(["lung"])
    assert model.fit.monotone
    assert model.firth is not None
    assert all(np.isfinite(r.ratio) for r in model.rows)
    assert "Firth" in " ".join(model.notes)


def test_one_cause_alone_is_kaplan_meier() -> None:
    table = causes_table(TIME, EVENT.astype(np.int64), ONE, 1)
    np.testing.assert_allclose(
        incidence(table, 1).share, 1 - kaplan_meier(life_table(TIME, EVENT, ONE)).survival
    )
