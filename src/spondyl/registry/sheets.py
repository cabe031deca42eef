"""Tables that come in: CSV, Excel and Parquet, every cell as text; no formula is run, no entity resolved."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from lzma import LZMAError
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from spondyl.record import ReadError
from spondyl.tables import scan, stream

__all__ = ["Sheet", "sheet"]

Rows = list[dict[str, str]]
LARGEST = 256 * 2**20
"""So many bytes may the parts of a workbook unpack to."""
_RATIO = 200
_MEMBERS = 2_000
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_MANY = 1 << 20
_MEND = "save it anew as .xlsx, or as CSV UTF-8"


@dataclass(frozen=True)
class Sheet:
    """A table as text.

    Args:
        head: The names of the columns.
        rows: The cells by the names of their columns; an empty cell is "".
        codebook: The codebook that came in the same file, if any.
        guarded: Whether an apostrophe stands before texts that a spreadsheet would take for formulas, as in CSV.
    """

    head: list[str]
    rows: Rows
    codebook: tuple[list[str], Rows] | None = None
    guarded: bool = False


def sheet(path: Path) -> Sheet:
    """A table from a file.

    Args:
        path: A .csv, .xlsx or .parquet file; anything else is read as CSV.

    Raises:
        ReadError: It cannot be read, is damaged or a trap, or a row has more cells than the head.
    """
    match path.suffix.lower():
        case ".xlsx":
            return _workbook(path)
        case ".parquet":
            return _parquet(path)
    return Sheet(*_csv(path), guarded=True)


def _named(head: Sequence[str], rows: Iterable[Sequence[str]], path: Path) -> tuple[list[str], Rows]:
    names = list(head)
    if len(set(names)) < len(names) or not names or "" in names:
        raise ReadError("no head, or a column named twice", str(path), "give every column a name of its own")
    out = []
    for number, row in enumerate(rows, 2):
        if len(row) != len(names):
            raise ReadError(
                f"{len(row)} cells, the head has {len(names)}", f"{path}:{number}", "mend the row"
            )
        out.append(dict(zip(names, row, strict=True)))
    return names, out


def _csv(path: Path) -> tuple[list[str], Rows]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines, strict=True))
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), "name a table") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReadError(
            f"no CSV in UTF-8 ({type(error).__name__})", str(path), "save it as CSV UTF-8"
        ) from None
    return _named(rows[0] if rows else [], rows[1:], path)


def _parquet(path: Path) -> Sheet:
    source = scan(path)
    if other := [
        name for name, kind in source.columns.items() if kind == "other" and not _is_time(source, name)
    ]:
        raise ReadError(
            f"the column {other[0]} holds neither text, numbers nor dates",
            str(path),
            "write it as one of these",
        )
    rows = ([_words(cell) for cell in row] for row in stream(source, source.frame))
    return Sheet(*_named(list(source.columns), rows, path))


def _is_time(source: Any, name: str) -> bool:
    return str(source.frame.collect_schema()[name]).startswith(("Date", "Datetime"))


def _words(cell: Any) -> str:
    """A cell as text; a whole number without a point, a day as YYYY-MM-DD.

    Example:
        >>> _words(46.0), _words(-2), _words(None), _words(True), _words(datetime(2020, 1, 2))
        ('46', '-2', '', '1', '2020-01-02')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second, cell.microsecond) == (0, 0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        whole = math.isfinite(cell) and float(cell).is_integer() and abs(cell) < 1e15
        return str(int(cell)) if whole or isinstance(cell, int) else json.dumps(cell)
    return str(cell)


def _workbook(path: Path) -> Sheet:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), "name a table") from None
    _harmless(raw, str(path))
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # whatever the reader of a stranger's file comes upon
        raise ReadError(f"no workbook ({type(error).__name__})", str(path), _MEND) from None
    names = [one.title for one in book.worksheets]
    if not names:
        raise ReadError("no sheet in it", str(path), _MEND)
    tables = {name: _grid(book, name, path) for name in names[:1] + [n for n in names[1:] if n == "Codebook"]}
    head, rows = tables[names[0]]
    return Sheet(head, rows, tables.get("Codebook") if len(tables) > 1 else None)


def _harmless(raw: bytes, where: str) -> None:
    """Refuses what unpacks to more than it should, and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            members = parts.infolist()
            if len(members) > _MEMBERS:
                raise ReadError(f"{len(members)} parts, {_MEMBERS} at most", where, _MEND)
            room = LARGEST
            for member in members:
                room -= _looked(parts, member, min(room, max(_MANY, member.compress_size * _RATIO)), where)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
        LZMAError,
    ) as error:
        raise ReadError(f"no workbook ({type(error).__name__})", where, _MEND) from None


def _looked(parts: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, where: str) -> int:
    """How many bytes a part really unpacks to."""
    size, tail = 0, b""
    text = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    with parts.open(member) as stream_:
        while piece := stream_.read(1 << 16):
            size += len(piece)
            if size > most:
                raise ReadError("it unpacks to far more than its size (a zip bomb)", where, _MEND)
            if text and (
                _DECLARES.search(tail + piece) or (not tail and piece[:2] in (b"\xff\xfe", b"\xfe\xff"))
            ):
                raise ReadError("its XML declares entities, or is not in UTF-8", where, _MEND)
            tail = piece[-16:]
    return size


def _grid(book: Any, name: str, path: Path) -> tuple[list[str], Rows]:
    rows = list(_cells(book[name], path))
    while rows and not any(rows[-1]):
        rows.pop()
    head = rows[0] if rows else []
    while head and not head[-1]:
        head = head[:-1]
    even = (
        [*row[: len(head)], *([""] * (len(head) - len(row))), *_beyond(row, len(head))] for row in rows[1:]
    )
    return _named(head, even, path)


def _beyond(row: Sequence[str], width: int) -> Sequence[str]:
    """Cells to the right of the head, if they hold something."""
    return row[width:] if any(row[width:]) else ()


def _cells(page: Any, path: Path) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(page.iter_rows(), 1):
            if any(cell.data_type in ("f", "e") and cell.value is not None for cell in row):
                raise ReadError("a formula, or the error of one", f"{path}:{number}", "paste it as a value")
            yield [_words(cell.value) for cell in row]
    except ReadError:
        raise
    except Exception as error:  # whatever the reader of a stranger's file comes upon
        raise ReadError(f"no workbook ({type(error).__name__})", str(path), _MEND) from None
