"""What the analyses of a cohort return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spondyl.cohort.concordance import Concordance
from spondyl.cohort.cox import CoxFit
from spondyl.cohort.firth import FirthFit
from spondyl.cohort.fisher import Fisher
from spondyl.cohort.incidence import Causes, Incidence
from spondyl.cohort.lifetable import Survival, quantile
from spondyl.cohort.logrank import LogRank
from spondyl.cohort.residuals import Proportional
from spondyl.cohort.subhazard import FineGray
from spondyl.cohort.terms import Level

__all__ = [
    "WIDE",
    "Association",
    "Competing",
    "CoxModel",
    "Curve",
    "KaplanMeier",
    "OneLevel",
    "Subhazard",
    "rounded",
]


WIDE = 100.0
"""Limits of a hazard ratio so many times apart say that a covariate almost separates the events."""


def rounded(value: float) -> float | None:
    """A number for JSON: `None` where there is none.

    Example:
        >>> rounded(float("nan")) is None, rounded(2)
        (True, 2.0)
    """
    return float(value) if np.isfinite(value) else None


@dataclass(frozen=True)
class Curve:
    """The survival of one group.

    Args:
        label: The group.
        n: Patients.
        events: Events.
        survival: The Kaplan-Meier curve.
        follow_up: Median follow-up by reverse Kaplan-Meier, with limits; NaN where not reached.
    """

    label: str
    n: int
    events: int
    survival: Survival
    follow_up: tuple[float, float, float]

    @property
    def median(self) -> tuple[float, float, float]:
        """Median survival with its limits; NaN where not reached."""
        return quantile(self.survival)


@dataclass(frozen=True)
class KaplanMeier:
    """Kaplan-Meier curves by group.

    Args:
        by: The column that makes the groups, or `None`.
        groups: The groups.
        logrank: The test between them, or `None` where there is one group or no event.
        dropped: Patients dropped for missing values.
    """

    by: str | None
    groups: tuple[Curve, ...]
    logrank: LogRank | None
    dropped: int


@dataclass(frozen=True)
class OneLevel:
    """One row of a table of hazard ratios, with the estimate where it is no reference."""

    level: Level
    coef: float
    se: float
    low: float
    high: float
    p: float

    @property
    def ratio(self) -> float:
        """The hazard ratio."""
        return float(np.exp(self.coef))

    @property
    def estimable(self) -> bool:
        """Whether the interval says anything: its limits are less than a factor of 100 apart."""
        return not np.isfinite(self.se) or bool(self.high < WIDE * self.low)


@dataclass(frozen=True)
class CoxModel:
    """A Cox model of a cohort.

    Args:
        terms: Its terms.
        fit: The fit.
        levels: One row per level, references included.
        dropped: Patients dropped for missing values.
        proportional: Tests of proportional hazards.
        concordance: How well it orders the patients.
        firth: Firth's penalised fit, where the likelihood of the ordinary one has no maximum.
        notes: What a reader must know of this fit.
    """

    terms: tuple[str, ...]
    fit: CoxFit
    levels: tuple[Level, ...]
    dropped: int
    proportional: tuple[Proportional, ...]
    concordance: Concordance | None
    firth: FirthFit | None
    notes: tuple[str, ...]

    @property
    def rows(self) -> tuple[OneLevel, ...]:
        """The rows of its table, penalised where the ordinary fit runs away."""
        shown = self.firth or self.fit
        low, high = (self.firth.low, self.firth.high) if self.firth else self.fit.interval()
        nan = float("nan")
        return tuple(
            OneLevel(one, 0.0, nan, nan, nan, nan) if (k := one.index) is None else
            OneLevel(one, float(shown.coef[k]), float(shown.se[k]), float(low[k]), float(high[k]), float(shown.p[k]))
            for one in self.levels
        )  # fmt: skip


@dataclass(frozen=True)
class Association:
    """A table of two categories with Fisher's test."""

    row: str
    column: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    test: Fisher


@dataclass(frozen=True)
class Competing:
    """Cumulative incidence of the event and of the competing one, by group, with Gray's test.

    Args:
        by: The column that makes the groups, or `None`.
        groups: Label, patients, and the curves of the event and of the competing one.
        tables: The counts each group's curves come from.
        gray: χ², degrees of freedom and p of Gray's test.
        dropped: Patients dropped for missing values.
    """

    by: str | None
    groups: tuple[tuple[str, int, Incidence, Incidence], ...]
    tables: tuple[Causes, ...]
    gray: tuple[float, int, float] | None
    dropped: int


@dataclass(frozen=True)
class Subhazard:
    """Fine and Gray's model of the event."""

    terms: tuple[str, ...]
    fit: FineGray
    levels: tuple[Level, ...]
    dropped: int
