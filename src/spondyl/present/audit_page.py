"""The page of an audit: the paper's text with the findings in the margin."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spondyl.record import SEVERITIES, Finding, Paper, Section

__all__ = ["render"]

_MANY = {"error": "errors", "missing": "missing values", "method": "method warnings", "rounding": "roundings"}
_KINDS = {
    "pct": "percentage",
    "pct_unattainable": "percentage",
    "hr_ci_p": "ratio, interval, p",
    "sd_vs_sem": "SD or standard error",
    "grim": "mean of whole numbers",
    "followup": "follow-up",
}
_LABELS = {
    "error": "Error",
    "suspicious": "Suspicious",
    "rounding": "Rounding",
    "missing": "Missing",
    "method": "Method",
}


class Piece(NamedTuple):
    """A stretch of text that the same findings touch.

    Args:
        text: The words.
        notes: Numbers of the findings.
        severity: The gravest of them, "" for none.
        anchors: Findings whose first words begin here.
    """

    text: str
    notes: tuple[int, ...]
    severity: str
    anchors: tuple[int, ...]


class Block(NamedTuple):
    """A paragraph or table of the text with the findings that are told beside it."""

    kind: str
    pieces: tuple[Piece, ...]
    notes: tuple[tuple[int, Finding], ...]


class Sheet(NamedTuple):
    """One paper of the page."""

    number: int
    name: str
    title: str
    counts: tuple[tuple[str, int], ...]
    blocks: tuple[Block, ...]


def render(audits: Iterable[tuple[Paper, Sequence[Finding]]]) -> str:
    """The page.

    Args:
        audits: Papers with their findings.

    Returns:
        HTML that needs nothing but a browser and no script; the same findings give the same bytes.
    """
    sheets = [_sheet(n, paper, findings) for n, (paper, findings) in enumerate(audits, 1)]
    style = resources.files("spondyl.present").joinpath("web", "audit.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _environment().get_template("audit.html").render(
        sheets=sheets, labels=_LABELS, counted=counted, kind=kind, style=Markup(style),
        style_hash=Markup(f"sha256-{digest}"),
        total=sum(n for s in sheets for _, n in s.counts),
    )  # fmt: skip


def counted(severity: str, n: int) -> str:
    """So many findings of a severity, in words.

    Example:
        >>> counted("error", 1), counted("error", 3), counted("suspicious", 2)
        ('1 error', '3 errors', '2 suspicious')
    """
    return f"{n} {_LABELS[severity].lower() if n == 1 else _MANY.get(severity, severity)}"


def kind(name: str) -> str:
    """The kind of a finding, in words.

    Example:
        >>> kind("pct"), kind("age_conflict")
        ('percentage', 'age conflict')
    """
    return _KINDS.get(name, name.replace("_", " "))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("spondyl.present"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _sheet(number: int, paper: Paper, findings: Sequence[Finding]) -> Sheet:
    numbered = list(enumerate(sorted(findings, key=lambda f: (f.quotes[0].start, f.kind)), 1))
    tally = ((s, sum(f.severity == s for f in findings)) for s in SEVERITIES)
    counts = tuple((s, n) for s, n in tally if n)
    title = " ".join((paper.title or "").split())
    return Sheet(number, paper.source, title, counts, tuple(_blocks(paper, numbered)))


def _blocks(paper: Paper, numbered: Sequence[tuple[int, Finding]]) -> Iterator[Block]:
    """The text by sections, or whole where it has none."""
    done = 0
    for s in (*paper.sections, Section(kind="other", title="", start=len(paper.text), end=len(paper.text))):
        for start, end, kind in ((done, s.start, "other"), (s.start, s.end, s.kind)):
            if end > start and paper.text[start:end].strip():
                told = tuple((n, f) for n, f in numbered if start <= f.quotes[0].start < end)
                yield Block(kind, tuple(_pieces(paper.text, start, end, numbered)), told)
        done = s.end


def _pieces(text: str, start: int, end: int, numbered: Sequence[tuple[int, Finding]]) -> Iterator[Piece]:
    """A stretch of text, cut where a finding's words begin or end."""
    spans = [
        (q.start, q.end, n, f.severity, q is f.quotes[0])
        for n, f in numbered
        for q in f.quotes
        if q.start < end and q.end > start
    ]
    cuts = sorted({start, end, *(c for a, b, *_ in spans for c in (a, b) if start < c < end)})
    for a, b in pairwise(cuts):
        over = [(n, severity) for x, y, n, severity, _ in spans if x < b and y > a]
        grave = min((severity for _, severity in over), key=SEVERITIES.index, default="")
        begun = tuple(n for x, _, n, _, first in spans if x == a and first)
        yield Piece(text[a:b], tuple(dict.fromkeys(n for n, _ in over)), grave, begun)
