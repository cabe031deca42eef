"""What a score says of a patient, in lines: result, meaning, items with their words, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spondyl.consult.patient.person import Person
from spondyl.present.consultation import Basis, Line
from spondyl.score import ItemResult, Question, Result, Sheet
from spondyl.score.model import BandsOnly, Citation, SumSheet
from spondyl.score.result import Level

__all__ = [
    "DIRECTION",
    "and_",
    "decides",
    "grades_of",
    "items",
    "known",
    "meaning",
    "or_",
    "result",
    "sheet_bases",
]

DIRECTION = {"higher_worse": "higher is worse", "higher_better": "higher is better", "none": ""}
_GRADES = {"A": "primary text read", "B": "two sources agree", "C": "one source", "D": "recalled, not read"}


def sheet_bases(sheet: Sheet) -> tuple[Basis, ...]:
    """A sheet as a basis, and its primary source.

    Args:
        sheet: The sheet.
    """
    for_whom = f"; for: {sheet.population}" if sheet.population else ""
    not_for = f"; not for: {'; '.join(sheet.not_for)}" if sheet.not_for else ""
    own = Basis(
        "score", f"{sheet.title}: {sheet.purpose}{for_whom}{not_for}", f"sheet {sheet.id} version {sheet.version}",
        level=grades_of(sheet),
    )  # fmt: skip
    first = sorted(sheet.citations, key=lambda c: c.role != "primary")[:1]
    return (own, *(cited(c) for c in first))


def cited(one: Citation) -> Basis:
    """A sheet's citation as a basis; one that was not read itself says so.

    Args:
        one: The citation.
    """
    where = " ".join(filter(None, [one.journal or one.site, str(one.year or ""), one.volume]))
    place = f"{where}:{one.pages}" if one.pages else where
    text = ". ".join(filter(None, [one.authors, one.title.rstrip("."), place]))
    doi = f"doi:{one.doi}" if one.doi else ""
    known = ", ".join(filter(None, [doi, f"PMID {one.pmid}" if one.pmid else ""]))
    url = f"https://doi.org/{one.doi}" if one.doi else one.url
    url = url or (f"https://pubmed.ncbi.nlm.nih.gov/{one.pmid}/" if one.pmid else "")
    return Basis("source", text + _read(one.read), known, url, date=str(one.year or ""))


def _read(how: str) -> str:
    if how.startswith("reproduced_in:"):
        return f" (as reproduced in {how.partition(':')[2]})"
    return {
        "not_read": " (not read itself)",
        "abstract": " (abstract read)",
        "first_page": " (first page read)",
    }.get(how, "")


def grades_of(sheet: Sheet) -> str:
    """How well a sheet is supported, in words.

    Example:
        >>> from spondyl import score
        >>> grades_of(score.load("sins")), grades_of(score.load("katagiri_2005"))
        ('two sources agree', 'unverified: recalled, not read')
    """
    items, bands = sheet.evidence.items, sheet.evidence.bands
    doubt = "unverified: " if "D" in (items, bands) or sheet.status == "unverified" else ""
    if items == bands:
        return f"{doubt}{_GRADES[items]}"
    return f"{doubt}items: {_GRADES[items]}; bands: {_GRADES[bands]}"


def known(result: Result) -> bool:
    """Whether anything at all is known of what a sheet asks."""
    return any(i.given for i in result.items) or bool(result.rows and not result.missing)


def result(one: Result) -> str:
    """The result as it stands in a cell: total or interval of the most, grade, or that it is not computed.

    Example:
        >>> from spondyl import score
        >>> result(score.score("sins", location="C7")), result(score.score("frankel", grade="D"))
        ('3–18 of 18', 'D')
    """
    sheet = one.sheet
    if isinstance(sheet, SumSheet):
        return f"{one.interval} of {sheet.range[1]}"
    if isinstance(sheet, BandsOnly):
        return "not computed"
    if one.rows:
        return or_(str(r.get("id", "")) for r in one.rows)
    if one.outputs:
        return ", ".join(f"{v:.3g} {one.units[k]}" for k, v in one.outputs.items())
    if band := _one(one):
        return band.id
    return or_(b.id for b in one.possible) if 0 < len(one.possible) <= 3 else "open"


def meaning(one: Result) -> str:
    """What the result means: its band, or all that are still possible.

    Example:
        >>> from spondyl import score
        >>> meaning(score.score("tomita_2001", primary="slow", visceral="none", bone="solitary"))
        'Long-term local control'
    """
    if one.rows:
        return or_(str(r.get("label", "")) for r in one.rows)
    if band := _one(one):
        return _band_words(one, band)
    if isinstance(one.sheet, BandsOnly):
        return "its bands are published, the points of its items are not"
    if not one.possible or len(one.possible) == len(_levels(one)):
        return "not settled: every result is still possible"
    return or_(b.label for b in one.possible)


def _band_words(one: Result, band: Level) -> str:
    if len(_levels(one)) == 1:
        return "no bands are published"
    return f"stage {band.label}" if band.label == band.id else band.label


def _one(one: Result) -> Level | None:
    """The band or grade, where only one is possible."""
    return one.band or (one.possible[0] if len(one.possible) == 1 else None)


def _levels(one: Result) -> list[object]:
    return [*(getattr(one.sheet, "bands", None) or getattr(one.sheet, "grades", None) or ())]


def or_(words: Iterable[str]) -> str:
    """Words joined by commas and "or".

    Example:
        >>> or_(["a"]), or_(["a", "b", "c"])
        ('a', 'a, b or c')
    """
    *most, last = list(words) or [""]
    return f"{', '.join(most)} or {last}" if most else last


def and_(words: Iterable[str]) -> str:
    """Words joined by commas and "and".

    Example:
        >>> and_(["a", "b", "c"])
        'a, b and c'
    """
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def decides(one: Result, limit: int = 2) -> str:
    """What is still to be found out, what moves the result most first.

    Args:
        one: The result.
        limit: How many are named.
    """
    asked = {i.id: _lower(i.question) for i in one.items}
    named = [asked.get(m, m) for m in one.missing]
    if not named or (_one(one) and one.low is None):
        return "nothing that would change it"
    first = one.find_out[0] if one.find_out else None
    lead = f"{named[0]} (settles it)" if first and _settles(first) else named[0]
    more = f" and {len(named) - limit} more" if len(named) > limit else ""
    return "; ".join([lead, *named[1:limit]]) + more


def _lower(words: str) -> str:
    return words[0].lower() + words[1:] if words[1:2].islower() else words


def _settles(question: Question) -> bool:
    return all(len(left) == 1 for left in question.bands.values()) and len(question.bands) > 1


def items(one: Result, person: Person) -> Iterator[Line]:
    """The items of a result, each with its answer, its points and its words.

    Args:
        one: The result.
        person: The patient.
    """
    for item in one.items:
        yield _item(one, item, person)


def _item(one: Result, item: ItemResult, person: Person) -> Line:
    sheet = sheet_bases(one.sheet)[0]  # type: ignore[arg-type]
    points = _points(item)
    if not item.given:
        text = f"{item.question}: not known{points}"
        return Line(text, (sheet,), "missing", key=item.id)
    said = or_(item.labels) if len(item.labels) <= 3 else item.given
    words = tuple(Basis("words", q.text, f"{q.paper} {q.start}–{q.end}") for q in item.words)
    own = person.bases(f"{one.sheet.id}.{item.id}") or words or _given(item, person)
    return Line(f"{item.question}: {said}{points}", (*own, sheet), key=item.id, value=list(item.options))


def _given(item: ItemResult, person: Person) -> tuple[Basis, ...]:
    """What a value without words rests on: the field that gave it."""
    names = [n.strip() for n in item.field.split(",") if n.strip()]
    return tuple(b for n in names for b in person.bases(n)) or (Basis("given", item.given, "the record"),)


def _points(item: ItemResult) -> str:
    if item.low is None:
        return ""
    if item.low == item.high:
        return f" ({item.low} point{'' if item.low == 1 else 's'})"
    return f" ({item.low} to {item.high} points)"
