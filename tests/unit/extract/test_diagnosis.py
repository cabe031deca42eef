"""Diagnosis and primary site of a patient (all texts are invented)."""

from __future__ import annotations

import pytest

from spondyl.extract import cases
from spondyl.record import Claim, Paper


def claims(text: str, field: str) -> list[Claim]:
    (case,) = cases(Paper(id="t", source="t.txt", text=text))
    return [c for c in case.claims if c.field == field]


def values(text: str) -> tuple[list[object], list[object]]:
    return [c.value for c in claims(text, "diagnosis")], [c.value for c in claims(text, "primary_site")]


@pytest.mark.parametrize(
    ("text", "diagnosis", "site"),
    [
        (
            "A 45-year-old man was thought to have spinal tuberculosis. Biopsy of L3 showed plasma cells; "
            "the diagnosis was plasmacytoma of bone.",
            "plasmacytoma",
            "bone",
        ),
        (
            "A 53-year-old woman, whose cervical cancer had been treated in 2009, had fever and back pain. "
            "The biopsy grew Mycobacterium tuberculosis.",
            "tuberculosis",
            None,
        ),
        (
            "A 60-year-old woman with a history of colon adenocarcinoma noticed a breast lump. Core biopsy "
            "of "
            "the breast showed invasive ductal carcinoma.",
            "invasive ductal breast carcinoma",
            "breast",
        ),
        (
            "A 64-year-old man presented with back pain. Endoscopy revealed an ulcerated mass in the "
            "oesophagus. "
            "Biopsies showed adenocarcinoma.",
            "esophageal carcinoma",
            "esophagus",
        ),
        (
            "A 33-year-old woman had a hysterectomy for a leiomyosarcoma of the uterus. Two years later a "
            "leiomyosarcoma of the ileum was removed; it was a metastasis of the leiomyosarcoma.",
            "leiomyosarcoma",
            "uterus",
        ),
        (
            "A 50-year-old man had an intramedullary lesion at T4. At operation a hemangioblastoma was "
            "removed.",
            "hemangioblastoma",
            "spinal_cord",
        ),
        (
            "A 38-year-old woman had a malignant melanoma of the back excised. A metastasis at T10 followed.",
            "melanoma",
            "skin",
        ),
        (
            "A 77-year-old man had a vertebral metastasis. Biopsy showed adenocarcinoma of unknown primary.",
            "adenocarcinoma of unknown primary",
            "unknown",
        ),
        (
            "A 62-year-old woman had an osteosarcoma in a focus of fibrous dysplasia of the tibia.",
            "osteosarcoma",
            "bone",
        ),
        (
            "A 64-year-old man had infiltration of a gallbladder carcinoma into the liver. Histology "
            "revealed a "
            "squamous cell carcinoma.",
            "squamous cell carcinoma of gallbladder",
            "gallbladder",
        ),
    ],
)
def test_the_tumour_the_report_is_about(text: str, diagnosis: str, site: str | None) -> None:
    assert values(text) == ([diagnosis], [site] if site else [])


def test_a_composed_name_is_derived_and_shows_both_places() -> None:
    text = (
        "A 73-year-old woman had a soft tissue tumour of the thigh. It was identified as a sarcoma on "
        "biopsy. "
        "She is well."
    )
    (claim,) = claims(text, "diagnosis")
    assert claim.value == "sarcoma of soft tissue"
    assert claim.certainty == "derived"
    assert claim.derivation is not None
    assert "soft tissue" in claim.derivation
    assert [q.text for q in claim.quotes] == ["sarcoma", "soft tissue tumour"]


def test_a_site_that_only_the_name_gives_is_derived() -> None:
    (site,) = claims("A 63-year-old man had an osteosarcoma of T9.", "primary_site")
    assert (site.value, site.certainty) == ("bone", "derived")
    (site,) = claims("A 63-year-old man had a leiomyosarcoma of the uterus.", "primary_site")
    assert (site.value, site.certainty, site.quotes[0].text) == (
        "uterus", "stated", "leiomyosarcoma of the uterus",
    )  # fmt: skip


def test_patients_without_a_tumour_of_their_own_take_that_of_the_series() -> None:
    text = (
        "Two women with aggressive hemangioma of the spine were treated.\n"
        "The first, a 29-year-old woman, became paraparetic; D5 was expanded.\n"
        "The second, a woman of 66, had been given 40 Gy for a lesion of D9."
    )
    found = cases(Paper(id="t", source="t.txt", text=text))
    assert [c.fields.get("diagnosis") for c in found] == ["vertebral hemangioma", "vertebral hemangioma"]


def test_no_tumour_no_diagnosis() -> None:
    assert values("A 40-year-old man broke his wrist. There was no evidence of a tumour.") == ([], [])
