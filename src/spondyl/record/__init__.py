"""The vocabulary every stage shares. No I/O."""

from spondyl.record.case import LIST_FIELDS, Case, Certainty, Claim, Decision, Kind, Reading, Statement, Value
from spondyl.record.errors import (
    DecisionError,
    LexiconError,
    ReadError,
    RecordError,
    SheetError,
    SpondylError,
    UsageError,
)
from spondyl.record.finding import SEVERITIES, Finding, Severity
from spondyl.record.paper import Cell, Page, Paper, Quote, Section, SectionKind, Table

__all__ = [
    "LIST_FIELDS",
    "SEVERITIES",
    "Case",
    "Cell",
    "Certainty",
    "Claim",
    "Decision",
    "DecisionError",
    "Finding",
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
    "SheetError",
    "Severity",
    "SpondylError",
    "Statement",
    "Table",
    "UsageError",
    "Value",
]
