"""What an audit finds: a sentence to paste, the arithmetic, and the words on both sides."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from spondyl.record.paper import Quote

__all__ = ["SEVERITIES", "Finding", "Severity"]

Severity = Literal["error", "suspicious", "rounding", "missing", "method"]

SEVERITIES: tuple[Severity, ...] = ("error", "suspicious", "rounding", "missing", "method")
"""From the gravest down."""


class Finding(BaseModel):
    """One thing in a paper that does not add up, as seen by one check.

    Args:
        kind: The check that saw it ("pct", "hr_ci_p", "age_conflict", …).
        severity: "error" cannot be true as printed; "suspicious" needs an explanation; "rounding" holds only if
            digits were cut off; "missing" leaves out a value; "method" warns of the way it was computed.
        message: One plain sentence that a reader of the paper understands.
        computed: The arithmetic.
        quotes: The words on both sides.
    """

    model_config = ConfigDict(frozen=True)
    kind: str
    severity: Severity
    message: str
    computed: str
    quotes: tuple[Quote, ...]

    def as_dict(self) -> dict[str, Any]:
        """The finding as it stands in a line of JSON."""
        return {
            "kind": self.kind, "severity": self.severity, "message": self.message, "computed": self.computed,
            "quotes": [{"start": q.start, "end": q.end, "text": q.text} for q in self.quotes],
        }  # fmt: skip
