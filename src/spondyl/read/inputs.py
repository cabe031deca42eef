"""Paths → the files to read."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from spondyl.read.assemble import SUFFIXES
from spondyl.record import ReadError

__all__ = ["Inputs", "Problem", "find"]


class Problem(NamedTuple):
    """An input that could not be read: what was found, where, and how to mend it."""

    what: str
    where: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"

    @classmethod
    def of(cls, error: ReadError) -> Problem:
        """The problem an error tells of."""
        return cls(error.what, error.where, error.mend)


class Inputs(NamedTuple):
    """What was found under the paths given.

    Args:
        files: Files to read, in order.
        skipped: Suffix → number of files in directories that are not read; "" for files without a suffix.
        problems: Paths that could not be followed.
    """

    files: tuple[str, ...]
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]


def find(paths: Iterable[str | Path] | str | Path) -> Inputs:
    """Expand files and directories, in a fixed order.

    Args:
        paths: Files and directories. A file named here is read whatever its suffix; of a directory the files
            with a known suffix (`SUFFIXES`) are read, those below it too, sorted by name; names that begin
            with a dot are passed over.

    Returns:
        Files, what was skipped, and problems: paths that do not exist or cannot be read. A directory reached
        twice through links is followed once.

    Example:
        >>> find("no-such-file.txt").problems[0].what
        'there is no such file'
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    search = _Search()
    for path in given:
        search.given(str(path))
    return Inputs(tuple(search.files), dict(sorted(search.skipped.items())), tuple(search.problems))


class _Search:
    def __init__(self) -> None:
        self.files: list[str] = []
        self.skipped: Counter[str] = Counter()
        self.problems: list[Problem] = []

    def given(self, path: str) -> None:
        try:
            mode = os.stat(path)
        except (OSError, ValueError) as error:
            self._problem(path, error)
            return
        if stat.S_ISDIR(mode.st_mode):
            self._directory(path, mode)
        else:
            self._file(path, mode.st_mode)

    def _directory(self, top: str, info: os.stat_result) -> None:
        seen = {(info.st_dev, info.st_ino)}
        waiting = [top]
        while waiting:
            here = waiting.pop()
            below: list[str] = []
            for path, known in self._entries(here):
                if not stat.S_ISDIR(known.st_mode):
                    self._listed(path, known.st_mode)
                elif (known.st_dev, known.st_ino) not in seen:
                    seen.add((known.st_dev, known.st_ino))
                    below.append(path)
            waiting += reversed(below)

    def _entries(self, directory: str) -> Iterator[tuple[str, os.stat_result]]:
        try:
            names = sorted(os.listdir(directory))
        except OSError as error:
            self._problem(directory, error)
            return
        for name in names:
            if name.startswith("."):
                continue
            path = os.path.join(directory, name)
            try:
                yield path, os.stat(path)
            except OSError as error:
                self._problem(path, error)

    def _listed(self, path: str, mode: int) -> None:
        suffix = Path(path).suffix.lower()
        if suffix in SUFFIXES:
            self._file(path, mode)
        else:
            self.skipped[suffix] += 1

    def _file(self, path: str, mode: int) -> None:
        if not stat.S_ISREG(mode):
            self.problems.append(Problem("this is no regular file", path, "give a file"))
        elif not os.access(path, os.R_OK):
            self.problems.append(
                Problem("no permission to read the file", path, "allow reading it (chmod +r)")
            )
        else:
            self.files.append(path)

    def _problem(self, path: str, error: OSError | ValueError) -> None:
        if isinstance(error, FileNotFoundError):
            broken = os.path.islink(path)
            what = "the link leads nowhere" if broken else "there is no such file"
            self.problems.append(Problem(what, path, "remove it or mend it" if broken else "check the path"))
        elif isinstance(error, PermissionError):
            self.problems.append(Problem("no permission to read it", path, "allow reading it (chmod +r)"))
        else:
            said = error.strerror if isinstance(error, OSError) and error.strerror else error
            self.problems.append(Problem(f"it cannot be opened ({said})", path, "check the path"))
