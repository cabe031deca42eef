"""Measure survival analysis: the same invented tables, every contender in a process of its own, in one run.

    uv run --group cohort-benchmark python benchmarks/cohort.py            the small and middle cases
    uv run --group cohort-benchmark python benchmarks/cohort.py --all      with 10 million rows; takes long
    uv run python benchmarks/cohort.py --only d --contenders spondyl,scan

Cases: (a) 400 rows × 16 covariates; (b) 100,000 × 20; (c) 1,000,000 × 20 categories; (d) 10,000,000 × 10 categories;
(e) 1,000,000 × 10 numbers. All read the same Parquet file; reading is included, importing is not. "scan" is the bare
GROUP BY that a fit on counts cannot go below. Case (a) is the time of one fit, after one to warm up, on data in memory.
Peers that are not installed are left out. Peers that need a row per patient are refused cases they cannot hold.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

CASES = {
    "a": (400, 16, "number"), "b": (100_000, 20, "number"), "c": (1_000_000, 20, "category"),
    "d": (10_000_000, 10, "category"), "e": (1_000_000, 10, "number"),
}  # fmt: skip
CONTENDERS = ("spondyl", "scan", "lifelines", "sksurv")
PACKAGE = {"lifelines": "lifelines", "sksurv": "sksurv"}


def make(path: Path, rows: int, columns: int, kind: str) -> None:
    """An invented table: whole months up to 120 for categories, times of many digits for numbers."""
    value = "CAST(floor(random() * 2) AS INT)" if kind == "category" else "random() * 2 - 1"
    names = ", ".join(f"{value} AS c{k}" for k in range(columns))
    time_ = "-ln(1 - random()) * 40 * exp(-0.3 * c0 - 0.2 * c1)"
    if kind == "category":
        time_ = f"CAST(least(120, ceil({time_})) AS INT)"
    with duckdb.connect() as base:
        base.execute("SELECT setseed(0.5)")
        base.execute("SET threads = 1")
        rest = f"{time_} AS months, CAST(random() < 0.6 AS INT) AS died"
        base.execute(
            f"COPY (SELECT *, {rest} FROM (SELECT {names} FROM range({rows}))) TO '{path}' (FORMAT parquet)"
        )


def spondyl(path: Path, columns: list[str], job: str, category: bool) -> Callable[[], Any]:
    """Spondyl, from the file."""
    from spondyl.cohort import Cohort

    terms = [f"C({c})" if category else c for c in columns]
    refs = dict.fromkeys(columns, "0")
    kept = Cohort(str(path), "months", "died")
    if job == "km":
        return lambda: Cohort(str(path), "months", "died").kaplan_meier(columns[0])
    if job == "memory":
        return lambda: kept.cox(terms, diagnostics=False).fit.coef.tolist()
    return lambda: (
        Cohort(str(path), "months", "died", refs=refs).cox(terms, diagnostics=False).fit.coef.tolist()
    )


def scan(path: Path, columns: list[str], job: str, category: bool) -> Callable[[], Any]:
    """The bare scan that counts equal rows, or reads all where none are equal."""
    names = ", ".join(["months", "died", *(columns[:1] if job == "km" else columns)])
    group = f"SELECT {names}, count(*) FROM '{path}' GROUP BY ALL"
    sql = group if category else f"SELECT {names} FROM '{path}'"
    return lambda: len(duckdb.connect().execute(sql).fetchnumpy()["months"])


def _frame(path: Path, names: list[str]) -> Any:
    import pandas

    got = duckdb.connect().execute(f"SELECT {', '.join(names)} FROM '{path}'").fetchnumpy()
    return pandas.DataFrame(got)


def lifelines(path: Path, columns: list[str], job: str, category: bool) -> Callable[[], Any]:
    """lifelines, from the file."""
    from lifelines import CoxPHFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    names = [*(columns[:1] if job == "km" else columns), "months", "died"]

    def curves() -> None:
        frame = _frame(path, names)
        inside = frame[columns[0]] > 0
        for part in (frame[inside], frame[~inside]):
            KaplanMeierFitter().fit(part["months"], part["died"])
        one, two = frame[inside], frame[~inside]
        logrank_test(one["months"], two["months"], one["died"], two["died"])

    kept = _frame(path, names) if job == "memory" else None

    def cox() -> list[float]:
        frame = kept if kept is not None else _frame(path, names)
        return list(CoxPHFitter().fit(frame, "months", "died").params_)

    return curves if job == "km" else cox


def sksurv(path: Path, columns: list[str], job: str, category: bool) -> Callable[[], Any]:
    """scikit-survival with Efron's ties, from the file."""
    from sksurv.compare import compare_survival
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.nonparametric import kaplan_meier_estimator
    from sksurv.util import Surv

    names = [*(columns[:1] if job == "km" else columns), "months", "died"]

    def curves() -> None:
        frame = _frame(path, names)
        y = Surv.from_arrays(frame["died"] > 0, frame["months"])
        for group in (0, 1):
            part = frame[frame[columns[0]] == group]
            kaplan_meier_estimator(part["died"] > 0, part["months"], conf_type="log-log")
        compare_survival(y, frame[columns[0]])

    kept = _frame(path, names) if job == "memory" else None

    def cox() -> list[float]:
        frame = kept if kept is not None else _frame(path, names)
        y = Surv.from_arrays(frame["died"] > 0, frame["months"])
        return list(CoxPHSurvivalAnalysis(ties="efron").fit(frame[columns].astype(float), y).coef_)

    return curves if job == "km" else cox


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def child(who: str, path: str, columns: int, job: str, kind: str) -> None:
    """Measure one contender; prints a line of JSON."""
    names = [f"c{k}" for k in range(columns)]
    if job == "memory":
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    run = {"spondyl": spondyl, "scan": scan, "lifelines": lifelines, "sksurv": sksurv}[who](
        Path(path), names, job, kind == "category"
    )
    repeats = 1
    if job == "memory":
        run()
        repeats = 20
    before, began = cpu(), time.perf_counter()
    for _ in range(repeats):
        found = run()
    out = {"cpu": (cpu() - before) / repeats, "wall": (time.perf_counter() - began) / repeats}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(out | {"mb": peak, "coef": found if isinstance(found, list) else None}))


def measured(who: str, path: Path, case: tuple[int, int, str], job: str, limit: int) -> dict[str, Any] | str:
    _, columns, kind = case
    call = [sys.executable, __file__, "--child", who, str(path), str(columns), job, kind]
    try:
        done = subprocess.run(call, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"over {limit} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1][:60]
    out: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return out


def rows_of(name: str, contenders: list[str], limit: int) -> list[tuple[str, ...]]:
    """The measurements of one case."""
    case = CASES[name]
    jobs = ["memory"] if name == "a" else ["cox", "km"] if case[2] == "category" else ["cox"]
    out = []
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "table.parquet"
        make(path, *case)
        for job in jobs:
            reference = None
            for who in contenders:
                if who == "scan" and job == "memory":
                    continue
                got = measured(who, path, case, job, limit)
                label = {"memory": "Cox", "cox": "Cox", "km": "KM + log-rank"}[job]
                if isinstance(got, str):
                    out.append((name, label, who, got, "", "", ""))
                    continue
                if who == "spondyl":
                    reference = got["coef"]
                gap = ""
                if reference and got["coef"]:
                    gap = f"{max(abs(a - b) for a, b in zip(reference, got['coef'], strict=True)):.1e}"
                out.append(
                    (name, label, who, f"{got['cpu']:.4f}", f"{got['wall']:.4f}", f"{got['mb']:.0f}", gap)
                )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="also (d), 10 million rows")
    parser.add_argument("--only", default="", help="cases, as abc")
    parser.add_argument("--contenders", default=",".join(CONTENDERS))
    parser.add_argument("--limit", type=int, default=600, help="seconds a contender may take")
    given = parser.parse_args()
    if given.child:
        who, path, columns, job, kind = given.child
        child(who, path, int(columns), job, kind)
        return
    contenders = [
        c for c in given.contenders.split(",") if c not in PACKAGE or importlib.util.find_spec(PACKAGE[c])
    ]
    table = Table("case", "what", "who", "CPU s", "wall s", "peak MB", "coefficients off by")
    for name in given.only or ("abcde" if given.all else "abce"):
        for row in rows_of(name, contenders, given.limit):
            table.add_row(*row)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
