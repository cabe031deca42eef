"""Files of rules, read strictly: every error names the file, the key and the mend."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from spondyl.record import SheetError

__all__ = ["near", "parsed", "read"]

FOLDER = files("spondyl.consult.rules")
Model = TypeVar("Model", bound=BaseModel)


def read(name: str, model: type[Model]) -> Model:
    """A knowledge file that ships with Spondyl.

    Args:
        name: Its name without ".toml".
        model: What it has to be.

    Raises:
        SheetError: It is no TOML, or holds a key or a value that the model does not know.
    """
    return parsed(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml", model)


def parsed(text: str, file: str, model: type[Model]) -> Model:
    """A knowledge file from its text; `file` names it in errors.

    Raises:
        SheetError: It is no TOML, or holds a key or a value that the model does not know.
    """
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SheetError(file, "(file)", f"is no TOML, {error}", "mend the line it names") from error
    except ValidationError as error:
        raise _first(error, file, model) from error


def near(word: str, known: Iterable[str]) -> str:
    """ "; did you mean …?" where a known word is like it, else nothing.

    Example:
        >>> near("desmim", ["desmin", "sma"])
        '; did you mean desmin?'
    """
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def _first(error: ValidationError, file: str, model: type[BaseModel]) -> SheetError:
    """The first thing that was found, a misspelt key before the key that it leaves missing."""
    first: Any = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    place = ".".join(map(str, first["loc"])) or "(file)"
    match first["type"]:
        case "extra_forbidden":
            hint = near(str(first["loc"][-1]), set(_keys(model)))
            return SheetError(file, place, "unknown key", f"take it out, or spell it right{hint}")
        case "missing":
            return SheetError(file, place, "the key is missing", f"add {first['loc'][-1]}")
        case "value_error":
            return SheetError(file, place, "cannot be read", str(first["ctx"]["error"]))
        case _:
            return SheetError(file, place, f"{first['input']!r}", first["msg"][0].lower() + first["msg"][1:])


def _keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key that some part of the model may have."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for part in _parts(field.annotation):
            yield from _keys(part)


def _parts(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in get_args(kind):
        yield from _parts(inner)
