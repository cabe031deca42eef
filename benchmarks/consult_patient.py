"""Sections of consult.py: the page of one patient, and comparable cases among 100,000 simulated ones."""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spondyl import examples, read
from spondyl.consult.patient import Person
from spondyl.consult.patient.alike import alike
from spondyl.consult.patient.correcting import saved
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import neighbours
from spondyl.consult.patient.opening import from_file, from_text
from spondyl.consult.patient.page import consultation
from spondyl.present.catalog import fields
from spondyl.present.consultation_page import render
from spondyl.record import LIST_FIELDS
from spondyl.words.levels import LEVELS
from spondyl.words.tsv import rows

PATIENTS = Path(examples.__file__).parent / "patients"
CASES = 100_000
RUNS = 5


def page() -> list[dict[str, Any]]:
    """A vignette or a case to a page: within a process that has loaded, and as a command from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        case = place / "case.toml"
        case.write_text(saved(from_text(read.paper(PATIENTS / "cervical-lamina.txt"))), "utf-8")
        given = {"vignette": PATIENTS / "cervical-lamina.txt", "case": case}
        rows = [_row(name, "within a process", *_within(path)) for name, path in given.items()]
        rows += [_row(name, f"spondyl consult -o page.{form}", *_whole(path, place / f"page.{form}"))
                 for name, path in given.items() for form in ("html", "json", "docx", "pdf")]  # fmt: skip
        return rows


def _row(name: str, how: str, middle: float, longest: float, seconds: str) -> dict[str, Any]:
    return {"from": name, "how": how, f"{seconds}, median": middle, "longest": longest}


def _within(path: Path) -> tuple[float, float, str]:
    def work() -> str:
        person = from_file(str(path)) if path.suffix == ".toml" else from_text(read.paper(path))
        return render(consultation(person))

    work()
    _, middle, longest = timed(work, RUNS)
    return middle, longest, "s of processor"


def _whole(path: Path, out: Path) -> tuple[float, float, str]:
    """Processor time of the command with all its children, the start of the interpreter included."""
    words = [sys.executable, "-m", "spondyl", "consult", "-o", str(out)]
    words += [str(path)] if path.suffix == ".toml" else ["--text", str(path), "--yes"]
    took = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(took), max(took), "s of processor"


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


def comparable() -> list[dict[str, Any]]:
    """Nearest cases among simulated ones, which are like published ones in length, not in medicine."""
    return [{"measured": what, "result": result} for what, result in _comparable(CASES)]


def _comparable(cases: int) -> Iterator[tuple[str, str]]:
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
