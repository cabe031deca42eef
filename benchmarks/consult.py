"""Measure what `spondyl consult`, `spondyl pool` and `spondyl curve` promise.

    uv run python benchmarks/consult.py                       all sections
    uv run python benchmarks/consult.py --only page --only comparable
    uv run python benchmarks/consult.py --json

A section is a function without arguments that returns rows, each a dict of column → value; `SECTIONS` names them all.
Times are of the processor, never of the wall clock; the load of the machine is printed beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from consult_patient import comparable, page
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from spondyl.cohort import Cohort, pool_effects, reconstruct
from spondyl.cohort.lifetable import Survival
from spondyl.cohort.pooling import Effect

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]
SIZES = (20, 40, 60, 120, 250, 500)
CENSORING = {"light": (40.0, 90.0), "middling": (6.0, 60.0), "heavy": (0.0, 24.0)}
DRAWS = 40


def reconstruction() -> Rows:
    """Patients from curves drawn from known patients: what comes back.

    Times are exponential or Weibull with a median near 13, censoring is uniform, numbers at risk stand every 6 months.
    "corners": every step is clicked, with an error of 0.003. "grid": 121 points at regular times, with the same error.
    """
    rows = []
    for events in ("printed", "not printed"):
        for style in ("corners", "corners, no error", "grid"):
            for n in SIZES:
                rows.append(_reconstructed(n, style, events == "printed"))
    return rows


def _reconstructed(n: int, style: str, printed: bool) -> dict[str, Any]:
    median_gap, largest, off, kept, seconds, run = [], [], [], True, 0.0, 0
    for amount in CENSORING:
        for draw in range(DRAWS // len(CENSORING)):
            rng = np.random.default_rng([n, draw, list(CENSORING).index(amount)])
            when, died = simulated(n, amount, rng)
            time_, level, known = digitised(when, died, style, rng)
            risk = {float(t): int((when >= t).sum()) for t in np.arange(0, when.max(), 6)}
            start = time.process_time()
            done = reconstruct(time_, level, risk, events=int(died.sum()) if printed else None, redraws=0)
            seconds, run = seconds + time.process_time() - start, run + 1
            gap = distance(done.curve, known, float(when.max()))
            median_gap.append(float(np.median(gap)))
            largest.append(float(gap.max()))
            off.append(abs(int(done.died.sum()) - int(died.sum())))
            kept &= done.n == n and all(a == b for a, b in done.at_risk.values())
    return {
        "n": n, "points": style, "events": "printed" if printed else "not printed", "curves": run,
        "patients kept": kept, "events off, most": max(off), "median |ΔS|, worst curve": max(median_gap),
        "max |ΔS|, median curve": float(np.median(largest)), "max |ΔS|, worst curve": max(largest),
        "ms a curve": 1000 * seconds / run,
    }  # fmt: skip


def simulated(n: int, amount: str, rng: np.random.Generator) -> tuple[Floats, NDArray[np.bool_]]:
    """Times and whether they are deaths, of n invented patients."""
    time_ = rng.exponential(18, n) if rng.random() < 0.5 else 18 * rng.weibull(1.4, n)
    seen = rng.uniform(*CENSORING[amount], n)
    return np.minimum(time_, seen), time_ <= seen


def digitised(
    when: Floats, died: NDArray[np.bool_], style: str, rng: np.random.Generator
) -> tuple[list[float], list[float], Survival]:
    """Points read off the curve of known patients, and that curve."""
    known = (
        Cohort({"t": when.tolist(), "d": died.astype(int).tolist()}, "t", "d")
        .kaplan_meier()
        .groups[0]
        .survival
    )
    if style == "grid":
        time_ = np.linspace(0, when.max(), 121)
    else:
        time_ = np.unique(np.concatenate([[0.0], known.time[known.life.events > 0], [when.max()]]))
    level = value(known, time_)
    if style != "corners, no error":
        level = np.clip(level + rng.normal(0, 0.003, len(level)), 0, 1)
        level[0] = 1.0
    return time_.tolist(), level.tolist(), known


def value(curve: Survival, times: Floats) -> Floats:
    """S at some times; after the last one as at the last one."""
    out: Floats = np.concatenate([[1.0], curve.survival])[np.searchsorted(curve.time, times, side="right")]
    return out


def distance(one: Survival, other: Survival, last: float) -> Floats:
    """|ΔS| at 400 regular times."""
    grid = np.linspace(0, 0.999 * last, 400)
    return np.abs(value(one, grid) - value(other, grid))


def pooling() -> Rows:
    """Random-effects pools of simulated studies: how often 95 % intervals hold the truth, and the time of a pool."""
    rows = []
    for k in (3, 6, 12):
        for tau in (0.0, 0.3):
            hits = dict.fromkeys(("guarded", "knapp-hartung", "normal"), 0)
            seconds, runs = 0.0, 400
            rng = np.random.default_rng([k, int(10 * tau)])
            for _ in range(runs):
                se = rng.uniform(0.1, 0.5, k)
                effects = [
                    Effect("", float(v), float(s))
                    for v, s in zip(rng.normal(0, np.hypot(tau, se)), se, strict=True)
                ]
                start = time.process_time()
                pools = {name: pool_effects(effects, spread=name) for name in hits}  # type: ignore[arg-type]
                seconds += time.process_time() - start
                for name, one in pools.items():
                    hits[name] += one.low <= 0 <= one.high
            shares = {f"{name} holds, %": 100 * n / runs for name, n in hits.items()}
            rows.append(
                {"studies": k, "τ": tau, "pools": runs, **shares, "ms a pool": 1000 * seconds / runs / 3}
            )
    return rows


SECTIONS: dict[str, Callable[[], Rows]] = {
    "page": page,
    "comparable": comparable,
    "reconstruction": reconstruction,
    "pooling": pooling,
}


def shown(title: str, rows: Rows) -> Table:
    """Rows as a table for the eye."""
    table = Table(title=title, title_justify="left")
    for column in rows[0]:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values()))
    return table


def main() -> None:
    """Run the sections that are asked for."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--only", choices=SECTIONS, action="append", help="a section; repeatable")
    asked.add_argument("--json", action="store_true", help="one line of JSON a row")
    asked.add_argument("--out", type=Path, help="write the rows as JSON to a file")
    given = asked.parse_args()
    made = {name: run() for name, run in SECTIONS.items() if not given.only or name in given.only}
    if given.out:
        given.out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if given.json:
        for name, rows in made.items():
            for row in rows:
                print(json.dumps({"section": name, **row}, ensure_ascii=False))
        return
    console = Console()
    for name, rows in made.items():
        console.print(shown(name, rows))
    console.print(f"load {', '.join(f'{x:.2f}' for x in os.getloadavg())} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
