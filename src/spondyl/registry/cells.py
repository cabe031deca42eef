"""Values as cells of a table, and back: no spreadsheet runs them, and each comes back as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from spondyl.record import LIST_FIELDS, Value
from spondyl.registry.asking import Entry
from spondyl.registry.vocabulary import allowed

__all__ = ["ABOUT", "CODEBOOK", "Column", "Grid", "grid", "guarded", "text", "unguarded", "values"]

ABOUT = ("paper", "case", "kind", "label", "revision", "same_patient")
"""The columns before the fields; the last names other cases of the same patient."""
CODEBOOK = ("column", "kind", "several", "unit", "values")
"""The columns of the codebook."""
_UNITS = {"_years": "years", "_months": "months", "_gy": "Gy", "_percent": "percent"}
Kind = Literal["number", "text", "mixed"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


@dataclass(frozen=True)
class Column:
    """A field as a column.

    Args:
        name: The field.
        kind: "number", "text", or "mixed" where numbers and words stand side by side, each as JSON.
        several: Whether a cell may hold several values.
    """

    name: str
    kind: Kind = "text"
    several: bool = False

    def row(self) -> tuple[str, str, str, str, str]:
        """Its row in the codebook.

        Example:
            >>> Column("age_years", "number").row()
            ('age_years', 'number', 'no', 'years', '0 to 125')
        """
        unit = next((unit for end, unit in _UNITS.items() if self.name.endswith(end)), "")
        return self.name, self.kind, "yes" if self.several else "no", unit, allowed(self.name)


@dataclass(frozen=True)
class Grid:
    """Cases as a table: the columns of the fields, and a row of values for each case."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[list[Any], list[list[Value]]], ...]


def grid(entries: Sequence[Entry]) -> Grid:
    """Cases as a table; the fields stand in the order of their names.

    Args:
        entries: The cases.
    """
    found = [_listed(e.fields) for e in entries]
    names = sorted({name for fields in found for name in fields})
    columns = tuple(_column(name, [f[name] for f in found if name in f]) for name in names)
    about = [
        [e.paper, e.case.case, e.case.kind, e.case.label, e.revision, "; ".join(e.same_names)] for e in entries
    ]  # fmt: skip
    rows = [(a, [f.get(name, []) for name in names]) for a, f in zip(about, found, strict=True)]
    return Grid(columns, tuple(rows))


def _listed(fields: Any) -> dict[str, list[Value]]:
    return {name: v if isinstance(v, list) else [v] for name, v in fields.items()}


def _column(name: str, cells: Sequence[list[Value]]) -> Column:
    words = {isinstance(v, str) for cell in cells for v in cell}
    kind: Kind = "mixed" if len(words) == 2 else "text" if True in words else "number"
    return Column(name, kind, name in LIST_FIELDS or any(len(cell) > 1 for cell in cells))


def text(cell: Iterable[Value], column: Column) -> str:
    r"""The values of a cell as text, with "; " between them.

    Example:
        >>> text(["C5", "a;b"], Column("levels", several=True)), text([46], Column("age_years", "number"))
        ('C5; a\\;b', '46')
    """
    words = (json.dumps(v, ensure_ascii=False) if column.kind == "mixed" else _plain(v) for v in cell)
    return "; ".join(w.replace("\\", "\\\\").replace(";", "\\;") for w in words)


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def values(cell: str, column: Column) -> list[Value]:
    r"""The values of a cell from its text.

    Raises:
        ValueError: A value is not of the column's kind.

    Example:
        >>> values("C5; a\\;b", Column("levels", several=True)), values("46", Column("age_years", "number"))
        (['C5', 'a;b'], [46])
    """
    if cell == "":
        return []
    return [_value(word, column.kind) for word in _split(cell)]


def _split(cell: str) -> list[str]:
    """The values between unescaped separators, without their escapes."""
    out, at = [""], 0
    while at < len(cell):
        if cell[at] == "\\" and at + 1 < len(cell):
            out[-1] += cell[at + 1]
            at += 2
        elif cell.startswith("; ", at):
            out.append("")
            at += 2
        else:
            out[-1] += cell[at]
            at += 1
    return out


def _value(word: str, kind: Kind) -> Value:
    if kind == "text":
        return word
    value = json.loads(word)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{word!r} is no value")
    if kind == "number" and isinstance(value, str):
        raise ValueError(f"{word!r} is no number")
    return value


def guarded(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula; `unguarded` gives back what it was.

    Example:
        >>> guarded("=1+1"), guarded("-2"), guarded("'x"), unguarded(guarded("'x"))
        ("'=1+1", "'-2", "''x", "'x")
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """A text cell as it was before it was guarded."""
    return cell[1:] if cell.startswith("'") else cell
