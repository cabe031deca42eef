"""What intraoperative monitoring gave: alarms with their rule, against which baseline, after which event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

__all__ = [
    "NOT_A_DEVICE",
    "Alarm",
    "Baseline",
    "Course",
    "Event",
    "Gap",
    "Interpretation",
    "Monitoring",
    "Point",
    "Rule",
    "Unjudged",
    "clock",
]

NOT_A_DEVICE = (
    "Not a medical device. For case reports, teaching and research after the operation; "
    "not for use in theatre and not for decisions about a patient."
)
"""Stands on every output."""

DAY = 86_400
Quality = Literal["steady", "noisy", "few values", "zero", "missing"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Event(_Frozen):
    """Something that happened in the operation.

    Args:
        time_s: Seconds after the recording's zero (its first value, or the zero of its elapsed times).
        words: As written down.
        kind: "aspirator", "pressure", "anaesthetic", …; "other" where no kind is known.
        state: "on" or "off", where the words say so.
        touches: It may touch the cord.
        systemic: It is an anaesthetic, circulatory, temperature or technical cause.
    """

    time_s: float
    words: str
    kind: str = "other"
    state: Literal["on", "off"] | None = None
    touches: bool = False
    systemic: bool = False


class Rule(_Frozen):
    """A criterion as it was applied, or why it was not.

    Args:
        id: "mep_loss", "dwave_fall", …
        modality, measure: What it looks at.
        words: The rule in words, with its limit.
        severity: As the source grades it.
        limit, unit: The limit; `None` where the rule has none.
        inclusive: A value exactly at the limit meets it.
        chosen: The name of the choice, where the sources disagree.
        sources: Who says so, in full.
        notes: What else is to be known: disagreements, newer studies.
        applied: Whether it was applied at all.
        why_not: The reason if it was not.
    """

    id: str
    modality: str
    measure: str
    words: str
    severity: str
    limit: float | None = None
    unit: str = ""
    inclusive: bool = True
    chosen: str | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    applied: bool = True
    why_not: str = ""


class Baseline(_Frozen):
    """What the values of one channel are compared with.

    Args:
        measure: "amplitude", "latency" or "threshold".
        value: The median of the baseline's values; `None` where there is none.
        unit: "µV", "ms" or "V".
        values: How many values it rests on.
        spread_pct: Their robust spread, percent of the median.
        quality: "steady", "noisy", "few values", or why it cannot be used: "zero", "missing".
        start_s, end_s: First and last value used.
    """

    measure: str
    value: float | None
    unit: str
    values: int
    spread_pct: float | None
    quality: Quality
    start_s: float | None
    end_s: float | None

    @property
    def usable(self) -> bool:
        """Whether anything can be judged against it."""
        return self.value is not None and self.quality not in ("zero", "missing")


class Gap(_Frozen):
    """A stretch without values in one channel."""

    start_s: float
    end_s: float


class Point(_Frozen):
    """A short stretch of a channel's course: median, lowest and highest, in percent of the baseline."""

    time_s: float
    middle: float
    low: float
    high: float


class Course(_Frozen):
    """One channel over the whole operation.

    Args:
        channel: Its name ("MEP left tibialis anterior").
        modality, site, side: Its parts; `side` is empty where it was not given.
        values: How many amplitudes.
        start_s, end_s: First and last value.
        baselines: Of each measure it has.
        final_pct: Median of its last three values, in percent of the baseline.
        drift_pct_per_hour: Slow change, in percent of the baseline.
        gaps: Where it has no values.
        points: Its course for drawing, percent of the baseline; empty without a usable baseline.
        late: It has no value in the stretch the baseline was taken from.
    """

    channel: str
    modality: str
    site: str
    side: str
    values: int
    start_s: float
    end_s: float
    baselines: tuple[Baseline, ...] = ()
    final_pct: float | None = None
    drift_pct_per_hour: float | None = None
    gaps: tuple[Gap, ...] = ()
    points: tuple[Point, ...] = ()
    late: bool = False

    def baseline(self, measure: str = "amplitude") -> Baseline | None:
        """The baseline of one measure."""
        return next((b for b in self.baselines if b.measure == measure), None)


class Alarm(_Frozen):
    """One criterion met in one channel, from its first to its last value.

    Args:
        number: From 1, in order of time.
        channel, modality, site, side: Where.
        rule: The id of the criterion.
        start_s: The first value that met it.
        end_s: The first value that no longer did; the last value of the channel if it never came back.
        came_back: Whether the criterion was no longer met later on.
        change: The largest change, in `unit` against the baseline; 100 for a loss.
        unit: "%" or "V".
        worst: The value at the largest change, in `value_unit`.
        baseline: What it was compared with.
        baseline_quality: "steady", "noisy" or "few values".
        final_pct: Where the channel ended, percent of its baseline amplitude.
        after: The last event at or before it; order in time, not a cause.
        after_s: Seconds from that event.
        during: What was on at the time.
        systemic_before: Changes of anaesthesia, pressure or temperature shortly before it.
        fallen_muscles, judged_muscles: How many of the judged muscles were down together.
        together: All judged muscles were; see the words of the report.
        unmeasured_s: Time inside the alarm in gaps.
    """

    number: int
    channel: str
    modality: str
    site: str
    side: str
    rule: str
    start_s: float
    end_s: float
    came_back: bool
    change: float
    unit: str
    worst: float
    value_unit: str
    baseline: float
    baseline_quality: Quality
    final_pct: float | None = None
    after: Event | None = None
    after_s: float | None = None
    during: tuple[Event, ...] = ()
    systemic_before: tuple[Event, ...] = ()
    fallen_muscles: int | None = None
    judged_muscles: int | None = None
    together: bool = False
    unmeasured_s: float = 0.0

    @property
    def lasted_s(self) -> float:
        """How long it lasted, as far as it was seen."""
        return self.end_s - self.start_s


class Interpretation(_Frozen):
    """Muscle MEP and D-wave read together over one stretch, as the published matrix says it.

    Args:
        start_s, end_s: The stretch.
        mep, dwave: The states looked up.
        reading: The cell's id; `None` where the matrix has no cell for it.
        label, meaning: The sources' words.
        course: "transient", "lasting", "none" or "not stated": the sources' expectation.
        grade: Of the evidence behind the cell.
        because: What the cell rests on.
        sources: In full.
        disputes: Newer or contradicting studies, in words with their sources.
        rank: For ordering; 0 is the mildest.
        note: What limits it here.
    """

    start_s: float
    end_s: float
    mep: str
    dwave: str
    reading: str | None
    label: str
    meaning: str
    course: str
    grade: str
    because: str
    sources: tuple[str, ...]
    disputes: tuple[str, ...]
    rank: int
    note: str = ""


class Unjudged(_Frozen):
    """What was not judged and why: absence is not "no alarm"."""

    what: str
    why: str


class Monitoring(_Frozen):
    """The result of judging one recording.

    Args:
        source: Name of the recording.
        sha256: Of its bytes, where it was a file.
        values: Number of rows or sweeps.
        start_clock_s: Clock time of the recording's zero, seconds after midnight; `None` for elapsed times.
        start_date: The date of that zero, where known.
        start_s, end_s: First and last value, seconds after the recording's zero.
        baseline_choice, baseline_words: How the baseline was chosen.
        monitored, not_monitored: Modalities.
        rules: All criteria, those not applied with the reason.
        alarms: In order of time.
        courses: The channels.
        events: In order of time.
        readings: MEP and D-wave over the operation; empty where the matrix cannot be used.
        unjudged: Channels and measures without a verdict.
        conversions: Units as they came and as they are shown.
        notices: What a reader has to know.
        cautions: Preconditions of the criteria.
        matrix_words: Whom the matrix is for, and how far it goes.
        together_words: What it means that all muscles fell together.
        choices: What Spondyl decided itself, apart from the published criteria.
    """

    source: str
    sha256: str | None
    values: int
    start_clock_s: float | None
    start_date: str | None
    start_s: float
    end_s: float
    baseline_choice: str
    baseline_words: str
    monitored: tuple[str, ...]
    not_monitored: tuple[str, ...]
    rules: tuple[Rule, ...]
    alarms: tuple[Alarm, ...]
    courses: tuple[Course, ...]
    events: tuple[Event, ...]
    readings: tuple[Interpretation, ...]
    unjudged: tuple[Unjudged, ...]
    conversions: tuple[str, ...]
    notices: tuple[str, ...]
    cautions: tuple[str, ...]
    matrix_words: str
    together_words: str
    choices: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.alarms)

    def __iter__(self) -> Iterator[Alarm]:  # type: ignore[override]
        """The alarms, in order of time."""
        return iter(self.alarms)

    def __bool__(self) -> bool:
        return True

    def at(self, seconds: float) -> str:
        """A moment of the recording as its clock showed it, or as elapsed time."""
        if self.start_clock_s is None:
            return clock(seconds)
        whole = round(self.start_clock_s + seconds, 3)
        later = int(whole // DAY) - int(self.start_clock_s // DAY)
        return clock(whole % DAY) + (f" (+{later} d)" if later else "")

    def rule(self, name: str) -> Rule:
        """The criterion of an id."""
        return next(r for r in self.rules if r.id == name)

    def worst(self) -> Interpretation | None:
        """The gravest of the readings, the first if there are several."""
        return max(self.readings, key=lambda r: r.rank, default=None)

    def as_dict(self) -> dict[str, Any]:
        """All of it but the courses' points, with clock times beside the seconds."""
        out: dict[str, Any] = {"schema": "spondyl.monitoring/0", "notice": NOT_A_DEVICE}
        out |= self.model_dump(mode="json", exclude={"courses": {"__all__": {"points"}}})
        for alarm in out["alarms"]:
            rule = self.rule(alarm["rule"])
            alarm |= {"rule_words": rule.words, "severity": rule.severity, "sources": list(rule.sources)}
            alarm["lasted_s"] = round(alarm["end_s"] - alarm["start_s"], 3)
        for part in ("alarms", "readings"):
            for one in out[part]:
                one |= {"start": self.at(one["start_s"]), "end": self.at(one["end_s"])}
        for event in out["events"]:
            event["time"] = self.at(event["time_s"])
        return out


def clock(seconds: float) -> str:
    """Seconds as hours, minutes and seconds.

    Example:
        >>> clock(3723), clock(0.5), clock(-60)
        ('01:02:03', '00:00:00.5', '-00:01:00')
    """
    sign = "-" if seconds < 0 else ""
    whole, rest = divmod(round(abs(seconds), 3), 1)
    minutes, second = divmod(int(whole), 60)
    fraction = f"{rest:.3f}".rstrip("0").rstrip(".")[1:] if rest else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{fraction}"
