"""The part of the page on red flags: what is urgent and why, and what is not known."""

from __future__ import annotations

from spondyl.consult import rules
from spondyl.consult.patient.person import Person
from spondyl.consult.rules import Results, Rule, Verdict
from spondyl.present.consultation import Line, Part

__all__ = ["part"]

ORDER = {"urgent": 0, "warning": 1, "": 2}


def part(person: Person, results: Results) -> Part:
    """What is urgent in this patient, each flag with its rule and source; what is not known stands apart.

    Args:
        person: The patient.
        results: The patient's scores.

    Example:
        >>> from spondyl.record import Case, Claim
        >>> words = {"levels": "T9", "presentation": "sphincter_dysfunction"}
        >>> claims = tuple(Claim(field=k, value=v, quotes=()) for k, v in words.items())
        >>> person = Person(Case(case=1, label="", claims=claims))
        >>> [line.key for line in part(person, Results(person)).lines if line.tone == "urgent"]
        ['sphincter_loss']
    """
    judged = [(rule, rule.judge(person, results)) for rule in rules.load("flags").rules]
    raised = sorted((jv for jv in judged if jv[1].truth), key=lambda jv: ORDER[jv[0].tone])
    open_ = _apart([jv for jv in judged if jv[1].truth is None])
    lines = [rules.line(rule, verdict, "flags") for rule, verdict in raised]
    if open_:
        lines.append(_unknown(open_))
    return Part(
        "flags", "Red flags", tuple(lines), empty="No red flag of those that are looked for is raised, none is open.",
        lead="Only what the record says raises a flag; a flag that is not known is not a flag that is absent.",
    )  # fmt: skip


def _apart(open_: list[tuple[Rule, Verdict]]) -> list[tuple[Rule, Verdict]]:
    """Open flags without those that lack nothing but what flags before them lack."""
    asked: set[str] = set()
    kept = []
    for rule, verdict in open_:
        if not asked.issuperset(verdict.missing):
            kept.append((rule, verdict))
        asked.update(verdict.missing)
    return kept


def _unknown(open_: list[tuple[Rule, Verdict]]) -> Line:
    """The flags of which the record does not tell, in one line with what each lacks below it."""
    bases = tuple(dict.fromkeys(rules.rule_basis(rule, "flags") for rule, _ in open_))
    titles = "; ".join(rule.title for rule, _ in open_)
    below = tuple(_needs(rule, verdict) for rule, verdict in open_)
    return Line(f"Not known: {titles}.", bases, "unknown", below, "unknown")


def _needs(rule: Rule, verdict: Verdict) -> Line:
    """An open flag with what would decide it and who can tell."""
    asked = [rules.ask(name) for name in verdict.missing]
    said = "; ".join(f"{one.words} ({one.discipline})" for one in asked)
    title = f"{rule.title[0].upper()}{rule.title[1:]}"
    text = f"{title} ({asked[0].discipline})" if len(asked) == 1 else f"{title}: {said}"
    bases = (*verdict.bases, rules.rule_basis(rule, "flags"), *rule.cited)
    clash = "; the record contradicts itself on it" if verdict.clash else ""
    value = {"missing": list(verdict.missing), "about": rule.title}
    return Line(f"{text}{clash}", bases, "unknown", key=rule.id, value=value)
