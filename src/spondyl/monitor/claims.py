"""The result of monitoring as a case record: every value with the words it stands on."""

from __future__ import annotations

from collections.abc import Iterator

from spondyl.record import Case, Claim, Paper
from spondyl.record.monitoring import NOT_A_DEVICE, Alarm, Monitoring

__all__ = ["case", "recorded"]

METHOD = "monitoring"
REVERSIBILITY = ("no alarm", "reversed", "partly reversed", "not reversed")


def case(monitoring: Monitoring, number: int = 1, label: str = "") -> tuple[Paper, Case]:
    """A case record of the monitoring alone, with the text its values are quoted from.

    Args:
        monitoring: The result.
        number, label: Of the case.

    Returns:
        The text as a paper, and the case with the fields `monitoring_modalities`, `monitoring_alarms` and
        `monitoring_reversibility`.

    Example:
        >>> from spondyl.monitor import alarms
        >>> found = alarms({"time_min": [0, 5, 10, 40, 48], "MEP left TA (uV)": [400, 410, 390, 0, 380]})
        >>> paper, made = case(found)
        >>> made.fields["monitoring_alarms"], made.fields["monitoring_reversibility"]
        (['MEP left TA: mep_loss at 00:40:00 for 8 min, came back'], 'reversed')
        >>> all(paper.text[q.start : q.end] == q.text for c in made.claims for q in c.quotes)
        True
    """
    paper = _paper(monitoring)
    return paper, Case(
        case=number, label=label or monitoring.source, claims=tuple(_claims(monitoring, paper))
    )


def recorded(into: Case, monitoring: Monitoring) -> tuple[Paper, Case]:
    """A case that was read elsewhere, with the result of its monitoring added; nothing of it is replaced.

    Args:
        into: The case.
        monitoring: The result.

    Returns:
        The text the added values are quoted from, and the case.
    """
    paper = _paper(monitoring)
    return paper, into.model_copy(update={"claims": (*into.claims, *_claims(monitoring, paper))})


def _paper(monitoring: Monitoring) -> Paper:
    digest = monitoring.sha256 or ""
    return Paper(
        id=f"monitoring-{monitoring.source}" + f"-{digest[:8]}" * bool(digest), source=monitoring.source,
        text="\n".join(_lines(monitoring)) + "\n", sha256=digest, title=f"Monitoring of {monitoring.source}",
    )  # fmt: skip


def _lines(monitoring: Monitoring) -> Iterator[str]:
    yield f"Intraoperative monitoring: {' '.join(monitoring.source.split())}"
    yield NOT_A_DEVICE
    yield f"Monitored: {', '.join(monitoring.monitored)}."
    if monitoring.not_monitored:
        yield f"Not monitored, which is not 'no alarm': {', '.join(monitoring.not_monitored)}."
    for rule in monitoring.rules:
        if not rule.applied:
            yield f"Not judged: {rule.words}; {rule.why_not}."
    for alarm in monitoring.alarms:
        yield f"Alarm: {said(alarm, monitoring)}."
    yield f"Reversibility: {reversibility(monitoring)}."


def said(alarm: Alarm, monitoring: Monitoring) -> str:
    """One alarm in a line."""
    back = "came back" if alarm.came_back else "still there at its last value"
    return f"{alarm.channel}: {alarm.rule} at {monitoring.at(alarm.start_s)} for {lasted(alarm.lasted_s)}, {back}"


def lasted(seconds: float) -> str:
    """A duration in words.

    Example:
        >>> lasted(480), lasted(75), lasted(4)
        ('8 min', '1.25 min', '4 s')
    """
    return f"{seconds:.4g} s" if seconds < 60 else f"{seconds / 60:.4g} min"


def reversibility(monitoring: Monitoring) -> str:
    """Whether what raised the alarms came back: "no alarm", "reversed", "partly reversed" or "not reversed"."""
    back = [a.came_back for a in monitoring.alarms]
    if not back:
        return REVERSIBILITY[0]
    return REVERSIBILITY[1 if all(back) else 2 if any(back) else 3]


def _claims(monitoring: Monitoring, paper: Paper) -> Iterator[Claim]:
    start = paper.text.index("\nMonitored: ")
    for modality in monitoring.monitored:
        start = paper.text.index(modality, start)
        yield _claim("monitoring_modalities", modality, start, paper)
    at = start
    for alarm in monitoring.alarms:
        words = said(alarm, monitoring)
        at = paper.text.index(f"\nAlarm: {words}", at) + len("\nAlarm: ")
        yield _claim("monitoring_alarms", words, at, paper)
    words = reversibility(monitoring)
    yield _claim("monitoring_reversibility", words, paper.text.rindex("Reversibility: ") + 15, paper)


def _claim(field: str, value: str, start: int, paper: Paper) -> Claim:
    return Claim(field=field, value=value, quotes=(paper.quote(start, start + len(value)),), method=METHOD)
