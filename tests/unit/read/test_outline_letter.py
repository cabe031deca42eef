"""A letter whose one heading is that of its references."""

from __future__ import annotations

import pytest

from spondyl import extract, read

LETTER = (
    "A letter on an invented patient\n\n"
    "A 61-year-old woman with breast carcinoma had a metastasis of T8 and weakness of both legs. She underwent "
    "laminectomy and 30 Gy. At 14 months she was alive without recurrence.\n\n"
    "{}\n\n1. Smith J, Doe A. Spinal metastases of breast carcinoma at L4. Spine 2010;3:1-9.\n"
    "2. Brown K. Bone. Bone 2011;4:2-8.\n"
)


@pytest.mark.parametrize("heading", ["References", "REFERENCES", "Reference"])
def test_its_body_is_read_and_its_references_are_not(heading: str) -> None:
    paper = read.text(LETTER.format(heading), "letter.txt")
    assert [s.kind for s in paper.sections][-2:] == ["other", "references"]
    (case,) = extract.cases(paper)
    assert (case.fields["age_years"], case.fields["levels"]) == (61, ["T8"])
