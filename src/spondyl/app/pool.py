"""Work on many items side by side, the results in order, only a few items in flight."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

__all__ = ["in_order"]

Item = TypeVar("Item")
Result = TypeVar("Result")
IN_FLIGHT = 4
"""Items handed out per process; bounds what is held in memory."""


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int = 1,
    *,
    crashed: Callable[[Item], Result],
) -> Iterator[Result]:
    """Do a piece of work on every item and yield the results in the order of the items.

    Args:
        work: A function of one item, importable by name so that other processes can run it.
        items: What to work on; drawn from as results are taken, never listed.
        jobs: How many processes; with 1 the work is done in this one.
        crashed: The result for an item whose work ended its process (out of memory, a fault in a library).

    Returns:
        One result an item.

    Example:
        >>> list(in_order(str.upper, ["c5", "t9"], crashed=str))
        ['C5', 'T9']
    """
    return map(work, items) if jobs == 1 else _side_by_side(work, iter(items), jobs, crashed)


def _side_by_side(
    work: Callable[[Item], Result], items: Iterator[Item], jobs: int, crashed: Callable[[Item], Result]
) -> Iterator[Result]:
    pool, flight = _pool(jobs), deque[tuple[Item, Future[Result]]]()
    try:
        while _fill(flight, pool, work, items, jobs * IN_FLIGHT):
            item, future = flight.popleft()
            if isinstance(future.exception(), BrokenProcessPool):
                pool.shutdown(wait=False)
                for again in (item, *(i for i, _ in flight)):
                    yield _alone(work, again, crashed)
                flight.clear()
                pool = _pool(jobs)
            else:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _fill(
    flight: deque[tuple[Item, Future[Result]]],
    pool: ProcessPoolExecutor,
    work: Callable[[Item], Result],
    items: Iterator[Item],
    most: int,
) -> bool:
    """Hand out items until enough are in flight; False when none is left."""
    while len(flight) < most:
        try:
            item = next(items)
        except StopIteration:
            break
        flight.append((item, _submit(pool, work, item)))
    return bool(flight)


def _submit(pool: ProcessPoolExecutor, work: Callable[[Item], Result], item: Item) -> Future[Result]:
    try:
        return pool.submit(work, item)
    except BrokenProcessPool as broken:
        future: Future[Result] = Future()
        future.set_exception(broken)
        return future


def _alone(work: Callable[[Item], Result], item: Item, crashed: Callable[[Item], Result]) -> Result:
    """An item again in a process of its own, to find which of those in flight brought its process down."""
    with _pool(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            return crashed(item)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # A fresh interpreter per process: a copy of this one would copy its progress thread's locks.
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_deaf)


def _deaf() -> None:
    """Leave Ctrl-C to the process that was started from the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
