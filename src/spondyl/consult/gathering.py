"""Papers and readings from paths: what the report is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spondyl import extract, read
from spondyl.consult.pool import in_order
from spondyl.record import Paper, Reading

__all__ = ["Gathered", "Progress", "gather"]

Result = tuple[Paper, Reading] | read.Problem
Progress = Callable[[int, int], None]
"""Called with the number of files done and the number of all."""


@dataclass
class Gathered:
    """What came of the paths given.

    Args:
        papers: Papers with their readings, each paper once.
        duplicates: Papers that were read before.
        skipped: Suffix → number of files passed over.
        problems: Inputs that could not be read.
    """

    papers: list[tuple[Paper, Reading]] = field(default_factory=list)
    duplicates: list[Paper] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    problems: list[read.Problem] = field(default_factory=list)


def gather(paths: Sequence[Path], out: Path, jobs: int = 1, progress: Progress | None = None) -> Gathered:
    """Read papers and extract their cases.

    Args:
        paths: Files and folders.
        out: The folder of the report; what lies in it is no input.
        jobs: How many processes read side by side.
        progress: Told of every file that is done.

    Returns:
        Papers with readings in the order of the inputs, and what was not read.
    """
    found = read.find(paths)
    files = [f for f in found.files if not _inside(Path(f), out)]
    done = Gathered(skipped=dict(found.skipped), problems=list(found.problems))
    if len(files) < len(found.files):
        done.skipped["in the folder of the report"] = len(found.files) - len(files)
    seen = read.Duplicates()
    for number, result in enumerate(in_order(_read, files, jobs, crashed=_crashed), 1):
        for one in result:
            _sort(one, done, seen)
        if progress:
            progress(number, len(files))
    return done


def _inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _read(file: str) -> list[Result]:
    """The papers of one file with their readings; runs in any process."""
    done: list[Result] = []
    try:
        for one in read.papers([file]):
            done.append(one if isinstance(one, read.Problem) else _extracted(one))
    except Exception as error:  # a fault of ours costs no other file
        done.append(_fault("reading", file, error))
    return done


def _extracted(paper: Paper) -> Result:
    try:
        return paper, extract.reading(paper)
    except Exception as error:
        return _fault("extraction", paper.source, error)


def _fault(stage: str, where: str, error: Exception) -> read.Problem:
    what = f"{stage} failed ({type(error).__name__}: {error})"
    return read.Problem(what, where, "this is a fault of Spondyl; please report it, and leave the file out")


def _crashed(file: str) -> list[Result]:
    what = "reading it ended the process, for want of memory or by a fault of a library"
    return [read.Problem(what, file, "read it alone on a larger machine, or convert it to plain text")]


def _sort(one: Result, done: Gathered, seen: read.Duplicates) -> None:
    if isinstance(one, read.Problem):
        done.problems.append(one)
    elif (earlier := seen.seen(one[0])) is not None:
        done.duplicates.append(one[0].model_copy(update={"duplicate_of": earlier}))
    else:
        done.papers.append(one)
