"""Which cases are near to a patient, which is the patient himself, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spondyl.consult.patient.columns import Floats
from spondyl.consult.patient.distance import Criterion, Rules, rules
from spondyl.consult.patient.library import Library, paper_marks
from spondyl.consult.patient.likeness import Measured, measure
from spondyl.consult.patient.person import Person

__all__ = ["Near", "Neighbours", "neighbours"]

_IDENTITY = ("age_years", "sex", "diagnosis")
ALIKE, DIFFERENT = 0.25, 0.6
"""A difference up to the first counts as alike in words, from the second on as different, between them as in part."""


@dataclass(frozen=True)
class Near:
    """A case beside the patient.

    Args:
        row: Its place in the library.
        distance: Gower's distance, 0 to 1.
        compared: The share of the patient's weight that could be compared.
        rank: The distance with what is not told as half different.
        parts: What was compared, each with its difference, NaN where the case does not tell.
        maybe_same: Whether it could be the patient in another report.
    """

    row: int
    distance: float
    compared: float
    rank: float
    parts: tuple[tuple[Criterion, float], ...]
    maybe_same: bool

    def alike(self) -> list[Criterion]:
        """In what it is like the patient."""
        return [c for c, d in self.parts if d <= ALIKE]

    def partly(self) -> list[Criterion]:
        """In what it is like the patient in part."""
        return [c for c, d in self.parts if ALIKE < d < DIFFERENT]

    def different(self) -> list[Criterion]:
        """In what it is not like the patient."""
        return [c for c, d in self.parts if d >= DIFFERENT]

    def untold(self) -> list[Criterion]:
        """What of the patient is known and of the case is not."""
        return [c for c, d in self.parts if np.isnan(d)]


@dataclass(frozen=True)
class Neighbours:
    """A library around a patient.

    Args:
        library: The cases.
        by: The rules they were measured by.
        measured: Their distances.
        usable: (n,) the cases that are neither the patient nor told a second time.
        own: The rows that are the patient himself.
        repeated: How many cases were left aside because the same patient stands in the library already.
    """

    library: Library
    by: Rules
    measured: Measured
    usable: NDArray[np.bool_]
    own: tuple[int, ...]
    repeated: int

    @property
    def near(self) -> NDArray[np.bool_]:
        """(n,) which cases are near: enough could be compared, and they are not far."""
        m = self.measured
        with np.errstate(invalid="ignore"):
            return np.asarray(
                self.usable & (m.compared >= self.by.least_compared) & (m.rank <= self.by.farthest)
            )

    def first(self, k: int, among: NDArray[np.bool_] | None = None) -> list[Near]:
        """The k nearest, ties in the order of papers and numbers.

        Args:
            k: How many at most.
            among: Which cases; those that are near if not given.
        """
        rows = np.flatnonzero(self.near if among is None else among)
        rank = np.nan_to_num(self.measured.rank, nan=np.inf)
        if len(rows) > k > 0:
            rows = rows[rank[rows] <= np.partition(rank[rows], k - 1)[k - 1]]
        ordered = sorted(rows.tolist(), key=lambda r: (float(rank[r]), self.library.key(r)))
        return [self.of(r) for r in ordered[:k]]

    def of(self, row: int) -> Near:
        """A case beside the patient."""
        m = self.measured
        parts = tuple((c, float(m.parts[k, row])) for k, c in enumerate(m.criteria))
        return Near(
            row, float(m.distance[row]), float(m.compared[row]), float(m.rank[row]), parts,
            bool(self.maybe_same[row]),
        )  # fmt: skip

    @cached_property
    def maybe_same(self) -> NDArray[np.bool_]:
        """(n,) which cases agree in all that was compared, age, sex, tumour and more among it."""
        m = self.measured
        told = ~np.isnan(m.parts)
        needed = [k for k, c in enumerate(m.criteria) if c.field in _IDENTITY]
        if len(needed) < len(_IDENTITY):
            return np.zeros(len(self.library), bool)
        with np.errstate(invalid="ignore"):
            near = m.distance <= self.by.possibly_same
        return np.asarray(near & told[needed].all(axis=0) & (told.sum(axis=0) > len(needed)))

    def part(self, field: str) -> Floats | None:
        """(n,) the differences in one criterion, or `None` where the patient's record does not tell it."""
        fields = [c.field for c in self.measured.criteria]
        return self.measured.parts[fields.index(field)] if field in fields else None


def neighbours(person: Person, library: Library, by: Rules | None = None) -> Neighbours:
    """Measure a library around a patient, without the patient himself and without cases told twice.

    Args:
        person: The patient.
        library: The cases.
        by: What is compared and how much it counts; the rules that ship with Spondyl if not given.
    """
    by = by or rules()
    own = _own(person, library)
    usable = library.spinal & ~library.again
    usable[list(own)] = False
    measured = measure(person, library, by)
    return Neighbours(library, by, measured, usable, own, int(library.again.sum()))


def _own(person: Person, library: Library) -> tuple[int, ...]:
    """The cases that are the patient: of the same paper with the same number, or of his own entry in a registry."""
    marks = {f"id:{q.paper}" for c in person.case.claims for q in c.quotes}
    if person.paper is not None:
        marks |= set(paper_marks(person.paper))
    mine = sorted({library.marks[m] for m in marks if m in library.marks})
    same = np.isin(library.paper, mine) & (library.number == person.case.case)
    return tuple(np.flatnonzero(same | _registered(person, library)).tolist())


def _registered(person: Person, library: Library) -> NDArray[np.bool_]:
    """The cases of a registry that are the patient, by his number in it, and those linked to them."""
    named = _ENTRY.fullmatch(person.origin)
    if not named:
        return np.zeros(len(library), bool)
    there = [k for k, a in enumerate(library.papers) if a.origin.name.rpartition("/")[2] == named[1]]
    inside = np.isin(library.paper, there) & (library.entry > 0)
    patients = library.of_patient[inside & (library.entry == int(named[2]))]
    return np.asarray(inside & np.isin(library.of_patient, patients))


_ENTRY = re.compile(r"(.+), case (\d+)")
"""How a patient of a registry says where he comes from."""
