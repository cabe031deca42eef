"""`spondyl cohort`: a table of patients in, the report of a survival study out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spondyl.app.notices import plain
from spondyl.app.status import FINE
from spondyl.cohort.terms import expanded
from spondyl.consult.study import write_study
from spondyl.consult.study_plan import Plan, read_plan
from spondyl.record import UsageError

__all__ = ["Asked", "cohort"]


@dataclass(frozen=True)
class Asked:
    """What the command was asked for.

    Args:
        patients: The table, or a plan (.toml).
        time: The column of times.
        event: The column of the event.
        by: Columns for curves, with commas between.
        cox: Terms of the Cox model, with commas between.
        refs: Reference levels, each COLUMN=LEVEL.
    """

    patients: str | None
    time: str | None = None
    event: str | None = None
    by: str | None = None
    cox: str | None = None
    refs: Sequence[str] = ()


def cohort(asked: Asked, out: Path) -> int:
    """Write the report of a study and say on standard output where it is.

    Args:
        asked: What is wanted.
        out: The folder to write into.

    Returns:
        The exit status.

    Raises:
        UsageError: The columns named and the table do not go together.
        ReadError: The table or the plan cannot be read.
    """
    done = write_study(_plan(asked), out)
    for warning in done.study.warnings:
        print(plain(warning), file=sys.stderr)
    whole = done.study.curves[0]
    print(f"{whole.groups[0].n} patients, {whole.groups[0].events} events, {whole.dropped} left out.")
    print(plain(str(done.files[0])))
    return FINE


def _plan(asked: Asked) -> Plan:
    if not asked.patients:
        raise UsageError(
            "no table was given; name one: spondyl cohort patients.csv --time months --event died"
        )
    if asked.patients.endswith(".toml"):
        plan = read_plan(Path(asked.patients))
    elif asked.time and asked.event:
        plan = Plan(asked.patients, asked.time, asked.event)
    else:
        raise UsageError("a study needs the columns of time and event: --time months --event died")
    changes = {
        "time": asked.time, "event": asked.event, "kaplan_meier": _listed(asked.by),
        "cox": (tuple(_listed(asked.cox)),) if asked.cox else (), "refs": _refs(asked.refs),
    }  # fmt: skip
    return replace(plan, **{k: v for k, v in changes.items() if v})  # type: ignore[arg-type]


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(expanded(text.split(","))) if text else ()


def _refs(given: Sequence[str]) -> dict[str, str]:
    """Reference levels.

    Example:
        >>> _refs(["size=<=20"])
        {'size': '<=20'}
    """
    out = {}
    for one in given:
        name, equals, level = one.partition("=")
        if not equals:
            raise UsageError(f'--ref {one} names no level; write --ref {one}="level"')
        out[name] = level.strip('"')
    return out
