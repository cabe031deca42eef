"""Whose outcome is told: the narrowest set of cases like the patient that is large enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spondyl.consult.patient.columns import Codes, Numbers
from spondyl.consult.patient.distance import OutcomeSet
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import Neighbours
from spondyl.consult.pooled_cases import PooledCase, Refused, Said, followed
from spondyl.consult.rules.literature import source
from spondyl.present.consultation import Basis, Line

__all__ = ["Chosen", "Tried", "choice_of", "chosen", "first_end", "said_lines"]


@dataclass(frozen=True)
class Tried:
    """A set that was looked at.

    Args:
        set: Which one.
        rows: Its cases in the library.
        pooled: Those with follow-up and status.
        unknown: Why the others are not pooled → how many.
        same: Cases left out because they may be the patient himself.
    """

    set: OutcomeSet
    rows: tuple[int, ...]
    pooled: tuple[PooledCase, ...]
    unknown: dict[str, int]
    same: int

    @property
    def deaths(self) -> int:
        """Deaths among those pooled."""
        return sum(c.died for c in self.pooled)


@dataclass(frozen=True)
class Chosen:
    """The set that is told of.

    Args:
        best: The first that is large enough; where none is, the largest of the same tumour; `None` without a case.
        enough: Whether it is large enough for a curve.
        narrower: Those looked at before that were too small.
        passed: Sets passed over, because the patient's record does not tell what they ask for.
    """

    best: Tried | None
    enough: bool
    narrower: tuple[Tried, ...]
    passed: tuple[OutcomeSet, ...]


def chosen(found: Neighbours) -> Chosen:
    """Choose the set of cases whose outcome is told.

    Args:
        found: The library measured around the patient.
    """
    rules = found.by.outcomes
    tried: list[Tried] = []
    passed: list[OutcomeSet] = []
    for one in rules.sets:
        inside = _inside(found, one)
        if inside is None:
            passed.append(one)
            continue
        made = _tried(found, one, inside)
        if len(made.pooled) >= rules.least_cases and made.deaths >= rules.least_deaths:
            return Chosen(made, True, tuple(tried), tuple(passed))
        tried.append(made)
    some = [t for t in tried if t.rows]
    listed = [t for t in some if "diagnosis" in t.set.within] or some
    best = max(listed, key=lambda t: len(t.rows), default=None)
    return Chosen(best, False, tuple(t for t in tried if t is not best), tuple(passed))


def _inside(found: Neighbours, one: OutcomeSet) -> NDArray[np.bool_] | None:
    """The cases of a set; `None` where the patient's record does not tell what it asks for."""
    if not one.within:
        return found.near
    inside = found.usable.copy()
    for name, most in one.within.items():
        part = found.part(name)
        if part is None:
            return None
        with np.errstate(invalid="ignore"):
            inside &= part <= most + 1e-9
    return inside


def _tried(found: Neighbours, one: OutcomeSet, inside: NDArray[np.bool_]) -> Tried:
    library = found.library
    same = inside & found.maybe_same
    rows = np.flatnonzero(inside & ~same).tolist()
    pooled, unknown = [], Counter[str]()
    for row in rows:
        seen = followed(_follow_up(library, row))
        if isinstance(seen, Refused):
            unknown[seen.why] += 1
        else:
            about = library.about(row)
            basis = "cited" if library.cited[row] else "patient"
            pooled.append(
                PooledCase(about.paper.id, about.cite, int(library.number[row]), library.labels[row], *seen,
                           basis=basis)  # type: ignore[arg-type]
            )  # fmt: skip
    return Tried(one, tuple(rows), tuple(pooled), dict(unknown), int(same.sum()))


def _follow_up(library: Library, row: int) -> dict[str, object]:
    months = library.columns["follow_up_months"]
    assert isinstance(months, Numbers)
    low, high = float(months.low[row]), float(months.high[row])
    told: dict[str, object] = {}
    if not np.isnan(low):
        told["follow_up_months"] = low if low == high else [low, high]
    if (status := choice_of(library, "status", row)) is not None:
        told["status"] = status
    return told


def choice_of(library: Library, field: str, row: int) -> str | list[str] | None:
    """What a case tells of a choice: one, several that contradict each other, or nothing.

    Args:
        library: The cases.
        field: The field.
        row: The case's place.
    """
    column = library.columns[field]
    assert isinstance(column, Codes)
    held = [column.values[c] for c in column.codes[:, row].tolist() if c >= 0]
    return None if not held else held[0] if len(held) == 1 else held


def said_lines(sentences: Sequence[Said]) -> Iterator[Line]:
    """What must be said of pooled cases, as lines; the first sentence is that of publication bias.

    Args:
        sentences: The sentences with what they rest on.
    """
    for number_, said in enumerate(sentences):
        bases = [Basis("computed", said.basis)]
        if number_ == 0:
            bases.append(source("nissen2014").basis)
        yield Line(said.text, tuple(bases), "warning", key="publication-bias" if number_ == 0 else "")


def first_end(library: Library, row: int) -> tuple[float, int] | None:
    """When a case first recurred or died, or was last seen; 1 for recurrence, 2 for death, 0 for neither.

    Args:
        library: The cases.
        row: The case's place.
    """
    seen, came = library.columns["follow_up_months"], library.columns["recurrence_months"]
    assert isinstance(seen, Numbers)
    assert isinstance(came, Numbers)
    if choice_of(library, "recurrence", row) == "yes":
        when = float(came.low[row])
        return None if np.isnan(when) or when != came.high[row] else (when, 1)
    last, status = float(seen.low[row]), choice_of(library, "status", row)
    if np.isnan(last) or last != seen.high[row] or status not in ("alive", "dead"):
        return None
    return last, 2 if status == "dead" else 0
