"""A sum sheet as one expression over a table's columns: all rows at once, missing values as intervals.

Each item becomes one conditional whose value packs four counts into one integer: least points, most points, missing,
not understood. Adding the items' integers adds all four at once; at the end they are taken apart again.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from spondyl.record import UsageError
from spondyl.score.answers import closest, covered, understand
from spondyl.score.model import Asked, Item, SumSheet
from spondyl.score.scales import UNKNOWN, Range, ranges, scale_of

__all__ = ["Column", "Words", "choose", "coded", "columns_of", "sum_expressions"]

Words = Mapping[str, tuple[str, ...]]
"""Further texts of a column → the answers they leave possible."""
_STEP = 1024
"""Room for each of the four counts in the packed integer: a power of two, so that dividing by it is exact."""


@dataclass(frozen=True)
class Column:
    """The column that answers a question.

    Args:
        name: Its name.
        kind: "text", "number", "truth" or "other".
        words: Further texts that are understood in it.
    """

    name: str
    kind: str
    words: Words


def columns_of(
    sheet: str, ids: Iterable[str], there: Mapping[str, str], named: Mapping[str, str]
) -> dict[str, str]:
    """Which column answers which question: the one named for it, else SHEET.ITEM, SHEET_ITEM or ITEM.

    Args:
        sheet: The sheet's id.
        ids: The questions.
        there: The table's columns and what they hold.
        named: Question → column, as the user says.

    Raises:
        UsageError: A column that is named is not there.
    """
    found: dict[str, str] = {}
    for one in ids:
        if one in named and named[one] not in there:
            near = closest(named[one], there)
            raise UsageError(f"the table has no column {named[one]}; it has {', '.join(there)}{near}")
        tried = [named[one]] if one in named else [f"{sheet}.{one}", f"{sheet}_{one}", one]
        if column := next((name for name in tried if name in there), None):
            found[one] = column
    return found


def choose(cases: Sequence[tuple[nw.Expr, Any]], otherwise: Any) -> Any:
    """The value of the first case that holds.

    Args:
        cases: Conditions and values.
        otherwise: The value where none holds.
    """
    out = otherwise
    for condition, value in reversed(cases):
        out = nw.when(condition).then(value).otherwise(out)
    return out


def _packed(low: int, high: int, missing: int = 0, unread: int = 0) -> Any:
    return nw.lit(low + _STEP * (high + _STEP * (missing + _STEP * unread)), dtype=nw.Int64)


def coded(asked: Asked, column: Column, value_of: Any) -> Any:
    """One conditional over a column: an answer's value, or that of several, of none, or of a text not understood.

    Args:
        asked: The question.
        column: The column.
        value_of: Answers still possible → value; told `None` for what is not known and "" for what is not understood.
    """
    match column.kind:
        case "text":
            return _of_text(asked, column, value_of)
        case "number":
            return _of_number(asked, nw.col(column.name).cast(nw.Float64), value_of, nan=True)
        case "truth":
            return _of_truth(asked, column, value_of)
    return choose([(nw.col(column.name).is_null(), value_of(None))], value_of(""))


def _of_text(asked: Asked, column: Column, value_of: Any) -> Any:
    """What is missing first; then answers' own ids, as they stand; then all further words, without regard to case."""
    raw = nw.col(column.name)
    plain = raw.str.strip_chars().str.to_lowercase()
    cases = [(raw.is_null(), value_of(None))] + [(raw == o.id, value_of((o.id,))) for o in asked.options]
    groups: dict[tuple[str, ...] | None, list[str]] = {}
    known = {**covered(asked), **{w.casefold(): o for w, o in column.words.items()}}
    for word, options in known.items():
        groups.setdefault(options or None, []).append(word)
    groups.setdefault(None, []).extend(w for w in UNKNOWN if w not in known)
    cases += [(plain.is_in(sorted(words)), value_of(options)) for options, words in groups.items()]
    scale = scale_of(asked.scale)
    rest = value_of("")
    if scale and scale.kind == "number" and not scale.points():
        number = raw.cast(nw.Float64)
        rest = choose(
            [(plain.str.contains(r"^[0-9]{1,9}(\.[0-9]{1,9})?$"), _of_number(asked, number, value_of))],
            value_of(""),
        )
    return choose(cases, rest)


def _of_number(asked: Asked, number: Any, value_of: Any, nan: bool = False) -> Any:
    """Answers whose name is that number, then the stretches of the scale."""
    cases = [(number.is_null(), value_of(None))]
    if nan:
        cases.append((number.is_nan(), value_of(None)))
    named = {w: o for w, o in covered(asked).items() if _is_number(w)}
    cases += [(number == float(word), value_of(options)) for word, options in named.items()]
    scale = scale_of(asked.scale)
    if scale is None or scale.kind != "number":
        return choose(cases, value_of(""))
    cases.append(((number < scale.min) | (number > scale.max), value_of("")))
    if scale.step:
        cases.append((number % scale.step != 0, value_of("")))
    for option in asked.options:
        cases += [
            (_within(number, r), value_of((option.id,))) for r in (ranges(option.at) if option.at else ())
        ]
    return choose(cases, value_of(""))


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdecimal()


def _within(number: Any, stretch: Range) -> Any:
    low = number > stretch.low if stretch.low_open else number >= stretch.low
    high = number < stretch.high if stretch.high_open else number <= stretch.high
    if not math.isfinite(stretch.low):
        return high
    return low & high if math.isfinite(stretch.high) else low


def _of_truth(asked: Asked, column: Column, value_of: Any) -> Any:
    raw = nw.col(column.name)
    try:
        yes, no = (value_of(understand(asked, word).options) for word in ("yes", "no"))
    except UsageError:
        yes = no = value_of("")
    return choose([(raw.is_null(), value_of(None)), (raw, yes)], no)


def _item(item: Item, column: Column | None) -> Any:
    points = {o.id: o.points for o in item.options}
    least = min(points.values())

    def value_of(options: tuple[str, ...] | str | None) -> Any:
        if not options:
            return _packed(0, max(points.values()) - least, 1, int(options == ""))
        left = [points[o] - least for o in options]
        return _packed(min(left), max(left), int(len(options) > 1))

    return coded(item, column, value_of) if column else value_of(None)


def sum_expressions(sheet: SumSheet, columns: Mapping[str, Column], prefix: str) -> list[list[nw.Expr]]:
    """The columns that a sum sheet adds to a table, in steps, each built on the one before.

    Args:
        sheet: The sheet.
        columns: Item → column; an item without one is missing in every row.
        prefix: Before the names of the new columns.

    Returns:
        Lists of expressions: PREFIX_total, _low, _high, _band, _missing (how many items are open), _unread (how many
        cells were not understood and count as missing); names that begin with "__" are scaffolding.
    """
    parts = [_item(i, columns.get(i.id)) for i in sheet.items]
    base = sum(min(o.points for o in i.options) for i in sheet.items)
    names = ("low", "high", "missing")
    steps = [[functools.reduce(operator.add, parts).alias(f"__{prefix}_low")]]
    for name, rest in zip(names, (*names[1:], "unread"), strict=True):
        above = (nw.col(f"__{prefix}_{name}") * (1 / _STEP)).floor().cast(nw.Int64)
        steps.append([above.alias(f"__{prefix}_{rest}")])
    ends = {n: nw.col(f"__{prefix}_{n}") for n in (*names, "unread")}
    ends = {
        "low": ends["low"] - ends["high"] * _STEP + base, "high": ends["high"] - ends["missing"] * _STEP + base,
        "missing": ends["missing"] - ends["unread"] * _STEP, "unread": ends["unread"],
    }  # fmt: skip
    steps.append([value.cast(nw.Int16).alias(f"{prefix}_{name}") for name, value in ends.items()])
    if sheet.cap is not None:
        capped = {f"{prefix}_{e}": nw.col(f"{prefix}_{e}") for e in ("low", "high")}
        steps.append(
            [nw.when(c > sheet.cap).then(nw.lit(sheet.cap)).otherwise(c).alias(e) for e, c in capped.items()]
        )
    low, high = nw.col(f"{prefix}_low"), nw.col(f"{prefix}_high")
    bands = [((low >= b.min) & (high <= b.max), nw.lit(b.id)) for b in sheet.bands]
    none = nw.lit(None, dtype=nw.String)
    total = nw.when(low == high).then(low).alias(f"{prefix}_total")
    return [*steps, [total, choose(bands, none).alias(f"{prefix}_band")]]
