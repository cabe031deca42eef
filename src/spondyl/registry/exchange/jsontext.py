"""JSON files that strangers wrote: bounded, strict, and every value with its place in the text."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spondyl.record import ReadError

__all__ = ["Key", "Text", "load", "locate", "parsed", "starts", "tidy"]

Key = tuple[str | int, ...]
"""The way from the top of a JSON text to a value: names of members, numbers of elements."""

_LARGEST = 64 * 2**20
_DEEPEST = 60
_MOST = 4_000_000
_CAPITAL = re.compile(r"[A-Z]")
_BLANK = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Text:
    """A JSON value with the file it stands in.

    Args:
        path: The file.
        sha256: Of its bytes.
        text: The file, decoded; offsets count from its first character.
        start: Where the value begins.
        data: The value.
    """

    path: Path
    sha256: str
    text: str
    start: int
    data: Any


def _constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number without bounds")
    return value


_DECODER = json.JSONDecoder(parse_constant=_constant, parse_float=_float)


def parsed(line: str) -> Any:
    """A JSON text that stands within another.

    Raises:
        ValueError: It is no strict JSON, nested too deeply, or has half a character (a lone surrogate) in it.
    """
    try:
        data, end = _DECODER.raw_decode(line)
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if line[end:].strip():
        raise ValueError("more after the end")
    return data


def tidy(data: Any) -> Any:
    """Without members that are null; in lists, so that the others keep their number, an empty object instead.

    Example:
        >>> tidy({"a": None, "b": [None, 1]})
        {'b': [{}, 1]}
    """
    if isinstance(data, dict):
        return {name: tidy(value) for name, value in data.items() if value is not None}
    return [{} if one is None else tidy(one) for one in data] if isinstance(data, list) else data


def load(path: Path) -> list[Text]:
    """The values of a JSON file: one, or one a line.

    Args:
        path: The file, UTF-8.

    Raises:
        ReadError: It cannot be read, is too large or nested too deeply, or is no JSON; the message does not repeat
            what stands in it.
    """
    mend = "give a FHIR bundle or a phenopacket as JSON"
    try:
        if path.stat().st_size > _LARGEST:
            raise ReadError(f"larger than {_LARGEST // 2**20} MB", str(path), "split it into several files")
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), mend) from None
    except UnicodeDecodeError:
        raise ReadError("no text in UTF-8", str(path), mend) from None
    sha256 = hashlib.sha256(raw).hexdigest()
    return [Text(path, sha256, text, start, data) for start, data in _values(text, str(path), mend)]


def _values(text: str, where: str, mend: str) -> list[tuple[int, Any]]:
    if sum(map(text.count, "[{,")) > _MOST:
        raise ReadError(f"more than {_MOST:,} values", where, "split it into several files")
    at = _skip(text, 1 if text.startswith("\ufeff") else 0)
    out: list[tuple[int, Any]] = []
    try:
        while at < len(text) or not out:
            data, end = _DECODER.raw_decode(text, at)
            out.append((at, data))
            at = _skip(text, end)
            if at < len(text) and "\n" not in text[end:at]:
                raise ReadError("more after the end of the JSON", where, mend)
    except json.JSONDecodeError as error:
        raise ReadError(f"no JSON ({error.msg})", f"{where}:{error.lineno}", mend) from None
    except ValueError as error:
        why = "a number too long" if "digits" in str(error) else str(error)
        raise ReadError(f"no JSON ({why})", where, mend) from None
    except RecursionError:
        raise ReadError("nested too deeply", where, mend) from None
    if any(_deep(data) for _, data in out):
        raise ReadError(f"nested deeper than {_DEEPEST} levels", where, mend)
    return out


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _deep(data: Any) -> bool:
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Sequence[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in inner if isinstance(one, dict | list)]


def locate(text: str, way: Key, start: int = 0) -> tuple[int, int]:
    r"""Where a value stands in a JSON text; of a string, what is between its quotation marks.

    Args:
        text: A text that `load` has read.
        way: From the value that begins at `start` to the one that is looked for.
        start: Where to begin.

    Returns:
        The offsets of its first character and after its last.

    Example:
        >>> text = '{"code": {"text": "C5"}, "list": [1, 20]}'
        >>> [text[slice(*locate(text, way))] for way in (("code", "text"), ("list", 1))]
        ['C5', '20']
    """
    at = _skip(text, start)
    for key in way:
        at = _member(text, at, key)
    _, end = _DECODER.raw_decode(text, at)
    if text[at] == '"' and end - at > 2:
        return at + 1, end - 1
    return at, end


def starts(text: str, way: Key, start: int = 0) -> list[int]:
    """Where the elements of a list begin, so that each need not be looked for from the top.

    Args:
        text: A text that `load` has read.
        way: From the value that begins at `start` to the list.
        start: Where to begin.

    Example:
        >>> starts('{"entry": [1, {"a": 2}]}', ("entry",))
        [11, 14]
    """
    at = _skip(text, locate(text, way, start)[0] + 1)
    out = []
    while text[at] != "]":
        out.append(at)
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at
    return out


def _member(text: str, at: int, key: str | int) -> int:
    """Where the member of that name (or its like in snake_case), the last one, or the element of that number begins."""
    found, count = -1, 0
    named = text[at] == "{"
    names = (key, _CAPITAL.sub(lambda m: f"_{m[0].lower()}", key) if isinstance(key, str) else key)
    at = _skip(text, at + 1)
    while text[at] not in "]}":
        name: str | int = count
        if named:
            name, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        if name in names:
            found = at
            if not named:
                break
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        at = _skip(text, at + 1) if text[at] == "," else at
        count += 1
    if found < 0:
        raise KeyError(key)
    return found
