"""What a sheet has to satisfy beyond its schema: bands without gaps, reachable ranges, worked cases that come out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from spondyl.record import SheetError, UsageError
from spondyl.score.engine import asked_of, compute
from spondyl.score.expr import names
from spondyl.score.model import (
    Asked,
    Band,
    BandsOnly,
    Citation,
    Criteria,
    Formula,
    Sheet,
    SumSheet,
    TableSheet,
    TreeSheet,
    Worked,
)
from spondyl.score.result import Result
from spondyl.score.scales import SCALES, Range, ranges
from spondyl.score.sums import reachable
from spondyl.score.trees import combinations, follow

__all__ = ["check", "differs"]

RESERVED = ("case", "list", "new", "show")
_TOLERANCE = 5e-4


class _Checker:
    """Raises the error of one file."""

    def __init__(self, sheet: Sheet, file: str) -> None:
        self.sheet, self.file = sheet, file

    def need(self, right: bool, key: str, what: str, mend: str) -> None:
        """Refuse the sheet where something is not right."""
        if not right:
            raise SheetError(self.file, key, what, mend)

    def once(self, ids: Iterable[str], key: str) -> None:
        """Ids stand once."""
        twice = [i for i, n in Counter(ids).items() if n > 1]
        self.need(not twice, key, f"{', '.join(twice)} stands twice", "give each its own id")


def check(sheet: Sheet, file: str) -> None:
    """Refuse a sheet that contradicts itself.

    Args:
        sheet: The sheet.
        file: Its file's name.

    Raises:
        SheetError: With the file, the key and the mend.
    """
    to = _Checker(sheet, file)
    stem = file.removesuffix(".toml")
    to.need(sheet.id == stem, "id", f"is {sheet.id}", f'name it like its file: id = "{stem}"')
    to.need(sheet.id not in RESERVED, "id", f"{sheet.id} is a command", "choose another id")
    _sources(to, sheet)
    for asked in asked_of(sheet):
        _asked(to, asked)
    match sheet:
        case SumSheet():
            _sum(to, sheet)
        case TreeSheet():
            _tree(to, sheet)
        case Formula() | Criteria():
            _expressions(to, sheet)
        case TableSheet():
            _table(to, sheet)
        case BandsOnly():
            _contiguous(to, sheet.bands, *sheet.range)
    for number, worked in enumerate(sheet.worked, 1):
        _worked(to, sheet, number, worked)


def _sources(to: _Checker, sheet: Sheet) -> None:
    to.once((c.id for c in sheet.citations), "citations")
    to.need(bool(sheet.citations), "citations", "there are none", "name at least one source")
    for one in sheet.citations:
        to.need(
            _traceable(one),
            f"citations.{one.id}",
            "has no source",
            "add authors, journal, doi, pmid, url or site",
        )
    doubtful = "D" in (sheet.evidence.items, sheet.evidence.bands) and sheet.kind != "bands_only"
    to.need(
        not doubtful or sheet.status == "unverified", "status", f"is {sheet.status} with evidence D",
        "set status = \"unverified\", or read the source and grade it anew",
    )  # fmt: skip
    for number, worked in enumerate(sheet.worked, 1):
        told = worked.kind != "published" or worked.source
        to.need(
            bool(told),
            f"worked.{number}.source",
            "a published case has no source",
            "say where it was published",
        )


def _traceable(one: Citation) -> bool:
    return any((one.authors, one.journal, one.doi, one.pmid, one.url, one.site))


def _asked(to: _Checker, asked: Asked) -> None:
    key = f"items.{asked.id}"
    to.once((o.id for o in asked.options), f"{key}.options")
    ids = {o.id for o in asked.options}
    case = {**asked.case.values, **asked.case.doubt} if asked.case else {}
    for word, options in [*asked.words.items(), *case.items()]:
        many = [options] if isinstance(options, str) else options
        wrong = [o for o in many if o not in ids]
        to.need(
            not wrong,
            f"{key}.words.{word}",
            f"names no answer: {', '.join(wrong)}",
            f"use {', '.join(sorted(ids))}",
        )
    covers = [o for o in asked.options if o.at]
    to.need(not asked.scale or asked.scale in SCALES, f"{key}.scale", f"{asked.scale} is no scale",
            f"use one of {', '.join(SCALES)}")  # fmt: skip
    to.need(bool(asked.scale) or not covers, key, "answers have `at` without a scale", "name the scale")
    if asked.scale and covers:
        _covers(to, asked, key)


def _covers(to: _Checker, asked: Asked, key: str) -> None:
    """What answers cover on the scale can be read and does not overlap."""
    scale = SCALES[asked.scale]
    seen: dict[str, str] = {}
    stretches: list[tuple[Range, str]] = []
    for option in asked.options:
        here = f"{key}.options.{option.id}.at"
        try:
            if scale.kind == "number":
                mine = [(r, option.id) for r in ranges(option.at)] if option.at else []
                clash = [o for r, _ in mine for s, o in stretches if r.meets(s)]
                stretches += mine
            else:
                split = [c.strip() for c in option.at.split(",")] if option.at else []
                values = scale.covers(option.at) if scale.kind == "ordered" and option.at else split
                clash = [seen[v] for v in values if v in seen]
                seen |= dict.fromkeys(values, option.id)
        except ValueError as error:
            raise SheetError(
                to.file, here, f"{option.at!r}: {error}", 'write "10..40", "<50" or names of the scale'
            ) from error
        to.need(not clash, here, f"overlaps with {', '.join(clash)}", "let each value belong to one answer")


def _contiguous(to: _Checker, bands: Sequence[Band], low: int, high: int) -> None:
    to.once((b.id for b in bands), "bands")
    ordered = sorted(bands, key=lambda b: b.min)
    for band in ordered:
        to.need(
            band.min <= band.max,
            f"bands.{band.id}",
            f"ends ({band.max}) before it begins ({band.min})",
            "swap them",
        )
    for a, b in pairwise(ordered):
        to.need(
            b.min > a.max, f"bands.{b.id}", f"overlaps with {a.id} at {b.min}", f"begin it at {a.max + 1}"
        )
        to.need(b.min == a.max + 1, f"bands.{b.id}", f"leaves a gap after {a.id}, which ends at {a.max}",
                f"begin it at {a.max + 1}")  # fmt: skip
    ends = (ordered[0].min, ordered[-1].max)
    to.need(
        ends == (low, high),
        "bands",
        f"go from {ends[0]} to {ends[1]}",
        f"let them span the range {low} to {high}",
    )


def _sum(to: _Checker, sheet: SumSheet) -> None:
    to.once((i.id for i in sheet.items), "items")
    clash = [i.id for i in sheet.items if i.id in RESERVED]
    to.need(not clash, "items", f"{', '.join(clash)} is a reserved name", "choose another id")
    totals = reachable(([o.points for o in i.options] for i in sheet.items), sheet.cap)
    ends = [min(totals), max(totals)]
    to.need(
        sheet.range == ends,
        "range",
        f"is {sheet.range}, but totals reach {ends}",
        f"set range = {ends}, or mend the points",
    )
    _contiguous(to, sheet.bands, *sheet.range)
    for band in sheet.bands:
        reached = any(band.min <= t <= band.max for t in totals)
        to.need(
            reached, f"bands.{band.id}", "no total reaches it", "join it to a neighbour, or mend the points"
        )


def _tree(to: _Checker, sheet: TreeSheet) -> None:
    to.once((i.id for i in sheet.inputs), "inputs")
    grades = {g.id for g in sheet.grades}
    for number, rule in enumerate([*sheet.rules, *sheet.adds], 1):
        for name, wanted in rule.when.items():
            known = {o.id for i in sheet.inputs if i.id == name for o in i.options}
            wrong = set([wanted] if isinstance(wanted, str) else wanted) - known
            to.need(not wrong, f"rules.{number}.when.{name}", f"{', '.join(sorted(wrong))} is no answer of {name}",
                    f"use {', '.join(sorted(known)) or 'an input of the sheet'}")  # fmt: skip
    for number, rule in enumerate(sheet.rules, 1):
        to.need(
            rule.then in grades,
            f"rules.{number}.then",
            f"{rule.then} is no grade",
            f"use {', '.join(sorted(grades))}",
        )
    lost = next((c for c in combinations(sheet.inputs, {}) if follow(sheet.rules, c) is None), None)
    to.need(lost is None, "rules", f"none holds for {lost}", "add a rule for it")


def _expressions(to: _Checker, sheet: Formula | Criteria) -> None:
    known = {i.id for i in sheet.inputs}
    to.once((i.id for i in sheet.inputs), "inputs")
    if isinstance(sheet, Formula):
        texts = {f"outputs.{o.id}": o.expr for o in sheet.outputs}
        texts |= {f"require.{n}": r.test for n, r in enumerate(sheet.require, 1)}
        texts |= {"banded": sheet.banded} if sheet.banded else {}
        adopted = [c.id for c in sheet.cut_points if c.adopted]
        to.need(
            len(adopted) == bool(sheet.cut_points),
            "cut_points",
            f"adopted: {adopted or 'none'}",
            "adopt exactly one",
        )
        if sheet.bands:
            _contiguous(to, sheet.bands, sheet.bands[0].min, sheet.bands[-1].max)
    else:
        texts = {f"criteria.{c.id}": c.test for c in sheet.criteria}
    for key, text in texts.items():
        try:
            lacking = names(text) - known
        except ValueError as error:
            raise SheetError(to.file, key, str(error), "write it with + - * / and comparisons") from error
        to.need(
            not lacking,
            key,
            f"names no input: {', '.join(sorted(lacking))}",
            f"use {', '.join(sorted(known))}",
        )


def _table(to: _Checker, sheet: TableSheet) -> None:
    to.need(all("id" in r for r in sheet.rows), "rows", "a row has no id", "give every row an id")
    to.once((str(r["id"]) for r in sheet.rows), "rows")
    for row in sheet.rows:
        unknown = set(row) - set(sheet.columns) - {"id"}
        to.need(not unknown, f"rows.{row['id']}", f"unknown key {', '.join(sorted(unknown))}",
                "add it to columns, or take it out")  # fmt: skip


def _worked(to: _Checker, sheet: Sheet, number: int, worked: Worked) -> None:
    try:
        found = differs(compute(sheet, worked.given), worked.expect)
    except UsageError as error:
        raise SheetError(to.file, f"worked.{number}", str(error), "mend the case or the items") from error
    to.need(not found, f"worked.{number}", found, "mend the case, or the points that lead elsewhere")


def differs(result: Result, expect: Mapping[str, Any]) -> str:
    """How a result differs from what a worked case expects; "" where it does not.

    Args:
        result: The result.
        expect: Any of total, low, high, band, grade, rank, fired, refused, the outputs of a formula, the rows
            of a table that have to be compatible or excluded, the value of a map.
    """
    got = {name: _got(result, name) for name in expect}
    wrong = [
        f"{n} is {got[n]!r}, expected {want!r}" for n, want in expect.items() if not _same(n, got[n], want)
    ]
    return "; ".join(wrong)


def _got(result: Result, name: str) -> Any:
    band = result.band
    simple: dict[str, Any] = {
        "total": result.total, "low": result.low, "high": result.high,
        "band": band.id if band else "undetermined", "grade": band.id if band else None,
        "rank": getattr(band, "rank", None), "meaning": band.meaning if band else None,
        "fired": list(result.fired or ()), "refused": bool(result.refused), "missing": list(result.missing),
        "possible": [b.id for b in result.possible],
        "compatible_includes": [r["row"] for r in result.rows if r.get("verdict") == "compatible"],
        "excluded_includes": [r["row"] for r in result.rows if r.get("verdict") == "argued against"],
        "ecog": " or ".join(str(v) for r in result.rows for v in r.get("ecog", ()) if result.rows),
        "rows": [r.get("id", r.get("row")) for r in result.rows],
    }  # fmt: skip
    return result.outputs.get(name) if name in result.outputs else simple.get(name)


def _same(name: str, got: Any, want: Any) -> bool:
    if name.endswith("_includes"):
        return set(want) <= set(got)
    if isinstance(want, float | int) and not isinstance(want, bool) and isinstance(got, float):
        return math.isclose(got, want, abs_tol=_TOLERANCE)
    return bool(got == want)
