"""Measure extraction side by side with medspaCy, in one run on one machine.

    uv run --extra benchmark python benchmarks/extraction.py
    uv run python benchmarks/extraction.py            Spondyl alone, where medspaCy cannot be installed

What is timed: a paper in memory → cases. No file is read, no PDF. The texts are made from the paragraphs of
the invented papers that ship with Spondyl: introduction, one case, a discussion that fills the paper to its
length, every number varied, so that no text is like another. medspaCy runs with its sentence splitter, the
target matcher with Spondyl's own terms as rules, and ConText; it finds mentions only, and makes no cases.
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


class Stock:
    """Paragraphs of the invented papers: cases apart from what stands around them."""

    def __init__(self) -> None:
        self.cases: list[str] = []
        self.around: list[str] = []
        with tempfile.TemporaryDirectory() as place:
            for path in examples.write(Path(place)):
                self._sort(read.paper(path))

    def _sort(self, paper: Paper) -> None:
        parts: dict[str, list[str]] = {}
        for section in paper.sections:
            parts.setdefault(section.kind, []).append(paper.text[section.start : section.end].strip())
        if case := parts.pop("case_report", None):
            self.cases.append("\n\n".join(case))
        kept = [
            text
            for kind in ("introduction", "discussion", "methods", "other")
            for text in parts.get(kind, [])
        ]
        self.around += [p for text in kept for p in re.split(r"\n\s*\n", text) if len(p) > 80]

    def text(self, size: int, seed: int) -> str:
        """A made-up paper of `size` characters: introduction, one case, a long discussion, numbers varied."""
        rng = random.Random(seed)
        out = [
            "INTRODUCTION",
            *rng.sample(self.around, 3),
            "CASE REPORT",
            rng.choice(self.cases),
            "DISCUSSION",
        ]
        while sum(map(len, out)) < size:
            out += rng.sample(self.around, len(self.around))
        varied = re.sub(r"(?<![A-Za-z])\d\d(?!\d)", lambda _: str(rng.randint(20, 89)), "\n\n".join(out))
        return varied[:size]

    def papers(self, size: int, count: int) -> list[Paper]:
        """Papers of that size; a long one is a volume of papers of 20 kB bound together."""
        each = max(1, size // (20 * KB))
        size = min(size, 20 * KB)
        texts = ["\n\n".join(self.text(size, n * each + k) for k in range(each)) for n in range(count)]
        return [read.text(words, f"p{n}.txt") for n, words in enumerate(texts)]

    def write(self, folder: Path, count: int) -> None:
        """Papers of 20 kB as files."""
        for n in range(count):
            (folder / f"p{n:05}.txt").write_text(self.text(20 * KB, n), "utf-8")


def seconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Processor time to work on all items once, after warming up on the first."""
    work(items[0])
    start = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - start


def medspacy_pipe() -> Callable[[Paper], object] | None:
    """medspaCy over a paper's text, or None where it is not installed."""
    if util.find_spec("medspacy") is None:
        return None
    import medspacy
    from loguru import logger
    from medspacy.ner import TargetRule

    logger.disable("PyRuSH")  # writes a line a sentence otherwise, which would cost it time
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


def peak_mb(folder: str) -> float:
    """Peak memory of `spondyl extract` over a folder, in a process of its own."""
    code = (
        "import resource, sys; from spondyl.app.shell import run;"
        "run(['extract', sys.argv[1], '-o', '/dev/null', '--format', 'jsonl']);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, folder], check=True, capture_output=True, text=True)
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


def speed(stock: Stock, count: int) -> None:
    """Papers a second at 20 kB and kB a second at 2 MB, both tools."""
    small, big = stock.papers(20 * KB, count), stock.papers(2000 * KB, 1)
    ours = len(small) / seconds(extract.reading, small)
    long = 2000 / seconds(extract.reading, big)
    rows = [["Spondyl", f"{ours:.1f}", f"{20 * ours:.0f}", f"{long:.0f}", "1"]]
    if peer := medspacy_pipe():
        few = small[: max(3, count // 20)]
        theirs = len(few) / seconds(peer, few)
        rows.append(["medspaCy", f"{theirs:.2f}", f"{20 * theirs:.1f}", "", f"1/{ours / theirs:.0f}"])
    show(
        "Extraction, processor time of one core",
        ["tool", "papers/s, 20 kB", "kB/s, 20 kB", "kB/s, 2 MB", "ratio"],
        rows,
    )
    if not peer:
        print("medspaCy is not installed: uv run --extra benchmark python benchmarks/extraction.py")


def memory(stock: Stock, counts: Sequence[int]) -> None:
    """Peak memory against the number of papers."""
    rows = []
    for count in counts:
        with tempfile.TemporaryDirectory() as place:
            stock.write(Path(place), count)
            rows.append([str(count), f"{peak_mb(place):.0f}"])
    show("Peak memory of spondyl extract", ["papers of 20 kB", "MB"], rows)


def scaling(stock: Stock, count: int, most: int) -> None:
    """Wall time against the number of processes, the start of the program included."""
    with tempfile.TemporaryDirectory() as place:
        stock.write(Path(place), count)
        times = {jobs: jobs_seconds(jobs, place) for jobs in (1, 2, 4, 8, 16) if jobs <= most}
    rows = [[str(j), f"{t:.1f}", f"{count / t:.0f}", f"{times[1] / t:.2f}"] for j, t in times.items()]
    show(f"spondyl extract --jobs N, {count} papers", ["N", "seconds", "papers/s", "times faster"], rows)


def main() -> None:
    """Run the measurements asked for."""
    parser = argparse.ArgumentParser(description="Measure extraction side by side with medspaCy.")
    parser.add_argument("--papers", type=int, default=200, help="papers of 20 kB timed on one core")
    parser.add_argument("--memory", type=int, nargs="*", default=[100, 2000], help="numbers of papers")
    parser.add_argument("--jobs", type=int, default=2, help="most processes to try")
    asked = parser.parse_args()
    stock = Stock()
    speed(stock, asked.papers)
    if asked.memory:
        memory(stock, asked.memory)
    scaling(stock, 4 * asked.papers, asked.jobs)


if __name__ == "__main__":
    main()
