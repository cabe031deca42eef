"""What a REDCap project is made of: its variables, and how they say which field they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["ABOUT", "HEAD", "READONLY", "Variable", "code", "columns", "marked", "variable_name"]

HEAD = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?",
    "Branching Logic (Show field only if...)", "Required Field?", "Custom Alignment",
    "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?", "Field Annotation",
)  # fmt: skip
"""The eighteen columns of a REDCap data dictionary."""
ABOUT = ("paper", "case", "kind", "label", "reported_by", "source")
"""What is said of a case beside its fields, each in a variable "spondyl_…"; `source` describes the paper as JSON."""

READONLY = "@READONLY"
"""What makes REDCap show a variable without letting people change it."""

_WORD = re.compile(r"[^a-z0-9]+")
_MARK = re.compile(r"spondyl (field|words|about)(?: (number|text|mixed|choice)( several)?)?: (\S.*)")


class Variable(NamedTuple):
    """A variable that is to be written.

    Args:
        name: In REDCap.
        form: The instrument it stands in.
        kind: "text", "notes", "radio" or "checkbox".
        label: What people read.
        mark: What it holds, for reading it back.
        choices: Code → label.
        validation, low, high: Of a number.
    """

    name: str
    form: str
    kind: str
    label: str
    mark: str
    choices: tuple[tuple[str, str], ...] = ()
    validation: str = ""
    low: str = ""
    high: str = ""

    def row(self) -> list[str]:
        """Its row in the data dictionary."""
        listed = " | ".join(f"{code}, {label}" for code, label in self.choices)
        out = [
            self.name,
            self.form,
            "",
            self.kind,
            self.label,
            listed,
            "",
            self.validation,
            self.low,
            self.high,
        ]
        return [*out, *[""] * (len(HEAD) - len(out) - 1), self.mark]


class Mark(NamedTuple):
    """What the annotation of a variable says: what it is, how its values are written, of which field."""

    what: str
    kind: str
    several: bool
    field: str


def marked(annotation: str) -> Mark | None:
    """What a variable of Spondyl holds; `None` for any other variable.

    Example:
        >>> marked("spondyl field text several: drugs")
        Mark(what='field', kind='text', several=True, field='drugs')
        >>> marked("@READONLY") is None
        True
    """
    found = _MARK.search(annotation)
    if not found:
        return None
    return Mark(found[1], found[2] or "", bool(found[3]), found[4].removesuffix(READONLY).strip())


def variable_name(name: str, taken: Iterable[str]) -> str:
    """A name that REDCap allows: small letters, digits, underscores, a letter first.

    Example:
        >>> variable_name("age_years", []), variable_name("Größe (cm)", []), variable_name("a-b", ["a_b"])
        ('age_years', 'gr_e_cm', 'a_b_2')
    """
    bare = _WORD.sub("_", name.lower()).strip("_")
    bare = (bare if bare[:1].isalpha() else f"v_{bare}").strip("_")[:80].strip("_")
    known, number, out = set(taken), 2, bare
    while out in known:
        out, number = f"{bare}_{number}", number + 1
    return out


def code(value: str) -> str:
    """The code of a choice.

    Example:
        >>> code("C5"), code("D-wave"), code("not reversed")
        ('c5', 'd_wave', 'not_reversed')
    """
    return _WORD.sub("_", value.lower()).strip("_")


def columns(variable: Variable) -> list[str]:
    """The columns of a variable in the data: one for each choice of a checkbox."""
    if variable.kind != "checkbox":
        return [variable.name]
    return [f"{variable.name}___{code}" for code, _ in variable.choices]
