"""The view of the tumour board, and the page for the patient."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rule_records import person
from spondyl import score
from spondyl.consult.patient import team
from spondyl.consult.patient.page import consultation
from spondyl.present.consultation import Consultation, Line, Part, every_line

LMS = {
    "age_years": 58, "sex": "female", "diagnosis": "leiomyosarcoma", "primary_site": "retroperitoneum",
    "levels": ["C4"], "compartment": ["vertebral"], "presentation": ["pain", "motor_deficit"],
    "treatments": ["surgery"], "tumour_grade": "high",
}  # fmt: skip


def rows(given: dict[str, Any]) -> dict[str, tuple[Line, ...]]:
    return {r[0].key: r for g in team.part(person(given)).grids for r in g.rows}


def part(page: Consultation, key: str) -> Part:
    found = page.part(key)
    assert found
    return found


@pytest.mark.parametrize(
    ("site", "asked"),
    [("kidney", "urology"), ("uterus", "gynaecology"), ("retroperitoneum", "organ_surgery")],
)
def test_the_primary_decides_which_surgeon_is_asked(site: str, asked: str) -> None:
    found = rows({**LMS, "primary_site": site})
    assert asked in found
    assert not {"urology", "gynaecology", "organ_surgery"} - {asked} & set(found)


def test_a_discipline_sees_its_flags_and_its_subjects() -> None:
    cord = {**LMS, "presentation": ["cord_compression", "motor_deficit"], "compartment": ["extradural"]}
    decides = rows(cord)["neurosurgery"][1]
    assert decides.tone == "urgent"
    said = [m.text for m in decides.more]
    assert "surgery for cord compression (Patchell et al. 2005 and Rades et al. 2010 disagree)" in said
    assert all(m.bases for m in decides.more)


def test_missing_values_stand_with_who_can_supply_them() -> None:
    found = {r[0].key: r for g in part(consultation(person(LMS)), "team").grids for r in g.rows}
    assert "margin" in found["pathology"][2].value
    assert "margin" not in found["radiology"][2].value


def test_rehabilitation_is_asked_where_there_is_a_deficit() -> None:
    assert "rehabilitation" in rows({**LMS, "treatments": [], "compartment": ["vertebral"]})
    assert "rehabilitation" not in rows({"diagnosis": "lymphoma", "denied": ["motor_deficit"]})


def test_the_page_for_the_patient_has_no_scores() -> None:
    page = consultation(person(LMS), for_patient=True, index=date(2026, 11, 30))
    assert page.part("scores") is None
    text = " ".join(line.text for _, line in every_line(page))
    names = [s.title for s in score.sheets().values()] + ["SINS", "Tokuhashi", "ESCC", "NOMS"]
    assert not [n for n in names if n in text]


def test_every_sentence_for_the_patient_has_a_basis() -> None:
    page = consultation(person(LMS), for_patient=True)
    assert not [line.text for _, line in every_line(page) if line.text and not line.bases]


def test_sentences_for_the_patient_are_short() -> None:
    page = consultation(person(LMS), for_patient=True)
    for piece in page.parts:
        for line in piece.lines:
            assert len(line.text.split()) <= 45, line.text


def test_facts_are_repeated_in_plain_words() -> None:
    page = consultation(person(LMS), for_patient=True)
    said = {line.key: line.text for line in part(page, "patient").lines}
    assert said["age_years"] == "You are 58 years old."
    assert said["presentation"] == "What you have: pain, weakness."
    assert said["primary_site"] == "It began in: the tissue behind the organs of the belly."


def test_contradictions_are_said_plainly() -> None:
    page = consultation(person({**LMS, "age_years": [46, 49]}), for_patient=True)
    said = {line.key: line.text for line in part(page, "patient").lines}
    assert said["age_years"] == "You are 46 or 49 years old. The papers do not agree on it."


def test_what_is_both_told_and_denied_is_said_to_be_open() -> None:
    page = consultation(person({"presentation": ["pain"], "denied": ["pain", "mass"]}), for_patient=True)
    said = {line.key: line.text for line in part(page, "patient").lines}
    assert said == {
        "denied": "What you do not have: a lump.", "torn": "The papers do not agree whether you have: pain.",
    }  # fmt: skip


def test_signs_to_call_for_stand_on_every_page_with_sources() -> None:
    page = consultation(person({"levels": ["T4"]}), for_patient=True)
    lines = part(page, "flags").lines
    assert {line.key for line in lines} >= {"progressing_deficit", "sphincter_loss", "weakness"}
    assert all(any(b.kind == "source" for b in line.bases) for line in lines)


def test_an_unstable_spine_is_said_only_where_it_is_unstable() -> None:
    items = {"location": "junctional", "pain": "mechanical", "bone": "lytic", "alignment": "subluxation",
             "collapse": "gt50", "posterolateral": "bilateral"}  # fmt: skip
    unstable = {"compartment": ["vertebral"], **{f"sins.{k}": v for k, v in items.items()}}
    keys = {line.key for line in part(consultation(person(unstable), for_patient=True), "flags").lines}
    assert "unstable" in keys
    keys = {line.key for line in part(consultation(person(LMS), for_patient=True), "flags").lines}
    assert "unstable" not in keys


def test_words_that_occur_are_explained_and_others_are_not() -> None:
    page = consultation(person(LMS), for_patient=True)
    explained = {line.key for line in part(page, "words").lines}
    assert "leiomyosarcoma" in explained
    assert "melanoma" not in explained


def test_signs_that_are_recorded_stand_first_and_urgent() -> None:
    page = consultation(person({"levels": ["T8"], "presentation": ["sensory_deficit"]}), for_patient=True)
    signs = [(line.key, line.tone) for line in part(page, "flags").lines]
    assert signs[0] == ("sensory_or_gait", "urgent")
    assert {tone for _, tone in signs[1:]} == {"warning"}
