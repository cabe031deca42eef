"""Measure survival analysis: the same invented tables, every contender in a process of its own, in one run.

    uv run --group cohort-benchmark python benchmarks/cohort.py            the small and middle cases
    uv run --group cohort-benchmark python benchmarks/cohort.py --all      with 10 million rows; takes long
    uv run python benchmarks/cohort.py --only d --contenders spondyl,scan

Cases: (a) 400 rows × 16 covariates; (b) 100,000 × 20; (c) 1,000,000 × 20 categories; (d) 10,000,000 × 10 categories;
(e) 1,000,000 × 10 numbers. What is counted is processor time, with one thread for matrix products and for all of Rust.
Reading is counted, importing and starting are not: all read the same Parquet file, R reads plain binary columns,
which is quicker. Case (a) is the time of one fit, after one to warm up, on data in memory.

Contenders: "scan" is the bare GROUP BY that counts equal rows. "rust" is the package `survival` of PyPI, "rust-bare"
its bare fitter on arrays; "r" is `coxph` of R's survival, which computes a concordance too, "r-bare" its `coxph.fit`,
which gives coefficients and their covariance only. What is not installed is left out, with a line that says so.
scikit-survival does (d) on 1,000,000 rows; its time and memory are not scaled.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

CASES = {
    "a": (400, 16, "number"), "b": (100_000, 20, "number"), "c": (1_000_000, 20, "category"),
    "d": (10_000_000, 10, "category"), "e": (1_000_000, 10, "number"),
}  # fmt: skip
MODULE = {"lifelines": "lifelines", "sksurv": "sksurv", "rust": "survival", "rust-bare": "survival"}
CONTENDERS = ("spondyl", "scan", *MODULE, "r", "r-bare")
LABEL = {"memory": "Cox", "cox": "Cox", "km": "KM + log-rank"}
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "RAYON", "NUMBA")}
FEWER = {("sksurv", "d"): 1_000_000}
BESIDE = Path(__file__).with_suffix(".R")


@dataclass(frozen=True)
class Job:
    """What a contender has to do: Cox from the file, Cox in memory, or curves with the log-rank test."""

    path: Path
    columns: int
    kind: str
    name: str
    rows: int

    @property
    def covariates(self) -> list[str]:
        return [f"c{k}" for k in range(1 if self.name == "km" else self.columns)]


@dataclass(frozen=True)
class Line:
    """One measurement, or why there is none."""

    case: str
    what: str
    who: str
    cpu: float | None
    wall: float | None
    mb: float | None
    coef: list[float] | None
    said: str


def make(folder: Path, rows: int, columns: int, kind: str) -> None:
    """An invented table: whole months up to 120 for categories, times of many digits for numbers."""
    import duckdb
    import numpy as np

    value = "CAST(floor(random() * 2) AS INT)" if kind == "category" else "random() * 2 - 1"
    names = ", ".join(f"{value} AS c{k}" for k in range(columns))
    time_ = "-ln(1 - random()) * 40 * exp(-0.3 * c0 - 0.2 * c1)"
    if kind == "category":
        time_ = f"CAST(least(120, ceil({time_})) AS INT)"
    path = folder / "table.parquet"
    with duckdb.connect() as base:
        base.execute("SELECT setseed(0.5)")
        base.execute("SET threads = 1")
        rest = f"{time_} AS months, CAST(random() < 0.6 AS INT) AS died"
        base.execute(
            f"COPY (SELECT *, {rest} FROM (SELECT {names} FROM range({rows}))) TO '{path}' (FORMAT parquet)"
        )
        for name in [*(f"c{k}" for k in range(columns)), "months", "died"]:
            column = base.execute(f"SELECT {name} FROM '{path}'").fetchnumpy()[name]
            np.asarray(column).tofile(folder / f"{name}.bin")


def spondyl(job: Job) -> Callable[[], Any]:
    """Spondyl, from the file."""
    import narwhals  # noqa: F401

    from spondyl.cohort import Cohort

    terms = [f"C({c})" if job.kind == "category" else c for c in job.covariates]
    refs = dict.fromkeys(job.covariates, "0")

    def cohort() -> Any:
        return Cohort(str(job.path), "months", "died", refs=refs)

    kept = cohort()
    if job.name == "km":
        return lambda: cohort().kaplan_meier(job.covariates[0])
    if job.name == "memory":
        return lambda: kept.cox(terms, diagnostics=False).fit.coef.tolist()
    return lambda: cohort().cox(terms, diagnostics=False).fit.coef.tolist()


def scan(job: Job) -> Callable[[], Any]:
    """The bare scan that counts equal rows, or reads all where none are equal."""
    import duckdb

    names = ", ".join(["months", "died", *job.covariates])
    group = f"SELECT {names}, count(*) FROM '{job.path}' GROUP BY ALL"
    sql = group if job.kind == "category" else f"SELECT {names} FROM '{job.path}'"
    return lambda: len(duckdb.connect().execute(sql).fetchnumpy()["months"])


def _columns(job: Job) -> dict[str, Any]:
    import duckdb

    names = ", ".join([*job.covariates, "months", "died"])
    limit = f" LIMIT {job.rows}"
    got: dict[str, Any] = duckdb.connect().execute(f"SELECT {names} FROM '{job.path}'{limit}").fetchnumpy()
    return got


def _framed(job: Job, fit: Callable[[Any], Any]) -> Callable[[], Any]:
    """A job on a pandas frame, which is read again each time unless it is to be in memory."""
    import pandas

    kept = pandas.DataFrame(_columns(job)) if job.name == "memory" else None
    return lambda: fit(kept if kept is not None else pandas.DataFrame(_columns(job)))


def lifelines(job: Job) -> Callable[[], Any]:
    """lifelines."""
    from lifelines import CoxPHFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    def curves(frame: Any) -> None:
        inside = frame["c0"] > 0
        one, two = frame[inside], frame[~inside]
        for part in (one, two):
            KaplanMeierFitter().fit(part["months"], part["died"])
        logrank_test(one["months"], two["months"], one["died"], two["died"])

    def cox(frame: Any) -> list[float]:
        return list(CoxPHFitter().fit(frame, "months", "died").params_)

    return _framed(job, curves if job.name == "km" else cox)


def sksurv(job: Job) -> Callable[[], Any]:
    """scikit-survival with Efron's ties."""
    from sksurv.compare import compare_survival
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.nonparametric import kaplan_meier_estimator
    from sksurv.util import Surv

    def curves(frame: Any) -> None:
        for group in (0, 1):
            part = frame[frame["c0"] == group]
            kaplan_meier_estimator(part["died"] > 0, part["months"], conf_type="log-log")
        compare_survival(Surv.from_arrays(frame["died"] > 0, frame["months"]), frame["c0"])

    def cox(frame: Any) -> list[float]:
        y = Surv.from_arrays(frame["died"] > 0, frame["months"])
        x = frame[job.covariates].astype(float)
        return list(CoxPHSurvivalAnalysis(ties="efron").fit(x, y).coef_)

    return _framed(job, curves if job.name == "km" else cox)


def rust(job: Job) -> Callable[[], Any]:
    """The package `survival` of PyPI, by formula."""
    import survival

    def curves(frame: Any) -> None:
        survival.survfit("Surv(months, died) ~ c0", data=frame, conf_type="log-log")
        survival.survdiff("Surv(months, died) ~ c0", data=frame)

    def cox(frame: Any) -> list[float]:
        formula = "Surv(months, died) ~ " + " + ".join(job.covariates)
        return [float(v) for v in survival.coef(survival.coxph(formula, data=frame, ties="efron"))]

    return _framed(job, curves if job.name == "km" else cox)


def rust_bare(job: Job) -> Callable[[], Any]:
    """The bare fitter of the package `survival`, on arrays."""
    import numpy as np
    from survival.regression import coxph_fit_raw

    def arrays() -> tuple[Any, Any, Any]:
        got = _columns(job)
        x = np.column_stack([np.asarray(got[c], float) for c in job.covariates])
        return np.asarray(got["months"], float), np.asarray(got["died"], float), x

    kept = arrays() if job.name == "memory" else None
    return lambda: [float(v) for v in coxph_fit_raw(*(kept or arrays()), resid=False).coefficients]


RUN = {
    "spondyl": spondyl, "scan": scan, "lifelines": lifelines, "sksurv": sksurv, "rust": rust, "rust-bare": rust_bare,
}  # fmt: skip


def child(who: str, job: Job) -> None:
    """Measure one contender; prints a line of JSON."""

    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    run = RUN[who](job)
    repeats = 1
    if job.name == "memory":
        run()
        repeats = 20
    before, began = cpu(), time.perf_counter()
    for _ in range(repeats):
        found = run()
    out = {"cpu": (cpu() - before) / repeats, "wall": (time.perf_counter() - began) / repeats}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(out | {"mb": peak, "coef": found if isinstance(found, list) else None}))


def measured(who: str, job: Job, limit: int) -> dict[str, Any] | str:
    """One contender in a process of its own, or why it gave nothing."""
    words = [str(job.path), str(job.columns), job.kind, job.name, str(job.rows)]
    call = [sys.executable, __file__, "--child", who, *words]
    if who in ("r", "r-bare"):
        fitter = "bare" if who == "r-bare" else "coxph"
        call = ["Rscript", str(BESIDE), str(job.path.parent), words[4], words[1], job.kind, job.name, fitter]
    try:
        done = subprocess.run(
            call, capture_output=True, text=True, timeout=limit, check=False, env=os.environ | ONE_THREAD
        )
    except subprocess.TimeoutExpired:
        return f"stopped after {limit} s"
    if done.returncode:
        return f"failed: {(done.stderr.strip().splitlines() or ['?'])[-1][:60]}"
    out: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return out


def lines_of(case: str, contenders: Iterable[str], limit: int) -> list[Line]:
    """The measurements of one case."""
    rows, columns, kind = CASES[case]
    out = []
    with tempfile.TemporaryDirectory() as place:
        made = [sys.executable, __file__, "--make", place, str(rows), str(columns), kind]
        subprocess.run(made, check=True)
        path = Path(place) / "table.parquet"
        for name in ["memory"] if case == "a" else ["cox", "km"] if kind == "category" else ["cox"]:
            for who in contenders:
                if (who == "scan" and name == "memory") or (who.endswith("-bare") and name == "km"):
                    continue
                fewer = FEWER.get((who, case), rows)
                got = measured(who, Job(path, columns, kind, name, fewer), limit)
                print(
                    case, name, who, got if isinstance(got, str) else f"{got['cpu']:.3f} s", file=sys.stderr
                )
                said = "" if fewer == rows else f"{fewer:,} rows"
                if isinstance(got, str):
                    out.append(Line(case, LABEL[name], who, None, None, None, None, got))
                else:
                    out.append(
                        Line(case, LABEL[name], who, *(got[k] for k in ("cpu", "wall", "mb", "coef")), said)
                    )
    return out


def shown(lines: list[Line]) -> Table:
    """The table: beside each contender how many times Spondyl's time and memory it took."""
    table = Table("case", "what", "who", "CPU s", "× ours", "wall s", "peak MB", "× ours", "coef. off", "")
    ours = {(one.case, one.what): one for one in lines if one.who == "spondyl" and one.cpu}
    for one in lines:
        if one.cpu is None or one.wall is None or one.mb is None:
            table.add_row(one.case, one.what, one.who, "", "", "", "", "", "", one.said)
            continue
        mine = ours.get((one.case, one.what))
        whole = mine is not None and mine.cpu and mine.mb and one is not mine and not one.said
        times = [f"{one.cpu / mine.cpu:.1f}", f"{one.mb / mine.mb:.1f}"] if whole and mine else ["", ""]
        gap = ""
        if whole and mine and mine.coef and one.coef:
            gap = f"{max(abs(a - b) for a, b in zip(mine.coef, one.coef, strict=True)):.0e}"
        table.add_row(
            one.case, one.what, one.who, f"{one.cpu:.4f}", times[0], f"{one.wall:.4f}", f"{one.mb:.0f}", times[1],
            gap, one.said,
        )  # fmt: skip
    return table


def present(contenders: Iterable[str], console: Console) -> list[str]:
    """Those that are installed; the others get a line."""
    out = []
    for who in contenders:
        there = bool(shutil.which("Rscript")) if who in ("r", "r-bare") else True
        if who in MODULE:
            there = importlib.util.find_spec(MODULE[who]) is not None
        if there:
            out.append(who)
        else:
            console.print(f"{who} is left out: it is not installed")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--child", nargs=6, help=argparse.SUPPRESS)
    parser.add_argument("--make", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="also (d), 10 million rows")
    parser.add_argument("--only", default="", help="cases, as abc")
    parser.add_argument("--contenders", default=",".join(CONTENDERS))
    parser.add_argument("--limit", type=int, default=600, help="seconds a contender may take")
    given = parser.parse_args()
    if given.make:
        place, rows, columns, kind = given.make
        make(Path(place), int(rows), int(columns), kind)
        return
    if given.child:
        who, path, columns, kind, name, rows = given.child
        child(who, Job(Path(path), int(columns), kind, name, int(rows)))
        return
    console = Console(width=118)
    contenders = present(given.contenders.split(","), console)
    lines = []
    before = os.getloadavg()[0]
    for case in given.only or ("abcde" if given.all else "abce"):
        lines += lines_of(case, contenders, given.limit)
    console.print(shown(lines))
    console.print(f"Load of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after.")


if __name__ == "__main__":
    main()
