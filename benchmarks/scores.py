"""Measure scoring of tables: one expression over all rows, side by side with a loop over rows, in one run.

    uv run python benchmarks/scores.py                   10 million rows
    uv run python benchmarks/scores.py --rows 1000000

What is timed: Parquet → Parquet, SINS and the revised Tokuhashi score of every row, a fifth of the answers missing;
reading, scoring and writing included, in a process of its own whose peak memory is read at the end. The loops read
rows of the same file with the same reader. "Engine" is what `spondyl.score.compute` does for one patient. "Loop" is
the least that a careful hand would write: a dictionary look-up an item, low and high, one search for the band, a line
of CSV written. Both do the same sheets on a sample; their rows a second do not depend on the number of rows.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from spondyl import score, tables
from spondyl.score.model import SumSheet

SHEETS = ("sins", "tokuhashi_2005")
MISSING = 0.2


def sheets() -> list[SumSheet]:
    """The sheets measured."""
    return [s for s in map(score.load, SHEETS) if isinstance(s, SumSheet)]


def make(path: Path, rows: int) -> None:
    """A table of invented answers, a fifth of them missing."""
    columns = []
    for item in (i for s in sheets() for i in s.items):
        ids = ", ".join(f"'{o.id}'" for o in item.options)
        pick = f"([{ids}])[1 + (random() * {len(item.options)})::INT % {len(item.options)}]"
        columns.append(f'CASE WHEN random() < {MISSING} THEN NULL ELSE {pick} END AS "{item.id}"')
    with tables.connect() as engine:
        engine.execute("SELECT setseed(0.42)")
        select = f"SELECT range AS patient, {', '.join(columns)} FROM range({rows})"
        engine.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def once(source: str, out: str) -> None:
    """Score a table and print seconds, rows and peak memory; run in a process of its own."""
    start = time.perf_counter()
    done = score.score_table(sheets(), Path(source), Path(out), progress=lambda _: None)
    taken = time.perf_counter() - start
    print(taken, done.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measured(source: Path, out: Path) -> tuple[float, int, float]:
    """Seconds, rows and peak memory in MB of scoring a table in a new process."""
    command = [sys.executable, __file__, "--once", str(source), str(out)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[0]), int(said[1]), float(said[2])


def rows_of(path: Path, count: int) -> Iterator[dict[str, Any]]:
    """The first rows of a table as dictionaries, each with its answers."""
    source = tables.scan(path)
    for row in itertools.islice(tables.stream(source, source.frame), count):
        yield dict(zip(source.columns, row, strict=True))


def by_engine(row: dict[str, Any]) -> list[Any]:
    """A row, as one patient."""
    out = []
    for sheet in sheets():
        result = score.compute(sheet, {i.id: row[i.id] for i in sheet.items})
        out += [
            result.low,
            result.high,
            result.total,
            result.band.id if result.band else None,
            len(result.missing),
        ]
    return out


def by_hand() -> Callable[[dict[str, Any]], list[Any]]:
    """The least that a careful hand would write for a row."""
    plans = [
        (
            [(i.id, {o.id: o.points for o in i.options}) for i in s.items],
            [(b.min, b.max, b.id) for b in s.bands],
        )
        for s in sheets()
    ]
    ends = {id(p): (min(p.values()), max(p.values())) for items, _ in plans for _, p in items}

    def one(row: dict[str, Any]) -> list[Any]:
        out: list[Any] = []
        for items, bands in plans:
            low = high = missing = 0
            for name, points in items:
                answer = row[name]
                if answer is None:
                    least, most = ends[id(points)]
                    low, high, missing = low + least, high + most, missing + 1
                else:
                    low, high = low + points[answer], high + points[answer]
            band = next((b for least, most, b in bands if least <= low and high <= most), None)
            out += [low, high, low if low == high else None, band, missing]
        return out

    return one


def looped(path: Path, out: Path, count: int, work: Callable[[dict[str, Any]], list[Any]]) -> float:
    """Rows a second of a loop, reading and writing included."""
    start = time.perf_counter()
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for row in rows_of(path, count):
            writer.writerow([*row.values(), *work(row)])
    return count / (time.perf_counter() - start)


def same(path: Path, scored: Path, count: int) -> None:
    """The table engine's rows are those of the one-patient engine."""
    for row, got in zip(rows_of(path, count), rows_of(scored, count), strict=True):
        names = [f"{s}_{c}" for s in SHEETS for c in ("low", "high", "total", "band", "missing")]
        if by_engine(row) != [got[n] for n in names]:
            raise SystemExit(f"row {row['patient']}: {by_engine(row)} and {[got[n] for n in names]} differ")


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output."""
    table = Table(title=title, title_justify="left")
    for column in head:
        table.add_column(column, justify="left" if column == head[0] else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 110).print(table)


def main() -> None:
    """Run the measurements."""
    parser = argparse.ArgumentParser(description="Measure scoring of tables.")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the largest table")
    parser.add_argument(
        "--sample", type=int, default=20_000, help="rows of the loop over one-patient results"
    )
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.once:
        once(*asked.once)
        return
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as place:
        run(Path(place), asked.rows, asked.sample)


def run(place: Path, most: int, sample: int) -> None:
    """Tables of growing size, then both loops on a sample."""
    lines, speed, source = [], 0.0, place / "cohort.parquet"
    for rows in sorted({most // 10, most // 3, most}):
        make(source, rows)
        taken, done, memory = measured(source, place / "scored.parquet")
        speed = done / taken
        lines.append([f"{done:,}", f"{taken:.2f}", f"{speed:,.0f}", f"{memory:.0f}"])
    show("Parquet → Parquet, SINS and Tokuhashi 2005", ["rows", "seconds", "rows/s", "peak MB"], lines)
    same(source, place / "scored.parquet", min(sample, 2000))
    engine = looped(source, place / "engine.csv", sample, by_engine)
    hand = looped(source, place / "hand.csv", min(most, 20 * sample), by_hand())
    loops = [["one expression", f"{speed:,.0f}", "1"], ["loop by hand", f"{hand:,.0f}", f"1/{speed / hand:.0f}"],
             ["loop over spondyl.score.compute", f"{engine:,.0f}", f"1/{speed / engine:.0f}"]]  # fmt: skip
    show("The same rows in a Python loop, same run", ["", "rows/s", "ratio"], loops)


if __name__ == "__main__":
    main()
