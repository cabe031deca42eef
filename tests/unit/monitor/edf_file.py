"""EDF files written byte by byte, apart from any library, with pauses between the data records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

NOTES = 60  # bytes of annotations a data record


@dataclass
class Edf:
    """Signals of `samples` values a record; `starts` gives when each record begins.

    Args:
        labels: Of the signals.
        data: Physical values, shape (signals, records, samples), within ±1000.
        starts: Seconds after the start, one a record.
        notes: (record, seconds, words).
    """

    labels: Sequence[str]
    data: np.ndarray
    starts: Sequence[float]
    duration: float = 0.1
    unit: str = "uV"
    date: str = "04.05.31"
    notes: Sequence[tuple[int, float, str]] = field(default_factory=tuple)
    reserved: str = "EDF+D"

    def bytes(self) -> bytes:
        signals, records, samples = self.data.shape
        plus = bool(self.reserved)
        count = signals + plus
        head = [
            ("0", 8), ("X X X X", 80), ("Startdate X X X X", 80), (self.date, 8), ("23.50.00", 8),
            (str(256 * (count + 1)), 8), (self.reserved, 44), (str(records), 8), (f"{self.duration:g}", 8),
            (str(count), 4),
        ]  # fmt: skip
        each = [
            (16, [*self.labels, *["EDF Annotations"] * plus]), (80, [""] * count),
            (8, [*[self.unit] * signals, *[""] * plus]), (8, ["-1000"] * signals + ["-1"] * plus),
            (8, ["1000"] * signals + ["1"] * plus), (8, ["-32768"] * count), (8, ["32767"] * count), (80, [""] * count),
            (8, [str(samples)] * signals + [str(NOTES // 2)] * plus), (32, [""] * count),
        ]  # fmt: skip
        text = "".join(t.ljust(n) for t, n in head) + "".join(v.ljust(n) for n, vs in each for v in vs)
        digital = np.round((self.data + 1000) / 2000 * 65535 - 32768).astype("<i2")
        body = b""
        for k in range(records):
            body += digital[:, k, :].tobytes()
            if plus:
                body += self._tal(k)
        return text.encode("ascii") + body

    def _tal(self, record: int) -> bytes:
        out = f"+{self.starts[record]:g}\x14\x14\x00"
        for k, at, words in self.notes:
            if k == record:
                out += f"+{at:g}\x14{words}\x14\x00"
        return out.encode().ljust(NOTES, b"\x00")


def sweep(peaks: Sequence[float], samples: int = 200) -> np.ndarray:
    """Averaged potentials: up at 20 ms and down at 26 ms of 100 ms, with these peak-to-peak amplitudes."""
    out = np.zeros((len(peaks), samples))
    out[:, 40] = np.array(peaks) / 2
    out[:, 52] = -np.array(peaks) / 2
    return out
