"""What a file of rules is made of; unknown keys are refused."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from spondyl.consult.rules.conditions import Condition, parse
from spondyl.consult.rules.judging import judge
from spondyl.consult.rules.literature import Source, sources
from spondyl.consult.rules.patient import Patient
from spondyl.consult.rules.scores import Results
from spondyl.consult.rules.strict import near
from spondyl.consult.rules.verdict import FALSE, Verdict
from spondyl.present.consultation import Basis, Tone
from spondyl.score import Result

__all__ = ["Id", "Judged", "Rule", "RuleSet", "Sourced", "Strict", "Text", "Worked"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """Refuses unknown keys and values of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Worked(Strict):
    """A case worked through: fields of an invented record, and what the rule has to say of them."""

    given: dict[str, Any]
    expect: bool | Literal["unknown"]


class Sourced(Strict):
    """Something that published sources say; `level` overrides what the sources state of themselves."""

    source: Annotated[list[Text], Field(min_length=1)]
    level: str = ""

    @field_validator("source")
    @classmethod
    def _exist(cls, names: list[str]) -> list[str]:
        for name in names:
            if name not in sources():
                raise ValueError(f"there is no source {name}{near(name, sources())}; add it to sources.toml")
        return names

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources, in order."""
        return tuple(sources()[name] for name in self.source)

    @property
    def cited(self) -> tuple[Basis, ...]:
        """The sources as bases of a line."""
        return tuple(s.basis for s in self.sources)


class Judged(Strict):
    """Something that holds of a patient under a condition.

    Args:
        when: The condition.
        unless: What takes its place where it holds; where that is not known, it does not hinder.
        worked: Cases with what has to come out.
    """

    when: dict[str, Any]
    unless: dict[str, Any] = {}
    worked: list[Worked] = []

    @field_validator("when", "unless")
    @classmethod
    def _readable(cls, raw: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        if raw or info.field_name == "when":
            parse(raw)
        return raw

    @cached_property
    def condition(self) -> Condition:
        """When it holds."""
        return parse(self.when)

    @cached_property
    def hindrance(self) -> Condition | None:
        """What takes its place, where the file names it."""
        return parse(self.unless) if self.unless else None

    def judge(self, person: Patient, results: Results | dict[str, Result | None] | None = None) -> Verdict:
        """Whether it holds of a patient.

        Args:
            person: The patient.
            results: Scores by sheet that were computed already; the others are computed when they are needed.

        Returns:
            True or false with what it rests on; unknown with what would decide it.
        """
        held = results if isinstance(results, Results) else Results(person, results)
        instead = judge(self.hindrance, person, held) if self.hindrance else FALSE
        return Verdict(False, instead.bases) if instead.truth else judge(self.condition, person, held)


class Rule(Judged, Sourced):
    """A sentence that holds of a patient under a condition.

    Args:
        id: Its name.
        title: What it is about, in a few words; stands in "not known: …".
        says: The sentence that is shown where it holds.
        when: The condition.
        unless: What takes its place where it holds.
        source: Ids of sources.
        level: The level of evidence, where it differs from what the sources state.
        tone: How it is to be seen.
        topic: What it is grouped under.
        plain: The same for the patient, in plain words.
        worked: Cases with what the rule says of them.
    """

    id: Id
    title: Text
    says: Text
    tone: Tone = ""
    topic: str = ""
    plain: str = ""


class RuleSet(Strict):
    """A file of rules.

    Args:
        id: The file's name.
        version: Raised with every change of a condition.
        title: What they are for.
        checked: When their sources were last looked at (year-month).
        rules: The rules, in the order in which they are shown.
    """

    schema_: Literal["spondyl.rules/1"] = Field(alias="schema")
    id: Id
    version: Text
    title: Text
    checked: Annotated[str, Field(pattern=r"^20\d\d-\d\d$")]
    rules: Annotated[list[Rule], Field(min_length=1)]

    def rule(self, name: str) -> Rule:
        """The rule of an id."""
        return next(r for r in self.rules if r.id == name)
