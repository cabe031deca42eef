"""The cases as files: CSV with its codebook, Parquet, Excel, JSON lines."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from spondyl.registry.cells import ABOUT, CODEBOOK, Column, Grid, guarded, text
from spondyl.registry.counting import Counts
from spondyl.tables.files import connect

__all__ = ["codebook", "commas", "counts", "json_lines", "parquet", "workbook"]

_MOST = 32_767  # characters in a cell of Excel


def json_lines(lines: Iterable[dict[str, Any]]) -> str:
    """Papers with their cases, one a line, as `spondyl extract` prints them."""
    return "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)


def commas(table: Grid) -> str:
    """Comma-separated values, one row a case; a text that could be a formula has an apostrophe in front."""
    rows = ([*about, *cells] for about, cells in _texts(table))
    return _csv([*ABOUT, *(c.name for c in table.columns)], rows)


def codebook(columns: Iterable[Column]) -> str:
    """What the columns of a table hold, as comma-separated values."""
    return _csv(list(CODEBOOK), (list(column.row()) for column in columns))


def counts(found: Counts) -> str:
    """A table of counts as comma-separated values; a count that is hidden stands as "*"."""
    head = [" / ".join(found.fields), *found.columns]
    return _csv(
        head, ([row, *(_told(found.cells[row, column]) for column in found.columns)] for row in found.rows)
    )


def _told(count: int | None) -> int | str:
    return "*" if count is None else count


def _csv(head: list[str], rows: Iterable[list[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in head])
    writer.writerows([guarded(c) if isinstance(c, str) else c for c in row] for row in rows)
    return out.getvalue()


def _texts(table: Grid) -> Iterable[tuple[list[Any], list[Any]]]:
    """Rows of cells; a lone number stays a number."""
    for about, cells in table.rows:
        yield about, [_cell(cell, column) for cell, column in zip(cells, table.columns, strict=True)]


def _cell(cell: list[Any], column: Column) -> str | int | float:
    if column.kind == "number" and len(cell) == 1:
        return cast(int | float, cell[0])
    return text(cell, column)


def workbook(table: Grid) -> bytes:
    """An Excel workbook with the cases and their codebook; every text is marked as text."""
    book = Workbook(write_only=True)
    rows = ([*about, *cells] for about, cells in _texts(table))
    _sheet(book, "Cases", [[*ABOUT, *(c.name for c in table.columns)], *rows])
    _sheet(book, "Codebook", [list(CODEBOOK), *(list(c.row()) for c in table.columns)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, rows: Iterable[list[Any]]) -> None:
    sheet = cast(WriteOnlyWorksheet, book.create_sheet(title))
    for row in rows:
        sheet.append([_marked(sheet, cell) for cell in row])


def _marked(sheet: WriteOnlyWorksheet, cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    if not cell:
        return None
    marked = WriteOnlyCell(sheet)
    marked.value, marked.data_type = ILLEGAL_CHARACTERS_RE.sub("", cell)[:_MOST], "s"
    marked.quotePrefix = True
    return marked


def parquet(table: Grid, path: Path) -> None:
    """A Parquet file: lone numbers as DOUBLE, everything else as text, several values with "; " between them.

    Args:
        table: The cases.
        path: Where to write; what stands there is replaced when all is written.
    """
    numbers = ("case", "revision")
    whole = [Column(name, "number" if name in numbers else "text") for name in ABOUT] + list(table.columns)
    with tempfile.TemporaryDirectory(dir=path.parent or None, prefix=".") as folder:
        plain, beside = Path(folder) / "cases.csv", Path(folder) / "cases.parquet"
        with plain.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([f"c{n}" for n in range(len(whole))])
            writer.writerows([*about, *cells] for about, cells in _texts(table))
        _convert(plain, beside, whole)
        os.replace(beside, path)


def _convert(plain: Path, beside: Path, whole: list[Column]) -> None:
    """Column by column into the kinds they hold; an empty cell is NULL."""
    chosen = ", ".join(
        f"CAST(NULLIF(c{n}, '') AS {_native(column)}) AS {_name(column.name)}"
        for n, column in enumerate(whole)
    )
    connection = connect()
    try:
        options: dict[str, Any] = {"header": True, "all_varchar": True, "delimiter": ",", "quotechar": '"'}
        connection.read_csv(str(plain), escapechar='"', **options).create_view("plain")
        target = str(beside).replace("'", "''")
        connection.execute(
            f"COPY (SELECT {chosen} FROM plain) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
    finally:
        connection.close()


def _native(column: Column) -> str:
    if column.name in ("case", "revision"):
        return "BIGINT"
    return "DOUBLE" if column.kind == "number" and not column.several else "VARCHAR"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
