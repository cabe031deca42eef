"""Rules as lines of the page: the sentence, the words it rests on, and the sources."""

from __future__ import annotations

from spondyl.consult.rules.fields import ask
from spondyl.consult.rules.model import Rule
from spondyl.consult.rules.verdict import Verdict
from spondyl.present.consultation import Basis, Line

__all__ = ["asked", "line", "rule_basis"]


def rule_basis(rule: Rule, file: str) -> Basis:
    """The rule itself as a basis.

    Args:
        rule: The rule.
        file: Its file's id.
    """
    years = ", ".join(dict.fromkeys(str(s.year) for s in rule.sources if s.year))
    return Basis(
        "rule", rule.title, f"rules {file}, {rule.id}", "", rule.level or rule.sources[0].level, years
    )


def line(rule: Rule, verdict: Verdict, file: str) -> Line:
    """A rule as a line: what it says where it holds, that it is not known, or that it does not hold.

    Args:
        rule: The rule.
        verdict: What it said of the patient.
        file: Its file's id.
    """
    bases = (*verdict.bases, rule_basis(rule, file), *rule.cited)
    if verdict.truth:
        return Line(rule.says, bases, rule.tone, key=rule.id, value=True)
    if verdict.truth is None:
        text = f"Not known: {rule.title}"
        return Line(text, bases, "unknown", asked(verdict), rule.id, {"missing": list(verdict.missing)})
    return Line(f"Does not apply: {rule.title}", bases, key=rule.id, value=False)


def asked(verdict: Verdict) -> tuple[Line, ...]:
    """What would decide an unknown verdict, one line each, with who can supply it."""
    return tuple(_asked(name, name.partition(".")[0] in verdict.clash) for name in verdict.missing)


def _asked(name: str, clash: bool) -> Line:
    what = ask(name)
    said = "the record contradicts itself on" if clash else "to be found out:"
    place = f"rules fields, {name}"
    basis = Basis("rule", "what would decide it, and who can supply it", place)
    return Line(f"{said} {what.words} ({what.discipline})", (basis,), "missing", key=name)
