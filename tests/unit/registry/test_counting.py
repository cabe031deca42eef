"""Counts by class: small ones hidden, and none that can be worked out from the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spondyl.record import Case, Claim, UsageError
from spondyl.registry import Entry
from spondyl.registry.counting import EMPTY, TOTAL, Counts, counted
from spondyl.registry.exporting import counts


def cases(table: Mapping[tuple[str, str], int]) -> list[Entry]:
    """Invented cases: (sex, status) → how many."""
    out = []
    for (sex, status), n in table.items():
        for _ in range(n):
            claims = (
                Claim(field="sex", value=sex, quotes=()),
                Claim(field="status", value=status, quotes=()),
            )
            out.append(Entry(len(out), "p", 1, Case(case=len(out), label="", claims=claims)))
    return out


def test_without_a_least_everything_is_told() -> None:
    found = counted(cases({("female", "dead"): 1, ("male", "alive"): 2}), ["sex", "status"])
    assert found.cells == {
        ("female", "alive"): 0, ("female", "dead"): 1, ("female", TOTAL): 1, ("male", "alive"): 2, ("male", "dead"): 0,
        ("male", TOTAL): 2, (TOTAL, "alive"): 2, (TOTAL, "dead"): 1, (TOTAL, TOTAL): 3,
    }  # fmt: skip
    assert counts(found) == "sex / status,alive,dead,total\r\nfemale,0,1,1\r\nmale,2,0,2\r\ntotal,2,1,3\r\n"


def test_a_small_count_hides_those_it_could_be_worked_out_from() -> None:
    table = {("female", "dead"): 3, ("female", "alive"): 20, ("male", "dead"): 30, ("male", "alive"): 25}
    found = counted(cases(table), ["sex", "status"], 5)
    hidden = {cell for cell, count in found.cells.items() if count is None}
    assert hidden == {("female", "dead"), ("female", "alive"), ("male", "dead"), ("male", "alive")}
    assert found.cells[TOTAL, TOTAL] == 78
    assert "*" in counts(found)


def test_a_field_of_several_values_is_counted_by_each_and_once_in_the_total() -> None:
    claims = tuple(Claim(field="levels", value=v, quotes=()) for v in ("C5", "C6"))
    entries = [
        Entry(1, "p", 1, Case(case=1, label="", claims=claims)),
        Entry(2, "p", 1, Case(case=2, label="")),
    ]
    assert counted(entries, ["levels"]).cells == {
        ("C5", "n"): 1,
        ("C6", "n"): 1,
        (EMPTY, "n"): 1,
        (TOTAL, "n"): 2,
    }


def test_too_many_classes_are_no_table() -> None:
    entries = [
        Entry(n, "p", 1, Case(case=n, label="", claims=(
            Claim(field="a", value=n, quotes=()), Claim(field="b", value=n, quotes=())))) for n in range(120)
    ]  # fmt: skip
    with pytest.raises(UsageError, match="no table"):
        counted(entries, ["a", "b"])


def determined(found: Counts, cell: tuple[str, str]) -> bool:
    """Whether a hidden count follows from what is told: by linear algebra over all sums, not by the code's own rule."""
    unknown = [c for c, count in found.cells.items() if count is None]
    lines = [[(r, c) for r in found.rows] for c in found.columns]
    if found.columns != ("n",):
        lines += [[(r, c) for c in found.columns] for r in found.rows]
    matrix = np.array(
        [[(-1 if c == line[-1] else 1) * (c in line) for c in unknown] for line in lines], float
    )
    unit = np.array([float(c == cell) for c in unknown])
    rank = np.linalg.matrix_rank
    return bool(rank(np.vstack([matrix, unit])) == rank(matrix))


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")),
        st.integers(0, 25),
        min_size=4,
        max_size=16,
    )
)
@settings(max_examples=80, deadline=None)
def test_no_small_count_can_be_worked_out(table: dict[tuple[str, str], int]) -> None:
    entries = cases(table)
    small = counted(entries, ["sex", "status"], 5)
    plain = counted(entries, ["sex", "status"])
    for cell, count in small.cells.items():
        if 0 < (plain.cells[cell] or 0) < 5:
            assert count is None
            assert not determined(small, cell), (cell, small.cells)
        if count is not None:
            assert count == plain.cells[cell]


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12), min_size=2))
@settings(max_examples=60, deadline=None)
def test_no_small_count_of_one_field_can_be_worked_out(table: dict[str, int]) -> None:
    entries = cases({(k, "alive"): n for k, n in table.items()})
    small = counted(entries, ["sex"], 5)
    for cell, count in small.cells.items():
        if 0 < table.get(cell[0], 0) < 5:
            assert count is None
            assert not determined(small, cell)
