"""What papers say of groups of patients like this one: their figures, with intervals and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

from spondyl.consult.groups import same_group
from spondyl.consult.patient.distance import Rules
from spondyl.consult.patient.library import About, Library
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.wilson import wilson, wilson_of
from spondyl.present.consultation import Basis, Line
from spondyl.present.statements import statement_text
from spondyl.record import Case, Claim, Statement
from spondyl.words.tsv import rows

__all__ = ["Figure", "figures", "tumours_named"]

SAME = 0.2
_ORDER = ("survival_rate", "median", "mean", "count", "hazard_ratio")
_NOT_OF_PATIENTS = re.compile(r"\b(?:implant|hardware|graft|construct|screw)", re.IGNORECASE)
_SPINAL = re.compile(
    r"\b(?:spin(?:e|al)|vertebra\w*|intramedullary|epidural|cord|bone|bony|osseous|skeletal)\b", re.IGNORECASE
)
_WORDS = re.compile(r"[\w/-]+")
_LONGEST = 6
MOST = 100
"""So many statements of a kind have their words loaded; more are not shown, however many were read."""
_YEAR = 12


@dataclass(frozen=True)
class Figure:
    """A figure of a group.

    Args:
        about: The paper.
        statements: The statement, and those that give its spread.
        same_tumour: Whether the group has the patient's tumour; else tumours are not named apart.
    """

    about: About
    statements: tuple[Statement, ...]
    same_tumour: bool

    @property
    def spread(self) -> bool:
        """Whether an interval, a range, or a count with its whole stands with it."""
        return any(
            s.low is not None or (s.n is not None and s.denominator) or _bare_rate(s) for s in self.statements
        )

    def line(self) -> Line:
        """The figure in words, with its words."""
        first = self.statements[0]
        said = "; ".join(_said(s, first) for s in self.statements)
        bases = tuple(dict.fromkeys(_basis(self.about, s) for s in self.statements))
        value = {k: v for k, v in first.model_dump(exclude={"quotes"}).items() if v not in (None, "")}
        return Line(said + self._note(), bases, key=f"{self.about.paper.id}/{first.quantity}", value=value)

    def _note(self) -> str:
        """What is to be known of the spread."""
        if not self.spread:
            return "; no interval is given with it"
        if any(_bare_rate(s) for s in self.statements):
            return (
                f"; of {self.statements[0].n} patients. No interval is given: those here are Wilson's, as if all had "
                "been followed, and the true ones are wider"
            )
        return "; interval by Wilson, computed here" if any(_whole(s) for s in self.statements) else ""


def _said(s: Statement, first: Statement) -> str:
    text = statement_text(s)
    if s is not first:
        text = text.removeprefix(f"{s.of.replace('_', ' ')}: ")
    if _whole(s):
        low, high = wilson(s.n or 0, s.denominator or 1)
    elif _bare_rate(s):
        low, high = wilson_of(s.value or 0.0, s.n or 1)
    else:
        return text
    return f"{text} (95% CI {low:.0%}–{high:.0%})"


def _whole(s: Statement) -> bool:
    """A count with the number it is of."""
    return s.quantity == "count" and s.n is not None and bool(s.denominator) and s.n <= (s.denominator or 0)


def _bare_rate(s: Statement) -> bool:
    """A survival rate without an interval, but with the number of patients."""
    return (
        s.quantity == "survival_rate"
        and s.low is None
        and bool(s.n)
        and s.value is not None
        and s.value <= 100
    )


def _basis(about: About, s: Statement) -> Basis:
    words = " … ".join(" ".join(q.text.split()) for q in s.quotes)
    first = s.quotes[0] if s.quotes else None
    place = f"{about.cite}, {about.paper.id}" + (f" {first.start}–{first.end}" if first else "")
    url = (about.origin.link(about.paper.id, first) if first else "") or about.url
    return Basis("statement", words[:300] or statement_text(s), place, url, date=str(about.paper.year or ""))


def figures(person: Person, library: Library, by: Rules) -> Iterator[Figure]:
    """Figures on the outcome of groups with the patient's tumour, then of groups whose tumours are not told apart.

    Args:
        person: The patient.
        library: What was read.
        by: How different tumours are.
    """
    mine = [str(v).casefold() for v in person.values("diagnosis")]
    read = [
        (order, Figure(about, tuple(_with_spread(library, about, at)), order[0] == 0))
        for order, about, at in _candidates(library, mine, by)
    ]
    told = [(o, f) for o, f in read if f.statements[0].quantity != "count" or f.spread]
    yield from _joined(
        _once(f for _, f in sorted(told, key=lambda x: (*x[0][:3], not x[1].spread, *x[0][3:])))
    )


def _candidates(library: Library, mine: list[str], by: Rules) -> Iterator[tuple[tuple[int, ...], About, int]]:
    """The first statements of each kind: of this tumour before others, of the spine or bone before other sites."""
    found: list[tuple[tuple[int, ...], About, int]] = []
    for place, about in enumerate(library.papers):
        for at, quantity, of, group in about.said:
            if quantity in _ORDER and not _NOT_OF_PATIENTS.search(of):
                same = _concerned(about, group, mine, by)
                if same is not None:
                    spinal = bool(_SPINAL.search(f"{group} {of}"))
                    found.append(((not same, not spinal, _ORDER.index(quantity), place, at), about, at))
    kinds = Counter[tuple[int, ...]]()
    for order, about, at in sorted(found, key=lambda x: x[0]):
        kinds[order[0], order[2]] += 1
        if kinds[order[0], order[2]] <= MOST:
            yield order, about, at


def _once(found: Iterable[Figure]) -> Iterator[Figure]:
    """Every figure once, though a paper says it in its abstract, its text and its tables."""
    seen = set()
    for figure in found:
        s = figure.statements[0]
        value = s.value * _YEAR if s.value is not None and s.unit in ("year", "years") else s.value
        ratio = (s.low, s.high) if s.quantity == "hazard_ratio" else ()
        key = (figure.about.paper.id, s.quantity, value, s.months, s.n if value is None else None, ratio)
        if key not in seen:
            seen.add(key)
            yield figure


def _joined(found: Iterable[Figure]) -> Iterator[Figure]:
    """Survival rates of one group in one figure, by time."""
    for key, some in groupby(found, key=_rates_of):
        if key is None:
            yield from some
            continue
        together = list(some)
        statements = sorted((s for f in together for s in f.statements), key=lambda s: s.months or 0.0)
        yield Figure(together[0].about, tuple(statements), together[0].same_tumour)


def _rates_of(figure: Figure) -> tuple[str, ...] | None:
    """What makes survival rates one figure: paper, group, what is measured, and how their spread is given."""
    s = figure.statements[0]
    if s.quantity != "survival_rate":
        return None
    return (figure.about.paper.id, s.group, s.of, str(s.n), str(_bare_rate(s)), str(s.low is None))


def _with_spread(library: Library, about: About, at: int) -> Iterator[Statement]:
    """A statement, and the quartiles or the range told beside it of the same group and quantity."""
    first = library.statement(about, at)
    yield first
    if first.quantity in ("median", "mean") and first.low is None:
        for other, quantity, of, group in about.said:
            if quantity in ("quartiles", "range") and (of, group) == (first.of, first.group):
                yield library.statement(about, other)
                return


def _concerned(about: About, group: str, mine: list[str], by: Rules) -> bool | None:
    """True for a group with the patient's tumour, False for one of mixed tumours, `None` for one of another tumour."""
    named = tumours_named(group) or _of_group(about, group) or tumours_named(about.paper.title or "")
    if named:
        near = min((by.tumour.between(a, b) for a in mine for b in named), default=1.0)
        return True if near <= SAME else None
    words = f"{group} {about.paper.title or ''} {' '.join(label for label, _ in about.groups)}"
    return False if _SPINAL.search(words) else None


def _of_group(about: About, group: str) -> list[str]:
    """The tumours of the group that a statement's words mean."""
    out = []
    for label, fields in about.groups:
        size = [Claim(field="n_patients", value=v, quotes=()) for v in _numbers(fields.get("n_patients"))]
        if same_group(Case(case=1, label=label, kind="group", claims=tuple(size)), group):
            held = fields.get("diagnosis")
            out += [str(v).casefold() for v in (held if isinstance(held, list) else [held]) if v]
    return out


def _numbers(value: object) -> list[float]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, int | float)]


@cache
def _terms() -> dict[str, str]:
    """Term → tumour; abbreviations as they are written, other terms in lower case; wide words are left out."""
    columns = ("term", "concept", "class", "note")
    wide = ("generic", "mimic", "benign")
    return {
        (e["term"] if "abbreviation" in e["note"] else e["term"].casefold()): e["concept"]
        for e in rows("spondyl", "extract/lexicons/tumours.tsv", columns)
        if e["class"] not in wide and "only-composed" not in e["note"] and "{" not in e["concept"]
    }


@lru_cache(1 << 15)
def tumours_named(text: str) -> tuple[str, ...]:
    """The tumours that words name, the longest name at each place.

    Args:
        text: A few words: a title, the name of a group.

    Example:
        >>> tumours_named("45 patients with metastatic LMS to the bone"), tumours_named("24 patients")
        (('leiomyosarcoma',), ())
    """
    words = _WORDS.findall(text)
    out: list[str] = []
    at = 0
    while at < len(words):
        for long in range(min(_LONGEST, len(words) - at), 0, -1):
            if named := _named(" ".join(words[at : at + long])):
                out.append(named)
                at += long
                break
        else:
            at += 1
    return tuple(dict.fromkeys(out))


def _named(words: str) -> str | None:
    known, lower = _terms(), words.casefold()
    return known.get(words) or known.get(lower) or known.get(lower.removesuffix("s"))
