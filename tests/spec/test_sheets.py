"""Every score sheet: its worked cases come out, its totals are the same one by one and as a table, its page is fresh.

A new TOML file in the sheets' folder is tested by being there.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from house import ROOT, SRC
from spondyl import score, tables
from spondyl.record import UsageError
from spondyl.score.checks import differs
from spondyl.score.model import SumSheet, TreeSheet
from spondyl.score.reference import render

FILES = sorted((SRC / "score" / "sheets").glob("*.toml"))
SUMS = [f.stem for f in FILES if isinstance(score.load(f.stem), SumSheet)]
TREES = [f.stem for f in FILES if isinstance(score.load(f.stem), TreeSheet)]
DRAFTED = 53


def test_the_sheets_are_there() -> None:
    assert len(FILES) >= DRAFTED
    assert {f.stem for f in FILES} == set(score.names())
    assert {s.kind for s in score.sheets().values()} == {
        "sum", "grade", "tree", "formula", "criteria", "table", "bands_only",
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_worked_case_comes_out(file: Path) -> None:
    sheet = score.parse(file.read_text("utf-8"), file.name)
    for worked in sheet.worked:
        assert differs(score.compute(sheet, worked.given), worked.expect) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_output_says_what_is_not_verified(file: Path) -> None:
    sheet = score.load(file.stem)
    given = sheet.worked[0].given if sheet.worked else {}
    try:
        result = score.compute(sheet, given)
    except UsageError:
        return
    doubtful = sheet.status == "unverified" or sheet.kind == "bands_only"
    assert any("unverified" in note for note in result.notes) == doubtful
    assert result.as_dict()["evidence"]["unverified"] == doubtful


def combinations(sheet: SumSheet | TreeSheet) -> Iterator[tuple[str, ...]]:
    """All combinations of answers, "" for one that is missing."""
    yield from itertools.product(*([*(o.id for o in a.options), ""] for a in score.asked_of(sheet)))


def as_table(sheet: SumSheet | TreeSheet, place: Path) -> list[dict[str, object]]:
    """All combinations, scored as a table."""
    path = place / "all.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow([f"{sheet.id}.{a.id}" for a in score.asked_of(sheet)])
        rows.writerows(combinations(sheet))
    plan = score.plan_table([sheet], tables.scan(path))
    frame = plan.frame.select(*plan.added)
    return [dict(zip(plan.added, row, strict=True)) for row in tables.stream(plan.source, frame)]


@pytest.mark.parametrize("name", SUMS)
def test_all_totals_are_the_same_as_a_table(name: str, tmp_path: Path) -> None:
    sheet = score.load(name)
    assert isinstance(sheet, SumSheet)
    points = [{o.id: o.points for o in i.options} for i in sheet.items]
    cap = 10**6 if sheet.cap is None else sheet.cap
    for answers, row in zip(combinations(sheet), as_table(sheet, tmp_path), strict=True):
        low = min(cap, sum(p[a] if a else min(p.values()) for p, a in zip(points, answers, strict=True)))
        high = min(cap, sum(p[a] if a else max(p.values()) for p, a in zip(points, answers, strict=True)))
        bands = {b.id for b in sheet.bands if b.min <= high and low <= b.max}
        expected = [low, high, low if low == high else None, bands.pop() if len(bands) == 1 else None]
        got = [row[f"{name}_{column}"] for column in ("low", "high", "total", "band")]
        assert got == expected, answers
        assert row[f"{name}_missing"] == answers.count("")
        assert row[f"{name}_unread"] == 0


@pytest.mark.parametrize("name", SUMS)
def test_one_patient_and_a_table_agree(name: str, tmp_path: Path) -> None:
    """Each hundredth or so of all combinations, in both engines."""
    sheet = score.load(name)
    assert isinstance(sheet, SumSheet)
    ids = [i.id for i in sheet.items]
    every = list(zip(combinations(sheet), as_table(sheet, tmp_path), strict=True))
    for answers, row in every[:: max(1, len(every) // 60)]:
        one = score.compute(sheet, {i: a for i, a in zip(ids, answers, strict=True) if a})
        assert (one.low, one.high, one.total) == tuple(row[f"{name}_{c}"] for c in ("low", "high", "total"))
        assert (one.band.id if one.band else None) == row[f"{name}_band"]


@pytest.mark.parametrize("name", TREES)
def test_a_tree_leads_to_the_same_grade_as_a_table(name: str, tmp_path: Path) -> None:
    sheet = score.load(name)
    assert isinstance(sheet, TreeSheet)
    ids = [i.id for i in sheet.inputs]
    for answers, row in zip(combinations(sheet), as_table(sheet, tmp_path), strict=True):
        one = score.compute(sheet, {i: a for i, a in zip(ids, answers, strict=True) if a})
        assert (one.band.id if one.band else None) == row[f"{name}_band"], answers
        assert bool(one.refused) == ("" in answers)


def test_the_reference_page_is_what_the_sheets_say() -> None:
    page = (ROOT / "docs" / "scores.md").read_text("utf-8")
    assert page == render(), "run: python -m spondyl.score.reference > docs/scores.md"
