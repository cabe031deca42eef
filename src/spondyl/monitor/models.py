"""The shape of the knowledge files: criteria, matrix, conduct, names. Unknown keys are refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from spondyl.record import LexiconError

__all__ = [
    "Change",
    "Choice",
    "Conduct",
    "Criteria",
    "Criterion",
    "EventKind",
    "Example",
    "Matrix",
    "Measure",
    "Names",
    "Strict",
    "Window",
]

Measure = Literal["amplitude", "latency", "threshold"]
Change = Literal["lost", "fall_pct", "rise_pct", "rise_abs"]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Strict):
    """A publication, and how far it was read."""

    id: str
    words: str
    doi: str = ""
    pmid: str = ""
    read: Literal["full", "abstract", "secondary"]

    def cited(self) -> str:
        """The source in one line.

        Example:
            >>> Source(id="a", words="Doe J. On alarms. 2031", doi="10.1/x", read="abstract").cited()
            'Doe J. On alarms. 2031. doi:10.1/x (read as abstract)'
        """
        links = [f"doi:{self.doi}"] * bool(self.doi) + [f"PMID {self.pmid}"] * bool(self.pmid)
        how = {"full": "", "abstract": " (read as abstract)", "secondary": " (known from secondary texts)"}
        return ". ".join([self.words, *links]) + how[self.read]


class Example(Strict):
    """A case derived by hand: whether a value meets the criterion against a baseline."""

    baseline: float
    value: float
    meets: bool


class Choice(Strict):
    """One of the limits between which the sources disagree."""

    name: str
    limit: float
    inclusive: bool
    sources: tuple[str, ...]
    note: str = ""
    examples: tuple[Example, ...]


class Criterion(Strict):
    """A published warning criterion."""

    id: str
    modality: str
    measure: Measure
    change: Change
    words: str
    severity: str
    sources: tuple[str, ...]
    unit: str = "%"
    limit: float | None = None
    inclusive: bool = True
    note: str = ""
    note_sources: tuple[str, ...] = ()
    disagreement: str = ""
    choice: tuple[Choice, ...] = ()
    examples: tuple[Example, ...] = ()


class Modality(Strict):
    """A kind of potential that is monitored."""

    id: str
    name: str


class NotSpinal(Strict):
    """A limit published for other operations, which is not applied."""

    words: str
    sources: tuple[str, ...]


class Criteria(Strict):
    """The warning criteria."""

    id: str
    schema_: Literal["spondyl.criteria/0"] = Field(alias="schema")
    title: str
    population: str
    preconditions: tuple[str, ...]
    precondition_sources: tuple[str, ...]
    modality: tuple[Modality, ...]
    criterion: tuple[Criterion, ...]
    not_spinal: tuple[NotSpinal, ...]
    source: tuple[Source, ...]

    def cited(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Sources by their id, in full."""
        return _cited(self.source, ids)


class Cell(Strict):
    """One cell of the matrix."""

    mep: tuple[str, ...]
    dwave: tuple[str, ...]
    reading: str
    grade: Literal["A", "B", "C", "D"]
    sources: tuple[str, ...]
    because: str
    disputes: tuple[str, ...]


class Outcome(Strict):
    """What the sources expect."""

    id: str
    rank: int
    label: str
    meaning: str
    course: Literal["none", "transient", "lasting", "not stated"]


class Dispute(Strict):
    """A study that contradicts a cell."""

    id: str
    sources: tuple[str, ...]
    words: str


class MatrixExample(Strict):
    """A cell looked up by hand."""

    mep: str
    dwave: str
    reading: str


class Matrix(Strict):
    """How muscle MEP and D-wave are read together."""

    id: str
    schema_: Literal["spondyl.matrix/0"] = Field(alias="schema")
    title: str
    population: str
    caution: str
    mep: tuple[str, ...]
    dwave: tuple[str, ...]
    dwave_missing: str
    cell: tuple[Cell, ...]
    reading: tuple[Outcome, ...]
    dispute: tuple[Dispute, ...]
    example: tuple[MatrixExample, ...]
    source: tuple[Source, ...]

    def lookup(self, mep: str, dwave: str) -> Cell:
        """The one cell of two states.

        Raises:
            LexiconError: The matrix has none, or several.
        """
        found = [c for c in self.cell if mep in c.mep and dwave in c.dwave]
        if len(found) != 1:
            raise LexiconError(
                f"{self.id}: {len(found)} cells for MEP {mep} and D-wave {dwave}; one is needed"
            )
        return found[0]

    def outcome(self, cell: Cell) -> Outcome:
        """What the sources expect in a cell."""
        return next(o for o in self.reading if o.id == cell.reading)

    def disputes(self, cell: Cell) -> tuple[str, ...]:
        """What contradicts a cell, in words, with the sources."""
        chosen = (d for name in cell.disputes for d in self.dispute if d.id == name)
        return tuple(f"{d.words} [{'; '.join(self.cited(d.sources))}]" for d in chosen)

    def cited(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Sources by their id, in full."""
        return _cited(self.source, ids)


class BaselineConduct(Strict):
    opening_minutes: float
    few_values: int
    noisy_pct: float
    source: str


class Together(Strict):
    channels: int
    fall_pct: float
    within_s: float
    drift_pct_per_hour: float
    drift_total_pct: float
    block_minutes: float
    look_back_minutes: float
    words: str
    drift_words: str
    preconditions_from: str
    source: str


class DWave(Strict):
    unchanged_below_pct: float
    source: str


class GapConduct(Strict):
    times_interval: float
    at_least_s: float


class Window(Strict):
    from_ms: float
    to_ms: float


class Conduct(Strict):
    """What Spondyl does around the criteria: its own choices."""

    schema_: Literal["spondyl.conduct/0"] = Field(alias="schema")
    baseline: BaselineConduct
    together: Together
    dwave: DWave
    gap: GapConduct
    sweep: dict[str, Window | str]


class EventKind(Strict):
    """A kind of event and the words it is known by."""

    kind: str
    words: tuple[str, ...]
    touches: bool = False
    other: bool = False


class Names(Strict):
    """How monitoring systems name things."""

    schema_: Literal["spondyl.names/0"] = Field(alias="schema")
    columns: dict[str, tuple[str, ...]]
    modalities: dict[str, tuple[str, ...]]
    sides: dict[str, tuple[str, ...]]
    amplitude_units: dict[str, float]
    latency_units: dict[str, float]
    threshold_units: dict[str, float]
    absent: dict[Literal["words"], tuple[str, ...]]
    not_measured: dict[Literal["words"], tuple[str, ...]]
    event: tuple[EventKind, ...]
    states: dict[Literal["on", "off"], tuple[str, ...]]

    def units(self, measure: Measure) -> dict[str, float]:
        """Unit → factor into the unit a measure is kept in."""
        known: dict[str, float] = getattr(self, f"{measure}_units")
        return known


def _cited(sources: Iterable[Source], ids: Iterable[str]) -> tuple[str, ...]:
    known = {s.id: s for s in sources}
    return tuple(known[i].cited() for i in ids)
