"""The reference page of scores, rendered from the sheets: `python -m spondyl.score.reference > docs/scores.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from spondyl.score.engine import asked_of
from spondyl.score.loading import sheets
from spondyl.score.model import (
    Asked,
    Band,
    BandsOnly,
    Citation,
    Criteria,
    Formula,
    Grade,
    GradeSheet,
    Sheet,
    SumSheet,
    TableSheet,
    TreeSheet,
)
from spondyl.score.scales import SCALES

__all__ = ["render"]

HEAD = """# Scores

Rendered from the sheets in `src/spondyl/score/sheets/` by `python -m spondyl.score.reference`; do not edit it by hand.

Evidence says how well items and bands are supported: A the primary text was read, B two sources agree, C one source, \
D recalled, its source not read. A sheet with D says in every output that it is unverified. Scores support a \
clinician's judgement and never replace it.
"""
_DIRECTION = {
    "higher_worse": "a higher total is worse",
    "higher_better": "a higher total is better",
    "none": "no better or worse",
}
_MISSING = {
    "interval": "the total is an interval; a band only where both ends share it",
    "refuse": "nothing is computed",
    "prorate": "prorated as published",
    "report": "what is known is reported, what is unknown is named",
}


def render() -> str:
    """The whole page, as Markdown.

    Example:
        >>> render().splitlines()[0]
        '# Scores'
    """
    every = sheets()
    index = _table(
        ("Score", "What it answers", "Kind", "Evidence", "Range"),
        (
            (f"[`{s.id}`](#{s.id})", s.purpose, s.kind.replace("_", " "), _grades(s), _range(s))
            for s in every.values()
        ),
    )
    return "\n".join([HEAD, *index, *(line for s in every.values() for line in _sheet(s))]) + "\n"


def _grades(sheet: Sheet) -> str:
    doubt = " unverified" if sheet.status == "unverified" or sheet.kind == "bands_only" else ""
    return f"{sheet.evidence.items}/{sheet.evidence.bands}{doubt}"


def _range(sheet: Sheet) -> str:
    span = getattr(sheet, "range", None)
    return f"{span[0]}–{span[1]}" if span else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """A table in Markdown; a bar or line end in a cell is made harmless."""
    lines = [[str(c).replace("|", "\\|").replace("\n", " ") for c in row] for row in rows]
    rule = ["---"] * len(head)
    return [f"| {' | '.join(cells)} |" for cells in ([*head], rule, *lines)]


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"\n## {sheet.id}\n"
    yield f"**{sheet.title}** (version {sheet.version}). {sheet.purpose}\n"
    yield from (f"- {name}: {words}" for name, words in _facts(sheet).items() if words)
    yield from (f"- Note: {note}" for note in (*sheet.notes, *sheet.evidence.parts))
    yield from _parts(sheet)
    if sheet.disagreements:
        yield "\nWhere sources disagree:\n"
        rows = ((d.field, d.source, d.says, d.adopted, d.why) for d in sheet.disagreements)
        yield from _table(("Where", "Who", "Says", "Adopted", "Because"), rows)
    yield "\nSources:\n"
    yield from (f"- `{c.id}` {_citation(c)}" for c in sheet.citations)


def _facts(sheet: Sheet) -> Mapping[str, str]:
    evidence = f"items {sheet.evidence.items}, bands {sheet.evidence.bands}. {sheet.evidence.note}".strip()
    return {
        "Status": "" if sheet.status == "verified" else sheet.status.replace("_", " "),
        "Not verified": "; ".join(sheet.unverified),
        "Unit": sheet.unit,
        "Direction": _DIRECTION[sheet.direction],
        "Population": sheet.population,
        "Not for": "; ".join(sheet.not_for),
        "Evidence": evidence,
        "Missing answers": f"{_MISSING[sheet.missing.policy]}. {sheet.missing.note}".strip(),
        "Rights": f"{sheet.rights.status.replace('_', ' ')}. {sheet.rights.note}".strip(),
    }


def _parts(sheet: Sheet) -> Iterator[str]:
    """What is special to a sheet's kind."""
    match sheet:
        case SumSheet():
            yield from _asked(sheet.items)
            yield from _bands(sheet.bands)
        case TreeSheet():
            yield from _asked(asked_of(sheet))
            yield from _rules(sheet)
            yield from _graded(sheet.grades)
        case GradeSheet():
            yield from _graded(sheet.grades)
        case Formula():
            yield from _formula(sheet)
        case Criteria():
            yield ""
            rows = ((f"`{c.id}`", c.modality, c.label, f"`{c.test}`", c.severity) for c in sheet.criteria)
            yield from _table(("Criterion", "Modality", "What", "Test", "Severity"), rows)
        case TableSheet():
            yield ""
            head = ["id", *sheet.columns]
            yield from _table(head, ([_plain(row.get(c, "")) for c in head] for row in sheet.rows))
        case BandsOnly():
            yield f"- Factors, whose points were not found: {'; '.join(sheet.factors)}"
            yield from _bands(sheet.bands)


def _asked(asked: Sequence[Asked]) -> Iterator[str]:
    yield ""
    rows = [
        (f"`{a.id}`", a.question, f"`{o.id}`", o.label, getattr(o, "points", ""))
        for a in asked
        for o in a.options
    ]
    shown = [row if n == 0 or rows[n - 1][0] != row[0] else ("", "", *row[2:]) for n, row in enumerate(rows)]
    pointed = any(row[4] != "" for row in rows)
    head = ("Item", "Question", "Answer", "Meaning", "Points")[: 5 if pointed else 4]
    yield from _table(head, (row[: len(head)] for row in shown))
    if scales := {a.id: SCALES[a.scale] for a in asked if a.scale}:
        yield ""
        said = (
            f"`{i}` a {s.title}{f' ({s.span})' if s.kind != 'primary' else ''}" for i, s in scales.items()
        )
        yield f"Also understood: {', '.join(said)}."


def _bands(bands: Sequence[Band]) -> Iterator[str]:
    yield ""
    rows = ((f"{b.min}–{b.max}" if b.min != b.max else b.min, f"`{b.id}`", b.label, b.meaning) for b in bands)
    yield from _table(("Total", "Band", "Label", "Meaning"), rows)


def _graded(grades: Sequence[Grade]) -> Iterator[str]:
    yield ""
    yield from _table(("Grade", "Label", "Meaning"), ((f"`{g.id}`", g.label, g.meaning) for g in grades))


def _rules(sheet: TreeSheet) -> Iterator[str]:
    yield "\nThe first rule that fits holds:\n"
    for rule in (*sheet.rules, *sheet.adds):
        when = ", ".join(f"{k} {w if isinstance(w, str) else ' or '.join(w)}" for k, w in rule.when.items())
        yield f"1. {when} → {rule.then}" if rule in sheet.rules else f"- in addition, {when}: {rule.then}"


def _formula(sheet: Formula) -> Iterator[str]:
    yield ""
    rows = ((f"`{i.id}`", i.label, i.unit, "optional" if i.optional else "needed") for i in sheet.inputs)
    yield from _table(("Input", "What", "Unit", ""), rows)
    yield ""
    yield from _table(
        ("Result", "What", "Unit", "Formula"),
        ((f"`{o.id}`", o.label, o.unit, f"`{o.expr}`") for o in sheet.outputs),
    )
    if sheet.bands:
        yield from _bands(sheet.bands)
    if cuts := sheet.cut_points:
        yield ""
        limits = (
            (f"`{c.id}`", c.instrument, c.population, _limits(c.labels, c.limits), c.evidence) for c in cuts
        )
        yield from _table(("Cut-points", "Instrument", "Population", "Limits", "Evidence"), limits)


def _limits(labels: Sequence[str], limits: Sequence[float]) -> str:
    below = [f"{label} to {top:g}" for label, top in zip(labels, limits, strict=False)]
    return "; ".join([*below, f"{labels[-1]} above"])


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    return str(value)


def _citation(one: Citation) -> str:
    where = " ".join(str(x) for x in (one.journal, one.year, one.volume, one.pages) if x)
    ids = [f"doi:{one.doi}" if one.doi else "", f"PMID {one.pmid}" if one.pmid else "", one.url or one.site]
    read = one.read.replace("_", " ").replace(":", " ")
    return f"{'. '.join(x.rstrip('.') for x in (one.authors, one.title, where, *ids) if x)} ({one.role}; read: {read})"


if __name__ == "__main__":
    sys.stdout.write(render())
