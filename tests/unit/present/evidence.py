"""The evidence of the invented papers, and rows made by hand."""

from __future__ import annotations

from typing import Any

from spondyl.consult.decisions import apply
from spondyl.consult.evidence import Read, rows, sources
from spondyl.present.catalog import column_of, columns, printed
from spondyl.present.model import Evidence, Item, Row, Source, Tally
from spondyl.record import Decision, Paper
from unit.present.invented import gathered


def evidence(*decided: Decision, **about: Any) -> Evidence:
    """The three papers as they would be shown."""
    papers = gathered().papers
    reads = [Read(p, apply(p, r, [d for d in decided if d.paper == p.id])) for p, r in papers]
    known = sources([p for p, _ in papers])
    table, left_out = rows(reads, known, all_patients=False)
    said = [(known[one.paper.id], s) for one in reads for s in one.applied.reading.statements]
    return Evidence(
        rows=tuple(table), sources=tuple(known.values()), statements=tuple(said),
        tally=Tally(papers=3, left_out=left_out), version="0.0.0", **about,
    )  # fmt: skip


def row(number: int = 1, kind: str = "patient", **fields: Any) -> Row:
    """A row with the given values and no words."""
    paper = Paper(
        id=f"p{number}", source=f"p{number}.txt", text="words", authors=("Fir F",), year=2030 + number
    )
    cells: dict[str, tuple[Item, ...]] = {c.key: () for c in columns()}
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            item = Item(field=name, value=value, text=printed(value), spans=((0, 5),))
            cells[column_of(name)] = (*cells[column_of(name)], item)
    return Row(Source(number, paper, f"Fir {2030 + number}"), 1, kind, "", cells)
