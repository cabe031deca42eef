"""What `spondyl consult` can be asked for; only typer is imported here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

__all__ = ["ConsultOptions", "Form"]

Form = Literal["html", "json", "docx", "pdf", "text"]


@dataclass(frozen=True)
class ConsultOptions:
    """What the command line asked for; each field is an option and says itself what it is."""

    case: Annotated[
        str | None,
        typer.Argument(
            metavar="CASE",
            help="A case file: TOML, JSON, or cases.jsonl#PAPER/1; - for a text from standard input.",
            show_default=False,
        ),
    ] = None
    text: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Read the patient from a vignette or a letter.", show_default=False
        ),
    ] = None
    registry: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE", help="Take the patient from a registry, with --case.", show_default=False
        ),
    ] = None
    number: Annotated[
        str | None, typer.Option("--case", metavar="N", help="Which case or patient.", show_default=False)
    ] = None
    evidence: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PLACE",
            help="Look for patients like this one: an evidence folder, cases.jsonl, a registry; repeatable.",
            show_default=False,
        ),
    ] = None
    form: Annotated[
        Form | None,
        typer.Option("--format", help="Default: the suffix of -o, else text.", show_default=False),
    ] = None
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to a file.", show_default=False)
    ] = None
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask to confirm what was read from a text.")] = (
        False
    )
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the record as a TOML to correct by hand.", show_default=False
        ),
    ] = None
    audience: Annotated[
        Literal["team", "patient"],
        typer.Option("--for", help="patient: the same facts in plain words, sourced, without scores."),
    ] = "team"
    index: Annotated[
        str | None,
        typer.Option(
            "--index-date",
            metavar="DATE",
            help="The end of treatment, YYYY-MM-DD, for dates.",
            show_default=False,
        ),
    ] = None
    ics: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the follow-up as a calendar; takes --index-date.", show_default=False
        ),
    ] = None
    care: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the skeleton of a case report, .docx.", show_default=False),
    ] = None
