"""Trees, grades, formulas, criteria and bands as expressions over a table's columns."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from spondyl.score.compiled import Column, choose, coded
from spondyl.score.engine import asked_of
from spondyl.score.expr import evaluate, names
from spondyl.score.model import (
    Asked,
    Band,
    BandsOnly,
    Criteria,
    Formula,
    GradeSheet,
    Measure,
    Rule,
    Sheet,
    TreeSheet,
)
from spondyl.score.scales import UNKNOWN

__all__ = ["rule_expressions"]

Steps = list[list[Any]]
_NUMBER = r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$"
_UNREAD = "\x00"


def rule_expressions(sheet: Sheet, columns: Mapping[str, Column]) -> Steps:
    """The columns that a sheet adds to a table, in steps; a row that a sheet refuses has none of its results.

    Args:
        sheet: A tree, grade, formula, criteria or bands sheet.
        columns: Input → column.
    """
    match sheet:
        case TreeSheet() | GradeSheet():
            return _graded(sheet, columns)
        case Formula():
            return _formula(sheet, columns)
        case Criteria():
            return _criteria(sheet, columns)
        case BandsOnly():
            total = Measure(
                id="total", label="total", unit="points", min=sheet.range[0], max=sheet.range[1], whole=True
            )
            steps = _numbers(sheet.id, [total], columns)
            band = _banded(sheet.bands, nw.col(f"__{sheet.id}_total")).alias(f"{sheet.id}_band")
            return [*steps, [band], _counts(sheet.id, ["total"], columns)]
    raise ValueError(f"{sheet.id} is no sheet for tables")


def _answer(asked: Asked, column: Column | None) -> Any:
    """The one answer of a column, null where it is open, a mark where it is not understood."""

    def value_of(options: tuple[str, ...] | str | None) -> Any:
        if options == "":
            return nw.lit(_UNREAD)
        return nw.lit(options[0]) if options and len(options) == 1 else nw.lit(None, dtype=nw.String)

    return coded(asked, column, value_of) if column else value_of(None)


def _graded(sheet: TreeSheet | GradeSheet, columns: Mapping[str, Column]) -> Steps:
    asked = asked_of(sheet)
    marks = [f"__{sheet.id}_{a.id}" for a in asked]
    first = [_answer(a, columns.get(a.id)).alias(m) for a, m in zip(asked, marks, strict=True)]
    known = [(~nw.col(m).is_null()) & (nw.col(m) != _UNREAD) for m in marks]
    all_known = functools.reduce(operator.and_, known)
    none = nw.lit(None, dtype=nw.String)
    if isinstance(sheet, TreeSheet):
        cases = [(_fits(sheet.id, rule), nw.lit(rule.then)) for rule in sheet.rules]
        grade = nw.when(all_known).then(choose(cases, none)).otherwise(none)
    else:
        grade = nw.when(all_known).then(nw.col(marks[0])).otherwise(none)
    open_items = functools.reduce(
        operator.add, (nw.when(k).then(nw.lit(0)).otherwise(nw.lit(1)) for k in known)
    )
    unread = functools.reduce(
        operator.add, (nw.when(nw.col(m) == _UNREAD).then(nw.lit(1)).otherwise(nw.lit(0)) for m in marks)
    )
    counts = [
        open_items.cast(nw.Int16).alias(f"{sheet.id}_missing"),
        unread.cast(nw.Int16).alias(f"{sheet.id}_unread"),
    ]
    return [first, [grade.alias(f"{sheet.id}_band"), *counts]]


def _fits(prefix: str, rule: Rule) -> Any:
    tests = [nw.col(f"__{prefix}_{k}").is_in([w] if isinstance(w, str) else w) for k, w in rule.when.items()]
    return functools.reduce(operator.and_, tests) if tests else nw.lit(True)


def _numbers(prefix: str, inputs: Sequence[Measure], columns: Mapping[str, Column]) -> Steps:
    """The inputs as numbers or truth values, null where they are missing, out of range or no number."""
    return [[_number(i, columns.get(i.id)).alias(f"__{prefix}_{i.id}") for i in inputs]]


def _number(measure: Measure, column: Column | None) -> Any:
    truth = measure.unit == "bool"
    none = nw.lit(None, dtype=nw.Boolean if truth else nw.Float64)
    if column is None:
        return nw.lit(False) if measure.optional else none
    raw = nw.col(column.name)
    if truth:
        return _truth(raw, column, none)
    value = raw.cast(nw.Float64)
    if column.kind == "text":
        plain = raw.str.strip_chars()
        value = nw.when(plain.str.contains(_NUMBER)).then(plain.cast(nw.Float64)).otherwise(none)
    tests = [] if measure.min is None else [value >= measure.min]
    tests += [] if measure.max is None else [value <= measure.max]
    tests += [value % 1 == 0] if measure.whole else []
    return nw.when(functools.reduce(operator.and_, tests)).then(value).otherwise(none) if tests else value


def _truth(raw: Any, column: Column, none: Any) -> Any:
    if column.kind == "truth":
        return raw
    plain = (
        raw.str.strip_chars().str.to_lowercase()
        if column.kind == "text"
        else raw.cast(nw.Int64).cast(nw.String)
    )
    yes, no = plain.is_in(["yes", "y", "true", "1"]), plain.is_in(["no", "n", "false", "0"])
    return choose([(yes, nw.lit(True)), (no, nw.lit(False))], none)


def _counts(prefix: str, ids: Sequence[str], columns: Mapping[str, Column]) -> list[Any]:
    """How many inputs are missing, and how many cells hold something that is no value of theirs."""
    nulls = {
        i: nw.when(nw.col(f"__{prefix}_{i}").is_null()).then(nw.lit(1)).otherwise(nw.lit(0)) for i in ids
    }
    missing = functools.reduce(operator.add, nulls.values())
    bad = [nw.lit(0)]
    for one in ids:
        if one in columns:
            raw = nw.col(columns[one].name)
            said = ~raw.is_null()
            if columns[one].kind == "text":
                said = said & ~raw.str.strip_chars().str.to_lowercase().is_in(sorted(UNKNOWN))
            wrong = nw.col(f"__{prefix}_{one}").is_null() & said
            bad.append(nw.when(wrong).then(nw.lit(1)).otherwise(nw.lit(0)))
    unread = functools.reduce(operator.add, bad)
    return [
        missing.cast(nw.Int16).alias(f"{prefix}_missing"),
        unread.cast(nw.Int16).alias(f"{prefix}_unread"),
    ]


def _formula(sheet: Formula, columns: Mapping[str, Column]) -> Steps:
    values = {i.id: nw.col(f"__{sheet.id}_{i.id}") for i in sheet.inputs}
    none = nw.lit(None, dtype=nw.Float64)
    allowed = functools.reduce(
        operator.and_, [nw.lit(True), *(evaluate(r.test, values) for r in sheet.require)]
    )
    outputs = [
        nw.when(allowed).then(evaluate(o.expr, values)).otherwise(none).alias(f"{sheet.id}_{o.id}")
        for o in sheet.outputs
    ]
    bands = []
    if sheet.banded:
        banded = _banded(sheet.bands, evaluate(sheet.banded, values))
        bands = [
            nw.when(allowed).then(banded).otherwise(nw.lit(None, dtype=nw.String)).alias(f"{sheet.id}_band")
        ]
    ids = [i.id for i in sheet.inputs if not i.optional]
    return [*_numbers(sheet.id, sheet.inputs, columns), [*outputs, *bands], _counts(sheet.id, ids, columns)]


def _banded(bands: Sequence[Band], points: Any) -> Any:
    cases = [((points >= b.min) & (points <= b.max), nw.lit(b.id)) for b in bands]
    return choose(cases, nw.lit(None, dtype=nw.String))


def _criteria(sheet: Criteria, columns: Mapping[str, Column]) -> Steps:
    """One column a criterion: true, false, or null where an input it needs is missing."""
    values = {i.id: nw.col(f"__{sheet.id}_{i.id}") for i in sheet.inputs}
    fired = []
    for one in sheet.criteria:
        known = functools.reduce(operator.and_, [~values[n].is_null() for n in sorted(names(one.test))])
        none = nw.lit(None, dtype=nw.Boolean)
        fired.append(
            nw.when(known).then(evaluate(one.test, values)).otherwise(none).alias(f"{sheet.id}_{one.id}")
        )
    return [
        *_numbers(sheet.id, sheet.inputs, columns),
        fired,
        _counts(sheet.id, [i.id for i in sheet.inputs], columns),
    ]
