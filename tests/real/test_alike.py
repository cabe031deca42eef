"""Patients like those of the seed documents, among the seed documents: who is near, and what cohorts say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from spondyl.consult.patient.cohort_figures import figures
from spondyl.consult.patient.distance import rules
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import Neighbours, neighbours
from spondyl.consult.patient.outcome_sets import chosen
from spondyl.consult.patient.person import Person

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not beside the checkout"
)


@cache
def library() -> Library:
    return Library.load(sorted(SEEDS.glob("*.txt")))


def around(document: str) -> tuple[Person, Neighbours]:
    held = library()
    row = next(
        r
        for r in range(len(held))
        if held.key(r)[0].startswith(f"{document}_") or held.key(r)[0].startswith(f"{document}-")
    )
    about = held.about(row)
    person = Person(held.case(row), paper=about.paper)
    return person, neighbours(person, held)


def test_the_cervical_leiomyosarcoma_finds_those_its_own_report_cites() -> None:
    _person, found = around("000")
    near = found.first(5)
    assert len(found.own) == 1
    assert found.own[0] not in [n.row for n in near]
    for one in near:
        case = library().case(one.row)
        assert "leiomyosarcoma" in case.fields["diagnosis"]
        assert "cervical" in case.fields["regions"]
        assert not one.maybe_same
    assert len(near) == 5
    assert {library().labels[n.row] for n in near} >= {
        "Sun et al., 2022",
        "Sun et al., 2014",
        "Zhang et al., 2022",
    }


def test_too_few_died_for_a_curve_and_nobody_is_made_up() -> None:
    _, found = around("000")
    told = chosen(found)
    assert not told.enough
    assert told.best is not None
    assert len(told.best.rows) == 5
    assert told.best.deaths == 0


def test_cohorts_of_this_tumour_carry_their_spread() -> None:
    person, _found = around("000")
    said = [f for f in figures(person, library(), rules()) if f.same_tumour]
    medians = {f.statements[0].value: f for f in said if f.statements[0].quantity == "median"}
    assert medians[69.7].statements[1].low == 43.2
    assert medians[69.7].statements[1].high == 124.5
    ratios = [f.statements[0] for f in said if f.statements[0].quantity == "hazard_ratio"]
    assert all(s.low is not None and s.high is not None for s in ratios)
    assert not [f for f in said if "implant" in f.statements[0].of]


def test_the_intramedullary_metastases_are_near_to_nothing_in_bone() -> None:
    _person, found = around("004")
    compartment = found.part("compartment")
    assert compartment is not None
    near = found.first(10)
    assert near
    for one in near:
        told = {c.field: d for c, d in one.parts}
        assert told["diagnosis"] <= 0.2, "only the same tumour outweighs another compartment"
