"""Random-effects pooling: what cannot be pooled, and what must hold whatever the numbers (values: tests/reference)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spondyl.cohort.pooling import Effect, leave_one_out, log_median, log_ratio, logit_share, pool_effects
from spondyl.record import UsageError

EFFECTS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 2)), min_size=2, max_size=8)


def effects(pairs: list[tuple[float, float]]) -> list[Effect]:
    return [Effect(f"{k}", v, s) for k, (v, s) in enumerate(pairs)]


@given(EFFECTS)
def test_a_pool_lies_among_its_studies_and_is_not_narrower_than_without_variance(
    pairs: list[tuple[float, float]],
) -> None:
    done, normal = pool_effects(effects(pairs)), pool_effects(effects(pairs), spread="normal")
    values = [v for v, _ in pairs]
    assert min(values) - 1e-9 <= done.estimate <= max(values) + 1e-9
    assert done.high - done.low >= normal.high - normal.low - 1e-9
    assert done.prediction[0] <= done.low + 1e-9
    assert sum(done.weights) == pytest.approx(100)
    assert done.tau2 >= 0
    assert 0 <= done.i2 <= 100


@given(EFFECTS, st.floats(0.1, 10), st.floats(-5, 5))
def test_scale_and_place_carry_over(pairs: list[tuple[float, float]], scale: float, shift: float) -> None:
    one = pool_effects(effects(pairs))
    two = pool_effects(effects([(scale * v + shift, scale * s) for v, s in pairs]))
    assert two.estimate == pytest.approx(scale * one.estimate + shift, abs=1e-5 * scale)
    assert two.tau2 == pytest.approx(scale**2 * one.tau2, rel=1e-3, abs=1e-6 * scale**2)


def test_too_few_and_impossible_studies_are_refused() -> None:
    with pytest.raises(UsageError, match="at least two"):
        pool_effects([Effect("a", 0.1, 0.2)])
    with pytest.raises(UsageError, match="standard error 0"):
        pool_effects([Effect("a", 0.1, 0.2), Effect("b", 0.1, 0.0)])
    assert leave_one_out([Effect("a", 0.1, 0.2), Effect("b", 0.1, 0.2)]) == ()


@pytest.mark.parametrize(
    ("ratio", "low", "high"), [(2, 3, 4), (2, 0, 4), (-1, 0.5, 2), (2, 2, 2), (1, 0.5, math.inf)]
)
def test_a_ratio_outside_its_interval_is_refused(ratio: float, low: float, high: float) -> None:
    with pytest.raises(UsageError, match="interval"):
        log_ratio("a", ratio, low, high)


def test_a_median_needs_an_interval_or_events() -> None:
    with pytest.raises(UsageError, match="limits or the number of events"):
        log_median("a", 12.0)
    with pytest.raises(UsageError):
        log_median("a", 0.0, events=12)


def test_an_empty_cell_is_mended_in_its_study_alone() -> None:
    assert logit_share("a", 0, 10).value == pytest.approx(math.log(0.5 / 10.5))
    assert logit_share("a", 10, 10).value == -logit_share("a", 0, 10).value
    assert "0.5 added" in logit_share("a", 0, 10).basis
    with pytest.raises(UsageError, match="is no share"):
        logit_share("a", 11, 10)


def test_studies_that_agree_to_the_last_digit() -> None:
    bare = pool_effects([Effect("a", 0.5, 0.2), Effect("b", 0.5, 0.2)], spread="knapp-hartung")
    assert (bare.se, bare.p, bare.tau2) == (0.0, 0.0, 0.0)
    assert pool_effects([Effect("a", 0.5, 0.2), Effect("b", 0.5, 0.2)]).high > 0.5
