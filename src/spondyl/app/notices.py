"""Progress and problems: on standard error, the bar only where somebody watches."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from spondyl.app.printable import plain
from spondyl.app.status import FINE, SOME_UNREAD
from spondyl.read import SUFFIXES, Problem

__all__ = ["Notices", "plain"]


class Notices:
    """What a running command tells its user, apart from its results.

    Args:
        bar: Whether a progress bar may be drawn.
        what: What goes on, beside the bar.

    Example:
        >>> with Notices(bar=False) as notices:
        ...     notices.progress(1, 2)
        >>> notices.status
        0
    """

    def __init__(self, bar: bool = True, what: str = "reading papers") -> None:
        self.status = FINE
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        shown = bar and sys.stderr.isatty()
        self._progress = Progress(
            TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=self._console, transient=True, redirect_stdout=False, disable=not shown,
        )  # fmt: skip
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def progress(self, done: int, total: int) -> None:
        """So many inputs of all are done."""
        self._progress.update(self._task, completed=done, total=total)

    def problem(self, problem: Problem) -> None:
        """One line on an input that could not be read: what, where, how to mend it."""
        self.status = SOME_UNREAD
        self.say(str(problem))

    def say(self, words: str) -> None:
        """One line."""
        self._console.print(plain(words), markup=False)

    def skipped(self, suffixes: Mapping[str, int]) -> None:
        """How many files were left aside, by their suffix, which is not that of a paper."""
        if count := sum(suffixes.values()):
            each = (f"{n} {suffix or 'without a suffix'}" for suffix, n in Counter(suffixes).most_common())
            self.say(f"left aside {count} {'file' if count == 1 else 'files'}: {', '.join(each)}")

    def nothing_found(self) -> None:
        """No folder held a paper."""
        self.say(f"no papers were found; in folders these are read: {' '.join(sorted(SUFFIXES))}")
