"""Scores and classifications: a case or a table and a sheet → points, band, what is missing.

spondyl.score.score("sins", location="C7", …)    one patient
spondyl.score.sheets()                           every sheet, with its sources
"""

from typing import TYPE_CHECKING, Any

from spondyl.score.answers import Answer, understand
from spondyl.score.beginning import template
from spondyl.score.case_file import read_case
from spondyl.score.engine import asked_of, compute, inputs_of
from spondyl.score.filling import fill
from spondyl.score.loading import load, names, parse, sheets
from spondyl.score.model import Sheet
from spondyl.score.result import ItemResult, Question, Result
from spondyl.score.scoring import score

if TYPE_CHECKING:
    from spondyl.score.tabular import Scored, plan_table, score_table

__all__ = [
    "Answer",
    "ItemResult",
    "Question",
    "Result",
    "Scored",
    "Sheet",
    "asked_of",
    "compute",
    "fill",
    "inputs_of",
    "load",
    "names",
    "parse",
    "plan_table",
    "read_case",
    "score",
    "score_table",
    "sheets",
    "template",
    "understand",
]

_TABULAR = frozenset({"Scored", "plan_table", "score_table"})
"""Names that need the table layer, which one patient's score does not; they load when they are asked for."""


def __getattr__(name: str) -> Any:
    if name in _TABULAR:
        from spondyl.score import tabular

        return getattr(tabular, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
