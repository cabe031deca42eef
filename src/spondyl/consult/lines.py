"""One paper as one line of JSON: what `spondyl extract --format jsonl` prints and `cases.jsonl` holds."""

from __future__ import annotations

import json
from typing import Any

from spondyl.record import Paper, Reading

__all__ = ["dumps", "line"]


def line(paper: Paper, reading: Reading) -> dict[str, Any]:
    """A paper with its cases and statements as plain data.

    Args:
        paper: The paper; of its text only what is quoted goes into the line.
        reading: What was read from it.

    Returns:
        `{"paper": {…}, "cases": [{…}], "statements": [{…}]}`.

    Example:
        >>> line(Paper(id="p1", source="p.txt", text="…"), Reading())["paper"]["id"]
        'p1'
    """
    return {
        "paper": {
            "id": paper.id, "source": paper.source, "title": paper.title, "authors": list(paper.authors),
            "year": paper.year, "journal": paper.journal, "doi": paper.doi, "pmid": paper.pmid,
            "sha256": paper.sha256, "duplicate_of": paper.duplicate_of,
        },
        "cases": [case.as_dict() for case in reading.cases],
        "statements": [statement.as_dict() for statement in reading.statements],
    }  # fmt: skip


def dumps(data: dict[str, Any]) -> str:
    r"""Plain data as one line of JSON without its line end.

    Example:
        >>> dumps({"levels": ["C5"], "title": "Métastase\n"})
        '{"levels": ["C5"], "title": "Métastase\\n"}'
    """
    return json.dumps(data, ensure_ascii=False, allow_nan=False)
