"""Patient-level data from a printed survival curve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spondyl.cohort.digitised import Traced, falling, trace
from spondyl.cohort.lifetable import Survival, kaplan_meier, life_table, quantile
from spondyl.cohort.reconstruct_search import Filled, Search, Stretch, fill
from spondyl.record import UsageError

__all__ = ["Reconstruction", "Redrawn", "reconstruct"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SEED = 20120201


@dataclass(frozen=True)
class Redrawn:
    """The median over redraws of what is not known, 95 % limits; NaN where not reached.

    Args:
        draws: How many redraws.
        low, high: The digitised values moved by their error, censored patients at random times of their interval.
        both_low, both_high: The patients drawn again, too: the whole uncertainty.
        reached: Share of the redraws, patients drawn again, in which the median is reached.
    """

    draws: int
    low: float
    high: float
    both_low: float
    both_high: float
    reached: float


@dataclass(frozen=True)
class Reconstruction:
    """Patients whose survival curve is the digitised one.

    Args:
        time: End of observation of each patient, n numbers, in the unit of the curve.
        died: Whether the event happened then, n truth values.
        curve: Their Kaplan-Meier curve with 95 % limits (log-log).
        traced: The digitised curve as it was understood.
        largest: The largest distance of the two curves at the digitised times, max |ΔS|.
        rms: Their root mean square distance.
        at_risk: Time → (printed, reconstructed) number at risk.
        events: (printed or `None`, reconstructed) number of events.
        redrawn: The median's spread, or `None` where no redraws were wanted.
        warnings: What was mended or does not fit together, one sentence each.
        unknown: What the printed curve does not say, one sentence each.
    """

    time: Floats
    died: NDArray[np.bool_]
    curve: Survival
    traced: Traced
    largest: float
    rms: float
    at_risk: Mapping[float, tuple[int, int]]
    events: tuple[int | None, int]
    redrawn: Redrawn | None
    warnings: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def n(self) -> int:
        """Patients."""
        return len(self.time)

    @property
    def median(self) -> tuple[float, float, float]:
        """Median survival with its limits, as if the patients were known; NaN where not reached."""
        return quantile(self.curve)


def reconstruct(
    time: Sequence[float],
    survival: Sequence[float],
    at_risk: Mapping[float, int] | None = None,
    patients: int | None = None,
    events: int | None = None,
    error: float | None = None,
    redraws: int = 100,
) -> Reconstruction:
    """Patient-level data from the digitised points of a Kaplan-Meier curve.

    The inverted Kaplan-Meier equations are solved between numbers at risk: deaths follow from the falls of the curve,
    and the number of censored patients is the one that leads to the next number at risk. Where the method as published
    walks towards that number step by step, all numbers are tried here and the nearest curve is kept. Censored patients
    are spread evenly, or leaning to one side where that fits the curve clearly better. A flat stretch gets no death.

    Args:
        time: Times of the points, m numbers.
        survival: S at them, as shares or in percent, m numbers.
        at_risk: Time → printed number at risk just before it.
        patients: Patients at time 0, where `at_risk` does not say.
        events: The printed number of events.
        error: Standard deviation of a digitised S as a share, where it is known; else the points tell.
        redraws: How often the unknown is drawn again for the spread of the median; 0 for never.

    Returns:
        The patients, how near their curve is to the digitised one, and what is not known of them.

    Raises:
        UsageError: The points are no survival curve, or no number of patients is given, or numbers at risk rise.

    Source:
        Guyot P, Ades AE, Ouwens MJNM, Welton NJ, 2012, doi:10.1186/1471-2288-12-9.

    Example:
        >>> done = reconstruct([0, 3, 5, 8, 12], [1, 0.9, 0.8, 0.6, 0.6], {0: 10, 6: 8, 12: 6}, redraws=0)
        >>> done.n, int(done.died.sum()), round(done.largest, 3)
        (10, 4, 0.0)
        >>> sorted(done.time[done.died].tolist())
        [3.0, 5.0, 8.0, 8.0]
    """
    traced = trace(time, survival, error)
    table = _table(at_risk, patients, events)
    made = _solved(traced, table, events)
    notes = [*traced.warnings, *_contradictions(made, traced, table, events)]
    when, died = _patients(made)
    curve = _curve(when, died)
    gap = _at(curve, traced.time) - traced.given
    return Reconstruction(
        when, died, curve, traced, float(np.abs(gap).max()), float(np.sqrt((gap**2).mean())),
        {t: (n, int((when >= t).sum())) for t, n in table.items()}, (events, int(died.sum())),
        _redrawn(traced, table, events, redraws) if redraws else None, tuple(notes),
        tuple(_unknown(table, events, len(when), traced)),
    )  # fmt: skip


def _table(at_risk: Mapping[float, int] | None, patients: int | None, events: int | None) -> dict[float, int]:
    """Numbers at risk from time 0 on, in order."""
    table = {float(t): n for t, n in sorted((at_risk or {}).items())}
    if any(t < 0 or n < 0 or n != int(n) for t, n in table.items()):
        raise UsageError("numbers at risk are whole numbers from 0 on at times from 0 on")
    if patients is not None:
        if table.get(0.0, patients) != patients:
            raise UsageError(
                f"{patients} patients are given, but {table[0.0]} at risk at time 0; they must be the same"
            )
        table = {0.0: patients, **table}
    if 0.0 not in table:
        raise UsageError(
            "the number of patients at time 0 is needed: a row with time 0 among the numbers at risk, or --patients"
        )
    rows = list(table.items())
    for (t, n), (later, m) in pairwise(rows):
        if m > n:
            raise UsageError(
                f"the number at risk rises from {n} at {t:g} to {m} at {later:g}; mend the table"
            )
    if rows[0][1] < 1:
        raise UsageError("there are no patients at time 0")
    if events is not None and not 0 <= events <= rows[0][1]:
        raise UsageError(f"{events} events among {rows[0][1]} patients cannot be")
    return {t: int(n) for t, n in rows}


def _solved(
    traced: Traced, table: Mapping[float, int], events: int | None, rough: bool = False
) -> tuple[Filled, ...]:
    search = Search(traced.error, float(traced.survival[-1]), events, _single(traced, table[0.0]))
    if rough:
        search = replace(search, beam=4, leans=(1.0,) if len(table) > 1 else (1.0, 2.2, 4.5))
    elif len(table) == 1:
        search = replace(search, leans=(*search.leans, 3.2, 4.5, 7.0))
    return fill(list(_stretches(traced, table)), search)


def _single(traced: Traced, n: int) -> bool:
    """Whether the first steps are single deaths: times were not rounded to whole months."""
    falls = 1 - traced.survival[1:] / np.maximum(traced.survival[:-1], 1e-9)
    falls = falls[falls > 2 * traced.error][:12]
    return not traced.sampled and len(falls) > 3 and float((falls * n < 1.7).mean()) >= 0.75


def _stretches(traced: Traced, table: Mapping[float, int]) -> Iterator[Stretch]:
    """The curve cut where numbers at risk are printed."""
    t, s = traced.time, traced.survival
    new = np.append(True, np.diff(s) < 0)  # of points of equal S the first stands for all
    weight = np.diff(np.append(np.flatnonzero(new), len(s))).astype(np.float64)
    times, levels = t[new], s[new]
    rows = list(table.items())
    last = max(float(t[-1]), rows[-1][0])
    opening = 1.0
    for k, (start, n) in enumerate(rows):
        if not n:
            return
        end, left = rows[k + 1] if k + 1 < len(rows) else (last, None)
        inside = (times >= start) & ((times < end) | (left is None))
        crossing = _crossing(traced, end) if left is not None and traced.sampled else None
        yield Stretch(start, end, n, left, opening, times[inside], levels[inside], weight[inside], crossing)
        opening = float(levels[inside][-1]) if inside.any() else opening


def _crossing(traced: Traced, boundary: float) -> tuple[float, float, float] | None:
    """Where points stand at regular times, a fall across a boundary may lie before it: a time, S before and after."""
    k = int(np.searchsorted(traced.time, boundary))
    if not 0 < k < len(traced.time) or traced.survival[k] == traced.survival[k - 1]:
        return None
    before, after = traced.survival[k - 1 : k + 1].tolist()
    return float(traced.time[k - 1] + boundary) / 2, before, after


def _patients(
    made: Sequence[Filled], rng: np.random.Generator | None = None
) -> tuple[Floats, NDArray[np.bool_]]:
    """One row per patient; censored ones evenly in their stretch, or at random."""
    times: list[Floats] = []
    died: list[NDArray[np.bool_]] = []
    for one in made:
        place = one.stretch
        even = (np.arange(1, one.censored + 1) / (one.censored + 1)) ** one.lean
        share = even if rng is None else rng.uniform(size=one.censored)
        left = np.concatenate(
            [place.start + share * (place.end - place.start), np.full(one.remaining, place.end)]
        )
        dead = np.repeat(place.times, one.deaths)
        times += [dead, left]
        died += [np.ones(len(dead), bool), np.zeros(len(left), bool)]
    when, what = np.concatenate(times), np.concatenate(died)
    order = np.lexsort((~what, when))
    return when[order], what[order]


def _at(curve: Survival, times: Floats) -> Floats:
    """S at some times; after the last one as at the last one."""
    out: Floats = np.concatenate([[1.0], curve.survival])[np.searchsorted(curve.time, times, side="right")]
    return out


def _curve(time: Floats, died: NDArray[np.bool_]) -> Survival:
    return kaplan_meier(life_table(time, died.astype(np.float64), np.ones(len(time))), "log-log")


def _contradictions(
    made: Sequence[Filled], traced: Traced, table: Mapping[float, int], events: int | None
) -> Iterator[str]:
    """What of the printed numbers does not fit together."""
    found = int(sum(f.deaths.sum() for f in made))
    if events is not None and found != events:
        yield (
            f"{events} events are printed, but the curve and the numbers at risk lead to {found}; the curve was "
            "followed. Check that all three belong to the same patients."
        )
    last = list(table.items())[-1]
    if last[0] > traced.time[-1] and last[1]:
        yield (
            f"The curve ends at {traced.time[-1]:g}, but {last[1]} are at risk at {last[0]:g}; it is taken as flat "
            "until then."
        )
    curve = _curve(*_patients(made))
    for one in made:
        place = one.stretch
        if not len(place.time):
            continue
        reached, wanted = float(_at(curve, place.time[-1:])[0]), float(place.survival[-1])
        room = max(4 * traced.error, 1.5 * wanted / max(place.left or 1, 1) if place.left else 0.0, 0.02)
        if abs(reached - wanted) > room:
            way = "less" if reached > wanted else "more"
            yield (
                f"Between {place.start:g} and {place.end:g} the numbers at risk let the curve fall {way} than it is "
                f"digitised: to {reached:.3f} and not to {wanted:.3f}."
            )


def _unknown(table: Mapping[float, int], events: int | None, n: int, traced: Traced) -> Iterator[str]:
    inner = [t for t in table if t > 0]
    if inner:
        yield (
            "When patients were censored between two numbers at risk is not printed; they are spread evenly over each "
            "interval, or leaning to one side where the steps of the curve say so."
        )
        if max(inner) < traced.time[-1]:
            yield (
                f"After the last number at risk (time {max(inner):g}) nothing says how many were censored; the rate "
                "before is assumed" + (", and the printed number of events." if events is not None else ".")
            )
    elif events is not None:
        yield (
            "No numbers at risk are printed: when patients were censored is not known. They are spread so that "
            "the printed number of events comes out."
        )
    else:
        yield (
            "Neither numbers at risk nor the number of events are printed: how many were censored before the end is "
            "guessed from the height of the steps alone, and may be far off."
        )
    if n <= 60:
        yield (
            f"With {n} patients one death moves the curve by {1 / n:.2f} or more; at single times S(t) may be "
            "off by 0.1, and beside a step by its whole height."
        )


def _redrawn(traced: Traced, table: Mapping[float, int], events: int | None, draws: int) -> Redrawn:
    """The median with the digitised values, the times of censoring and the patients drawn again."""
    rng = np.random.default_rng(SEED)
    alone, both = np.empty(draws), np.empty(draws)
    for k in range(draws):
        moved = np.clip(traced.survival + rng.normal(0, traced.error, len(traced.time)), 0, 1)
        moved[0] = traced.survival[0]
        when, died = _patients(_solved(replace(traced, survival=falling(moved)), table, events, True), rng)
        alone[k] = quantile(_curve(when, died))[0]
        again = rng.integers(0, len(when), len(when))
        both[k] = quantile(_curve(when[again], died[again]))[0]
    return Redrawn(draws, *_limits(alone), *_limits(both), float(np.isfinite(both).mean()))


def _limits(medians: Floats) -> tuple[float, float]:
    """2.5 and 97.5 percent; a median that is not reached is longer than all."""
    ordered = np.sort(np.where(np.isfinite(medians), medians, np.inf))
    places = [ordered[round(q * (len(ordered) - 1))] for q in (0.025, 0.975)]
    low, high = (float(v) if np.isfinite(v) else float("nan") for v in places)
    return low, high
