"""The skeleton of a case report in Word: the checklist's headings, what is known with its words, the gaps marked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Cm, Pt, RGBColor

from spondyl import __version__
from spondyl.consult.patient.care import Answer, Fact, answers, checklist
from spondyl.consult.patient.person import Person
from spondyl.consult.rules.literature import source
from spondyl.present.catalog import number, printed
from spondyl.present.survival import Picture
from spondyl.present.timeline import Moment, draw_timeline
from spondyl.present.zipped import clean, steady
from spondyl.record import UsageError

__all__ = ["care_draft", "draft", "timeline"]

GAP, QUIET, CLASH = RGBColor(0x8A, 0x4B, 0x00), RGBColor(0x5C, 0x68, 0x73), RGBColor(0xA8, 0x1E, 0x12)
NOTE = (
    "Draft, written by a program from the record of one patient. It holds only what the record tells; brackets mark "
    "what has still to be supplied or settled, and comments hold the words a value was read from. Check every value "
    "against the patient's file. Take out what could identify the patient before it is shown to others."
)


def care_draft(person: Person, path: str | Path) -> Path:
    """Write the skeleton of a case report.

    Args:
        person: The patient.
        path: The file, ending in .docx.

    Returns:
        The file.

    Raises:
        UsageError: The name does not end in .docx, or the file cannot be written.
    """
    place = Path(path)
    if place.suffix.lower() != ".docx":
        raise UsageError(f"{place}: the draft is a Word document; give a name that ends in .docx")
    made = draft(person)
    try:
        place.write_bytes(made)
    except OSError as error:
        raise UsageError(
            f"{place} cannot be written ({error.strerror}); name a file in a folder that is there"
        ) from None
    return place


def draft(person: Person) -> bytes:
    """The skeleton; the same patient gives the same bytes.

    Args:
        person: The patient.

    Returns:
        A Word document.
    """
    told = answers(person)
    document = Document()
    _set_up(document)
    document.add_heading(clean(_title(person)), level=0)
    _quiet(document, NOTE)
    for section, some in groupby(told, key=lambda a: a.item.section):
        document.add_heading(section, level=1)
        for answer in some:
            _item(document, answer)
            if answer.item.id == "7":
                _timeline(document, person)
    _checklist(document, told)
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def _set_up(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.2)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(4)
    about = document.core_properties
    about.title, about.author = "Draft of a case report", f"Spondyl {__version__}"
    about.comments = about.keywords = about.subject = about.last_modified_by = ""
    about.created = about.modified = datetime(2000, 1, 1)
    about.revision = 1


def _title(person: Person) -> str:
    """A working title from what is known; contradicting values are left to the authors."""
    tumour, levels = person.values("diagnosis"), person.values("levels") or person.values("regions")
    what = printed(tumour[0]).capitalize() if len(tumour) == 1 else "[tumour]"
    place = ", ".join(printed(v) for v in levels) if levels else "[level]"
    return f"{what}, {place}: a case report"


def _quiet(document: WordDocument, words: str) -> None:
    run = document.add_paragraph().add_run(clean(words))
    run.italic, run.font.size, run.font.color.rgb = True, Pt(9), QUIET


def _item(document: WordDocument, answer: Answer) -> None:
    """What an item asks, what is known of it, and what is not."""
    _quiet(document, f"{answer.item.id}: {answer.item.asks}")
    if answer.facts:
        paragraph = document.add_paragraph()
        for k, fact in enumerate(answer.facts):
            run = paragraph.add_run(clean(f"{fact.label[:1].upper()}{fact.label[1:]}: {fact.text}"))
            if fact.clash:
                run.font.color.rgb = CLASH
            _comment(document, run, fact)
            paragraph.add_run(". " if k < len(answer.facts) - 1 else ".")
    for words in _gaps(answer):
        run = document.add_paragraph().add_run(clean(f"[{words}]"))
        run.bold, run.font.color.rgb = True, GAP


def _gaps(answer: Answer) -> Iterator[str]:
    for words in answer.missing:
        settle = words.startswith("which ")
        yield f"To be settled: {words}" if settle else f"Not in the record: {words}"
    for words in answer.item.author:
        yield f"For the authors: {words}"


def _comment(document: WordDocument, run: Any, fact: Fact) -> None:
    """The words of a value in the margin, without a date, so that the same record gives the same bytes."""
    said = "\n".join(
        f"“{b.text}” ({b.place})" if b.kind == "words" else f"{b.text} ({b.place})" for b in fact.bases
    )
    if said:
        comment: Any = document.add_comment(run, clean(said), author="Spondyl", initials="S")
        element = comment._comment_elm
        for name in [n for n in element.attrib if n.endswith("}date")]:
            del element.attrib[name]


def timeline(person: Person) -> Picture | None:
    """The course of the patient as a drawing, or `None` where no two times are known.

    Args:
        person: The patient.
    """
    moments = list(_moments(person))
    if len(moments) < 2:
        return None
    return draw_timeline("timeline", "Course of the patient", moments, "the start of follow-up")


def _moments(person: Person) -> Iterator[Moment]:
    """What is known with its time; a time that contradicts itself is left out."""
    if (symptoms := _one(person, "symptom_months")) is not None:
        yield Moment(-symptoms, f"first symptoms, {number(symptoms, 1)} months before", 0.0)
    yield Moment(0.0, "start of follow-up: treatment" if person.has("treatments") else "start of follow-up")
    if (again := _one(person, "recurrence_months")) is not None:
        yield Moment(again, "recurrence or progression")
    if (last := _one(person, "follow_up_months")) is not None:
        status = person.values("status")
        yield Moment(last, f"last seen: {status[0]}" if len(status) == 1 else "last seen")


def _one(person: Person, name: str) -> float | None:
    held = person.values(name)
    return float(held[0]) if len(held) == 1 and isinstance(held[0], int | float) else None


def _timeline(document: WordDocument, person: Person) -> None:
    drawn = timeline(person)
    if drawn is None:
        run = document.add_paragraph().add_run("[Figure: no two times of the course are known]")
        run.bold, run.font.color.rgb = True, GAP
        return
    document.add_picture(io.BytesIO(drawn.png), width=Cm(16))
    _quiet(document, f"{drawn.title}. Times as the record tells them; check them against the dates.")


def _checklist(document: WordDocument, told: tuple[Answer, ...]) -> None:
    document.add_heading("Checklist", level=1)
    table = document.add_table(rows=1, cols=3, style="Light List")
    for cell, words in zip(table.rows[0].cells, ("Item", "Section", "In this draft"), strict=True):
        cell.text = words
    for answer in told:
        cells = table.add_row().cells
        for cell, words in zip(cells, (answer.item.id, answer.item.section, answer.state), strict=True):
            cell.text = words
    cited = source(checklist().source)
    _quiet(
        document,
        f"Items after: {cited.citation}, {cited.place}. Their wording here is not that of the checklist.",
    )
