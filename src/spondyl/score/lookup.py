"""Tables: rows to look up, panels of markers to agree with, maps between two scales."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from spondyl.record import UsageError
from spondyl.score.answers import Answer, closest, is_unknown
from spondyl.score.model import TableSheet
from spondyl.score.performance import maps
from spondyl.score.result import ItemResult, Result

__all__ = ["agreement", "look_up", "marker_of"]


def look_up(sheet: TableSheet, given: Mapping[str, Any], filled: Mapping[str, Answer]) -> Result:
    """What a table says to what was given.

    Args:
        sheet: The sheet.
        given: Column → value; "row" names a row by its id.
        filled: What a case record says: markers of a panel, or rows that follow.

    Raises:
        UsageError: No row has that value.
    """
    if sheet.lookup == "map":
        return _mapped(sheet, given)
    if sheet.lookup == "panel" and "row" not in given:
        return _panel(sheet, given, filled)
    return _rows(sheet, given, filled)


def _rows(sheet: TableSheet, given: Mapping[str, Any], filled: Mapping[str, Answer]) -> Result:
    wanted = {"id" if k == "row" else k: v for k, v in given.items() if not is_unknown(v)}
    if "row" in filled and not wanted:
        answer = filled["row"]
        found = tuple(r for r in sheet.rows if r["id"] in answer.options)
        item = ItemResult(
            "row", sheet.title, answer.options, tuple(str(r.get("label", r["id"])) for r in found), None, None,
            answer.given, answer.how, answer.field, answer.words,
        )  # fmt: skip
        return Result(sheet, items=(item,), rows=found, notes=(answer.how,))
    found = tuple(r for r in sheet.rows if all(_has(r.get(k), v) for k, v in wanted.items()))
    if not found:
        raise UsageError(_no_row(sheet, wanted))
    return Result(sheet, rows=found)


def _has(cell: Any, value: Any) -> bool:
    cells = cell if isinstance(cell, list) else [cell]
    return any(str(c).casefold() == str(value).casefold() for c in cells)


def _no_row(sheet: TableSheet, wanted: Mapping[str, Any]) -> str:
    column, value = next(iter(wanted.items()))
    cells = [
        c
        for r in sheet.rows
        if column in r
        for c in (r[column] if isinstance(r[column], list) else [r[column]])
    ]
    there = list(dict.fromkeys(str(c) for c in cells if not isinstance(c, dict)))
    return f"{sheet.id} has no row with {column} {value}; there are {', '.join(there)}{closest(str(value), there)}"


def _mapped(sheet: TableSheet, given: Mapping[str, Any]) -> Result:
    """A value on the other scale by one map, or by all where none is named."""
    name = given.get("map")
    if name is not None and name not in maps():
        raise UsageError(
            f"there is no map {name}; the maps are {', '.join(maps())}{closest(str(name), maps())}"
        )
    scales = [s for s in ("kps", "ecog") if s in given]
    if len(scales) != 1:
        raise UsageError(f"{sheet.id} takes kps=… or ecog=…, and map=… (one of {', '.join(maps())})")
    scale = scales[0]
    value = _whole(scale, given[scale])
    rows = tuple(_row(one, scale, value) for one in ([name] if name else maps()))
    other = "ecog" if scale == "kps" else "kps"
    every = sorted({v for r in rows for v in r[other]})
    notes = (
        () if name else (f"{len(rows)} maps, none chosen; together they say {other.upper()} {_or(every)}",)
    )
    if not every:
        raise UsageError(f"no map holds {scale.upper()} {value}; KPS are multiples of 10 to 100, ECOG 0 to 5")
    return Result(sheet, rows=rows, notes=notes)


def _row(name: str, scale: str, value: int) -> dict[str, Any]:
    table = maps()[name]
    if scale == "kps":
        return {"map": name, "kps": value, "ecog": [n for n, kps in table.items() if value in kps]}
    return {"map": name, "ecog": value, "kps": list(table.get(value, ()))}


def _whole(scale: str, value: Any) -> int:
    if not str(value).strip().isdecimal():
        raise UsageError(f"{scale}={value} is no whole number; KPS are multiples of 10 to 100, ECOG 0 to 5")
    return int(str(value))


def _or(values: Sequence[int]) -> str:
    return " or ".join(map(str, values))


def marker_of(sheet: TableSheet, name: str) -> str | None:
    """The panel's marker that a name means ("h-caldesmon" is h_caldesmon); `None` for one it does not hold."""
    plain = re.sub(r"[^a-z0-9]", "", name.casefold())
    for column, label in sheet.columns.items():
        _, _, also = label.partition(", also ")
        if plain in {re.sub(r"[^a-z0-9]", "", n.casefold()) for n in [column, *also.split(",")] if n}:
            return column
    return None


def agreement(expected: str, sign: str) -> str:
    """Whether a marker's result agrees with what a row expects.

    Args:
        expected: As the sheet writes it ("+", "- (may be focal)", "usually -", "+/-").
        sign: "+" or "-".

    Returns:
        "agrees", "against", "open" where both occur, or "unusual" where the other is only usual.

    Example:
        >>> [agreement(e, "-") for e in ("+", "-", "+/-", "+ (most)", "usually +")]
        ['against', 'agrees', 'open', 'unusual', 'unusual']
    """
    signs = set(re.findall(r"[+-](?!\w)", expected.split("(")[0])) or {"-"} & {expected[:1]}
    if "lost" in expected:
        signs = {"-"}
    if len(signs) != 1 or re.search(r"\b(?:may be|focal or)\b", expected.split("(")[0]):
        return "open"
    if sign in signs:
        return "agrees"
    return "unusual" if re.search(r"usual|most|many|\d|focal|except", expected) else "against"


def _panel(sheet: TableSheet, given: Mapping[str, Any], filled: Mapping[str, Answer]) -> Result:
    """How each row of a panel agrees with the markers tested; an untested marker is unknown, never negative."""
    tested = {k: a for k, a in filled.items() if a.options} | {
        k: Answer(str(v), (_sign(k, v),)) for k, v in given.items() if not is_unknown(v)
    }
    items = tuple(
        ItemResult(k, f"{k} [marker]", a.options, a.options, None, None, a.given, a.how, a.field, a.words)
        for k, a in tested.items()
    )  # fmt: skip
    rows = tuple(_compared(sheet, row, {k: a.options[0] for k, a in tested.items()}) for row in sheet.rows)
    untested = tuple(
        c for c in sheet.columns if c not in tested and any(c in r for r in sheet.rows) and _marks(sheet, c)
    )
    notes = () if tested else ("no marker of the panel was given",)
    return Result(sheet, items=items, missing=untested, rows=rows, notes=notes)


def _marks(sheet: TableSheet, column: str) -> bool:
    return sheet.columns[column].startswith("marker")


def _sign(marker: str, value: Any) -> str:
    folded = str(value).strip().casefold()
    if folded in ("+", "positive", "pos", "yes", "true"):
        return "+"
    if folded in ("-", "−", "negative", "neg", "no", "false", "lost"):
        return "-"
    raise UsageError(f"{marker}={value} is not understood; a marker takes + or - (or unknown)")


def _compared(sheet: TableSheet, row: Mapping[str, Any], tested: Mapping[str, str]) -> dict[str, Any]:
    told = {m: agreement(str(row[m]), sign) for m, sign in tested.items() if m in row}
    against = [m for m, t in told.items() if t == "against"]
    unusual = [m for m, t in told.items() if t == "unusual"]
    agrees = [m for m, t in told.items() if t == "agrees"]
    verdict = "argued against" if against else "compatible" if told else "not told"
    return {
        "row": row["id"], "dx": row["dx"], "verdict": verdict, "agrees": agrees, "against": against,
        "unusual": unusual, "silent": [m for m in tested if m not in row], "note": row.get("note", ""),
    }  # fmt: skip
