"""The log of decisions as a chain: every entry carries the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["GENESIS", "broken", "linked"]

GENESIS = "0" * 64
"""What the first entry names as the one before."""


def linked(entry: Mapping[str, Any], previous: str) -> dict[str, Any]:
    """An entry of the log with its two hashes.

    Args:
        entry: What it says, without hashes.
        previous: The hash of the entry before, or `GENESIS`.

    Example:
        >>> first = linked({"id": 1}, GENESIS)
        >>> second = linked({"id": 2}, first["hash"])
        >>> list(broken([first, second])), list(broken([first | {"id": 3}, second]))
        ([], ['decision 3 was changed after it was taken'])
    """
    plain = {name: value for name, value in entry.items() if name not in ("previous", "hash")}
    text = json.dumps([previous, plain], ensure_ascii=False, sort_keys=True, allow_nan=False)
    return {**plain, "previous": previous, "hash": hashlib.sha256(text.encode()).hexdigest()}


def broken(entries: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """What is wrong with a log, entry by entry; a log cut off at its end shows by its last hash alone."""
    previous = GENESIS
    for entry in entries:
        if entry["previous"] != previous:
            yield f"decision {entry['id']} does not follow on the one before"
        elif linked(entry, previous)["hash"] != entry["hash"]:
            yield f"decision {entry['id']} was changed after it was taken"
        previous = entry["hash"]
