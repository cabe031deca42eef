"""The reference page of rules, rendered: `python -m spondyl.consult.rules.reference > docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from spondyl.consult.rules.conditions import parse
from spondyl.consult.rules.differential import Candidate, differential
from spondyl.consult.rules.literature import Source, sources
from spondyl.consult.rules.loading import load
from spondyl.consult.rules.management import management
from spondyl.consult.rules.model import Rule
from spondyl.consult.rules.plain_words import plain_words
from spondyl.consult.rules.team import team
from spondyl.consult.rules.wording import worded

__all__ = ["render"]

HEAD = """# Rules

Rendered from the files in `src/spondyl/consult/rules/` by `python -m spondyl.consult.rules.reference`; do not edit it \
by hand.

A rule is a condition on the record of a patient, a sentence, and the sources that say so. A condition is true, false \
or unknown: what is not written is not known, and only what is denied in words, or excluded by another value, is \
false. An unknown rule names what would decide it. The page of a patient shows with every sentence the words of the \
record that made it apply, the rule, and the sources with their level of evidence and year. Rules support the \
judgement of a treating team and never replace it.

## A rule file

    [[rules]]
    id = "sphincter_loss"
    title = "bladder or bowel dysfunction"           # stands in "Not known: …"
    says = "Bladder or bowel dysfunction …"          # the sentence that is shown
    when = { field = "presentation", is = "sphincter_dysfunction" }
    source = ["hawkins2023"]                         # ids of sources.toml
    level = "guideline"                              # where it differs from what the source states
    worked = [{ given = { presentation = ["sphincter_dysfunction"] }, expect = true }, …]

A condition is one of

    { field = "compartment", is = "intramedullary" }     or a list of values, any of which will do
    { field = "margin", known = true }
    { field = "age_years", at_least = 18 }               also above, below, at_most
    { marker = "desmin", is = "+" }                      or "-"
    { score = "sins", at_least = 7 }                     or band = "unstable"
    { all = [ … ] }   { any = [ … ] }   { not = { … } }   { always = true }

A rule may name with `unless = { … }` what takes its place: where that holds, the rule does not; where it is \
not known, it does not hinder.

Unknown keys, fields, values, markers, scores, bands and sources are refused with the nearest right word. Every rule \
carries worked cases with both outcomes, which the tests run.
"""


def render() -> str:
    """The whole page, as Markdown.

    Example:
        >>> render().splitlines()[0]
        '# Rules'
    """
    parts = [HEAD, *_flags(), *_differential(), *_management(), *_team(), *_plain(), *_sources()]
    return "\n".join(parts).rstrip() + "\n"


def _flags() -> Iterator[str]:
    yield "## Red flags\n"
    yield _table(("Rule", "Says", "When", "Sources"), (_rule(r) for r in load("flags").rules))


def _rule(rule: Rule) -> tuple[str, ...]:
    unless = f", unless {worded(rule.hindrance)}" if rule.hindrance else ""
    return f"`{rule.id}`", rule.says, worded(rule.condition) + unless, _cited(rule.source)


def _differential() -> Iterator[str]:
    found = differential()
    yield "## Differential\n"
    yield (
        "Each finding counts as one for or against a candidate; the order is that count and no probability. A "
        "diagnosis that the record states leads. Ties are said.\n"
    )
    for axis in found.axes:
        yield f"### {axis.title}\n"
        for one in (c for c in found.candidates if c.axis == axis.id):
            yield _candidate(one)
    yield "### What separates two\n"
    names = {c.id: c.name for c in found.candidates}
    rows = ((" and ".join(names[b] for b in s.between), s.says, _cited(s.source)) for s in found.separators)
    yield _table(("Candidates", "What sources say", "Sources"), rows)


def _candidate(one: Candidate) -> str:
    rows = ((e.side, e.says, worded(e.condition), _cited(e.source)) for e in one.evidence)
    stated = f" Stated where {worded(parse(one.stated))}." if one.stated else ""
    note = f" {one.note}" if one.note else ""
    lead = f"**{one.name}** (`{one.id}`). Considered: {worded(one.condition)}.{stated}{note}\n\n"
    return lead + _table(("", "Finding", "When", "Sources"), rows)


def _management() -> Iterator[str]:
    found = management()
    yield "## Treatment and follow-up\n"
    for topic in found.topics:
        yield f"### {topic.title}\n"
        mine = (s for s in found.statements if s.topic == topic.id)
        rows = ((*_rule(s), ", ".join(f"`{d}`" for d in s.disagrees)) for s in mine)
        yield _table(("Rule", "Says", "When", "Sources", "Disagrees with"), rows)
    yield "### Published follow-up\n"
    rows = ((f"`{s.id}`", s.title, worded(s.condition), _cited(s.source)) for s in found.schedules)
    yield _table(("Row of `sts_surveillance`", "Whose", "When", "Sources"), rows)


def _team() -> Iterator[str]:
    yield "## The tumour board\n"
    rows = ((d.name, worded(d.condition), ", ".join(f"`{n}`" for n in d.decides)) for d in team().disciplines)
    yield _table(("Discipline", "Asked where", "Its subjects"), rows)
    yield _table(("Rule", "Says", "When", "Sources"), (_rule(n) for d in team().disciplines for n in d.notes))


def _plain() -> Iterator[str]:
    yield "## Plain words\n"
    yield _table(("Word", "Explanation"), ((k, v) for k, v in plain_words().glossary.items()))


def _sources() -> Iterator[str]:
    yield "## Sources\n"
    rows = ((f"`{s.id}`", s.citation, _place(s), s.level, s.read) for s in sources().values())
    yield _table(("", "Source", "Where", "Level as stated, or kind of study", "Read"), rows)


def _place(source: Source) -> str:
    return f"[{source.place}]({source.address})" if source.doi or source.pmid else f"<{source.address}>"


def _cited(names: Sequence[str]) -> str:
    return "; ".join(sources()[n].name for n in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(c.replace('|', '/') for c in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render())
