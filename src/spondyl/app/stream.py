"""Files to lines of JSON, one paper at a time or over several processes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from spondyl import extract, read
from spondyl.consult import dumps, line
from spondyl.consult.pool import in_order
from spondyl.read import Fingerprint, Problem
from spondyl.record import Paper

__all__ = ["Line", "batches"]


class Line(NamedTuple):
    """What was read from one paper: a line of JSON without its line end, as `spondyl.consult.dumps` writes it."""

    text: str

    @property
    def data(self) -> dict[str, Any]:
        """The line as plain data."""
        data: dict[str, Any] = json.loads(self.text)
        return data


class Told(NamedTuple):
    """What travels of a paper from one process to another: its finished line, and what tells it from others."""

    fingerprint: Fingerprint
    line: Line


def batches(files: Iterable[str], jobs: int = 1) -> Iterator[Iterator[Line | Problem]]:
    """What every file gives, in the order of the files.

    Args:
        files: Paths, as `spondyl.read.find` gives them.
        jobs: How many processes read and extract side by side.

    Yields:
        For each file the lines of its papers (`spondyl.consult.line`, with `duplicate_of` where a paper was
        read before), or the problem it has.

    Example:
        >>> [[str(problem) for problem in batch] for batch in batches(["no-such-file.txt"])]
        [['no-such-file.txt: there is no such file; check the path']]
    """
    duplicates = read.Duplicates()
    told: Iterator[Iterable[Told | Problem]]
    told = map(_each, files) if jobs == 1 else in_order(_all, files, jobs, crashed=_crashed)
    return (_marked(batch, duplicates) for batch in told)


def _marked(batch: Iterable[Told | Problem], duplicates: read.Duplicates) -> Iterator[Line | Problem]:
    for one in batch:
        if isinstance(one, Told):
            earlier = duplicates.seen(one.fingerprint)
            yield _repeated(one.line, earlier) if earlier else one.line
        else:
            yield one


def _repeated(line: Line, earlier: str) -> Line:
    data = line.data
    data["paper"]["duplicate_of"] = earlier
    return Line(dumps(data))


def _each(path: str) -> Iterator[Told | Problem]:
    """The papers of one file; a fault of ours costs no other file and is reported as what it is."""
    try:
        for paper in read.papers([path]):
            yield paper if isinstance(paper, Problem) else _told(paper)
    except Exception as error:
        yield _fault("reading", path, error)


def _told(paper: Paper) -> Told | Problem:
    try:
        return Told(read.fingerprint(paper), Line(dumps(line(paper, extract.reading(paper)))))
    except Exception as error:
        return _fault("extraction", paper.source, error)


def _fault(stage: str, where: str, error: Exception) -> Problem:
    what = f"{stage} failed ({type(error).__name__}: {error})"
    return Problem(what, where, "this is a fault of Spondyl; please report it")


def _all(path: str) -> list[Told | Problem]:
    return list(_each(path))


def _crashed(path: str) -> list[Told | Problem]:
    what = "reading it ended the process, for want of memory or by a fault of a library"
    return [Problem(what, path, "open it and export it again, or give it as plain text")]
