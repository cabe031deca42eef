"""Measure the patient's page and what it rests on, in processor time.

    uv run python benchmarks/consult.py                     all sections
    uv run python benchmarks/consult.py comparable          one of them
    uv run python benchmarks/consult.py --cases 20000       fewer simulated cases

Every section prints what was measured, on how much, and the load of the machine. The cases are simulated from the
vocabulary; they are like published ones in length, not in medicine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from spondyl.consult.patient import Person
from spondyl.consult.patient.alike import alike
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import neighbours
from spondyl.present.catalog import fields
from spondyl.record import LIST_FIELDS
from spondyl.words.levels import LEVELS
from spondyl.words.tsv import rows


def simulated(cases: int, seed: int = 1) -> Iterator[str]:
    """Lines as `cases.jsonl` has them, with claims and words, two cases a paper."""
    draw = random.Random(seed)
    tumours = sorted(
        {r["concept"] for r in rows("spondyl.extract.lexicons", "tumours.tsv", ("concept", "class"))}
    )
    common = tumours[:: len(tumours) // 60]
    for paper in range(cases // 2):
        name = f"paper-{paper:06d}"
        both = [_case(name, number, draw, common, tumours) for number in (1, 2)]
        about = {
            "id": name,
            "source": f"{name}.txt",
            "title": f"Invented paper {paper}",
            "authors": ["Novak, I."],
        }
        about |= {"year": 1990 + paper % 35, "journal": "Invented", "doi": None, "pmid": None}
        about |= {"sha256": f"{paper:064x}", "duplicate_of": None}
        yield json.dumps({"paper": about, "cases": both, "statements": []}) + "\n"


def _case(paper: str, number: int, draw: random.Random, common: list[str], rare: list[str]) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for name, known in fields().items():
        if known.group or "*" in name or draw.random() < 0.35:
            continue
        if name in LIST_FIELDS and known.choices:
            held[name] = sorted(draw.sample(known.choices, draw.randint(1, min(3, len(known.choices)))))
        elif known.kind == "choice":
            held[name] = draw.choice(known.choices)
    held["diagnosis"] = draw.choice(common if draw.random() < 0.8 else rare)
    held["age_years"] = draw.randint(1, 90)
    at = draw.randrange(len(LEVELS) - 2)
    held["levels"] = list(LEVELS[at : at + draw.randint(1, 3)])
    held["motor_grade"] = [f"{draw.randint(0, 5)}/5"]
    if draw.random() < 0.7:
        held["follow_up_months"] = draw.randint(1, 60)
    claims = [_claim(f, v, draw) for f, vs in held.items() for v in (vs if isinstance(vs, list) else [vs])]
    return {
        "case": number, "label": f"Case {number}", "kind": "patient", "reported_by": None, "fields": held,
        "claims": claims, "others": [],
    }  # fmt: skip


def _claim(field: str, value: Any, draw: random.Random) -> dict[str, Any]:
    start = draw.randrange(40_000)
    words = f"the invented words that say {value}"
    return {
        "field": field, "value": value, "quote": {"start": start, "end": start + len(words), "text": words},
        "more": [{"start": start, "end": start + 40, "text": words[:40]}], "method": "rules", "certainty": "stated",
        "derivation": None,
    }  # fmt: skip


def timed(work: Callable[[], Any], times: int = 5) -> tuple[Any, float, float]:
    """What comes of some work, and the median and the longest of its processor times in seconds."""
    took = []
    for _ in range(times):
        before = time.process_time()
        done = work()
        took.append(time.process_time() - before)
    return done, statistics.median(took), max(took)


def comparable(cases: int) -> Iterator[tuple[str, str]]:
    """Nearest cases: load, memory, search, and the part of the page."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(simulated(cases))
        size = file.stat().st_size / 2**20
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        library, load, _ = timed(lambda: Library.load(file), 1)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        yield "cases", f"{len(library):,} in {size:,.0f} MiB of JSON lines"
        yield "load", f"{load:.1f} s, {grown:,.0f} MiB of memory"
        patients = [Person(library.case(row)) for row in range(0, len(library), max(1, len(library) // 9))]
        _, first, _ = timed(lambda: neighbours(patients[0], library).first(10), 1)
        yield "first search", f"{first * 1000:.0f} ms"
        searches = [timed(lambda p=p: neighbours(p, library).first(10))[1:] for p in patients]
        yield (
            "search",
            (
                f"median {statistics.median(s for s, _ in searches) * 1000:.0f} ms, longest "
                f"{max(m for _, m in searches) * 1000:.0f} ms, of {len(patients)} patients five times each"
            ),
        )
        _, page, _ = timed(lambda: alike(patients[1], library))
        yield "search and its part of the page", f"median {page * 1000:.0f} ms"


SECTIONS: dict[str, Callable[[int], Iterator[tuple[str, str]]]] = {"comparable": comparable}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], default=[])
    parser.add_argument("--cases", type=int, default=100_000)
    given = parser.parse_args()
    console = Console()
    for name in given.sections or SECTIONS:
        table = Table("measured", "result", title=name)
        for what, result in SECTIONS[name](given.cases):
            table.add_row(what, result)
        console.print(table)
    console.print(f"load of the machine: {', '.join(f'{x:.1f}' for x in os.getloadavg())}")


if __name__ == "__main__":
    main()
