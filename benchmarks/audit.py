"""Measure the audit: change one number of a paper, see whether it is found.

    uv run python benchmarks/audit.py                       the invented papers that ship with Spondyl
    uv run python benchmarks/audit.py PAPERS…               other papers as well
    uv run python benchmarks/audit.py --seed 7 --most 40    other changes, at most so many of a kind in a paper
    uv run python benchmarks/audit.py --speed PAPERS…       the speed alone

A checkable statement is changed: a count or its percentage where both and their whole are printed, a bound of a
ratio's interval, its p value (times or divided by three and more), the age of a patient told twice. Digits are
replaced, never their number; a change that rounding would hide is none. Found means: a new finding touches the
changed number. What is found in the untouched papers is printed too, by severity.

Speed is processor time of one core, extraction and audit apart, on the papers by folder and on mixed papers of
20 kB as benchmarks/extraction.py makes them: the least disturbed of three rounds, before each of which all that
is kept of a text is forgotten, so that every text is new.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from extraction import ROUNDS, Stock, show
from rich.console import Console
from rich.table import Table

from spondyl import examples, extract, read
from spondyl.audit import audit
from spondyl.audit.rounding import cell, share_fit
from spondyl.record import Finding, Paper, Reading

RATIOS = ("hazard_ratio", "odds_ratio", "relative_risk")
KINDS = ("count", "percentage", "bound", "p", "age")
MIXED, MADE, EACH = "mixed, made of invented ones", 40, 20_000


class Change(NamedTuple):
    """One number of a text put in the place of another."""

    kind: str
    start: int
    end: int
    new: str


def plain(paper: Paper, place: Path) -> Paper:
    """A paper read again from its canonical text alone, as a changed one will be."""
    return again(paper.text, place)


def again(text: str, place: Path) -> Paper:
    """A text read as a paper."""
    path = place / "paper.txt"
    path.write_text(text, "utf-8", newline="")
    return read.paper(path)


def found(paper: Paper) -> tuple[Reading, tuple[Finding, ...]]:
    """A paper's reading and findings."""
    reading = extract.reading(paper)
    return reading, audit(paper, reading.cases, reading.statements)


def changes(paper: Paper, reading: Reading, dice: random.Random) -> Iterator[Change]:
    """Changes of the checkable statements of a paper."""
    for s in reading.statements:
        if not s.quotes:
            continue
        q = s.quotes[0]
        if s.quantity == "count" and s.n and s.denominator and s.printed:
            if share_fit(s.n, s.denominator, s.printed) != "fits":
                continue
            here = place_of(q.text, str(s.n))
            if here is not None:
                new = other(
                    str(s.n),
                    dice,
                    lambda x, s=s: int(x) > 0 and share_fit(int(x), s.denominator, s.printed) == "off",
                )
                yield from put("count", q.start + here, str(s.n), new)
            here = place_of(q.text, s.printed, last=True)
            if here is not None:
                new = other(
                    s.printed,
                    dice,
                    lambda x, s=s: float(x) <= 100 and share_fit(s.n, s.denominator, x) == "off",
                )
                yield from put("percentage", q.start + here, s.printed, new)
        elif s.quantity in RATIOS and s.printed and s.printed_low and s.printed_high:
            yield from bounds(s.printed, s.printed_low, s.printed_high, q.start, q.text, dice)
            yield from p_values(s.p, q.start, q.text, dice)
    yield from ages(paper, reading, dice)


def bounds(value: str, low: str, high: str, start: int, words: str, dice: random.Random) -> Iterator[Change]:
    """One bound of an interval, moved by a fifth or more."""
    m = re.search(
        rf"{re.escape(value)}\D{{1,40}}?(?:\d\d ?%\D{{1,12}})?({re.escape(low)})\D{{1,6}}({re.escape(high)})",
        words,
    )
    if m is None or not float(low):
        return
    k, printed = dice.choice(((1, low), (2, high)))
    new = other(printed, dice, lambda x: float(x) > 0 and abs(float(x) / float(printed) - 1) >= 0.2)
    yield from put("bound", start + m.start(k), printed, new)


def p_values(printed: str | None, start: int, words: str, dice: random.Random) -> Iterator[Change]:
    """A p value three times as large or a third."""
    if not printed or printed[0] in "<>":
        return
    here = words.rfind(printed)
    places = len(printed.partition(".")[2])
    options = [f"{float(printed) * f:.{places}f}" for f in (3, 1 / 3, 5, 1 / 5)]
    fit = [
        x.lstrip("0") if printed[0] == "." else x for x in options if 0 < float(x) < 1 and clear(printed, x)
    ]
    if here >= 0 and fit:
        yield from put("p", start + here, printed, dice.choice(fit))


def clear(one: str, two: str) -> bool:
    """Whether two p values differ by more than their rounding could."""
    a, b = sorted((cell(one), cell(two)))
    return float(b.low) > 2 * float(a.end)


def ages(paper: Paper, reading: Reading, dice: random.Random) -> Iterator[Change]:
    """The age of the paper's only patient, in one of its places."""
    patients = [c for c in reading.cases if c.kind == "patient"]
    if len(patients) != 1:
        return
    for claim in patients[0].of("age_years")[:1]:
        told = (
            list(re.finditer(rf"\b{claim.value:g}(?=[ -]years?[ -]old)", paper.text))
            if isinstance(claim.value, (int, float))
            else []
        )
        if len(told) > 1:
            m = dice.choice(told)
            new = other(m.group(), dice, lambda x, m=m: abs(int(x) - int(m.group())) > 1 and int(x) > 17)
            yield from put("age", m.start(), m.group(), new)


def place_of(words: str, number: str, last: bool = False) -> int | None:
    """Where a number stands in words, once only."""
    at = [m.start() for m in re.finditer(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", words)]
    return (at[-1] if last else at[0]) if at else None


def other(number: str, dice: random.Random, good: object) -> str | None:
    """A number with one digit replaced that is good, if there is one."""
    options = []
    for k, digit in enumerate(number):
        if digit.isdigit():
            options += [number[:k] + d + number[k + 1 :] for d in "0123456789" if d != digit]
    options = [x for x in options if (x[0] != "0" or x[:2] == "0.") and good(x)]  # type: ignore[operator]
    return dice.choice(options) if options else None


def put(kind: str, start: int, old: str, new: str | None) -> Iterator[Change]:
    if new is not None and new != old:
        yield Change(kind, start, start + len(old), new)


def noticed(change: Change, text: str, before: set[tuple[str, str]], place: Path) -> bool:
    """Whether a new finding touches the changed number."""
    changed = text[: change.start] + change.new + text[change.end :]
    end = change.start + len(change.new)
    for f in found(again(changed, place))[1]:
        touches = any(q.start < end and change.start < q.end for q in f.quotes)
        if touches and (f.kind, f.computed) not in before:
            return True
    return False


def measure(
    papers: Sequence[Paper], seed: int, most: int
) -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """Changes made and found by kind, and what is found in the untouched papers."""
    made: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers:
            dice = random.Random(f"{seed} {paper.id}")
            paper = plain(paper, Path(folder))
            reading, findings = found(paper)
            alarms.update(f.severity for f in findings)
            before = {(f.kind, f.computed) for f in findings}
            all_ = list(changes(paper, reading, dice))
            for kind in KINDS:
                of_kind = [c for c in all_ if c.kind == kind]
                for c in dice.sample(of_kind, min(most, len(of_kind))):
                    made[kind] += 1
                    if noticed(c, paper.text, before, Path(folder)):
                        seen[kind] += 1
                    else:
                        around = " ".join(paper.text[max(0, c.start - 60) : c.end + 30].split())
                        missed.append(f"{kind}: {paper.text[c.start : c.end]} → {c.new} in “{around}”")
    return made, seen, alarms, missed


class Taken(NamedTuple):
    """What some papers took: their characters, and the seconds of extraction and of audit."""

    papers: int
    size: int
    extraction: float
    audit: float

    @property
    def rate(self) -> float:
        """Papers of 20 kB a second."""
        return self.size / EACH / (self.extraction + self.audit)


def forget() -> None:
    """Empty the stores of what was worked out of a text; what was loaded for good stays."""
    for name, module in [*sys.modules.items()]:
        for kept in vars(module).values() if name.startswith("spondyl.") else ():
            if hasattr(kept, "cache_clear") and kept.cache_parameters()["maxsize"] is not None:
                kept.cache_clear()


def timed(papers: Sequence[Paper]) -> Taken:
    """The processor time that papers take, each new."""
    extraction = auditing = 0.0
    for paper in papers:
        forget()
        start = time.process_time()
        reading = extract.reading(paper)
        middle = time.process_time()
        audit(paper, reading.cases, reading.statements)
        extraction, auditing = extraction + middle - start, auditing + time.process_time() - middle
    return Taken(len(papers), sum(len(p.text) for p in papers), extraction, auditing)


def speed(papers: Sequence[Paper]) -> None:
    """A table of the speed, each folder by its least disturbed round."""
    groups = {MIXED: Stock().papers(EACH, MADE)}
    for paper in papers:
        groups.setdefault(Path(paper.source).resolve().parent.name, []).append(paper)
    rows = []
    for name, alike in groups.items():
        timed(alike)
        t = max((timed(alike) for _ in range(ROUNDS)), key=lambda t: t.rate)
        rows.append(
            [
                name, str(t.papers), f"{t.size / 1000:.0f}", f"{1000 * t.extraction * EACH / t.size:.1f}",
                f"{1000 * t.audit * EACH / t.size:.1f}", f"{t.rate:.0f}",
            ]
        )  # fmt: skip
    head = ["papers", "number", "kB", "extraction, ms/20 kB", "audit, ms/20 kB", "papers/s of 20 kB"]
    show("Extraction and audit, processor time of one core", head, rows)
    print(f"load of the machine: {', '.join(f'{x:.1f}' for x in os.getloadavg())}; {os.cpu_count()} cores")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=12, help="changes of a kind in a paper, at most")
    parser.add_argument("--missed", action="store_true", help="list the changes that were not found")
    parser.add_argument("--speed", action="store_true", help="measure the speed alone")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = (
            [*examples.write(Path(folder)), *read.find(a.papers).files]
            if a.papers
            else examples.write(Path(folder))
        )
        papers = [p for p in read.papers([str(f) for f in files]) if isinstance(p, Paper)]
    given = {str(f) for f in read.find(a.papers).files} if a.papers else set()
    if a.speed:
        speed([p for p in papers if p.source in given])
        return 0
    start = time.perf_counter()
    made, seen, alarms, missed = measure(papers, a.seed, a.most)
    table = Table("changed", "made", "found", "share")
    for kind in KINDS:
        table.add_row(
            kind,
            str(made[kind]),
            str(seen[kind]),
            f"{100 * seen[kind] / made[kind]:.0f} %" if made[kind] else "–",
        )
    console = Console()
    console.print(table)
    console.print(f"findings in the {len(papers)} untouched papers: {dict(alarms) or 'none'}")
    console.print(f"{sum(made.values())} changes in {time.perf_counter() - start:.0f} s")
    for line in missed if a.missed else ():
        console.print(line, markup=False, highlight=False)
    speed([p for p in papers if p.source in given])
    return 0


if __name__ == "__main__":
    sys.exit(main())
