"""Random-effects pooling against values that R's metafor computed; metafor.R makes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spondyl.cohort.pooling import Effect, leave_one_out, log_median, log_ratio, logit_share, pool_effects

KNOWN = json.loads(Path(__file__).with_name("metafor.json").read_text("utf-8"))["sets"]
CLOSE = 1e-6
FITS = [
    ("reml_guarded", "REML", "guarded"),
    ("reml_knha", "REML", "knapp-hartung"),
    ("dl_normal", "DL", "normal"),
]
NAMES = ("estimate", "se", "low", "high", "p", "tau2", "i2", "q", "q_p", "prediction", "weights")


def effects(name: str) -> list[Effect]:
    known = KNOWN[name]
    return [Effect(f"{k}", y, s) for k, (y, s) in enumerate(zip(known["yi"], known["sei"], strict=True))]


def made(row: dict[str, Any]) -> Effect:
    """The effect of a row as it is reported."""
    if "ratio" in row:
        return log_ratio("a", row["ratio"], row["low"], row["high"])
    if "median" in row:
        return log_median("a", row["median"], row.get("low"), row.get("high"), row.get("events"))
    return logit_share("a", row["count"], row["n"])


@pytest.mark.parametrize("name", ["ratios", "medians", "shares"])
def test_effects_are_what_metafor_was_given(name: str) -> None:
    known = KNOWN[name]
    for row, y, s in zip(known["rows"], known["yi"], known["sei"], strict=True):
        one = made(row)
        assert (one.value, one.se) == pytest.approx((y, s), rel=CLOSE, abs=CLOSE)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize(("key", "method", "spread"), FITS)
def test_a_pool_is_metafors(name: str, key: str, method: Any, spread: Any) -> None:
    done, known = pool_effects(effects(name), method, spread), KNOWN[name][key]
    for what in NAMES:
        assert getattr(done, what) == pytest.approx(known[what], rel=CLOSE, abs=CLOSE), what


@pytest.mark.parametrize("name", KNOWN)
def test_limits_of_the_variance_are_metafors(name: str) -> None:
    done = pool_effects(effects(name))
    assert [done.tau2_low, done.tau2_high] == pytest.approx(KNOWN[name]["tau2_limits"], rel=CLOSE, abs=CLOSE)


@pytest.mark.parametrize("name", KNOWN)
def test_leaving_one_out_is_metafors(name: str) -> None:
    left = leave_one_out(effects(name))
    assert len(left) == len(KNOWN[name]["left_out"])
    for (_, done), known in zip(left, KNOWN[name]["left_out"], strict=True):
        for what, value in known.items():
            assert getattr(done, what) == pytest.approx(value, rel=CLOSE, abs=CLOSE), what


def test_the_guard_is_at_work_where_studies_agree() -> None:
    alike = effects("alike")
    bare, guarded = pool_effects(alike, spread="knapp-hartung"), pool_effects(alike)
    assert bare.factor < 1
    assert guarded.high - guarded.low > bare.high - bare.low
