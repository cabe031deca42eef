"""The vocabulary every stage shares. No I/O."""

from spondyl.record.case import LIST_FIELDS, Case, Certainty, Claim, Decision, Kind, Reading, Statement, Value
from spondyl.record.errors import (
    DecisionError,
    LexiconError,
    ReadError,
    RecordError,
    RegistryError,
    SheetError,
    SpondylError,
    StaleError,
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
    "Kind",
    "LexiconError",
    "Page",
    "Paper",
    "Quote",
    "ReadError",
    "Reading",
    "RecordError",
    "RegistryError",
    "Section",
    "SectionKind",
    "Severity",
    "SheetError",
    "SpondylError",
    "StaleError",
    "Statement",
    "Table",
    "UsageError",
    "Value",
]
