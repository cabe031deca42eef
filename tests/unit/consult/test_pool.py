from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import pytest

from pool_work import double, fall_over_at_three, never, refuse
from spondyl.consult.pool import IN_FLIGHT, in_order


def test_one_process_takes_items_only_as_results_are_taken() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for n in range(5):
            drawn.append(n)
            yield n

    results = in_order(double, items(), crashed=never)
    assert next(results) == 0
    assert drawn == [0]


def test_several_processes_keep_the_order_and_bound_what_is_in_flight() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for n in range(40):
            drawn.append(n)
            yield n

    results = in_order(double, items(), 2, crashed=never)
    assert next(results) == 0
    assert len(drawn) <= 2 * IN_FLIGHT + 1
    assert list(results) == [2 * n for n in range(1, 40)]


def test_an_item_that_ends_its_process_costs_only_itself() -> None:
    results = in_order(fall_over_at_three, range(6), 2, crashed=lambda n: f"crashed {n}")
    assert list(results) == ["done 0", "done 1", "done 2", "crashed 3", "done 4", "done 5"]


def test_an_error_in_the_work_comes_through() -> None:
    with pytest.raises(ValueError, match="not 1"):
        list(in_order(refuse, [1], 2, crashed=never))


def test_leaving_early_leaves_no_process_behind() -> None:
    results = in_order(double, range(100), 2, crashed=never)
    next(results)
    results.close()  # type: ignore[attr-defined]
    for child in multiprocessing.active_children():
        child.join(20)
    assert not multiprocessing.active_children()
