"""Exit statuses of the command line."""

from __future__ import annotations

import os

__all__ = ["FINE", "FOUND", "INTERRUPTED", "PIPE_CLOSED", "SOME_UNREAD", "USAGE", "closed"]

FINE = 0
SOME_UNREAD = 1
"""Some input could not be read; the rest is done."""
USAGE = 2
"""The call makes no sense, or there is nowhere to write."""
FOUND = 2
"""`spondyl audit --fail-on` found what it was told to look out for."""
INTERRUPTED = 130
PIPE_CLOSED = 141
"""The reader of the pipe left, as `head` does."""


def closed() -> int:
    """The reader of standard output left: say nothing more, end as other filters do."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return PIPE_CLOSED
