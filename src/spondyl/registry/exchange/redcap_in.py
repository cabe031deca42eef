"""A REDCap export of a project that Spondyl made, by its data dictionary, into cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from spondyl.record import Case, Paper, ReadError, Value
from spondyl.registry.cells import Column, unguarded, values
from spondyl.registry.exchange.claims import Found, Placed, case_of, own_name, paper_of, settled, unpacked
from spondyl.registry.exchange.csvtext import Row, sheet
from spondyl.registry.exchange.jsontext import parsed
from spondyl.registry.exchange.redcap import ABOUT, HEAD, Mark, columns, marked
from spondyl.registry.exchange.redcap import Variable as Written
from spondyl.registry.exchange.spoken import unspoken
from spondyl.registry.exchange.taken import Bundle, RefusedValue, bundled
from spondyl.registry.plan import Variable, dictionary, table
from spondyl.registry.vocabulary import refusal

__all__ = ["made_here", "project"]


class _Field(NamedTuple):
    """A variable of the dictionary with what it holds."""

    variable: Variable
    mark: Mark


class _No(Exception):
    """A cell that is refused: the column and the reason."""


def made_here(dictionary_file: Path) -> bool:
    """Whether a data dictionary says which variable holds which field.

    Raises:
        ReadError: It is no data dictionary.
    """
    return any(mark.what == "about" for mark in _marks(dictionary_file).values())


def _marks(dictionary_file: Path) -> dict[str, Mark]:
    head, rows = table(dictionary_file)
    if HEAD[0] not in head or HEAD[-1] not in head:
        return {}
    return {row[HEAD[0]]: mark for row in rows if (mark := marked(row[HEAD[-1]]))}


def project(data_file: Path, dictionary_file: Path) -> Bundle:
    """The records of a project.

    Args:
        data_file: The data, as REDCap exports it raw (codes, not labels).
        dictionary_file: The data dictionary, whose annotations say what the variables hold.

    Raises:
        ReadError: A file cannot be read, or the data lack a variable.
    """
    known = dictionary(dictionary_file)
    fields = [_Field(known[name], mark) for name, mark in _marks(dictionary_file).items()]
    data = sheet(data_file, f"import:{data_file.stem}")
    wanted = ["record_id", *(c for f in fields if f.mark.what == "field" for c in _columns(f.variable))]
    wanted += [f"spondyl_{name}" for name in ABOUT]
    if missing := [column for column in wanted if column not in data.head]:
        raise ReadError(
            f"no column {' '.join(missing[0].split())}",
            str(data_file),
            "export all variables, as raw data with codes",
        )
    at = data.head.index("spondyl_paper")
    name = own_name(data_file, data.paper.sha256, {unguarded(row[at].text) for row in data.rows})
    data = replace(data, paper=data.paper.model_copy(update={"id": name}))
    refused: list[RefusedValue] = []
    papers: dict[str, Paper] = {}
    cases = []
    for number in range(len(data.rows)):
        row = data.named(number)
        try:
            cases.append(_record(row, fields, papers, number + 2, refused))
        except _No as no:
            column, why = no.args
            refused.append(RefusedValue(number + 2, column, why, f"row {number + 2}"))
    return bundled(data.paper, papers, cases, refused, ())


def _columns(variable: Variable) -> list[str]:
    kind = "checkbox" if variable.several else ""
    return columns(Written(variable.name, "", kind, "", "", tuple(variable.choices.items())))


def _cell(row: Row, column: str) -> str:
    return unguarded(row.cells[column].text) if column in row.cells else ""


def _record(
    row: Row, fields: list[_Field], papers: dict[str, Paper], number: int, refused: list[RefusedValue]
) -> tuple[Paper, Case]:
    about = _about(row)
    paper = papers.setdefault(about["paper"], _paper(row, about["paper"]))
    found, carried = [], list[Placed]()
    for field in fields:
        if field.mark.what == "words":
            carried += _carried(_cell(row, field.variable.name), paper.id)
        elif field.mark.what == "field":
            for one in _values(row, field):
                if why := refusal(one.field, one.value):
                    refused.append(RefusedValue(number, field.variable.name, why, f"row {number}"))
                else:
                    found.append(one)
    placed, others = settled(found, carried, row, _cell(row, "record_id"))
    return paper, case_of(about["case"], about, placed, others)


def _about(row: Row) -> dict[str, Any]:
    about: dict[str, Any] = {name: _cell(row, f"spondyl_{name}") for name in ABOUT}
    if not about["paper"] or not re.fullmatch("[0-9]{1,15}", about["case"]):
        raise _No("spondyl_case", "expected a paper and the number of a case")
    if about["kind"] not in ("patient", "cited", "group"):
        raise _No("spondyl_kind", "expected patient, cited or group")
    return about | {"case": int(about["case"]), "reported_by": about["reported_by"] or None}


def _paper(row: Row, name: str) -> Paper:
    found = paper_of(_cell(row, "spondyl_source") or "{}")
    return found.model_copy(update={"id": name}) if found else Paper(id=name, source="", text="")


def _carried(cell: str, paper: str) -> Iterator[Placed]:
    """The claims with their words; a cell that somebody broke carries none."""
    try:
        listed = parsed(cell or "[]")
    except ValueError:
        return
    for one in listed if isinstance(listed, list) else ():
        if found := unpacked(json.dumps(one), paper):
            yield found


def _values(row: Row, field: _Field) -> Iterator[Found]:
    variable, mark = field
    if variable.several:
        for column, label in zip(_columns(variable), variable.choices.values(), strict=True):
            box = _cell(row, column).strip()
            if box not in ("", "0", "1"):
                raise _No(column, "expected 0 or 1")
            if box == "1":
                yield Found(mark.field, unspoken(mark.field, label), (column,))
        return
    cell = _cell(row, variable.name)
    if mark.kind == "choice":
        if cell and cell not in variable.choices:
            raise _No(variable.name, "expected one of the codes of the dictionary")
        if cell:
            yield Found(mark.field, unspoken(mark.field, variable.choices[cell]), (variable.name,))
        return
    for value in _listed(cell, mark, variable.name):
        yield Found(mark.field, value, (variable.name,))


def _listed(cell: str, mark: Mark, column: str) -> list[Value]:
    kinds: Mapping[str, Any] = {"number": "number", "mixed": "mixed"}
    try:
        return values(cell, Column(column, kinds.get(mark.kind, "text"), mark.several))
    except (ValueError, RecursionError):
        raise _No(column, "expected a number" if mark.kind == "number" else "expected JSON") from None
