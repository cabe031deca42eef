"""Tables in, analyses out; clear words for bad input."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pytest

from spondyl.cohort import Cohort, source
from spondyl.cohort.columns import column
from spondyl.record import ReadError, UsageError

N = 400


def invented(n: int = N, seed: int = 3) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    sex = np.where(rng.random(n) < 0.6, "female", "male")
    grade = rng.integers(1, 4, n)
    time = np.ceil(rng.exponential(30 / (1 + 0.3 * grade)))
    return {"months": time.tolist(), "died": (rng.random(n) < 0.7).astype(int).tolist(), "sex": sex.tolist(),
            "grade": grade.tolist(), "age": np.round(rng.normal(60, 10, n), 1).tolist()}  # fmt: skip


def write(path: Path, data: dict[str, Any]) -> None:
    rows = list(zip(*data.values(), strict=True))
    match path.suffix:
        case ".csv":
            lines = [",".join(data), *(",".join(map(str, row)) for row in rows)]
            path.write_text("\n".join(lines) + "\n", "utf-8")
        case ".xlsx":
            book = openpyxl.Workbook()
            for row in [list(data), *map(list, rows)]:
                book.active.append(row)  # type: ignore[union-attr]
            book.save(path)
        case ".sqlite":
            with sqlite3.connect(path) as base:
                base.execute(f"CREATE TABLE patients ({', '.join(data)})")
                base.executemany(f"INSERT INTO patients VALUES ({', '.join('?' * len(data))})", rows)
            base.close()
        case suffix:
            plain = path.with_name("source.csv")
            write(plain, data)
            made = duckdb.connect(str(path) if suffix == ".duckdb" else ":memory:")
            if suffix == ".duckdb":
                made.execute(f"CREATE TABLE patients AS SELECT * FROM read_csv('{plain}')")
            else:
                made.execute(f"COPY (SELECT * FROM read_csv('{plain}')) TO '{path}' (FORMAT parquet)")
            made.close()


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.sqlite", "a.duckdb", "a.parquet"])
def test_every_kind_of_table_gives_the_same(name: str, tmp_path: Path) -> None:
    write(tmp_path / name, invented())
    there = Cohort(str(tmp_path / name), "months", "died").cox(["sex", "age", "C(grade)"])
    here = Cohort(invented(), "months", "died").cox(["sex", "age", "C(grade)"])
    np.testing.assert_allclose(there.fit.coef, here.fit.coef, rtol=1e-9)
    assert there.fit.names == here.fit.names


@pytest.mark.parametrize("terms", [["sex", "C(grade)"], ["sex", "age"]])
def test_a_large_table_is_counted_and_gives_the_same(
    terms: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.parquet", invented())
    small = Cohort(str(tmp_path / "a.parquet"), "months", "died")
    monkeypatch.setattr(source, "SMALL", 10)
    large = Cohort(str(tmp_path / "*.parquet"), "months", "died")
    assert isinstance(large.source, source.Database)
    np.testing.assert_allclose(large.cox(terms).fit.coef, small.cox(terms).fit.coef, rtol=1e-9)
    assert large.cox(terms).fit.names == small.cox(terms).fit.names
    one, two = large.kaplan_meier("sex"), small.kaplan_meier("sex")
    assert [g.median for g in one.groups] == [g.median for g in two.groups]
    assert one.logrank is not None
    assert two.logrank is not None
    assert one.logrank.test.chi2 == pytest.approx(two.logrank.test.chi2)
    numbers = [c.table_one(["age"])[0].groups[0].number for c in (large, small)]
    assert numbers[0] is not None
    assert numbers[1] is not None
    assert numbers[0].mean == pytest.approx(numbers[1].mean)
    assert numbers[0].low == pytest.approx(numbers[1].low)


def test_dates_become_months(tmp_path: Path) -> None:
    text = "id,diagnosis,last_seen,died\n1,2020-01-01,2021-01-01,2021-01-01\n2,2020-01-01,2022-01-01,\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    followed = Cohort(str(tmp_path / "a.csv"), "diagnosis..last_seen", "died").followed()
    np.testing.assert_allclose(followed.time, [366 / 30.4375, 731 / 30.4375])
    assert followed.event.tolist() == [1, 0]


def test_the_reference_is_the_most_frequent_level_or_the_one_named() -> None:
    assert Cohort(invented(), "months", "died").cox(["sex"]).fit.names == ("sex=male",)
    assert Cohort(invented(), "months", "died", refs={"sex": "male"}).cox(["sex"]).fit.names == (
        "sex=female",
    )


def test_interactions_and_strata_and_clusters() -> None:
    cohort = Cohort(invented(), "months", "died")
    assert cohort.cox(["sex*age"]).fit.names == ("sex=male", "age", "sex=male:age")
    assert cohort.cox(["age"], strata="sex").fit.coef != cohort.cox(["age"]).fit.coef
    assert cohort.cox(["age"], cluster="grade").fit.robust is not None


def test_a_covariate_that_comes_true_cuts_the_rows() -> None:
    data = invented() | {"fracture": ["no"] * N, "at": [None] * N}
    data["fracture"][:50], data["at"][:50] = ["yes"] * 50, [m / 2 for m in data["months"][:50]]
    cohort = Cohort(data, "months", "died", occurs={"fracture": "at"})
    model = cohort.cox(["fracture"])
    assert model.fit.n == N + 50
    assert model.fit.rows.start is not None
    naive = Cohort(data, "months", "died").cox(["fracture"])
    assert model.fit.coef[0] > naive.fit.coef[0]


def test_a_landmark_leaves_out_who_is_gone() -> None:
    cohort = Cohort(invented(), "months", "died")
    late = cohort.kaplan_meier(landmark=12).groups[0]
    assert late.n == sum(m >= 12 for m in invented()["months"])


def test_missing_values_are_dropped_and_counted() -> None:
    data = invented()
    data["age"][:7] = [None] * 7
    data["died"][7] = None
    assert Cohort(data, "months", "died").cox(["age"]).dropped == 8


def test_competing_risks() -> None:
    data = invented() | {"failed": (np.arange(N) % 3 == 0).astype(int).tolist()}
    cohort = Cohort(data, "months", "failed", competing="died")
    found = cohort.incidence("sex")
    assert found.gray is not None
    assert all(one.share[-1] + two.share[-1] <= 1 + 1e-9 for _, _, one, two in found.groups)
    assert cohort.fine_gray(["age"]).fit.events == sum(data["failed"])
    with pytest.raises(UsageError, match="no competing event"):
        Cohort(data, "months", "died").incidence()


def test_table_one_names_its_tests() -> None:
    age, sex = Cohort(invented(), "months", "died").table_one(["age", "sex"], by="grade")
    assert age.comparison is not None
    assert age.comparison.test in ("ANOVA (Welch)", "Kruskal-Wallis")
    assert sex.comparison is not None
    assert sex.comparison.test == "chi-squared"
    assert sum(sex.groups[0].counts) == N


def bad(**changes: Any) -> dict[str, Any]:
    return invented(40) | changes


@pytest.mark.parametrize(
    ("data", "event", "terms", "words"),
    [
        (bad(), "died", ["agee"], "no column agee; did you mean age"),
        (bad(died=[1, 2] * 20), "died", ["age"], "not 0 and 1; say which one is the event: died=2"),
        (bad(died=["dead", "alive"] * 20), "died", ["age"], "say which one is the event: died=dead"),
        (bad(months=[-3] + [5] * 39), "died", ["age"], r"months is negative for 1 patient \(the first: -3\)"),
        (bad(died=[0] * 40), "died", ["age"], "no events"),
        (bad(age=[60] * 40), "died", ["age"], "age is the same for everybody"),
        (bad(twice=[2 * a for a in invented(40)["age"]]), "died", ["age", "twice"], "twice is an exact combination"),
        (bad(name=[f"p{k}" for k in range(40)] * 1), "died", ["C(name"], "cannot be read"),
        (bad(name=[f"p{k}" for k in range(300)], months=[1] * 300, died=[1] * 300, sex=["m"] * 300,
             grade=[1] * 300, age=[50] * 300), "died", ["name"], "name has 300 different values"),
        (bad(months=[None] * 40), "died", ["age"], "no row with both a time and an event"),
        (bad(), "died=7", [], "no terms for the model"),
        (bad(), "died", ["sex"], None),
    ],
)  # fmt: skip
def test_bad_input_gets_one_clear_message(
    data: dict[str, Any], event: str, terms: list[str], words: str | None
) -> None:
    cohort = Cohort(data, "months", event)
    if words is None:
        assert cohort.cox(terms).fit.events
        return
    with pytest.raises(UsageError, match=words) as raised:
        cohort.cox(terms)
    assert "\n" not in str(raised.value)


def test_a_reference_that_is_no_level() -> None:
    with pytest.raises(UsageError, match="'diverse' is no level of sex; it has female, male"):
        Cohort(invented(), "months", "died", refs={"sex": "diverse"}).cox(["sex"])


def test_one_group_has_no_test() -> None:
    assert Cohort(invented() | {"sex": ["m"] * N}, "months", "died").kaplan_meier("sex").logrank is None
    with pytest.raises(UsageError, match="one group only"):
        Cohort(invented() | {"sex": ["m"] * N}, "months", "died").logrank("sex")


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        Cohort(str(tmp_path / "absent.csv"), "t", "e")
    (tmp_path / "a.parquet").write_bytes(b"no parquet")
    with pytest.raises(ReadError, match="cannot be read as a table"):
        Cohort(str(tmp_path / "a.parquet"), "t", "e")
    with pytest.raises(UsageError, match="not int"):
        Cohort(7, "t", "e")


def test_columns_of_every_kind() -> None:
    assert column("a", [True, None, False]).levels == ("no", "yes")
    assert column("a", ["1", "2.5", ""]).values[:2].tolist() == [1.0, 2.5]
    assert column("a", np.array(["2020-01-02"], dtype="datetime64[D]")).date
    assert column("a", np.ma.array([1, 2], mask=[False, True])).values[0] == 1
