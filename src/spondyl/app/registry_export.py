"""`spondyl registry export` and `counts`: the cases as they stand, as they are or without what tells who they are."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from spondyl.app import registry_exchange
from spondyl.app.notices import plain
from spondyl.app.status import FINE
from spondyl.consult.vocabulary import terms
from spondyl.present.zipped import steady
from spondyl.record import UsageError
from spondyl.registry import Entry, Registry, exporting
from spondyl.registry.cells import grid
from spondyl.registry.counting import counted
from spondyl.registry.deidentify import Secret, about, deidentified, lost, read_key, without_rare
from spondyl.registry.exchange.formats import FORMATS

__all__ = ["Asked", "Form", "Private", "View", "counts", "export", "view"]

Form = Literal["csv", "parquet", "xlsx", "jsonl", "mcode", "phenopackets", "redcap"]
_NO_TEXT = ("parquet", "xlsx")


@dataclass(frozen=True)
class Private:
    """Whether files leave the house without what tells who a patient is.

    Args:
        wanted: Whether they do.
        key: The file with the key; a new key that nobody keeps if not named.
        smallest: Words that fewer cases share are left out.
    """

    wanted: bool = False
    key: Path | None = None
    smallest: int | None = None


@dataclass(frozen=True)
class Asked:
    """What to write: in which format, where to, with codes of SNOMED CT or without, how private."""

    form: Form | None = None
    out: Path | None = None
    snomed: bool = False
    private: Private = Private()


@dataclass(frozen=True)
class View:
    """The cases, and what is known of their papers, as they may be written.

    Args:
        entries: The cases.
        papers: The papers by what they are called in `entries`.
        numbers: A case's number in the registry → its number in `entries`.
    """

    entries: Sequence[Entry]
    papers: Mapping[str, Mapping[str, Any]]
    numbers: Mapping[int, int]


def view(registry: Registry, private: Private) -> View:
    """What may be written.

    Args:
        registry: The registry.
        private: Whether without what tells who a patient is; what is then left out is told on standard error.

    Raises:
        UsageError: A key or a smallest number is given for nothing.
    """
    entries = registry.cases()
    if not private.wanted:
        if private.key or private.smallest is not None:
            raise UsageError("a key and a smallest number go with --deidentify; give that, too")
        return View(entries, registry.papers(), {e.id: e.id for e in entries})
    secret = Secret(read_key(private.key), terms())
    _tell(lost(entries, secret))
    done = {e.id: deidentified(e, secret) for e in entries}
    papers = {
        str(one["id"]): one for one in (about(paper, secret) for paper in sorted({e.paper for e in entries}))
    }
    kept = without_rare(sorted(done.values(), key=lambda e: (e.paper, e.id)), private.smallest or 1)
    return View(kept, dict(sorted(papers.items())), {number: e.id for number, e in done.items()})


def _tell(gone: Mapping[str, int]) -> None:
    if gone:
        told = ", ".join(f"{plain(name)} ({n})" for name, n in sorted(gone.items()))
        print(f"left out, because no vocabulary or range is known to hold it: {told}", file=sys.stderr)


def export(place: str, asked: Asked) -> int:
    """Write the cases; with a CSV or Parquet file goes its codebook.

    Args:
        place: The registry.
        asked: What to write.

    Raises:
        UsageError: The format is no text and no file is named.
    """
    chosen, out = asked.form or _form(asked.out), asked.out
    if out is None and chosen in _NO_TEXT:
        raise UsageError(f"{chosen} is no text; name a file: -o cases.{chosen}")
    with Registry(place, create=False) as registry:
        if chosen == "jsonl" and asked.private == Private():
            _put(exporting.json_lines(registry.lines()), out)
            return FINE
        found = view(registry, asked.private)
    if chosen == "jsonl":
        _put(exporting.json_lines(_lines(found)), out)
    elif chosen in FORMATS:
        registry_exchange.write(found.entries, found.papers, chosen, out, asked.snomed)
    else:
        _table(found.entries, chosen, out)
    return FINE


def _lines(found: View) -> Iterable[dict[str, Any]]:
    cases: dict[str, list[dict[str, Any]]] = {}
    for entry in found.entries:
        cases.setdefault(entry.paper, []).append(entry.as_dict())
    for name, known in found.papers.items():
        yield {"paper": dict(known), "cases": cases.get(name, []), "statements": []}


def _table(entries: Sequence[Entry], form: str, out: Path | None) -> None:
    table = grid(entries)
    if form == "csv":
        _put(exporting.commas(table), out)
    elif out and form == "xlsx":
        out.write_bytes(steady(exporting.workbook(table)))
    elif out:
        exporting.parquet(table, out)
    if out and form != "xlsx":
        _put(exporting.codebook(table.columns), out.with_suffix(".codebook.csv"))


def _form(out: Path | None) -> Form:
    kinds: dict[str, Form] = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
    return kinds.get(out.suffix.lower(), "jsonl") if out else "jsonl"


def _put(words: str, out: Path | None) -> None:
    if out:
        out.write_text(words, encoding="utf-8", errors="backslashreplace", newline="")
    else:
        sys.stdout.write(words)


def counts(place: str, fields: Sequence[str], smallest: int, out: Path | None) -> int:
    """Count the cases by one field or two, small counts left out.

    Args:
        place: The registry.
        fields: One field, or two.
        smallest: Counts below it, but 0, are not told, nor those they could be worked out from.
        out: A CSV file to write.

    Raises:
        UsageError: No field was named, or more than two.
    """
    if not 1 <= len(fields) <= 2:
        raise UsageError("name one field or two: spondyl registry counts diagnosis regions")
    with Registry(place, create=False) as registry:
        found = counted(registry.cases(), fields, smallest)
    _put(exporting.counts(found), out)
    if hidden := found.hidden:
        print(
            f"{hidden} counts are not told: below {smallest}, or needed to hide one that is", file=sys.stderr
        )
    return FINE
