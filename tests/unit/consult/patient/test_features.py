"""Features on imaging and under the microscope, from the words of a text."""

from __future__ import annotations

import pytest

from spondyl.consult.patient.features import features
from spondyl.consult.patient.opening import from_text
from spondyl.record import Case, Paper

PATIENT = "A 52-year-old woman had weakness of both legs. "


def found(words: str) -> list[str]:
    text = PATIENT + words
    case = Case(case=1, label="Case 1")
    out = list(features(Paper(id="invented", source="invented.txt", text=text), case))
    for claim in out:
        for quote in claim.quotes:
            assert text[quote.start : quote.end] == quote.text
    return [str(c.value) for c in out]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("MRI showed an intramedullary mass with homogeneous enhancement.", ["homogeneous_enhancement"]),
        ("MRI of the cord showed a mass that enhanced inhomogeneously.", ["heterogeneous_enhancement"]),
        ("The intradural mass showed inhomogeneous contrast enhancement.", ["heterogeneous_enhancement"]),
        ("There was oedema of the cord from T8 to T12.", ["oedema_out_of_proportion"]),
        ("There was edema of the cord from T8 to T9.", []),
        ("MRI showed a dural tail and a dumbbell shape.", ["dural_tail", "dumbbell"]),
        ("There was no dural tail.", []),
        ("CT showed destruction of the T9 vertebral body, sparing the disc; the disc was spared.",
         ["body_destruction", "disc_spared"]),
        ("Histology showed atypical spindle cells in fascicles with numerous mitoses and necrosis.",
         ["spindle_cells", "fascicles", "atypia", "mitoses", "necrosis"]),
        ("The wound showed necrosis of the skin.", []),
        ("Histology showed spindle cells without necrosis.", ["spindle_cells"]),
        ("MRI showed two enhancing intramedullary lesions.", ["multiple_lesions"]),
        ("Mammography showed a mass with cystic areas.", []),
        ("The screw was placed eccentrically.", []),
    ],
)  # fmt: skip
def test_what_is_written_is_found_with_its_words(words: str, expected: list[str]) -> None:
    assert sorted(found(words)) == sorted(expected)


def test_a_patient_from_a_text_has_them() -> None:
    text = PATIENT + "MRI of the thoracic cord showed an intramedullary mass with homogeneous enhancement."
    person = from_text(Paper(id="invented", source="invented.txt", text=text))
    assert person.values("imaging") == ("homogeneous_enhancement",)
    assert person.bases("imaging")[0].text == "homogeneous enhancement"
