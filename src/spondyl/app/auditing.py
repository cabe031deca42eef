"""`spondyl audit`: what does not add up in papers, as text, JSON lines or a page."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol, TextIO

from spondyl.app.notices import Notices, plain
from spondyl.app.status import FOUND, closed
from spondyl.consult import dumps
from spondyl.consult.auditing import Audited, audits, lines
from spondyl.present.audit_page import render
from spondyl.read import Inputs, find
from spondyl.record import SEVERITIES, UsageError

__all__ = ["audit"]

Form = Literal["text", "jsonl", "html"]
FailOn = Literal["error", "suspicious"]


class Writer(Protocol):
    """Takes one audited paper after the other."""

    def write(self, done: Audited) -> None: ...
    def end(self) -> None: ...


class JsonLines:
    """One finding a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, done: Audited) -> None:
        for line in lines(done):
            self._out.write(dumps(line) + "\n")

    def end(self) -> None:
        pass


class Words:
    """Findings for the eye: severity, sentence, arithmetic, the words on both sides."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, done: Audited) -> None:
        n = len(done.findings)
        found = "nothing found" if not n else f"{n} finding{'s' if n > 1 else ''}"
        self._out.write(f"{plain(done.paper.source)}: {found}\n")
        for f in done.findings:
            self._out.write(f"\n  {f.severity}: {plain(f.message)}\n    {plain(f.computed)}\n")
            for quote in f.quotes:
                self._out.write(f"    “{plain(' '.join(quote.text.split()))}”\n")
        self._out.write("\n" if n else "")

    def end(self) -> None:
        pass


class Page:
    """All papers with their findings in the margin, written when all are known."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._done: list[Audited] = []

    def write(self, done: Audited) -> None:
        self._done.append(done)

    def end(self) -> None:
        self._out.write(render([(d.paper, d.findings) for d in self._done]))


WRITERS: dict[Form, type[JsonLines] | type[Words] | type[Page]] = {
    "jsonl": JsonLines,
    "text": Words,
    "html": Page,
}
_SUFFIXES: dict[str, Form] = {".html": "html", ".htm": "html", ".jsonl": "jsonl", ".json": "jsonl"}


def audit(
    papers: Sequence[Path], *, form: Form | None, out: Path | None, fail_on: FailOn | None, jobs: int
) -> int:
    """Audit papers and print or write the findings.

    Args:
        papers: Files and folders.
        form: How to print them; `None` lets the output file's suffix decide.
        out: A file to write; `None` for standard output.
        fail_on: The severity from which on a finding makes the exit status 2.
        jobs: How many papers are read side by side.

    Returns:
        The exit status.

    Raises:
        UsageError: No papers are given, or the output would overwrite one of them.
    """
    if not papers:
        raise UsageError("no papers were given; name files or folders: spondyl audit papers/")
    given = find(papers)
    if out and out.resolve() in {Path(file).resolve() for file in given.files}:
        raise UsageError(f"{out} is one of the papers; name another file with -o")
    chosen = form or (_SUFFIXES.get(out.suffix.lower(), "text") if out else "text")
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on else ()
    try:
        with _output(out) as stream:
            return _run(given, WRITERS[chosen](stream), jobs, grave)
    except BrokenPipeError:
        return closed()


def _run(given: Inputs, writer: Writer, jobs: int, grave: Sequence[str]) -> int:
    failed = False
    with Notices() as notices:
        for problem in given.problems:
            notices.problem(problem)
        for count, batch in enumerate(audits(given.files, jobs), 1):
            for one in batch:
                if isinstance(one, Audited):
                    writer.write(one)
                    failed = failed or any(f.severity in grave for f in one.findings)
                else:
                    notices.problem(one)
            notices.progress(count, len(given.files))
        notices.skipped(given.skipped)
    writer.end()
    return FOUND if failed else notices.status


@contextlib.contextmanager
def _output(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        sys.stdout.flush()
    else:
        with out.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
