"""Runs a command of Spondyl inside the test's process, with streams of its own."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import NamedTuple

from spondyl.app.shell import run


class Done(NamedTuple):
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def spondyl(*arguments: str | Path, cwd: Path | None = None) -> Done:
    """Run `spondyl` with these arguments; the streams begin as ASCII, as in a poor locale."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "ascii", newline="") for _ in range(2))
    where = contextlib.chdir(cwd) if cwd else contextlib.nullcontext()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), where:
        status = run([*map(str, arguments)])
    return Done(status, *(_text(stream) for stream in (out, err)))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")
