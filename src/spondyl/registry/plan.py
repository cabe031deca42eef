"""What the columns of a table mean: from a map, from a codebook, from a REDCap dictionary."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from spondyl.record import ReadError, Value
from spondyl.registry.cells import CODEBOOK, Column, unguarded

__all__ = [
    "Field", "Map", "Variable", "codebook", "columns", "dictionary", "is_date", "plan", "several", "table",
]  # fmt: skip

REDCAP = {
    "name": "Variable / Field Name", "kind": "Field Type", "choices": "Choices, Calculations, OR Slider Labels",
    "validation": "Text Validation Type OR Show Slider Number", "low": "Text Validation Min",
    "high": "Text Validation Max",
}  # fmt: skip
"""The columns of a REDCap data dictionary that are used; it has eighteen."""
_BY_API = {
    "name": "field_name", "kind": "field_type", "choices": "select_choices_or_calculations",
    "validation": "text_validation_type_or_show_slider_number", "low": "text_validation_min",
    "high": "text_validation_max",
}  # fmt: skip
"""The same columns in a dictionary that comes from REDCap's interface for programs."""
_CHOOSES = ("radio", "dropdown", "checkbox")


class Field(BaseModel):
    """Where the values of one field stand, as a map says it.

    Args:
        column: The column, or the REDCap variable.
        kind: "number", "text" or "date" (YYYY-MM-DD).
        values: What a cell holds → the value it means; a cell that is not listed is refused.
        separator: Between several values in one cell.
        factor: A number is multiplied by it (12 for years to months).
        low, high: The least and greatest number allowed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: str
    kind: Literal["number", "text", "date"] | None = None
    values: dict[str, Value] = {}
    separator: str = ""
    factor: float = 1
    low: float | None = None
    high: float | None = None


class Map(BaseModel):
    """A map file: the column that names the patient, the fields, and dates that follow on each other."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    record: str
    name: str = ""
    fields: dict[str, Field]
    order: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Variable:
    """A variable of a REDCap dictionary."""

    name: str
    kind: str
    choices: Mapping[str, str] = field(default_factory=dict)
    validation: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def numeric(self) -> bool:
        """Whether REDCap takes only numbers for it ("integer", "number", "number_2dp_comma_decimal", …)."""
        return self.validation == "integer" or self.validation.startswith("number")

    def number(self, text: str) -> float:
        """A number as REDCap writes it for this variable.

        Raises:
            ValueError: It is none.

        Example:
            >>> Variable("height", "text", validation="number_comma_decimal").number("1,54")
            1.54
        """
        return float(text.replace(",", ".") if self.validation.endswith("comma_decimal") else text)

    @property
    def several(self) -> bool:
        """Whether it stands in one column a choice (`name___1`)."""
        return self.kind == "checkbox"

    def column(self, code: str) -> str:
        """The column of a choice of a checkbox; REDCap writes it in small letters, a minus as an underscore.

        Example:
            >>> Variable("grade", "checkbox").column("-1")
            'grade____1'
        """
        return f"{self.name}___{code.lower().replace('-', '_')}"


def table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The head and the rows of a CSV file, cells as text.

    Raises:
        ReadError: It cannot be read, is no UTF-8, or a row has another number of cells than the head.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.reader(lines, strict=True))
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), "name a CSV file") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ReadError(
            f"no CSV in UTF-8 ({type(error).__name__})", str(path), "save it as CSV UTF-8"
        ) from None
    head = rows[0] if rows else []
    if len(set(head)) < len(head) or not head:
        raise ReadError("no head, or a column named twice", str(path), "give every column a name of its own")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(head):
            raise ReadError(f"{len(row)} cells, the head has {len(head)}", f"{path}:{number}", "mend the row")
    return head, [dict(zip(head, row, strict=True)) for row in rows[1:]]


def plan(path: Path) -> Map:
    """A map file.

    Raises:
        ReadError: It is no TOML, or holds what a map does not have.
    """
    try:
        return Map.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), "name a map file") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ReadError(f"{where}: {first['msg']}", str(path), "see docs/registry.md for a map") from None
    except ValueError as error:
        raise ReadError(f"no TOML ({error})", str(path), "see docs/registry.md for a map") from None


def codebook(path: Path) -> dict[str, Column]:
    """A codebook as `spondyl registry export` writes it.

    Raises:
        ReadError: It is none.
    """
    return columns(*table(path), str(path))


def columns(head: Sequence[str], rows: Sequence[Mapping[str, str]], where: str) -> dict[str, Column]:
    """The columns that the rows of a codebook tell of.

    Args:
        head, rows: The codebook.
        where: How it is named in an error.

    Raises:
        ReadError: It is none.
    """
    if tuple(head[:3]) != CODEBOOK[:3] or any(r["kind"] not in ("number", "text", "mixed") for r in rows):
        raise ReadError(f"no codebook, expected {', '.join(CODEBOOK)}", where, "export it again")
    found = ((unguarded(r["column"]), r["kind"], r["several"] == "yes") for r in rows)
    return {name: Column(name, kind, several) for name, kind, several in found}  # type: ignore[arg-type]


def dictionary(path: Path) -> dict[str, Variable]:
    """The variables of a REDCap data dictionary by name.

    Raises:
        ReadError: It is no dictionary, or the choices of a variable cannot be read.
    """
    mend = "export the data dictionary from REDCap as CSV"
    if path.suffix.lower() == ".xml":
        raise ReadError("a project as XML, no data dictionary", str(path), mend)
    head, rows = table(path)
    named = _BY_API if _BY_API["name"] in head else REDCAP
    if missing := [column for column in named.values() if column not in head]:
        raise ReadError(f"no column {missing[0]!r}", str(path), mend)
    found = [_variable(row, named, f"{path}:{n}") for n, row in enumerate(rows, 2)]
    return {variable.name: variable for variable in found}


def _variable(row: Mapping[str, str], named: Mapping[str, str], where: str) -> Variable:
    cells = {name: row[column].strip() for name, column in named.items()}
    low, high = (_float(cells[name].replace(",", ".")) for name in ("low", "high"))
    choices = _choices(cells["choices"], where) if cells["kind"] in _CHOOSES else {}
    return Variable(cells["name"], cells["kind"], choices, cells["validation"], low, high)


def _choices(text: str, where: str) -> dict[str, str]:
    """Codes and labels: "1, Female | 2, Male"."""
    pairs = [part.partition(",") for part in text.split("|") if part.strip()]
    if any(not comma for _, comma, _ in pairs):
        raise ReadError(
            "choices without a comma between code and label", where, 'write "1, Female | 2, Male"'
        )
    return {code.strip(): label.strip() for code, _, label in pairs}


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def is_date(text: str) -> bool:
    """Whether a text is a day, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def several(names: Sequence[str]) -> str:
    """Names in one line, the first eight of them."""
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
