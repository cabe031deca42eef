"""Channels against the criteria: alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from spondyl.monitor.baselines import Choice, baseline
from spondyl.monitor.episodes import Episode, episodes
from spondyl.monitor.knowledge import UNITS, change, conduct, criteria, exceeds
from spondyl.monitor.models import Criterion
from spondyl.monitor.options import Floor, Options, fall_choice, floor_of
from spondyl.monitor.series import Channel, Recording, Values
from spondyl.record.monitoring import Alarm, Baseline, Event, Gap, Rule, Unjudged

__all__ = ["Judged", "Progress", "around", "judged", "rules"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Judged:
    """One channel, judged.

    Args:
        channel: The channel.
        baselines: Of each measure it has.
        alarms: Without numbers, and without what happened around them.
        unjudged: What of it was not judged.
        gaps: Where it has no values.
    """

    channel: Channel
    baselines: tuple[Baseline, ...]
    alarms: tuple[Alarm, ...]
    unjudged: tuple[Unjudged, ...]
    gaps: tuple[Gap, ...] = field(default=())

    def percent(self) -> Values | None:
        """Its amplitudes in percent of the baseline; `None` without a usable one."""
        reference = self.reference()
        return None if reference is None else 100 * self.channel.amplitude / reference

    def reference(self) -> float | None:
        """Its baseline amplitude, where usable."""
        found = next((b for b in self.baselines if b.measure == "amplitude" and b.usable), None)
        return found.value if found else None


def rules(options: Options, monitored: Sequence[str]) -> tuple[Rule, ...]:
    """All criteria as they are applied, those that are not with the reason.

    Args:
        options: The user's choices.
        monitored: The modalities recorded.

    Raises:
        UsageError: The named limit is unknown.
    """
    return tuple(_rule(c, options, monitored) for c in criteria().criterion)


def _rule(one: Criterion, options: Options, monitored: Sequence[str]) -> Rule:
    chosen = fall_choice(options.mep_fall) if one.choice else None
    limit = chosen.limit if chosen else one.limit
    inclusive = chosen.inclusive if chosen else one.inclusive
    why = ""
    if one.modality not in monitored:
        why = f"{one.modality} was not monitored"
    elif one.choice and not chosen:
        names = ", ".join(f"{c.name} ({_limit(c.limit, c.inclusive, one.unit)})" for c in one.choice)
        why = f"no limit was named; the sources disagree: {names}"
    words = one.words + (f" by {_limit(limit, inclusive, one.unit)}" if limit is not None else "")
    if one.change == "lost":
        words += f": {floor_of(options.lost_below).words}"
    notes = [one.disagreement, one.note, chosen.note if chosen else ""]
    return Rule(
        id=one.id, modality=one.modality, measure=one.measure, words=words, severity=one.severity, limit=limit,
        unit=one.unit if limit is not None else "", inclusive=inclusive, chosen=chosen.name if chosen else None,
        sources=criteria().cited(chosen.sources if chosen else one.sources), notes=tuple(n for n in notes if n),
        applied=not why, why_not=why,
    )  # fmt: skip


def _limit(limit: float, inclusive: bool, unit: str) -> str:
    return f"{'≥' if inclusive else '>'} {limit:g} {unit}"


def judged(
    recording: Recording, choice: Choice, options: Options, applied: Sequence[Rule], progress: Progress
) -> list[Judged]:
    """Every channel against the criteria of its modality.

    Args:
        recording: The recording.
        choice: Which values are the baseline.
        options: The user's choices.
        applied: The rules; those not applied are passed over.
        progress: Told how many channels are done, of how many.
    """
    floor = floor_of(options.lost_below)
    out = []
    for k, channel in enumerate(recording.channels, 1):
        out.append(_judged(channel, choice, options, applied, floor))
        progress(k, len(recording.channels))
    return out


def _judged(
    channel: Channel, choice: Choice, options: Options, applied: Sequence[Rule], floor: Floor
) -> Judged:
    found = (baseline(channel, m, choice) for m in UNITS)
    baselines = tuple(b for b in found if b)
    gaps = tuple(_gaps(channel.times))
    alarms: list[Alarm] = []
    unjudged: list[Unjudged] = []
    for one, rule in zip(criteria().criterion, applied, strict=True):
        if rule.modality != channel.modality or not rule.applied:
            continue
        reference = next((b for b in baselines if b.measure == one.measure), None)
        if reference is None or not reference.usable:
            unjudged.append(Unjudged(what=f"{channel.name}: {one.words}", why=_why(channel, one, reference)))
        else:
            alarms += _alarms(channel, one, rule, reference, options.sustained, floor, gaps)
    return Judged(channel, baselines, tuple(alarms), tuple(unjudged), gaps)


def _why(channel: Channel, one: Criterion, reference: Baseline | None) -> str:
    if reference is None:
        return f"no {one.measure} was given"
    if reference.quality == "zero":
        return f"the baseline of its {one.measure} is zero, nothing can be compared with it"
    return f"it has no {one.measure} in the stretch the baseline is taken from; it comes later or is missing"


def _alarms(  # one argument a thing looked at
    channel: Channel, one: Criterion, rule: Rule, reference: Baseline, sustained: int, floor: Floor,
    gaps: Sequence[Gap],
) -> Iterator[Alarm]:  # fmt: skip
    values: Values = getattr(channel, one.measure)
    base = reference.value or 0.0
    taken = ~np.isnan(values)
    values, times = values[taken], channel.times[taken]
    amount = change(one.change, values, base, floor.of(base))
    met = exceeds(amount, rule.limit if rule.limit is not None else 100.0, rule.inclusive)
    for episode in episodes(met, sustained):
        yield _alarm(channel, one, reference, _Seen(values, times, amount, episode), gaps)


@dataclass(frozen=True)
class _Seen:
    values: Values
    times: Values
    amount: Values
    episode: Episode


def _alarm(channel: Channel, one: Criterion, reference: Baseline, seen: _Seen, gaps: Sequence[Gap]) -> Alarm:
    first, end = seen.episode.first, seen.episode.end
    back = end < len(seen.times)
    start_s, end_s = float(seen.times[first]), float(seen.times[end if back else end - 1])
    worst = first + int(np.argmax(seen.amount[first:end]))
    return Alarm(
        number=0, channel=channel.name, modality=channel.modality, site=channel.site, side=channel.side, rule=one.id,
        start_s=start_s, end_s=end_s, came_back=back, change=float(seen.amount[worst]), unit=one.unit,
        worst=float(seen.values[worst]), value_unit=UNITS[one.measure], baseline=reference.value or 0.0,
        baseline_quality=reference.quality,
        unmeasured_s=sum(max(0.0, min(g.end_s, end_s) - max(g.start_s, start_s)) for g in gaps),
    )  # fmt: skip


def _gaps(times: Values) -> Iterator[Gap]:
    """Pauses much longer than the channel's usual interval."""
    if len(times) < 3:
        return
    steps = np.diff(times)
    limit = max(conduct().gap.at_least_s, conduct().gap.times_interval * float(np.median(steps)))
    for k in np.flatnonzero(steps > limit):
        yield Gap(start_s=float(times[k]), end_s=float(times[k + 1]))


def around(alarm: Alarm, events: Sequence[Event]) -> Alarm:
    """An alarm with the events around it: what it followed, what was on, what may be a systemic cause."""
    before = [e for e in events if e.time_s <= alarm.start_s]
    after = before[-1] if before else None
    since = alarm.start_s - 60 * conduct().together.look_back_minutes
    return alarm.model_copy(
        update={
            "after": after,
            "after_s": alarm.start_s - after.time_s if after else None,
            "during": tuple(_on(before)),
            "systemic_before": tuple(e for e in before if e.systemic and e.time_s >= since),
        }
    )


def _on(before: Sequence[Event]) -> Iterator[Event]:
    """What was switched on and not yet off."""
    on: dict[str, Event] = {}
    for event in before:
        if event.state == "on":
            on[event.kind] = event
        elif event.state == "off":
            on.pop(event.kind, None)
    yield from on.values()
