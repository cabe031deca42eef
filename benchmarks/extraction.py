"""Measure extraction side by side with medspaCy, in one run on one machine.

    uv run --extra benchmark python benchmarks/extraction.py
    uv run python benchmarks/extraction.py            Spondyl alone, where medspaCy cannot be installed
    uv run python benchmarks/extraction.py --quick    in less than a minute

What is timed: a paper in memory → cases. No file is read, no PDF. The texts are made from the paragraphs of
the invented papers that ship with Spondyl: introduction, one case, a discussion that fills the paper to its
length, every number varied, so that no text is like another. medspaCy runs with its sentence splitter, the
target matcher with Spondyl's own terms as rules, and ConText; it finds mentions only, and makes no cases.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import util
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from spondyl import examples, extract, read
from spondyl.record import Paper

LEXICONS = Path(extract.__file__).parent / "lexicons"
NAMED = ("tumours.tsv", "sites.tsv", "drugs.tsv", "procedures.tsv", "presentations.tsv", "markers.tsv")
KB = 1000
ROUNDS = 3
"""Rounds of which the least disturbed counts: other programs on the machine cost processor time, too."""


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
    """Processor time to work on all items once, after warming up on the first: the least of three rounds."""
    work(items[0])
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for item in items:
            work(item)
        rounds.append(time.process_time() - start)
    return min(rounds)


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


class Run(NamedTuple):
    """What a run of `spondyl extract` took: wall and processor seconds, of this and of its processes, and MB."""

    wall: float
    own: float
    others: float
    peak_mb: float


def run(folder: str, jobs: int = 1) -> Run:
    """`spondyl extract --jobs N` on a folder, in a process of its own; its start is not counted as wall time."""
    code = (
        "import resource as r, sys, time; from spondyl.app.shell import run; begun = time.perf_counter();"
        "run(['extract', sys.argv[1], '--jobs', sys.argv[2], '-o', '/dev/null', '--format', 'jsonl']);"
        "own, others = map(r.getrusage, (r.RUSAGE_SELF, r.RUSAGE_CHILDREN));"
        "print(time.perf_counter() - begun, own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime,"
        "own.ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", code, folder, str(jobs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Run(*map(float, done.stdout.split()))


def quickest(folder: str, jobs: int) -> Run:
    """The quickest of three runs."""
    return min(run(folder, jobs) for _ in range(ROUNDS))


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
            rows.append([str(count), f"{run(place).peak_mb:.0f}"])
    show("Peak memory of spondyl extract", ["papers of 20 kB", "MB"], rows)


def scaling(stock: Stock, count: int, most: int) -> None:
    """Seconds against the number of processes; the start of the program and of its processes is taken out.

    A third of the papers is timed first: what the others take more is time for papers alone.
    """
    with tempfile.TemporaryDirectory() as place:
        few, all_ = Path(place, "few"), Path(place, "all")
        for folder, papers in ((few, count // 3), (all_, count)):
            folder.mkdir()
            stock.write(folder, papers)
        steps = [jobs for jobs in (1, 2, 4, 8, 16) if jobs <= most]
        pairs = {jobs: (quickest(str(few), jobs), quickest(str(all_), jobs)) for jobs in steps}
    more = {jobs: Run(*(b - a for a, b in zip(*pair, strict=True))) for jobs, pair in pairs.items()}
    if min(r.wall for r in more.values()) <= 0:
        print("other programs disturbed the wall times: measure again on an idle machine")
        return
    papers = count - count // 3
    rows = [
        [
            str(j), f"{r.wall:.1f}", f"{papers / r.wall:.0f}", f"{more[1].wall / r.wall:.2f}",
            f"{r.own + r.others:.1f}", f"{1000 * r.own / papers:.2f}" if j > 1 else "",
        ]
        for j, r in more.items()
    ]  # fmt: skip
    head = ["N", "seconds", "papers/s", "times faster", "processor s", "ms a paper in the first process"]
    show(f"spondyl extract --jobs N, {papers} papers, without the start", head, rows)


def main() -> None:
    """Run the measurements asked for."""
    parser = argparse.ArgumentParser(description="Measure extraction side by side with medspaCy.")
    parser.add_argument("--papers", type=int, default=200, help="papers of 20 kB timed on one core")
    parser.add_argument("--memory", type=int, nargs="*", default=[100, 2000], help="numbers of papers")
    parser.add_argument("--jobs", type=int, default=2, help="most processes to try")
    parser.add_argument("--quick", action="store_true", help="fewer papers, done in less than a minute")
    asked = parser.parse_args()
    papers, counts = (45, [50, 150]) if asked.quick else (asked.papers, asked.memory)
    print(f"load of the machine: {', '.join(f'{x:.1f}' for x in os.getloadavg())}; {os.cpu_count()} cores")
    stock = Stock()
    speed(stock, papers)
    if counts:
        memory(stock, counts)
    scaling(stock, 4 * papers, asked.jobs)


if __name__ == "__main__":
    main()
