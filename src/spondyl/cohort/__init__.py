"""Survival of a cohort: table → counts → curves, tests, models.

    Cohort(source, time, event)     patients with their follow-up
    .kaplan_meier(by)  .logrank(by)  .cox(terms)  .table_one(columns, by)  .fisher(row, column)
    .incidence(by)  .fine_gray(terms)

    reconstruct(time, survival, at_risk)    patients from a printed survival curve
    pool_effects(effects)                   random effects over studies that report summaries

Equal patients are counted before anything is estimated, and the estimators work on the counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spondyl.cohort.patients import Cohort
    from spondyl.cohort.pooling import leave_one_out, log_median, log_ratio, logit_share, pool_effects
    from spondyl.cohort.reconstruction import reconstruct

__all__ = [
    "Cohort",
    "leave_one_out",
    "log_median",
    "log_ratio",
    "logit_share",
    "pool_effects",
    "reconstruct",
]


def __getattr__(name: str) -> Any:
    """`Cohort` brings NumPy and SciPy with it, so it loads when it is first asked for."""
    if name == "Cohort":
        from spondyl.cohort import patients

        return patients.Cohort
    if name == "reconstruct":
        from spondyl.cohort import reconstruction

        return reconstruction.reconstruct
    if name in __all__:
        from spondyl.cohort import pooling

        return getattr(pooling, name)
    raise AttributeError(f"module 'spondyl.cohort' has no attribute {name!r}; it has {', '.join(__all__)}")
