"""The plan of a study: which table, which columns, which analyses."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args

from spondyl.cohort.lifetable import Interval
from spondyl.cohort.likelihood import Ties
from spondyl.record import ReadError, UsageError

__all__ = ["Plan", "read_plan"]

_LISTS = ("table_one", "kaplan_meier", "at")
_MAPS = ("labels", "units", "refs", "occurs")


@dataclass(frozen=True)
class Plan:
    """A study.

    Args:
        source: The table: a path, glob, or `base.db::table`.
        time: The column of times, or `from..to` for two columns of dates.
        event: The column of the event, or `column=value`.
        title: The heading of the report.
        outcome: What is measured, in words ("Overall survival").
        unit: The unit of time, in words.
        start: The column of times at which observation begins.
        competing: A competing event, written as `event` is.
        lost: What says that a patient was lost to follow-up, written as `event` is.
        table_one: Columns of Table 1.
        groups: The column by which Table 1 compares; the first of `kaplan_meier` where not named.
        kaplan_meier: Columns by which curves are drawn; the whole cohort always is.
        cox: The terms of each multivariable model; each term is fitted alone, too.
        fisher: Pairs of columns for Fisher's exact test.
        ties: How tied events are handled.
        strata: The column of strata of the Cox models.
        cluster: The column of clusters of the Cox models.
        landmark: Only those still observed at this time, counted from it.
        at: Times at which survival is given.
        interval: The kind of interval of survival.
        note: A sentence under the title, for example that the patients are invented.
        labels: Words for columns.
        units: Units of columns.
        refs: Reference levels of columns.
        occurs: By column the column of the time at which it came true.
    """

    source: str
    time: str
    event: str
    title: str = "Survival study"
    outcome: str = "Overall survival"
    unit: str = "months"
    start: str | None = None
    competing: str | None = None
    lost: str | None = None
    table_one: tuple[str, ...] = ()
    groups: str | None = None
    kaplan_meier: tuple[str, ...] = ()
    cox: tuple[tuple[str, ...], ...] = ()
    fisher: tuple[tuple[str, str], ...] = ()
    ties: Ties = "efron"
    strata: str | None = None
    cluster: str | None = None
    landmark: float = 0.0
    at: tuple[float, ...] = ()
    interval: Interval = "log-log"
    note: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    refs: Mapping[str, str] = field(default_factory=dict)
    occurs: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """A column in words.

        Example:
            >>> Plan("a.csv", "t", "e").label("bone_metastases")
            'Bone metastases'
        """
        if name in self.labels:
            return self.labels[name]
        plain = name.replace("_", " ").strip()
        return plain[:1].upper() + plain[1:]

    @property
    def compared(self) -> str | None:
        """The column by which Table 1 compares."""
        return self.groups or (self.kaplan_meier[0] if self.kaplan_meier else None)


def read_plan(path: Path) -> Plan:
    """Read a plan from TOML.

    Args:
        path: The file; a relative `source` is looked up beside it.

    Raises:
        ReadError: The file is not there or no TOML.
        UsageError: A key is unknown or a value has the wrong kind.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ReadError("there is no such file", str(path), "check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(f"it is no TOML ({error})", str(path), "mend that line") from None
    names = [f.name for f in fields(Plan)]
    for key in given:
        if key not in names:
            near = difflib.get_close_matches(key, names, 1)
            hint = f"did you mean {near[0]}?" if near else f"it may have {', '.join(names)}"
            raise UsageError(f"{path.name}: unknown key {key}; {hint}")
    for key in ("source", "time", "event"):
        if not isinstance(given.get(key), str):
            raise UsageError(f'{path.name}: {key} is missing; write {key} = "…"')
    made = {key: _value(path, key, value) for key, value in given.items()}
    plan = Plan(**made)
    beside = path.parent / plan.source
    return plan if Path(plan.source).is_absolute() else replace(plan, source=str(beside))


def _value(path: Path, key: str, value: Any) -> Any:
    choices = {"ties": get_args(Ties), "interval": get_args(Interval)}.get(key)
    if choices and value not in choices:
        raise UsageError(f"{path.name}: {key} is one of {', '.join(choices)}, not {value!r}")
    if key in _MAPS:
        return {str(k): str(v) for k, v in _kind(path, key, value, dict).items()}
    if key in _LISTS:
        return tuple(_kind(path, key, value, list))
    if key in ("cox", "fisher"):
        given = _kind(path, key, value, list)
        lists = given if given and isinstance(given[0], list) else [given] if given else []
        if key == "fisher" and any(len(pair) != 2 for pair in lists):
            raise UsageError(
                f'{path.name}: fisher is a list of pairs: fisher = [["subtype", "bone_metastases"]]'
            )
        return tuple(tuple(str(v) for v in one) for one in lists)
    return float(_kind(path, key, value, int | float)) if key == "landmark" else _kind(path, key, value, str)


def _kind(path: Path, key: str, value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        wanted = {dict: "a table", list: "a list", str: "a text"}.get(kind, "a number")
        raise UsageError(f"{path.name}: {key} is {wanted}, not {value!r}")
    return value
