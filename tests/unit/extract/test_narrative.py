"""Where a paper tells of its patient: sections for cases, illustrative cases, letters. All texts are invented."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.record import Paper, Section

CASE = (
    "This 61-year-old woman was seen because of neck pain. She had undergone thyroidectomy. MRI showed a "
    "destructive "
    "lesion of C2. The tumour was resected. Histology showed follicular thyroid carcinoma.\n\n"
    "She received radioiodine. Eighteen months later she was free of pain."
)


def _paper(*parts: tuple[str, str, str]) -> Paper:
    text, sections = "", []
    for kind, title, body in parts:
        start = len(text)
        text += f"{title}\n{body}\n\n"
        sections.append(Section(kind=kind, title=title, start=start, end=len(text)))  # type: ignore[arg-type]
    return Paper(id="x", source="x", text=text, sections=tuple(sections))


@pytest.mark.parametrize(
    "parts",
    [
        [("introduction", "INTRODUCTION", f"Metastases of the axis are rare. {CASE}")],
        [("front_matter", "", f"Sir, we wish to report a patient.\n\n{CASE}")],
        [("methods", "METHODS", "All files were read."), ("results", "RESULTS", CASE)],
        [("results", "RESULTS", "Pain fell."), ("results", "ILLUSTRATIVE CASE (No. 3)", CASE)],
    ],
)
def test_the_case_is_found_wherever_it_is_told(parts: list[tuple[str, str, str]]) -> None:
    paper = _paper(("title", "Axis", ""), *parts, ("references", "REFERENCES", "1. Invented A."))
    cases = [c for c in reading(paper).cases if c.kind == "patient"]
    assert [dict(c.fields)["age_years"] for c in cases] == [61]
    assert dict(cases[0].fields)["follow_up_months"] == 18


def test_a_review_has_no_patient() -> None:
    text = "The typical patient in the trials was a woman of 56 years. Bone is the seat of metastases. Pain is common."
    paper = _paper(("introduction", "INTRODUCTION", text), ("references", "REFERENCES", "1. Invented A."))
    assert not [c for c in reading(paper).cases if c.kind == "patient"]


@pytest.mark.parametrize(
    "words",
    ["Her sister, a 50-year-old woman, has melanoma.", "Her mother was a 90-year-old woman without illness."],
)
def test_a_relative_is_no_patient(words: str) -> None:
    cases = reading(_paper(("case_report", "CASE REPORT", f"{CASE} {words}"))).cases
    assert [dict(c.fields)["age_years"] for c in cases] == [61]


@pytest.mark.parametrize(
    "words",
    [
        "A 55-year-old man in another study (Orme et al. 2011) had a lesion of C3. He died 2 months later.",
        "Orme et al. reported a 55-year-old man with a lesion of C3. He died 2 months later.",
    ],
)
def test_a_patient_of_another_study_is_no_patient_and_lends_nothing(words: str) -> None:
    (case,) = reading(_paper(("case_report", "CASE REPORT", f"{CASE} {words}"))).cases
    fields = dict(case.fields)
    assert (fields["age_years"], fields["follow_up_months"], fields["levels"]) == (61, 18, ["C2"])
    assert fields.get("status") != "dead"
