"""Measure extraction side by side with medspaCy, in one run on one machine.

    uv run --extra benchmark python benchmarks/extraction.py
    uv run python benchmarks/extraction.py            Spondyl alone, where medspaCy cannot be installed

What is timed: text in memory → cases. No file is read, no PDF. The texts are made from the invented papers
that ship with Spondyl, joined to the wanted length, every number in them varied, so that no text is like
another. medspaCy runs with its sentence splitter, the target matcher with Spondyl's own terms as rules, and
ConText; it finds mentions only, and makes no cases of them.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import util
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from spondyl import examples, extract, read
from spondyl.record import Paper

LEXICONS = Path(extract.__file__).parent / "lexicons"
NAMED = ("tumours.tsv", "sites.tsv", "drugs.tsv", "procedures.tsv", "presentations.tsv", "markers.tsv")
KB = 1000


def stock() -> str:
    """The text of all invented papers."""
    with tempfile.TemporaryDirectory() as place:
        return "\n\n".join(read.paper(path).text for path in examples.write(Path(place)))


def text(source: str, size: int, seed: int) -> str:
    """A text of `size` characters: paragraphs of the invented papers in another order, numbers varied."""
    rng = random.Random(seed)
    paragraphs = [p for p in re.split(r"\n\s*\n", source) if p.strip()]
    out: list[str] = []
    while sum(map(len, out)) < size:
        rng.shuffle(paragraphs)
        out += paragraphs if size > len(source) else paragraphs[: max(1, len(paragraphs) // 8)]
    return re.sub(r"(?<![A-Za-z])\d\d(?!\d)", lambda m: str(rng.randint(20, 89)), "\n\n".join(out))[:size]


def papers(source: str, size: int, count: int) -> list[Paper]:
    """Papers of one section each, ready for extraction."""
    return [Paper(id=f"p{n}", source=f"p{n}.txt", text=text(source, size, n)) for n in range(count)]


def seconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Time to work on all items once, after one round of warming up on the first."""
    work(items[0])
    start = time.perf_counter()
    for item in items:
        work(item)
    return time.perf_counter() - start


def medspacy_pipe() -> Callable[[Paper], object] | None:
    """medspaCy over a paper's text, or None where it is not installed."""
    if util.find_spec("medspacy") is None:
        return None
    import medspacy
    from medspacy.ner import TargetRule

    pipe = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"])
    pipe.max_length = 10_000_000
    rules = [TargetRule(term, concept) for term, concept in terms()]
    pipe.get_pipe("medspacy_target_matcher").add(rules)
    return lambda paper: pipe(paper.text)


def terms() -> list[tuple[str, str]]:
    """Term and concept of Spondyl's own lexicons of things that are named."""
    found = []
    for name in NAMED:
        if (LEXICONS / name).exists():
            with (LEXICONS / name).open(encoding="utf-8", newline="") as rows:
                table = csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
                found += [(row["term"], row["concept"]) for row in table]
    return found


def peak_mb(count: int, source: Path) -> float:
    """Peak memory of `spondyl extract` over so many papers of 20 kB, in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        whole = source.read_text("utf-8")
        for n in range(count):
            (Path(place) / f"p{n:05}.txt").write_text(text(whole, 20 * KB, n), "utf-8")
        code = (
            "import resource, sys; from spondyl.app.shell import run;"
            "run(['extract', sys.argv[1], '-o', '/dev/null', '--format', 'jsonl']);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run([sys.executable, "-c", code, place], check=True, capture_output=True, text=True)
        return int(done.stdout) / 1024


def jobs_seconds(jobs: int, folder: str) -> float:
    """Wall time of `spondyl extract --jobs N` on a folder."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "spondyl", "extract", folder, "--jobs", str(jobs), "-o", "/dev/null"]
    subprocess.run([*command, "--format", "jsonl"], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output."""
    table = Table(title=title, title_justify="left")
    for column in head:
        table.add_column(column, justify="left" if column == head[0] else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 100).print(table)


def speed(source: str, count: int) -> None:
    """Papers a second at 20 kB and kB a second at 2 MB, both tools."""
    small, big = papers(source, 20 * KB, count), papers(source, 2000 * KB, 1)
    ours = (len(small) / seconds(extract.reading, small), 2000 / seconds(extract.reading, big))
    rows = [["Spondyl", f"{ours[0]:.1f}", f"{20 * ours[0]:.0f}", f"{ours[1]:.0f}", "1"]]
    if peer := medspacy_pipe():
        few = small[: max(3, count // 20)]
        theirs = len(few) / seconds(peer, few)
        rows.append(["medspaCy", f"{theirs:.2f}", f"{20 * theirs:.1f}", "", f"1/{ours[0] / theirs:.0f}"])
    show("Extraction on one core", ["tool", "papers/s, 20 kB", "kB/s, 20 kB", "kB/s, 2 MB", "ratio"], rows)
    if not peer:
        print("medspaCy is not installed: uv run --extra benchmark python benchmarks/extraction.py")


def memory(source: str, counts: Sequence[int]) -> None:
    """Peak memory against the number of papers."""
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "stock.txt"
        whole.write_text(source, "utf-8")
        rows = [[str(n), f"{peak_mb(n, whole):.0f}"] for n in counts]
    show("Peak memory of spondyl extract", ["papers of 20 kB", "MB"], rows)


def scaling(source: str, count: int, most: int) -> None:
    """Wall time against the number of processes."""
    with tempfile.TemporaryDirectory() as place:
        for n in range(count):
            (Path(place) / f"p{n:05}.txt").write_text(text(source, 20 * KB, n), "utf-8")
        times = {jobs: jobs_seconds(jobs, place) for jobs in (1, 2, 4, 8) if jobs <= most}
    rows = [[str(j), f"{t:.1f}", f"{count / t:.0f}", f"{times[1] / t:.2f}"] for j, t in times.items()]
    show(f"spondyl extract --jobs N, {count} papers", ["N", "seconds", "papers/s", "times faster"], rows)


def main() -> None:
    """Run the measurements asked for."""
    parser = argparse.ArgumentParser(description="Measure extraction side by side with medspaCy.")
    parser.add_argument("--papers", type=int, default=200, help="papers of 20 kB timed on one core")
    parser.add_argument("--memory", type=int, nargs="*", default=[100, 2000], help="numbers of papers")
    parser.add_argument("--jobs", type=int, default=2, help="most processes to try")
    asked = parser.parse_args()
    source = stock()
    speed(source, asked.papers)
    memory(source, asked.memory)
    scaling(source, 4 * asked.papers, asked.jobs)


if __name__ == "__main__":
    main()
