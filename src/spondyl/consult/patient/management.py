"""What sources say of treatment and follow-up for this configuration, side by side where they disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from spondyl.consult.patient.follow_up import grid as follow_up
from spondyl.consult.patient.person import Person
from spondyl.consult.rules.fields import ask, fields
from spondyl.consult.rules.management import Statement, Topic, management
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.verdict import Verdict
from spondyl.present.consultation import Basis, Grid, Line, Part

__all__ = ["holding", "part"]

LEAD = (
    "What published sources report for a patient like this. Nothing here is advice; where sources disagree they stand "
    "together, each naming the other. Levels of evidence are those the sources state, or the kind of study."
)
EMPTY = "None of the statements that were collected applies to what is known of this patient."
HEAD = ("What the source says", "Evidence", "Disagrees with", "Because of")

Judged = tuple[Statement, Verdict]


def holding(person: Person, results: Results) -> tuple[list[Judged], list[Judged]]:
    """The statements that apply, and those of which that is not known.

    Args:
        person: The patient.
        results: The patient's scores.
    """
    judged = [(s, s.judge(person, results)) for s in management().statements]
    return [j for j in judged if j[1].truth], [j for j in judged if j[1].truth is None]


def part(person: Person, results: Results | None = None, index: date | None = None) -> Part:
    """The part of the page on management and follow-up.

    Args:
        person: The patient.
        results: The patient's scores.
        index: The day from which follow-up is counted (the end of treatment); months are given without it.

    Returns:
        A table for each topic of which a statement applies, the published schedules of follow-up, and what would
        have to be known for further statements to apply.
    """
    held = results or Results(person)
    apply, open_ = holding(person, held)
    names = {s.id: _named(s) for s, _ in apply}
    grids = [
        g for t in management().topics if (g := _grid(t, [j for j in apply if j[0].topic == t.id], names))
    ]
    schedules, lines = follow_up(person, held, index)
    grids += schedules
    near = [j for j in open_ if _near(j[1])]
    if of_spine := [j for j in near if _of_spine(j[1])] if _elsewhere(person) else []:
        near = [j for j in near if j not in of_spine]
        lines = [*lines, _apart(person, of_spine)]
    if near:
        lines = [*lines, _unknown(near)]
    return Part(
        "management",
        "Treatment and follow-up in the literature",
        tuple(lines),
        tuple(grids),
        empty=EMPTY,
        lead=LEAD,
    )


def _near(verdict: Verdict) -> bool:
    """Whether something that is known speaks for it, so that it is worth asking for the rest."""
    return bool(verdict.bases) and bool(verdict.missing)


_SPINE = frozenset({"levels", "regions", "compartment", "escc", "presentation.cord_compression"})
"""What is missing of a lesion of the spine."""


def _elsewhere(person: Person) -> bool:
    """Whether the record is of a primary outside the spine and tells of no lesion of the spine."""
    spine = any(person.has(name) for name in ("levels", "regions", "compartment", "escc"))
    primary = person.has("primary_site") and not set(person.values("primary_site")) & {"bone", "spinal_cord"}
    return not spine and primary and person.values("lesion") == ("primary",)


def _of_spine(verdict: Verdict) -> bool:
    """Whether what is missing is of a lesion of the spine."""
    return not _SPINE.isdisjoint(verdict.missing) or any(
        m.startswith(("noms.", "sins.")) for m in verdict.missing
    )


def _apart(person: Person, of_spine: Sequence[Judged]) -> Line:
    """That further statements are about the spine, of which the record tells nothing."""
    titles = dict.fromkeys(s.title for s, _ in of_spine)
    text = f"{len(titles)} further subjects are about lesions of the spine; the record tells of none."
    bases = _once((*person.bases("lesion"), *(_rule(s) for s, _ in of_spine)))
    return Line(text, bases, key="of_spine", value=list(titles))


def _named(statement: Statement) -> str:
    return statement.sources[0].name


def _grid(topic: Topic, judged: Sequence[Judged], names: dict[str, str]) -> Grid | None:
    if not judged:
        return None
    rows = tuple(_row(s, v, names) for s, v in judged)
    return Grid(f"management_{topic.id}", topic.title, HEAD, rows)


def _row(statement: Statement, verdict: Verdict, names: dict[str, str]) -> tuple[Line, ...]:
    rule = _rule(statement)
    bases = _once((*statement.cited, rule, *verdict.bases))
    level = statement.level or "; ".join(dict.fromkeys(s.level for s in statement.sources))
    years = ", ".join(dict.fromkeys(str(s.year) for s in statement.sources if s.year))
    against = [names[d] for d in statement.disagrees if d in names]
    return (
        Line(statement.says, bases, statement.tone, key=statement.id),
        Line(f"{level}; {years}" if years else level, statement.cited, key=f"{statement.id}_level"),
        Line(
            "; ".join(dict.fromkeys(against)),
            statement.cited if against else (),
            "against" if against else "",
        ),
        _because(statement, verdict),
    )


def _because(statement: Statement, verdict: Verdict) -> Line:
    """What makes it apply, in the patient's words or in those of the fields; the shortest three."""
    words = [_worded(b) for b in verdict.bases if b.kind in ("words", "given", "score")]
    short = sorted(dict.fromkeys(words), key=lambda w: (len(w), w))[:3]
    bases = verdict.bases or (_rule(statement),)
    return Line("; ".join(short) or "every patient", bases, key=f"{statement.id}_because")


def _worded(basis: Basis) -> str:
    """A basis as it stands in a cell: words in quotation marks, a value given without words by its label."""
    name, given, value = basis.text.partition(" = ")
    if basis.kind == "given" and given and name == "denied":
        return f"no {fields()['presentation'].said(value)}"
    if basis.kind == "given" and given and name in fields():
        return fields()[name].said(value)
    return f"“{' '.join(basis.text.split())}”" if basis.kind == "words" else basis.text


def _rule(statement: Statement) -> Basis:
    years = ", ".join(dict.fromkeys(str(s.year) for s in statement.sources if s.year))
    place = f"rules management, {statement.id}"
    return Basis("rule", statement.title, place, "", statement.level or statement.sources[0].level, years)


def _unknown(open_: Sequence[Judged]) -> Line:
    """The statements that may apply, one line for each title, with what would decide."""
    lines = {s.title: _open(s, v) for s, v in reversed(open_)}
    bases = _once(_rule(s) for s, _ in open_)
    text = f"Not known whether what sources say of these applies: {'; '.join(reversed(lines))}."
    return Line(text, bases, "unknown", tuple(reversed(lines.values())), "unknown")


def _open(statement: Statement, verdict: Verdict) -> Line:
    bases = (*verdict.bases, _rule(statement), *statement.cited)
    needed = "; ".join(dict.fromkeys(ask(name).words for name in verdict.missing))
    text = f"{statement.title[:1].upper()}{statement.title[1:]}: to be found out: {needed}"
    return Line(text, bases, "unknown", key=statement.id, value={"missing": list(verdict.missing)})


def _once(bases: Iterable[Basis]) -> tuple[Basis, ...]:
    return tuple(dict.fromkeys(bases))
