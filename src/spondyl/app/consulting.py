"""`spondyl consult`: one patient in, a page out on which every line has its basis."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from spondyl.app.notices import plain
from spondyl.app.status import FINE
from spondyl.consult.patient.opening import from_file, from_registry, from_text
from spondyl.consult.patient.page import consultation
from spondyl.consult.patient.person import Person
from spondyl.present.consultation import Consultation
from spondyl.record import Paper, UsageError

__all__ = ["Asked", "Form", "consult"]

Form = Literal["html", "json", "docx", "pdf", "text"]
_SUFFIXES: dict[str, Form] = {
    ".html": "html", ".htm": "html", ".json": "json", ".docx": "docx", ".pdf": "pdf", ".txt": "text",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the command line asked for.

    Args:
        case: A case file, with "#PAPER/N" where it holds several, or "-" for a text from standard input.
        text: A text to read the patient from.
        registry: A registry that holds the patient.
        number: The case in the registry, or the patient of the text.
        evidence: Where to look for patients like this one.
        form: How to write the page.
        out: Where to write it.
        yes: Take what was read from a text as it is.
        save: Where to write the record.
    """

    case: str | None = None
    text: str | None = None
    registry: str | None = None
    number: str | None = None
    evidence: Sequence[Path] = ()
    form: Form | None = None
    out: Path | None = None
    yes: bool = False
    save: Path | None = None


def consult(asked: Asked) -> int:
    """Write the page of one patient.

    Args:
        asked: What the command line asked for.

    Returns:
        The exit status.

    Raises:
        UsageError: No patient is given, or more than one way to one.
    """
    person = _person(asked)
    page = consultation(person, evidence=asked.evidence or None)
    form = asked.form or (_SUFFIXES.get(asked.out.suffix.lower(), "html") if asked.out else "text")
    _write(page, form, asked.out)
    return FINE


def _person(asked: Asked) -> Person:
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
