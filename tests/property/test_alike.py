"""The distance between cases: 0 to itself, the same both ways, between 0 and 1, whatever their order."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spondyl.consult.patient.distance import rules
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.likeness import measure
from spondyl.consult.patient.nearest import neighbours
from spondyl.consult.patient.person import Person
from spondyl.record import LIST_FIELDS, Case, Claim, Paper, Reading

TUMOURS = [
    "leiomyosarcoma", "synovial sarcoma", "renal cell carcinoma", "clear cell renal cell carcinoma",
    "papillary renal cell carcinoma", "breast carcinoma", "melanoma", "multiple myeloma", "plasmacytoma", "chordoma",
    "a tumour of no name",
]  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "diagnosis": TUMOURS,
    "primary_site": ["kidney", "colon", "rectum", "unknown", "uterus"],
    "compartment": ["vertebral", "extradural", "intramedullary", "leptomeningeal"],
    "regions": ["cervical", "thoracic", "lumbar", "sacral"],
    "levels": ["C1", "C5", "T1", "T12", "L5", "S1", "coccyx"],
    "presentation": ["pain", "motor_deficit", "paraplegia", "cord_compression"],
    "denied": ["pain", "motor_deficit", "sphincter_dysfunction"],
    "motor_grade": ["0/5", "3/5", "4/5", "4+/5", "weak"],
    "performance_status": ["karnofsky 70", "karnofsky 90", "ecog 2", "performance status 4", "good"],
    "other_metastases": ["lung", "liver", "bone", "none"],
    "bone_quality": ["lytic", "mixed", "blastic"],
    "age_years": [0.5, 12, 46, 49, 88],
    "sex": ["female", "male"],
}
HELD = st.fixed_dictionaries(
    {}, optional={name: st.lists(st.sampled_from(v), min_size=1, max_size=3, unique=True) for name, v in VALUES.items()}
)  # fmt: skip


def case(fields: dict[str, list[Any]], number: int = 1) -> Case:
    """An invented case; single fields keep two values at most, as contradictions."""
    claims = [
        Claim(field=name, value=value, quotes=())
        for name, values in fields.items()
        for value in (values if name in LIST_FIELDS else values[:2])
    ]
    return Case(case=number, label="", claims=tuple(claims))


def library(*held: dict[str, list[Any]]) -> Library:
    papers = [Paper(id=f"p{k}", source=f"p{k}", text="") for k in range(len(held))]
    return Library.of([(p, Reading(cases=(case(h),))) for p, h in zip(papers, held, strict=True)])


@given(HELD)
def test_nothing_is_as_near_as_a_case_to_itself(held: dict[str, list[Any]]) -> None:
    measured = measure(Person(case(held)), library(held))
    told = ~np.isnan(measured.parts[:, 0])
    assert (measured.parts[told, 0] == 0).all()
    if told.any():
        assert measured.distance[0] == 0


@given(HELD, HELD)
def test_the_distance_is_the_same_both_ways(a: dict[str, list[Any]], b: dict[str, list[Any]]) -> None:
    there, back = measure(Person(case(a)), library(b)), measure(Person(case(b)), library(a))
    assert np.allclose(there.distance, back.distance, equal_nan=True, atol=1e-6)


@given(HELD, HELD)
def test_every_part_is_a_share(a: dict[str, list[Any]], b: dict[str, list[Any]]) -> None:
    measured = measure(Person(case(a)), library(b))
    for values in (measured.parts, measured.distance, measured.compared, measured.rank):
        held = values[~np.isnan(values)]
        assert ((held >= -1e-6) & (held <= 1 + 1e-6)).all()


@given(HELD, HELD)
def test_what_is_not_told_does_not_change_the_distance(
    a: dict[str, list[Any]], b: dict[str, list[Any]]
) -> None:
    """A field that only the patient tells leaves the distance and lowers the share compared."""
    more = {**a, "age_years": [46]}
    silent = {k: v for k, v in b.items() if k != "age_years"}
    with_age, without = (measure(Person(case(x)), library(silent)) for x in (more, {**a, "age_years": []}))
    assert np.allclose(with_age.distance, without.distance, equal_nan=True)
    if without.criteria and without.compared[0] > 0:
        assert with_age.compared[0] < without.compared[0]


@settings(max_examples=40)
@given(HELD, st.lists(HELD, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_library_changes_nothing(
    mine: dict[str, list[Any]], others: list[dict[str, list[Any]]], draw: Any
) -> None:
    papers = [
        (Paper(id=f"p{k}", source="", text=""), Reading(cases=(case(h),))) for k, h in enumerate(others)
    ]
    mixed = list(papers)
    draw.shuffle(mixed)
    found = [neighbours(Person(case(mine)), Library.of(pairs)) for pairs in (papers, mixed)]
    first, second = ([(f.library.key(n.row), f"{n.distance}") for n in f.first(5, f.usable)] for f in found)
    assert first == second


@given(st.sampled_from(TUMOURS), st.sampled_from(TUMOURS))
def test_tumours_differ_the_same_both_ways(a: str, b: str) -> None:
    between = rules().tumour.between
    assert between(a, b) == between(b, a)
    assert (between(a, b) == 0) == (a == b)
