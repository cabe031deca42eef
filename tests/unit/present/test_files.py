"""Word, Excel, CSV, RIS and Markdown hold the same evidence, and nothing in them acts."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from docx import Document
from openpyxl import load_workbook

from spondyl.present import delimited, excel, markdown, ris, word
from spondyl.present.catalog import columns
from spondyl.present.cells import cell_lines, quoted
from spondyl.present.files import file_name
from spondyl.record import Decision
from unit.present.evidence import evidence
from unit.present.invented import first


def cell(field: str, *decided: Decision) -> list[str]:
    made = next(r for r in evidence(*decided).rows if r.label == "Case 1")
    return cell_lines(made, next(c for c in columns() if field in c.fields))


def test_a_cell_has_one_line_a_field() -> None:
    assert cell("presentation") == [
        "pain, motor deficit, cord compression",
        "MRC 4/5",
        "denied: sensory deficit",
    ]
    assert cell("age_years") == ["≠ 46 / 49"]
    assert cell("recurrence") == ["yes (doubtful)", "at 7 months"]


def test_the_three_emptinesses_are_told_apart() -> None:
    rows = evidence().rows
    other = next(r for r in rows if r.kind == "cited")
    primary = next(c for c in columns() if c.key == "primary")
    assert cell_lines(other, primary) == ["not found"]
    silent = Decision(paper=first()[0].id, case=2, field="diagnosis", verdict="not stated")
    other = next(r for r in evidence(silent).rows if r.kind == "cited")
    assert cell_lines(other, primary) == ["not stated"]
    assert cell("denied")[-1] == "denied: sensory deficit"


def test_a_corrected_value_shows_what_was_read() -> None:
    right = Decision(
        paper=first()[0].id, case=1, field="status", value="alive", verdict="correct", corrected="dead"
    )
    assert cell("status", right) == ["dead (corrected from alive)"]


def test_the_words_carry_their_page() -> None:
    made = next(r for r in evidence().rows if r.label == "Case 1")
    dose = next(i for i in made.items() if i.field == "radiation_dose_gy")
    assert quoted(made, dose) == "“30 Gy” (p. 2)"


def test_word_has_a_real_table_with_a_repeated_head_and_three_rules() -> None:
    made = evidence()
    document = Document(io.BytesIO(word.render(made)))
    (table,) = document.tables
    assert len(table.rows) == len(made.rows) + 1
    assert [c.text.split("\n")[0] for c in table.rows[0].cells][:3] == ["Author, year", "Age (years)", "Sex"]
    xml = table._tbl.xml
    assert xml.count("w:tblHeader") == 1
    assert len(re.findall(r"<w:(?:top|bottom) w:val=\"single\" w:sz=\"12\"", xml)) == 2
    assert document.sections[0].page_width > document.sections[0].page_height
    assert sum(int(w) for w in re.findall(r'<w:gridCol w:w="(\d+)"', xml)) > 14_000


def test_word_notes_hold_the_words_of_every_row() -> None:
    document = Document(io.BytesIO(word.render(evidence())))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "age 46: “46-year-old” (p. 1); age 49: “49-year-old” (p. 2)" in text
    assert "never replaces it" in text
    assert "doi:10.5555/adler.1" in text


def test_excel_has_cases_claims_and_statements() -> None:
    made = evidence()
    book = load_workbook(io.BytesIO(excel.render(made)))
    assert book.sheetnames == ["Cases", "Claims", "Statements"]
    assert book["Cases"].freeze_panes == "B2"
    assert book["Cases"].max_row == len(made.rows) + 1
    head, *rows = book["Claims"].iter_rows(values_only=True)
    claims = [dict(zip(head, r, strict=True)) for r in rows]
    text = first()[0].text
    for one in claims:
        if one["paper"] == first()[0].id:
            assert text[one["start"] : one["end"]] == one["quote"]
    assert {c["standing"] for c in claims} == {"chosen", "other"}
    assert [c["page"] for c in claims if c["value"] == 30] == [2]
    assert book["Statements"].max_row == 5


def test_excel_holds_no_formula() -> None:
    book = load_workbook(io.BytesIO(excel.render(evidence())))
    cells = [c for sheet in book for r in sheet.iter_rows() for c in r if isinstance(c.value, str)]
    assert {c.data_type for c in cells} == {"s"}
    wild = [c for c in cells if c.value.startswith("=")]
    assert {c.value for c in wild} == {"=desmin+", "=1+1 Invented cohort of spinal metastases"}
    assert all(c.quotePrefix for c in wild)


@pytest.mark.parametrize("render", [word.render, excel.render])
def test_office_files_have_no_times(render: object) -> None:
    assert callable(render)
    data = render(evidence())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


def test_csv_is_safe_from_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(delimited.render(evidence()))))
    assert [r["kind"] for r in rows] == ["patient", "group", "patient", "cited"]
    case = next(r for r in rows if r["label"] == "Case 1")
    assert (case["levels"], case["age_years"], case["ihc"]) == ("C5; C6", "46; 49", "'=desmin+")
    assert not [v for r in rows for v in r.values() if v.startswith(("=", "+", "-", "@"))]
    group = next(r for r in rows if r["kind"] == "group")
    assert group["statements"].startswith("age: median 58 (31–80) years; women: 14 of 24")


def test_ris_has_one_entry_a_paper_with_its_line_ends() -> None:
    made = ris.render(evidence().sources)
    assert made.count("TY  - JOUR\r\n") == made.count("ER  - \r\n") == 3
    assert "\n" not in made.replace("\r\n", "")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*|", entry) for entry in made.split("\r\n"))
    assert "AU  - Adler, Ada\r\n" in made
    assert "AN  - 99999991\r\nN1  - PMID: 99999991\r\n" in made


def test_markdown_tells_each_case_in_a_line_with_its_reference() -> None:
    made = markdown.render(evidence())
    case = next(x for x in made.splitlines() if "(Case 1)" in x)
    assert case == (
        "- **Adler and Birch 2031** (Case 1): Woman, 46 or 49 years (the paper contradicts itself), "
        "leiomyosarcoma, lesion at C5, C6 (extradural). Presented with pain, motor deficit, cord "
        "compression; denied: sensory deficit. Treated with surgery, radiotherapy, chemotherapy; "
        "procedures: laminectomy; extent: gross total. Radiation 30 Gy; drugs: docetaxel. "
        "Recurrence at 7 months, alive at 12 months. \\[[2](#ref-2)\\]"
    )
    assert "[doi:10.5555/adler.1](<https://doi.org/10.5555/adler.1>)" in made


def test_markdown_holds_no_html_of_a_paper() -> None:
    made = markdown.render(evidence())
    assert set(re.findall(r"<[^<>]*>", made)) == {
        '<a id="ref-1">', '<a id="ref-2">', '<a id="ref-3">', "</a>",
        "<https://doi.org/10.5555/adler.1>", "<https://pubmed.ncbi.nlm.nih.gov/99999991/>",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["..", "a/b", "a\\b", "CON", "", "x" * 500, "\ud800", ".hidden", "a\nb", "-rf"]
)
def test_names_of_files_are_safe(name: str) -> None:
    made = file_name(name)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*\.txt", made)
    assert len(made) < 140
    assert made != file_name(f"{name}1")
