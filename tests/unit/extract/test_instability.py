"""Pain type, bone quality, collapse and performance status. All sentences are invented."""

from __future__ import annotations

import pytest

from spondyl import extract
from spondyl.record import Paper

HEAD = "A 60-year-old woman came with a metastasis of L2. "


def fields(text: str) -> dict[str, object]:
    paper = Paper(id="p", source="p", text=HEAD + text)
    (case,) = extract.cases(paper)
    for claim in case.claims:
        for q in claim.quotes:
            assert paper.text[q.start : q.end] == q.text
    return dict(case.fields)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("The pain was worse on movement.", "pain_type", ["mechanical"]),
        ("Her pain was relieved by lying down.", "pain_type", ["mechanical"]),
        ("The pain was worst at night and kept her awake.", "pain_type", ["not mechanical"]),
        ("CT showed an osteolytic lesion of the body of L2.", "bone_quality", ["lytic"]),
        ("CT showed a mixed lytic and sclerotic lesion of L2.", "bone_quality", ["mixed"]),
        ("L2 showed collapse of a third of its height.", "collapse", "50 % or less"),
        ("There was 60% collapse of L2.", "collapse", "over 50 %"),
        ("There was no collapse of L2.", "collapse", "none"),
        ("Her Karnofsky performance status was 70.", "performance_status", "KPS 70"),
        ("She had an ECOG performance status of 2.", "performance_status", "ECOG 2"),
        ("The ECOG score was 70.", "performance_status", None),
        ("Scores of pain at night were not asked for.", "performance_status", None),
        ("The long bone showed a lytic defect.", "bone_quality", None),
    ],
)
def test_what_scores_ask_for(text: str, field: str, value: object) -> None:
    assert fields(text).get(field) == value


def test_the_papers_own_row_that_disagrees_is_kept_beside() -> None:
    from spondyl import read

    text = """A metastasis of C5: an invented case report

ABSTRACT
A 63-year-old woman had a leiomyosarcoma metastasis at C5, which recurred 12 months after surgery.

CASE REPORT
A 63-year-old woman had a leiomyosarcoma metastasis at C5. The tumour was resected completely. It recurred 12 months
after surgery.

DISCUSSION
Two cases are known.

Table 1. Reported cases
Author (year)         Age/Sex   Level   Treatment     Outcome
Ashgrove (2001)       55/F      C4      Resection     dead, 7 months
Present case          63/F      C5      Resection     no recurrence, 12 months

REFERENCES
1. Ashgrove B. A case. J Invented 2001;1:1-2.
"""
    case = next(c for c in extract.cases(read.text(text, "x.txt")) if c.kind == "patient")
    assert case.fields["recurrence"] == "yes"
    assert [(c.field, c.value) for c in case.others] == [("recurrence", "no")]
