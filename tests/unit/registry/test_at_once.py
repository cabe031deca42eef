"""Several processes at one registry, and a process that is killed in mid-write."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from house import ROOT
from registered import paper, reading
from spondyl.registry import Registry

WRITER = """
import sys
from registered import correct
from spondyl.record import StaleError
from spondyl.registry import Registry

place, who, edits = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Registry(place) as registry:
    stale = done = 0
    while done < edits:
        seen = registry.case("p1/1")
        try:
            decision = correct(seen.fields["age_years"], seen.fields["age_years"] + 1, note=f"{who} {done}")
            registry.decide(decision, revision=seen.revision)
            done += 1
            print("done", who, done, flush=True)
        except StaleError:
            stale += 1
"""


def started(place: str, who: str, edits: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, place, who, str(edits)], cwd=ROOT / "tests", text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_writers_at_once_lose_nothing(registry: Registry, place: str) -> None:
    one = paper()
    registry.add(one, reading(one))
    writers = [started(place, f"writer {n}", 10) for n in range(3)]
    while any(w.poll() is None for w in writers):
        time.sleep(0.01)
        entry = registry.case("p1/1")
        assert entry.revision == entry.fields["age_years"] - 45
    for writer in writers:
        _, errors = writer.communicate()
        assert writer.returncode == 0, errors
    assert registry.case("p1/1").fields["age_years"] == 46 + 30
    checked = registry.check()
    assert (checked.decisions, checked.faults) == (30, ())


@pytest.mark.parametrize("after", [1, 4, 9])
def test_a_killed_writer_loses_nothing_acknowledged(registry: Registry, place: str, after: int) -> None:
    one = paper()
    registry.add(one, reading(one))
    writer = started(place, "writer", 10_000)
    assert writer.stdout
    with writer:
        told = [writer.stdout.readline() for _ in range(after)]
        writer.kill()
        rest, errors = writer.communicate()
    assert errors == ""
    told += rest.splitlines()
    with Registry(place, create=False) as opened:
        checked = opened.check()
        assert checked.faults == ()
        assert len(told) <= checked.decisions <= len(told) + 1
        assert opened.case("p1/1").fields["age_years"] == 46 + checked.decisions
