"""Which parts of a paper tell of individual patients."""

from __future__ import annotations

import re
from typing import NamedTuple

from spondyl.extract.document import Block, block
from spondyl.record import Paper, Section

__all__ = ["Narrative", "narrative"]

BRIEF = 5000
"""A text up to this many characters without references is an abstract or a case text: all of it is told."""
_NEVER = frozenset({"running_head", "references", "table"})
_EXAMPLE = re.compile(
    r"\b(?:illustrative|representative|exemplary|typical|sample|example|index|selected|demonstrative) "
    r"(?:case|patient)|"
    r"\bcase (?:illustration|example|vignette|description|history|presentation|report|summary)|"
    r"\b(?:case|patient) \(?(?:no\.?|number|#) ?\d",
    re.IGNORECASE,
)
"""Titles inside the results of a cohort under which one patient is told of."""
_CASE = frozenset({"case_report", "other", "abstract", "methods", "results"})
"""Kinds of sections of which a brief text must have one to tell of a patient, where it has a discussion too."""
_TOLD = ("case_report", "other")


class Narrative(NamedTuple):
    """The blocks of a paper by what they do.

    Args:
        told: The case reports themselves.
        around: Title, abstract and captions, which tell of the patient where there is one.
        reported: Results, in which a cohort paper may narrate single patients.
        rest: What may hold the case of a paper without a section for it, a letter for one.
    """

    told: list[Block]
    around: list[Block]
    reported: list[Block]
    rest: list[Block]


def narrative(paper: Paper) -> Narrative:
    """The parts of a paper that can tell of individual patients, running heads cut out."""
    sections = paper.sections or (Section(kind="other", title="", start=0, end=len(paper.text)),)
    kinds: set[str] = {s.kind for s in sections}
    if len(paper.text) <= BRIEF and "references" not in kinds:
        parts = [s for s in sections if s.kind not in _NEVER]
        if "discussion" in kinds:
            parts = [s for s in parts if s.kind != "discussion"] if kinds & _CASE else []
        return Narrative([block(paper, "other", parts)] if parts else [], [], [], [])
    groups: list[tuple[str, list[Section]]] = []
    for s in sections:
        if s.kind == "running_head":
            continue
        kind = "case_report" if s.kind == "results" and _EXAMPLE.search(s.title) else s.kind
        if groups and groups[-1][0] == kind:
            groups[-1][1].append(s)
        else:
            groups.append((kind, [s]))
    kinds = {kind for kind, _ in groups}
    wanted = next((kind for kind in _TOLD if kind in kinds), None)

    def pick(*names: str) -> list[Block]:
        return [block(paper, kind, parts) for kind, parts in groups if kind in names]

    return Narrative(
        told=pick(wanted) if wanted else [],
        around=pick("title", "abstract", "figure_caption"),
        reported=pick("results") if wanted != "case_report" else [],
        rest=[] if wanted or "results" in kinds else pick("front_matter", "introduction"),
    )
