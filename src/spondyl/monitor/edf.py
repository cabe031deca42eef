"""EDF and EDF+: averaged potentials, one data record a sweep, or amplitudes as a slow signal."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spondyl.monitor.events import event
from spondyl.monitor.knowledge import conduct, criteria
from spondyl.monitor.models import Window
from spondyl.monitor.naming import ChannelName, channel_name, conversion, factor
from spondyl.monitor.series import Channel, Form, Recording, Values, nothing
from spondyl.monitor.times import in_order
from spondyl.record import ReadError
from spondyl.record.monitoring import DAY, Event, Unjudged

if TYPE_CHECKING:
    from edfio import Edf, EdfSignal

__all__ = ["is_edf", "read_edf"]

MOST_BYTES = 2_000_000_000
SLOWEST_SWEEP_HZ = 200
"""A signal slower than this holds amplitudes, a faster one holds sweeps."""
LONGEST_SWEEP_S = 2.0
HEADER = 256
TAL = re.compile(rb"([+-]\d+(?:\.\d+)?)(?:\x15\d+(?:\.\d+)?)?\x14")
STIMULUS = re.compile(r"(?i)stim(ulus)? ?[a-z0-9]?")
MEND = "export it again as EDF or EDF+, or as CSV"


def is_edf(head: bytes) -> bool:
    """Whether a file begins as EDF does: version 0, then only printable characters.

    Example:
        >>> is_edf(b"0       " + b"X" * 248), is_edf(b"time,modality")
        (True, False)
    """
    return len(head) >= HEADER and head[:8] == b"0       " and all(32 <= c < 127 for c in head[:HEADER])


def read_edf(path: Path) -> tuple[Recording, list[Event]]:
    """The recording of an EDF or EDF+ file, with its annotations as events.

    Signals are known by their label, such as 'MEP L TA'. A signal of sweeps gives, for each data record, the
    amplitude from peak to peak and the latency of the first of the two; a slow signal gives its values.

    Args:
        path: The file.

    Raises:
        ReadError: It is no EDF, is cut off, or has no signal of a known modality.
    """
    where = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"it cannot be opened ({error.strerror})", where, "check its name and permission"
        ) from error
    if not is_edf(data[:HEADER]):
        raise ReadError(
            f"it is called {path.suffix} and is no EDF file",
            where,
            "give it its right name, or export it again",
        )
    if len(data) > MOST_BYTES:
        raise ReadError(
            f"it has {len(data):,} bytes", where, "export the averaged potentials, not the raw signals"
        )
    with _damage(where):
        edf = _opened(data, where)
        starts = _starts(data, edf, where)
        form, zero = _zero(edf)
        read = _recording(edf, starts, form, zero, where, hashlib.sha256(data).hexdigest())
        return read, _notes(edf)


@contextmanager
def _damage(where: str) -> Iterator[None]:
    """What a reader stumbles over in a damaged file, as one message; its warnings, too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("error", RuntimeWarning)
        try:
            yield
        except (ArithmeticError, LookupError, MemoryError, UserWarning, RuntimeWarning, ValueError) as error:
            short = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
            raise ReadError(f"it is a damaged or incomplete EDF file ({short})", where, MEND) from error


def _opened(data: bytes, where: str) -> Edf:
    import edfio

    edf = edfio.read_edf(data)
    if not edf.signals or edf.num_data_records < 1:
        raise ReadError("it holds no signal", where, MEND)
    return edf


def _starts(data: bytes, edf: Edf, where: str) -> Values:
    """When each data record begins: as EDF+ notes it in the record, in plain EDF one after the other."""
    count = int(data[252:256])
    labels = [data[HEADER + 16 * k : HEADER + 16 * (k + 1)].strip() for k in range(count)]
    sizes = [2 * int(data[HEADER + count * 216 + 8 * k :][:8]) for k in range(count)]
    plain: Values = np.arange(edf.num_data_records) * float(edf.data_record_duration)
    if b"EDF Annotations" not in labels:
        return plain
    k = labels.index(b"EDF Annotations")
    skip, length = HEADER * (count + 1) + sum(sizes[:k]), sizes[k]
    out = []
    for record in range(edf.num_data_records):
        at = skip + record * sum(sizes)
        found = TAL.match(data[at : at + length])
        if not found:
            raise ReadError(f"data record {record + 1} does not say when it begins", where, MEND)
        out.append(float(found[1]))
    return np.array(out)


def _zero(edf: Edf) -> tuple[Form, float]:
    """The form of the times, and when the file begins; a date left out by anonymisation leaves the clock."""
    start = edf.starttime
    clock = start.hour * 3600 + start.minute * 60 + start.second + start.microsecond / 1e6
    try:
        date = edf.startdate
    except ValueError:
        return "clock", clock
    if (date.year, date.month, date.day) == (1985, 1, 1):
        return "clock", clock
    return "date", (date.toordinal() - 719163) * DAY + clock


def _recording(edf: Edf, starts: Values, form: Form, zero: float, where: str, digest: str) -> Recording:
    channels: dict[str, Channel] = {}
    unread: list[Unjudged] = []
    conversions: dict[str, None] = {}
    for signal in edf.signals:
        name = channel_name(signal.label)
        if name is None:
            unread.append(
                Unjudged(
                    what=f"signal {signal.label!r}", why="its label names no modality (MEP, SSEP, D-wave)"
                )
            )
            continue
        by = factor("amplitude", signal.physical_dimension)
        if by is None:
            raise ReadError(
                f"the signal {signal.label!r} has the unit {signal.physical_dimension!r}", where,
                "uV, mV, nV or V is needed in its physical dimension",
            )  # fmt: skip
        _refuse_uncalibrated(signal, where)
        channel = _channel(edf, signal, name, starts, by)
        in_order(channel.times, np.arange(1.0, len(channel.times) + 1), channel.name, where, "value")
        if channel.name in channels:
            raise ReadError(
                f"two signals are called {signal.label!r}", where, "give every signal a label of its own"
            )
        channels[channel.name] = channel
        conversions[conversion("amplitude", signal.physical_dimension)] = None
    if not channels:
        raise ReadError(
            f"no signal names a modality (labels: {', '.join(edf.labels)[:200]})", where,
            f"label the signals like 'MEP L TA', with one of {', '.join(m.id for m in criteria().modality)}",
        )  # fmt: skip
    rows = sum(len(c.times) for c in channels.values())
    sweeps = any(_fast(edf, s) for s in edf.signals if channel_name(s.label))
    notices = (f"EDF: sweeps were measured {conduct().sweep['words']}",) if sweeps else ()
    return Recording(
        Path(where).name, tuple(channels.values()), form, zero, rows, digest, tuple(conversions), notices,
        tuple(unread), elapsed_too=True,
    )  # fmt: skip


def _refuse_uncalibrated(signal: EdfSignal, where: str) -> None:
    """Refuse a signal whose header does not say what its numbers mean; its reader would pass them on as they are."""
    try:
        digital = signal.digital_max - signal.digital_min
        physical = signal.physical_max - signal.physical_min
    except ValueError:
        digital = physical = 0
    if digital <= 0 or not np.isfinite(physical) or physical == 0:
        raise ReadError(f"the signal {signal.label!r} has no usable range in its header", where, MEND)


def _fast(edf: Edf, signal: EdfSignal) -> bool:
    return signal.sampling_frequency >= SLOWEST_SWEEP_HZ and edf.data_record_duration <= LONGEST_SWEEP_S


@dataclass(frozen=True)
class _Sweeps:
    """Sweeps of one signal, shape (records, samples), and the time of each sample in milliseconds."""

    values: Values
    at_ms: Values


def _channel(edf: Edf, signal: EdfSignal, name: ChannelName, starts: Values, by: float) -> Channel:
    values: Values = np.asarray(signal.data, dtype=np.float64).reshape(len(starts), -1) * by
    key = (name.modality, name.site, name.side)
    if not _fast(edf, signal):
        within = np.arange(values.shape[1]) / max(signal.sampling_frequency, 1e-9)
        times = (starts[:, None] + within).ravel()
        return Channel(*key, times, values.ravel(), nothing(times), nothing(times))
    at_ms: Values = np.arange(values.shape[1]) / signal.sampling_frequency * 1000 - _stimulus_ms(edf, starts)
    amplitude, latency = _measured(_Sweeps(values, at_ms), name.modality)
    return Channel(*key, starts, amplitude, latency, nothing(starts))


def _stimulus_ms(edf: Edf, starts: Values) -> float:
    """When in a sweep the stimulus comes: where an annotation says so in the first record, else at its beginning."""
    for note in edf.annotations:
        if STIMULUS.fullmatch(note.text.strip()):
            late = note.onset - float(starts[0])
            return 1000 * late if 0 <= late < edf.data_record_duration else 0.0
    return 0.0


def _measured(sweeps: _Sweeps, modality: str) -> tuple[Values, Values]:
    """Amplitude from peak to peak in microvolts, and latency of the earlier peak in milliseconds."""
    window = conduct().sweep[modality]
    assert isinstance(window, Window)
    inside = (sweeps.at_ms >= window.from_ms) & (sweeps.at_ms <= window.to_ms)
    if not inside.any():
        empty = np.full(len(sweeps.values), np.nan)
        return empty, empty
    values, at_ms = sweeps.values[:, inside], sweeps.at_ms[inside]
    high, low = values.argmax(axis=1), values.argmin(axis=1)
    amplitude = values.max(axis=1) - values.min(axis=1)
    return amplitude, np.where(amplitude > 0, at_ms[np.minimum(high, low)], np.nan)


def _notes(edf: Edf) -> list[Event]:
    """The annotations that are no mark of a stimulus and no markup."""
    plain = [(float(n.onset), n.text.strip()) for n in edf.annotations]
    return [event(at, text) for at, text in plain if text and text[0] != "<" and not STIMULUS.fullmatch(text)]
