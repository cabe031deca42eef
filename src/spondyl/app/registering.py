"""`spondyl registry`: add, decide, history, check, export."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from spondyl import extract, read
from spondyl.app import registry_exchange
from spondyl.app.notices import Notices, plain
from spondyl.app.status import FINE, SOME_UNREAD
from spondyl.consult.decisions import load
from spondyl.present.zipped import steady
from spondyl.read import Problem, find
from spondyl.record import DecisionError, Paper, ReadError, Reading, UsageError
from spondyl.registry import Registry, exporting, lines
from spondyl.registry.cells import grid
from spondyl.registry.exchange.formats import FORMATS

__all__ = ["add", "check", "decide", "export", "history", "undo"]

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


def export(place: str, form: Form | None, out: Path | None, snomed: bool = False) -> int:
    """Write the cases; with a CSV file goes its codebook."""
    chosen = form or _form(out)
    if out is None and chosen in ("parquet", "xlsx"):
        raise UsageError(f"{chosen} is no text; name a file: -o cases.{chosen}")
    with Registry(place, create=False) as registry:
        if chosen == "jsonl":
            _put(exporting.json_lines(registry.lines()), out)
            return FINE
        if chosen in FORMATS:
            registry_exchange.write(registry.cases(), registry.papers(), chosen, out, snomed)
            return FINE
        table = grid(registry.cases())
    if chosen == "csv":
        _put(exporting.commas(table), out)
        if out:
            _put(exporting.codebook(table.columns), out.with_suffix(".codebook.csv"))
    elif out and chosen == "xlsx":
        out.write_bytes(steady(exporting.workbook(table)))
    elif out:
        exporting.parquet(table, out)
    return FINE


def _form(out: Path | None) -> Form:
    kinds: dict[str, Form] = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
    return kinds.get(out.suffix.lower(), "jsonl") if out else "jsonl"


def _put(words: str, out: Path | None) -> None:
    if out:
        out.write_text(words, encoding="utf-8", errors="backslashreplace", newline="")
    else:
        sys.stdout.write(words)
