"""A case as one row of cells, for CSV and for the table on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from spondyl.present.catalog import fields, number

__all__ = ["COLUMNS", "TABLE", "comma_row", "table_row"]

ABOUT = ("paper", "source", "authors", "title", "year", "doi", "pmid", "duplicate_of")
CASE = ("case", "kind", "label")
COLUMNS = (*ABOUT, *CASE, *fields(), "further")
"""Columns of the CSV; `further` holds fields that have no column of their own."""

TABLE = ("paper", "case", "age", "sex", "tumour", "level", "treatment", "months", "status")
"""Columns of the table on a terminal."""
_SHOWN = ("age_years", "sex", "diagnosis", ("levels", "regions"), "treatments", "follow_up_months", "status")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def comma_row(paper: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    """The cells of one case, in the order of `COLUMNS`; an empty cell was not found.

    Args:
        paper: The `paper` of a line of `spondyl extract --format jsonl`.
        case: One of its `cases`.

    Returns:
        Text cells; list values joined with "; "; what a spreadsheet would take for a formula gets an
        apostrophe in front.

    Example:
        >>> row = comma_row({"id": "p1", "title": "=A1"}, {"case": 1, "fields": {"levels": ["C5", "C6"]}})
        >>> row[0], row[3], row[COLUMNS.index("levels")]
        ('p1', "'=A1", 'C5; C6')
    """
    known = {"paper": paper.get("id"), **{name: paper.get(name) for name in ABOUT[1:]}}
    known |= {name: case.get(name) for name in CASE} | dict(case["fields"])
    known["further"] = list(_further(case["fields"]))
    return [_safe(_text(known.get(name))) for name in COLUMNS]


def table_row(paper: Mapping[str, Any], case: Mapping[str, Any]) -> list[str]:
    """The cells of one case, in the order of `TABLE`.

    Example:
        >>> table_row({"source": "a/b.txt"}, {"case": 1, "kind": "patient", "fields": {"age_years": 63.0}})
        ['b.txt', '1', '63', '', '', '', '', '', '']
    """
    name = str(paper["source"]).rsplit("/", 1)[-1]
    kind = "" if case["kind"] == "patient" else f" {case['kind']}"
    return [name, f"{case['case']}{kind}", *(_first(case["fields"], field) for field in _SHOWN)]


def _first(values: Mapping[str, Any], names: str | tuple[str, ...]) -> str:
    wanted = (names,) if isinstance(names, str) else names
    found = next((values[name] for name in wanted if name in values), None)
    return _text(round(found, 1) if isinstance(found, float) else found).replace("_", " ")


def _further(values: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{name}={_text(value)}" for name, value in values.items() if name not in fields())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_text(v) for v in value)
    return value if isinstance(value, str) else number(value)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
