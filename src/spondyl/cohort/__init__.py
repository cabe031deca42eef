"""Survival of a cohort: table → counts → curves, tests, models.

    Cohort(source, time, event)     patients with their follow-up
    .kaplan_meier(by)  .logrank(by)  .cox(terms)  .table_one(columns, by)  .fisher(row, column)
    .incidence(by)  .fine_gray(terms)

Equal patients are counted before anything is estimated, and the estimators work on the counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spondyl.cohort.patients import Cohort

__all__ = ["Cohort"]


def __getattr__(name: str) -> Any:
    """`Cohort` brings NumPy and SciPy with it, so it loads when it is first asked for."""
    if name == "Cohort":
        from spondyl.cohort import patients

        return patients.Cohort
    raise AttributeError(f"module 'spondyl.cohort' has no attribute {name!r}; it has {', '.join(__all__)}")
