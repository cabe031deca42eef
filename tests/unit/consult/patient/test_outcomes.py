"""What happened to patients like this one: the set, the curve, the spread, and what is said where there are too few."""

from __future__ import annotations

from typing import Any

import pytest

from spondyl.consult.patient.cohort_figures import figures, tumours_named
from spondyl.consult.patient.distance import rules
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.outcomes import outcomes
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.wilson import wilson
from spondyl.present.consultation import Consultation, Part, every_line
from spondyl.record import Case, Claim, Paper, Quote, Reading, Statement

MINE: dict[str, Any] = {"diagnosis": "melanoma", "compartment": ["intramedullary"], "regions": ["thoracic"]}


def case(number: int = 1, paper: str = "p", **fields: Any) -> Case:
    """An invented case; every value is its own words."""
    claims = [
        Claim(field=f, value=v, quotes=(Quote(paper=paper, start=0, end=len(str(v)), text=str(v)),))
        for f, vs in fields.items()
        for v in (vs if isinstance(vs, list) else [vs])
    ]
    return Case(case=number, label=f"Case {number}", claims=tuple(claims))


def library(*cases: Case, title: str = "", statements: tuple[Statement, ...] = ()) -> Library:
    about = Paper(id="p", source="p.txt", text="", authors=("Novak I",), year=2031, title=title)
    return Library.of([(about, Reading(cases=cases, statements=statements))])


def followed(*seen: tuple[float, str], **more: Any) -> list[Case]:
    return [case(k, **MINE, **more, follow_up_months=m, status=s) for k, (m, s) in enumerate(seen, 1)]


def lines(part: Part) -> dict[str, Any]:
    """All lines of a part by key."""
    return {line.key: line for _, line in every_line(Consultation("", (part,), "", (), "")) if line.key}


def me(**more: Any) -> Person:
    return Person(case(9, "mine", **{**MINE, **more}))


SIX = ((2, "dead"), (4, "alive"), (6, "dead"), (8, "dead"), (10, "alive"), (12, "dead"))


def test_enough_cases_make_a_curve_by_hand() -> None:
    made = outcomes(me(), library(*followed(*SIX)))
    said = lines(made)
    assert said["set"].value == {"set": "tumour_compartment", "cases": 6, "followed": 6, "deaths": 4}
    # S: 5/6 after 2, 5/6·3/4 after 6, ·2/3 after 8, 0 after 12: below a half at 8 months
    assert said["median"].value["median_months"] == 8.0
    assert said["median"].value["low"] is not None
    rows = {row[0].value: row for row in made.grids[0].rows}
    assert sorted(rows) == [6.0, 12.0]
    assert rows[6.0][1].value["survival"] == pytest.approx(5 / 6 * 3 / 4)
    assert rows[6.0][1].value["low"] < 5 / 6 * 3 / 4 < rows[6.0][1].value["high"]
    assert [rows[6.0][k].value for k in (2, 3)] == [4, 2]
    assert "BMC Res Notes" in " ".join(b.text for b in said["publication-bias"].bases)
    assert made.pictures[0].svg.startswith(b"<svg")
    assert outcomes(me(), library(*followed(*SIX))).pictures[0].png == made.pictures[0].png


def test_a_narrow_set_gives_way_to_a_wider_one() -> None:
    bone = [{**MINE, "compartment": ["vertebral"]}] * 6
    cases = [
        case(k, **fields, follow_up_months=m, status=s)
        for k, (fields, (m, s)) in enumerate(zip(bone, SIX, strict=True), 1)
    ]
    said = lines(outcomes(me(), library(*cases)))
    assert said["set"].value["set"] == "tumour_region"
    assert "same compartment" in said["set"].more[0].text


def test_what_is_not_known_of_the_patient_is_not_asked() -> None:
    person = Person(case(9, "mine", diagnosis="melanoma"))
    said = lines(outcomes(person, library(*followed(*SIX))))
    assert said["set"].value["set"] == "tumour"
    assert "same compartment" in said["passed"].text


def test_too_few_are_listed_and_no_curve_is_drawn() -> None:
    made = outcomes(me(), library(*followed((3, "dead"), (9, "alive"))))
    said = lines(made)
    assert not made.pictures
    assert "median" not in said
    assert said["few"].tone == "warning"
    assert "publication-bias" in said
    assert [row[1].text for row in made.grids[0].rows] == [
        "followed for 3 months; dead",
        "followed for 9 months; alive",
    ]


def test_many_survivors_are_too_few_deaths() -> None:
    made = outcomes(me(), library(*followed(*[(k, "alive") for k in range(1, 9)], (9, "dead"))))
    assert not made.pictures
    assert "3 deaths" in lines(made)["few"].text


def test_contradictions_are_counted_and_not_pooled() -> None:
    odd = case(7, **MINE, follow_up_months=[5, 7], status="dead")
    none = case(8, **MINE)
    said = lines(outcomes(me(), library(*followed(*SIX), odd, none)))
    assert said["set"].value["cases"] == 8
    assert said["set"].value["followed"] == 6
    assert "1 contradictory follow-up" in said["set"].text
    assert "1 no follow-up" in said["set"].text


def test_the_patient_in_another_report_is_left_out() -> None:
    same = {"age_years": 40, "sex": "male"}
    said = lines(
        outcomes(
            me(**same), library(*followed(*SIX), case(7, **MINE, **same, follow_up_months=1, status="dead"))
        )
    )
    assert said["set"].value["cases"] == 6
    assert "1 case" in said["same"].text


def test_recurrence_with_wilson_and_competing_death() -> None:
    told = [("yes", 3), ("yes", 5), ("yes", 7), ("no", None), ("no", None), ("no", None)]
    cases = [
        case(k, **MINE, follow_up_months=m, status=s, recurrence=r, **({"recurrence_months": w} if w else {}))
        for k, ((m, s), (r, w)) in enumerate(
            zip([(20, "dead"), *[(24, "alive")] * 4, (9, "dead")], told, strict=True), 1
        )
    ]
    said = lines(outcomes(me(), library(*cases)))
    assert said["recurrence"].value == {"yes": 3, "known": 6, "cases": 6}
    assert "3 of 6 (50%, 95% CI 19%–81%)" in said["recurrence"].text
    # three of six recur at 3, 5 and 7 months, one dies at 9 without: the incidence at 12 months is a half
    assert "50% (95% CI" in said["incidence"].text
    assert said["died-without"].value == {"without": 1, "died": 2}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe RG, 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, for 81/263."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def statement(group: str, quantity: str, of: str, **more: Any) -> Statement:
    return Statement(
        group=group,
        quantity=quantity,
        of=of,
        quotes=(Quote(paper="p", start=3, end=8, text="words"),),
        **more,
    )


def test_cohorts_of_this_tumour_stand_first_and_of_another_nowhere() -> None:
    said = (
        statement(
            "40 patients with spinal metastases", "median", "overall survival", value=9, low=7, high=12
        ),
        statement("20 patients with melanoma", "survival_rate", "survival", value=50, months=12, n=20),
        statement("30 patients with breast cancer", "median", "overall survival", value=30),
        statement("20 patients with melanoma", "median", "implant survival", value=9),
        statement("20 patients with melanoma", "count", "died", n=5),
    )
    kept = library(case(1, **MINE), title="Surgery for spinal metastases", statements=said)
    found = list(figures(me(), kept, rules()))
    assert [(f.same_tumour, f.statements[0].value) for f in found] == [(True, 50), (False, 9)]
    # 10 of 20 by Wilson: 29.9 % to 70.1 %
    assert "(95% CI 30%–70%); of 20 patients. No interval is given" in found[0].line().text
    assert found[0].line().bases[0].text == "words"


def test_a_median_carries_its_quartiles_or_says_that_none_are_given() -> None:
    said = (
        statement("20 patients with melanoma", "median", "overall survival", value=9, unit="months"),
        statement(
            "20 patients with melanoma", "quartiles", "overall survival", low=4, high=15, unit="months"
        ),
        statement("20 patients with melanoma", "mean", "survival time", value=11, unit="months"),
    )
    found = [f.line().text for f in figures(me(), library(case(1, **MINE), statements=said), rules())]
    assert found == [
        "overall survival: median 9 months; IQR 4–15 months",
        "survival time: mean 11 months; no interval is given with it",
    ]


def test_what_a_paper_says_twice_counts_once_and_rates_of_one_group_stand_together() -> None:
    group = "20 patients with melanoma"
    said = (
        statement(group, "survival_rate", "survival", value=20, months=24, n=20),
        statement("Patients with melanoma", "median", "survival", value=1, low=0.5, high=2, unit="years"),
        statement(group, "survival_rate", "survival", value=50, months=12, n=20),
        statement(group, "median", "overall survival", value=12, unit="months"),
    )
    found = [f.line().text for f in figures(me(), library(case(1, **MINE), statements=said), rules())]
    assert len(found) == 2
    assert found[0].startswith(
        "survival: 50 % at 12 months (95% CI 30%–70%); 20 % at 24 months (95% CI 8%–42%)"
    )
    assert found[1] == "survival: median 1 (0.5–2) years"


def test_tumours_in_words() -> None:
    assert tumours_named("LMS and clear cell renal cell carcinomas") == (
        "leiomyosarcoma",
        "clear cell renal cell carcinoma",
    )
    assert tumours_named("patients with metastatic cancer of the spine") == ()


def test_nothing_is_said_plainly() -> None:
    assert "not known" in outcomes(Person(case(9, "mine")), library()).empty
    assert "No case of this tumour" in outcomes(me(), library()).empty


def test_every_line_has_a_basis() -> None:
    for part in (outcomes(me(), library(*followed(*SIX))), outcomes(me(), library(*followed((3, "dead"))))):
        for _, line in every_line(Consultation("", (part,), "", (), "")):
            assert line.bases, line.text
