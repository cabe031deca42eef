"""Writes the invented recording of an operation that ships with Spondyl: no real patient, no real operation.

Two intramedullary lesions; while the second is removed with an ultrasonic aspirator, two muscles on the left are
lost for eight minutes, and D-wave and SSEP hold.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "spondyl" / "examples" / "monitoring"
REMARK = "# Invented recording, made by a program: no real patient and no real operation."
START, END, LOST, BACK = (60 * (60 * h + m) for h, m in ((9, 2), (12, 52), (11, 21), (11, 29)))
MUSCLES = (
    ("abductor pollicis brevis", 820, 22.4, 310),
    ("quadriceps", 140, 25.8, 380),
    ("tibialis anterior", 460, 31.6, 350),
    ("abductor hallucis", 390, 40.2, 340),
)
NERVES = (("median nerve", 2.6, 20.1), ("tibial nerve", 1.4, 39.4))
LEFT_LOST = ("abductor pollicis brevis", "tibialis anterior")
EVENTS = """
09:31:00 Skin incision
10:04:00 Laminectomy C5 and C6
10:33:00 Dura opened
10:41:00 Propofol infusion lowered
10:50:00 First lesion removed in one piece (resection C5)
11:18:00 Ultrasonic aspirator on, second lesion C6
11:23:00 Irrigation with warm saline
11:24:00 Mean arterial pressure raised to 88 mmHg
11:28:00 Ultrasonic aspirator off
11:52:00 Resection complete
12:09:00 Dura closed
12:40:00 Skin closure
"""


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def noisy(chance: random.Random, value: float, spread: float, digits: int) -> str:
    """A value with a bounded, invented variation."""
    return f"{value * (1 + spread * math.sin(chance.uniform(0, 2 * math.pi))):.{digits}f}"


def rows() -> list[str]:
    chance = random.Random(4)
    out = ["time,modality,site,side,amplitude,unit,latency_ms,threshold_v"]
    for at in range(START, END + 1, 60):
        for side in ("left", "right"):
            for muscle, amplitude, latency, threshold in MUSCLES:
                if side == "left" and muscle in LEFT_LOST and LOST <= at < BACK:
                    out.append(f"{clock(at)},MEP,{muscle},{side},absent,uV,,")
                    continue
                cells = (noisy(chance, amplitude, 0.14, 1), "uV", noisy(chance, latency, 0.01, 2))
                out.append(f"{clock(at)},MEP,{muscle},{side},{','.join(cells)},{threshold}")
            for nerve, amplitude, latency in NERVES:
                cells = (noisy(chance, amplitude, 0.08, 3), "uV", noisy(chance, latency, 0.012, 2))
                out.append(f"{clock(at)},SSEP,{nerve},{side},{','.join(cells)},")
        out.append(f"{clock(at)},D-wave,epidural T3,midline,{noisy(chance, 31, 0.05, 2)},uV,,")
    return out


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "amplitudes.csv").write_text("\n".join([REMARK, *rows()]) + "\n", "utf-8")
    listed = [line.split(" ", 1) for line in EVENTS.strip().splitlines()]
    text = [f'{time},"{words}"' for time, words in listed]
    (FOLDER / "events.csv").write_text("\n".join([REMARK, "time,event", *text]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
