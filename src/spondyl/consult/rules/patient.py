"""What rules need of a patient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from spondyl.present.consultation import Basis
from spondyl.record import Case, Claim

__all__ = ["Patient"]


class Patient(Protocol):
    """A record with its words; `spondyl.consult.patient.person.Person` is one."""

    @property
    def case(self) -> Case:
        """The record."""

    def values(self, name: str) -> tuple[Any, ...]:
        """All values of a field."""

    def denies(self, value: str) -> bool:
        """Whether a finding was looked for and is absent, in words."""

    def claims(self, name: str, value: Any = None) -> Iterator[Claim]:
        """The claims of a field, or of one value of it."""

    def bases(self, name: str, value: Any = None) -> tuple[Basis, ...]:
        """What a field, or one value of it, rests on."""
