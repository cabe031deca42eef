"""The vocabulary every stage shares. No I/O."""

from spondyl.record.case import LIST_FIELDS, Case, Certainty, Claim, Decision, Kind, Reading, Statement, Value
from spondyl.record.errors import (
    DecisionError,
    LexiconError,
    ReadError,
    RecordError,
    SpondylError,
    UsageError,
)
from spondyl.record.paper import Cell, Page, Paper, Quote, Section, SectionKind, Table

__all__ = [
    "LIST_FIELDS",
    "Case",
    "Cell",
    "Certainty",
    "Claim",
    "Decision",
    "DecisionError",
    "LexiconError",
    "Kind",
    "Page",
    "Paper",
    "Quote",
    "ReadError",
    "Reading",
    "RecordError",
    "Section",
    "SectionKind",
    "SpondylError",
    "Statement",
    "Table",
    "UsageError",
    "Value",
]
