"""What every command shares with the shell: UTF-8 streams, exit statuses, quiet ends."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Sequence

from spondyl.app.cli import app
from spondyl.app.status import FINE, INTERRUPTED, USAGE, closed
from spondyl.record.errors import SpondylError

__all__ = ["run"]


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; says in one line on standard error what went wrong.

    Args:
        arguments: The words after `spondyl`; those of the process if `None`.

    Returns:
        0, or 1 if some input could not be read, or 2 if the call makes no sense.

    Example:
        >>> run(["--version"])
        spondyl 0.1.0
        0
    """
    _speak_utf8()
    try:
        return _flushed(_ended(arguments))
    except SpondylError as error:
        return _said(str(error), USAGE)
    except KeyboardInterrupt:
        return _said("interrupted; nothing more was written", INTERRUPTED)
    except OSError as error:
        return closed() if error.errno == errno.EPIPE else _said(_unwritable(error), USAGE)


def _ended(arguments: Sequence[str] | None) -> int:
    try:
        app(arguments, prog_name="spondyl")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    return FINE


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale; a byte of a file name that is no text becomes an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _flushed(status: int) -> int:
    sys.stdout.flush()
    return status


def _said(words: str, status: int) -> int:
    print(f"spondyl: {words}", file=sys.stderr)
    return status


def _unwritable(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; free it or write to another place with -o"
