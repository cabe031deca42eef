"""Metastases outside the spine (all texts are invented)."""

from __future__ import annotations

import pytest

from spondyl.extract import cases
from spondyl.record import Claim, Paper

WHO = "A 61-year-old woman with a renal cell carcinoma had a metastasis at T8. "
SARCOMA = "A 61-year-old woman had a leiomyosarcoma of the uterus with a metastasis at T8. "


def claims(text: str) -> list[Claim]:
    (case,) = cases(Paper(id="t", source="t.txt", text=text))
    return [c for c in case.claims if c.field == "other_metastases"]


def found(text: str) -> set[object]:
    return {c.value for c in claims(text)}


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Metastases of the spleen, of the gallbladder and of the skin.", {"spleen", "other", "skin"}),
        ("Lung and bone metastases were detected.", {"lung", "bone"}),
        ("She had cancer metastatic to lymph nodes and liver.", {"lymph_node", "liver"}),
        ("Peritoneal carcinomatosis developed.", {"peritoneum"}),
        ("A metastasis in the pancreas was resected.", {"pancreas"}),
        ("PET showed uptake in the left adrenal gland and in two iliac nodes.", {"adrenal", "lymph_node"}),
        ("A nodule of the right adrenal was considered metastatic.", {"adrenal"}),
        ("A nodule in the lung and enlarged nodes were interpreted as metastatic.", {"lung", "lymph_node"}),
        ("CT showed multiple nodules in both lungs.", {"lung"}),
        ("She also had a pathological fracture of the proximal femur.", {"bone"}),
        ("Radiographs of the skull and pelvis revealed multiple lytic lesions.", {"bone"}),
        ("The stage was pT3pN2.", {"lymph_node"}),
        ("Three of 17 nodes were positive.", {"lymph_node"}),
        ("Progression in the liver occurred at 7 months.", {"liver"}),
    ],
)  # fmt: skip
def test_what_counts_as_a_metastasis(text: str, sites: set[str]) -> None:
    assert found(WHO + text) == sites


@pytest.mark.parametrize(
    "text",
    [
        "There were no lung, liver or brain metastases.",
        "CT of the chest excluded pulmonary metastases.",
        "None of 17 nodes was positive.",
        "The stage was pT3N0.",
        "Renal metastases were not a surprise.",
        "Lung metastases may occur late.",
        "Ground-glass opacities were seen in both lungs.",
        "A bone scan was normal.",
        "MRI showed metastases of the lumbar spine and the sacrum.",
        "She was monitored for liver metastases.",
        "Her brother had brain metastases.",
        "PET showed no uptake in the liver.",
    ],
)
def test_what_does_not(text: str) -> None:
    assert found(WHO + text) == set()


def test_the_primary_organ_is_no_metastasis() -> None:
    assert found("A 61-year-old man had lung cancer with metastases in the lung and at T8.") == set()


def test_a_lytic_bone_in_sarcoma_may_be_its_home() -> None:
    text = "There was an osteolytic lesion of the femur."
    assert found(WHO + text) == {"bone"}
    assert found(SARCOMA + text) == set()


def test_an_infection_has_no_metastases() -> None:
    text = "A 40-year-old man had metastases of T8 and lung, it seemed. The final diagnosis was tuberculosis."
    assert found(text) == set()


def test_the_organ_of_a_mass_that_proved_metastatic() -> None:
    text = (
        "A 66-year-old man had a mass that arose from the right adrenal gland. It was removed. "
        "Histologically, the lesion was a metastatic tumour from hepatocellular carcinoma."
    )
    (claim,) = claims(text)
    assert (claim.value, claim.certainty) == ("adrenal", "derived")
    assert "adrenal gland" in claim.quotes[0].text


def test_the_words_say_organ_and_spread() -> None:
    claim, *_ = claims(WHO + "Hepatic metastases were found.")
    assert claim.certainty == "stated"
    assert claim.quotes[0].text == "Hepatic metastases"
