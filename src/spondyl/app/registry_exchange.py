"""The formats of hospitals at the command line: files written, and what they do not hold."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from spondyl.app.notices import plain
from spondyl.record import UsageError
from spondyl.registry import Entry
from spondyl.registry.exchange.formats import FORMATS

__all__ = ["write"]


def write(
    entries: Sequence[Entry],
    papers: Mapping[str, Mapping[str, Any]],
    form: str,
    out: Path | None,
    snomed: bool = False,
) -> None:
    """Write cases in an exchange format, and say on standard error what it does not hold.

    Args:
        entries: The cases.
        papers: What is known of their papers.
        form: A format of `spondyl.registry.exchange`.
        out: The file; further ones stand beside it. Without it the one file there is goes to standard output.
        snomed: Whether codes of SNOMED CT are written.
    """
    done = FORMATS[form](entries, papers, snomed)
    if out is None and len(done.files) > 1:
        raise UsageError(
            f"{form} is {len(done.files)} files; name the first: -o cases{next(iter(done.files))}"
        )
    for suffix, words in done.files.items():
        if out is None:
            sys.stdout.write(words)
        else:
            place = out if suffix == next(iter(done.files)) else out.with_suffix(suffix)
            place.write_text(words, encoding="utf-8", newline="")
    for line in done.report():
        print(plain(line), file=sys.stderr)
