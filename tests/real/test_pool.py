"""Pooling over annotated real texts beside the repository; skipped where they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import ROOT
from spondyl.consult.pooled_report import paper_of
from spondyl.consult.pooled_work import PoolPlan, pool_work

SEEDS = ROOT.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the real texts are not beside the checkout")


def test_every_case_is_kept_or_dropped_for_a_reason() -> None:
    papers: tuple[str | Path, ...] = tuple(sorted(SEEDS.glob("*.txt")))
    work = pool_work(PoolPlan(papers))
    assert len(work.flow.kept) + len(work.flow.dropped) == work.flow.cases
    assert sum(work.flow.counts.values()) == len(work.flow.dropped)
    assert ("alive with the disease at 105 months", False) in {
        (w, c.died) for c in work.flow.kept for w in c.words
    }
    told = [w.text for w in work.survival.warnings] if work.survival else []
    assert any("another paper" in t for t in told)
    # medians with quartiles, and medians of other papers, are no medians with an interval
    assert not any(s.effects for s in work.summaries)
    assert paper_of(work).warnings[0].startswith("Published cases are not a sample")
