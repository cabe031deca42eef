"""Rows of literature tables as cases, and series as groups (all tables and sentences are invented)."""

from __future__ import annotations

from spondyl.extract import cases
from spondyl.extract.cited import cited, present_rows
from spondyl.extract.groups import groups
from spondyl.extract.series import statements
from spondyl.record import Case, Cell, Paper, Section, Table


def table_paper(caption: str, *rows: str, references: str = "") -> Paper:
    text = "\n".join((caption, *rows, references))
    cells, start = [], len(caption) + 1
    for i, row in enumerate(rows):
        for j, words in enumerate(row.split("\t")):
            if words:
                cells.append(
                    Cell(row=i, column=j, text=words, start=start, end=start + len(words), head=i == 0)
                )
            start += len(words) + 1
    table = Table(caption=caption, caption_end=len(caption), start=0, end=start, cells=tuple(cells))
    sections = [Section(kind="table", title="", start=0, end=start)]
    if references:
        sections.append(Section(kind="references", title="", start=start, end=len(text)))
    return Paper(id="t", source="t.txt", text=text, sections=tuple(sections), tables=(table,))


def fields(case: Case) -> dict[str, object]:
    return {k: v for k, v in case.fields.items() if k != "cited_study"}


TABLE = table_paper(
    "Table 1. Leiomyosarcoma of the spine",
    "Author, year\tAge/sex\tLevel\tTreatment\tOutcome",
    "Orme et al., 2011\t54/M\tT4-T6\tGTR + RT 30 Gy\tDOD 7 mo",
    "Lind (2015)\t61 F\tL2\tlaminectomy, doxorubicin\t38 months, recurrence-free",
    "\tF/35\tC7\tnone\talive, 2 years",
    "Our study\t63/F\tC5\tGTR\t12 months",
)


def test_each_row_is_a_case_of_its_author() -> None:
    found = cited(TABLE)
    assert [c.label for c in found] == ["Orme et al., 2011", "Lind, 2015", "Lind, 2015"]
    assert {c.kind for c in found} == {"cited"}
    assert {c.reported_by for c in found} == {"t"}
    assert [c.case for c in found] == [1, 2, 3]


def test_cells_are_read_into_fields() -> None:
    first, second, third = map(fields, cited(TABLE))
    assert first == {
        "age_years": 54,
        "sex": "male",
        "levels": ["T4", "T5", "T6"],
        "regions": ["thoracic"],
        "resection_extent": "gross_total",
        "treatments": ["surgery", "radiotherapy"],
        "radiation_dose_gy": [30],
        "follow_up_months": 7,
        "status": "dead",
        "diagnosis": "leiomyosarcoma",
        "procedures": ["spinal_tumour_resection"],
    }
    assert second["procedures"] == ["laminectomy"]
    assert second["drugs"] == ["doxorubicin"]
    assert (second["follow_up_months"], second["recurrence"], second["status"]) == (38, "no", "alive")
    assert "treatments" not in third
    assert (third["sex"], third["age_years"], third["follow_up_months"]) == ("female", 35, 24)


def test_the_row_of_the_paper_itself_is_kept_apart() -> None:
    own = present_rows(TABLE)
    assert [(c.kind, fields(c)["age_years"]) for c in own] == [("patient", 63)]


def test_every_claim_of_a_row_stands_on_its_words() -> None:
    for case in (*cited(TABLE), *present_rows(TABLE)):
        for claim in case.claims:
            assert claim.method == "table"
            assert all(TABLE.text[q.start : q.end] == q.text for q in claim.quotes)


def test_months_in_the_head_and_a_numbered_reference() -> None:
    paper = table_paper(
        "Table 2. Melanoma of the cord",
        "Ref.\tSex\tAge\tSurvival (months)",
        "[4]\tF\t29\t17",
        "[5]\tM\t70\t5, alive",
        references="[4] Obri S. A case. 2013;2:9.\n[5] Tachi R. Another. 2011;17:204.",
    )
    assert [(c.label, fields(c)["follow_up_months"]) for c in cited(paper)] == [
        ("Obri, 2013", 17),
        ("Tachi, 2011", 5),
    ]


def test_a_row_of_many_patients_is_a_group_and_no_case() -> None:
    paper = table_paper(
        "Table 3. Published series",
        "Authors & year\tNo. of pts\tMedian age",
        "Bright et al., 2013\t186\t62",
        "Salva, 2016\t44\t57",
    )
    assert cited(paper) == ()
    assert [(c.label, fields(c)) for c in groups(paper, ())] == [
        ("Bright et al., 2013", {"n_patients": 186, "age_median_years": 62}),
        ("Salva, 2016", {"n_patients": 44, "age_median_years": 57}),
    ]


def test_a_table_of_characteristics_is_no_literature() -> None:
    assert cited(table_paper("Table 1", "Feature\tNo. (%)", "Female\t22 (55)", "Male\t18 (45)")) == ()


def group_of(text: str) -> list[Case]:
    paper = Paper(id="p", source="p.txt", text=text)
    return list(groups(paper, statements(paper)))


def test_a_series_told_as_a_whole_is_one_group() -> None:
    (case,) = group_of(
        "Orme et al. followed 30 patients [17 men and 13 women; mean age, 66 years (range 41-83)], with "
        "metastases of the cervical spine. At the last follow-up 4 patients were alive and 26 patients were dead. "
        "Overall median survival was 12.6 months."
    )
    assert case.label == "30 patients with metastases of the cervical spine (Orme et al.)"
    got = fields(case)
    assert (got["n_patients"], got["n_male"], got["n_female"], got["age_mean_years"]) == (30, 17, 13, 66)
    assert (got["n_dead"], got["n_alive"], got["median_survival_months"]) == (26, 4, 12.6)
    assert got["regions"] == ["cervical"]


def test_one_patient_makes_no_group() -> None:
    assert (
        group_of("A 63-year-old woman had a metastasis at C5. The mean age in such patients is 60 years.")
        == []
    )


def test_a_group_that_is_only_counted_is_not_described() -> None:
    assert group_of("We treated 40 patients with chordoma. Twelve (30%) had pain.") == []


def test_the_age_of_a_group_is_not_the_age_at_an_event_of_its_life() -> None:
    text = (
        "We studied 40 women with spinal metastases. The 40 women had a mean age of 62 years and a mean age at "
        "menopause of 49 years."
    )
    paper = Paper(id="g", source="g.txt", text=text)
    told = statements(paper)
    assert {62, 49} <= {s.value for s in told if s.quantity == "mean"}
    assert [c.fields.get("age_mean_years") for c in groups(paper, told)] == [62]


def test_a_patient_of_whom_nothing_is_told_is_no_case() -> None:
    text = "This folder holds a case report with a table, a cohort study and a review."
    assert cases(Paper(id="f", source="f.txt", text=text)) == ()
