"""Cells of a table as numbers and times: the expressions, and what is refused."""

from __future__ import annotations

from spondyl.monitor.grid import Grid
from spondyl.monitor.knowledge import names
from spondyl.monitor.naming import heading
from spondyl.monitor.series import Form
from spondyl.monitor.times import CLOCK, DATED, form_of
from spondyl.record import ReadError

__all__ = ["headings", "number", "refuse_text", "refuse_times", "time_column", "time_of"]

LIKE = {"clock": "08:40:00", "date": "2031-05-04T08:40:00", "elapsed": "12.5"}


def headings(grid: Grid) -> dict[str, tuple[int, str]]:
    """What a table's columns hold: name → (column, unit); columns that say nothing known are left out.

    Raises:
        ReadError: Two columns hold the same.
    """
    out: dict[str, tuple[int, str]] = {}
    for k, column in enumerate(grid.columns):
        if found := heading(column):
            if found.what in out:
                first = grid.columns[out[found.what][0]]
                raise ReadError(
                    f"the columns {first!r} and {column!r} both give the {found.what}",
                    grid.where,
                    "keep one of them",
                )
            out[found.what] = (k, found.unit)
    return out


def _words(words: tuple[str, ...]) -> str:
    return ", ".join("'" + w.replace("'", "''") + "'" for w in words)


def _cast(column: int, decimal: str) -> str:
    cell = f"replace(c{column}, ',', '.')" if decimal == "," else f"c{column}"
    return f"try_cast({cell} AS DOUBLE)"


def number(grid: Grid, column: int | None) -> str:
    """The expression of a cell as a number.

    Zero for a response not found, NULL for a value not taken, and below zero for what is to be refused.
    """
    if column is None:
        return "CAST(NULL AS DOUBLE)"
    absent, empty = names().absent["words"], names().not_measured["words"]
    return (
        f"CASE WHEN lower(c{column}) IN ({_words(empty)}) THEN NULL "
        f"WHEN lower(c{column}) IN ({_words(absent)}) THEN 0.0 "
        f"ELSE coalesce({_good(_cast(column, grid.decimal))}, -1.0) END"
    )


def _good(value: str) -> str:
    return f"CASE WHEN isfinite({value}) AND {value} >= 0 THEN {value} END"


def refuse_text(grid: Grid, column: int, name: str) -> None:
    """Refuse a column with cells that are no number, no word for a missing value, or below zero.

    Raises:
        ReadError: There are such cells.
    """
    words = _words((*names().absent["words"], *names().not_measured["words"]))
    value = _cast(column, grid.decimal)
    bad = f"lower(c{column}) NOT IN ({words}) AND NOT coalesce(isfinite({value}) AND {value} >= 0, false)"
    found = grid.rows(f"SELECT min(row), arg_min(c{column}, row), count(*) FROM raw WHERE {bad}")
    row, cell, count = found[0]
    if count:
        more = f" (and {count - 1} more)" if count > 1 else ""
        what = "is negative" if _number(cell) else "is no number"
        raise ReadError(
            f"{name} at {grid.place(row)} {what}: {cell[:40]!r}{more}",
            grid.where,
            "numbers of zero and more are needed; leave a value that was not taken empty, "
            "write 'absent' for a response that was not found",
        )


def _number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return cell.lstrip().startswith("-")


def time_column(grid: Grid, held: dict[str, tuple[int, str]]) -> tuple[int, Form, float]:
    """The column of the times, their form, and what they are multiplied with to be seconds.

    Raises:
        ReadError: There is none, or several, or its first cell is no time.
    """
    found = [n for n in ("time", "time_s", "time_min") if n in held]
    if len(found) != 1:
        what = (
            "several columns of times"
            if found
            else f"no column of times among {', '.join(grid.columns)[:200]}"
        )
        raise ReadError(f"there is {what}", grid.where, "name one column time, time_s or time_min")
    column = held[found[0]][0]
    if found[0] != "time":
        return column, "elapsed", 60.0 if found[0] == "time_min" else 1.0
    row, cell = (
        grid.rows(f"SELECT row, c{column} FROM raw WHERE c{column} <> '' ORDER BY row LIMIT 1")[0]
        if (grid.rows(f"SELECT count(*) FROM raw WHERE c{column} <> ''")[0][0])
        else (1, "")
    )
    form = form_of(cell)
    if form is None:
        raise ReadError(
            f"the time at {grid.place(row)} is {cell[:40]!r}",
            grid.where,
            "give clock times (08:40:00), dated times without a zone (2031-05-04T08:40:00), "
            "or name the column time_s or time_min for elapsed time",
        )
    return column, form, 1.0


def time_of(column: int, form: Form, scale: float) -> str:
    """The expression of a cell as seconds; NULL where it is no time of this form."""
    cell = f"replace(c{column}, ',', '.')"
    if form == "elapsed":
        value = f"try_cast({cell} AS DOUBLE)"
        return f"CASE WHEN isfinite({value}) THEN {value} * {scale} END"
    pattern, kind = (CLOCK, "TIME") if form == "clock" else (DATED, "TIMESTAMP")
    value = f"epoch(try_cast({cell} AS {kind}))"
    inside = f" AND {value} < 86400" if form == "clock" else ""
    return f"CASE WHEN regexp_full_match(c{column}, '{pattern}'){inside} THEN {value} END"


def refuse_times(grid: Grid, column: int, form: Form, scale: float) -> None:
    """Refuse a column with cells that are no times of its form.

    Raises:
        ReadError: There are such cells.
    """
    bad = f"({time_of(column, form, scale)}) IS NULL"
    found = grid.rows(f"SELECT min(row), arg_min(c{column}, row), count(*) FROM raw WHERE {bad}")
    row, cell, count = found[0]
    if count:
        raise ReadError(
            f"the time at {grid.place(row)} is {cell[:40]!r}",
            grid.where,
            f"every row needs a time like {LIKE[form]}, as the first one has",
        )
