"""How long eight hours of 32 channels at one value a second take: `uv run python benchmarks/monitor.py`.

Invented amplitudes, 0.92 million rows. Prints the time of each step, wall clock and processor, best of three:
reading and judging a long CSV (the figure to reach is two seconds), a wide CSV, Parquet and arrays, and what drawing
and writing take.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from spondyl import consult, monitor

GOAL_S = 2.0
KINDS = [("MEP", 20), ("SSEP", 10), ("D-wave", 2)]


def amplitudes(hours: float) -> tuple[np.ndarray, dict[tuple[str, str, str], np.ndarray]]:
    """Seconds, and one array a channel: bounded variation, and two muscles lost for eight minutes."""
    chance = np.random.default_rng(8)
    seconds = np.arange(int(hours * 3600))
    out = {}
    for modality, count in KINDS:
        for k in range(count):
            values = 400 * (1 + 0.1 * np.sin(chance.uniform(0, 6.3, len(seconds))))
            if modality == "MEP" and k in (0, 2):
                values[5 * 3600 : 5 * 3600 + 480] = 0
            out[modality, f"site {k // 2}", "left" if k % 2 == 0 else "right"] = np.round(values, 1)
    return seconds, out


def written(folder: Path, hours: float) -> tuple[Path, Path, Path, int]:
    """The same recording as a long CSV, a wide CSV and Parquet, and its number of rows."""
    seconds, channels = amplitudes(hours)
    database = duckdb.connect()
    names = [f"{m} {side} {site} (uV)" for m, site, side in channels]
    wide = {"s": seconds} | {f"v{k}": v for k, v in enumerate(channels.values())}
    database.register("wide", wide)
    clock = "strftime(TIMESTAMP '2031-05-04 22:00:00' + INTERVAL (s) SECOND, '%H:%M:%S')"
    listed = ", ".join(f'v{k} AS "{name}"' for k, name in enumerate(names))
    paths = folder / "long.csv", folder / "wide.csv", folder / "long.parquet"
    database.execute(f"COPY (SELECT {clock} AS time, {listed} FROM wide) TO '{paths[1]}' (HEADER)")
    parts = " UNION ALL ".join(
        f"SELECT s, {k} AS k, '{m}' AS modality, '{site}' AS site, '{side}' AS side, v{k} AS amplitude_uv FROM wide"
        for k, (m, site, side) in enumerate(channels)
    )
    rows = f"SELECT {clock} AS time, * EXCLUDE (s, k) FROM ({parts}) ORDER BY s, k"
    database.execute(f"COPY ({rows}) TO '{paths[0]}' (HEADER)")
    database.execute(f"COPY ({rows}) TO '{paths[2]}' (FORMAT parquet)")
    return *paths, len(seconds) * len(channels)


def best(work: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """The shortest wall clock and processor time of some runs."""
    walls, processors = [], []
    for _ in range(times):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--hours", type=float, default=8.0)
    hours = asked.parse_args().hours
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        long, wide, parquet, rows = written(folder, hours)
        print(
            f"{rows:,} rows, {hours:g} h, 32 channels; {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
        )
        read = monitor.recording(long)
        found = monitor.alarms(read)
        steps: list[tuple[str, Callable[[], object]]] = [
            ("long CSV: read and judged", lambda: monitor.alarms(long)),
            ("wide CSV: read and judged", lambda: monitor.alarms(wide)),
            ("Parquet: read and judged", lambda: monitor.alarms(parquet)),
            ("arrays: judged", lambda: monitor.alarms(read)),
            ("report, figure and data written", lambda: consult.monitoring(found, folder / "out")),
        ]
        for k, (name, work) in enumerate(steps):
            wall, processor = best(work)
            reached = f"  goal {GOAL_S:g} s: {'reached' if wall <= GOAL_S else 'missed'}" if k < 4 else ""
            print(f"{name:34} {wall:6.2f} s wall {processor:6.2f} s processor{reached}")
        print(f"alarms found: {[(a.channel, a.rule, a.lasted_s) for a in found]}")


if __name__ == "__main__":
    main()
