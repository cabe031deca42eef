"""Spondyl: the evidence engine for spinal and bone metastases.

    spondyl.read.paper(path)             bytes → Paper
    spondyl.extract.cases(paper)         Paper → cases
    spondyl.audit.audit(paper, cases, statements)   what does not add up
    spondyl.monitor.alarms(recording)    evoked potentials → alarms
    spondyl.score.score("sins", …)       case or answers + sheet → points, band, what is missing
    spondyl.cohort.Cohort(table, time, event)       survival of a cohort
    spondyl.Registry("registry.db")      cases with every claim and decision, in a database
    spondyl.consult.report(paths, out)   papers → evidence report

Subpackages load on first use, so that `import spondyl` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "audit",
    "cohort",
    "consult",
    "extract",
    "monitor",
    "present",
    "read",
    "record",
    "score",
    "tables",
]


def __getattr__(name: str) -> Any:
    if name == "Registry":
        return importlib.import_module("spondyl.registry").Registry
    if name in __all__:
        return importlib.import_module(f"spondyl.{name}")
    raise AttributeError(f"module 'spondyl' has no attribute {name!r}; it has {', '.join(__all__)}")
