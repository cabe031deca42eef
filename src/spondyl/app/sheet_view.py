"""One sheet on a terminal: what it asks, what answers are worth, what totals mean, where sources disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from spondyl.app.scores_view import DIRECTION, READ, answer_table, cells
from spondyl.score import Sheet, asked_of
from spondyl.score.model import Asked, Band, Citation
from spondyl.score.model import Rule as Branch

__all__ = ["sheet_view"]


def sheet_view(sheet: Sheet) -> RenderableType:
    """Everything that a sheet holds.

    Args:
        sheet: The sheet.
    """
    return Group(*_sheet(sheet))


def _sheet(sheet: Sheet) -> Iterator[RenderableType]:
    yield Rule(cells(f"{sheet.title}  ·  {sheet.id} {sheet.version}"), style="cyan", align="left")
    yield cells(sheet.purpose, "bold")
    yield from _about(sheet)
    if asked := asked_of(sheet):
        many = [a for a in asked if sheet.kind != "grade"]
        if many:
            yield _titled("Items", _answers(many))
    for key, title in (("inputs", "Inputs"), ("criteria", "Criteria"), ("outputs", "Results")):
        parts = getattr(sheet, key, ())
        if parts and not hasattr(parts[0], "options"):
            yield _titled(title, _listing([p.model_dump() for p in parts]))
    if bands := getattr(sheet, "bands", ()):
        yield _titled("Bands", _bands(bands))
    for key, title in (("grades", "Grades"), ("cut_points", "Cut-points")):
        if parts := getattr(sheet, key, ()):
            yield _titled(title, _listing([p.model_dump() for p in parts]))
    if rules := getattr(sheet, "rules", ()):
        yield _titled("Rules, the first that fits holds", _rules(rules))
    if rows := getattr(sheet, "rows", ()):
        yield _titled("Rows", _listing(rows))
    yield from _sources(sheet)


def _about(sheet: Sheet) -> Iterator[Text]:
    if sheet.status != "verified":
        yield cells(
            f"{sheet.status.replace('_', ' ')}: {'; '.join(sheet.unverified) or sheet.evidence.note}",
            "yellow",
        )
    facts = {
        "population": sheet.population, "not for": "; ".join(sheet.not_for), "direction": DIRECTION[sheet.direction],
        "evidence": f"items {sheet.evidence.items}, bands {sheet.evidence.bands}. {sheet.evidence.note}",
        "missing answers": f"{sheet.missing.policy}. {sheet.missing.note}",
        "rights": f"{sheet.rights.status.replace('_', ' ')}. {sheet.rights.note}",
        "factors": "; ".join(getattr(sheet, "factors", ())), "built as": getattr(sheet, "built_as", ""),
        "written as": getattr(sheet, "written_as", ""),
    }  # fmt: skip
    for name, words in facts.items():
        if words:
            yield Text.assemble((f"{name}: ", "dim"), cells(words))
    for note in (*sheet.evidence.parts, *sheet.notes):
        yield cells(f"! {note}", "yellow")


def _titled(title: str, inside: RenderableType) -> RenderableType:
    return Group(cells(""), cells(title, "bold"), Padding(inside, (0, 0, 0, 2)))


def _answers(asked: Sequence[Asked]) -> Table:
    with_points = hasattr(asked[0].options[0], "points")
    table = answer_table("item", "answer", "", "points" if with_points else "", right=["points"])
    for one in asked:
        table.add_row(cells(one.id, "cyan"), "", cells(one.question, "bold"), "")
        for option in one.options:
            points = getattr(option, "points", "")
            table.add_row("", cells(option.id), cells(option.label), cells(points))
    return table


def _bands(bands: Sequence[Band]) -> Table:
    table = answer_table("total", "id", "label", "meaning")
    for band in bands:
        span = f"{band.min}–{band.max}" if band.min != band.max else f"{band.min}"
        table.add_row(*map(cells, (span, band.id, band.label, band.meaning)))
    return table


def _listing(rows: Sequence[dict[str, object]]) -> Table:
    keys = list(dict.fromkeys(k for row in rows for k, v in row.items() if _cell(v)))
    table = answer_table(*(k.replace("_", " ") for k in keys))
    for row in rows:
        table.add_row(*(cells(_cell(row.get(k, ""))) for k in keys))
    return table


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_cell(v) for v in value)
    if isinstance(value, dict):
        return " ".join(f"{k} {_cell(v)}" for k, v in value.items())
    return "" if value is None or value is False else str(value)


def _rules(rules: Sequence[Branch]) -> Table:
    table = answer_table("when", "then")
    for rule in rules:
        when = rule.when.items()
        said = ", ".join(f"{k} {w if isinstance(w, str) else ' or '.join(w)}" for k, w in when)
        table.add_row(cells(said), cells(rule.then, "bold"))
    return table


def _sources(sheet: Sheet) -> Iterator[RenderableType]:
    if sheet.disagreements:
        table = answer_table("where", "who says", "what", "adopted, because")
        for one in sheet.disagreements:
            adopted = Text.assemble(cells(one.adopted, "bold"), "; ", cells(one.why))
            table.add_row(cells(one.field, "cyan"), cells(one.source), cells(one.says), adopted)
        yield _titled("Where sources disagree", table)
    table = answer_table("source", "what", "read")
    for cited in sheet.citations:
        where = ". ".join(x for x in (cited.authors, cited.title, _printed(cited)) if x)
        table.add_row(
            cells(cited.id, "cyan"),
            cells(where),
            cells(READ.get(cited.read, cited.read.replace("_", " ").replace(":", " "))),
        )
    yield _titled("Sources", table)
    if sheet.worked:
        yield cells(
            f"\n{len(sheet.worked)} worked cases are computed whenever this sheet is loaded.".strip(), "dim"
        )


def _printed(cited: Citation) -> str:
    parts = [
        " ".join(str(x) for x in (cited.journal, cited.year, cited.volume, cited.pages) if x),
        f"doi {cited.doi}" if cited.doi else "", f"PMID {cited.pmid}" if cited.pmid else "",
        cited.url or cited.site,
    ]  # fmt: skip
    return ". ".join(p for p in parts if p)
