"""What follows from what a record says in other words: for items of scores, for what is denied, for the region."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from spondyl.consult.patient.person import Person
from spondyl.consult.rules.conditions import Condition, parse
from spondyl.consult.rules.fields import feeds
from spondyl.consult.rules.judging import judge
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.verdict import Verdict
from spondyl.present.consultation import Basis
from spondyl.record import Claim, Quote
from spondyl.words.levels import REGION

__all__ = ["inferred", "is_answer"]


@dataclass(frozen=True)
class Inference:
    """What follows under a condition.

    Args:
        when: The condition.
        unless: What must not hold.
        why: The reason, in words.
        items: Item of a score, or field → answer.
        shows: Symptoms and signs that are present.
        denies: Findings that are absent.
    """

    when: Condition
    unless: Condition | None
    why: str
    items: Mapping[str, str]
    shows: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()


@cache
def _inferences() -> tuple[Inference, ...]:
    text = resources.files("spondyl.consult.patient").joinpath("infers.toml").read_text("utf-8")
    return tuple(_inference(raw) for raw in tomllib.loads(text)["infer"])


def _inference(raw: Mapping[str, Any]) -> Inference:
    unless = parse(raw["unless"]) if "unless" in raw else None
    shows, denies = tuple(raw.get("shows", ())), tuple(raw.get("denies", ()))
    return Inference(parse(raw["when"]), unless, raw["why"], raw.get("items", {}), shows, denies)


def inferred(person: Person) -> Person:
    """The patient with what follows from the record, each with its words and its reason.

    Args:
        person: The patient.

    Example:
        >>> from spondyl.record import Case
        >>> claims = (Claim(field="walking", value="no", quotes=()),)
        >>> person = inferred(Person(Case(case=1, label="", claims=claims)))
        >>> person.values("nesms.ambulatory"), person.bases("nesms.ambulatory")[-1].text
        (('no',), 'the patient does not walk')
    """
    person = _with(person, tuple(_regions(person)))
    for one in _inferences():
        verdict = judge(one.when, person, Results(person))
        if verdict.truth and not (one.unless and judge(one.unless, person, Results(person)).truth):
            person = _with(person, tuple(_answers(person, one, verdict)))
    return person


def _with(person: Person, more: tuple[Claim, ...]) -> Person:
    """The patient with more claims."""
    case = person.case.model_copy(update={"claims": (*person.case.claims, *more)})
    return replace(person, case=case) if more else person


def _regions(person: Person) -> Iterator[Claim]:
    """The parts of the spine that the levels lie in, where the record names none."""
    seen: set[str] = set()
    for claim in () if person.has("regions") else person.claims("levels"):
        region = REGION.get(str(claim.value)[:1])
        if region and region not in seen:
            seen.add(region)
            why = f"{claim.value} lies there"
            yield Claim(
                field="regions", value=region, quotes=claim.quotes, derivation=why, certainty="derived"
            )


def _answers(person: Person, one: Inference, verdict: Verdict) -> Iterator[Claim]:
    quotes = tuple(q for b in verdict.bases if (q := _quote(person, b)))
    for item, answer in one.items.items():
        if not person.has(item) and not _fed(person, item):
            yield Claim(field=item, value=answer, quotes=quotes, derivation=one.why, certainty="derived")
    for name, findings in (("presentation", one.shows), ("denied", one.denies)):
        for finding in findings:
            if not person.has(name, finding):
                yield Claim(field=name, value=finding, quotes=quotes, derivation=one.why, certainty="derived")


def _fed(person: Person, item: str) -> bool:
    """Whether another field of the record answers the item by itself."""
    return any(f.item == item and f.field and person.has(f.field) for f in feeds(item.partition(".")[0]))


def _quote(person: Person, basis: Basis) -> Quote | None:
    """The quote of the record behind a basis."""
    quotes = (q for c in person.case.claims for q in c.quotes)
    return next((q for q in quotes if basis.kind == "words" and basis.text == q.text), None)


def is_answer(claim: Claim) -> bool:
    """Whether a claim answers an item of a score and is no field of the record."""
    return "." in claim.field
