"""One patient, one sheet: what was given goes in, a result comes out; every kind of sheet has its way here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from spondyl.record import UsageError
from spondyl.score.answers import Answer, closest, understand
from spondyl.score.lookup import look_up
from spondyl.score.measures import check_criteria, compute_formula
from spondyl.score.model import (
    Asked,
    BandsOnly,
    Choice,
    Criteria,
    Formula,
    GradeSheet,
    Sheet,
    SumSheet,
    TableSheet,
    TreeSheet,
)
from spondyl.score.result import UNVERIFIED, ItemResult, Result
from spondyl.score.sums import band_of, result_of, total_items
from spondyl.score.trees import grow

__all__ = ["asked_of", "compute", "inputs_of"]


def compute(sheet: Sheet, given: Mapping[str, Any], filled: Mapping[str, Answer] | None = None) -> Result:
    """Score what was given.

    Args:
        sheet: The sheet.
        given: For each item, its answer as `understand` takes it, or a number where the sheet asks for one.
        filled: Answers that a case record gave; what was typed stands before them.

    Returns:
        The result; where the sheet refuses, with the reason and without a band.

    Raises:
        UsageError: An item is unknown, or what was given for one is not understood.
    """
    known = inputs_of(sheet)
    for name in given:
        if name not in known:
            raise UsageError(
                f"{sheet.id} has no item {name}; its items are {', '.join(known)}{closest(name, known)}"
            )
    result = _computed(sheet, given, filled or {})
    return replace(result, notes=(*_doubts(sheet), *result.notes))


def _computed(sheet: Sheet, given: Mapping[str, Any], filled: Mapping[str, Answer]) -> Result:
    match sheet:
        case SumSheet():
            answers = _answers(sheet.items, given, filled)
            return total_items(sheet, [result_of(i, answers[i.id]) for i in sheet.items])
        case GradeSheet():
            return _graded(sheet, _answers(asked_of(sheet), given, filled)["grade"])
        case TreeSheet():
            return grow(sheet, _answers(sheet.inputs, given, filled))
        case Formula():
            return compute_formula(sheet, given)
        case Criteria():
            return check_criteria(sheet, given)
        case TableSheet():
            return look_up(sheet, given, filled)
        case BandsOnly():
            return _banded(sheet, given)


def asked_of(sheet: Sheet) -> Sequence[Asked]:
    """The questions of a sheet that have a closed list of answers."""
    match sheet:
        case SumSheet():
            return sheet.items
        case TreeSheet():
            return sheet.inputs
        case GradeSheet():
            options = [Choice(id=g.id, label=g.label) for g in sheet.grades]
            about = {"words": sheet.words, "case": sheet.case}
            return [Asked(id="grade", question=sheet.title, options=options, **about)]  # type: ignore[arg-type]
    return ()


def inputs_of(sheet: Sheet) -> tuple[str, ...]:
    """Ids of everything that can be given to a sheet."""
    match sheet:
        case Formula() | Criteria():
            extra = ("cut_points",) if isinstance(sheet, Formula) and sheet.cut_points else ()
            return (*(i.id for i in sheet.inputs), *extra)
        case TableSheet():
            return tuple(
                dict.fromkeys(("row", *sheet.columns, *(("kps", "ecog", "map") * (sheet.lookup == "map"))))
            )
        case BandsOnly():
            return ("total",)
    return tuple(a.id for a in asked_of(sheet))


def _answers(
    asked: Iterable[Asked], given: Mapping[str, Any], filled: Mapping[str, Answer]
) -> dict[str, Answer]:
    """An answer an item: what was typed, else what the record says, else none."""
    return {
        a.id: understand(a, given[a.id]) if a.id in given else filled.get(a.id, Answer("")) for a in asked
    }


def _doubts(sheet: Sheet) -> tuple[str, ...]:
    """What has to be said with every result of a sheet."""
    out = []
    if isinstance(sheet, BandsOnly):
        out.append("unverified: the points of its items; its bands are published")
    elif "D" in (sheet.evidence.items, sheet.evidence.bands) or sheet.status == "unverified":
        out.append(UNVERIFIED)
    if sheet.unverified:
        out.append(f"not verified: {'; '.join(sheet.unverified)}")
    return (*out, *sheet.notes)


def _graded(sheet: GradeSheet, answer: Answer) -> Result:
    grades = tuple(g for g in sheet.grades if g.id in answer.options)
    item = ItemResult(
        "grade", sheet.title, tuple(g.id for g in grades), tuple(g.label for g in grades), None, None,
        answer.given, answer.how, answer.field, answer.words,
    )  # fmt: skip
    if len(grades) == 1:
        return Result(sheet, band=grades[0], possible=grades, items=(item,))
    many = f"{answer.given} names several grades" if grades else "the grade is missing"
    which = ", ".join(g.id for g in grades or sheet.grades)
    refused = f"{sheet.id}: {many}; name one: grade={which}"
    return Result(sheet, possible=grades, items=(item,), missing=("grade",), refused=refused)


def _banded(sheet: BandsOnly, given: Mapping[str, Any]) -> Result:
    """The band of a total that was computed elsewhere; never a total of ours."""
    why = (
        f"{sheet.id} cannot be computed: its bands are published, the points of its items "
        f"({', '.join(sheet.factors)}) were not found in a source that could be read"
    )
    if "total" not in given:
        return Result(
            sheet, missing=tuple(sheet.factors), refused=f"{why}; give a total read elsewhere: total=…"
        )
    low, high = sheet.range
    text = str(given["total"])
    if re.fullmatch("-?[0-9]+", text) is None or not low <= int(text) <= high:
        raise UsageError(
            f"total={text} is out of range; {sheet.id} takes a whole number from {low} to {high}"
        )
    total = int(text)
    band = band_of(sheet.bands, total)
    possible = (band,) if band else ()
    note = "the total is as given; only its band was looked up"
    return Result(sheet, total, total, band=band, possible=possible, notes=(note,))
