"""Scores of anything: totals stay in range, knowing more never widens, tables agree, and no text is misread."""

from __future__ import annotations

import contextlib
import csv
import functools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spondyl import score, tables
from spondyl.record import UsageError
from spondyl.score.model import SumSheet

SUMS = [s for s in score.sheets().values() if isinstance(s, SumSheet)]
QUIET = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def answered(draw: st.DrawFn) -> tuple[SumSheet, dict[str, Any]]:
    """A sum sheet and answers to some of its items, several possible for some."""
    sheet = draw(st.sampled_from(SUMS))
    out: dict[str, Any] = {}
    for item in sheet.items:
        ids = [o.id for o in item.options]
        chosen = draw(
            st.none() | st.sampled_from(ids) | st.lists(st.sampled_from(ids), min_size=1, unique=True)
        )
        if chosen is not None:
            out[item.id] = chosen
    return sheet, out


@QUIET
@given(answered())
def test_a_total_stays_in_its_range(case: tuple[SumSheet, dict[str, Any]]) -> None:
    sheet, answers = case
    result = score.compute(sheet, answers)
    assert result.low is not None
    assert result.high is not None
    assert sheet.range[0] <= result.low <= result.high <= sheet.range[1]
    assert (result.band is not None) == (len(result.possible) == 1)
    assert (result.total is None) == (result.low != result.high)
    assert set(result.missing) == {i.id for i in result.items if not i.settled}


@QUIET
@given(answered(), st.data())
def test_knowing_more_never_widens(case: tuple[SumSheet, dict[str, Any]], data: st.DataObject) -> None:
    sheet, answers = case
    before = score.compute(sheet, answers)
    if not before.missing:
        return
    item = data.draw(st.sampled_from(before.missing))
    left = next(i.options for i in before.items if i.id == item)
    choice = data.draw(st.sampled_from(left))
    after = score.compute(sheet, {**answers, item: choice})
    assert before.low <= after.low <= after.high <= before.high  # type: ignore[operator]
    assert {b.id for b in after.possible} <= {b.id for b in before.possible}
    question = next(q for q in before.find_out if q.id == item)
    assert tuple(b.id for b in after.possible) == question.bands[choice]


@QUIET
@given(st.sampled_from(sorted(score.names())), st.data(), st.text(max_size=30))
def test_any_text_is_understood_or_refused_with_an_answer(name: str, data: st.DataObject, text: str) -> None:
    sheet = score.load(name)
    item = data.draw(st.sampled_from(score.inputs_of(sheet)))
    with contextlib.suppress(UsageError):
        assert score.compute(sheet, {item: text}).as_dict()["sheet"] == name


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "",
            "NA",
            "C7",
            "d5",
            "T4-T5",
            " lytic ",
            "MECHANICAL",
            "KPS 70",
            "70",
            "Frankel D",
            "60%",
            "<50%",
            "3",
            "yes",
            "lung",
            "leiomyosarcoma",
            "1 2",
            "1e3",
            "-1",
            "0.5",
        ]
    ),
    st.sampled_from([o.id for s in SUMS for i in s.items for o in i.options]),
    st.integers(0, 120).map(str),
)


@functools.cache
def ids(name: str) -> tuple[str, ...]:
    return score.inputs_of(score.load(name))


@settings(QUIET, max_examples=25)
@given(st.sampled_from([s.id for s in SUMS]), st.data())
def test_a_table_of_anything_agrees_with_one_patient(tmp_path: Path, name: str, data: st.DataObject) -> None:
    cells = CELLS.filter(lambda c: not set(c) & set("\x00\r\n\"'|"))
    rows = data.draw(st.lists(st.tuples(*[cells] * len(ids(name))), min_size=1, max_size=5))
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["row", *ids(name)], *([n, *row] for n, row in enumerate(rows))])
    score.score_table([score.load(name)], source, out)
    with out.open(encoding="utf-8", newline="") as stream:
        scored = list(csv.DictReader(stream))
    for row, got in zip(rows, scored, strict=True):
        low, high = ends(name, row)
        assert (int(got[f"{name}_low"]), int(got[f"{name}_high"])) == (low, high), row


def ends(name: str, row: tuple[str, ...]) -> tuple[int | None, int | None]:
    """The one-patient engine's interval, cells that it does not understand being missing."""
    known: dict[str, str] = {}
    for item, cell in zip(ids(name), row, strict=True):
        try:
            score.compute(score.load(name), {item: cell})
        except UsageError:
            continue
        known[item] = cell
    result = score.compute(score.load(name), known)
    return result.low, result.high


def test_a_table_with_numbers_and_truths_agrees_with_one_patient(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    with tables.connect() as connection:
        connection.execute(
            "COPY (SELECT * FROM (VALUES (70, 2, true, 66.0), (80, NULL, false, 71.5), (75, 9, NULL, 'nan'::DOUBLE)) "
            f"AS t(general, vertebral, smoking, age)) TO '{path}' (FORMAT parquet)"
        )
    out = tmp_path / "out.parquet"
    done = score.score_table(
        [score.load(n) for n in ("tokuhashi_2005", "h2_fails", "mizumoto_2008")], path, out
    )
    written = tables.scan(out)
    names = (
        "tokuhashi_2005_low",
        "tokuhashi_2005_high",
        "h2_fails_low",
        "mizumoto_2008_low",
        "mizumoto_2008_high",
    )
    assert list(tables.stream(written, written.frame.select(*names))) == [
        (2, 13, 1, 0, 13), (2, 15, 0, 1, 14), (0, 13, 0, 0, 14),
    ]  # fmt: skip
    assert done.unread == {"tokuhashi_2005.general": {"75": 1}}


@pytest.mark.parametrize(
    "name", ["ajcc8_sts_retroperitoneum", "bed_eqd2", "ionm_alarm", "escc_bilsky", "lei_2016"]
)
def test_other_kinds_agree_with_one_patient(name: str, tmp_path: Path) -> None:
    sheet = score.load(name)
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    inputs = score.inputs_of(sheet)
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([inputs, *([w.given.get(i, "") for i in inputs] for w in sheet.worked)])
    score.score_table([sheet], source, out)
    with out.open(encoding="utf-8", newline="") as stream:
        scored = list(csv.DictReader(stream))
    for worked, row in zip(sheet.worked, scored, strict=True):
        result = score.compute(sheet, worked.given)
        if result.band:
            assert row[f"{name}_band"] == result.band.id
        for output, value in result.outputs.items():
            assert float(row[f"{name}_{output}"]) == pytest.approx(value)
        for one in result.rows if result.fired is not None else ():
            expected = {"fired": "true", "not fired": "false", "unknown": ""}[one["state"]]
            assert row[f"{name}_{one['criterion']}"] == expected
