"""The part of the page on the patient as understood: values with words, what contradicts, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spondyl.consult.patient.asking import Wanted, line
from spondyl.consult.patient.inferring import is_answer
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.sane import clashes
from spondyl.consult.rules.kin import is_known
from spondyl.present.catalog import columns, field, fields, place_of, shown
from spondyl.present.consultation import Basis, Grid, Line, Part
from spondyl.record import LIST_FIELDS, Finding

__all__ = ["part", "title"]

MOST = 6
"""How many missing things stand in the table; the others are listed below it."""


def part(person: Person, missing: Sequence[Wanted] = ()) -> Part:
    """What was understood of the patient, what does not add up, what could not be, and what is missing.

    Args:
        person: The patient.
        missing: What to find out, the most telling first.
    """
    lines = (
        *_confirmed(person),
        *_absurd(person),
        *_unread(person),
        *_contradictions(person),
        *_findings(person),
    )
    grids = (g for g in (_values(person), _missing(missing)) if g.rows)
    return Part(
        "patient", "The patient as understood", tuple(lines), tuple(grids),
        empty="Nothing is known of this patient.",
        lead="Each value stands with its words; a value that is not here was not found, which is not the same as "
        "absent.",
    )  # fmt: skip


def title(person: Person) -> str:
    """The patient in a line.

    Args:
        person: The patient.

    Example:
        >>> from spondyl.record import Case, Claim
        >>> words = {"age_years": 63, "sex": "female", "diagnosis": "leiomyosarcoma", "levels": "C5"}
        >>> claims = tuple(Claim(field=k, value=v, quotes=()) for k, v in words.items())
        >>> title(Person(Case(case=1, label="", claims=claims)))
        '63-year-old woman, leiomyosarcoma, C5'
    """
    said = [_who(person)]
    for name in ("diagnosis", "primary_site", "compartment", "levels"):
        if held := person.values(name):
            words = ", ".join(shown(name, v) for v in held[:4]) + ("…" if len(held) > 4 else "")
            said.append(f"primary {words}" if name == "primary_site" else words)
    return ", ".join(filter(None, said)) or "Patient"


def _who(person: Person) -> str:
    age = "/".join(shown("age_years", v) for v in person.values("age_years"))
    sexes = person.values("sex")
    who = {"female": "woman", "male": "man"}.get(str(sexes[0]), "patient") if len(sexes) == 1 else "patient"
    young = age and all(isinstance(v, int | float) and v < 18 for v in person.values("age_years"))
    if young:
        who = {"woman": "girl", "man": "boy"}.get(who, "child")
    return f"{age}-year-old {who}" if age else who.capitalize() if sexes else ""


def _confirmed(person: Person) -> Iterator[Line]:
    if not person.confirmed:
        text = "Read from a text and not confirmed by a reader: compare each value with its words before it is used."
        yield Line(
            text, (Basis("computed", "extraction by rules", person.origin),), "warning", key="unconfirmed"
        )


def _absurd(person: Person) -> Iterator[Line]:
    for name, said in person.absurd.items():
        given = Basis("given", said, person.origin or "the record")
        rule = Basis("rule", "what a value of a field can be, and why", "consult/patient/limits.toml")
        yield Line(
            f"Left aside: {said.rstrip('?')}{'?' if said.endswith('?') else '.'}",
            (given, rule),
            "urgent",
            key=f"absurd-{name}",
            value=name,
        )


def _unread(person: Person) -> Iterator[Line]:
    """Tumours that no rule and no score knows."""
    for value in person.values("diagnosis"):
        if not is_known(str(value)):
            text = (
                f"The tumour “{value}” is not in the lexicon: what depends on the kind of tumour stays open."
            )
            rule = Basis("rule", "the lexicon of tumours", "extract/lexicons/tumours.tsv")
            bases = (*person.bases("diagnosis", value), rule)
            yield Line(text, bases, "warning", key="unknown-diagnosis")


def _contradictions(person: Person) -> Iterator[Line]:
    held = {c.field: person.values(c.field) for c in person.case.claims if not is_answer(c)}
    for number, (says, about) in enumerate(clashes(held), 1):
        bases = tuple(dict.fromkeys(b for name, value in about for b in person.bases(name, value)))
        more = (
            " Nothing below chooses between them; what they would decide differently stays open."
            if len({n for n, _ in about}) == 1
            else ""
        )
        rule = Basis("rule", "what cannot both be true of one patient", "consult/patient/clashes.toml")
        yield Line(says + more, (*bases, rule), "warning", key=f"clash-{number}", value=[n for n, _ in about])


_SAID = {"age_conflict": "age_years", "sex_conflict": "sex"}
"""Findings of the audit that the values of a field say themselves."""


def _findings(person: Person) -> Iterator[Line]:
    """What the audit found about the patient, each message once."""
    told: dict[str, list[Finding]] = {}
    for finding in person.findings:
        if len(person.values(_SAID.get(finding.kind, ""))) < 2:
            told.setdefault(finding.message, []).append(finding)
    for message, findings in told.items():
        quotes = dict.fromkeys(q for f in findings for q in f.quotes)
        words = [Basis("words", q.text, f"{q.paper} {q.start}–{q.end}") for q in list(quotes)[:4]]
        check = Basis("rule", findings[0].computed or message, f"audit, {findings[0].kind}")
        yield Line(message, (*words, check), "warning", key=f"audit-{findings[0].kind}")


def _values(person: Person) -> Grid:
    """The fields of the record in the order of the evidence table."""
    held = dict.fromkeys(c.field for c in person.case.claims if not is_answer(c))
    order = {c.key: n for n, c in enumerate(columns())}
    listed = list(fields())
    names = sorted(
        held,
        key=lambda n: (
            order[place_of(n)[0]],
            place_of(n)[1],
            listed.index(n) if n in listed else len(listed),
        ),
    )
    return Grid("understood", "As understood", ("", "Value"), tuple(_row(person, n) for n in names))


def _row(person: Person, name: str) -> tuple[Line, Line]:
    values = person.values(name)
    clash = len(values) > 1 and name not in LIST_FIELDS
    said = (" / " if clash else ", ").join(_said(name, v) for v in values)
    label = field(name).label
    value = list(values) if name in LIST_FIELDS or clash else values[0]
    cell = Line(said, person.bases(name), "warning" if clash else "", key=name, value=value)
    return Line(label[0].upper() + label[1:]), cell


def _said(name: str, value: object) -> str:
    known = field(name)
    words = shown(name, value)  # type: ignore[arg-type]
    if known.suffix or not known.unit or not isinstance(value, int | float):
        return words
    return f"{words} {known.unit}"


def _missing(missing: Sequence[Wanted]) -> Grid:
    told = [w for w in missing if w.weight > 0]
    rows = tuple(line(w) for w in told[:MOST])
    basis = Basis("computed", "what each missing value could change on this page", "consult/patient/asking")
    rest = tuple(replace(line(w)[0], more=()) for w in told[MOST:])
    notes = (
        (Line(f"{len(rest)} further questions that would change less", (basis,), more=rest),) if rest else ()
    )
    head = ("To find out", "Could change", "Who can tell")
    return Grid("missing", "What is missing, most telling first", head, rows, notes)
