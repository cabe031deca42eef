"""`spondyl registry import`: a table of patients into the registry."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from spondyl.app.notices import plain
from spondyl.app.status import FINE, SOME_UNREAD
from spondyl.record import RegistryError, UsageError
from spondyl.registry import Registry
from spondyl.registry.exchange import Bundle, redcap_in
from spondyl.registry.exchange.formats import load
from spondyl.registry.importing import Table, exported, mapped

__all__ = ["Asked", "take"]


@dataclass(frozen=True)
class Asked:
    """What is to be taken over, and what its columns mean."""

    patients: Path
    mapping: Path | None = None
    dictionary: Path | None = None
    codebook: Path | None = None
    skip_refused: bool = False


def take(asked: Asked, place: str, by: str) -> int:
    """Take over a table of patients.

    Args:
        asked: The table, and what its columns mean.
        place: The registry; made if absent.
        by: Who does it.

    Returns:
        The exit status: 1 if rows are refused.
    """
    table = _table(asked)
    for unsupported in table.unsupported if isinstance(table, Bundle) else ():
        print(plain(f"{asked.patients}: {unsupported}"), file=sys.stderr)
    for refused in table.refused:
        print(plain(f"{asked.patients}: {refused}"), file=sys.stderr)
    with Registry(place, by) as registry:
        try:
            done = registry.take(table, asked.skip_refused)
        except RegistryError as error:
            print(plain(f"spondyl: {error}"), file=sys.stderr)
            return SOME_UNREAD
    if done is None:
        print(f"{plain(str(asked.patients))}: taken over before; nothing was changed")
        return FINE
    print(f"{done.cases} cases: {done.new} new, {done.changed} changed, {done.same} as before; ", end="")
    what = "values" if isinstance(table, Bundle) else "rows"
    print(f"{len(table.refused)} {what} refused; {done.differences} differences with decisions")
    return SOME_UNREAD if table.refused else FINE


def _table(asked: Asked) -> Table:
    if asked.patients.suffix.lower() in (".json", ".jsonl", ".xml"):
        return load(asked.patients)
    if asked.mapping:
        return mapped(asked.patients, asked.mapping, asked.dictionary)
    dictionary = asked.dictionary or asked.patients.with_suffix(".dictionary.csv")
    if (asked.dictionary or dictionary.exists()) and redcap_in.made_here(dictionary):
        return redcap_in.project(asked.patients, dictionary)
    if asked.dictionary:
        raise UsageError("a dictionary needs a map that says which variable is which field: --map map.toml")
    return exported(asked.patients, asked.codebook or asked.patients.with_suffix(".codebook.csv"))
