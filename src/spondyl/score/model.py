"""What a score sheet is made of; unknown keys are refused.

A sheet holds facts and points in words of our own: what is asked, which answer is worth how much, what a total
means, where that was read, where sources disagree, and worked cases that every engine has to reproduce.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Asked", "Band", "BandsOnly", "CaseRule", "Choice", "Citation", "Criteria", "Criterion", "CutPoints",
    "Disagreement", "Evidence", "Formula", "Grade", "GradeSheet", "Grouping", "Item", "Measure", "Missing",
    "Option", "Output", "Requirement", "Rights", "Rule", "Sheet", "SheetBase", "Suggestion", "SumSheet",
    "TableSheet", "TreeSheet", "Worked",
]  # fmt: skip

Letter = Literal["A", "B", "C", "D"]
"""How well something is supported: A the primary text, B two sources that agree, C one, D recalled."""
Id = Annotated[str, Field(min_length=1, pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """Refuses unknown keys and values of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Evidence(Strict):
    """How well items and bands are supported; `parts` grades single parts where they differ."""

    items: Letter
    bands: Letter
    note: str = ""
    parts: list[Text] = []


class Rights(Strict):
    """What the owner of an instrument allows; sheets hold facts, never an instrument's wording."""

    status: Literal["open", "instrument_copyright", "licence_needed", "unknown"]
    note: str = ""


class Missing(Strict):
    """What happens when something is not known.

    `interval`: the total is an interval. `refuse`: nothing is computed. `prorate`: as published for the instrument.
    `report`: what is known is reported and what is unknown is named.
    """

    policy: Literal["interval", "refuse", "prorate", "report"]
    note: str = ""


class Citation(Strict):
    """A source and how much of it was read."""

    id: Text
    role: Literal["primary", "revision", "validation", "secondary"]
    title: Text
    read: Annotated[str, Field(pattern=r"^(full|table|abstract|first_page|not_read|reproduced_in:.+)$")]
    authors: str = ""
    journal: str = ""
    year: int | None = None
    volume: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    site: str = ""


class Disagreement(Strict):
    """A point on which sources differ: what is said where, what the sheet adopts, and why."""

    field: Text
    source: Text
    says: Text
    adopted: Text
    why: Text


class Worked(Strict):
    """A case worked through: every engine has to give `expect` for `given`."""

    kind: Literal["published", "hand-computed"]
    given: dict[str, Any]
    expect: dict[str, Any]
    source: str = ""
    note: str = ""


class Band(Strict):
    """Totals from `min` to `max`, and what they mean."""

    min: int
    max: int
    id: Id
    label: Text
    meaning: str = ""


class Choice(Strict):
    """One possible answer. `at` says which values of the item's scale it covers ("10..40", "C7..T2")."""

    id: Id
    label: Text
    at: str = ""
    others: bool = False


class Option(Choice):
    """An answer that is worth points."""

    points: int


class FromCase(Strict):
    """Where a case record answers a question.

    `field` is a field of the record. `values` maps what the record may hold to answers (one, or several that
    stay possible); without it, the value itself is read like a typed answer. `doubt` maps patterns of the words
    behind a value to the answers that those words leave possible, whatever the value.
    """

    field: Text
    values: dict[str, str | list[str]] = {}
    doubt: dict[str, list[str]] = {}


class Asked(Strict):
    """A question with a closed list of answers.

    `scale` names a scale whose values are understood ("level", "KPS"). `words` maps further words to an answer,
    or to several that stay possible.
    """

    id: Id
    question: Text
    scale: str = ""
    words: dict[str, str | list[str]] = {}
    case: FromCase | None = None
    options: Annotated[Sequence[Choice], Field(min_length=2)]


class Item(Asked):
    """A question whose answers are worth points."""

    options: Annotated[Sequence[Option], Field(min_length=2)]


class Grade(Strict):
    """One grade; `rank` only sorts."""

    id: Annotated[str, Field(min_length=1)]
    rank: int
    label: Text
    meaning: str = ""


class Rule(Strict):
    """Of a tree: when all answers are among those named, the grade is `then`; the first rule that fits holds."""

    when: dict[str, str | list[str]]
    then: Text


class Suggestion(Strict):
    """A value in use for an input, and what for; never taken unless it is given."""

    value: float | int
    use: Text


class Measure(Strict):
    """A number (or yes/no, with unit "bool") that a formula or a criterion needs."""

    id: Id
    label: Text
    unit: Text
    min: float | int | None = None
    max: float | int | None = None
    whole: bool = False
    optional: bool = False
    suggest: list[Suggestion] = []


class Output(Strict):
    """A result of a formula."""

    id: Id
    label: Text
    unit: Text
    expr: Text


class Requirement(Strict):
    """What has to hold for a formula to be computed, and what is said where it does not."""

    test: Text
    otherwise: Text


class CutPoints(Strict):
    """One study's own limits for an output of a formula."""

    id: Id
    source: Text
    instrument: Text
    population: Text
    labels: list[Text]
    limits: list[float | int]
    evidence: Letter
    n: int | None = None
    note: str = ""
    adopted: bool = False


class Criterion(Strict):
    """A condition that fires or not, on its own."""

    id: Id
    label: Text
    modality: Text
    test: Text
    severity: Text
    note: str = ""


class CaseRule(Strict):
    """Of a table: what a case record says about its rows."""

    when: dict[str, str | list[str]]
    then: list[Text]
    why: Text


class Grouping(Strict):
    """A later regrouping of the same totals."""

    source: Text
    groups: list[Band]


class SheetBase(Strict):
    """What every sheet holds, whatever its kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)
    schema_: Literal["spondyl.sheet/1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
    version: Text
    title: Text
    purpose: Text
    domain: Literal[
        "instability", "prognosis", "fracture", "neurology", "function", "tumour", "framework", "dose", "ionm",
        "differential",
    ]  # fmt: skip
    unit: Literal["patient", "lesion", "specimen", "course", "procedure"]
    direction: Literal["higher_worse", "higher_better", "none"]
    population: str = ""
    not_for: list[Text] = []
    notes: list[Text] = []
    status: Literal["verified", "partly_verified", "unverified"] = "verified"
    unverified: list[Text] = []
    evidence: Evidence
    rights: Rights
    missing: Missing
    citations: list[Citation] = []
    disagreements: list[Disagreement] = []
    worked: list[Worked] = []


class SumSheet(SheetBase):
    """Points are added."""

    kind: Literal["sum"]
    range: Annotated[list[int], Field(min_length=2, max_length=2)]
    cap: int | None = None
    written_as: str = ""
    items: Annotated[list[Item], Field(min_length=1)]
    bands: Annotated[list[Band], Field(min_length=1)]


class GradeSheet(SheetBase):
    """One grade is named."""

    kind: Literal["grade"]
    grades: Annotated[list[Grade], Field(min_length=2)]
    words: dict[str, str | list[str]] = {}
    case: FromCase | None = None
    variants: dict[str, list[Text]] = {}


class TreeSheet(SheetBase):
    """Rules lead from answers to a grade."""

    kind: Literal["tree"]
    inputs: Annotated[list[Asked], Field(min_length=1)]
    rules: Annotated[list[Rule], Field(min_length=1)]
    grades: Annotated[list[Grade], Field(min_length=2)]
    adds: list[Rule] = []


class Formula(SheetBase):
    """Numbers go into an expression."""

    kind: Literal["formula"]
    inputs: Annotated[list[Measure], Field(min_length=1)]
    outputs: Annotated[list[Output], Field(min_length=1)]
    require: list[Requirement] = []
    bands: list[Band] = []
    banded: str = ""
    cut_points: list[CutPoints] = []


class Criteria(SheetBase):
    """Any number of criteria may fire."""

    kind: Literal["criteria"]
    inputs: Annotated[list[Measure], Field(min_length=1)]
    criteria: Annotated[list[Criterion], Field(min_length=1)]


class TableSheet(SheetBase):
    """Rows to look up; a `panel` of markers to agree with; a `map` between two scales."""

    kind: Literal["table"]
    lookup: Literal["rows", "panel", "map"] = "rows"
    columns: dict[str, Text]
    rows: Annotated[list[dict[str, Any]], Field(min_length=1)]
    case_rules: list[CaseRule] = []


class BandsOnly(SheetBase):
    """Published bands whose item points are not verified: never computed from items."""

    kind: Literal["bands_only"]
    range: Annotated[list[int], Field(min_length=2, max_length=2)]
    factors: Annotated[list[Text], Field(min_length=1)]
    built_as: str = ""
    bands: Annotated[list[Band], Field(min_length=1)]
    regrouped: list[Grouping] = []


Sheet = Annotated[
    SumSheet | GradeSheet | TreeSheet | Formula | Criteria | TableSheet | BandsOnly,
    Field(discriminator="kind"),
]
"""A sheet of any kind."""
