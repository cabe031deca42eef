"""`spondyl report` and `spondyl demo`: the evidence report, in a folder."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from spondyl import consult, examples
from spondyl.app.extracting import OnScreen
from spondyl.app.notices import Notices, plain
from spondyl.app.stream import Line
from spondyl.record import UsageError

__all__ = ["demo", "report"]


def report(papers: Sequence[Path], out: Path, *, decisions: Path | None, jobs: int, every: bool) -> int:
    """Write the evidence report of papers and say on standard output where it is.

    Args:
        papers: Files and folders.
        out: The folder to write into.
        decisions: A file of decisions saved in the page.
        jobs: How many papers are read side by side.
        every: Keep patients without a lesion of spine or bone.

    Returns:
        The exit status.

    Raises:
        UsageError: No papers are given, or the folder is no place for a report.
        DecisionError: The file of decisions cannot be applied.
    """
    if not papers:
        raise UsageError("no papers were given; name files or folders: spondyl report papers/ -o evidence/")
    with Notices() as notices:
        done = consult.report(papers, out, decisions, jobs, notices.progress, every)
    _notice(done, notices)
    print(f"{_counts(done)}\n{plain(str(done.files[0]))}")
    return notices.status


def demo(out: Path, *, jobs: int) -> int:
    """Write the evidence report of the invented papers, with the papers beside it, and print a summary.

    Args:
        out: The folder to write into.
        jobs: How many papers are read side by side.

    Returns:
        The exit status.
    """
    with Notices() as notices, tempfile.TemporaryDirectory() as place:
        examples.write(Path(place) / "examples")
        here = out.absolute()
        with contextlib.chdir(place):  # so that a paper's path is the same wherever the demo runs
            done = consult.report(["examples"], here, None, jobs, notices.progress)
        examples.write(out / "examples")
    _notice(done, notices)
    table = OnScreen(sys.stdout)
    for line in (out / "cases.jsonl").read_text("utf-8").splitlines():
        table.write(Line(line))
    table.end()
    print(f"\nInvented papers, no real patient. {_counts(done)}\nOpen {plain(str(out / 'index.html'))}")
    return notices.status


def _notice(done: consult.Report, notices: Notices) -> None:
    """What standard error is told when a report is done."""
    for problem in done.problems:
        notices.problem(problem)
    notices.skipped(done.skipped)
    if not (done.papers or done.problems):
        notices.nothing_found()
    if done.unmatched:
        n = done.unmatched
        notices.say(f"{n} of the decisions belong to nothing that was read; problems.json lists them")


def _counts(done: consult.Report) -> str:
    """How much was read, in one sentence.

    Example:
        >>> _counts(consult.Report(Path(), (), 2, 1, {}, (), {"patient": 2, "group": 1}, 0, 3, 0, 0))
        '2 papers (and 1 duplicate): 2 patients, 1 group. 3 decisions applied.'
    """
    names = {"patient": "patient", "cited": "cited case", "group": "group"}
    parts = [_many(done.cases[kind], name) for kind, name in names.items() if done.cases.get(kind)]
    twice = f" (and {_many(done.duplicates, 'duplicate')})" if done.duplicates else ""
    out = f"{_many(done.papers, 'paper')}{twice}: {', '.join(parts) or 'no cases'}."
    if done.left_out:
        out += (
            f" {_many(done.left_out, 'case')} without a lesion of spine or bone left out; --all keeps them."
        )
    if done.decided:
        out += f" {_many(done.decided, 'decision')} applied."
    return out


def _many(n: int, name: str) -> str:
    return f"{n} {name}" if n == 1 else f"{n} {name}s"
