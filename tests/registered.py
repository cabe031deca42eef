"""Invented papers and cases for the tests of the registry."""

from __future__ import annotations

from spondyl.record import Case, Claim, Decision, Paper, Reading, Value

TEXT = "Invented. A 46-year-old woman with leiomyosarcoma of C5 was followed for 12 months. At 49 years she died."


def paper(name: str = "p1", text: str = TEXT) -> Paper:
    return Paper(id=name, source=f"{name}.txt", text=text, sha256=f"sha-{name}", title="Invented")


def claim(of: Paper, field: str, value: Value, words: str) -> Claim:
    start = of.text.index(words)
    return Claim(field=field, value=value, quotes=(of.quote(start, start + len(words)),))


def woman(of: Paper, number: int = 1, age: int = 46) -> Case:
    """A case whose claims all stand in the text."""
    claims = (
        claim(of, "age_years", age, f"{age}"), claim(of, "sex", "female", "woman"),
        claim(of, "diagnosis", "leiomyosarcoma", "leiomyosarcoma"), claim(of, "levels", "C5", "C5"),
        claim(of, "follow_up_months", 12, "12 months"),
    )  # fmt: skip
    return Case(
        case=number, label=f"Case {number}", claims=claims, others=(claim(of, "status", "dead", "died"),)
    )


def reading(of: Paper, *cases: Case) -> Reading:
    return Reading(cases=cases or (woman(of),))


def correct(value: Value | None, to: Value, field: str = "age_years", note: str = "") -> Decision:
    return Decision(
        paper="p1",
        case=1,
        field=field,
        value=value,
        verdict="correct",
        corrected=to,
        by="A. Reviewer",
        note=note,
    )


def accept(value: Value, field: str = "age_years") -> Decision:
    return Decision(paper="p1", case=1, field=field, value=value, verdict="accept", by="A. Reviewer")


def silent(field: str) -> Decision:
    return Decision(paper="p1", case=1, field=field, verdict="not stated", by="A. Reviewer")
