"""Where cases come from: evidence folders, lines of JSON, registries, papers; their words load when asked for."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from spondyl import registry
from spondyl.present.files import file_name
from spondyl.read import Problem
from spondyl.record import Case, Paper, Quote, ReadError, Reading, Statement
from spondyl.registry.lines import parsed

__all__ = ["Lines", "Memory", "Origin", "Registered", "open_origins"]

_MEND = "give a folder that spondyl report wrote, a cases.jsonl, a registry, or papers"
_DATABASES = (".db", ".sqlite", ".sqlite3")
_TOGETHER = 500
_CLAIMS, _NEXT, _AFTER = b', "claims": [', b'}, {"case": ', b'], "statements": ['
_ABOUT = {
    "id", "source", "title", "authors", "year", "journal", "doi", "pmid", "sha256", "duplicate_of",
}  # fmt: skip


class Origin(Protocol):
    """A collection of papers with their cases.

    Attributes:
        name: How it is named in messages.
    """

    name: str

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every paper as a line of `cases.jsonl`, each with the number by which it is found again."""

    def reading(self, at: int) -> tuple[Paper, Reading]:
        """A paper with all that was read from it."""

    def link(self, paper: str, words: Quote | None = None) -> str:
        """Where a reader finds the text of a paper, at some words of it; "" where there is no such place."""


class Lines:
    """A file of JSON lines, beside it perhaps the other files of a report.

    Args:
        path: The file.
        beside: The folder of the page that links to it; the paths of links are from there.
    """

    def __init__(self, path: Path, beside: Path | None = None) -> None:
        self.path, self.name, self._beside = path, str(path), beside
        self._starts = array("q")
        self._texts = path.parent / "papers" if path.name == "cases.jsonl" else None
        self._parsed = lru_cache(256)(self._parse)

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every line; a line that is none is an error with its number."""
        self._starts = array("q")
        at = 0
        try:
            with self.path.open("rb") as lines:
                for number, raw in enumerate(lines, 1):
                    if raw.strip():
                        self._starts.append(at)
                        yield len(self._starts) - 1, self._loaded(raw, number)
                    at += len(raw)
        except OSError as error:
            raise ReadError(f"cannot be read ({error.strerror})", self.name, _MEND) from None

    def _loaded(self, raw: bytes, number: int) -> dict[str, Any]:
        try:
            data = json.loads(_without_claims(raw) or raw)
            if isinstance(data["paper"]["id"], str) and isinstance(data["cases"], list):
                return dict(data)
        except (ValueError, LookupError, TypeError, RecursionError):
            pass
        raise ReadError("no paper with its cases", f"{self.path}:{number}", _MEND)

    def reading(self, at: int) -> tuple[Paper, Reading]:
        """The paper of a line."""
        return self._parsed(at)

    def _parse(self, at: int) -> tuple[Paper, Reading]:
        with self.path.open("rb") as lines:
            lines.seek(self._starts[at])
            return parsed(lines.readline().decode("utf-8"), self.name)

    def link(self, paper: str, words: Quote | None = None) -> str:
        """The report's page opened at the words; without a page the text beside the file."""
        if self._texts is None:
            return ""
        name = file_name(paper)
        page = self.path.with_name("index.html")
        if page.is_file():
            at = f":{words.start}-{words.end}" if words else ""
            return f"{self._address(page)}#words={name}{at}"
        text = self._texts / name
        return self._address(text) if text.is_file() else ""

    def _address(self, file: Path) -> str:
        return quote(Path(os.path.relpath(file, self._beside) if self._beside else file).as_posix())


def _without_claims(raw: bytes) -> bytes:
    """A line without what is loaded later, nine tenths of it; nothing where it is written in another way.

    The marks hold quotation marks that are not escaped, so they never stand inside a text.
    """
    first, *rest = raw.split(_CLAIMS)
    out = [first]
    for number, part in enumerate(rest, 1):
        at = part.rfind(_AFTER) if number == len(rest) else part.rfind(_NEXT)
        if at < 0:
            return b""
        out.append(b"}" + part[at:] if number == len(rest) else part[at:])
    return b"".join(out) if rest else b""


class Memory:
    """Papers that were just read.

    Args:
        name: How they are named in messages.
        pairs: Papers with their readings.
    """

    def __init__(self, name: str, pairs: Sequence[tuple[Paper, Reading]]) -> None:
        self.name, self._pairs = name, pairs

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every paper."""
        for at, (paper, reading) in enumerate(self._pairs):
            about = paper.model_dump(include=_ABOUT)
            statements = [s.as_dict() for s in reading.statements]
            yield at, {"paper": about, "cases": [_case(c) for c in reading.cases], "statements": statements}

    def reading(self, at: int) -> tuple[Paper, Reading]:
        """A paper with what was read from it."""
        return self._pairs[at]

    def link(self, paper: str, words: Quote | None = None) -> str:
        """Nothing: the texts lie nowhere."""
        return ""


def _case(case: Case) -> dict[str, Any]:
    return {**case.model_dump(include={"case", "label", "kind", "reported_by"}), "fields": dict(case.fields)}


class Registered:
    """The cases of a registry, after all decisions.

    Args:
        place: A SQLite file or the address of a PostgreSQL database.
    """

    def __init__(self, place: str) -> None:
        self.name = place
        self._ids: list[str] = []
        self._loaded = lru_cache(256)(self._load)

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Every paper or import; a case that is linked to an earlier one as the same patient says so."""
        with registry.Registry(self.name, create=False) as kept:
            papers = kept.papers()
            self._ids = list(papers)
            for start in range(0, len(self._ids), _TOGETHER):
                some = self._ids[start : start + _TOGETHER]
                cases: dict[str, list[dict[str, Any]]] = {name: [] for name in some}
                for entry in kept.cases(paper=some):
                    first = min((entry.id, *entry.same))
                    own = {"again": first < entry.id, "entry": entry.id, "of": first}
                    cases[entry.paper].append({**_case(entry.case), **own})
                for at, name in enumerate(some, start):
                    about = dict(papers[name])
                    yield (
                        at,
                        {"paper": about, "cases": cases[name], "statements": about.pop("statements") or []},
                    )

    def reading(self, at: int) -> tuple[Paper, Reading]:
        """A paper or import with its cases as the registry holds them now."""
        return self._loaded(at)

    def _load(self, at: int) -> tuple[Paper, Reading]:
        name = self._ids[at]
        with registry.Registry(self.name, create=False) as kept:
            about = kept.papers()[name]
            cases = tuple(entry.case for entry in kept.cases(paper=[name]))
        said = tuple(Statement(**{**s, "quotes": [Quote(paper=name, **q) for q in s["quotes"]]})
                     for s in about["statements"] or ())  # fmt: skip
        plain = {k: v for k, v in about.items() if k in _ABOUT and v is not None}
        return Paper(text="", **plain), Reading(cases=cases, statements=said)

    def link(self, paper: str, words: Quote | None = None) -> str:
        """Nothing: the words are in the registry."""
        return ""


def open_origins(
    paths: Iterable[str | Path], jobs: int = 1, beside: Path | None = None
) -> tuple[list[Origin], list[Problem]]:
    """What paths hold, in their order; papers among them are read together at the end.

    Args:
        paths: Evidence folders, files of JSON lines, registries, papers and folders of papers.
        jobs: How many processes read papers side by side.
        beside: The folder of the page that links to them.

    Returns:
        The collections, and the papers that could not be read.

    Raises:
        ReadError: There is no such path.
    """
    out: list[Origin] = []
    papers: list[Path] = []
    for given in paths:
        path = Path(given)
        if str(given).startswith("postgresql:") or path.suffix.lower() in _DATABASES:
            out.append(Registered(str(given)))
        elif path.is_dir() and (path / "cases.jsonl").is_file():
            out.append(Lines(path / "cases.jsonl", beside))
        elif path.suffix.lower() == ".jsonl":
            out.append(Lines(path, beside))
        elif path.exists():
            papers.append(path)
        else:
            raise ReadError("there is no such file or folder", str(given), _MEND)
    if not papers:
        return out, []
    # Reading papers brings the lexicons with it; evidence that was read before needs none.
    from spondyl.consult.gathering import gather

    gathered = gather(papers, Path("no folder of a report"), jobs)
    return [*out, Memory(", ".join(map(str, papers)), gathered.papers)], gathered.problems
