"""The patient a page is about: the record, its words, and what does not add up in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from spondyl.present.consultation import Basis
from spondyl.record import Case, Claim, Finding, Paper

__all__ = ["Person"]


@dataclass(frozen=True)
class Person:
    """One patient with what is known of them.

    Fields are those of the annotation vocabulary, those that `present/fields.toml` adds for a case file (`lesion`,
    `deficit_course`, `walking`, `frankel`, `escc`, `calcium_mmol_l`, `tumour_grade`, `imaging`, …), and
    `SHEET.ITEM` for an answer to an item of a score ("sins.alignment"). `other_metastases` may be "none".

    Args:
        case: The record. A field may hold several values that contradict each other.
        paper: The text it was read from; None for a record from a file or a registry.
        findings: What does not add up in the text or in the record.
        absurd: Field → what was given and cannot be (age 630, level T15), in words; such values are not in `case`.
        origin: Where the patient comes from ("case.toml", "registry.db, case 12"); "" where that is not known.
        confirmed: Whether somebody looked at what was understood from a text; True for what was given as a record.
    """

    case: Case
    paper: Paper | None = None
    findings: tuple[Finding, ...] = ()
    absurd: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    confirmed: bool = True

    @cached_property
    def _values(self) -> dict[str, tuple[Any, ...]]:
        out: dict[str, list[Any]] = {}
        for claim in self.case.claims:
            held = out.setdefault(claim.field, [])
            if claim.value not in held:
                held.append(claim.value)
        return {name: tuple(held) for name, held in out.items()}

    def values(self, name: str) -> tuple[Any, ...]:
        """All values of a field; none where nothing is known."""
        return self._values.get(name, ())

    def has(self, name: str, value: Any = None) -> bool:
        """Whether a field is known, or holds a value."""
        held = self.values(name)
        return bool(held) if value is None else value in held

    def denies(self, value: str) -> bool:
        """Whether a finding was looked for and is absent, in words."""
        return value in self.values("denied")

    def claims(self, name: str, value: Any = None) -> Iterator[Claim]:
        """The claims of a field, or of one value of it."""
        return (c for c in self.case.claims if c.field == name and (value is None or c.value == value))

    def bases(self, name: str, value: Any = None) -> tuple[Basis, ...]:
        """What a field, or one value of it, rests on: the words, or that it was given without words."""
        return tuple(dict.fromkeys(basis for c in self.claims(name, value) for basis in _of(c)))


def _of(claim: Claim) -> Iterator[Basis]:
    for quote in claim.quotes:
        yield Basis("words", quote.text, f"{quote.paper} {quote.start}–{quote.end}")
    if not claim.quotes and not claim.derivation:
        whose = "given by a reader" if claim.method == "reader" else "the record, without words"
        yield Basis("given", f"{claim.field} = {claim.value}", whose)
    if claim.derivation:
        yield Basis("rule", claim.derivation, "derived")
