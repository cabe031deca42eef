"""The data inside the page: rows, values and texts as JSON that no HTML parser can misread."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from spondyl.present.catalog import columns, field
from spondyl.present.files import file_name
from spondyl.present.model import Evidence, Item, Row, Source
from spondyl.present.statements import statement_field, statement_text, statement_value
from spondyl.record import Decision, Finding, Paper, Statement

__all__ = ["embedded", "page_data", "paper_data"]

_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def embedded(data: Any) -> str:
    r"""Data as JSON that may stand inside a script element, whatever its texts hold.

    Example:
        >>> embedded({"t": "</script><!--"})
        '{"t":"\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES).encode("utf-8", "replace").decode("utf-8")


def paper_data(paper: Paper) -> dict[str, Any]:
    """The canonical text of a paper and where its pages stand in it."""
    return {"text": paper.text, "pages": [[p.number, p.start, p.end] for p in paper.pages]}


def page_data(evidence: Evidence, shown: Mapping[str, int]) -> dict[str, Any]:
    """Everything the page's script draws, except the papers' texts.

    Args:
        evidence: What is shown.
        shown: Paper id → number of its text in the page.

    Returns:
        Plain data; short keys, because there may be thousands of values.
    """
    by_index = sorted((s for s in evidence.sources if s.paper.id in shown), key=lambda s: shown[s.paper.id])
    places = {(s.paper.id, said): n for n, (s, said) in enumerate(evidence.statements)}
    touched = _touched(evidence)
    return {
        "version": evidence.version,
        "columns": [
            {
                "key": c.key,
                "title": c.title,
                "fields": c.of_patients,
                "more": c.more,
            }
            for c in columns()
        ],
        "fields": _fields(evidence),
        "papers": [_paper(s) for s in by_index],
        "rows": [_row(row, shown, places, touched) for row in evidence.rows],
        "said": [_said(s, said, shown, evidence, touched) for s, said in evidence.statements],
        "found": [{"s": f.severity, "m": f.message, "c": f.computed} for _, f in evidence.findings],
        "kept": [d.model_dump() for d in evidence.kept],
    }


def _fields(evidence: Evidence) -> dict[str, Any]:
    listed = [name for c in columns() for name in c.of_patients]
    used = {i.field for r in evidence.rows for i in (*r.items(), *r.others)}
    names = [*listed, *sorted(n for n in used - set(listed) if not n.startswith("statement:"))]
    return {n: _field(n) for n in names}


def _field(name: str) -> dict[str, Any]:
    found = field(name)
    return {
        "label": found.label, "kind": found.kind, "unit": found.unit, "prefix": found.prefix,
        "choices": found.choices,
    }  # fmt: skip


def _paper(source: Source) -> dict[str, Any]:
    out = {
        "id": source.paper.id, "cite": source.cite, "title": " ".join((source.paper.title or "").split()),
        "file": file_name(source.paper.id),
    }  # fmt: skip
    return {**out, "new": True} if source.new else out


class _Touched:
    """Which findings touch which words of which paper."""

    def __init__(self, findings: Sequence[tuple[Source, Finding]]) -> None:
        self._spans: dict[str, list[tuple[int, int, int]]] = {}
        for n, (source, finding) in enumerate(findings):
            self._spans.setdefault(source.paper.id, []).extend((q.start, q.end, n) for q in finding.quotes)

    def by(self, paper: str, start: int, end: int) -> list[int]:
        """Numbers of the findings whose words overlap a stretch of a paper."""
        return sorted({n for a, b, n in self._spans.get(paper, ()) if a < end and start < b})


def _touched(evidence: Evidence) -> _Touched:
    return _Touched(evidence.findings)


def _row(
    row: Row, shown: Mapping[str, int], places: Mapping[tuple[str, Statement], int], touched: _Touched
) -> dict[str, Any]:
    said = {
        (statement_field(s), tuple((q.start, q.end) for q in s.quotes)): places[row.source.paper.id, s]
        for s in row.statements
    }
    out: dict[str, Any] = {
        "p": shown[row.source.paper.id], "c": row.case, "k": row.kind, "l": row.label,
        "v": {
            key: [_item_or_place(i, said, row.source, touched) for i in items]
            for key, items in row.cells.items()
            if items
        },
    }  # fmt: skip
    if row.statements:
        out["g"] = [places[row.source.paper.id, s] for s in row.statements]
    if row.reported:
        out["r"] = True
    if row.same_as:
        out["same"] = row.same_as
    if row.notes:
        out["e"] = {key: [d.model_dump() for d in decisions] for key, decisions in row.notes.items()}
    if row.others:
        out["o"] = [_item(i, row.source, touched) for i in row.others]
    return out


def _item_or_place(
    item: Item, said: Mapping[tuple[str, Any], int], source: Source, touched: _Touched
) -> dict[str, Any]:
    place = said.get((item.field, item.spans)) if item.method == "statement" else None
    return _item(item, source, touched) if place is None else {"n": place}


def _item(item: Item, source: Source, touched: _Touched) -> dict[str, Any]:
    out: dict[str, Any] = {"f": item.field, "v": item.value, "t": item.text, "s": item.spans}
    if item.tone != "plain":
        out["o"] = item.tone
    if item.certainty != "stated":
        out["y"] = item.certainty
    found = touched.by(source.paper.id, *item.spans[0]) if item.spans else []
    if found:
        out["a"] = found
    if item.derivation:
        out["w"] = item.derivation
    return {**out, "d": _decided(item.decision)} if item.decision else out


def _said(
    source: Source, said: Statement, shown: Mapping[str, int], evidence: Evidence, touched: _Touched
) -> dict[str, Any]:
    out = {
        "p": shown[source.paper.id], "g": " ".join(said.group.split()), "f": statement_field(said),
        "v": statement_value(said), "t": statement_text(said), "s": [[q.start, q.end] for q in said.quotes],
    }  # fmt: skip
    found = touched.by(source.paper.id, said.quotes[0].start, said.quotes[0].end) if said.quotes else []
    if found:
        out["a"] = found
    decision = evidence.decided.get(said)
    return {**out, "d": _decided(decision)} if decision else out


def _decided(decision: Decision) -> dict[str, Any]:
    return decision.model_dump()
