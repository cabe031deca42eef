"""Work on many items side by side, the results in order, only a few items in flight."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, NamedTuple, TypeVar

__all__ = ["in_order"]

Item = TypeVar("Item")
Result = TypeVar("Result")
IN_FLIGHT = 4
"""Items handed out and not yet taken, per process; bounds what is held in memory."""

# A fresh interpreter per process: a copy of this one would copy the locks of its progress thread.
_SPAWN = multiprocessing.get_context("spawn")


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
    return map(work, items) if jobs == 1 else _side_by_side(_Team(work, jobs, crashed), items)


def _side_by_side(team: _Team[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
    waiting = enumerate(items)
    done: dict[int, Result] = {}
    taken = 0
    try:
        while True:
            while team.has_room and team.handed - taken < team.jobs * IN_FLIGHT:
                try:
                    team.hand(*next(waiting))
                except StopIteration:
                    break
            if taken in done:
                yield done.pop(taken)
                taken += 1
            elif team.busy:
                done.update(team.finished())
            else:
                return
    finally:
        team.leave()


class _Worker(NamedTuple):
    """A process that answers every item sent to it, until its pipe is closed or this process is gone."""

    process: multiprocessing.process.BaseProcess
    pipe: Connection

    @classmethod
    def start(cls, work: Callable[[Any], Any]) -> _Worker:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_serve, args=(theirs, work), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


class _Team(Generic[Item, Result]):
    """The processes, and which item each has in hand."""

    def __init__(self, work: Callable[[Item], Result], jobs: int, crashed: Callable[[Item], Result]) -> None:
        self.work, self.jobs, self.crashed = work, jobs, crashed
        self.handed = 0
        self.idle: list[_Worker] = []
        self.busy: dict[Connection, tuple[_Worker, int, Item]] = {}

    @property
    def has_room(self) -> bool:
        return len(self.busy) < self.jobs

    def hand(self, number: int, item: Item) -> None:
        """Give an item to a process that has none, a new one if need be."""
        worker = self.idle.pop() if self.idle else _Worker.start(self.work)
        self.busy[worker.pipe] = worker, number, item
        self.handed += 1
        with contextlib.suppress(BrokenPipeError):  # its end is seen when the answer is fetched
            worker.pipe.send(item)

    def finished(self) -> Iterator[tuple[int, Result]]:
        """Wait until some process is done; the number of its item, and the result."""
        for pipe in wait(list(self.busy)):
            assert isinstance(pipe, Connection)
            worker, number, item = self.busy.pop(pipe)
            try:
                result, error = pipe.recv()
            except (EOFError, ConnectionError):
                worker.end()
                yield number, self.crashed(item)
                continue
            self.idle.append(worker)
            if error is not None:
                raise error
            yield number, result

    def leave(self) -> None:
        for worker in [*self.idle, *(w for w, _, _ in self.busy.values())]:
            worker.end()


def _serve(pipe: Connection, work: Callable[[Any], Any]) -> None:
    """What a process does: answer items; Ctrl-C is left to the process that was started from the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            item = pipe.recv()
            answer: tuple[Any, Exception | None]
            try:
                answer = work(item), None
            except Exception as error:
                answer = None, error
            pipe.send(answer)
