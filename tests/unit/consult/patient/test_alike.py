"""Patients like this one: distances by hand, who is left aside, reasons in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from spondyl.consult.patient.alike import alike
from spondyl.consult.patient.distance import rules
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.likeness import measure
from spondyl.consult.patient.nearest import neighbours
from spondyl.consult.patient.person import Person
from spondyl.record import LIST_FIELDS, Case, Claim, Paper, Quote, Reading


def case(number: int = 1, paper: str = "p", kind: Any = "patient", label: str = "", **fields: Any) -> Case:
    """An invented case; every value is its own words."""
    claims = []
    for name, held in fields.items():
        for value in held if isinstance(held, list) else [held]:
            quote = Quote(paper=paper, start=0, end=len(str(value)), text=str(value))
            claims.append(Claim(field=name, value=value, quotes=(quote,)))
    assert all(not isinstance(v, list) or f in LIST_FIELDS or f == "age_years" for f, v in fields.items())
    return Case(case=number, label=label or f"Case {number}", kind=kind, claims=tuple(claims))


def library(*cases: Case, paper: str = "p") -> Library:
    about = Paper(id=paper, source=f"{paper}.txt", text="", authors=("Novak I",), year=2031)
    return Library.of([(about, Reading(cases=cases))])


def part(patient: dict[str, Any], other: dict[str, Any], field: str) -> float:
    """The difference of two invented cases in one criterion."""
    measured = measure(Person(case(paper="mine", **patient)), library(case(**other)))
    place = [c.field for c in measured.criteria].index(field)
    return float(measured.parts[place, 0])


@pytest.mark.parametrize(
    ("a", "b", "difference"),
    [
        ("leiomyosarcoma", "leiomyosarcoma", 0.0),
        ("renal cell carcinoma", "clear cell renal cell carcinoma", 0.1),
        ("papillary renal cell carcinoma", "clear cell renal cell carcinoma", 0.2),
        ("leiomyosarcoma", "synovial sarcoma", 0.4),
        ("multiple myeloma", "plasmacytoma", 0.4),
        ("breast carcinoma", "lung carcinoma", 0.8),
        ("leiomyosarcoma", "melanoma", 1.0),
        ("melanoma", "uveal melanoma", 0.1),
        ("uveal melanoma", "mucosal melanoma", 0.2),
        ("small cell lung carcinoma", "non-small cell lung carcinoma", 0.6),
        ("hepatoid adenocarcinoma", "mucinous adenocarcinoma", 0.8),
        ("a tumour of no name", "breast carcinoma", 1.0),
    ],
)
def test_tumours(a: str, b: str, difference: float) -> None:
    assert part({"diagnosis": a}, {"diagnosis": b}, "diagnosis") == pytest.approx(difference)
    assert part({"diagnosis": b}, {"diagnosis": a}, "diagnosis") == pytest.approx(difference)


def test_levels_count_by_their_nearest() -> None:
    # C5 and C6 are one segment apart, a sixth of the scale
    assert part({"levels": ["C5"]}, {"levels": ["C6"]}, "levels") == pytest.approx(1 / 6)
    # C5 finds itself; C5 and C7 find C5 at 0 and 2 segments: (1 + 1 + 4/6) of 3 likenesses
    assert part({"levels": ["C5"]}, {"levels": ["C5", "C7"]}, "levels") == pytest.approx(1 - (2 + 4 / 6) / 3)
    assert part({"levels": ["C5"]}, {"levels": ["L1"]}, "levels") == 1.0


def test_sets_are_compared_by_dice_with_kin() -> None:
    # one common of two and one: 1 - 2/3
    assert part(
        {"other_metastases": ["lung", "liver"]}, {"other_metastases": ["lung"]}, "other_metastases"
    ) == pytest.approx(1 / 3)
    # vertebral finds itself, extradural finds vertebral by half: (1 + 1 + 0.5) of 3
    assert part(
        {"compartment": ["vertebral"]}, {"compartment": ["vertebral", "extradural"]}, "compartment"
    ) == pytest.approx(1 - 2.5 / 3)
    assert part({"compartment": ["intramedullary"]}, {"compartment": ["vertebral"]}, "compartment") == 1.0


def test_that_there_are_none_is_known() -> None:
    none, lung = {"other_metastases": ["none"]}, {"other_metastases": ["lung"]}
    assert part(none, none, "other_metastases") == 0.0
    assert part(none, lung, "other_metastases") == part(lung, none, "other_metastases") == 1.0
    assert np.isnan(part(none, {"sex": "male"}, "other_metastases"))


def test_findings_clash_where_one_denies_and_count_half_where_one_is_silent() -> None:
    mine = {"presentation": ["pain", "motor_deficit"], "denied": ["sphincter_dysfunction"]}
    # pain agrees, motor deficit is denied there, the gait is told there alone: (1 + 0.5) of 2.5
    theirs = {"presentation": ["pain", "gait_disturbance"], "denied": ["motor_deficit"]}
    assert part(mine, theirs, "presentation") == pytest.approx(1.5 / 2.5)
    # what both deny agrees
    assert part({"denied": ["pain"]}, {"denied": ["pain"]}, "presentation") == 0.0


def test_numbers_choices_grades_and_scales() -> None:
    assert part({"age_years": 60}, {"age_years": 50}, "age_years") == pytest.approx(0.25)
    assert part({"age_years": [46, 49]}, {"age_years": 48}, "age_years") == 0.0
    assert part({"age_years": [46, 49]}, {"age_years": 53}, "age_years") == pytest.approx(0.1)
    assert part({"sex": "male"}, {"sex": "female"}, "sex") == 1.0
    assert part({"motor_grade": ["4/5", "2/5"]}, {"motor_grade": ["3/5"]}, "motor_grade") == pytest.approx(
        0.2
    )
    assert part(
        {"performance_status": "karnofsky 70"}, {"performance_status": "karnofsky 50"}, "performance_status"
    ) == pytest.approx(0.2)
    assert np.isnan(
        part({"performance_status": "karnofsky 70"}, {"performance_status": "ecog 2"}, "performance_status")
    )
    assert np.isnan(part({"primary_site": "kidney"}, {"primary_site": "unknown"}, "primary_site"))


def test_the_distance_by_hand() -> None:
    mine = Person(
        case(paper="mine", diagnosis="leiomyosarcoma", regions=["cervical"], age_years=60, sex="female")
    )
    theirs = library(
        case(1, diagnosis="leiomyosarcoma", age_years=50, sex="male"), case(2, diagnosis="melanoma")
    )
    measured = measure(mine, theirs)
    # weights: tumour 5, region 1.5, age 1, sex 0.5
    assert measured.distance.tolist() == pytest.approx([(0 + 0.25 + 0.5) / 6.5, 1.0])
    assert measured.compared.tolist() == pytest.approx([6.5 / 8, 5 / 8])
    assert measured.rank.tolist() == pytest.approx([(0.75 + 0.5 * 1.5) / 8, (5 + 0.5 * 3) / 8])


def test_what_nobody_tells_is_no_likeness() -> None:
    measured = measure(Person(case(paper="mine", age_years=60)), library(case(1, sex="male")))
    assert np.isnan(measured.distance[0])
    assert measured.compared[0] == 0
    assert np.isnan(measured.rank[0])
    assert measure(Person(case(paper="mine")), library(case(1, sex="male"))).criteria == ()


def test_little_in_common_is_not_near() -> None:
    full = {
        "diagnosis": "melanoma",
        "compartment": ["intramedullary"],
        "regions": ["thoracic"],
        "age_years": 40,
    }
    found = neighbours(Person(case(paper="mine", **full)), library(case(1, age_years=40), case(2, **full)))
    assert [library_row.row for library_row in found.first(5)] == [1]
    assert found.measured.distance[0] == 0.0, "the same in the little that could be compared"


def test_the_patient_is_not_his_own_neighbour() -> None:
    told = {"diagnosis": "melanoma", "regions": ["thoracic"], "age_years": 40, "sex": "male"}
    kept = library(case(1, **told), case(2, **told))
    found = neighbours(Person(case(1, paper="p", **told)), kept)
    assert found.own == (0,)
    assert [n.row for n in found.first(5)] == [1]
    assert found.first(5)[0].maybe_same


def test_a_cited_case_gives_way_to_its_own_paper() -> None:
    own = Paper(id="own", source="own.txt", text="", authors=("Novak I",), year=2031)
    review = Paper(id="review", source="review.txt", text="", authors=("Horvat A",), year=2033)
    cited = case(1, paper="review", kind="cited", label="Novak et al., 2031", diagnosis="melanoma")
    kept = Library.of([(own, Reading(cases=(case(1, "own"),))), (review, Reading(cases=(cited,)))])
    assert kept.again.tolist() == [False, True]


def test_ties_stand_in_the_order_of_papers() -> None:
    papers = [Paper(id=i, source=i, text="") for i in "cab"]
    same = {"diagnosis": "melanoma", "regions": ["thoracic"]}
    kept = Library.of([(p, Reading(cases=(case(1, p.id, **same),))) for p in papers])
    found = neighbours(Person(case(paper="mine", **same)), kept)
    assert [kept.key(n.row)[0] for n in found.first(2)] == ["a", "b"]


def test_a_case_without_a_lesion_of_spine_or_bone_is_no_neighbour() -> None:
    kept = library(case(1, diagnosis="melanoma"), case(2, diagnosis="melanoma", other_metastases=["bone"]))
    found = neighbours(Person(case(paper="mine", diagnosis="melanoma")), kept)
    assert [n.row for n in found.first(5)] == [1]


def texts(part: Any) -> Sequence[str]:
    from spondyl.present.consultation import Consultation, every_line

    return [line.text for _, line in every_line(Consultation("", (part,), "", (), ""))]


def test_the_page_says_why() -> None:
    told = {"diagnosis": "leiomyosarcoma", "regions": ["cervical"], "levels": ["C5"], "sex": "female"}
    other = case(1, diagnosis="leiomyosarcoma", regions=["cervical"], levels=["C6"], sex="male",
                 treatments=["surgery"], follow_up_months=12, status="alive")  # fmt: skip
    made = alike(Person(case(paper="mine", age_years=60, **told)), library(other))
    said = texts(made)
    assert "tumour: leiomyosarcoma" in said
    assert "sex: male; here female" in said
    assert "not told: age" in said
    assert "surgery" in said
    assert "followed for 12 months; alive" in said
    # age is not told: weights 5 + 1.5 + 1 + 0.5 of 9 compared; one segment and the sex differ
    assert "0.08; 89% compared" in said
    assert made.grids[0].rows[0][0].value == {"paper": "p", "case": 1, "cited": False}


def test_every_denied_finding_has_its_own_no() -> None:
    told = {"diagnosis": "melanoma", "levels": ["T1"], "denied": ["pain", "mass"]}
    said = texts(alike(Person(case(paper="mine", **told)), library(case(1, recurrence="no", **told))))
    assert "presentation: no pain, no mass" in said
    assert "no recurrence" in said


def test_nothing_near_is_said() -> None:
    assert "give evidence folders" in alike(Person(case(paper="mine", sex="male")), library()).empty
    assert "Nothing is known" in alike(Person(case(paper="mine")), library(case(1, levels=["T1"]))).empty
    far = alike(
        Person(case(paper="mine", diagnosis="melanoma")),
        library(case(1, diagnosis="leiomyosarcoma", levels=["T1"])),
    )
    assert far.empty.startswith("The one case is not near")


def test_every_criterion_has_a_reason() -> None:
    for criterion in rules().criteria:
        assert len(criterion.why) > 20
        assert all(0 <= k.likeness <= 1 and k.why for k in criterion.kin)
