"""Tables of patients into cases: every row that is refused with the reason, and nothing half imported."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spondyl.record import Case, Claim, Paper, ReadError, Reading, Value
from spondyl.registry.cells import ABOUT, Column, unguarded, values
from spondyl.registry.plan import (
    Field,
    Map,
    Variable,
    codebook,
    columns,
    dictionary,
    is_date,
    plan,
    several,
)
from spondyl.registry.sheets import sheet
from spondyl.registry.vocabulary import refusal

__all__ = ["Refused", "Table", "exported", "mapped"]


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: its line, its column, and why; never what stands in it."""

    row: int
    column: str
    why: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.why}"


@dataclass(frozen=True)
class Table:
    """What a file comes to.

    Args:
        sha256: Of its bytes.
        name: What the registry calls it.
        pairs: The cases by the paper, or the import, they belong to.
        refused: The rows that are not among them.
    """

    sha256: str
    name: str
    pairs: tuple[tuple[Paper, Reading], ...]
    refused: tuple[Refused, ...]


class _No(Exception):
    """A cell that is refused: the column and the reason."""


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def mapped(path: Path, map_file: Path, dictionary_file: Path | None = None) -> Table:
    """A table with a map, and a REDCap dictionary where it comes from REDCap.

    Args:
        path: The table: CSV, Excel or Parquet.
        map_file: What its columns mean, as TOML.
        dictionary_file: The data dictionary, whose choices, kinds and ranges are held, too.

    Raises:
        ReadError: A file cannot be read, or the map names columns that are not there.
    """
    read = sheet(path)
    head, rows = read.head, read.rows
    chosen = plan(map_file)
    known = dictionary(dictionary_file) if dictionary_file else {}
    _there(chosen, head, known, map_file)
    name = f"import:{chosen.name or path.stem}"
    cases: list[Case] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):
        try:
            cases.append(_row(row, len(cases) + 1, chosen, known, seen))
        except _No as no:
            refused.append(Refused(number, *no.args))
    sha = _hash(path)
    paper = Paper(id=name, source=path.name, text="", sha256=sha)
    return Table(sha, name, ((paper, Reading(cases=tuple(cases))),), tuple(refused))


def _there(chosen: Map, head: list[str], known: Mapping[str, Variable], where: Path) -> None:
    wanted = [chosen.record, *(c for pair in chosen.order for c in pair)]
    for one in chosen.fields.values():
        variable = known.get(one.column)
        boxes = variable is not None and variable.several
        wanted += [variable.column(code) for code in variable.choices] if variable and boxes else [one.column]
    if missing := [column for column in wanted if column not in head]:
        raise ReadError(f"the table has no column {missing[0]}", str(where), f"it has {several(head)}")


def _row(
    row: Mapping[str, str], number: int, chosen: Map, known: Mapping[str, Variable], seen: set[str]
) -> Case:
    record = row[chosen.record].strip()
    if not record or record in seen:
        raise _No(
            chosen.record, "the record has no name" if not record else "a record of this name stands above"
        )
    for earlier, later in chosen.order:
        for column in (earlier, later):
            if row[column] and not is_date(row[column]):
                raise _No(column, "expected a date, YYYY-MM-DD")
        if row[earlier] and row[later] and row[earlier] > row[later]:
            raise _No(later, f"it is before {earlier}")
    claims = []
    for name, one in chosen.fields.items():
        for value in _cell(row, one, known.get(one.column)):
            if why := refusal(name, value):
                raise _No(one.column, why)
            claims.append(_claim(name, value, one.column))
    seen.add(record)
    return Case(case=number, label=record, claims=tuple(dict.fromkeys(claims)))


def _claim(name: str, value: Value, column: str) -> Claim:
    return Claim(field=name, value=value, quotes=(), method="registry", derivation=f"column {column}")


def _cell(row: Mapping[str, str], one: Field, variable: Variable | None) -> Iterator[Value]:
    """The values that a field has in a row."""
    if variable and variable.several:
        ticked = [code for code in variable.choices if _ticked(row, variable.column(code))]
        yield from (_meant(code, one, variable) for code in ticked)
        return
    cell = row[one.column].strip()
    parts = [p.strip() for p in cell.split(one.separator)] if one.separator else [cell]
    yield from (_meant(part, one, variable) for part in parts if part)


def _ticked(row: Mapping[str, str], column: str) -> bool:
    cell = row[column].strip()
    if cell not in ("", "0", "1"):
        raise _No(column, "expected 0 or 1")
    return cell == "1"


def _meant(text: str, one: Field, variable: Variable | None) -> Value:
    if variable and variable.choices and text not in variable.choices:
        raise _No(one.column, f"expected one of the codes {several(list(variable.choices))}")
    if one.values:
        if text not in one.values:
            raise _No(one.column, f"expected one of {several(list(one.values))}")
        return one.values[text]
    if variable and variable.choices:
        return variable.choices[text]
    numeric = one.kind == "number" or (variable and variable.numeric)
    if one.kind == "date" and not is_date(text):
        raise _No(one.column, "expected a date, YYYY-MM-DD")
    return _number(text, one, variable) if numeric else text


def _number(text: str, one: Field, variable: Variable | None) -> Value:
    try:
        value = variable.number(text) if variable else float(text)
    except ValueError:
        raise _No(one.column, "expected a number") from None
    lows = [x for x in (one.low, variable.low if variable else None) if x is not None]
    highs = [x for x in (one.high, variable.high if variable else None) if x is not None]
    if not math.isfinite(value) or any(value < x for x in lows) or any(value > x for x in highs):
        raise _No(one.column, f"expected {max(lows, default='any')} to {min(highs, default='any')}")
    value *= one.factor
    return int(value) if value.is_integer() else value


def exported(path: Path, codebook_file: Path) -> Table:
    """A table that `spondyl registry export` wrote, with its codebook.

    Args:
        path: The table: CSV, Excel or Parquet.
        codebook_file: What its columns hold; not asked for where a workbook has its codebook in it.

    Raises:
        ReadError: A file cannot be read, or is none of these.
    """
    read = sheet(path)
    plain = unguarded if read.guarded else str
    known = columns(*read.codebook, str(path)) if read.codebook else codebook(codebook_file)
    names = [plain(name) for name in read.head]
    about = ABOUT if ABOUT[-1] in names[: len(ABOUT)] else ABOUT[:-1]
    if tuple(names[: len(about)]) != about or set(names[len(about) :]) - known.keys():
        raise ReadError(
            f"no table of a registry, expected {', '.join(ABOUT)} and the columns of the codebook", str(path),
            "give the table and its codebook, or a map: --map map.toml",
        )  # fmt: skip
    found: dict[str, dict[int, Case]] = {}
    refused = []
    for number, row in enumerate(read.rows, 2):
        try:
            paper, case = _back({plain(k): plain(v) for k, v in row.items()}, known)
            if case.case in found.setdefault(paper, {}):
                raise _No("case", "a case of this number stands above")
            found[paper][case.case] = case
        except _No as no:
            refused.append(Refused(number, *no.args))
    sha = _hash(path)
    pairs = tuple(
        (Paper(id=p, source=path.name, text="", sha256=sha), Reading(cases=tuple(cases.values())))
        for p, cases in found.items()
    )
    return Table(sha, path.name, pairs, tuple(refused))


def _back(row: Mapping[str, str], known: Mapping[str, Column]) -> tuple[str, Case]:
    if not row["paper"] or not row["case"].isdecimal():
        raise _No("case", "expected a paper and the number of a case")
    if row["kind"] not in ("patient", "cited", "group"):
        raise _No("kind", "expected patient, cited or group")
    claims = []
    for name, column in known.items():
        try:
            held = values(row.get(name, ""), column)
        except (ValueError, json.JSONDecodeError):
            raise _No(name, "expected a number" if column.kind == "number" else "expected JSON") from None
        for value in held:
            if why := refusal(name, value):
                raise _No(name, why)
            claims.append(_claim(name, value, name))
    case = Case(case=int(row["case"]), label=row["label"], kind=row["kind"], claims=tuple(claims))  # type: ignore[arg-type]
    return row["paper"], case
