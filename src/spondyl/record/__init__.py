"""The vocabulary every stage shares. No I/O."""

from spondyl.record.case import LIST_FIELDS, Case, Claim, Decision, Reading, Statement, Value
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
    "Claim",
    "Decision",
    "DecisionError",
    "LexiconError",
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
