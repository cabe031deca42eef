"""The CARE checklist and the skeleton of a case report."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from spondyl.consult.patient.care import answers, care, checklist
from spondyl.consult.patient.care_draft import care_draft, draft, timeline
from spondyl.consult.patient.person import Person
from spondyl.present.consultation import Consultation, every_line
from spondyl.record import Case, Claim, Quote, UsageError


def person(**fields: Any) -> Person:
    """An invented patient; every value is its own words."""
    claims = [
        Claim(field=f, value=v, quotes=(Quote(paper="p", start=0, end=len(str(v)), text=f"words of {v}"),))
        for f, vs in fields.items()
        for v in (vs if isinstance(vs, list) else [vs])
    ]
    return Person(Case(case=1, label="Case 1", claims=tuple(claims)))


FULL: dict[str, Any] = {
    "age_years": 57, "sex": "female", "diagnosis": "leiomyosarcoma", "levels": ["C5"], "presentation": ["pain"],
    "treatments": ["surgery"], "procedures": ["laminectomy"], "symptom_months": 2, "recurrence_months": 10,
    "recurrence": "yes", "follow_up_months": 12, "status": "alive",
}  # fmt: skip


def states(one: Person) -> dict[str, str]:
    return {a.item.id: a.state for a in answers(one)}


def test_the_checklist_has_the_thirteen_items() -> None:
    assert sorted({int(i.id.rstrip("abcd")) for i in checklist().items}) == list(range(1, 14))
    assert len({i.id for i in checklist().items}) == len(checklist().items) == 30


def test_what_is_known_covers_its_items() -> None:
    told = states(person(**FULL))
    assert told["1"] == "covered"
    assert told["3c"] == "covered"
    assert told["5a"] == "in part", "occupation and origin are for the authors"
    assert told["10d"] == "open"
    assert told["12"] == "for the authors"
    assert set(states(person()).values()) == {"open", "for the authors"}


def test_what_was_not_done_is_not_asked_for() -> None:
    needed = {a.item.id: a.missing for a in answers(person(**FULL))}
    assert needed["9b"] == ("extent of resection", "margins")
    irradiated = person(**{**FULL, "treatments": ["radiotherapy"]})
    assert {a.item.id: a.missing for a in answers(irradiated)}["9b"] == ("dose of radiation",)


def test_a_contradiction_has_to_be_settled() -> None:
    two = {a.item.id: a for a in answers(person(**{**FULL, "age_years": [46, 49]}))}
    assert two["5a"].missing == ("which age is right",)
    assert two["5a"].facts[0].text == "46 or 49 years"


def test_the_part_of_the_page() -> None:
    made = care(person(**FULL))
    assert sum(made.lines[0].value.values()) == 30
    lines = [line for _, line in every_line(Consultation("", (made,), "", (), ""))]
    assert all(line.bases for line in lines)
    age = next(line for line in lines if line.key == "age_years")
    assert (age.text, age.bases[0].text) == ("age: 57 years", "words of 57")


def opened(one: Person) -> Any:
    return Document(io.BytesIO(draft(one)))


def test_the_draft_holds_facts_with_their_words_and_marks_gaps() -> None:
    document = opened(person(**FULL))
    text = "\n".join(p.text for p in document.paragraphs)
    assert document.paragraphs[0].text == "Leiomyosarcoma, C5: a case report"
    assert "Age: 57 years. Sex: female." in text
    assert "[Not in the record: margins]" in text
    assert "[For the authors: the patient's own account]" in text
    assert "“words of 57” (p 0–2)" in [c.text for c in document.comments]
    assert len(document.inline_shapes) == 1, "the timeline"


def test_the_draft_is_the_same_every_time() -> None:
    one = person(**FULL)
    assert draft(one) == draft(one)
    with zipfile.ZipFile(io.BytesIO(draft(one))) as archive:
        assert b"w:date" not in archive.read("word/comments.xml")


def test_contradictions_stand_out_in_the_draft() -> None:
    document = opened(person(**{**FULL, "diagnosis": ["melanoma", "lymphoma"]}))
    text = "\n".join(p.text for p in document.paragraphs)
    assert document.paragraphs[0].text == "[tumour], C5: a case report"
    assert "[To be settled: which tumour is right]" in text


def test_an_empty_record_makes_a_skeleton() -> None:
    text = "\n".join(p.text for p in opened(person()).paragraphs)
    assert "[tumour], [level]: a case report" in text
    assert "[Figure: no two times of the course are known]" in text


def test_hostile_words_stay_words() -> None:
    document = opened(person(diagnosis="<w:p>\x00&amp;</w:p>", levels=["C5"]))
    assert "<w:p>&amp;</w:p>" in document.paragraphs[0].text


def test_the_timeline_needs_two_times() -> None:
    drawn = timeline(person(**FULL))
    assert drawn is not None
    assert drawn.svg == timeline(person(**FULL)).svg  # type: ignore[union-attr]
    assert b"recurrence" in drawn.svg
    assert timeline(person(procedures=["laminectomy"])) is None
    assert timeline(person(follow_up_months=[3, 5])) is None


def test_the_name_of_the_file(tmp_path: Path) -> None:
    assert care_draft(person(**FULL), tmp_path / "a.docx").is_file()
    with pytest.raises(UsageError, match=r"ends in \.docx"):
        care_draft(person(), tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="cannot be written"):
        care_draft(person(), tmp_path / "none" / "a.docx")
