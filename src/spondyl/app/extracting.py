"""`spondyl extract`: the cases alone, as JSON lines, CSV or a table."""

from __future__ import annotations

import contextlib
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spondyl.app.cells import COLUMNS, TABLE, comma_row, table_row
from spondyl.app.notices import Notices, plain
from spondyl.app.status import closed
from spondyl.app.stream import Line, batches
from spondyl.read import Inputs, find
from spondyl.record import UsageError

__all__ = ["extract"]

Form = Literal["jsonl", "csv", "table"]


class Writer(Protocol):
    """Takes one line after the other."""

    def write(self, line: Line) -> None: ...
    def end(self) -> None: ...


class JsonLines:
    """One paper a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, line: Line) -> None:
        self._out.write(line.text + "\n")

    def end(self) -> None:
        pass


class Commas:
    """One case a row."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out, lineterminator="\r\n")
        self._rows.writerow(COLUMNS)

    def write(self, line: Line) -> None:
        data = line.data
        self._rows.writerows(comma_row(data["paper"], case) for case in data["cases"])

    def end(self) -> None:
        pass


class OnScreen:
    """One case a row, drawn when all are known."""

    def __init__(self, out: TextIO) -> None:
        width = None if out.isatty() else 160
        self._console = Console(file=out, width=width, highlight=False)
        self._table = Table(box=None, header_style="bold", pad_edge=False)
        for name in TABLE:
            right = name in ("age", "months")
            self._table.add_column(name, overflow="fold", justify="right" if right else "left")

    def write(self, line: Line) -> None:
        data = line.data
        for case in data["cases"]:
            self._table.add_row(*(Text(plain(cell)) for cell in table_row(data["paper"], case)))

    def end(self) -> None:
        self._console.print(self._table)


WRITERS: dict[Form, type[JsonLines] | type[Commas] | type[OnScreen]] = {
    "jsonl": JsonLines,
    "csv": Commas,
    "table": OnScreen,
}


def extract(papers: Sequence[Path], *, form: Form | None, out: Path | None, jobs: int) -> int:
    """Print the cases of papers.

    Args:
        papers: Files and folders.
        form: How to print them; `None` lets the output file's suffix or the terminal decide.
        out: A file to write; `None` for standard output.
        jobs: How many papers are read side by side.

    Returns:
        The exit status.

    Raises:
        UsageError: No papers are given, or the output would overwrite one of them.
    """
    if not papers:
        raise UsageError("no papers were given; name files or folders: spondyl extract papers/")
    given = find(papers)
    if out and out.resolve() in {Path(file).resolve() for file in given.files}:
        raise UsageError(f"{out} is one of the papers; name another file with -o")
    chosen = form or _form(out)
    try:
        with _output(out) as stream:
            return _run(given, WRITERS[chosen](stream), jobs, bar=chosen == "table" or not stream.isatty())
    except BrokenPipeError:
        return closed()


def _run(given: Inputs, writer: Writer, jobs: int, bar: bool) -> int:
    with Notices(bar) as notices:
        for problem in given.problems:
            notices.problem(problem)
        for count, batch in enumerate(batches(given.files, jobs), 1):
            for one in batch:
                if isinstance(one, Line):
                    writer.write(one)
                else:
                    notices.problem(one)
            notices.progress(count, len(given.files))
        notices.skipped(given.skipped)
        if not (given.files or given.problems):
            notices.nothing_found()
    writer.end()
    return notices.status


def _form(out: Path | None) -> Form:
    if out:
        return "csv" if out.suffix.lower() == ".csv" else "jsonl"
    return "table" if sys.stdout.isatty() else "jsonl"


@contextlib.contextmanager
def _output(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        sys.stdout.flush()
    else:
        with out.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
