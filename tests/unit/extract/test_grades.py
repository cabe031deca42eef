"""Grades and figures of triage, on invented sentences."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.record import Paper


def value(field: str, text: str) -> object:
    told = f"A 58-year-old man with renal cell carcinoma had a metastasis of T9. {text}"
    (case,) = reading(Paper(id="invented", source="invented", text=told)).cases
    return dict(case.fields).get(field)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("escc", "MRI showed epidural extension (ESCC 3).", "3"),
        ("escc", "The ESCC grade was 1b.", "1b"),
        ("escc", "Bilsky grade 1c compression was seen.", "1c"),
        ("escc", "ESCC 2010 was cited.", None),
        ("frankel", "He was Frankel D on admission and Frankel E later.", "D"),
        ("frankel", "Frankel et al. described the scale.", None),
        ("asia", "The deficit was ASIA C.", "C"),
        ("asia", "He had travelled in Asia a year before.", None),
        ("calcium_mmol_l", "Corrected calcium was 3.2 mmol/l.", 3.2),
        ("calcium_mmol_l", "Ionised calcium was 1.4 mmol/l.", None),
        ("tumour_grade", "The primary was FNCLCC grade 3.", "3"),
        ("deficit_course", "He presented with progressive paraparesis.", "progressive"),
        ("deficit_course", "The weakness had worsened over three days.", "progressive"),
        ("deficit_course", "There was no progressive weakness.", None),
        ("deficit_course", "The tumour was progressing.", None),
    ],
)
def test_values(field: str, text: str, expected: object) -> None:
    assert value(field, text) == expected


def test_a_grade_of_compression_is_no_tumour_of_the_oesophagus() -> None:
    assert value("diagnosis", "Epidural extension, ESCC 3.") == "renal cell carcinoma"
