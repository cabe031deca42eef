"""Radiation doses, on invented sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from spondyl import read
from spondyl.extract import reading
from spondyl.record import Paper


def doses(text: str) -> list[object]:
    (case,) = reading(
        Paper(id="invented", source="invented", text=f"A 50-year-old man was seen. {text}")
    ).cases
    return list(dict(case.fields).get("radiation_dose_gy", []))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He received 30 Gy in 10 fractions.", [30]),
        ("He received 10 fractions of 3 Gy.", [30]),
        ("He received 5 x 4 Gy to T8.", [20]),
        ("He received 3 Gy x 10 to the spine.", [30]),
        ("Irradiation with 2.5 Gy per fraction in 12 fractions was given.", [30]),
        ("Radiotherapy: 50 Gy / 25 fr.", [50]),
        ("RT 60 Gy/30# was given.", [60]),
        ("Twenty Gray in five fractions was given.", [20]),
        ("A total of 2,500 cGy in 10 fx was delivered.", [25]),
        ("Cranial irradiation (2500 rads) was given.", [25]),
        ("A single fraction of 8 Gy was given to L1 and another 8 Gy to the femur.", [8, 8]),
        ("The femur and the spine were irradiated with 10 x 3 Gy each.", [30, 30]),
        ("Radiotherapy at a dose of 30 Gy and steroids were given.", [30]),
        ("The total dose was 70 Gy in 35 fractions of 2 Gy.", [70]),
        ("He received 46 Gy. After the 46 Gy he improved.", [46]),
        ("He received 20-30 Gy.", []),
        ("The mean dose to the lungs was 4.2 Gy.", []),
        ("The cord was given a maximum dose of 29 Gy.", []),
        ("A course of 20 Gy is planned.", []),
        ("A radiotherapist had offered 20 Gy in five fractions.", []),
        ("Radioiodine (14.8 GBq) was given.", []),
        ("He was referred for 30 Gy, which he declined.", []),
    ],
)
def test_totals(text: str, expected: list[object]) -> None:
    assert doses(text) == expected


def test_a_dose_of_the_abstract_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "invented.txt"
    file.write_text(
        "Abstract\n\nA 50-year-old man with a metastasis got 30 Gy.\n\n"
        "Case report\n\nA 50-year-old man had back pain. He got 30 Gy to T5.\n\n"
        "References\n\n1. Nobody N. Nothing. J Invented 2001;1:1-2.\n"
    )
    (case,) = reading(read.paper(str(file))).cases
    assert dict(case.fields)["radiation_dose_gy"] == [30]


def test_a_multiplied_dose_names_its_rule() -> None:
    paper = Paper(id="invented", source="invented", text="A 50-year-old man received 5 x 4 Gy.")
    (case,) = reading(paper).cases
    (claim,) = [c for c in case.claims if c.field == "radiation_dose_gy"]
    assert (claim.certainty, claim.derivation, claim.quotes[0].text) == (
        "derived",
        "fractions × dose",
        "5 x 4 Gy",
    )
