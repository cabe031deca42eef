"""Patients like this one: the nearest published cases, why they are near, what was done, and how it went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spondyl.consult.patient.distance import Criterion
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.nearest import Near, Neighbours, neighbours
from spondyl.consult.patient.person import Person
from spondyl.present.catalog import Field, field, shown
from spondyl.present.consultation import Basis, Grid, Line, Part
from spondyl.record import Case, Claim, Value

__all__ = ["alike", "case_basis", "told"]

TREATMENT = ("procedures", "treatments", "resection_extent", "margin", "radiation_dose_gy", "drugs")
COURSE = ("follow_up_months", "status", "recurrence", "recurrence_months", "complications")
TITLE = "Patients like this one"
MOST_WORDS = 240


def alike(person: Person, library: Library, k: int | None = None, found: Neighbours | None = None) -> Part:
    """The part of the page with the nearest cases.

    Args:
        person: The patient.
        library: The cases.
        k: How many at most; as many as the rules say if not given.
        found: The library measured around this patient, where that was done already.

    Returns:
        A line on how they were found, and a table of the cases.
    """
    found = found or neighbours(person, library)
    near = found.first(found.by.nearest if k is None else k)
    if not near:
        return Part("alike", TITLE, empty=_none(found))
    return Part(
        key="alike",
        title=TITLE,
        lead="Nearest first. The distance is 0 where all that could be compared is the same, and 1 where nothing "
        "is; the share says how much of what is known of this patient the case tells, too.",
        lines=tuple(_summary(found, near)),
        grids=(_grid(person, found, near),),
    )


def _none(found: Neighbours) -> str:
    n = int(found.usable.sum())
    if not n:
        return "There are no cases of spine or bone to compare with: give evidence folders, papers or a registry."
    if not found.measured.criteria:
        return f"Nothing is known of this patient that could be compared with the {n} cases."
    known = ", ".join(c.label for c in found.measured.criteria)
    which = "The one case is not near" if n == 1 else f"None of the {n} cases is near"
    return (
        f"{which} to this patient: a near case tells at least "
        f"{found.by.least_compared:.0%} of what is known here ({known}, by weight), and differs by at most "
        f"{found.by.farthest:g}."
    )


def _summary(found: Neighbours, near: list[Near]) -> Iterator[Line]:
    known = ", ".join(c.label for c in found.measured.criteria)
    bases = (*found.by.basis(), Basis("computed", f"{int(found.usable.sum())} cases of the evidence given"))
    yield Line(
        f"{len(near)} of {int(found.near.sum())} near cases are shown, out of {int(found.usable.sum())}; compared "
        f"were {known}.", bases, key="found",
        value={"shown": len(near), "near": int(found.near.sum()), "cases": int(found.usable.sum())},
    )  # fmt: skip
    missing = [c for c in found.by.criteria if c not in found.measured.criteria]
    if missing:
        names = ", ".join(c.label for c in missing)
        yield Line(
            f"Not known of this patient, so not compared: {names}.", found.by.basis()[:1], "missing",
            key="not-compared", value=[c.field for c in missing],
        )  # fmt: skip
    if found.own or found.repeated:
        parts = [f"{len(found.own)} that {'is' if len(found.own) == 1 else 'are'} this patient"] * bool(
            found.own
        )
        parts += [f"{found.repeated} told a second time by another paper"] * bool(found.repeated)
        basis = Basis(
            "computed", "the same paper and number; or the same study, age and levels in another paper"
        )
        yield Line(f"Left aside: {' and '.join(parts)}.", (basis,), key="left-aside")
    if any(n.maybe_same for n in near):
        yield Line(
            "A case that agrees in age, sex, tumour and everything else compared may be this patient in another "
            "report; it is marked.", found.by.basis()[:1], "warning", key="maybe-same",
        )  # fmt: skip


def _grid(person: Person, found: Neighbours, near: Iterable[Near]) -> Grid:
    return Grid(
        name="alike",
        title="Nearest cases",
        head=("Case", "Distance", "Alike", "Different or not told", "Treatment", "Course"),
        rows=tuple(_row(person, found, one) for one in near),
        notes=(
            Line("What was done and how it went was not compared; it is what these cases are asked for.",
                 (Basis("rule", "; ".join(x.why for x in found.by.not_compared), "alike.toml, not_compared"),)),
        ),
    )  # fmt: skip


def _row(person: Person, found: Neighbours, one: Near) -> tuple[Line, ...]:
    case = found.library.case(one.row)
    whose = (found.library, one.row, case)
    return (
        _named(found, one, case),
        _measure(found, one),
        Line(_names(one.alike()), _MEASURED, more=tuple(_same(whose, c) for c in one.alike())),
        Line(_unlike(one), _MEASURED, more=(*_differing(person, whose, one), *_untold(one))),
        _told_line(whose, TREATMENT, "treatment"),
        _told_line(whose, COURSE, "course"),
    )


Whose = tuple[Library, int, Case]
_MEASURED = (Basis("computed", "the differences of the criteria in alike.toml"),)


def _names(some: Sequence[Criterion]) -> str:
    return ", ".join(c.label for c in some) or "nothing"


def _unlike(one: Near) -> str:
    """In what a case differs, or is silent, in a few words."""
    parts = [_names(one.different())] if one.different() else []
    parts += [f"in part: {_names(one.partly())}"] if one.partly() else []
    parts += [f"not told: {_names(one.untold())}"] if one.untold() else []
    return "; ".join(parts) or "nothing"


def _measure(found: Neighbours, one: Near) -> Line:
    return Line(
        f"{one.distance:.2f}; {one.compared:.0%} compared",
        (Basis("computed", "Gower's distance", f"alike.toml, version {found.by.version}"),),
        value={"distance": one.distance, "compared": one.compared, "rank": one.rank},
    )  # fmt: skip


def _named(found: Neighbours, one: Near, case: Case) -> Line:
    library = found.library
    about = library.about(one.row)
    bases = [Basis("case", about.reference, f"{about.paper.id}, case {case.case}", about.url,
                   date=str(about.paper.year or ""))]  # fmt: skip
    text_url = about.origin.link(about.paper.id)
    bases += [Basis("case", "the text that was read", about.paper.id, text_url)] if text_url else []
    more: tuple[Line, ...] = ()
    if one.maybe_same:
        more = (Line("may be this patient in another report", found.by.basis()[:1], "warning"),)
    return Line(
        library.name(one.row), tuple(bases), more=more, key=f"{about.paper.id}/{case.case}",
        value={"paper": about.paper.id, "case": case.case, "cited": bool(library.cited[one.row])},
    )  # fmt: skip


def _same(whose: Whose, by: Criterion) -> Line:
    words, bases = told(whose, _fields(by))
    return Line(f"{by.label}: {words}", bases, "for", key=by.field)


def _differing(person: Person, whose: Whose, one: Near) -> Iterator[Line]:
    for by in (*one.different(), *one.partly()):
        words, bases = told(whose, _fields(by))
        here = _joined(person.case.claims, _fields(by))
        part = "in part: " if by in one.partly() else ""
        yield Line(
            f"{by.label}: {part}{words}; here {here}", bases + _mine(person, by), "against", key=by.field
        )


def _untold(one: Near) -> Iterator[Line]:
    if names := [c.label for c in one.untold()]:
        yield Line(
            f"not told: {', '.join(names)}", (Basis("computed", "not found in the words of this case"),), "missing",
            key="not-told", value=[c.field for c in one.untold()],
        )  # fmt: skip


def _mine(person: Person, by: Criterion) -> tuple[Basis, ...]:
    return tuple(b for name in _fields(by) for b in person.bases(name))


def _fields(by: Criterion) -> tuple[str, ...]:
    return (by.field, by.negative) if by.negative else (by.field,)


def _told_line(whose: Whose, fields: Iterable[str], key: str) -> Line:
    words, bases = told(whose, fields)
    if not words:
        return Line(
            "not found", (Basis("computed", "not found in the words of this case"),), "missing", key=key
        )
    values = {f: v for f in fields if (v := whose[2].fields.get(f)) is not None}
    return Line(words, bases, key=key, value=values)


def told(whose: Whose, fields: Iterable[str]) -> tuple[str, tuple[Basis, ...]]:
    """What a case says of some fields, with its words.

    Args:
        whose: The library, the case's place in it, and the case.
        fields: The fields.

    Returns:
        The values in one line, and what they rest on.
    """
    library, row, case = whose
    held = [c for name in fields for c in case.of(name)]
    bases = dict.fromkeys(case_basis(library, row, c) for c in held)
    return _joined(case.claims, fields), tuple(bases)


def _joined(claims: Iterable[Claim], fields: Iterable[str]) -> str:
    """Values of several fields in one line; each field with its name where it does not speak for itself."""
    claims = list(claims)
    parts = []
    for name in fields:
        values = list(dict.fromkeys(c.value for c in claims if c.field == name))
        if values:
            known = field(name)
            between = ", " if name in _SEVERAL else " / "
            words = between.join(_word(name, v) for v in values)
            parts.append(f"{_PREFIX.get(name, '')}{words}{_unit(known, values)}")
    return "; ".join(parts)


def _word(name: str, value: Value) -> str:
    """A value as it is read; every denied finding with its own no."""
    text = _SAID.get((name, value), shown(name, value))
    return f"no {text}" if name == "denied" else text


def _unit(known: Field, values: Sequence[object]) -> str:
    if not known.unit or known.suffix:
        return ""
    return f" {known.unit.removesuffix('s') if values == [1] else known.unit}"


_PREFIX = {
    "resection_extent": "extent ", "margin": "margin ",
    "recurrence_months": "recurrence at ", "follow_up_months": "followed for ", "complications": "complications: ",
}  # fmt: skip
_SAID: dict[tuple[str, object], str] = {
    ("recurrence", "no"): "no recurrence", ("recurrence", "yes"): "recurrence",
}  # fmt: skip
_SEVERAL = frozenset(
    {"levels", "regions", "compartment", "other_metastases", "presentation", "denied", "treatments", "procedures",
     "radiation_dose_gy", "drugs", "complications", "bone_quality"}
)  # fmt: skip


def case_basis(library: Library, row: int, claim: Claim) -> Basis:
    """What a value of a case rests on: its words with their place, or the record it stands in."""
    about = library.about(row)
    if not claim.quotes:
        return Basis(
            "case", f"{claim.field} = {claim.value}, without words", f"{about.paper.id}, {about.origin.name}"
        )
    quote = claim.quotes[0]
    text = quote.text if len(quote.text) <= MOST_WORDS else quote.text[: MOST_WORDS - 1] + "…"
    return Basis(
        "case", " ".join(text.split()), f"{about.cite}, {quote.paper} {quote.start}–{quote.end}",
        about.origin.link(quote.paper, quote),
    )  # fmt: skip
