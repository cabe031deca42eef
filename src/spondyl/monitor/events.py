"""Events of the operation: what was written down, of which kind, on or off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from spondyl.monitor import cells
from spondyl.monitor.grid import Grid, from_columns, from_file
from spondyl.monitor.knowledge import names
from spondyl.monitor.models import EventKind
from spondyl.monitor.naming import simple
from spondyl.monitor.series import Form, Recording
from spondyl.monitor.times import placed
from spondyl.record import ReadError
from spondyl.record.monitoring import Event

__all__ = ["Events", "event", "read_events"]

Events = Path | str | Mapping[str, Any] | Sequence[Event]
MOST = 10_000


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], EventKind], ...]:
    return tuple(
        (re.compile("|".join(rf"(?<!\w){re.escape(w)}" for w in kind.words)), kind) for kind in names().event
    )


def event(time_s: float, words: str, kind: str = "", state: str = "") -> Event:
    """An event with its kind, as given or as its words say.

    Args:
        time_s: Seconds of the recording.
        words: What was written down.
        kind, state: As given; found in the words where empty.

    Example:
        >>> event(60, "Ultrasonic aspirator on").kind, event(60, "Ultrasonic aspirator on").state
        ('aspirator', 'on')
        >>> event(60, "MAP 52 mmHg").systemic, event(60, "Coffee").kind
        (True, 'other')
    """
    low = words.lower()
    given = {k.kind: k for k in names().event}
    found = given.get(simple(kind)) if kind else next((k for p, k in _patterns() if p.search(low)), None)
    return Event(
        time_s=time_s, words=words, kind=found.kind if found else kind or "other", state=_state(state or low),
        touches=bool(found and found.touches), systemic=bool(found and found.other),
    )  # fmt: skip


def _state(words: str) -> Literal["on", "off"] | None:
    """On or off, where a phrase ends so ("aspirator on, second lesion"), not where "on" goes on ("traction on rod")."""
    for phrase in re.split(r"[,;:.()]", words.lower()):
        last = phrase.split()[-1:]
        for state, known in names().states.items():
            if last and last[0] in known:
                return state
    return None


def read_events(given: Events | None, recording: Recording) -> list[Event]:
    """The events of an operation, in order of time.

    Args:
        given: A table (CSV, Parquet, columns) with the columns time and event, or events.
        recording: The recording they belong to, whose clock they share.

    Raises:
        ReadError: The table cannot be read, or its times do not go with those of the recording.
    """
    if given is None:
        return []
    if isinstance(given, Mapping):
        out = _table(from_columns(given, "the events given"), recording)
    elif isinstance(given, str | Path):
        with from_file(Path(given)) as grid:
            out = _table(grid, recording)
    else:
        out = list(given)
    return sorted(out, key=lambda e: e.time_s)


def _table(grid: Grid, recording: Recording) -> Iterable[Event]:
    held = cells.headings(grid)
    if "event" not in held:
        raise ReadError(
            f"no column gives the event (columns: {', '.join(grid.columns)[:200]})",
            grid.where,
            "name the columns time and event; kind and state (on, off) are optional",
        )
    column, form, scale = cells.time_column(grid, held)
    cells.refuse_times(grid, column, form, scale)
    when = cells.time_of(column, form, scale)
    texts = ", ".join(f"c{held[n][0]}" if n in held else "''" for n in ("event", "kind", "state"))
    rows = grid.rows(f"SELECT {when}, {texts} FROM raw ORDER BY row")
    if len(rows) > MOST:
        raise ReadError(
            f"there are {len(rows)} events", grid.where, f"{MOST} at most; check that it is the right file"
        )
    return [event(_placed(t, form, recording, grid.where), *words) for t, *words in rows]


def _placed(value: float, form: Form, recording: Recording, where: str) -> float:
    if form == "elapsed" and recording.elapsed_too:
        return value
    span = (recording.start, recording.end)
    out = placed(value, form, recording.zero, recording.form, span)
    if out is None:
        kinds = {"clock": "clock times", "date": "dated times", "elapsed": "elapsed times"}
        raise ReadError(
            f"the events have {kinds[form]} and the recording {kinds[recording.form]}",
            where,
            "give both in the same way",
        )
    return out
