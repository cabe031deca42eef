"""`spondyl pool`: survival over published cases, in a folder."""

from __future__ import annotations

from spondyl.app.notices import Notices, plain
from spondyl.app.pooling_commands import PoolOptions
from spondyl.consult.pooled_report import PoolWritten, write_pool
from spondyl.consult.pooled_work import PoolPlan
from spondyl.consult.study_format import interval, months
from spondyl.record import UsageError

__all__ = ["pool"]


def pool(asked: PoolOptions) -> int:
    """Write the report of a pool and say on standard output where it is.

    Args:
        asked: What is wanted.

    Returns:
        The exit status.

    Raises:
        UsageError: No input is named, the condition cannot be read, or nothing is left to pool.
        ReadError: There is no such input.
    """
    if not asked.paths:
        raise UsageError("nothing to pool was given; name evidence folders or papers: spondyl pool evidence/")
    plan = PoolPlan(
        tuple(asked.paths), asked.by, asked.where, tuple(asked.ratio or ()), tuple(asked.share or ()), asked.every,
        asked.jobs,
    )  # fmt: skip
    done = write_pool(plan, asked.out)
    with Notices(bar=False) as notices:
        for problem in done.work.inputs.problems:
            notices.problem(problem)
    print(f"{_told(done)}\n{plain(str(done.files[0]))}")
    return notices.status


def _told(done: PoolWritten) -> str:
    work = done.work
    found = work.flow
    out = [f"{len(found.kept)} of {found.cases} cases of {found.papers} studies pooled."]
    if survival := work.survival:
        for group in (survival.whole, *(survival.groups if survival.by else ())):
            median, low, high = group.median
            out.append(
                f"  {plain(group.label)}: {group.n} patients, {group.events} deaths, median {months(median)} "
                f"(95 % CI {interval(low, high, 1)}) months"
            )
    pooled = [s for s in work.summaries if s.pooled]
    if pooled:
        out.append(f"{len(pooled)} {'pool' if len(pooled) == 1 else 'pools'} of summaries.")
    out.append("Reports select survivors and rarities; the page says what follows from that.")
    return "\n".join(out)
