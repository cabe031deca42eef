"""Rounding cells, the polygon of a ratio, and tests recomputed, against values worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from math import log, sqrt

import pytest

from spondyl.audit.grim import possible
from spondyl.audit.polygon import feasible, two_sided
from spondyl.audit.recomputed import chi2_tail, fisher, t_tail
from spondyl.audit.rounding import apart, cell, share_fit


@pytest.mark.parametrize(
    ("n", "whole", "printed", "fit"),
    [
        (20, 45, "44", "fits"),
        (20, 45, "45", "off"),
        (137, 203, "67.4", "cut"),
        (137, 203, "67.5", "fits"),
        (1, 8, "12", "fits"),
        (1, 8, "13", "fits"),
        (20, 396, "5.0", "cut"),
        (20, 396, "5", "fits"),
    ],
)
def test_a_share_fits_is_cut_or_off(n: int, whole: int, printed: str, fit: str) -> None:
    assert share_fit(n, whole, printed) == fit


def test_digits_are_a_claim() -> None:
    assert cell("5.0").unit == Fraction(1, 10)
    assert not apart("11", "11.0")
    assert apart("11.0", "11.2")


@pytest.mark.parametrize("words", ["", "5.", "1.2.3", "five", "5%"])
def test_what_is_no_number_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="expected digits"):
        cell(words)


def test_a_wald_interval_gives_its_own_p() -> None:
    estimate, error = log(1.5), 0.2
    low, high = (f"{2.718281828 ** (estimate + s * 1.959964 * error):.4f}" for s in (-1, 1))
    found = feasible(cell(low), cell(high), cell("1.5000"))
    assert found is not None
    assert found.symmetric
    assert found.low <= two_sided(estimate / error) <= found.high


def test_rounding_alone_never_rules_a_p_out() -> None:
    """Ratios from 0.2 to 5 with standard errors from 0.1 to 0.9, printed with one or two digits."""
    for k in range(200):
        estimate, error = log(0.2 + 0.024 * k), 0.1 + 0.004 * k
        for places in (1, 2):
            bounds = [
                f"{2.718281828459045 ** (estimate + s * 1.959963984540054 * error):.{places}f}"
                for s in (-1, 1)
            ]
            found = feasible(cell(bounds[0]), cell(bounds[1]), cell(f"{0.2 + 0.024 * k:.{places}f}"))
            assert found is not None
            assert found.symmetric
            assert found.low - 1e-9 <= two_sided(abs(estimate / error)) <= found.high + 1e-9


def test_fisher_against_values_from_r() -> None:
    assert fisher(0, 23, 10, 43) == pytest.approx(0.02712, abs=5e-4)
    assert fisher(3, 1, 1, 3) == pytest.approx(0.4857, abs=1e-4)


def test_tails() -> None:
    assert chi2_tail(3.841459, 1) == pytest.approx(0.05, abs=1e-6)
    assert chi2_tail(7.814728, 3) == pytest.approx(0.05, abs=1e-6)
    assert chi2_tail(9.487729, 4) == pytest.approx(0.05, abs=1e-6)
    assert t_tail(2.228139, 10) == pytest.approx(0.05, abs=1e-4)
    assert t_tail(12.7062, 1) == pytest.approx(0.05, abs=2e-3)
    assert two_sided(1.959963984540054) == pytest.approx(0.05)
    assert sqrt(chi2_tail(0, 1)) == 1


def test_grim() -> None:
    assert possible("3.64", 76)
    assert not possible("2.06", 76, cut=False)
    assert possible("3.6", 14, Fraction(2), cut=False)
    assert not possible("3.6", 12, Fraction(2), cut=False)
