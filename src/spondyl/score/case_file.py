"""Case records from files: one element of `cases` as JSON or TOML, or one out of many JSON lines."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spondyl.record import Case, Claim, Quote, UsageError
from spondyl.score.answers import closest

__all__ = ["read_case"]

Found = tuple[str, str, dict[str, Any]]
"""A paper's id, its source, and one of its cases."""


def read_case(place: str) -> Case:
    """A case record.

    Args:
        place: A path, and after "#" which case: `cases.jsonl#PAPER/1`, where PAPER is the paper's id or the name
            of its file without suffix and 1 the case's number within it. Not needed where there is but one case.

    Raises:
        UsageError: The file cannot be read, or holds no such case, or several.
    """
    path, _, which = place.partition("#")
    found = list(_cases(Path(path)))
    chosen = [f for f in found if _is(f, which)] if which else found
    if len(chosen) == 1:
        return _case(*chosen[0])
    names = [_name(f) for f in found]
    listed = f"{', '.join(names[:8])}{' …' * (len(names) > 8)}"
    if not found:
        raise UsageError(f"{path} holds no cases; write them with: spondyl extract papers/ -o cases.jsonl")
    if which and not chosen:
        raise UsageError(f"{path} holds no case {which}; it holds {listed}{closest(which, names)}")
    raise UsageError(f"{path} holds several cases; name one: {path}#{names[0]} ({listed})")


def _cases(path: Path) -> Iterator[Found]:
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".toml":
            yield from _in(tomllib.loads(text), path)
        elif path.suffix == ".jsonl":
            for line in filter(str.strip, text.splitlines()):
                yield from _in(json.loads(line), path)
        else:
            yield from _whole(text, path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; name a file of cases") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no JSON or TOML: {error}; write cases with: spondyl extract") from error


def _whole(text: str, path: Path) -> Iterator[Found]:
    """One JSON document, or JSON lines whatever the suffix."""
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = [json.loads(line) for line in filter(str.strip, text.splitlines())]
    for one in documents:
        yield from _in(one, path)


def _in(document: Any, path: Path) -> Iterator[Found]:
    if not isinstance(document, dict):
        raise ValueError("expected an object")
    if "cases" in document:
        paper = document.get("paper", {})
        for case in document["cases"]:
            yield str(paper.get("id", path.stem)), str(paper.get("source", path)), case
    else:
        yield path.stem, str(path), document


def _is(found: Found, which: str) -> bool:
    paper, source, case = found
    name, _, number = which.rpartition("/")
    if not name:
        name, number = which, ""
    return name in (paper, Path(source).stem, source) and number in ("", str(case.get("case", 1)))


def _name(found: Found) -> str:
    return f"{found[0]}/{found[2].get('case', 1)}"


def _case(paper: str, source: str, record: Mapping[str, Any]) -> Case:
    """A record with its claims; where it holds fields alone, each value is a claim without words."""
    claims = [_claim(paper, c) for c in record.get("claims", ())]
    told = {(c.field, c.value) for c in claims}
    for name, value in record.get("fields", {} if claims else record).items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str | int | float) and (name, one) not in told:
                claims.append(Claim(field=name, value=one, quotes=()))
    number = record.get("case", 1)
    return Case(
        case=number if isinstance(number, int) else 1,
        label=str(record.get("label", "")),
        claims=tuple(claims),
    )


def _claim(paper: str, record: Mapping[str, Any]) -> Claim:
    plain = [record[k] for k in ("quote",) if record.get(k)] + list(record.get("more", ()))
    quotes = tuple(Quote(paper=paper, start=q["start"], end=q["end"], text=q["text"]) for q in plain)
    return Claim(
        field=record["field"], value=record["value"], quotes=quotes, derivation=record.get("derivation")
    )
