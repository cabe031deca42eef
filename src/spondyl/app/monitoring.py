"""`spondyl monitor`: alarms of intraoperative monitoring, with report and figure."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from spondyl import consult, examples, monitor
from spondyl.app.notices import Notices, plain
from spondyl.app.status import SOME_UNREAD
from spondyl.record import ReadError
from spondyl.record.monitoring import NOT_A_DEVICE, Alarm, Monitoring

__all__ = ["Asked", "watch"]

MOST_LINES = 20


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line.

    Args:
        recording: The file; `None` for the invented recording that ships with Spondyl.
        events: The table of events.
        baseline, mep_fall, lost_below, sustained: As of `spondyl.monitor.alarms`.
    """

    recording: Path | None
    events: Path | None
    baseline: str
    mep_fall: str | None
    lost_below: str
    sustained: int


def watch(asked: Asked, out: Path) -> int:
    """Judge a recording, write what was found, and say the alarms on standard output.

    Args:
        asked: The recording and the choices.
        out: The folder to write into.

    Returns:
        The exit status: 1 if the recording or its events cannot be read.

    Raises:
        UsageError: A choice is unknown.
    """
    with Notices(what="judging channels") as notices:
        try:
            found = _example(asked, out, notices) if asked.recording is None else _judged(asked, notices)
        except ReadError as error:
            notices.say(str(error))
            return SOME_UNREAD
        files = consult.monitoring(found, out)
        for words in found.notices[:MOST_LINES]:
            notices.say(words)
        if len(found.notices) > MOST_LINES:
            notices.say(f"and {len(found.notices) - MOST_LINES} more remarks; the report lists them")
    _told(found, asked.recording is None)
    print(plain(str(files[0])))
    return notices.status


def _judged(asked: Asked, notices: Notices) -> Monitoring:
    return monitor.alarms(
        asked.recording or "", asked.baseline, events=asked.events, mep_fall=asked.mep_fall,
        lost_below=asked.lost_below, sustained=asked.sustained, progress=notices.progress,
    )  # fmt: skip


def _example(asked: Asked, out: Path, notices: Notices) -> Monitoring:
    """The invented recording, with its files laid beside the report."""
    with tempfile.TemporaryDirectory() as place:
        amplitudes, events = examples.write_monitoring(Path(place))
        made = Asked(
            amplitudes,
            asked.events or events,
            asked.baseline,
            asked.mep_fall,
            asked.lost_below,
            asked.sustained,
        )
        found = _judged(made, notices)
    examples.write_monitoring(out / "example")
    return found


def _told(found: Monitoring, invented: bool) -> None:
    if invented:
        print("Invented recording, no real patient.")
    count = len(found.alarms)
    print(f"{count} {'alarm' if count == 1 else 'alarms'}; monitored: {', '.join(found.monitored)}.")
    if found.not_monitored:
        print(f"Not monitored, which is not 'no alarm': {', '.join(found.not_monitored)}.")
    for rule in found.rules:
        if not rule.applied and rule.modality in found.monitored:
            print(f"Not judged: {rule.words}; {rule.why_not}.")
    for one in found.unjudged[:MOST_LINES]:
        print(plain(f"Not judged: {one.what}; {one.why}."))
    for alarm in found.alarms[:MOST_LINES]:
        print(plain(_line(alarm, found)))
    if count > MOST_LINES:
        print(f"and {count - MOST_LINES} more")
    if worst := found.worst():
        when = f"{found.at(worst.start_s)} to {found.at(worst.end_s)}"
        print(f"MEP and D-wave: {worst.label} (grade {worst.grade}), {when}.")
    print(NOT_A_DEVICE)


def _line(alarm: Alarm, found: Monitoring) -> str:
    after = f", after '{alarm.after.words}'" if alarm.after else ""
    back = f"back at {found.at(alarm.end_s)}" if alarm.came_back else "still there at its last value"
    return f"{found.at(alarm.start_s)}  {alarm.channel}: {found.rule(alarm.rule).words}; {back}{after}"
