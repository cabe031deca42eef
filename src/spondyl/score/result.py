"""What a score comes to: points item by item, an interval where something is missing, and where it all comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from spondyl.record import Quote
from spondyl.score.model import Band, Citation, Grade, SheetBase

__all__ = ["UNVERIFIED", "ItemResult", "Level", "Question", "Result", "source"]

UNVERIFIED = "unverified: recalled, its source not read; check it before use"

Level = Band | Grade
"""A band of totals or a grade: both have an id, a label and a meaning."""


@dataclass(frozen=True)
class ItemResult:
    """One item: the answer, or those still possible, and its points from `low` to `high`.

    Args:
        id: The item.
        question: What it asks.
        options: The answers still possible; one where it is settled.
        labels: Their labels.
        low, high: The points, least and most; `None` where answers have none.
        given: What was given, as it was given; "" for nothing.
        how: How that was read ("C7 is junctional").
        field: The field of the case record that filled it; "" where it was typed.
        words: The words of the paper that filled it.
    """

    id: str
    question: str
    options: tuple[str, ...]
    labels: tuple[str, ...]
    low: int | None = None
    high: int | None = None
    given: str = ""
    how: str = ""
    field: str = ""
    words: tuple[Quote, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether one answer alone is possible."""
        return len(self.options) == 1

    @property
    def points(self) -> int | None:
        """The points, where they are the same for all answers still possible."""
        return self.low if self.low == self.high else None

    def as_dict(self) -> dict[str, Any]:
        """The item as it stands in JSON."""
        quotes = [{"paper": q.paper, "start": q.start, "end": q.end, "text": q.text} for q in self.words]
        return {
            "id": self.id, "question": self.question, "option": self.options[0] if self.settled else None,
            "options": list(self.options), "label": self.labels[0] if self.settled else None,
            "points": self.points, "low": self.low, "high": self.high, "given": self.given or None,
            "how": self.how or None, "field": self.field or None, "quotes": quotes,
        }  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What to find out: how far one missing item could move the result.

    Args:
        id: The item.
        spread: How many points lie between its answers.
        bands: The bands it leaves possible, answer by answer.
        words: All of that in a sentence.
    """

    id: str
    spread: int
    bands: Mapping[str, tuple[str, ...]]
    words: str

    def as_dict(self) -> dict[str, Any]:
        """The question as it stands in JSON."""
        bands = {answer: list(left) for answer, left in self.bands.items()}
        return {"id": self.id, "spread": self.spread, "bands": bands, "words": self.words}


@dataclass(frozen=True)
class Result:
    """A score of one patient, lesion or specimen.

    Args:
        sheet: The sheet it was computed by.
        low, high: The total, least and most, from what is known; the same where nothing is missing.
        band: The band or grade, where both ends of the interval share it.
        possible: All bands or grades still possible.
        items: The items, in the sheet's order.
        missing: Ids of what is not settled, what could move the band most first.
        find_out: The same with the reason.
        outputs: Results of a formula by their ids; `units` tells their units.
        fired: Criteria that fired.
        rows: Rows of a table that were found.
        refused: Why nothing was computed; "" where it was.
        notes: What else the reader has to know.
    """

    sheet: SheetBase
    low: int | None = None
    high: int | None = None
    band: Level | None = None
    possible: tuple[Level, ...] = ()
    items: tuple[ItemResult, ...] = ()
    missing: tuple[str, ...] = ()
    find_out: tuple[Question, ...] = ()
    outputs: Mapping[str, float] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    fired: tuple[str, ...] | None = None
    rows: tuple[Mapping[str, Any], ...] = ()
    refused: str = ""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        """The total, where it is certain."""
        return self.low if self.low == self.high else None

    @property
    def interval(self) -> str:
        """The total in print: "8", or "5–8" where something is missing.

        Example:
            >>> from spondyl import score
            >>> score.score("tomita_2001", primary="slow", visceral="none").interval
            '2–3'
        """
        if self.low is None:
            return ""
        return f"{self.low}" if self.low == self.high else f"{self.low}–{self.high}"

    def as_dict(self) -> dict[str, Any]:
        """The result as it stands in JSON."""
        sheet = self.sheet
        more: dict[str, Any] = {
            "title": sheet.title, "kind": getattr(sheet, "kind", ""), "direction": sheet.direction,
            "population": sheet.population, "not_for": sheet.not_for, "status": sheet.status,
            "band_label": self.band.label if self.band else None,
            "band_meaning": self.band.meaning if self.band else None,
            "possible_bands": [b.id for b in self.possible],
            "find_out": [q.as_dict() for q in self.find_out],
            "outputs": dict(self.outputs), "units": dict(self.units),
            "fired": None if self.fired is None else list(self.fired), "rows": [dict(r) for r in self.rows],
            "refused": self.refused or None, "notes": list(self.notes),
        }  # fmt: skip
        return {
            "sheet": sheet.id, "version": sheet.version, "total": self.total, "low": self.low,
            "high": self.high, "band": self.band.id if self.band else None,
            "items": [i.as_dict() for i in self.items], "missing": list(self.missing),
            "evidence": _evidence(sheet), "sources": [source(c) for c in sheet.citations], **more,
        }  # fmt: skip


def _evidence(sheet: SheetBase) -> dict[str, Any]:
    grades = sheet.evidence
    doubt = "D" in (grades.items, grades.bands) or sheet.status == "unverified"
    return {
        "items": grades.items, "bands": grades.bands, "unverified": doubt, "note": grades.note,
        "parts": list(grades.parts), "unverified_parts": list(sheet.unverified),
    }  # fmt: skip


def source(one: Citation) -> dict[str, Any]:
    """A source as it stands in JSON: what is known of it, and how much of it was read."""
    return {key: value for key, value in one.model_dump().items() if value not in ("", None)}
