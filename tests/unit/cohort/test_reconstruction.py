"""Patients from printed curves: conserved exactly, no death on a flat stretch, near the truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spondyl.cohort import Cohort
from spondyl.cohort.digitised import trace
from spondyl.cohort.lifetable import Survival, quantile
from spondyl.cohort.reconstruction import reconstruct
from spondyl.record import UsageError

CENSORING = {"light": (40.0, 90.0), "middling": (6.0, 60.0), "heavy": (0.0, 24.0)}


def simulated(n: int, amount: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng([n, seed, list(CENSORING).index(amount)])
    time, seen = rng.exponential(18, n), rng.uniform(*CENSORING[amount], n)
    return np.minimum(time, seen), time <= seen, rng


def known(when: np.ndarray, died: np.ndarray) -> Survival:
    return (
        Cohort({"t": when.tolist(), "d": died.astype(int).tolist()}, "t", "d")
        .kaplan_meier()
        .groups[0]
        .survival
    )


def value(curve: Survival, times: np.ndarray) -> np.ndarray:
    return np.concatenate([[1.0], curve.survival])[np.searchsorted(curve.time, times, side="right")]


def points(when: np.ndarray, died: np.ndarray, style: str, rng: np.random.Generator, noise: float) -> tuple:
    curve = known(when, died)
    steps = np.unique(np.concatenate([[0.0], when[died], [when.max()]]))
    time = steps if style == "corners" else np.linspace(0, when.max(), 121)
    s = np.clip(value(curve, time) + rng.normal(0, noise, len(time)), 0, 1)
    s[0] = 1.0
    return time, s, curve


def risk(when: np.ndarray) -> dict[float, int]:
    return {float(t): int((when >= t).sum()) for t in np.arange(0, when.max(), 6)}


@pytest.mark.parametrize("amount", CENSORING)
@pytest.mark.parametrize("n", [20, 60, 150])
@pytest.mark.parametrize(("style", "noise"), [("corners", 0.0), ("corners", 0.003), ("grid", 0.003)])
def test_known_patients_come_back(n: int, amount: str, style: str, noise: float) -> None:
    for seed in range(3):
        when, died, rng = simulated(n, amount, seed)
        time, s, curve = points(when, died, style, rng, noise)
        for events in (int(died.sum()), None):
            done = reconstruct(time.tolist(), s.tolist(), risk(when), events=events, redraws=0)
            assert done.n == n
            assert all(printed == found for printed, found in done.at_risk.values())
            grid = np.linspace(0, 0.999 * when.max(), 400)
            assert np.median(np.abs(value(done.curve, grid) - value(curve, grid))) <= 0.02
            assert n > 60 or abs(int(done.died.sum()) - int(died.sum())) <= (2 if events is None else 1)


def test_the_median_is_near_the_printed_one() -> None:
    when, died, rng = simulated(150, "middling", 1)
    time, s, curve = points(when, died, "corners", rng, 0.002)
    done = reconstruct(time.tolist(), s.tolist(), risk(when), redraws=20)
    assert done.median[0] == pytest.approx(quantile(curve)[0], rel=0.06)
    assert done.redrawn is not None
    assert done.redrawn.low <= done.redrawn.high
    assert done.redrawn.both_low <= done.redrawn.low
    assert done.redrawn.both_high >= done.redrawn.high


def test_the_same_points_give_the_same_patients() -> None:
    args = ([0, 3, 5, 8, 12], [1, 0.9, 0.8, 0.6, 0.6], {0: 10, 6: 8, 12: 6})
    one, two = reconstruct(*args, redraws=10), reconstruct(*args, redraws=10)
    assert one.time.tolist() == two.time.tolist()
    assert repr(one.redrawn) == repr(two.redrawn)


@pytest.mark.parametrize("table", [{0.0: 30, 12.0: 11, 24.0: 6, 36.0: 3}, {0.0: 30}])
def test_a_flat_tail_gets_no_death(table: Mapping[float, int]) -> None:
    rng = np.random.default_rng(3)
    time = np.linspace(0, 48, 97)
    s = np.where(time < 10, 1 - np.floor(time) * 0.06, 0.4) + rng.normal(0, 0.004, len(time))
    done = reconstruct(time.tolist(), np.clip(s, 0, 1).tolist(), table, redraws=0)
    assert done.time[done.died].max() <= 10.5
    assert done.n == 30


def test_censored_patients_are_spread_and_the_curve_ends_with_one() -> None:
    done = reconstruct([0, 5, 20, 40], [1, 0.9, 0.8, 0.8], {0: 40, 20: 24, 30: 12}, redraws=0)
    left = np.sort(done.time[~done.died])
    assert left.max() == 40
    inside = left[(left > 20) & (left < 30)]
    assert len(inside) >= 8
    assert np.diff(inside).max() < 3


def test_without_numbers_at_risk_the_printed_events_come_out() -> None:
    when, died, rng = simulated(60, "middling", 2)
    time, s, _ = points(when, died, "corners", rng, 0.0)
    done = reconstruct(time.tolist(), s.tolist(), patients=60, events=int(died.sum()), redraws=0)
    assert (done.n, int(done.died.sum())) == (60, int(died.sum()))
    assert "No numbers at risk" in done.unknown[0]


def test_without_both_the_guess_is_called_one() -> None:
    done = reconstruct([0, 4, 9, 12], [1, 0.8, 0.7, 0.7], patients=20, redraws=0)
    assert done.n == 20
    assert "guessed" in done.unknown[0]


def test_a_curve_that_reaches_zero_leaves_nobody() -> None:
    done = reconstruct([0, 2, 4, 6, 8], [1, 0.75, 0.5, 0.25, 0.0], {0: 4}, redraws=0)
    assert done.time.tolist() == [2, 4, 6, 8]
    assert done.died.all()


def test_what_does_not_fit_together_is_said() -> None:
    done = reconstruct([0, 5, 10, 20], [1, 0.9, 0.5, 0.5], {0: 20, 12: 18}, events=3, redraws=0)
    assert done.n == 20
    assert any("numbers at risk let the curve fall less" in w for w in done.warnings)
    far = reconstruct([0, 5, 10, 20], [1, 0.9, 0.8, 0.8], {0: 20, 12: 10}, events=15, redraws=0)
    assert any("15 events are printed" in w for w in far.warnings)


def test_points_are_mended_with_a_warning_each() -> None:
    done = trace([-0.01, 2, 1, 3, 4, float("nan")], [101, 80, 90, 81, 60, 50])
    said = " ".join(done.warnings)
    for words in (
        "without a time",
        "before time 0",
        "percent",
        "outside 0–1",
        "order of time",
        "rises at 1 point",
    ):
        assert words in said
    assert (np.diff(done.survival) <= 0).all()
    assert "Time zero was missing" in trace([1, 2], [0.9, 0.8]).warnings[0]


@pytest.mark.parametrize(
    ("time", "survival", "words"),
    [
        ([0, 1], [1, 1.3], "expected 0 to 1"),
        ([0, 1, 2, 3], [0, 0.2, 0.4, 0.6], "cumulative incidence"),
        ([0, 1], [1], "do not make points"),
        ([1], [0.5], "cannot be reconstructed"),
        ([-5, 0, 10], [1, 0.9, 0.8], "before 0"),
        ([0, 1], [1, -0.5], "expected 0 to 1"),
    ],
)
def test_what_is_no_curve_is_refused(time: list[float], survival: list[float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        reconstruct(time, survival, {0: 10}, redraws=0)


@pytest.mark.parametrize(
    ("table", "patients", "events", "words"),
    [
        ({6: 10}, None, None, "time 0 is needed"),
        (None, None, None, "time 0 is needed"),
        ({0: 10, 6: 12}, None, None, "rises from 10"),
        ({0: 10}, 12, None, "must be the same"),
        ({0: 10}, None, 11, "cannot be"),
        ({0: 0}, None, None, "no patients"),
        ({0: 10, 6: -1}, None, None, "whole numbers"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    table: dict[float, int] | None, patients: int | None, events: int | None, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        reconstruct([0, 5, 10], [1, 0.8, 0.6], table, patients, events, redraws=0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), min_size=2, max_size=25),
    st.integers(1, 80),
    st.lists(st.integers(0, 80), max_size=4),
    st.one_of(st.none(), st.integers(0, 80)),
)
def test_patients_are_conserved_whatever_the_points(
    given_: list[tuple[float, float]], n: int, later: list[int], events: int | None
) -> None:
    table = {0.0: n} | {
        10.0 * (k + 1): m for k, m in enumerate(sorted((m for m in later if m <= n), reverse=True))
    }
    try:
        done = reconstruct([t for t, _ in given_], [s for _, s in given_], table, events=events, redraws=0)
    except UsageError:
        return
    assert done.n == n
    assert all(printed == found for printed, found in done.at_risk.values())
    assert (done.time >= 0).all()
    assert np.isfinite(done.curve.survival).all()
