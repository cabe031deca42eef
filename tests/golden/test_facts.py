"""What must be read from the invented papers whatever the golden files say: written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from spondyl import examples, extract, read
from spondyl.record import Case, Reading

PATIENTS = dict.fromkeys(examples.papers(), 1) | {
    "review-spinal-metastases.html": 0,
    "series-four-patients.pdf": 4,
}


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    paths = examples.write(tmp_path_factory.mktemp("papers"))
    return {Path(path).name: extract.reading(read.paper(path)) for path in paths}


def cases(reading: Reading, kind: str) -> list[Case]:
    return [case for case in reading.cases if case.kind == kind]


@pytest.mark.parametrize(("name", "count"), PATIENTS.items())
def test_the_number_of_patients(name: str, count: int, readings: dict[str, Reading]) -> None:
    assert len(cases(readings[name], "patient")) == count


def test_contradictory_ages_are_both_kept(readings: dict[str, Reading]) -> None:
    (case,) = cases(readings["melanoma-intramedullary.txt"], "patient")
    assert sorted(case.fields["age_years"]) == [46, 49]
    assert len(case.of("age_years")) == 2


def test_a_literature_table_gives_its_five_cited_cases(readings: dict[str, Reading]) -> None:
    cited = cases(readings["leiomyosarcoma-cervical-lamina.xml"], "cited")
    assert [case.fields["age_years"] for case in cited] == [61, 48, 66, 52, 70]
    assert cited[3].fields["levels"] == ["C4", "C5"]


def test_the_cohort_is_a_group_with_its_survival(readings: dict[str, Reading]) -> None:
    reading = readings["cohort-48-patients.xml"]
    assert any("48" in case.label for case in cases(reading, "group"))
    said = [(s.quantity, s.value, s.low, s.high) for s in reading.statements]
    assert ("median", 14.2, 9.8, 19.6) in said
    assert ("hazard_ratio", 2.14, 1.06, 4.31) in said


def test_every_named_value_of_one_case(readings: dict[str, Reading]) -> None:
    (case,) = cases(readings["renal-cell-carcinoma-t9.pdf"], "patient")
    expected = {
        "age_years": 61, "sex": "male", "levels": ["T9"], "diagnosis": "clear cell renal cell carcinoma",
        "primary_site": "kidney", "resection_extent": "en_bloc", "recurrence": "no", "status": "alive",
        "follow_up_months": 36,
    }  # fmt: skip
    assert {field: case.fields.get(field) for field in expected} == expected
    assert "drugs" not in case.fields
    assert "radiotherapy" not in case.fields["treatments"]


def test_orders_in_a_text_are_no_orders(readings: dict[str, Reading]) -> None:
    said = [case.fields.get("age_years") for case in readings["neuroblastoma-infant.html"].cases]
    assert 99 not in said
