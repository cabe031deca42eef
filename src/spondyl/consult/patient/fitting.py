"""Which score sheets fit a patient, and why not."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from spondyl.consult.patient.person import Person
from spondyl.consult.rules.conditions import Condition, parse
from spondyl.consult.rules.judging import judge
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.verdict import Verdict

__all__ = ["Fit", "Need", "fit", "fitting", "groups"]

Role = Literal["lead", "older", "elsewhere"]


@dataclass(frozen=True)
class Need:
    """Something that has to hold of a patient for a sheet to fit.

    Args:
        id: Its name.
        when: The condition.
        why_not: What is said of a sheet where it does not hold.
        only_if: What has to be so, where that is not known.
        aside: Where it is not known, the sheet is listed apart.
    """

    id: str
    when: Condition
    why_not: str
    only_if: str
    aside: bool = False


@dataclass(frozen=True)
class Fit:
    """Whether a sheet fits a patient.

    Args:
        sheet: The sheet's id.
        group: What it is shown under.
        role: "lead" stands in the table, "older" is an earlier form, "elsewhere" is used in another place.
        instead: The newer form of an older one.
        where: Where one is used that is used elsewhere.
        verdict: True, false or unknown, with what that rests on.
        failed: The needs that do not hold.
        open: The needs of which it is not known.
        scale: A scale that is read off the patient, and not asked for on its own account.
    """

    sheet: str
    group: str
    role: Role
    instead: str
    where: str
    verdict: Verdict
    failed: tuple[Need, ...] = ()
    open: tuple[Need, ...] = ()
    scale: bool = False

    @property
    def shown(self) -> bool:
        """Whether it stands in the tables: it fits, or would unless the record hides something."""
        return self.role == "lead" and self.verdict.truth is not False and not any(n.aside for n in self.open)

    @property
    def aside(self) -> bool:
        """Whether it would fit if something were done or found that is not recorded."""
        return self.role == "lead" and self.verdict.truth is None and any(n.aside for n in self.open)


@cache
def _file() -> Mapping[str, Any]:
    text = resources.files("spondyl.consult.patient").joinpath("fits.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _needs() -> Mapping[str, Need]:
    raw = _file()["needs"]
    return {
        k: Need(k, parse(n["when"]), n["why_not"], n["only_if"], n.get("aside", False))
        for k, n in raw.items()
    }


def groups() -> Mapping[str, str]:
    """The groups of sheets by id, with their titles, in the order of the page."""
    groups: Mapping[str, str] = _file()["groups"]
    return groups


def fitting(person: Person, results: Results) -> dict[str, Fit]:
    """Every sheet with whether it fits a patient.

    Args:
        person: The patient.
        results: The patient's scores.
    """
    held = {name: judge(need.when, person, results) for name, need in _needs().items()}
    return {sheet: _fit(sheet, raw, held) for sheet, raw in _file()["sheets"].items()}


def fit(sheet: str, person: Person) -> Fit:
    """Whether one sheet fits a patient.

    Example:
        >>> from spondyl.record import Case, Claim
        >>> words = {"levels": "C5", "compartment": "intramedullary", "diagnosis": "breast carcinoma"}
        >>> claims = tuple(Claim(field=k, value=v, quotes=()) for k, v in words.items())
        >>> [n.id for n in fit("tokuhashi_2005", Person(Case(case=1, label="", claims=claims))).failed]
        ['not_in_the_cord']
    """
    return fitting(person, Results(person))[sheet]


def _fit(sheet: str, raw: Mapping[str, Any], held: Mapping[str, Verdict]) -> Fit:
    needs = [_needs()[name] for name in raw.get("needs", ())]
    failed = tuple(n for n in needs if held[n.id].truth is False)
    unknown = tuple(n for n in needs if held[n.id].truth is None)
    truth = False if failed else None if unknown else True
    reasons = failed or needs
    bases = tuple(dict.fromkeys(b for n in reasons for b in held[n.id].bases))
    missing = tuple(dict.fromkeys(m for n in unknown for m in held[n.id].missing))
    return Fit(
        sheet, raw.get("group", ""), raw.get("role", "lead"), raw.get("instead", ""), raw.get("where", ""),
        Verdict(truth, bases, missing), failed, unknown, raw.get("scale", False),
    )  # fmt: skip
