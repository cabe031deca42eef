"""Deaths and censored patients between numbers at risk that give back a printed survival curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["Filled", "Search", "Stretch", "fill"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_TRIED, CELLS = 150, 10_000_000
"""So many numbers of censored patients are tried in a stretch, and so many cells are kept in memory."""
MISSED, ALONE = 8.0, 1e4
"""What an event more or less than printed costs, as half a squared error; and where no number at risk is printed."""


@dataclass(frozen=True)
class Stretch:
    """The time from one number at risk to the next.

    Args:
        start, end: Its limits; `end` is where the curve ends for the last one.
        at_risk: Patients at risk at `start`.
        left: Patients at risk at `end`, or `None` for the last one.
        opening: The digitised S just before `start`.
        time: Times at which the curve falls, or is known, k numbers.
        survival: S from those times on, k numbers.
        weight: How many digitised points each stands for, k numbers.
        crossing: Where a fall between two points lies across `end`: a time before it, with S before and after the fall.
    """

    start: float
    end: float
    at_risk: int
    left: int | None
    opening: float
    time: Floats
    survival: Floats
    weight: Floats
    crossing: tuple[float, float, float] | None = None

    @property
    def times(self) -> Floats:
        """Times at which somebody may die: the points, and the time before `end`."""
        return np.append(self.time, self.crossing[0]) if self.crossing else self.time


@dataclass(frozen=True)
class Filled:
    """A stretch with its patients.

    Args:
        stretch: The stretch.
        deaths: Deaths at its times, whole numbers.
        censored: Patients censored inside it.
        lean: 1 where they are spread evenly; above 1 earlier, below 1 later.
        remaining: Patients censored at its end; 0 but for the last stretch.
    """

    stretch: Stretch
    deaths: Ints
    censored: int
    lean: float
    remaining: int


@dataclass(frozen=True)
class Search:
    """How a curve is searched for.

    Args:
        error: Standard deviation of a digitised S.
        tail: The last value of S; where it is reached but for the error, nobody dies any more.
        events: The printed number of events, or `None`.
        single: Whether steps are single deaths, so that further ones at the same time are unlikely.
        beam: How many numbers of events are followed side by side.
        leans: How patients may be spread who are censored between two numbers at risk.
    """

    error: float
    tail: float
    events: int | None = None
    single: bool = False
    beam: int = 30
    leans: tuple[float, ...] = (1.0, 0.67, 1.5, 0.45, 2.2)


@dataclass(frozen=True)
class _State:
    """One way to fill the stretches so far."""

    events: int
    cost: float
    survival: float
    filled: tuple[Filled, ...]


@dataclass(frozen=True)
class _Tried:
    """Ways to fill a stretch, side by side: m of each.

    Args:
        state: The state each begins with.
        censored: Patients censored.
        lean: How they are spread.
        share: How much of a fall across the end lies before it.
        before: S at the start.
    """

    state: Ints
    censored: Ints
    lean: Floats
    share: Floats
    before: Floats


def fill(stretches: Sequence[Stretch], search: Search) -> tuple[Filled, ...]:
    """Find the deaths and censored patients of all stretches.

    In every stretch all numbers of censored patients that the fall of the curve allows are tried; the deaths follow
    from the falls, and those numbers are kept whose Kaplan-Meier curve lies nearest to the digitised one.

    Args:
        stretches: The stretches, from time 0 on; each begins with the number at risk the one before ends with.
        search: How to search.

    Returns:
        The stretches, filled; patients are conserved exactly.
    """
    states = [_State(0, 0.0, 1.0, ())]
    gone, elapsed = 0, 0.0
    for stretch in stretches:
        expected = gone * (stretch.end - stretch.start) / elapsed if elapsed else None
        states = _extended(states, stretch, search, expected)
        gone, elapsed = sum(f.censored for f in states[0].filled), stretch.end
    if search.events is None:
        return states[0].filled
    printed, price = search.events, MISSED if len(stretches) > 1 else ALONE
    return min(states, key=lambda s: s.cost + price * abs(s.events - printed)).filled


def _extended(
    states: Sequence[_State], stretch: Stretch, search: Search, expected: float | None
) -> list[_State]:
    """Every state with every way to fill a stretch, of each number of events the best."""
    tried = _ways(states, stretch, search)
    most = stretch.at_risk - (stretch.left or 0)
    deaths = _deaths(stretch, tried, search)
    died = deaths.sum(axis=0)
    if stretch.left is not None:
        tried = replace(tried, censored=most - died)
    cost, after = _misfit(stretch, deaths, tried, search)
    cost += np.array([s.cost for s in states])[tried.state] + np.log(tried.lean) ** 2 / 0.5
    remaining = most - died - tried.censored
    if stretch.left is None:
        cost += _last(tried.censored, remaining, expected, stretch, search.events)
        cost += np.where((remaining < 1) & (after > 1e-9), 1e6, 0.0)  # the curve ends with a patient
    total = np.array([s.events for s in states])[tried.state] + died
    best: dict[int, int] = {}
    for k in np.argsort(cost, kind="stable").tolist():
        if int(total[k]) not in best:
            best[int(total[k])] = k
            if len(best) == search.beam and stretch.left is not None:
                break
    out = []
    for events, k in best.items():
        one = Filled(stretch, deaths[:, k], int(tried.censored[k]), float(tried.lean[k]), int(remaining[k]))
        out.append(_State(events, float(cost[k]), float(after[k]), (*states[tried.state[k]].filled, one)))
    return out


def _ways(states: Sequence[_State], stretch: Stretch, search: Search) -> _Tried:
    most = stretch.at_risk - (stretch.left or 0)
    closing = stretch.survival[-1] if len(stretch.survival) else stretch.opening
    lowest = min(closing, stretch.crossing[2]) if stretch.crossing else closing
    fell = 1 - min(1.0, lowest / max(stretch.opening, 1e-9))
    first = 0 if stretch.left is None else max(0, most - int(stretch.at_risk * fell) - 4)
    most_tried = MOST_TRIED if stretch.left is not None else 4 * MOST_TRIED
    censored = np.unique(np.linspace(first, most, min(most - first + 1, most_tried)).round().astype(np.int64))
    shares = (0.0, 0.5, 1.0) if stretch.crossing else (0.0,)
    ways = len(censored) * len(search.leans) * len(shares) * max(len(stretch.times), 1)
    state, c, lean, share = np.meshgrid(
        np.arange(min(len(states), max(4, CELLS // ways))),
        censored,
        np.array(search.leans),
        np.array(shares),
        indexing="ij",
    )
    before = np.array([s.survival for s in states])[state.ravel()]
    return _Tried(state.ravel(), c.ravel(), lean.ravel(), share.ravel(), before)


def _gone(stretch: Stretch, tried: _Tried, when: float) -> Ints:
    """How many of the patients censored inside a stretch are gone before a time."""
    span = stretch.end - stretch.start
    if span <= 0:
        return np.zeros_like(tried.censored)
    passed = min(max((when - stretch.start) / span, 0.0), 1.0) ** (1 / tried.lean)
    before = np.ceil((tried.censored + 1) * passed - 1e-9).astype(np.int64) - 1
    out: Ints = np.clip(before, 0, tried.censored)
    return out


def _levels(stretch: Stretch, tried: _Tried) -> list[tuple[float, Floats, float]]:
    """Times with the S wanted there and its weight."""
    rows = zip(stretch.time.tolist(), stretch.survival.tolist(), stretch.weight.tolist(), strict=True)
    out = [(t, np.full(len(tried.before), s), w) for t, s, w in rows]
    if stretch.crossing:
        when, high, low = stretch.crossing
        out.append((when, high + tried.share * (low - high), 0.0))
    return out


def _deaths(stretch: Stretch, tried: _Tried, search: Search) -> Ints:
    """Deaths at each time that bring the curve to its digitised values: times × tried."""
    wanted = _levels(stretch, tried)
    out = np.zeros((len(wanted), len(tried.before)), np.int64)
    spare = stretch.at_risk - (stretch.left or 0) - tried.censored
    s, gone = tried.before.copy(), np.zeros_like(tried.censored)
    last = np.full(len(s), stretch.opening)
    for k, (when, level, _) in enumerate(wanted):
        at_risk = stretch.at_risk - gone - _gone(stretch, tried, when)
        share = np.maximum(at_risk, 1)
        step = s / share
        fell = last - level > np.minimum(2 * search.error, 0.4 * step)
        fell &= last - search.tail > np.minimum(3 * search.error, 0.5 * step)
        many = np.floor(share * (1 - level / np.maximum(s, 1e-12)) + 0.5).astype(np.int64)
        out[k] = np.where(fell, np.clip(many, 0, np.minimum(at_risk, spare)), 0)
        s, gone, spare = s * (1 - out[k] / share), gone + out[k], spare - out[k]
        last = level
    return out


def _misfit(stretch: Stretch, deaths: Ints, tried: _Tried, search: Search) -> tuple[Floats, Floats]:
    """Distance of the Kaplan-Meier curve from the digitised one, and its last value."""
    s, gone = tried.before.copy(), np.zeros_like(tried.censored)
    spread = search.error**2 + (0.25 / max(stretch.at_risk, 1)) ** 2
    cost = np.zeros(len(s))
    for (when, level, weight), died in zip(_levels(stretch, tried), deaths, strict=True):
        at_risk = stretch.at_risk - gone - _gone(stretch, tried, when)
        s = s * (1 - died / np.maximum(at_risk, 1))
        gone = gone + died
        cost += weight * (s - level) ** 2 / (2 * spread)
    if search.single:
        cost += 3.0 * np.maximum(deaths - 1, 0).sum(axis=0)
    return cost, s


def _last(
    censored: Ints, remaining: Ints, expected: float | None, stretch: Stretch, events: int | None
) -> Floats:
    """What is expected of the last stretch, where no number at risk says how many were censored."""
    if expected is not None:
        return (censored - expected) ** 2 / (2 * (expected + 1))
    if events is not None:
        return ((remaining - 1) / (0.5 * stretch.at_risk + 1)) ** 2 / 2
    return 0.0 * censored
