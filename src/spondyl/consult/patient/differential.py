"""What it could be: candidates by place and by tissue, what speaks for and against each, what would separate them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spondyl.consult.patient.person import Person
from spondyl.consult.rules.conditions import parse
from spondyl.consult.rules.differential import Axis, Candidate, Evidence
from spondyl.consult.rules.differential import differential as candidates
from spondyl.consult.rules.fields import Ask, ask
from spondyl.consult.rules.judging import judge
from spondyl.consult.rules.literature import sources
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.verdict import Verdict
from spondyl.present.consultation import Basis, Grid, Line, Part, Tone

__all__ = ["Weighed", "part", "weigh"]

LEAD = (
    "Candidates in the order of what speaks for them less what speaks against them, each finding counted as one. "
    "That is an order for reading, not a probability; a diagnosis that the record states comes first."
)
EMPTY = "Neither a compartment nor imaging features nor stains are known, so no candidates can be compared."


@dataclass(frozen=True)
class Weighed:
    """One candidate with what the record says of it.

    Args:
        candidate: The candidate.
        found: Its evidence, each with its verdict.
        stated: Whether the record itself states it.
    """

    candidate: Candidate
    found: tuple[tuple[Evidence, Verdict], ...]
    stated: Verdict

    def side(self, side: str) -> tuple[tuple[Evidence, Verdict], ...]:
        """The findings that are true and speak for it, or against it."""
        return tuple((e, v) for e, v in self.found if v.truth and e.side == side)

    @property
    def open(self) -> tuple[tuple[Evidence, Verdict], ...]:
        """The findings that are not known."""
        return tuple((e, v) for e, v in self.found if v.truth is None)

    @property
    def count(self) -> int:
        """What speaks for it less what speaks against it."""
        return sum(e.weight for e, _ in self.side("for")) - sum(e.weight for e, _ in self.side("against"))

    @property
    def shown(self) -> bool:
        """Whether anything speaks for it."""
        return bool(self.stated.truth or self.side("for"))


def weigh(person: Person, axis: str, results: Results | None = None) -> tuple[Weighed, ...]:
    """The candidates of one axis that are possible, those that lead first.

    Args:
        person: The patient.
        axis: "place" or "tissue".
        results: Scores that were computed already.

    Example:
        >>> from spondyl.record import Case, Claim
        >>> stains = [Claim(field="ihc", value=v, quotes=()) for v in ("sma+", "desmin+", "keratin-")]
        >>> [w.candidate.id for w in weigh(Person(Case(case=1, label="", claims=stains)), "tissue")][:2]
        ['leiomyosarcoma', 'leiomyoma']
    """
    held = results or Results(person)
    found = [
        Weighed(c, tuple((e, e.judge(person, held)) for e in c.evidence), _stated(c, person, held))
        for c in candidates().candidates
        if c.axis == axis and c.judge(person, held).truth
    ]
    return tuple(sorted(found, key=lambda w: (not w.stated.truth, -w.count)))


def _stated(candidate: Candidate, person: Person, results: Results) -> Verdict:
    return judge(candidate.states, person, results) if candidate.states else Verdict(False)


def part(person: Person, results: Results | None = None) -> Part:
    """The part of the page on what it could be.

    Args:
        person: The patient.
        results: Scores that were computed already.

    Returns:
        For each axis of which something is known a sentence on who leads and on what would separate the leading
        two, and a table of the candidates.
    """
    held = results or Results(person)
    lines: list[Line] = []
    grids: list[Grid] = []
    for axis in candidates().axes:
        if judge(parse(axis.when), person, held).truth:
            weighed = weigh(person, axis.id, held)
            shown = [w for w in weighed if w.shown]
            lines += _summary(axis, shown, person)
            if shown:
                grids.append(_grid(axis, shown, [w for w in weighed if not w.shown]))
    lines = [*_unlisted(person, grids, bool(lines)), *lines]
    return Part("differential", "What it could be", tuple(lines), tuple(grids), empty=EMPTY, lead=LEAD)


def _unlisted(person: Person, grids: Sequence[Grid], looked: bool) -> list[Line]:
    """A diagnosis that the record states and no candidate stands for, and diagnoses that contradict each other."""
    diagnoses = [str(v) for v in person.values("diagnosis")]
    stated = any("stated by the record" in row[0].text for grid in grids for row in grid.rows)
    if not diagnoses or stated:
        return []
    if len(diagnoses) > 1:
        text = (
            f"The record states {' and '.join(diagnoses)}, which contradict each other; neither leads here."
        )
        return [Line(text, person.bases("diagnosis"), "warning", key="stated")]
    more = "it is no candidate of the rules" if looked else EMPTY[:1].lower() + EMPTY[1:-1]
    return [Line(f"The record states {diagnoses[0]}; {more}.", person.bases("diagnosis"), key="stated")]


def _summary(axis: Axis, shown: Sequence[Weighed], person: Person) -> list[Line]:
    if not shown:
        missing = axis.id == "place" and not person.values("compartment")
        why = "; the compartment of the lesion is not known" if missing else ""
        text = f"{axis.title}: nothing that is known speaks for any candidate of the rules{why}."
        return [Line(text, (_counted(),), "unknown", key=f"{axis.id}_leads")]
    first = shown[0]
    level = [w for w in shown if not first.stated.truth and w.count == first.count]
    out = [_leads(axis, first, level, person)]
    if len(shown) > 1 and (line := _separates(axis, first, shown[1])):
        out.append(line)
    return out


def _leads(axis: Axis, first: Weighed, level: Sequence[Weighed], person: Person) -> Line:
    bases = (*first.stated.bases * bool(first.stated.truth), *_sources(first), _counted())
    name = first.candidate.name
    tally = f"{len(first.side('for'))} for, {len(first.side('against'))} against"
    if first.stated.truth:
        said = ", ".join(str(v) for v in person.values("diagnosis"))
        words = f" ({said})" if said and said != _within(name) else ""
        text = f"{axis.title}: {_within(name)}, as the record states{words}; beside that {tally}."
    elif len(level) > 1:
        text = f"{axis.title}: level, none leads: {_joined(level)} ({tally} each)."
        if len({len(w.side("for")) for w in level}) > 1:
            text = f"{axis.title}: level, none leads: {_joined(level)}."
        bases = (*(b for w in level for b in _sources(w)), _counted())
    else:
        text = f"{axis.title}: {_within(name)} leads ({tally})."
    value = [w.candidate.id for w in level] if len(level) > 1 else [first.candidate.id]
    return Line(text, _once(bases), key=f"{axis.id}_leads", value=value)


def _separates(axis: Axis, one: Weighed, other: Weighed) -> Line | None:
    """What would separate the leading two: what sources say of the pair, else what is unknown and bears on both.

    Beside a diagnosis that the record states only the former is said.
    """
    pair = f"{one.candidate.name} and {_within(other.candidate.name)}"
    key = f"{axis.id}_separates"
    known = {n for w in (one, other) for _, v in w.open for n in v.missing}
    for said in candidates().separators:
        if set(said.between) == {one.candidate.id, other.candidate.id} and known & set(said.asks):
            asked = [a for a in said.asks if a in known]
            text = f"{pair} would be separated by {_listed(_said(ask(a)) for a in asked)}."
            says = Line(f"{said.says}.", said.cited)
            return Line(text, said.cited, "missing", (says,), key, {"missing": asked})
    if one.stated.truth:
        return None
    effects = _effects(one, other)
    both = {n: f for n, f in effects.items() if len({c.id for c, _ in f}) == 2}
    if not effects:
        return Line(
            f"Nothing that the rules ask is left to separate {pair}.", (_counted(),), "unknown", key=key
        )
    found = both or effects
    most = max(len(f) for f in found.values())
    asks = [ask(n) for n, f in found.items() if len(f) == most][:3]
    more = tuple(_effect(c, e) for a in asks for c, e in found[a.name])
    verb = "would be separated by" if both else "are both open; what is not known bears on one of them alone:"
    bases = _once((*(b for line in more for b in line.bases), _counted()))
    text = f"{pair} {verb} {_listed(_said(a) for a in asks)}."
    return Line(text, bases, "missing", _unlike(more), key, {"missing": [a.name for a in asks]})


def _effects(one: Weighed, other: Weighed) -> dict[str, list[tuple[Candidate, Evidence]]]:
    """What is not known → the findings of the two that it would decide; what they share does not separate them."""
    shared = {e.says for e, _ in one.found} & {e.says for e, _ in other.found}
    out: dict[str, list[tuple[Candidate, Evidence]]] = {}
    for weighed in (one, other):
        for evidence, verdict in weighed.open:
            for name in verdict.missing if evidence.says not in shared else ():
                out.setdefault(name, []).append((weighed.candidate, evidence))
    return out


def _within(name: str) -> str:
    """A name within a sentence: its first letter small, unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _effect(candidate: Candidate, evidence: Evidence) -> Line:
    text = f"{evidence.side.capitalize()} {_within(candidate.name)}: {evidence.says}."
    tone: Tone = evidence.side
    return Line(text, evidence.cited, tone)


def _said(one: Ask) -> str:
    return f"{one.words} ({one.discipline})"


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"


def _joined(weighed: Sequence[Weighed]) -> str:
    return "; ".join(_within(w.candidate.name) for w in weighed)


def _grid(axis: Axis, shown: Sequence[Weighed], rest: Sequence[Weighed]) -> Grid:
    head = ("Candidate", "For", "Against", "Not known", "Count")
    rows = tuple(_row(w) for w in shown)
    notes = [Line(axis.lead, (_counted(),), key=f"{axis.id}_lead")]
    if rest:
        names = _joined(rest)
        notes.append(
            Line(f"Nothing that is known speaks for: {names}.", (_counted(),), key=f"{axis.id}_rest")
        )
    return Grid(f"differential_{axis.id}", axis.title, head, rows, tuple(notes))


def _row(weighed: Weighed) -> tuple[Line, ...]:
    one = weighed.candidate
    noted = tuple(sources()[name].basis for name in one.source)
    note = (Line(one.note, noted),) if one.note else ()
    stated = weighed.stated.bases if weighed.stated.truth else ()
    name = f"{one.name} (stated by the record)" if weighed.stated.truth else one.name
    first = Line(name, _once((*stated, *_sources(weighed))), more=note, key=one.id)
    count = Line(
        f"{weighed.count:+d}".replace("-", "−"), (_counted(),), key=f"{one.id}_count", value=weighed.count
    )
    return first, _cell(weighed, "for"), _cell(weighed, "against"), _unknown(weighed), count


def _cell(weighed: Weighed, side: Tone) -> Line:
    found = weighed.side(side)
    more = tuple(Line(e.says, (*v.bases, *e.cited), side) for e, v in found)
    bases = _once(b for line in more for b in line.bases) or (_counted(),)
    return Line(
        str(len(found)), bases, side if found else "", more, f"{weighed.candidate.id}_{side}", len(found)
    )


def _unknown(weighed: Weighed) -> Line:
    asks = dict.fromkeys(name for _, v in weighed.open for name in v.missing)
    bases = _once(b for e, _ in weighed.open for b in e.cited) or (_counted(),)
    words = "; ".join(dict.fromkeys(ask(a).words for a in asks)) or "nothing that the rules ask"
    return Line(
        words, bases, "missing" if asks else "", key=f"{weighed.candidate.id}_unknown", value=list(asks)
    )


def _sources(weighed: Weighed) -> tuple[Basis, ...]:
    return tuple(b for e, v in weighed.found if v.truth for b in e.cited)


def _counted() -> Basis:
    file = candidates()
    text = "counted: what speaks for a candidate less what speaks against it, each finding as one"
    return Basis("computed", text, f"rules differential, version {file.version}")


def _once(bases: Iterable[Basis]) -> tuple[Basis, ...]:
    return tuple(dict.fromkeys(bases))


def _unlike(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Each sentence once."""
    return tuple({line.text: line for line in lines}.values())
