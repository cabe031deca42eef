"""How well each field is read, as it was measured."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources

__all__ = ["Accuracy", "accuracy"]


@dataclass(frozen=True)
class Accuracy:
    """Precision and recall by field.

    Args:
        on: What they were measured on, in words.
        fields: Field → {"precision", "recall", "n"}.
    """

    on: str = ""
    fields: dict[str, dict[str, float]] = field(default_factory=dict)


def accuracy() -> Accuracy:
    """The measured accuracy that ships with the extraction; empty where nothing was measured.

    The file `extract/accuracy.toml` holds `measured_on = "…"` and, for each field, a table
    `[field.NAME]` with `precision`, `recall` and `n`.
    """
    file = resources.files("spondyl.extract").joinpath("accuracy.toml")
    if not file.is_file():
        return Accuracy()
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return Accuracy(on=data["measured_on"], fields=data["field"])
