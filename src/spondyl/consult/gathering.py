"""Papers and readings from paths: what the report is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spondyl import extract, read
from spondyl.record import Paper, Reading, SpondylError

__all__ = ["Gathered", "Progress", "gather"]

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
    for one in _with_progress(read.papers(files, jobs), files, progress):
        if isinstance(one, read.Problem):
            done.problems.append(one)
        elif (earlier := seen.seen(one)) is not None:
            done.duplicates.append(one.model_copy(update={"duplicate_of": earlier}))
        else:
            _extract(one, done)
    return done


def _inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _extract(paper: Paper, done: Gathered) -> None:
    try:
        done.papers.append((paper, extract.reading(paper)))
    except (SpondylError, RecursionError, MemoryError) as error:
        what = f"the text could not be read for cases ({type(error).__name__}: {error})"
        done.problems.append(
            read.Problem(what, paper.source, "report it with the file, or leave the file out")
        )


def _with_progress(
    papers: Iterable[Paper | read.Problem], files: Sequence[str], progress: Progress | None
) -> Iterator[Paper | read.Problem]:
    """Pass papers on, counting files; one file may hold several papers."""
    before: str | None = None
    count = 0
    for one in papers:
        source = one.where if isinstance(one, read.Problem) else one.source
        if progress and source != before:
            progress(min(count, len(files)), len(files))
            count, before = count + 1, source
        yield one
    if progress:
        progress(len(files), len(files))
