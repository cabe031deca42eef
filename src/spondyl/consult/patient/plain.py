"""The same facts for the patient: plain words, short sentences, sources, no scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from spondyl.consult import rules
from spondyl.consult.patient.asking import Wanted
from spondyl.consult.patient.follow_up import day_words, month_after, schedules, visits
from spondyl.consult.patient.management import holding
from spondyl.consult.patient.person import Person
from spondyl.consult.rules.management import Schedule, periods
from spondyl.consult.rules.plain_words import plain_words
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.team import team
from spondyl.present.consultation import Basis, Consultation, Line, Part

__all__ = ["plain"]

QUESTIONS, VISITS = 6, 4


def plain(
    page: Consultation,
    person: Person,
    results: Results | None = None,
    wanted: Sequence[Wanted] = (),
    index: date | None = None,
) -> Consultation:
    """A page for the patient instead of the one for the clinician.

    Args:
        page: The clinician's page; its version and what it was made from are kept.
        person: The patient.
        results: The patient's scores; they decide which sentences are true and are not shown.
        wanted: What is missing; it becomes questions to ask.
        index: The end of treatment, for dates of visits.

    Returns:
        What is written about the patient, when to call at once, what studies say, whom to meet, what to ask, and the
        words that were used.
    """
    held = results or Results(person)
    words = plain_words()
    parts = [
        Part("patient", "What is written about you", tuple(_about(person)), empty="Nothing is written about you yet."),
        Part("flags", "Tell your doctors at once", tuple(_signs(person, held)), lead="Do not wait for the next visit."),
        Part("management", "What studies say about treatment", tuple(_studies(person, held, index)),
             empty="No study that was collected is about what is written of you."),
        Part("team", "Who looks after you", tuple(_who(person, held))),
        Part("questions", "What you could ask", tuple(_questions(wanted)),
             empty="No question follows from what is missing."),
    ]  # fmt: skip
    explained = tuple(_explained(parts))
    if explained:
        parts.append(Part("words", "Words on this page", explained))
    parts[0] = Part("patient", parts[0].title, parts[0].lines, empty=parts[0].empty, lead=words.lead)
    return Consultation(words.page, tuple(parts), words.disclaimer, page.basis, page.version)


def _about(person: Person) -> Iterator[Line]:
    """What the record holds, one sentence a field, with its words."""
    words = plain_words()
    torn = {str(v) for v in person.values("presentation") if person.denies(str(v))}
    for sentence in words.sentences:
        values = tuple(v for v in person.values(sentence.field) if v not in torn)
        if values:
            agree = len(values) == 1 or sentence.field in _MANY
            said = (", " if agree else " or ").join(words.said(sentence.field, str(v)) for v in values)
            text = sentence.says.replace("{}", said) + ("" if agree else " The papers do not agree on it.")
            bases = tuple(b for v in values for b in person.bases(sentence.field, v))
            yield Line(text, tuple(dict.fromkeys(bases)), key=sentence.field)
    yield from _torn(person, torn)


def _torn(person: Person, torn: set[str]) -> Iterator[Line]:
    """Findings that are both told and denied."""
    if torn:
        said = ", ".join(plain_words().said("presentation", v) for v in sorted(torn))
        bases = tuple(b for v in sorted(torn) for f in ("presentation", "denied") for b in person.bases(f, v))
        yield Line(f"The papers do not agree whether you have: {said}.", bases, key="torn")


_MANY = frozenset({"compartment", "levels", "other_metastases", "presentation", "denied", "treatments"})


def _signs(person: Person, results: Results) -> Iterator[Line]:
    """What holds now first, then the signs that everybody should know."""
    words = plain_words()
    judged = [(r, r.judge(person, results)) for r in rules.load("flags").rules if r.plain]
    for rule, verdict in judged:
        if verdict.truth and rule.id not in words.signs:
            yield Line(rule.plain, (*verdict.bases, *rule.cited), "urgent", key=rule.id)
    signs = [jv for jv in judged if jv[0].id in words.signs]
    for rule, verdict in (jv for jv in signs if jv[1].truth):
        yield Line(rule.plain, (*verdict.bases, *rule.cited), "urgent", key=rule.id)
    for rule, _ in (jv for jv in signs if not jv[1].truth):
        yield Line(rule.plain, rule.cited, "warning", key=rule.id)


def _studies(person: Person, results: Results, index: date | None) -> Iterator[Line]:
    apply, _ = holding(person, results)
    for statement, verdict in apply:
        if statement.plain:
            text = f"{statement.plain} ({statement.sources[0].name})"
            yield Line(text, (*statement.cited, *verdict.bases), key=statement.id)
    for note in (n for d in team().disciplines for n in d.notes if n.plain):
        if (verdict := note.judge(person, results)).truth:
            yield Line(f"{note.plain} ({note.sources[0].name})", (*note.cited, *verdict.bases), key=note.id)
    for schedule, verdict in schedules(person, results):
        if verdict.truth:
            yield Line(_visits(schedule, index), (*schedule.cited, *verdict.bases), key=schedule.id)


def _visits(schedule: Schedule, index: date | None) -> str:
    """How often visits are printed, and the first dates where the day of treatment is known."""
    spans = [
        f"every {p.every_months.replace('-', ' to ')} months {_span(p.from_y, p.to_y)}"
        for p in periods(schedule.id)
    ]
    text = f"Visits after {schedule.sources[0].name}: {', '.join(spans)}."
    if not index:
        return text
    days = [day_words(month_after(index, v.month)) for v in visits(schedule)][:VISITS]
    return f"{text} The first, at the shorter interval: {', '.join(days)}."


def _span(first: int, last: int) -> str:
    return f"from year {first} on" if last > 50 else f"up to year {last}"


def _who(person: Person, results: Results) -> Iterator[Line]:
    words = plain_words()
    for one in team().disciplines:
        if one.id in words.disciplines and one.judge(person, results).truth:
            yield Line(words.disciplines[one.id], (_basis(),), key=one.id)


def _questions(wanted: Sequence[Wanted]) -> Iterator[Line]:
    """What is missing as questions, the weightiest first, each once."""
    words = plain_words()
    asked = dict.fromkeys(words.questions.get(w.key.partition(".")[0], "") for w in wanted)
    for text in [q for q in asked if q][:QUESTIONS]:
        yield Line(text, (_basis(), Basis("computed", "what is missing and could change this page most")))


def _explained(parts: Sequence[Part]) -> Iterator[Line]:
    """The words that occur, explained."""
    text = " ".join(line.text.casefold() for part in parts for line in part.lines)
    for word, says in plain_words().glossary.items():
        if word in text:
            yield Line(says, (_basis(),), key=word.replace(" ", "_"))


def _basis() -> Basis:
    return Basis("rule", "plain words of this project", f"rules plain, version {plain_words().version}")
