"""Lines of `spondyl extract --format jsonl`, or of `cases.jsonl`, back to papers and readings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from spondyl.record import Case, Claim, Paper, Quote, ReadError, Reading, Statement

__all__ = ["parsed", "read"]

_ABOUT = ("title", "year", "journal", "doi", "pmid", "duplicate_of")


def read(path: Path) -> Iterator[tuple[Paper, Reading]]:
    """The papers of a file of such lines, without their text.

    Raises:
        ReadError: The file cannot be read, or a line of it is none of these.
    """
    mend = "give a file that spondyl extract or spondyl report wrote"
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield parsed(line, f"{path}:{number}")
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), mend) from None
    except UnicodeDecodeError:
        raise ReadError("no text in UTF-8", str(path), mend) from None


def parsed(line: str, where: str) -> tuple[Paper, Reading]:
    """One line.

    Args:
        line: The line.
        where: How it is named in an error.

    Raises:
        ReadError: It is no such line.

    Example:
        >>> paper, reading = parsed('{"paper": {"id": "p1", "source": "p1.txt"}, "cases": []}', "a.jsonl:1")
        >>> paper.id, reading.cases
        ('p1', ())
    """
    try:
        data = json.loads(line)
        paper = _paper(data["paper"])
        cases = tuple(_case(paper.id, case) for case in data["cases"])
        statements = tuple(_statement(paper.id, one) for one in data.get("statements", ()))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        kind = "a value of the wrong kind" if isinstance(error, ValidationError) else type(error).__name__
        mend = "give a file that spondyl extract or spondyl report wrote"
        raise ReadError(f"no paper with its cases ({kind})", where, mend) from None
    return paper, Reading(cases=cases, statements=statements)


def _paper(data: Mapping[str, Any]) -> Paper:
    about: dict[str, Any] = {name: data.get(name) for name in _ABOUT}
    return Paper(
        id=data["id"], source=data["source"], text="", sha256=data.get("sha256") or "",
        authors=tuple(data.get("authors") or ()), **about,
    )  # fmt: skip


def _case(paper: str, data: Mapping[str, Any]) -> Case:
    return Case(
        case=data["case"], label=data["label"], kind=data["kind"], reported_by=data.get("reported_by"),
        claims=tuple(_claim(paper, c) for c in data["claims"]),
        others=tuple(_claim(paper, c) for c in data.get("others", ())),
    )  # fmt: skip


def _claim(paper: str, data: Mapping[str, Any]) -> Claim:
    quotes = [data["quote"]] if data.get("quote") else []
    return Claim(
        field=data["field"], value=data["value"], quotes=_quotes(paper, [*quotes, *data.get("more", ())]),
        method=data["method"], certainty=data["certainty"], derivation=data.get("derivation"),
    )  # fmt: skip


def _quotes(paper: str, plain: list[Mapping[str, Any]]) -> tuple[Quote, ...]:
    return tuple(Quote(paper=paper, start=q["start"], end=q["end"], text=q["text"]) for q in plain)


def _statement(paper: str, data: Mapping[str, Any]) -> Statement:
    return Statement(**{**data, "quotes": _quotes(paper, data["quotes"])})
