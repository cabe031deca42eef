"""Groups as cases: a series or cohort that a paper describes only as a whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from spondyl.extract.knowledge import terms
from spondyl.extract.literature import Entry, entries, view_of
from spondyl.extract.series.grammar import count
from spondyl.extract.series.study import LITERATURE
from spondyl.record import Case, Certainty, Claim, Paper, Quote, Statement, Value
from spondyl.words.levels import find_levels
from spondyl.words.numbers import DURATION, months, number
from spondyl.words.terms import Hit, Tokens
from spondyl.words.view import reading_copy

__all__ = ["groups"]

_AGE = re.compile(
    r"\bage\b(?! (?:at|of) (?:(?:the|their) )?(?:first|last|menarche|menopause))", re.IGNORECASE
)
_FOLLOW_UP = re.compile(r"follow-?\s?up", re.IGNORECASE)
_SURVIVAL = re.compile(r"\b(?:overall )?survival(?: time)?$|\bOS\b|^survival(?: time)?\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|implant|progression|free|from|since|disease)\b", re.IGNORECASE)
_MALE = re.compile(
    r"(?:^|\b(?:were|was|sex: |sex, n \(%\): ))(?:men|males?|boys?)(?: sex)?$|^male\b", re.IGNORECASE
)
_FEMALE = re.compile(
    r"(?:^|\b(?:were|was|sex: |sex, n \(%\): ))(?:women|females?|girls?)(?: sex)?$|^female\b", re.IGNORECASE
)
_DEAD = re.compile(r"^(?:who )?(?:had |have |were |was )?(?:died|dead|deceased|deaths?)\b", re.IGNORECASE)
_ALIVE = re.compile(r"^(?:who )?(?:were |was |are |had been )?(?:still )?(?:alive|living)\b", re.IGNORECASE)
_OWN_PARTS = frozenset({"title", "abstract", "methods", "results", "table", "figure_caption", "other"})
_OTHERS_PARTS = frozenset({"case_report", "other"})
_LEADING = re.compile(r"^(?:all |the |our |these )+", re.IGNORECASE)
_COUNTED = re.compile(r"(?:(?P<digits>\d[\d,]*)|(?P<word>[A-Za-z-]+))\b")
_GIVEN = frozenset({"procedure", "treatment"})
_NOT_DONE = re.compile(r"\b(?:not|without|no|excluded|versus|rather)\b[^.]{0,40}$")


class _Sections:
    """The kind of section that an offset of a paper stands in."""

    def __init__(self, paper: Paper) -> None:
        self._parts = [(s.start, s.kind) for s in paper.sections] or [(0, "other")]
        self._starts = [start for start, _ in self._parts]

    def at(self, offset: int) -> str:
        """The kind of section at an offset."""
        return self._parts[max(0, bisect_right(self._starts, offset) - 1)][1]


FEWEST = 5
"""The smallest number of patients that is taken for a group; fewer are told one by one."""


class _Told(NamedTuple):
    """All that is said of one group: its size, its label, and the statements about it."""

    n: int
    label: str
    study: str
    sized: tuple[Quote, ...]
    statements: tuple[Statement, ...]


def groups(
    paper: Paper, statements: Iterable[Statement], listed: Sequence[Entry] | None = None
) -> tuple[Case, ...]:
    """The series and cohorts that a paper describes only as groups.

    A group is a case of kind "group" with what is said of it as a whole: its size, the mean or median age,
    how many were women, median survival, diagnosis, procedures. No patient is invented. Rows of literature
    tables that stand for a series are groups, too, reported by the paper.

    Args:
        paper: The paper.
        statements: Its statements.
        listed: The rows of its literature tables, where they are known.

    Returns:
        Cases, numbered from 1.

    Example:
        >>> from spondyl.extract.series import statements
        >>> text = "We studied 30 patients with spinal metastases (17 men and 13 women; mean age, 66 years)."
        >>> paper = Paper(id="p", source="p", text=text)
        >>> {k: v for k, v in groups(paper, statements(paper))[0].fields.items() if k != "diagnosis"}
        {'n_patients': 30, 'n_male': 17, 'n_female': 13, 'age_mean_years': 66}
    """
    found = [_case(paper, told) for told in _gathered(paper, statements)]
    rows = entries(paper) if listed is None else listed
    found += [_row(paper, e) for e in rows if e.cohort and not e.own]
    return tuple(c.model_copy(update={"case": k}) for k, c in enumerate(found, 1))


def _gathered(paper: Paper, statements: Iterable[Statement]) -> Iterator[_Told]:
    """The groups that are described, not only counted: an age, or the numbers of women and men."""
    kinds = _Sections(paper)
    everything = [
        s
        for s in statements
        if kinds.at(s.quotes[0].start) in (_OTHERS_PARTS if _split(s.group)[0] else _OWN_PARTS)
    ]
    sizes: dict[tuple[str, int], list[Statement]] = {}
    about: dict[tuple[str, int], list[Statement]] = {}
    for s in everything:
        study, label = _split(s.group)
        size = _size_of(label)
        for n in {s.denominator, size} - {None}:
            about.setdefault((study, n or 0), []).append(s)
        if s.quantity == "n" and s.n and s.n >= FEWEST and label:
            sizes.setdefault((study, s.n), []).append(s)
        elif s.quantity == "count" and s.denominator and s.denominator >= FEWEST and size == s.denominator:
            sizes.setdefault((study, s.denominator), [])
    for (study, n), named in sizes.items():
        own = tuple(about.get((study, n), ()))
        if study.startswith(LITERATURE) or not any(_describes(s, n) for s in own):
            continue
        labels = [label for s in (*named, *own) if _size_of(label := _split(s.group)[1]) == n]
        quotes = tuple(s.quotes[0] for s in named) or tuple(s.quotes[-1] for s in own if s.denominator == n)
        if labels and quotes:
            yield _Told(n, _LEADING.sub("", max(labels, key=_telling)), study, quotes[:3], own)


def _telling(label: str) -> tuple[bool, bool, int]:
    return label[0].isdigit(), " with " in label or " who " in label, -len(label)


@lru_cache(maxsize=4096)
def _split(group: str) -> tuple[str, str]:
    """The other study a group's label names, and the label without it."""
    study, colon, label = group.partition(": ")
    named = colon and (
        "et al" in study
        or "[" in study
        or study.startswith(LITERATURE)
        or re.search(r", (?:19|20)\d\d$", study)
    )
    return (study, label) if named else ("", group) if "et al" not in group else (group, "")


@lru_cache(maxsize=4096)
def _size_of(label: str) -> int | None:
    m = _COUNTED.match(label, begun.end() if (begun := _LEADING.match(label)) else 0)
    if m is None:
        return None
    return int(m["digits"].replace(",", "")) if m["digits"] else count(m["word"].lower())


def _describes(s: Statement, n: int) -> bool:
    if s.quantity in ("mean", "median") and _AGE.search(s.of) and s.n == n:
        return True
    return s.quantity == "count" and s.denominator == n and _sex_of(s.of) != ""


@lru_cache(maxsize=4096)
def _sex_of(label: str) -> str:
    """The field of a count of men or of women, "" where a label is neither."""
    return "n_male" if _MALE.search(label) else "n_female" if _FEMALE.search(label) else ""


def _case(paper: Paper, told: _Told) -> Case:
    name = f"{told.label} ({_reference(paper, told.study)})" if told.study else told.label
    claims = [_claim("n_patients", told.n, *told.sized)]
    for s in told.statements:
        claims += _of_statement(s, told.n)
    claims += _of_outcome(told)
    claims += _of_words(paper, told)
    return Case(
        case=1,
        label=name,
        kind="group",
        claims=tuple(_once(claims)),
        reported_by=paper.id if told.study else None,
    )


def _claim(
    field: str, value: Value, *quotes: Quote, certainty: Certainty = "stated", derivation: str | None = None
) -> Claim:
    return Claim(field=field, value=value, quotes=quotes, certainty=certainty, derivation=derivation)


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _of_statement(s: Statement, n: int) -> Iterator[Claim]:
    """The claims that a statement makes about its group as a whole."""
    quote = s.quotes[0]
    counted = s.quantity == "count" and s.denominator == n
    if counted and s.n is not None and (field := _sex_of(s.of)):
        yield _claim(field, s.n, quote)
        return
    if s.quantity == "count" and s.denominator is None and len(s.of) < 8:
        for found in find_levels(s.of, s.of.lower()):
            for level in found.levels:
                yield _claim("levels", level, quote)
    if s.n not in (n, None):
        return
    if s.quantity in ("mean", "median", "range"):
        yield from _of_measure(s, quote)
    elif (
        s.quantity == "survival_rate"
        and s.value is not None
        and s.months
        and re.match(r"(?:overall )?(?:survival|os)$", s.of.lower())
    ):
        yield _claim(f"survival_at_{_number(round(s.months, 1))}_months_percent", _number(s.value), quote)


def _of_outcome(told: _Told) -> Iterator[Claim]:
    """How many died and how many lived, where the two make up the group but for a few that were lost."""
    counted = [s for s in told.statements if s.quantity == "count" and s.n is not None]
    for dead in sorted((s for s in counted if _DEAD.search(s.of)), key=lambda s: -(s.n or 0)):
        for alive in (s for s in counted if _ALIVE.search(s.of)):
            if 0.9 * told.n <= (dead.n or 0) + (alive.n or 0) <= told.n:
                yield _claim("n_dead", dead.n or 0, dead.quotes[0])
                yield _claim("n_alive", alive.n or 0, alive.quotes[0])
                return


def _of_measure(s: Statement, quote: Quote) -> Iterator[Claim]:
    field = ""
    if _AGE.search(s.of) and s.unit in ("years", None):
        field = "age"
    elif _FOLLOW_UP.search(s.of) and s.unit in ("months", "years", "weeks") and len(s.of) < 40:
        field = "follow_up"
    elif _SURVIVAL.search(s.of) and not _AFTER.search(s.of) and s.unit in ("months", "years", "weeks"):
        field = "survival"
    if not field:
        return
    unit = "years" if field == "age" else "months"
    if s.quantity == "range":
        yield _claim(f"{field}_range_{unit}", f"{s.printed_low}-{s.printed_high}", quote)
        return
    value = s.value or 0.0
    if field != "age" and s.unit != "months":
        value = round(months(value, s.unit or "months"), 2)
    name = (
        f"median_survival_{unit}"
        if field == "survival" and s.quantity == "median"
        else f"{field}_{s.quantity}_{unit}"
    )
    yield _claim(name, _number(value), quote)


def _of_words(paper: Paper, told: _Told) -> Iterator[Claim]:
    """Diagnosis, region and treatment that the words naming the group give to all of it."""
    for quote in told.sized:
        view = reading_copy(paper.text, [(quote.start, quote.end)])
        for h in terms().find(view.plain, Tokens(view.folded)):
            if _NOT_DONE.search(view.folded[: h.start]):
                continue
            a, b = view.origin(h.start, h.end)
            yield from _of_hit(h, paper.quote(a, b))


def _of_hit(h: Hit, quote: Quote) -> Iterator[Claim]:
    if h.kind == "tumour" and h.concept:
        yield _claim("diagnosis", h.concept, quote)
    elif h.kind == "region":
        for name in h.concept.split("+"):
            yield _claim("regions", name, quote)
    elif h.kind in _GIVEN and h.concept and h.concept != "biopsy":
        first = h.concept.split("|")[0]
        for name in first.split("+"):
            yield _claim("procedures" if h.kind == "procedure" else "treatments", name, quote)


def _once(claims: list[Claim]) -> Iterator[Claim]:
    seen: set[tuple[str, str]] = set()
    for c in claims:
        if c.value != "" and (c.field, str(c.value)) not in seen:
            seen.add((c.field, str(c.value)))
            yield c


def _reference(paper: Paper, study: str) -> str:
    """The study with its year, from the list of references where the sentence has none."""
    name = study.split(" [")[0]
    if re.search(r"\b(?:19|20)\d\d\b", name):
        return name
    first = re.escape(name.split(" et al")[0].split()[0])
    for s in paper.sections or ():
        if s.kind == "references":
            m = re.search(
                rf"\b{first},? [A-Z][^\n]{{0,400}}(?:\n(?!\s*\n)[^\n]{{0,300}}){{0,3}}",
                paper.text[s.start : s.end],
            )
            year = re.search(r"[.;( ](?P<y>(?:19|20)\d\d)\b(?=[ ;.)])", m.group()) if m else None
            return f"{name}, {year['y']}" if year else name
    return name


def _row(paper: Paper, e: Entry) -> Case:
    """A series in a row of a literature table."""
    claims: list[Claim] = [
        Claim(
            field="cited_study",
            value=e.label,
            quotes=tuple(paper.quote(c.start, c.end) for c in e.author),
            method="table",
        )
    ]
    for f in e.fields:
        view = view_of(paper, f.cell)
        quote = paper.quote(f.cell.start, f.cell.end)
        value = re.match(r"\s?(\d+(?:\.\d+)?)\b", view.folded)
        if f.role == "n" and value:
            claims.append(
                Claim(field="n_patients", value=int(float(value[1])), quotes=(quote,), method="table")
            )
        elif f.role == "age" and value:
            name = "age_median_years" if "median" in f.head else "age_mean_years"
            claims.append(Claim(field=name, value=_number(float(value[1])), quotes=(quote,), method="table"))
        elif f.role == "outcome" and (told := re.search(DURATION, view.folded)) and "median" in f.head:
            at = months(number(told["n"]) or 0, told["unit"])
            claims.append(
                Claim(field="median_survival_months", value=_number(at), quotes=(quote,), method="table")
            )
    return Case(case=1, label=e.label, kind="group", claims=tuple(claims), reported_by=paper.id)
