"""Karnofsky and ECOG: two scales that published maps join in different ways, so that a map has to be named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from spondyl.record import UsageError

__all__ = ["Converted", "converted", "kept_apart", "maps"]

_VALUE = re.compile(r"(?P<scale>KPS|ECOG)[\s:=]*(?P<value>\d+)(?:\s+by\s+(?P<map>\w+))?", re.IGNORECASE)


@dataclass(frozen=True)
class Converted:
    """Values on the scale asked for, and how they were found."""

    values: tuple[str, ...]
    how: str


@cache
def maps() -> Mapping[str, Mapping[int, tuple[int, ...]]]:
    """Each published map: ECOG grade → Karnofsky values."""
    text = files("spondyl.score").joinpath("sheets", "kps_ecog_maps.toml").read_text("utf-8")
    return {row["id"]: {n: tuple(row[f"ecog{n}"]) for n in range(6)} for row in tomllib.loads(text)["rows"]}


def _by(name: str, scale: str, value: int) -> tuple[int, ...]:
    """What a value of `scale` is on the other scale, by one map."""
    table = maps()[name]
    return table.get(value, ()) if scale == "ECOG" else tuple(n for n, kps in table.items() if value in kps)


def converted(text: str, wanted: str) -> Converted | None:
    """A value of the other scale, by the map it names ("KPS 70 by prasad2018").

    Args:
        text: What was given.
        wanted: The scale that the question asks for.

    Returns:
        The values, or `None` where nothing has to be converted.

    Raises:
        UsageError: There is no such map, or it does not hold the value.

    Example:
        >>> converted("KPS 70 by prasad2018", "ECOG")
        Converted(values=('2',), how='KPS 70 is ECOG 2 by the map prasad2018')
    """
    found = _VALUE.fullmatch(text.strip())
    if not found or not found["map"] or wanted not in ("KPS", "ECOG"):
        return None
    scale, value, name = found["scale"].upper(), int(found["value"]), found["map"]
    if scale == wanted:
        return Converted((str(value),), "")
    if name not in maps():
        raise UsageError(f"there is no map {name}; the maps are {', '.join(maps())}")
    if not (values := _by(name, scale, value)):
        raise UsageError(f"the map {name} does not hold {scale} {value}; name another of {', '.join(maps())}")
    said = " or ".join(map(str, values))
    return Converted(tuple(map(str, values)), f"{scale} {value} is {wanted} {said} by the map {name}")


def kept_apart(text: str, wanted: str) -> str:
    """Why a value of the other scale is not converted: what each map makes of it; "" where none is given.

    Args:
        text: What was given.
        wanted: The scale that the question asks for.
    """
    found = _VALUE.fullmatch(text.strip())
    if not found or wanted not in ("KPS", "ECOG") or found["scale"].upper() == wanted:
        return ""
    scale, value = found["scale"].upper(), int(found["value"])
    each = [f"{' or '.join(map(str, v))} by {name}" for name in maps() if (v := _by(name, scale, value))]
    if not each:
        return f"{scale} {value} is in no map to {wanted}"
    return f"{scale} {value} is {wanted} {', '.join(each)}; name the map: '{scale} {value} by {next(iter(maps()))}'"
