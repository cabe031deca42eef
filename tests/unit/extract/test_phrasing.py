"""Phrasing of other hands: what the words reach and what they do not (all texts are invented)."""

from __future__ import annotations

import pytest

from spondyl.extract import cases
from spondyl.record import Paper
from spondyl.words.levels import find_levels

WHO = "A 58-year-old man had a renal cell carcinoma. "
TREATED = WHO + "He underwent radical nephrectomy. "


def values(text: str, field: str) -> set[object]:
    (case,) = cases(Paper(id="t", source="t.txt", text=text))
    return {c.value for c in case.claims if c.field == field}


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("S-1 monotherapy was given for six cycles.", []),
        ("TSH was low and T4 normal.", []),
        ("A lytic lesion of S1 was seen.", [("S1",)]),
    ],
)
def test_codes_that_are_no_levels(text: str, levels: list[tuple[str, ...]]) -> None:
    assert [f.levels for f in find_levels(text, text.lower())] == levels


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("He developed testicular swelling, and tumour markers were normal.", "presentation", {"mass"}),
        ("He complained of pain in the left ischium.", "presentation", {"pain"}),
        ("CT confirmed nodules of the thyroid.", "presentation", set()),
        ("He noted painless hematuria.", "denied", set()),
        ("Biopsy showed ER 90%, PR 40% and HER2 negative.", "ihc", {"er+", "pr+", "her2-"}),
        ("Bone scintigraphy revealed multiple metastases.", "other_metastases", {"bone"}),
        ("Bone scintigraphy did not reveal metastases.", "other_metastases", set()),
        ("Nodules were scattered in both lungs; nodules diffusely scattered in both lungs grew.",
         "other_metastases", {"lung"}),
        ("A biopsy of an axillary lymph node showed metastatic carcinoma.", "other_metastases", {"lymph_node"}),
        ("Four out of eleven axillary nodes were found to be positive.", "other_metastases", {"lymph_node"}),
        ("He received cetuximab, an epidermal growth factor inhibitor, for metastatic disease.",
         "other_metastases", set()),
        ("The pain had a dorsal irradiation.", "treatments", set()),
        ("Metastases involved the cervical, thoracic and lumbar vertebrae.", "regions",
         {"cervical", "thoracic", "lumbar"}),
        ("A wedge resection of the right upper lobe was done.", "procedures", {"other_resection"}),
    ],
)  # fmt: skip
def test_what_the_words_say(text: str, field: str, expected: set[object]) -> None:
    assert values(WHO + text, field) == expected


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("It was decided to start sunitinib.", "drugs", {"sunitinib"}),
        ("After a decline in renal function he received sunitinib.", "drugs", {"sunitinib"}),
        ("Two years later the scans remain clear.", "status", {"alive"}),
        ("Exitus occurred nine months after the operation.", "status", {"dead"}),
        ("Since then no recurrence was detected.", "status", {"alive"}),
        ("At six months he is pain-free.", "denied", set()),
        ("No relapse has been noted with a hindsight of 18 months.", "follow_up_months", {18}),
        ("Epirubicin 80 mg was given on day one.", "follow_up_months", set()),
        ("On progression in the liver sunitinib was given.", "recurrence", {"yes"}),
    ],
)
def test_what_came_after(text: str, field: str, expected: set[object]) -> None:
    assert values(TREATED + text, field) == expected


@pytest.mark.parametrize(
    ("text", "diagnosis"),
    [
        ("A 60-year-old woman had a lesion of the tibia. Biopsy showed adenocarcinoma of unknown origin. "
         "Later endometrial carcinoma was found.", {"endometrial carcinoma"}),
        ("A 60-year-old woman had a synovial sarcoma. A diagnosis of granuloma was suggested at first.",
         {"synovial sarcoma"}),
        ("A 60-year-old woman had a renal cell carcinoma. Histology revealed clear cell carcinoma in the clavicle.",
         {"renal cell carcinoma"}),
    ],
)  # fmt: skip
def test_the_tumour_that_is_meant(text: str, diagnosis: set[object]) -> None:
    assert values(text, "diagnosis") == diagnosis


def test_an_age_told_of_an_arrival() -> None:
    text = "A woman had a thymoma removed. At the age of 77, she was referred to our hospital with a mass."
    assert values(text, "age_years") == {77}
