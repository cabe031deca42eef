"""`spondyl curve`: patient-level data from a digitised survival curve."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from spondyl.app.notices import plain
from spondyl.app.pooling_commands import CurveOptions
from spondyl.app.status import FINE
from spondyl.cohort import reconstruct
from spondyl.cohort.reconstruction import Reconstruction
from spondyl.consult.study_format import interval, months
from spondyl.present.traced import Trace, draw_traces
from spondyl.record import ReadError, UsageError

__all__ = ["curve"]

TIME = ("time", "t", "x", "months", "years", "weeks", "days", "month", "year")
LEVEL = ("survival", "s", "y", "surv", "percent", "probability", "os")
RISK = ("at_risk", "n", "nrisk", "number", "risk", "at risk", "number at risk")
ARM = ("arm", "group", "curve", "series")
UNITS = ("months", "years", "weeks", "days")


def curve(asked: CurveOptions) -> int:
    """Reconstruct the patients of a digitised curve, write them, and say how near they are.

    Args:
        asked: What is wanted.

    Returns:
        The exit status.

    Raises:
        ReadError: A table cannot be read.
        UsageError: The numbers make no survival curve.
    """
    if asked.digitised is None:
        raise UsageError(
            "no curve was given; name one: spondyl curve digitised.csv --at-risk risk.csv --events 32"
        )
    columns = _columns(asked)
    points = _table(asked.digitised, TIME, LEVEL)
    risks = _table(asked.at_risk, TIME, RISK) if asked.at_risk else {}
    arms = list(points)
    events, patients = (
        _numbers(asked.events or (), arms, "--events"),
        _numbers(asked.patients or (), arms, "--patients"),
    )
    made = {}
    for arm, rows in points.items():
        try:
            made[arm] = reconstruct(
                [t for t, _ in rows], [s for _, s in rows], _risk(risks, arm, arms), patients.get(arm),
                events.get(arm), asked.error, asked.redraws,
            )  # fmt: skip
        except UsageError as error:
            raise UsageError(f"{asked.digitised}{f', {arm}' if arm else ''}: {error}") from None
    table = _written(made, asked, columns)
    if asked.figure:
        _draw(made, asked.figure, asked.unit)
    told = sys.stdout if asked.out or asked.plain else sys.stderr
    if asked.out:
        asked.out.write_text(table, "utf-8", newline="")
    if asked.plain:
        print(json.dumps({a or "curve": _as_dict(r) for a, r in made.items()}, ensure_ascii=False))
    else:
        print("\n".join(line for arm, one in made.items() for line in _told(arm, one, asked.unit)), file=told)
        if not asked.out:
            sys.stdout.write(table)
    return FINE


def _columns(asked: CurveOptions) -> dict[str, str]:
    out = {}
    for one in asked.columns or ():
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {one} names no value; write --set diagnosis=leiomyosarcoma")
        out[name] = value
    if taken := {*out, asked.arm} & {*UNITS, "event"}:
        raise UsageError(f"{sorted(taken)[0]} is a column of the result already; choose another name")
    return out


def _table(path: Path, times: Sequence[str], values: Sequence[str]) -> dict[str, list[tuple[float, float]]]:
    """Arm → (time, value); a table without a head has them in its first two columns."""
    mend = f"give a CSV with the columns {times[0]} and {values[0]}, and arm where there are several"
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), mend) from None
    except UnicodeDecodeError:
        raise ReadError("it is no text in UTF-8", str(path), mend) from None
    delimiter = next((d for d in "\t;," if d in text.partition("\n")[0]), ",")
    rows = [
        [c.strip() for c in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)
    ]
    if not rows:
        raise ReadError("the table is empty", str(path), mend)
    comma = delimiter == ";"
    if _float(rows[0][0], comma) is not None:
        places, body, first = (0, 1, 2 if len(rows[0]) > 2 else None), rows, 1
    else:
        head = [c.casefold() for c in rows[0]]
        found = [next((head.index(n) for n in names if n in head), None) for names in (times, values, ARM)]
        if found[0] is None or found[1] is None:
            raise ReadError(f"its columns are {', '.join(rows[0])}", str(path), mend)
        places, body, first = (found[0], found[1], found[2]), rows[1:], 2
    out: dict[str, list[tuple[float, float]]] = {}
    for number, row in enumerate(body, first):
        cells = [row[k] if k is not None and k < len(row) else "" for k in places]
        time, value = (_float(c, comma) for c in cells[:2])
        if time is None or value is None:
            raise ReadError(
                f"{', '.join(row)} is no point", f"{path}: line {number}", "give two numbers a line"
            )
        out.setdefault(cells[2], []).append((time, value))
    return out


def _float(text: str, comma: bool) -> float | None:
    try:
        value = float(text.rstrip("%").replace(",", ".") if comma else text.rstrip("%"))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _risk(
    risks: Mapping[str, Sequence[tuple[float, float]]], arm: str, arms: Sequence[str]
) -> dict[float, int] | None:
    if not risks:
        return None
    rows = risks.get(arm, risks.get("") if len(arms) == 1 else None)
    if rows is None and len(risks) == 1 and len(arms) == 1:
        rows = next(iter(risks.values()))
    if rows is None:
        raise UsageError(
            f"the numbers at risk have no row for {arm or 'the curve'}; they have {', '.join(risks)}"
        )
    for time, n in rows:
        if n != int(n):
            raise UsageError(f"the number at risk at {time:g} is {n:g}; expected a whole number")
    return {t: int(n) for t, n in rows}


def _numbers(given: Sequence[str], arms: Sequence[str], option: str) -> dict[str, int]:
    out = {}
    for one in given:
        arm, equals, number = one.rpartition("=")
        if not number.strip().isdecimal():
            raise UsageError(f"{option} {one} is no number; write {option} 32, or {option} ARM=32")
        if not equals and len(arms) > 1:
            raise UsageError(f"{option} {one}: there are several arms; write {option} {arms[0]}=N for each")
        name = arm if equals else arms[0]
        if name not in arms:
            raise UsageError(f"{option} {one}: there is no arm {name}; there are {', '.join(arms)}")
        out[name] = int(number)
    return out


def _written(made: Mapping[str, Reconstruction], asked: CurveOptions, columns: Mapping[str, str]) -> str:
    arms = len(made) > 1 or "" not in made
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([asked.unit, "event", *([asked.arm] if arms else []), *columns])
    for arm, one in made.items():
        for time, died in zip(one.time.tolist(), one.died.tolist(), strict=True):
            rows.writerow(
                [f"{time:.6g}", int(died), *([_safe(arm)] if arms else []), *map(_safe, columns.values())]
            )
    return out.getvalue()


def _safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "@", "-")) else cell


def _draw(made: Mapping[str, Reconstruction], path: Path, unit: str) -> None:
    if path.suffix.lower() not in (".svg", ".png"):
        raise UsageError(f"{path} is no name for a drawing; end it with .svg or .png")
    picture = draw_traces([
        Trace(arm or "curve", r.traced.time.tolist(), r.traced.given.tolist(), r.curve.time.tolist(),
              r.curve.survival.tolist(), r.curve.low.tolist(), r.curve.high.tolist())
        for arm, r in made.items()
    ], f"Time ({unit})")  # fmt: skip
    path.write_bytes(picture.svg if path.suffix.lower() == ".svg" else picture.png)


def _told(arm: str, one: Reconstruction, unit: str) -> Iterator[str]:
    printed, found = one.events
    name = f"{plain(arm)}: " if arm else ""
    like = "" if printed is None else " (as printed)" if printed == found else f" ({printed} printed)"
    yield f"{name}{one.n} patients, {found} events{like}, {one.n - found} censored."
    yield f"  max |ΔS| {one.largest:.3f}, rms {one.rms:.4f} at the {len(one.traced.time)} digitised times."
    yield f"  Median {_median(one, unit)}."
    for words in one.warnings:
        yield f"  Note: {words}"
    for words in one.unknown:
        yield f"  Not known: {words}"


def _median(one: Reconstruction, unit: str) -> str:
    median, low, high = one.median
    told = f"{months(median)} {unit}" if median == median else "not reached"
    told += f" (95 % CI {interval(low, high, 1)} as if the patients were known"
    if one.redrawn:
        r = one.redrawn
        told += (
            f"; {interval(r.low, r.high, 1)} over {r.draws} redraws of the digitising and censoring alone; "
            f"{interval(r.both_low, r.both_high, 1)} with the patients drawn again"
        )
    return told + ")"


def _as_dict(one: Reconstruction) -> dict[str, Any]:
    names = ("median", "low", "high")
    redrawn = None if one.redrawn is None else {
        k: _plain(getattr(one.redrawn, k)) for k in ("draws", "low", "high", "both_low", "both_high", "reached")
    }  # fmt: skip
    return {
        "patients": one.n, "events": one.events[1], "events_printed": one.events[0], "max_delta_s": one.largest,
        "rms_delta_s": one.rms, "error": one.traced.error,
        "median": {k: _plain(v) for k, v in zip(names, one.median, strict=True)}, "redrawn": redrawn,
        "at_risk": [{"time": t, "printed": a, "reconstructed": b} for t, (a, b) in one.at_risk.items()],
        "warnings": list(one.warnings), "unknown": list(one.unknown),
        "data": [[t, int(d)] for t, d in zip(one.time.tolist(), one.died.tolist(), strict=True)],
    }  # fmt: skip


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
