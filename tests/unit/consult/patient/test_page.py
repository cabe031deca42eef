"""The patient's page: nothing of medicine without a basis, in any format; odd input is said and the rest answered."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pypdfium2
import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

import consulted as invented
from spondyl.app.consult_text import as_text
from spondyl.consult.patient.page import consultation
from spondyl.consult.patient.person import Person
from spondyl.present.catalog import shown
from spondyl.present.consultation import Consultation, Line, Part, every_line
from spondyl.present.consultation_flow import Heading, Table, Words, flow
from spondyl.present.consultation_page import numbered, render
from spondyl.present.consultation_pdf import as_pdf
from spondyl.present.consultation_word import as_word

PATIENTS = {
    "leiomyosarcoma": invented.person(**invented.LEIOMYOSARCOMA),
    "vignette": invented.told(),
    "odd": invented.person(**invented.ODD),
    "nothing": invented.person(),
    "renal": invented.person(
        diagnosis="leiomyosarcoma", primary_site="kidney", ihc=["desmin+", "hmb45-", "ck-"]
    ),
}
PAGES = {name: consultation(person) for name, person in PATIENTS.items()}
EXTERNAL = {"rule", "source", "score", "case", "statement", "computed"}


def said_of(person: Person) -> set[str]:
    """The values of a patient as they are printed."""
    return {shown(c.field, c.value) for c in person.case.claims} | {str(c.value) for c in person.case.claims}


def groups(part: Part) -> Iterator[tuple[Line, ...]]:
    """What has to have a basis together: a line, a note, a row of a table; and all that stands below each."""
    for line in (*part.lines, *(n for g in part.grids for n in g.notes)):
        yield from ((one,) for one in below(line))
    for row in (row for g in part.grids for row in g.rows):
        yield row
        yield from ((one,) for cell in row for more in cell.more for one in below(more))


def below(line: Line) -> Iterator[Line]:
    yield line
    for more in line.more:
        yield from below(more)


def unfounded(page: Consultation, person: Person) -> list[str]:
    """What is said without a basis, or with the patient's words alone though it does not repeat them."""
    found, values = [], said_of(person)
    for part in page.parts:
        for lines in groups(part):
            kinds = {b.kind for line in lines for b in line.bases}
            text = " | ".join(line.text for line in lines)
            repeats = kinds and any(v in text for v in values)
            if not kinds & EXTERNAL and not repeats:
                found.append(f"{part.key}: {text}")
    return found + [f"basis: {line.text}" for line in page.basis if not line.bases]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_said_without_a_basis(name: str) -> None:
    assert not unfounded(PAGES[name], PATIENTS[name])


def test_a_sentence_without_a_basis_is_found() -> None:
    page, person = PAGES["leiomyosarcoma"], PATIENTS["leiomyosarcoma"]
    bare = Line("Radiotherapy helps.", person.bases("age_years"))
    for odd in (Part("x", "X", lines=(bare,)), Part("x", "X", lines=(Line("Operate."),))):
        changed = Consultation(page.title, (*page.parts, odd), page.disclaimer, page.basis, page.version)
        assert len(unfounded(changed, person)) == 1


@pytest.mark.parametrize("name", PAGES)
def test_flags_and_management_name_a_source(name: str) -> None:
    for part in (p for p in PAGES[name].parts if p.key in ("flags", "management")):
        for line in (
            line for lines in groups(part) for line in lines[:1] if line.tone in ("urgent", "warning", "")
        ):
            assert {b.kind for b in line.bases} & {"source", "rule", "computed"}, line.text


@pytest.mark.parametrize("name", PAGES)
def test_no_basis_is_empty(name: str) -> None:
    for _, line in every_line(PAGES[name]):
        assert all(b.text.strip() for b in line.bases), line.text


# Every format ------------------------------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.replace("\u00ad", ""))


@pytest.mark.parametrize("name", PAGES)
def test_html_has_every_line_and_every_row_leads_to_its_basis(name: str) -> None:
    page = PAGES[name]
    html = render(page)
    tree = HTMLParser(html)
    shown_text = squeezed(tree.body.text() if tree.body else "")
    assert all(squeezed(line.text) in shown_text for _, line in every_line(page))
    ids = {node.attributes.get("id") for node in tree.css("[id]")}
    links = [str(a.attributes["href"]).lstrip("#") for a in tree.css(".refs a")]
    assert links
    assert set(links) <= ids
    for node in tree.css("section li > .t, section details > summary > .t"):
        assert basis_beside(node), node.text()
    for row in tree.css("section tbody tr"):
        assert row.css_first(".refs a"), row.text()
    assert len(tree.css("ol.bases li")) == len(numbered(page))


def basis_beside(node: Node) -> bool:
    """Whether numbers stand right behind the words of a line, or elsewhere in its row."""
    after = node.next
    if after is not None and after.attributes.get("class") == "refs":
        return True
    up = node.parent
    while up is not None and up.tag != "tr":
        up = up.parent
    return up is not None and up.css_first(".refs a") is not None


@pytest.mark.parametrize("name", PAGES)
def test_the_blocks_of_word_pdf_and_text_carry_their_numbers(name: str) -> None:
    bare = []
    for block in flow(PAGES[name]):
        if isinstance(block, Words) and block.tone not in ("quiet", "basis") and not block.refs:
            bare.append(block.text)
        if isinstance(block, Table):
            bare += [row[0].text for row in block.rows if not any(cell.refs for cell in row)]
            bare += [w.text for lines in block.below.values() for w in lines if not w.refs]
    assert not bare


@pytest.mark.parametrize("name", ["leiomyosarcoma", "odd"])
def test_word_pdf_text_and_json_hold_the_same(name: str) -> None:
    page = PAGES[name]
    word = Document(io.BytesIO(as_word(page)))
    cells = (c.text for t in word.tables for row in t.rows for c in row.cells)
    written = {
        "word": "\n".join([*(p.text for p in word.paragraphs), *cells]),
        "pdf": "\n".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(as_pdf(page))),
        "json": json.dumps(page.as_dict(), ensure_ascii=False),
        "html": HTMLParser(render(page)).text(),
    }
    for form, text in written.items():
        held = squeezed(text.replace('\\"', '"').replace("\\\\", "\\").replace("\ufffe", "-"))
        assert squeezed(page.disclaimer) in held, form
        for line in (line for part in page.parts for line in part.lines):
            assert squeezed(line.text) in held, (form, line.text)
    assert page.disclaimer.split(".")[0] in as_text(page)
    headings = {p.text for p in word.paragraphs if str(p.style.name).startswith("Heading")}  # type: ignore[union-attr]
    assert headings >= {b.text for b in flow(page) if isinstance(b, Heading)}
    assert word.tables


@pytest.mark.parametrize("write", [render, as_word, as_pdf, as_text])
def test_the_same_patient_gives_the_same_bytes(write: object) -> None:
    again = consultation(PATIENTS["leiomyosarcoma"])
    assert write(again) == write(PAGES["leiomyosarcoma"])  # type: ignore[operator]


def test_json_names_the_basis_of_every_line() -> None:
    data = json.loads(json.dumps(PAGES["vignette"].as_dict()))
    flags = next(p for p in data["parts"] if p["key"] == "flags")
    assert all(line["basis"] for line in flags["lines"])
    assert data["disclaimer"]


# Missing, contradictory, absurd and hostile input ------------------------------------------------------------------


def test_nothing_known_is_said_and_answered() -> None:
    page = PAGES["nothing"]
    assert page.title == "Patient"
    assert page.part("patient").empty == "Nothing is known of this patient."  # type: ignore[union-attr]
    assert not [line for line in page.part("flags").lines if line.tone == "urgent"]  # type: ignore[union-attr]


def test_what_cannot_be_is_said_and_left_aside_and_the_rest_answered() -> None:
    first = PAGES["odd"].part("patient")
    assert first
    said = [line.text for line in first.lines if line.text.startswith("Left aside")]
    for words in ("age 630", "level T15", "KPS 130", "dose 5000"):
        assert any(words in text for text in said), words
    values = {row[1].key: row[1].value for row in first.grids[0].rows}
    assert values["levels"] == ["C5"]
    assert not {"age_years", "performance_status", "radiation_dose_gy"} & set(values)
    flags = PAGES["odd"].part("flags")
    assert [line.key for line in flags.lines if line.tone == "urgent"] == ["sphincter_loss"]  # type: ignore[union-attr]


def test_contradictions_stand_and_nothing_chooses() -> None:
    first = PAGES["odd"].part("patient")
    said = " ".join(line.text for line in first.lines if line.key.startswith("clash"))  # type: ignore[union-attr]
    assert "Sex is given as female and male" in said
    assert "Pain is recorded as present and as denied" in said


def test_a_hostile_value_is_words_and_nothing_else() -> None:
    html = render(PAGES["odd"])
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
    assert as_pdf(PAGES["odd"]).startswith(b"%PDF")
    assert "\x1b" not in as_text(consultation(invented.person(diagnosis="\x1b[2Jx")))


def test_what_was_read_from_a_text_says_so() -> None:
    lines = PAGES["vignette"].part("patient").lines  # type: ignore[union-attr]
    assert lines[0].key == "unconfirmed"


def test_the_vignette_raises_its_flags() -> None:
    flags = {line.key for line in PAGES["vignette"].part("flags").lines if line.tone == "urgent"}  # type: ignore[union-attr]
    assert flags >= {
        "progressing_deficit",
        "sphincter_loss",
        "weakness",
        "cord_compressed",
        "escc_high",
        "calcium_severe",
    }


def test_the_page_for_the_patient_has_no_scores_and_a_basis_for_all() -> None:
    person = PATIENTS["leiomyosarcoma"]
    page = consultation(person, for_patient=True)
    assert page.part("scores") is None
    bare = [g[0].text for part in page.parts for g in groups(part) if not any(line.bases for line in g)]
    assert not bare
    assert "Tokuhashi" not in as_text(page)


def test_the_page_for_the_patient_says_when_nobody_has_checked_it() -> None:
    lines = consultation(PATIENTS["vignette"], for_patient=True).parts[0].lines
    assert "Nobody has checked it yet" in lines[0].text
