"""From readings to rows of the evidence table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from spondyl.consult.decisions import Applied
from spondyl.consult.groups import same_group
from spondyl.present.catalog import Column, column_of, columns, fields, place_of, shown
from spondyl.present.cite import cites, surname
from spondyl.present.model import Item, Row, Source, Tone
from spondyl.present.statements import statement_field, statement_text, statement_value
from spondyl.record import LIST_FIELDS, Case, Claim, Decision, Paper, Statement

__all__ = ["Read", "concerns", "relevant", "rows", "sources"]

_KINDS = {"patient": 0, "group": 1, "cited": 2}


@dataclass(frozen=True)
class Read:
    """A paper with what was read from it and decided on it."""

    paper: Paper
    applied: Applied


@cache
def _relevance() -> dict[str, Any]:
    return tomllib.loads(resources.files("spondyl.consult").joinpath("relevance.toml").read_text("utf-8"))


@cache
def _relevant_words() -> re.Pattern[str]:
    words = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in _relevance()["words"])
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def relevant(case: Case, paper: Paper) -> bool:
    """Whether a case has a spinal lesion or a bone metastasis; a group may say so in its title.

    Example:
        >>> relevant(Case(case=1, label="12 patients with spinal metastases", kind="group"),
        ...          Paper(id="p", source="p.txt", text=""))
        True
    """
    return concerns(case.fields, case.kind, case.label, paper.title)


def concerns(fields: Mapping[str, Any], kind: str, label: str, title: str | None) -> bool:
    """Whether the fields of a case tell of a spinal lesion or a bone metastasis; a group may say so in its title.

    Args:
        fields: Field → value, or list of values.
        kind: "patient", "cited" or "group".
        label: How the paper names it.
        title: The title of the paper.

    Example:
        >>> concerns({"regions": ["cervical"]}, "patient", "", None), concerns({"sex": "male"}, "patient", "", None)
        (True, False)
    """
    rules = _relevance()
    if any(name in rules["fields"] for name in fields):
        return True
    if any(value in _listed(fields.get(name)) for name, held in rules["values"].items() for value in held):
        return True
    return kind != "patient" and bool(_relevant_words().search(f"{label}\n{title or ''}"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def sources(papers: Sequence[Paper], new: Iterable[str] = ()) -> dict[str, Source]:
    """The list of references, by paper id: in order of year, then name.

    Args:
        papers: The papers, duplicates left out.
        new: Ids of papers that joined since the last run.

    Returns:
        id → source, in the order of the list.
    """
    fresh = set(new)
    first = {p.id: c for p, c in zip(papers, cites(papers), strict=True)}
    ordered = sorted(papers, key=lambda p: (p.year or 9999, first[p.id].casefold(), p.id))
    named = cites(ordered)
    return {
        p.id: Source(number=n, paper=p, cite=named[n - 1], new=p.id in fresh)
        for n, p in enumerate(ordered, 1)
    }


def rows(read: Sequence[Read], known: Mapping[str, Source], all_patients: bool) -> tuple[list[Row], int]:
    """The rows of the evidence table, and how many patients the filter left out.

    Args:
        read: The papers read, with decisions applied.
        known: Their sources.
        all_patients: Keep patients without a lesion of spine or bone.

    Returns:
        Rows in the order of the list of references, and the number of cases left out.
    """
    names = _names(known.values())
    out: list[Row] = []
    left_out = 0
    for one in read:
        for case in one.applied.reading.cases:
            if all_patients or relevant(case, one.paper):
                out.append(_row(known[one.paper.id], case, one.applied, names))
            else:
                left_out += 1
    return sorted(out, key=lambda r: (r.source.number, _KINDS.get(r.kind, 3), r.case)), left_out


def _names(known: Iterable[Source]) -> list[tuple[str, str, Source]]:
    """(surname of the first author, year, source) of the papers that name both."""
    return [
        (surname(s.paper.authors[0]).casefold(), str(s.paper.year), s)
        for s in known
        if s.paper.authors and s.paper.year
    ]


def _row(source: Source, case: Case, applied: Applied, names: list[tuple[str, str, Source]]) -> Row:
    said = _said_of(case, applied.reading.statements)
    case = _own_words(case, source.paper)
    cells = {c.key: tuple(_items(case, c, applied) or _statement_items(c, said, applied)) for c in columns()}
    return Row(
        source=source,
        case=case.case,
        kind=case.kind,
        label=case.label,
        cells=cells,
        notes=_notes(case, applied, cells),
        others=tuple(_item(case, c, [c], applied, "other") for c in case.others),
        statements=tuple(said),
        reported=case.kind == "cited" or bool(case.reported_by),
        same_as=_same_as(case, source, names),
    )


def _own_words(case: Case, paper: Paper) -> Case:
    """A case whose quotes are all of its row's paper: what was added from elsewhere stands without a place in it."""
    if all(q.paper == paper.id for c in case.claims for q in c.quotes):
        return case
    claims = (
        c.model_copy(update={"quotes": tuple(q for q in c.quotes if q.paper == paper.id)})
        for c in case.claims
    )
    return case.model_copy(update={"claims": tuple(claims)})


def _items(case: Case, column: Column, applied: Applied) -> list[Item]:
    """The items of one cell: one for every distinct value, in the order of the column's fields."""
    mine = [c for c in case.claims if column_of(c.field) == column.key]
    grouped: dict[tuple[str, Any], list[Claim]] = {}
    for claim in sorted(mine, key=lambda c: place_of(c.field)[1]):
        grouped.setdefault((claim.field, claim.value), []).append(claim)
    return [_item(case, claims[0], claims, applied) for claims in grouped.values()]


def _item(
    case: Case, claim: Claim, claims: Sequence[Claim], applied: Applied, standing: Any = "chosen"
) -> Item:
    spans = dict.fromkeys((q.start, q.end) for c in claims for q in c.quotes)
    decided = applied.marks if standing == "chosen" else applied.aside
    return Item(
        field=claim.field,
        value=claim.value,
        text=shown(claim.field, claim.value),
        spans=tuple(spans),
        tone=_tone(case, claim) if standing == "chosen" else "plain",
        certainty=claim.certainty,
        method=claim.method,
        derivation=claim.derivation,
        decision=decided.get((case.case, claim.field, claim.value)),
        standing=standing,
    )


def _tone(case: Case, claim: Claim) -> Tone:
    if claim.field == "denied":
        return "denied"
    single = claim.field not in LIST_FIELDS
    return "clash" if single and len({c.value for c in case.of(claim.field)}) > 1 else "plain"


def _notes(
    case: Case, applied: Applied, cells: Mapping[str, tuple[Item, ...]]
) -> dict[str, tuple[Decision, ...]]:
    """What a reviewer said of empty cells, by column."""
    out: dict[str, list[Decision]] = {}
    for (number, name, value), decision in applied.marks.items():
        if number == case.case and value is None and not cells[column_of(name)]:
            out.setdefault(column_of(name), []).append(decision)
    return {key: tuple(decisions) for key, decisions in out.items()}


def _said_of(case: Case, statements: Sequence[Statement]) -> list[Statement]:
    if case.kind != "group":
        return []
    return [s for s in statements if same_group(case, s.group)]


def _statement_items(column: Column, said: Sequence[Statement], applied: Applied) -> list[Item]:
    return [
        Item(
            field=statement_field(s),
            value=statement_value(s),
            text=statement_text(s),
            spans=tuple((q.start, q.end) for q in s.quotes),
            method="statement",
            decision=applied.said.get(s),
        )
        for s in said
        if s.quantity != "n" and _column_of_statement(s) == column.key
    ]


def _column_of_statement(statement: Statement) -> str:
    """The column a statement about a group stands in: the first one whose words it measures."""
    of = " ".join(statement.of.replace("_", " ").casefold().split())
    if statement.of in fields():
        return column_of(statement.of)
    for column in columns():
        if any(re.search(rf"\b{re.escape(word)}\b", of) for word in column.of):
            return column.key
    return columns()[-1].key


def _same_as(case: Case, source: Source, names: list[tuple[str, str, Source]]) -> str | None:
    """How the own paper of a cited case is cited, where it is among the papers."""
    if case.kind != "cited" and not case.reported_by:
        return None
    label = case.label.casefold()
    for name, year, other in names:
        if other is not source and year in label and re.search(rf"\b{re.escape(name)}\b", label):
            return other.cite
    return None
