"""Invented papers as lines of JSON, for tests of pooling."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def case(number: int, label: str = "", kind: str = "patient", **fields: Any) -> Line:
    """A case with these fields; a list of a single field makes it contradict itself."""
    told = {"levels": ["T7"], **fields}
    claims = [
        {"field": name, "value": value, "quote": {"start": 0, "end": 4, "text": f"{name} {value}"}, "more": [],
         "method": "rules", "certainty": "stated", "derivation": None}
        for name, values in told.items()
        for value in (values if isinstance(values, list) else [values])
    ]  # fmt: skip
    return {
        "case": number, "label": label or f"Case {number}", "kind": kind, "reported_by": None, "fields": told,
        "claims": claims, "others": [],
    }  # fmt: skip


def paper(name: str, year: int, cases: Sequence[Line], statements: Sequence[Line] = (), **about: Any) -> Line:
    """A line of cases.jsonl."""
    plain = {
        "id": f"{name.casefold()}-{year}", "source": f"{name}.txt", "title": f"Invented {name}",
        "authors": [f"{name}, A"], "year": year, "journal": "Invented Journal", "doi": None, "pmid": None,
        "sha256": "", "duplicate_of": None,
    }  # fmt: skip
    return {"paper": plain | about, "cases": list(cases), "statements": list(statements)}


def said(quantity: str, of: str, value: float, group: str = "40 patients", **more: Any) -> Line:
    """A statement about a group."""
    names = (
        "low",
        "high",
        "n",
        "denominator",
        "unit",
        "months",
        "p",
        "printed",
        "printed_low",
        "printed_high",
    )
    return {
        "group": group, "quantity": quantity, "of": of, "value": value, **dict.fromkeys(names), **more,
        "quotes": [{"start": 0, "end": 4, "text": f"{of} {value}"}],
    }  # fmt: skip


def write(folder: Path, lines: Sequence[Line]) -> Path:
    """A folder as `spondyl report` leaves it, as far as pooling reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "cases.jsonl").write_text(text, "utf-8")
    return folder
