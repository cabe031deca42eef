"""`spondyl consult`: one patient in, a page out on which every line has its basis."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from spondyl.app.consult_options import ConsultOptions, Form
from spondyl.app.printable import plain
from spondyl.app.status import FINE, INTERRUPTED
from spondyl.consult.patient.correcting import saved
from spondyl.consult.patient.opening import from_file, from_registry, from_text
from spondyl.consult.patient.page import consultation
from spondyl.consult.patient.person import Person
from spondyl.present.consultation import Consultation
from spondyl.record import Paper, UsageError

if TYPE_CHECKING:
    from spondyl.consult.patient.library import Library

__all__ = ["consult"]

_SUFFIXES: dict[str, Form] = {
    ".html": "html", ".htm": "html", ".json": "json", ".docx": "docx", ".pdf": "pdf", ".txt": "text",
}  # fmt: skip

_TEXTS = {".txt", ".md", ".pdf", ".html", ".htm", ".xml", ".nxml"}
"""Suffixes of what is read as a text."""


def consult(asked: ConsultOptions) -> int:
    """Write the page of one patient.

    Args:
        asked: What the command line asked for.

    Returns:
        The exit status.

    Raises:
        UsageError: No patient is given, or more than one way to one.
    """
    index = _day(asked)
    read = _person(asked)
    person = _confirmed(read, asked) if not read.confirmed else read
    if person is None:
        return INTERRUPTED
    _extras(person, asked, index)
    page = consultation(
        person, evidence=_library(asked), index=index, for_patient=asked.audience == "patient"
    )
    form = asked.form or (_SUFFIXES.get(asked.out.suffix.lower(), "html") if asked.out else "text")
    _write(page, form, asked.out)
    return FINE


def _library(asked: ConsultOptions) -> Library | None:
    """The cases to look among, with links that hold from where the page will lie."""
    if not asked.evidence:
        return None
    from spondyl.consult.patient.library import Library

    return Library.load(asked.evidence, beside=asked.out.parent if asked.out else None)


def _day(asked: ConsultOptions) -> date | None:
    if not asked.index:
        if asked.ics:
            raise UsageError(
                "a calendar needs the day from which follow-up is counted: --index-date 2026-11-02"
            )
        return None
    try:
        return date.fromisoformat(asked.index)
    except ValueError:
        raise UsageError(f"--index-date {asked.index} is no day; write it as 2026-11-02") from None


def _confirmed(person: Person, asked: ConsultOptions) -> Person | None:
    """What was read from a text, taken through by the reader where there is one."""
    if (
        asked.yes
        or asked.text == "-"
        or asked.case == "-"
        or not (sys.stdin.isatty() and sys.stderr.isatty())
    ):
        return person
    from rich.console import Console

    from spondyl.app.confirming import confirm

    return confirm(person, input, Console(stderr=True, highlight=False))


def _extras(person: Person, asked: ConsultOptions, index: date | None) -> None:
    """What is written beside the page."""
    if asked.save:
        asked.save.write_text(saved(person), "utf-8")
        print(plain(str(asked.save)))
    if asked.care:
        from spondyl.consult.patient.care_draft import care_draft

        print(plain(str(care_draft(person, asked.care))))
    if asked.ics and index:
        from spondyl.consult.patient.follow_up import calendar

        asked.ics.write_bytes(calendar(person, index).encode())
        print(plain(str(asked.ics)))


def _person(asked: ConsultOptions) -> Person:
    ways = [w for w in (asked.case, asked.text, asked.registry) if w]
    if len(ways) != 1:
        raise UsageError(
            "name one patient: spondyl consult case.toml, --text vignette.txt, or --registry registry.db --case 12"
        )
    if asked.registry:
        if not asked.number:
            raise UsageError(f"name the patient in {asked.registry}: --case 12")
        return from_registry(asked.registry, asked.number)
    if asked.text or asked.case == "-":
        number = int(asked.number) if asked.number and asked.number.isdecimal() else None
        return from_text(_read(asked.text or "-"), number)
    if Path(str(asked.case)).suffix.lower() in _TEXTS:
        raise UsageError(
            f"{asked.case} is a text, no case file; read it with: spondyl consult --text {asked.case}"
        )
    return from_file(str(asked.case))


def _read(place: str) -> Paper:
    from spondyl import read

    return read.text(sys.stdin.read(), "standard input") if place == "-" else read.paper(place)


def _write(page: Consultation, form: Form, out: Path | None) -> None:
    data = _bytes(page, form, out)
    if out:
        out.write_bytes(data)
        print(plain(str(out)))
    elif form in ("docx", "pdf"):
        raise UsageError(f"a {form} needs a file to write: -o consult.{form}")
    else:
        sys.stdout.write(data.decode("utf-8"))


def _bytes(page: Consultation, form: Form, out: Path | None) -> bytes:
    match form:
        case "html":
            from spondyl.present.consultation_page import render

            return render(page).encode()
        case "json":
            return (json.dumps(page.as_dict(), ensure_ascii=False, indent=1) + "\n").encode()
        case "docx":
            from spondyl.present.consultation_word import as_word

            return as_word(page)
        case "pdf":
            from spondyl.present.consultation_pdf import as_pdf

            return as_pdf(page)
        case "text":
            from spondyl.app.consult_text import as_text

            return as_text(page, colour=not out and sys.stdout.isatty()).encode()
