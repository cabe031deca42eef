"""Cases of other authors: the rows of a paper's own literature tables, read cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from spondyl.extract.knowledge import terms
from spondyl.extract.literature import Entry, Field, copy_of, entries, view_of
from spondyl.record import Case, Certainty, Claim, Paper, Quote, Value
from spondyl.words.levels import REGION, Levels, find_levels
from spondyl.words.numbers import DURATION, months, number
from spondyl.words.terms import Hit, Tokens
from spondyl.words.tsv import rows
from spondyl.words.view import View

__all__ = ["cited", "present_rows"]

_AGE = re.compile(r"(?P<n>\d{1,3}(?:\.\d+)?)\s?-?(?P<unit>months?|mos?|weeks?|wks?|days?|years?|yrs?|y)?\b")
_AGE_SEX = re.compile(
    r"(?<![\w.])(?:(?P<n>\d{1,3})\s?(?:y(?:ears?|rs?)?)?\s?[/, ]?\s?(?P<s>[mf])\b|"
    r"(?P<s2>[mf])\s?[/, ]?\s?(?P<n2>\d{1,3})\b)"
)
_SEX = re.compile(r"\b(?:(?P<female>f|female|woman|girl|women)|(?P<male>m|male|man|boy|men))\b")
_DOSE = re.compile(r"(?<![\w.])(?P<n>\d{1,3}(?:\.\d+)?)\s?gy\b")
_DURATION = re.compile(rf"(?<![a-z0-9.]){DURATION}")
_BARE = re.compile(r"^\s?(?P<n>\d{1,3}(?:\.\d+)?)(?![\w.])")
_DENIED = re.compile(r"^\W*(?:none|no|nil|not|without|-|n/?a|nr|unknown|refused)\b")
_NO = re.compile(r"^\W*(?:none|no|nil|absent|-)\b")
_YES = re.compile(r"^\W*(?:yes|present)\b")
_FREE_RIGHT = re.compile(r"-?\s?free")
_UNIT = re.compile(r"\b(?P<unit>months?|mos?|years?|yrs?|weeks?|days?)\b")
_PARTS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class _Found(NamedTuple):
    field: str
    value: Value
    start: int
    end: int
    certainty: Certainty = "stated"
    derivation: str | None = None


def cited(paper: Paper, listed: Sequence[Entry] | None = None) -> tuple[Case, ...]:
    """The cases of other authors that a paper's literature tables list, one a row.

    The row of the present report is left out (see `present_rows`), and so are rows that stand for a series.

    Args:
        paper: A paper with its tables.
        listed: The rows of its literature tables, where they are known.

    Returns:
        Cases of kind "cited", numbered from 1, `reported_by` the paper; every claim quotes its cell.
    """
    found = [e for e in (entries(paper) if listed is None else listed) if not e.own and not e.cohort]
    return tuple(_case(paper, e, k) for k, e in enumerate(found, 1))


def present_rows(paper: Paper, listed: Sequence[Entry] | None = None) -> tuple[Case, ...]:
    """The rows in which a paper's literature tables list its own patient, read the same way.

    They are no cases of their own: they support, or contradict, what the paper says of its patient.
    """
    found = [e for e in (entries(paper) if listed is None else listed) if e.own and not e.cohort]
    return tuple(
        _case(paper, e, k).model_copy(update={"kind": "patient", "reported_by": None})
        for k, e in enumerate(found, 1)
    )


def _case(paper: Paper, entry: Entry, number_: int) -> Case:
    claims: list[Claim] = [_study(paper, entry)]
    for f in entry.fields:
        view = view_of(paper, f.cell)
        for x in _READERS.get(f.role, _nothing)(f, view):
            a, b = view.origin(x.start, x.end)
            claims.append(_claim(x, paper.quote(a, b)))
        claims += _of_head(paper, f, {str(c.value) for c in claims if c.field == "treatments"})
    claims += _of_caption(paper, entry, {c.field for c in claims})
    return Case(
        case=number_, label=entry.label, kind="cited", claims=tuple(_once(claims)), reported_by=paper.id
    )


def _study(paper: Paper, entry: Entry) -> Claim:
    quotes = tuple(paper.quote(c.start, c.end) for c in entry.author)
    return Claim(field="cited_study", value=entry.label, quotes=quotes, method="table")


def _claim(x: _Found, quote: Quote) -> Claim:
    return Claim(
        field=x.field,
        value=x.value,
        quotes=(quote,),
        method="table",
        certainty=x.certainty,
        derivation=x.derivation,
    )


def _once(claims: list[Claim]) -> Iterator[Claim]:
    """Each value of a field once; of a single-valued field the first."""
    seen: set[tuple[str, str]] = set()
    single: set[str] = set()
    for c in claims:
        key = c.field, str(c.value)
        if key in seen or (c.field in _SINGLE and c.field in single):
            continue
        seen.add(key)
        single.add(c.field)
        yield c


_SINGLE = frozenset(
    {
        "age_years",
        "sex",
        "diagnosis",
        "primary_site",
        "follow_up_months",
        "status",
        "recurrence",
        "resection_extent",
    }
)


def _of_caption(paper: Paper, entry: Entry, known: set[str]) -> Iterator[Claim]:
    """The diagnosis and the level that the caption gives for every row, where no cell gives one."""
    table = entry.table
    if table.caption_end <= table.caption_start:
        return
    view = copy_of(paper, table.caption_start, table.caption_end)
    found: list[_Found] = []
    if not known & {"diagnosis", "primary_site"}:
        named = {h.concept: h for h in _hits(view) if h.kind == "tumour" and h.concept}
        found += (
            [_Found("diagnosis", h.concept, h.start, h.end) for h in named.values()]
            if len(named) == 1
            else []
        )
    if not any(f.role == "level" for f in entry.fields):
        told = _levels(view)
        found += (
            [_Found("levels", x, t.start, t.end) for t in told for x in t.levels] if len(told) == 1 else []
        )
    for x in found:
        derivation = f"{x.field} in the caption of the table"
        quote = paper.quote(*view.origin(x.start, x.end))
        yield _claim(x._replace(certainty="derived", derivation=derivation), quote)


@lru_cache(maxsize=64)
def _levels(view: View) -> list[Levels]:
    return list(find_levels(view.plain, view.folded))


def _of_head(paper: Paper, f: Field, known: set[str]) -> Iterator[Claim]:
    """The treatment that a column's head names, where the cell under it says that it was given."""
    if (
        f.role != "treatment"
        or f.above is None
        or _DENIED.match(f.cell.text.lower())
        or not _GIVEN.search(f.cell.text)
    ):
        return
    view = view_of(paper, f.above)
    for h in _hits(view):
        for x in _therapy(h) if h.kind == "treatment" else ():
            if str(x.value) in known or x.value == "surgery":
                continue
            quotes = paper.quote(f.above.start, f.above.end), paper.quote(f.cell.start, f.cell.end)
            derivation = f"head of the column over {quotes[1].text!r}"
            yield Claim(
                field=x.field,
                value=x.value,
                quotes=quotes,
                method="table",
                certainty="derived",
                derivation=derivation,
            )


_GIVEN = re.compile(r"\d|\+|\byes\b", re.IGNORECASE)


@lru_cache(maxsize=64)
def _hits(view: View) -> list[Hit]:
    return terms().find(view.plain, Tokens(view.folded))


def _nothing(f: Field, view: View) -> Iterator[_Found]:
    return iter(())


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 2)


def _age(f: Field, view: View) -> Iterator[_Found]:
    m = _AGE.search(view.folded)
    if m is None:
        return
    unit = m["unit"] or _head_unit(f.head) or "years"
    value = float(m["n"])
    years = (
        value if unit.startswith("y") else value / 52 if unit.startswith("w") else months(value, unit) / 12
    )
    if 0 < years <= 115:
        yield _Found("age_years", _number(years), m.start(), m.end())


def _sex(f: Field, view: View) -> Iterator[_Found]:
    m = _SEX.search(view.folded)
    if m:
        yield _Found("sex", str(m.lastgroup), m.start(), m.end())


def _age_sex(f: Field, view: View) -> Iterator[_Found]:
    m = _AGE_SEX.search(view.folded)
    if m is None:
        yield from (*_age(f, view), *_sex(f, view))
        return
    letter, group = (m["s"], "s") if m["s"] else (m["s2"], "s2")
    years = "n" if m["n"] else "n2"
    if 0 < int(m[years]) <= 115:
        yield _Found("age_years", int(m[years]), m.start(years), m.end(years))
    yield _Found("sex", "male" if letter == "m" else "female", m.start(group), m.end(group))


def _level(f: Field, view: View) -> Iterator[_Found]:
    regions: dict[str, _Found] = {}
    for found in find_levels(view.plain, view.folded):
        for level in found.levels:
            yield _Found("levels", level, found.start, found.end)
            rule = f"region of level {level}"
            regions.setdefault(
                REGION[level[0]], _Found("regions", REGION[level[0]], found.start, found.end, "derived", rule)
            )
    for h in _hits(view):
        if h.kind == "region":
            for name in h.concept.split("+"):
                if name in REGION.values():
                    regions.setdefault(name, _Found("regions", name, h.start, h.end))
        elif h.kind == "compartment" and h.concept:
            yield _Found("compartment", h.concept, h.start, h.end)
        elif h.kind == "tumour" and h.concept and h.entry.row["class"] not in ("class", "generic"):
            yield _Found("diagnosis", h.concept, h.start, h.end)
    yield from regions.values()


def _primary(f: Field, view: View) -> Iterator[_Found]:
    for h in _hits(view):
        if h.kind == "tumour" and h.concept:
            yield _Found("diagnosis", h.concept, h.start, h.end)
            if h.entry.row["site"]:
                yield _Found("primary_site", h.entry.row["site"], h.start, h.end)
        elif h.kind == "site" and h.concept:
            yield _Found("primary_site", h.concept, h.start, h.end)


def _diagnosis(f: Field, view: View) -> Iterator[_Found]:
    for h in _hits(view):
        if h.kind == "tumour" and h.concept:
            yield _Found("diagnosis", h.concept, h.start, h.end)


def _other_metastases(f: Field, view: View) -> Iterator[_Found]:
    if _DENIED.match(view.folded):
        return
    for h in _hits(view):
        if h.kind == "site" and h.entry.row["metastasis"]:
            yield _Found("other_metastases", h.entry.row["metastasis"], h.start, h.end)


def _treatment(f: Field, view: View) -> Iterator[_Found]:
    """Treatments, procedures, drugs, extent and doses of a cell; "none" is nothing."""
    if _DENIED.match(view.folded):
        return
    yield from _abbreviated("treatment", view)
    for h in _hits(view):
        yield from _therapy(h)
    yield from _doses(f, view)


def _therapy(h: Hit) -> Iterator[_Found]:
    note, row = h.entry.note, h.entry.row
    if any(w in note for w in ("weak", "doubtful", "not-tumour-surgery", "not-biopsy")):
        return
    if h.kind == "procedure":
        name = h.concept.split("|")[0]
        if name:
            yield _Found("procedures", name, h.start, h.end)
        if row["treatment"] and name != "biopsy":
            yield _Found("treatments", row["treatment"], h.start, h.end)
    elif h.kind == "treatment" and h.concept:
        for name in h.concept.split("+"):
            yield _Found("treatments", name, h.start, h.end)
    elif h.kind == "drug" and row["class"] != "other":
        yield _Found("treatments", row["class"], h.start, h.end)
        if "no-drugs" not in note:
            for name in h.concept.split("+"):
                yield _Found("drugs", name, h.start, h.end)


def _doses(f: Field, view: View) -> Iterator[_Found]:
    found = list(_DOSE.finditer(view.folded))
    if not found and re.search(r"\bgy\b", f.head):
        bare = _BARE.match(view.folded)
        found = [bare] if bare else []
    for m in found:
        dose = float(m["n"])
        if 0 < dose <= 120:
            yield _Found("radiation_dose_gy", _number(dose), m.start(), m.end())
            yield _Found("treatments", "radiotherapy", m.start(), m.end())


def _outcome(f: Field, view: View) -> Iterator[_Found]:
    """Follow-up, status and recurrence of a cell: "DOD 7 mo", "38 months, recurrence-free", "40, alive"."""
    told = list(_abbreviated("outcome", view))
    m = _DURATION.search(view.folded)
    if m and (count := number(m["n"])) is not None:
        value = count + (0.5 if m["half"] else 0)
        yield _Found("follow_up_months", _number(months(value, m["unit"])), m.start(), m.end())
    elif (unit := _head_unit(f.head)) and (bare := _BARE.match(view.folded)):
        yield _Found(
            "follow_up_months", _number(months(float(bare["n"]), unit)), bare.start("n"), bare.end("n")
        )
    yield from told


def _recurrence(f: Field, view: View) -> Iterator[_Found]:
    for pattern, value in ((_NO, "no"), (_YES, "yes")):
        m = pattern.match(view.folded)
        if m:
            yield _Found("recurrence", value, m.start(), m.end())


def _presentation(f: Field, view: View) -> Iterator[_Found]:
    for h in _hits(view):
        if h.kind == "presentation" and h.concept and "not-" not in h.entry.note:
            for name in h.concept.split("+"):
                yield _Found("presentation", name, h.start, h.end)


def _head_unit(head: str) -> str | None:
    m = _UNIT.search(head)
    return m["unit"] if m else None


@cache
def _cells(role: str) -> dict[tuple[str, ...], tuple[str, str]]:
    """Words of a cell → (term, what they say), of one role's columns."""
    columns = ("term", "concept", "role", "language", "source", "note")
    return {
        tuple(_PARTS.findall(r["term"].lower())): (r["term"], r["concept"])
        for r in rows("spondyl.extract.lexicons", "literature_cells.tsv", columns)
        if r["role"] == role
    }


def _abbreviated(role: str, view: View) -> Iterator[_Found]:
    """What the short words of a cell say, longest first."""
    parts = list(_PARTS.finditer(view.folded))
    known = _cells(role)
    k = 0
    while k < len(parts):
        step = 1
        for size in (4, 3, 2, 1):
            term, concept = known.get(tuple(p.group() for p in parts[k : k + size]), ("", ""))
            if not concept or len(parts) < k + size:
                continue
            start, end = parts[k].start(), parts[k + size - 1].end()
            if term.isupper() and not view.plain[start:end].isupper():
                continue
            for said in concept.split(";"):
                field, _, value = said.partition("=")
                yield _Found(field, value, start, end)
            step = size
            break
        k += step


_READERS: dict[str, Callable[[Field, View], Iterator[_Found]]] = {
    "age": _age,
    "sex": _sex,
    "age_sex": _age_sex,
    "level": _level,
    "primary": _primary,
    "diagnosis": _diagnosis,
    "other_metastases": _other_metastases,
    "treatment": _treatment,
    "outcome": _outcome,
    "recurrence": _recurrence,
    "presentation": _presentation,
}
