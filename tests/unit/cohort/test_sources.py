"""Patients in frames, columns with gaps, large tables read in other ways: always the same patients."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas
import polars
import pytest

from spondyl.cohort import Cohort, counting, source
from spondyl.cohort.results import CoxModel
from spondyl.record import UsageError

GIVEN: dict[str, list[Any]] = {
    "months": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    "died": [True, True, False, True, True, None, True, True, False, True, True, True],
    "sex": ["f", "m", "m", "f", None, "f", "m", "f", "m", "f", "m", "f"],
    "grade": [1, 2, 1, None, 2, 1, 2, 2, 1, 1, 2, 1],
    "age": [60.5, 71.0, 55.25, 48.0, 66.0, 59.0, None, 44.0, 80.0, 62.0, 58.0, 51.0],
}


def frames() -> dict[str, Any]:
    plain = pandas.DataFrame(GIVEN)
    typed = plain.astype({"sex": "category", "grade": "Int64", "died": "boolean", "age": "Float64"})
    eager = polars.DataFrame(GIVEN)
    return {
        "pandas": plain, "pandas with its own types": typed, "polars": eager, "lazy polars": eager.lazy(),
        "polars categories": eager.with_columns(polars.col("sex").cast(polars.Categorical)),
    }  # fmt: skip


@pytest.mark.parametrize("name", frames())
def test_a_frame_gives_what_its_columns_give(name: str) -> None:
    here, there = (Cohort(given, "months", "died") for given in (GIVEN, frames()[name]))
    for terms in (["sex"], ["age"], ["C(grade)"]):
        one, two = here.cox(terms), there.cox(terms)
        assert (two.fit.names, two.dropped) == (one.fit.names, one.dropped)
        np.testing.assert_allclose(two.fit.coef, one.fit.coef, rtol=1e-12)
    assert [g.n for g in there.kaplan_meier("sex").groups] == [g.n for g in here.kaplan_meier("sex").groups]
    assert there.cox(["grade"]).fit.names == ("grade",)


def test_days_in_frames_become_months() -> None:
    first = datetime.date(2020, 1, 1)
    days = {
        "from": [first] * 3,
        "to": [first + datetime.timedelta(k) for k in (366, 731, 90)],
        "died": [1, 0, 1],
    }
    wanted = np.array([366, 731, 90]) / 30.4375
    for frame in (days, polars.DataFrame(days), pandas.DataFrame(days).assign(**{
        k: pandas.to_datetime(pandas.Series(days[k])) for k in ("from", "to")
    })):  # fmt: skip
        np.testing.assert_allclose(Cohort(frame, "from..to", "died").followed().time, wanted)


N = 6_000


def large(path: Path, gaps: bool = True) -> Path:
    """An invented table: whole numbers, texts with quotes, truth values, all with gaps."""
    gap = "CASE WHEN random() < 0.01 THEN NULL ELSE {} END" if gaps else "{}"
    columns = {
        "months": "CAST(1 + floor(random() * 36) AS SMALLINT)", "died": "random() < 0.6",
        "centre": "['Ulm', 'St. Mary''s', 'Köln'][1 + CAST(floor(random() * 3) AS INT)]",
        "grade": "CAST(floor(random() * 4) - 1 AS BIGINT)", "frail": "random() < 0.3",
        "fracture": "['no', 'yes'][1 + CAST(floor(random() * 2) AS INT)]",
    }  # fmt: skip
    chosen = ", ".join(f"{gap.format(sql)} AS {name}" for name, sql in columns.items())
    with duckdb.connect() as base:
        base.execute("SELECT setseed(0.25)")
        base.execute("SET threads = 1")
        base.execute(f"COPY (SELECT {chosen}, random() AS dose FROM range({N})) TO '{path}' (FORMAT parquet)")
    return path


def same(one: CoxModel, two: CoxModel) -> None:
    assert (one.fit.names, one.dropped, one.fit.n, one.fit.events) == (
        two.fit.names, two.dropped, two.fit.n, two.fit.events)  # fmt: skip
    assert one.levels == two.levels
    np.testing.assert_allclose(one.fit.coef, two.fit.coef, rtol=1e-9)
    np.testing.assert_allclose(one.fit.vcov, two.fit.vcov, rtol=1e-8)
    np.testing.assert_allclose([t.test.chi2 for t in one.proportional], [t.test.chi2 for t in two.proportional],
                               rtol=1e-7)  # fmt: skip
    assert one.concordance is not None
    assert two.concordance is not None
    np.testing.assert_allclose(
        [one.concordance.c, one.concordance.se], [two.concordance.c, two.concordance.se], rtol=1e-9
    )


WAYS = {
    "cells": {}, "cells counted by the engine": {"FETCHED": 10}, "groups": {"CELLS": 0}, "rows": {"CELLS": 0},
}  # fmt: skip
MODELS = (["centre", "C(grade)", "frail", "fracture"], ["centre*frail", "grade"], ["dose", "centre"])


@pytest.mark.parametrize("gaps", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_however_a_large_table_is_read_the_model_is_the_same(
    way: str, gaps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(large(tmp_path / "a.parquet", gaps))
    small = Cohort(path, "months", "died")
    assert isinstance(small.source, source.Arrays)
    monkeypatch.setattr(source, "SMALL", 100)
    for name, value in WAYS[way].items():
        monkeypatch.setattr(counting, name, value)
    monkeypatch.setattr(source.Database, "_compresses", lambda self, names: way == "groups")
    big = Cohort(path, "months", "died")
    assert isinstance(big.source, source.Database)
    rows = len(big.followed(["centre", "frail"]).count)
    assert (rows > N * 0.9) == (way == "rows")
    for terms in MODELS:
        same(small.cox(terms), big.cox(terms))
    terms = ["centre", "C(grade)"]
    same(small.cox(terms, strata="frail"), big.cox(terms, strata="frail"))


def test_many_files_are_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = large(tmp_path / "whole.parquet")
    with duckdb.connect() as base:
        for k, where in enumerate(("months < 12", "months >= 12 OR months IS NULL")):
            part = tmp_path / f"part-{k}.parquet"
            base.execute(f"COPY (SELECT * FROM '{whole}' WHERE {where}) TO '{part}' (FORMAT parquet)")
    one = Cohort(str(whole), "months", "died").cox(MODELS[0])
    same(one, Cohort(str(tmp_path / "part-*.parquet"), "months", "died").cox(MODELS[0]))
    monkeypatch.setattr(source, "SMALL", 100)
    same(one, Cohort(str(tmp_path / "part-*.parquet"), "months", "died").cox(MODELS[0]))


def test_rows_that_repeat_are_told_from_rows_that_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "SMALL", 100)
    monkeypatch.setattr(source, "LOOK", 2_000)
    base = Cohort(str(large(tmp_path / "a.parquet")), "months", "died").source
    assert isinstance(base, source.Database)
    assert base._compresses(["died", "centre", "frail"])
    assert not base._compresses(["months", "died", "dose"])


def test_ten_thousand_levels_get_one_clear_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect() as base:
        base.execute(
            f"COPY (SELECT range AS id, 'p' || range AS name, CASE WHEN range < 3000 THEN 'a' ELSE 'p' || range "
            f"END AS late, range / 7 AS x, 1 + range % 60 AS months, range % 2 AS died FROM range(10000)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    monkeypatch.setattr(source, "SMALL", 100)
    monkeypatch.setattr(source, "LOOK", 2_000)
    monkeypatch.setattr(counting, "MOST_TEXTS", 5_000)
    cohort = Cohort(str(path), "months", "died")
    for name, words in {
        "name": "name has 2000 different values in the first 2000 rows, too many for categories",
        "late": "late has more than 5000 different values, too many for categories",
        "id": "id has 10000 different values, too many for categories", "x": "too many for categories",
    }.items():  # fmt: skip
        for ask in (lambda n: cohort.kaplan_meier(n), lambda n: cohort.cox([f"C({n})"]),
                    lambda n: cohort.table_one([f"C({n})"])):  # fmt: skip
            with pytest.raises(UsageError, match=words) as raised:
                ask(name)
            assert "\n" not in str(raised.value)


@pytest.mark.parametrize("place", ["middle", "end"])
def test_splitting_a_patient_does_not_change_the_study(place: str) -> None:
    rng = np.random.default_rng(8)
    n = 300
    time, event = np.ceil(rng.exponential(20, n)) + 1, (rng.random(n) < 0.7).astype(float)
    age, sex = rng.normal(60, 9, n), np.where(rng.random(n) < 0.5, "f", "m")
    cut = time / 2 if place == "middle" else time - 0.5
    zero = np.zeros(n)
    whole = Cohort({"t": time, "e": event, "age": age, "sex": sex}, "t", "e")
    halves = Cohort(
        {"from": np.concatenate([zero, cut]), "t": np.concatenate([cut, time]),
         "e": np.concatenate([zero, event]), "age": np.tile(age, 2), "sex": np.tile(sex, 2)},
        "t", "e", start="from",
    )  # fmt: skip
    one, two = whole.cox(["age", "sex"]), halves.cox(["age", "sex"])
    np.testing.assert_allclose(one.fit.coef, two.fit.coef, rtol=1e-9)
    np.testing.assert_allclose(one.fit.vcov, two.fit.vcov, rtol=1e-9)
    curves = [c.kaplan_meier("sex") for c in (whole, halves)]
    for a, b in zip(*(k.groups for k in curves), strict=True):
        assert a.median == b.median
    assert curves[0].logrank is not None
    assert curves[1].logrank is not None
    assert curves[0].logrank.test.chi2 == pytest.approx(curves[1].logrank.test.chi2)


def test_the_order_and_the_names_of_groups_do_not_matter() -> None:
    rng = np.random.default_rng(9)
    n = 500
    data = {"t": np.ceil(rng.exponential(20, n)), "e": (rng.random(n) < 0.7).astype(float),
            "g": np.array(["a", "b", "c"])[rng.integers(0, 3, n)], "x": rng.normal(size=n)}  # fmt: skip
    turn = rng.permutation(n)
    renamed = np.array(["z", "y", "x"])[np.searchsorted(["a", "b", "c"], data["g"])]
    one = Cohort(data, "t", "e", refs={"g": "a"})
    two = Cohort({k: v[turn] for k, v in data.items()}, "t", "e", refs={"g": "a"})
    three = Cohort(data | {"g": renamed}, "t", "e", refs={"g": "z"})
    wanted = one.cox(["g", "x"]).fit
    np.testing.assert_allclose(two.cox(["g", "x"]).fit.coef, wanted.coef, rtol=1e-9)
    np.testing.assert_allclose(three.cox(["g", "x"]).fit.coef[[1, 0, 2]], wanted.coef, rtol=1e-9)
    tests = [c.logrank("g").test.chi2 for c in (one, two, three)]
    np.testing.assert_allclose(tests, tests[0])
    tables = [c.table_one(["x"], by="g")[0].comparison for c in (one, two)]
    assert tables[0] is not None
    assert tables[1] is not None
    assert tables[0].p == pytest.approx(tables[1].p)
