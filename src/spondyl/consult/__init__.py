"""Composes the stages: papers in, evidence report out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spondyl.consult.lines import dumps, line

if TYPE_CHECKING:
    from spondyl.consult.pooled import PooledSurvival, pooled_survival
    from spondyl.consult.pooled_cases import PooledCase, pooled_case
    from spondyl.consult.reporting import Report, report
    from spondyl.consult.theatre import monitoring

__all__ = [
    "PooledCase",
    "PooledSurvival",
    "Report",
    "dumps",
    "line",
    "monitoring",
    "pooled_case",
    "pooled_survival",
    "report",
]


def __getattr__(name: str) -> Any:
    """`report` brings the office formats with it, so it loads when it is first asked for."""
    if name in ("Report", "report"):
        from spondyl.consult import reporting

        return getattr(reporting, name)
    if name == "monitoring":
        from spondyl.consult import theatre

        return theatre.monitoring
    if name in ("PooledCase", "pooled_case"):
        from spondyl.consult import pooled_cases

        return getattr(pooled_cases, name)
    if name in ("PooledSurvival", "pooled_survival"):
        from spondyl.consult import pooled

        return getattr(pooled, name)
    raise AttributeError(f"module 'spondyl.consult' has no attribute {name!r}; it has {', '.join(__all__)}")
