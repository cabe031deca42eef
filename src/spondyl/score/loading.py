"""Sheets from their files, strictly: every error names the file, the key and the mend."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from spondyl.record import SheetError, UsageError
from spondyl.score import model
from spondyl.score.answers import closest
from spondyl.score.checks import check
from spondyl.score.model import Sheet

__all__ = ["load", "names", "parse", "sheets"]

_ADAPTER: TypeAdapter[Sheet] = TypeAdapter(Sheet)
_FOLDER = files("spondyl.score").joinpath("sheets")


@cache
def names() -> tuple[str, ...]:
    """Ids of the sheets that ship with Spondyl, sorted."""
    found = (f.name for f in _FOLDER.iterdir() if f.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in found))


@cache
def load(name: str) -> Sheet:
    """A sheet by its id, or by the path of a TOML file of one's own.

    Args:
        name: The id ("sins"), or a path that ends in ".toml".

    Returns:
        The sheet, checked.

    Raises:
        UsageError: There is no such sheet; the message names the nearest.
        SheetError: The file breaks a rule; the message says which key and how to mend it.

    Example:
        >>> load("sins").title
        'Spinal Instability Neoplastic Score'
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{name} is no file; write one with: spondyl score new {path.stem}")
        return parse(path.read_text("utf-8"), path.name)
    if name not in names():
        raise UsageError(
            f"there is no score {name}{closest(name, names())}; list them with: spondyl score list"
        )
    return parse(_FOLDER.joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def sheets() -> Mapping[str, Sheet]:
    """All sheets that ship with Spondyl, by their ids."""
    return {name: load(name) for name in names()}


def parse(text: str, file: str) -> Sheet:
    """A sheet from the text of its file.

    Args:
        text: TOML.
        file: The file's name, for errors; it has to be the sheet's id with ".toml".

    Raises:
        SheetError: It is no TOML, or breaks a rule of the schema, or contradicts itself.
    """
    try:
        sheet = _ADAPTER.validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SheetError(file, "(file)", f"is no TOML, {error}", "mend the line it names") from error
    except ValidationError as error:
        raise _first(error, file) from error
    check(sheet, file)
    return sheet


def _first(error: ValidationError, file: str) -> SheetError:
    """The first thing that pydantic found, a misspelt key before the key that it leaves missing."""
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    place = [str(p) for p in first["loc"] if str(p) not in _KINDS]
    return SheetError(file, ".".join(place) or "(file)", *_said(first, place))


_KINDS = frozenset({"sum", "grade", "tree", "formula", "criteria", "table", "bands_only"})


def _said(first: Any, place: list[str]) -> tuple[str, str]:
    """What was found there and how to mend it, by pydantic's kind of error."""
    match first["type"]:
        case "extra_forbidden":
            return "unknown key", f"take it out, or spell it right{_near(place[-1])}"
        case "missing":
            return "the key is missing", f"add {place[-1]}"
        case "union_tag_not_found":
            return "no kind is given", f"add kind, one of {', '.join(sorted(_KINDS))}"
        case "union_tag_invalid":
            return f"kind is {first['ctx']['tag']}", f"use one of {', '.join(sorted(_KINDS))}"
        case "string_too_short":
            return "the text is empty", f'say what it is, in words: {place[-1]} = "…"'
        case _:
            return f"{first['input']!r}", f"{first['msg'][0].lower()}{first['msg'][1:]}"


def _near(key: str) -> str:
    near = difflib.get_close_matches(key, _keys(), n=1)
    return f"; did you mean {near[0]}?" if near else ""


@cache
def _keys() -> frozenset[str]:
    """Every key that some part of a sheet may have."""
    parts = (getattr(model, name) for name in model.__all__)
    return frozenset(
        f for m in parts if isinstance(m, type) and issubclass(m, BaseModel) for f in m.model_fields
    )
