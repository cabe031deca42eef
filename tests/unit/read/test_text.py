# ruff: noqa: E501
"""Plain text → sections, tables and metadata. All texts are invented."""

from __future__ import annotations

import pytest

from spondyl import read
from spondyl.record import Paper, Table

PAPER = """\
Invented Journal of Spinal Oncology (2031) 4, 17-20
CASE REPORT

A lonely metastasis of the fifth thoracic vertebra:
an invented case

Ilse Quarrier a,*, Tomas de Vry b
a Department of Neurosurgery, Nowhere Infirmary
* i.quarrier@nowhere.example
Received 3 May 2030; accepted 1 June 2031
https://doi.org/10.5555/ijso.2031.017

Abstract

Background: Such lesions are rare.
Case Description: A 61-year-old man had a lesion of T5.
Conclusion: Surgery helped.

Keywords: spine; metastasis

1. Introduction

Few cases are known. In the series of Umber the mean age was 58 years.

2. Patients

2.1. Patient 1

A 61-year-old man came with back pain. His gait was normal, and
he was treated at once.

Fig. 1. Patient 1. MRI of T5
before the operation.

18                         I. Quarrier et al. / Inv J Spinal Oncol 4 (2031) 17-20

The tumour was removed.

2.2. Patient 2

A 47-year-old woman had a lesion of L1.

I. Quarrier et al. / Inv J Spinal Oncol 4 (2031) 17-20                          19

3. Discussion

3.1. What others saw

Wystan described three patients.

Table 1
Cases from the literature.

Author        Year   Age   Level
Umber         2001   58    T4
Wystan        2004   60    T6, T7
Abernathy     2009   61    L2
NED, no evidence of disease.

4. Conclusion

It can be done.

Conflict of interest statement
None.

References

[1] Umber T. A series. Inv J 2001;1:2-3. doi:10.5555/other.1
[2] Wystan X. Three patients. Inv J 2004;2:4-5.
"""


@pytest.fixture(scope="module")
def paper() -> Paper:
    return read.text(PAPER, "a.txt")


def kinds(paper: Paper) -> list[str]:
    return [s.kind for s in paper.sections]


def words(paper: Paper, kind: str) -> str:
    return "".join(paper.text[s.start : s.end] for s in paper.sections if s.kind == kind)


def grid(table: Table) -> list[list[str | None]]:
    return [[c.text if c else None for c in row] for row in table.grid()]


def assert_sound(paper: Paper) -> None:
    assert [s.start for s in paper.sections] == [0, *(s.end for s in paper.sections[:-1])]
    assert paper.sections[-1].end == len(paper.text)
    for table in paper.tables:
        assert all(paper.text[c.start : c.end] == c.text for c in table.cells)
        assert table.start < table.end <= len(paper.text)


def test_text_is_unchanged_and_sections_cover_it(paper: Paper) -> None:
    assert paper.text == PAPER
    assert_sound(paper)


def test_sections_have_the_kinds_of_their_headings(paper: Paper) -> None:
    titles = {s.title: s.kind for s in paper.sections}
    assert titles["Introduction"] == "introduction"
    assert titles["Patient 1"] == titles["Patient 2"] == titles["Patients"] == "case_report"
    assert titles["What others saw"] == "discussion"
    assert titles["Conclusion"] == "conclusion"
    assert titles["Conflict of interest statement"] == "back_matter"
    assert titles["Case Description"] == "abstract"
    assert kinds(paper)[:3] == ["front_matter", "title", "front_matter"]
    assert kinds(paper)[-1] == "references"


def test_front_matter_and_running_heads_hold_no_prose(paper: Paper) -> None:
    assert "61-year-old" not in words(paper, "front_matter") + words(paper, "running_head")
    assert words(paper, "running_head").count("Quarrier et al.") == 2
    assert words(paper, "figure_caption").strip() == "Fig. 1. Patient 1. MRI of T5\nbefore the operation."
    assert "The tumour was removed." in words(paper, "case_report")


def test_metadata_is_the_papers_own(paper: Paper) -> None:
    assert paper.title == "A lonely metastasis of the fifth thoracic vertebra: an invented case"
    assert paper.authors == ("Quarrier, Ilse", "de Vry, Tomas")
    assert paper.doi == "10.5555/ijso.2031.017"
    assert (paper.year, paper.journal) == (2031, "Invented Journal of Spinal Oncology")
    assert paper.pmid is None


def test_table_has_caption_cells_and_notes(paper: Paper) -> None:
    (table,) = paper.tables
    assert (table.label, table.caption) == ("Table 1", "Cases from the literature.")
    assert grid(table) == [
        ["Author", "Year", "Age", "Level"],
        ["Umber", "2001", "58", "T4"],
        ["Wystan", "2004", "60", "T6, T7"],
        ["Abernathy", "2009", "61", "L2"],
    ]
    assert all(c.head for c in table.cells if c.row == 0)
    assert paper.text[table.start : table.end].endswith("NED, no evidence of disease.")


def test_case_text_without_heading_is_one_section() -> None:
    for text in (
        "A 61-year-old man had a lesion.",
        "A man of 61.\nHe had pain.\n\nHe was treated. He is well.",
    ):
        paper = read.text(text)
        assert kinds(paper) == ["other"]
        assert paper.title is None
        assert paper.doi is None


def test_title_over_a_text_without_headings() -> None:
    paper = read.text("A lesion of T5 in a young man\n\nA 31-year-old man had pain. He was treated.\n")
    assert paper.title == "A lesion of T5 in a young man"
    assert kinds(paper) == ["title", "other"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("CASE REPORT", "case_report"), ("Case Description", "case_report"), ("2.1. Patient 1", "case_report"),
        ("## 4. Discussion", "discussion"), ("DISCUSSI0N", "discussion"), ("CASE R EPORT", "case_report"),
        ("ABSTRACI", "abstract"), ("A B S T R A C T", "abstract"), ("Kasuistik", "case_report"),
        ("Literatur", "references"), ("Conclusion:", "conclusion"), ("**3. Results**", "results"),
        ("Discussion and overview of the literature", "discussion"), ("II. METHODS", "methods"),
    ],
)  # fmt: skip
def test_headings_of_all_sorts(heading: str, kind: str) -> None:
    paper = read.text(f"Introduction\n\nRare things happen.\n\n{heading}\n\nSomething was done here.\n")
    assert paper.sections[-1].kind == kind


def test_words_that_begin_a_line_of_prose_are_no_heading() -> None:
    text = (
        "Introduction\n\nThe outcome is given in the\nDiscussion section of the paper and in the\nresults.\n"
    )
    assert kinds(read.text(text)) == ["introduction"]


def test_structured_abstract_out_of_place_is_abstract() -> None:
    text = (
        "Introduction\n\nLesions of the cord are rare.\n\nObjective: To tell of one.\n\n"
        "Case: A 46-year-old woman had pain.\n\nConclusion: Rare.\n\nCase Report\n\nA 49-year-old woman had pain.\n"
    )
    paper = read.text(text)
    assert [s.kind for s in paper.sections] == [
        "introduction",
        "abstract",
        "abstract",
        "abstract",
        "case_report",
    ]
    assert "46-year-old" in words(paper, "abstract")
    assert "49-year-old" in words(paper, "case_report")


def test_labels_divide_a_text_that_has_nothing_else() -> None:
    text = "BACKGROUND: Rare.\n\nCASE PRESENTATION: A man of 61 had pain.\n\nCONCLUSION: It helped.\n"
    assert kinds(read.text(text)) == ["introduction", "case_report", "conclusion"]


def test_case_parts_belong_to_the_case() -> None:
    text = "CASE\n\nPresentation\nA man of 61 had a lot of pain for a long time.\n\nTREATMENT\n\nHe was operated on.\n"
    assert set(kinds(read.text(text + "\nDISCUSSION\n\nRare.\n"))) == {"case_report", "discussion"}
    assert set(kinds(read.text("Discussion\n\nRare.\n\nTreatment\n\nMany are operated on.\n"))) == {
        "discussion"
    }


def test_references_without_a_heading_at_the_end() -> None:
    cited = "".join(
        f"{n})\n\nUmber T. Title {n}. Inv J. 200{n};1:2. doi: 10.5555/x.{n}. PMID: 1234567{n}.\n\n"
        for n in "123"
    )
    paper = read.text("Spinal things\n\nCase reports\n\nA 59-year-old woman was operated on.\n\n" + cited)
    assert kinds(paper)[-2:] == ["case_report", "references"]
    assert paper.doi is None
    assert paper.pmid is None


def test_doi_with_spaces_for_underscores_gives_way_to_the_whole_one() -> None:
    head = "A rare lesion of the spine\n\nAna Ramos\n\nhttps://doi.org/10.5555/INV 66 2024\n\n"
    rest = "Abstract\n\nRare.\n\nIntroduction\n\nRare.\n"
    assert read.text(head + rest).doi is None
    assert read.text(head + "https://doi.org/10.5555/INV_66_2024\n\n" + rest).doi == "10.5555/INV_66_2024"


def test_tables_by_tabs_and_pipes() -> None:
    tabs = "Results\n\nTABLE 1: Patients.\n\nVariable\tN (%)\nSex\nFemale\t31 (69%)\nMale\t14 (31%)\n\nThey were old.\n"
    paper = read.text(tabs)
    assert grid(paper.tables[0])[1:3] == [["Sex", None], ["Female", "31 (69%)"]]
    assert "They were old." in words(paper, "results")
    pipes = "Results\n\nTable 2. Patients\n\n| Feature | No. |\n| :-- | :-- |\n| **Bones** |  |\n| Spine | 147 |\n"
    assert grid(read.text(pipes).tables[0]) == [["Feature", "No."], ["Bones", None], ["Spine", "147"]]


def test_cell_that_fills_its_column_is_cut_where_the_next_begins() -> None:
    text = (
        "Table 1: Reports\n\nAuthor        Primary     Level   Treatment\nUmber         Kidney      C2      Surgery\n"
        "Present       Lung (adeno) C2     Collar\n"
    )
    assert grid(read.text(text).tables[0])[2] == ["Present", "Lung (adeno)", "C2", "Collar"]


def test_table_that_lost_its_columns_is_cut_by_what_its_words_are() -> None:
    text = (
        "DISCUSSION\n\nOthers saw the same.\n\nTable 1: Comparison of invented cases.\n\n"
        "Author/year Location Treatment Follow-up/outcome\n"
        "Umber et al., 2029 T3-T4, one patient, primary GTR+ Radiotherapy 2 months, alive\n"
        "Wystan et al., 2017 L2, primary Subtotal resection 5 months, stable\n\nL4, primary GTR 27 months, well\n"
        "Our study, 2031 T5, metastasis GTR+Chemotherapy 11 months, alive\nGTR: Gross total removal\n\nCONCLUSION\n\nRare.\n"
    )
    paper = read.text(text)
    assert_sound(paper)
    table = next(t for t in paper.tables if t.cells)
    assert (table.label, table.caption) == ("Table 1", "Comparison of invented cases.")
    rows = grid(table)
    assert rows[1] == [
        "Umber et al., 2029",
        "T3-T4, one patient, primary",
        "GTR+ Radiotherapy",
        "2 months, alive",
    ]
    assert rows[3] == [None, "L4, primary", "GTR", "27 months, well"]
    assert next(c for c in table.cells if c.text.startswith("Wystan")).rows == 2
    assert "Umber et al., 2029" in words(paper, "table")
    assert kinds(paper)[-1] == "conclusion"


def test_timeline_in_two_columns_stays_in_its_section() -> None:
    text = "FOLLOW-UP\n\n 6 weeks      pain 3/10\n 3 months     pain 2/10\n 14 months    walking unaided\n\nHe is well.\n"
    paper = read.text("CASE\n\nA man of 61.\n\n" + text)
    assert set(kinds(paper)) == {"case_report"}
    assert grid(paper.tables[0])[0] == ["6 weeks", "pain 3/10"]


def test_sentence_about_a_table_or_figure_is_prose() -> None:
    text = "Results\n\nTable 1 lists the patients of this study.\n\nFigure 1 shows the lesion.\n"
    assert kinds(read.text(text)) == ["results"]


def test_form_feeds_give_pages() -> None:
    paper = read.text("One.\n\fTwo.\n\fThree.\n")
    assert [p.number for p in paper.pages] == [1, 2, 3]
    assert paper.page_of(paper.text.index("Two")) == 2


def test_crlf_and_mark_are_kept() -> None:
    text = "\ufeffIntroduction\r\n\r\nRare.\r\n\r\nCase report\r\n\r\nA man of 61.\r\n"
    paper = read.text(text)
    assert paper.text == text
    assert kinds(paper) == ["introduction", "case_report"]
