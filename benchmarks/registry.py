"""How fast the registry is: bulk load, a durable edit, a case by id, a query by tumour and level.

    uv run python benchmarks/registry.py --cases 100000
    uv run python benchmarks/registry.py --place postgresql://spondyl@127.0.0.1/empty

The cases are made up, about 2 kB of JSON each. The registry is a new file in a temporary folder unless named.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from spondyl.record import Case, Claim, Decision, Paper, Quote, Reading, Value
from spondyl.registry import Registry

TUMOURS = (
    "leiomyosarcoma",
    "breast carcinoma",
    "lung carcinoma",
    "prostate carcinoma",
    "chordoma",
    "melanoma",
)
PORTION = 5_000  # made up at a time, so that the makers' memory does not count
LEVELS = (*(f"C{n}" for n in range(1, 8)), *(f"T{n}" for n in range(1, 13)), *(f"L{n}" for n in range(1, 6)))


def invented(number: int) -> tuple[Paper, Reading]:
    """A paper with one case of ten claims."""
    draw, name = random.Random(number), f"invented-{number}"
    told: list[tuple[str, Value]] = [
        ("age_years", draw.randint(20, 90)), ("sex", draw.choice(("female", "male"))),
        ("diagnosis", draw.choice(TUMOURS)), ("primary_site", "uterus"), ("levels", draw.choice(LEVELS)),
        ("regions", "cervical"), ("treatments", "surgery"), ("procedures", "corpectomy"),
        ("follow_up_months", draw.randint(1, 120)), ("status", draw.choice(("alive", "dead"))),
    ]  # fmt: skip
    words = [Quote(paper=name, start=n, end=n + 24, text=f"invented words {n:>9}") for n in range(len(told))]
    claims = tuple(Claim(field=f, value=v, quotes=(q,)) for (f, v), q in zip(told, words, strict=True))
    case = Case(case=1, label=f"Case {number}", claims=claims)
    return Paper(id=name, source=f"{name}.txt", text="", sha256=name), Reading(cases=(case,))


def timed(work: Callable[[int], object], times: int) -> str:
    """Median and 95th percentile in milliseconds."""
    took = []
    for n in range(times):
        begun = time.perf_counter()
        work(n)
        took.append((time.perf_counter() - begun) * 1000)
    return f"median {statistics.median(took):7.2f} ms   95 % {statistics.quantiles(took, n=20)[-1]:7.2f} ms"


def edit(registry: Registry, number: int) -> None:
    """Correct an age, whatever it was."""
    (age,) = registry.case(f"invented-{number}/1").case.of("age_years")
    registry.decide(
        Decision(
            paper=f"invented-{number}", case=1, field="age_years", value=age.value, verdict="correct",
            corrected=19, by="benchmark",
        )
    )  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--cases", type=int, default=100_000)
    options.add_argument("--place", default="")
    asked = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Registry(asked.place or Path(folder) / "registry.db", by="benchmark") as registry,
    ):
        measure(registry, asked.cases)


def measure(registry: Registry, cases: int) -> None:
    size = len(json.dumps(invented(0)[1].cases[0].as_dict()))
    took = used = 0.0
    for first in range(0, cases, PORTION):
        made = [invented(n) for n in range(first, min(first + PORTION, cases))]
        begun, worked = time.perf_counter(), time.process_time()
        registry.add_all(made)
        took, used = took + time.perf_counter() - begun, used + time.process_time() - worked
    print(f"bulk load of {cases} cases of {size} bytes: {took:.1f} s, of which processor {used:.1f} s")
    draw = random.Random(1)
    print("a durable edit      ", timed(lambda n: edit(registry, n), 100), "  (with the look before it)")
    print("a case by id        ", timed(lambda n: registry.case(draw.randint(1, cases)), 300))
    found = registry.cases(diagnosis="leiomyosarcoma", levels="C5")
    by_both = timed(lambda n: registry.cases(diagnosis="leiomyosarcoma", levels="C5"), 20)
    print("by tumour and level ", by_both, f"  ({len(found)} cases with their claims)")
    looked = timed(lambda n: [e.fields for e in registry.cases(diagnosis="leiomyosarcoma", levels="C5")], 20)
    print("and every value read", looked)


if __name__ == "__main__":
    main()
