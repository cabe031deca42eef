"""What a pool is made of: evidence folders, JSON lines, registries, papers, and tables of patients or of summaries."""

from __future__ import annotations

import csv
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from spondyl.consult.evidence import sources
from spondyl.consult.patient.origins import open_origins
from spondyl.consult.pooled_cases import PooledCase
from spondyl.present.model import Source
from spondyl.read import Problem
from spondyl.record import LIST_FIELDS, Case, Paper, ReadError, Statement

__all__ = ["PoolInputs", "Publication", "known", "pool_inputs"]

MEND = "give columns months and died, as spondyl curve writes them, or study, quantity and value"


@cache
def known() -> dict[str, Any]:
    """What pooling knows of columns and words."""
    return tomllib.loads(resources.files("spondyl.consult").joinpath("pooled.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Publication:
    """A study among the inputs.

    Args:
        paper: What is known of its paper; of a table only a name.
        cases: Its case records.
        statements: What it says of groups, each with the fields of the group where a table gave them.
        patients: Its patients from a table.
        table: Whether it is known from a table alone.
    """

    paper: Paper
    cases: tuple[Case, ...] = ()
    statements: tuple[tuple[Statement, Mapping[str, Any]], ...] = ()
    patients: tuple[PooledCase, ...] = ()
    table: bool = False


@dataclass(frozen=True)
class PoolInputs:
    """The inputs of a pool.

    Args:
        publications: The studies, each once.
        cited: Study id → how it is cited and listed.
        repeated: Papers that were given again and are counted once.
        problems: What could not be read.
        notes: What was assumed in reading, one sentence each.
    """

    publications: tuple[Publication, ...]
    cited: Mapping[str, Source]
    repeated: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def pool_inputs(paths: Sequence[str | Path], jobs: int = 1) -> PoolInputs:
    """Read the inputs of a pool.

    Args:
        paths: Evidence folders, files of JSON lines, registries, papers and folders of papers; tables (.csv) of
            patients with `months` and `died`, or of summaries with `study`, `quantity`, `value`, `low`, `high`.
        jobs: How many processes read papers side by side.

    Raises:
        ReadError: There is no such path.
    """
    tables = [Path(p) for p in paths if Path(p).suffix.lower() == ".csv"]
    origins, problems = open_origins([p for p in paths if Path(p) not in tables], jobs)
    notes: list[str] = []
    found: list[Publication] = []
    for origin in origins:
        for at, _ in origin.lines():
            paper, reading = origin.reading(at)
            found.append(Publication(paper, reading.cases, tuple((s, {}) for s in reading.statements)))
    failed = list(problems)
    named: dict[str, Publication] = {}
    for table in tables:
        try:
            for one in _table(table, notes):
                named[one.paper.id] = _joined(named.get(one.paper.id), one)
        except ReadError as error:
            failed.append(Problem(error.what, error.where, error.mend))
    found += named.values()
    once = list(_once(found))
    return PoolInputs(
        tuple(once), sources([p.paper for p in once]), len(found) - len(once), tuple(failed), tuple(notes)
    )


def _joined(first: Publication | None, more: Publication) -> Publication:
    """A study whose rows stand in several tables."""
    if first is None:
        return more
    return replace(
        first, statements=first.statements + more.statements, patients=first.patients + more.patients
    )


def _once(found: Iterable[Publication]) -> Iterator[Publication]:
    """Each paper once: known again by its DOI, PMID, checksum or id."""
    seen: set[str] = set()
    for one in found:
        p = one.paper
        names = {f"{kind}:{value.casefold()}" for kind, value in
                 (("doi", p.doi), ("pmid", p.pmid), ("sha256", p.sha256), ("id", p.id)) if value}  # fmt: skip
        if p.duplicate_of is None and not names & seen:
            yield one
        seen |= names


def _table(path: Path, notes: list[str]) -> list[Publication]:
    rows = _rows(path)
    if not rows:
        raise ReadError("the table is empty", str(path), MEND)
    by_study: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_study.setdefault(row.get("study") or path.stem, []).append(row)
    if {"quantity", "value"} <= set(rows[0]):
        return [_summaries(path, study, mine) for study, mine in by_study.items()]
    clock = next((c for c in known()["time"] if c in rows[0]), None)
    event = next((c for c in known()["event"]["columns"] if c in rows[0]), None)
    if clock is None or event is None:
        raise ReadError(f"its columns are {', '.join(rows[0])}", str(path), MEND)
    if clock == "time":
        notes.append(f"{path.name}: the column time is taken as months.")
    return [_patients(path, study, mine, (clock, event)) for study, mine in by_study.items()]


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            reader.fieldnames = [n.strip().casefold() for n in reader.fieldnames or ()]
            return [{k: (v or "").strip() for k, v in row.items() if isinstance(k, str)} for row in reader]
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), "check the path") from None
    except (UnicodeDecodeError, csv.Error):
        raise ReadError("it is no table in UTF-8", str(path), "save it as CSV") from None


def _paper(path: Path, study: str) -> Paper:
    """A study that is known by its name alone: "Novak and Horvat 2031" names authors and year, else it is a title."""
    slug = re.sub(r"[^a-z0-9]+", "-", study.casefold()).strip("-") or "study"
    named = re.fullmatch(r"(\D+?),? ((?:19|20)\d\d)[a-z]?", study)
    if named is None:
        return Paper(id=slug, source=str(path), text="", title=study)
    authors = tuple(re.split(r",? and |, ", re.sub(r",? et al\.?$", "", named[1])))
    return Paper(id=slug, source=str(path), text="", authors=authors, year=int(named[2]))


def _patients(
    path: Path, study: str, rows: Sequence[Mapping[str, str]], columns: tuple[str, str]
) -> Publication:
    paper, (clock, event) = _paper(path, study), columns
    factor, taken = known()["time"][clock], {clock, event, "study"}
    patients = []
    for number, row in enumerate(rows, 1):
        where = f"{path}: row {number} of {study}"
        months = _number(row[clock], where, clock) * factor
        fields = {k: _field(k, v) for k, v in row.items() if v and k not in taken}
        died = _died(row[event], where, event)
        patients.append(PooledCase(paper.id, study, number, f"row {number}", months, died, fields, "curve"))
    return Publication(paper, patients=tuple(patients), table=True)


def _field(name: str, text: str) -> Any:
    values = [_typed(v.strip()) for v in text.split(";") if v.strip()]
    return values if name in LIST_FIELDS else values[0] if len(values) == 1 else text


def _typed(text: str) -> float | str:
    try:
        value = float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _number(text: str, where: str, column: str) -> float:
    value = _typed(text)
    if isinstance(value, str) or value < 0:
        raise ReadError(f"{column} is {text!r}", where, "give a number from 0 on")
    return value


def _died(text: str, where: str, column: str) -> bool:
    plain = text.casefold().removesuffix(".0")
    if plain in known()["event"]["yes"]:
        return True
    if plain in known()["event"]["no"]:
        return False
    raise ReadError(f"{column} is {text!r}", where, "give 1 for the event and 0 for none")


def _summaries(path: Path, study: str, rows: Sequence[Mapping[str, str]]) -> Publication:
    names = ("quantity", "of", "value", "low", "high", "n", "events", "unit", "denominator", "study")
    made = []
    for number, row in enumerate(rows, 1):
        where = f"{path}: row {number} of {study}"
        values = {k: _number(row[k], where, k) if row.get(k) else None for k in ("value", "low", "high")}
        counts = {
            k: int(_number(row[k], where, k)) if row.get(k) else None for k in ("n", "denominator", "events")
        }
        fields: dict[str, Any] = {k: _field(k, v) for k, v in row.items() if v and k not in names}
        if counts["events"] is not None:
            fields["events"] = counts["events"]
        n, whole = counts["n"], counts["denominator"]
        if row["quantity"] == "count":  # value of n patients
            n, whole = int(values["value"] or 0), n
        said = Statement(
            group=study, quantity=row["quantity"], of=row.get("of", ""), value=values["value"], low=values["low"],
            high=values["high"], n=n, denominator=whole, unit=row.get("unit") or None,
        )  # fmt: skip
        made.append((said, fields))
    return Publication(_paper(path, study), statements=tuple(made), table=True)
