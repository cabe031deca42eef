"""Scores of a patient for rules: computed once each, from the record and from what was given for their items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spondyl import score
from spondyl.consult.rules.fields import Feed, feeds
from spondyl.consult.rules.kin import kin
from spondyl.consult.rules.patient import Patient
from spondyl.record import Case, UsageError
from spondyl.score import Result

__all__ = ["Results", "given_items"]


def given_items(case: Case, sheet: str) -> dict[str, Any]:
    """Answers that the record gives to a sheet's items by name: the field "sins.alignment" answers alignment.

    Example:
        >>> from spondyl.record import Claim
        >>> claim = Claim(field="sins.alignment", value="normal", quotes=())
        >>> given_items(Case(case=1, label="", claims=(claim,)), "sins")
        {'alignment': 'normal'}
    """
    start = f"{sheet}."
    return {c.field.removeprefix(start): c.value for c in case.claims if c.field.startswith(start)}


class Results(Mapping[str, Result | None]):
    """Sheet → result for one patient, computed when asked for; None where it cannot be computed.

    Args:
        person: The patient.
        known: Results that were computed already; they are taken as they are.
    """

    def __init__(self, person: Patient, known: Mapping[str, Result | None] | None = None) -> None:
        self._person = person
        self._held: dict[str, Result | None] = dict(known or {})

    def __getitem__(self, sheet: str) -> Result | None:
        if sheet not in self._held:
            self._held[sheet] = self._computed(sheet)
        return self._held[sheet]

    def __iter__(self) -> Any:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def _computed(self, sheet: str) -> Result | None:
        """By the record; what it says in other fields is added as far as the sheet understands it."""
        case, answers = self._person.case, given_items(self._person.case, sheet)
        for feed in feeds(sheet):
            item = feed.item.partition(".")[2]
            for value in self._fed(feed) if item not in answers else ():
                if _understood(sheet, {item: value}, case):
                    answers[item] = value
                    break
        try:
            return score.score(sheet, answers, case=case)
        except UsageError:
            return None

    def _fed(self, feed: Feed) -> list[str]:
        """What another field or score answers, the nearest first; nothing where it contradicts itself."""
        if feed.band_of:
            result = self[feed.band_of]
            return [result.band.id] if result and result.band else []
        held = self._person.values(feed.field)
        if len(held) != 1:
            return []
        value = str(held[0])
        return [value, *sorted(kin(value) - {value})] if feed.field == "diagnosis" else [value]


def _understood(sheet: str, answers: dict[str, Any], case: Case) -> bool:
    try:
        score.score(sheet, answers, case=case)
    except UsageError:
        return False
    return True
