"""What each discipline of the tumour board has to decide or to supply for this patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from spondyl.consult import rules
from spondyl.consult.patient.asking import Wanted
from spondyl.consult.patient.management import holding
from spondyl.consult.patient.person import Person
from spondyl.consult.rules.management import Statement
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.team import Discipline, team
from spondyl.consult.rules.verdict import Verdict
from spondyl.present.consultation import Basis, Grid, Line, Part, Tone

__all__ = ["part"]

LEAD = (
    "What the rest of the page leaves open, by who can decide or supply it. A decision is named where sources speak of "
    "it for this patient; how it is decided is the board's."
)
HEAD = ("Discipline", "To decide", "To supply", "What sources say of its part")
MOST = 6
"""Missing values named for each discipline; the rest is counted."""

Held = Mapping[str, tuple[Statement, Verdict]]


def part(person: Person, results: Results | None = None, wanted: Sequence[Wanted] = ()) -> Part:
    """The part of the page for the tumour board.

    Args:
        person: The patient.
        results: The patient's scores.
        wanted: What is missing on the page, what could change most of it first.

    Returns:
        A row for each discipline that something is open for.
    """
    held = results or Results(person)
    apply, _ = holding(person, held)
    statements = {s.id: (s, v) for s, v in apply}
    rows, idle = [], []
    for one in team().disciplines:
        verdict = one.judge(person, held)
        if not verdict.truth:
            continue
        row = _row(one, verdict, person, (held, statements, wanted))
        if any(cell.text for cell in row[1:]):
            rows.append(row)
        else:
            idle.append(one.name)
    notes = (Line(f"Nothing on this page is open for: {', '.join(idle)}.", (_basis(),)),) if idle else ()
    grids = (Grid("team", "The tumour board", HEAD, tuple(rows), notes),) if rows else ()
    empty = "Nothing on this page is open for any discipline."
    return Part("team", "For the tumour board", (), grids, empty=empty, lead=LEAD)


def _row(
    one: Discipline, verdict: Verdict, person: Person, page: tuple[Results, Held, Sequence[Wanted]]
) -> tuple[Line, ...]:
    results, statements, wanted = page
    first = Line(one.name, (*verdict.bases, _basis()), key=one.id)
    urgent = _flags(one, person, results)
    return first, _decides(one, statements, urgent), _supplies(one, wanted), _notes(one, person, results)


def _flags(one: Discipline, person: Person, results: Results) -> tuple[Line, ...]:
    judged = ((r, r.judge(person, results)) for r in rules.load("flags").rules if r.id in one.flags)
    return tuple(rules.line(r, v, "flags") for r, v in judged if v.truth)


def _decides(one: Discipline, statements: Held, urgent: tuple[Line, ...]) -> Line:
    """Red flags, then what sources speak of, one line for each subject."""
    mine = [statements[name] for name in one.decides if name in statements]
    subjects = dict.fromkeys(s.title for s, _ in mine)
    more = (*urgent, *(_subject(t, [j for j in mine if j[0].title == t]) for t in subjects))
    bases = _once(b for line in more for b in line.bases)
    text = _counted(len(urgent), "red flag", "red flags") + _counted(
        len(subjects), "subject of the literature", "subjects of the literature"
    )
    tone: Tone = "urgent" if any(line.tone == "urgent" for line in urgent) else ""
    return Line(text.removesuffix(", "), bases, tone, more, f"{one.id}_decides", len(more))


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}, " if number else ""


def _subject(title: str, judged: Sequence[tuple[Statement, Verdict]]) -> Line:
    sources = [s for statement, _ in judged for s in statement.sources]
    names = list(dict.fromkeys(s.name for statement, _ in judged for s in statement.sources[:1]))
    disagree = any(set(s.disagrees) & {o.id for o, _ in judged} for s, _ in judged)
    said = f"{' and '.join(names)} disagree" if disagree else ", ".join(names)
    bases = _once((*(s.basis for s in sources), *(b for _, v in judged for b in v.bases)))
    return Line(f"{title} ({said})", bases, key=judged[0][0].id)


def _supplies(one: Discipline, wanted: Sequence[Wanted]) -> Line:
    mine = [w for w in wanted if w.who in one.supplies]
    basis = Basis("computed", "what each missing value could change on this page", "consult/patient/asking")
    more = tuple(Line(w.words, (basis,), "missing", key=f"{one.id}_{w.key}") for w in mine[:MOST])
    if len(mine) > MOST:
        left = "; ".join(w.words for w in mine[MOST:])
        more = (
            *more,
            Line(f"and {len(mine) - MOST} more: {left}", (basis,), "missing", key=f"{one.id}_more"),
        )
    text = _counted(len(mine), "missing value", "missing values").removesuffix(", ")
    value = [w.key for w in mine]
    return Line(text, (basis,) if mine else (), "missing" if mine else "", more, f"{one.id}_supplies", value)


def _notes(one: Discipline, person: Person, results: Results) -> Line:
    judged = [(r, r.judge(person, results)) for r in one.notes]
    more = tuple(rules.line(r, v, "team") for r, v in judged if v.truth)
    if not more:
        return Line("")
    head, *rest = more
    return Line(head.text, head.bases, head.tone, tuple(rest), head.key)


def _basis() -> Basis:
    return Basis("rule", "who is asked for which patient", f"rules team, version {team().version}")


def _once(bases: Iterable[Basis]) -> tuple[Basis, ...]:
    return tuple(dict.fromkeys(bases))
