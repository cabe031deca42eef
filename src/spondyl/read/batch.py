"""Many files → papers, in order, one problem never stopping the rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from spondyl.read.assemble import every_paper
from spondyl.read.inputs import Problem
from spondyl.record import Paper, ReadError

__all__ = ["papers"]


def papers(files: Iterable[str], jobs: int = 1) -> Iterator[Paper | Problem]:
    """Read many files, in the order given.

    Args:
        files: Paths of files.
        jobs: Number of processes.

    Yields:
        For each file its paper (of a PubMed file with several articles each of them), or the problem it has.
        Nothing is raised for a bad input, and only a few papers are held at a time.

    Example:
        >>> [str(p) for p in papers(["no-such-file.txt"])]
        ['no-such-file.txt: there is no such file; check the path']
    """
    if jobs <= 1:
        for path in files:
            yield from _each(path)
        return
    yield from _side_by_side(files, jobs)


def _each(path: str) -> Iterator[Paper | Problem]:
    try:
        yield from every_paper(path)
    except ReadError as error:
        yield Problem.of(error)
    except (RecursionError, MemoryError) as error:
        yield Problem(
            f"the file is too deep or too large to read ({type(error).__name__})", str(path), "split it"
        )


def _all(path: str) -> list[Paper | Problem]:
    return list(_each(path))


def _side_by_side(files: Iterable[str], jobs: int) -> Iterator[Paper | Problem]:
    """A window of files read ahead by several processes."""
    waiting: deque[tuple[str, Future[list[Paper | Problem]]]] = deque()
    pool = _pool(jobs)
    source = iter(files)
    try:
        while True:
            while len(waiting) < 2 * jobs and (path := next(source, None)) is not None:
                waiting.append((path, pool.submit(_all, path)))
            if not waiting:
                return
            path, future = waiting.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _alone(path)
                pool = _pool(jobs)
                waiting = deque((p, pool.submit(_all, p)) for p, _ in waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _alone(path: str) -> list[Paper | Problem]:
    """One file in a process of its own: if that dies, it was this file."""
    with _pool(1) as pool:
        try:
            return pool.submit(_all, path).result()
        except BrokenProcessPool:
            return [Problem("reading it brought the reader down", path, "open and export it again")]
