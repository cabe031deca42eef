"""Runs a pool: inputs, the count, survival, what happens when something is left out, pools of summaries."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from spondyl.consult.pooled import PooledGroup, PooledSurvival, pooled_survival
from spondyl.consult.pooled_cases import PooledCase, level_of
from spondyl.consult.pooled_flow import Flow, flow
from spondyl.consult.pooled_inputs import PoolInputs, pool_inputs
from spondyl.consult.pooled_summaries import Summary, summaries
from spondyl.present.catalog import fields as known_fields
from spondyl.record import UsageError
from spondyl.words.where import Where, where

__all__ = ["MOST_LEFT_OUT", "Left", "PoolPlan", "PoolWork", "pool_work"]

MOST_LEFT_OUT = 40
"""So many studies, the largest first, are left out one at a time."""
MOST_GROUPS = 12


@dataclass(frozen=True)
class PoolPlan:
    """What is to be pooled.

    Args:
        paths: The inputs.
        by: The field that makes groups, or `None`.
        where: The condition that patients must fulfil, as text.
        ratios: Words of covariates whose hazard ratios are to be pooled.
        shares: Words of counts whose shares are to be pooled.
        every: Keep patients without a lesion of spine or bone, too.
        jobs: How many processes read papers side by side.
    """

    paths: tuple[str | Path, ...]
    by: str | None = None
    where: str | None = None
    ratios: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    every: bool = False
    jobs: int = 1


@dataclass(frozen=True)
class Left:
    """The pool without something.

    Args:
        what: What is left out: a study's citation, or a kind of patient.
        patients, events: Who remains.
        whole: The survival of all who remain.
        groups: That of the groups.
        p: Of the log-rank test that ignores studies.
    """

    what: str
    patients: int
    events: int
    whole: PooledGroup
    groups: tuple[PooledGroup, ...]
    p: float | None


@dataclass(frozen=True)
class PoolWork:
    """The results of a pool.

    Args:
        plan: The plan.
        inputs: What was read.
        flow: What became of the cases.
        survival: The survival of the kept patients, or `None` where there is none.
        left: The pool without each study.
        kinds: The pool without kinds of patients.
        unlisted: Studies that were not left out one at a time.
        summaries: Pools of what papers say of groups.
    """

    plan: PoolPlan
    inputs: PoolInputs
    flow: Flow
    survival: PooledSurvival | None
    left: tuple[Left, ...]
    kinds: tuple[Left, ...]
    unlisted: int
    summaries: tuple[Summary, ...]


def pool_work(plan: PoolPlan) -> PoolWork:
    """Run a pool.

    Args:
        plan: The plan.

    Raises:
        ReadError: There is no such input.
        UsageError: The condition cannot be read, a field is unknown, or nothing is left to pool.
    """
    condition = where(plan.where) if plan.where else None
    inputs = pool_inputs(plan.paths, plan.jobs)
    _check_names(inputs, plan, condition)
    found = flow(inputs, condition, plan.every)
    made = summaries(inputs, condition, plan.ratios, plan.shares)
    if not found.kept and not any(s.effects for s in made):
        raise UsageError(_nothing(found))
    _check_groups(found.kept, plan.by)
    survival = pooled_survival(found.kept, plan.by) if found.kept else None
    left, unlisted = _studies_left(found.kept, plan.by)
    return PoolWork(plan, inputs, found, survival, left, _kinds_left(found, plan.by), unlisted, made)


def _nothing(found: Flow) -> str:
    why = "; ".join(f"{n} {reason}" for reason, n in found.counts.items()) or "no case was read"
    return f"no patient of {found.cases} is left to pool ({why}), and no study gives a summary that can be pooled"


def _check_names(inputs: PoolInputs, plan: PoolPlan, condition: Where | None) -> None:
    """A field that no case has and no list names is a slip of the pen."""
    seen = {c.field for p in inputs.publications for case in p.cases for c in case.claims}
    seen |= {k for p in inputs.publications for patient in p.patients for k in patient.fields}
    seen |= {k for p in inputs.publications for _, fields in p.statements for k in fields}
    there = seen | {n for n in known_fields() if "*" not in n}
    asked = [*(condition.names if condition else ()), *([plan.by] if plan.by and plan.by != "study" else [])]
    for name in asked:
        if name not in there:
            raise UsageError(f"there is no field {name}; {_meant(name, there)}")


def _meant(name: str, there: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(there), 1)
    return f"did you mean {near[0]}?" if near else f"some are {', '.join(sorted(there)[:12])}"


def _check_groups(kept: Sequence[PooledCase], by: str | None) -> None:
    levels = {level_of(c, by) for c in kept} - {None} if by and by != "study" else set()
    if len(levels) > MOST_GROUPS:
        raise UsageError(
            f"{by} has {len(levels)} different values among {len(kept)} patients, too many for groups "
            f"({MOST_GROUPS} at most); choose another field or fewer patients with --where"
        )


def _studies_left(kept: Sequence[PooledCase], by: str | None) -> tuple[tuple[Left, ...], int]:
    sizes = Counter(c.study for c in kept)
    if len(sizes) < 2:
        return (), 0
    order = sorted(sizes, key=lambda s: (-sizes[s], s))
    cites = {c.study: c.cite for c in kept}
    out = [_left(cites[s], kept, by, lambda c, s=s: c.study != s) for s in order[:MOST_LEFT_OUT]]  # type: ignore[misc]
    return tuple(x for x in out if x), max(0, len(order) - MOST_LEFT_OUT)


def _kinds_left(found: Flow, by: str | None) -> tuple[Left, ...]:
    """Without proposed duplicates, without cited patients, without reconstructed ones."""
    twins = {id(t.other) for t in found.twins}
    kinds: list[tuple[str, Callable[[PooledCase], bool]]] = [
        ("proposed duplicates", lambda c: id(c) not in twins),
        ("patients told by another paper", lambda c: c.basis != "cited"),
        ("patients reconstructed from curves", lambda c: c.basis != "curve"),
    ]
    out = [_left(what, found.kept, by, keep) for what, keep in kinds]
    return tuple(x for x in out if x and x.patients < len(found.kept))


def _left(
    what: str, kept: Sequence[PooledCase], by: str | None, keep: Callable[[PooledCase], bool]
) -> Left | None:
    rest = [c for c in kept if keep(c)]
    try:
        done = pooled_survival(rest, by)
    except UsageError:
        return None
    p = done.across[2] if done.across else None
    return Left(what, done.whole.n, done.whole.events, done.whole, done.groups if by else (), p)
