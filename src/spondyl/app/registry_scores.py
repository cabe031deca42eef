"""`spondyl registry score` and `snapshot`: scores kept with the cases, the registry as Parquet files."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from spondyl import score as sheets
from spondyl.app.notices import Notices, plain
from spondyl.app.registry_export import Private, view
from spondyl.app.status import FINE
from spondyl.consult.registry_scores import scored
from spondyl.registry import Registry, exporting
from spondyl.registry import snapshot as files
from spondyl.registry.cells import Column, guarded

__all__ = ["score", "snapshot"]

_HEAD = ("case", "sheet", "version", "low", "high", "band", "missing", "current")


def score(place: str, names: Sequence[str], out: Path | None) -> int:
    """Score the cases and keep the scores.

    Args:
        place: The registry.
        names: The sheets.
        out: A CSV file to write, too.
    """
    chosen = [sheets.load(name) for name in dict.fromkeys(names)]
    with Registry(place, create=False) as registry:
        with Notices(what="scoring") as notices:
            done = scored(registry, chosen, notices.progress)
        if out:
            _write(registry, [sheet.id for sheet in chosen], out)
    for one in done:
        total = one.computed + one.same
        print(
            f"{one.sheet} {one.version}: {total} cases, {one.computed} computed, {one.settled} without a gap"
        )
    return FINE


def _write(registry: Registry, names: Sequence[str], out: Path) -> None:
    held = registry.scores(names)
    known = {entry.id: entry.name for entry in registry.some(sorted({s.case for s in held}))}
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        for s in held:
            cells = (
                known[s.case],
                s.sheet,
                s.version,
                s.low,
                s.high,
                s.band,
                ", ".join(s.missing),
                int(s.current),
            )
            writer.writerow([guarded(c) if isinstance(c, str) else c for c in cells])


def snapshot(place: str, out: Path, private: Private) -> int:
    """Write the registry as Parquet files.

    Args:
        place: The registry.
        out: The folder.
        private: Whether without what tells who a patient is.
    """
    with Registry(place, create=False) as registry:
        plainly = private == Private()
        columns = registry.snapshot(out) if plainly else _private(registry, out, private)
    (out / "codebook.csv").write_text(exporting.codebook(columns), encoding="utf-8", newline="")
    print(f"{plain(str(out))}: {', '.join(f'{name}.parquet' for name in files.FILES)}, codebook.csv")
    return FINE


def _private(registry: Registry, out: Path, private: Private) -> list[Column]:
    """The scores go with their cases under the same pseudonyms."""
    found = view(registry, private)
    held = [replace(s, case=found.numbers[s.case]) for s in registry.scores() if s.case in found.numbers]
    return files.write(files.of_entries(found.entries, sorted(held, key=lambda s: (s.case, s.sheet))), out)
