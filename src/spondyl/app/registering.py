"""`spondyl registry`: add, decide, history, check, export."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from spondyl import extract, read
from spondyl.app.notices import Notices, plain
from spondyl.app.status import FINE, SOME_UNREAD
from spondyl.consult.decisions import load
from spondyl.read import Problem, find
from spondyl.record import DecisionError, Paper, ReadError, Reading
from spondyl.registry import Registry, lines

__all__ = ["add", "check", "decide", "history", "undo"]

Form = Literal["csv", "parquet", "xlsx", "jsonl", "mcode", "phenopackets", "redcap"]


def add(inputs: Sequence[Path], to: str, by: str) -> int:
    """Add papers and files of cases.

    Args:
        inputs: Papers, folders, `.jsonl` files.
        to: The registry.
        by: Who adds them.

    Returns:
        The exit status: 1 if some input could not be read, the rest is added.
    """
    with Registry(to, by) as registry, Notices() as notices:
        done = registry.add_all(_given(inputs, notices))
        status = notices.status
    words = f"{done.new} new, {done.changed} changed, {done.same} as before, {done.gone} no longer read"
    print(f"{done.cases} cases: {words}; {done.differences} differences with decisions")
    return status


def _given(inputs: Sequence[Path], notices: Notices) -> Iterator[tuple[Paper, Reading]]:
    files = [path for path in inputs if path.suffix.lower() == ".jsonl"]
    for file in files:
        try:
            yield from lines.read(file)
        except ReadError as error:
            notices.problem(Problem(error.what, error.where, error.mend))
    found = find([path for path in inputs if path not in files])
    for problem in found.problems:
        notices.problem(problem)
    for count, one in enumerate(read.papers(found.files), 1):
        if isinstance(one, Problem):
            notices.problem(one)
        else:
            yield one, extract.reading(one)
        notices.progress(count, len(found.files))
    notices.skipped(found.skipped)


def decide(decisions: Path, place: str, by: str) -> int:
    """Enter the decisions of a file.

    Returns:
        The exit status: 1 if some belong to nothing in the registry, the others are entered.
    """
    entered, refused = 0, 0
    with Registry(place, by, create=False) as registry:
        for decision in load(decisions):
            try:
                registry.decide(decision)
                entered += 1
            except DecisionError as error:
                refused += 1
                print(plain(str(error)), file=sys.stderr)
    print(f"{entered} decisions entered, {refused} refused")
    return SOME_UNREAD if refused else FINE


def undo(number: int, place: str, by: str, note: str) -> int:
    """Take back a decision."""
    with Registry(place, by, create=False) as registry:
        entry = registry.take_back(number, note)
    print(plain(f"decision {number} taken back; {entry.name} is at revision {entry.revision}"))
    return FINE


def history(case: str, place: str) -> int:
    """Print what happened to a case."""
    with Registry(place, create=False) as registry:
        for event in registry.history(case):
            print(plain("  ".join((event.at, event.by or "-", event.what, event.words))))
    return FINE


def check(place: str) -> int:
    """Check a registry and print what was found; status 1 if something does not hold together."""
    with Registry(place, create=False) as registry:
        found = registry.check()
    for fault in found.faults:
        print(plain(fault), file=sys.stderr)
    print(f"{found.papers} papers, {found.cases} cases, {found.decisions} decisions, ", end="")
    print(f"{found.open_differences} open differences, {len(found.faults)} faults")
    print(f"last decision: {found.head}")
    return SOME_UNREAD if found.faults else FINE
