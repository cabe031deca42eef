"""What every command shares with the shell: UTF-8 streams, exit statuses, quiet ends."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

from spondyl.app.cli import app
from spondyl.record import SpondylError

__all__ = ["FINE", "INTERRUPTED", "PIPE_CLOSED", "SOME_UNREAD", "USAGE", "run"]

FINE, SOME_UNREAD, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
"""Exit statuses: done; done but for some inputs; a call that makes no sense; Ctrl-C; reader of a pipe gone."""


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
        app(arguments, prog_name="spondyl")
    except SystemExit as end:
        return _flushed(end.code if isinstance(end.code, int) else USAGE)
    except SpondylError as error:
        print(f"spondyl: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("spondyl: interrupted; nothing more was written", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        return _closed() if error.errno == errno.EPIPE else _unwritable(error)
    return FINE


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale; a byte of a file name that is no text becomes an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _flushed(status: int) -> int:
    try:
        sys.stdout.flush()
    except OSError as error:
        return _closed() if error.errno == errno.EPIPE else _unwritable(error)
    return status


def _closed() -> int:
    """The reader of the pipe left (`| head`): end as other filters do, without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return PIPE_CLOSED


def _unwritable(error: OSError) -> int:
    where = f"{error.filename}: " if error.filename else ""
    print(f"spondyl: {where}{error.strerror}; write to another place with -o", file=sys.stderr)
    return USAGE
