"""What a format cannot hold of the cases it was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from spondyl.registry.asking import Entry

__all__ = ["Exported", "unheld"]


@dataclass(frozen=True)
class Exported:
    """Cases in another format.

    Args:
        files: What to write: a suffix for the file's name → its text.
        format: The format's name.
        fields: Field → how many of its values the format does not hold.
        left: What else it does not hold, in words.
    """

    files: dict[str, str]
    format: str
    fields: Counter[str] = field(default_factory=Counter)
    left: tuple[str, ...] = ()

    def report(self) -> list[str]:
        """Lines that say what is not held."""
        lines = []
        if self.fields:
            several = ", ".join(f"{name} {count}" for name, count in sorted(self.fields.items()))
            lines.append(f"{self.fields.total()} values not held by {self.format}: {several}")
        return lines + [f"not held by {self.format}: {what}" for what in self.left]


def unheld(entries: Sequence[Entry], statements: int = 0, groups: bool = True) -> tuple[str, ...]:
    """What no exchange format holds of these cases.

    Args:
        entries: The cases.
        statements: How many statements on groups belong to them.
        groups: Whether groups are left out, too.
    """
    many = sum(e.case.kind == "group" for e in entries) if groups else 0
    others = sum(len(e.case.others) for e in entries)
    linked = sum(bool(e.same) for e in entries)
    counts = (
        (many, "groups of patients"), (others, "claims that were not chosen"),
        (statements, "statements on groups"), (linked, "links between cases of one patient"),
    )  # fmt: skip
    return tuple(f"{count} {what}" for count, what in counts if count)
