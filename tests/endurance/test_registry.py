"""The registry under hard use: writers killed in mid-write, and many at once. Minutes, so not among the other tests."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from house import ROOT
from registered import paper, reading
from spondyl.registry import Registry

KILLS = 20
WRITERS, READERS, EDITS, CASES = 8, 4, 1_200, 24

HURRIED = """
import itertools, json, sys
from registered import correct, paper, reading
from spondyl.registry import Registry

place, turn = sys.argv[1:]
with Registry(place) as registry:
    for n in itertools.count():
        papers = [paper(f"{turn}-{n}-{k}") for k in range(40)]
        registry.add_all([(one, reading(one)) for one in papers])
        print(json.dumps({"papers": [one.id for one in papers]}), flush=True)
        age = registry.case("p1/1").fields["age_years"]
        registry.decide(correct(age, age + 1, note=f"{turn} {n}"))
        print(json.dumps({"age": age + 1}), flush=True)
"""

WRITER = """
import json, random, sys
from registered import correct
from spondyl.record import StaleError
from spondyl.registry import Registry

place, who, edits, cases = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
draw, stale, done = random.Random(who), 0, []
with Registry(place) as registry:
    while len(done) < edits:
        name = f"p{draw.randrange(cases)}"
        seen = registry.case(f"{name}/1")
        age = seen.fields["age_years"]
        decision = correct(age, age + 1, note=f"{who} {len(done)}").model_copy(update={"paper": name})
        try:
            registry.decide(decision, revision=seen.revision)
            done.append(name)
        except StaleError:
            stale += 1
print(json.dumps({"done": done, "stale": stale}))
"""

READER = """
import sys
from spondyl.registry import Registry

looks = 0
with Registry(sys.argv[1], create=False) as registry:
    print("ready", flush=True)
    while sum(map(len, registry.logged().values())) < int(sys.argv[2]):
        for entry in registry.cases(diagnosis="leiomyosarcoma"):
            assert entry.revision == entry.fields["age_years"] - 45, (entry.name, entry.revision, entry.fields)
        looks += 1
print(looks)
"""


def started(code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)], cwd=ROOT / "tests", text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@contextmanager
def ended(*running: subprocess.Popen[str]) -> Iterator[None]:
    """None of the processes outlives the test."""
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.communicate()


def test_a_writer_killed_in_mid_write_twenty_times(registry: Registry, place: str) -> None:
    """Each time the registry opens again, holds all that was acknowledged, and nothing by halves."""
    first = paper()
    registry.add(first, reading(first))
    registry.close()
    draw, told = random.Random(9), {"p1"}
    age = 46
    for turn in range(KILLS):
        writer = started(HURRIED, place, turn)
        with ended(writer):
            assert writer.stdout
            lines = [writer.stdout.readline()]
            time.sleep(draw.uniform(0.0, 0.25))
            writer.kill()
            rest, errors = writer.communicate()
        assert errors == ""
        for line in (*lines, *rest.splitlines()):
            said = json.loads(line)
            told |= set(said.get("papers", ()))
            age = said.get("age", age)
        with Registry(place, create=False) as opened:
            checked = opened.check()
            entries = opened.cases()
            found = opened.case("p1/1").fields["age_years"]
        assert checked.faults == ()
        assert told <= {e.paper for e in entries}
        assert all(len(e.case.claims) >= 5 and len(e.case.others) >= 1 for e in entries)
        assert age <= found <= age + 1, "no acknowledged edit is lost, and at most the last was not told"
        assert checked.decisions == found - 46
        age = found


def test_eight_writers_and_four_readers(registry: Registry, place: str) -> None:
    """1,200 edits: none is lost, an edit of what has changed since is refused, readers see no halves."""
    registry.add_all((one, reading(one)) for one in (paper(f"p{n}") for n in range(CASES)))
    registry.close()
    readers = [started(READER, place, EDITS) for _ in range(READERS)]
    with ended(*readers):
        for one in readers:
            assert one.stdout
            assert one.stdout.readline() == "ready\n"
        writers = [started(WRITER, place, f"writer {n}", EDITS // WRITERS, CASES) for n in range(WRITERS)]
        with ended(*writers):
            done = [json.loads(_said(one)) for one in writers]
        assert all(int(_said(one)) > 0 for one in readers)
    edits = [name for one in done for name in one["done"]]
    assert len(edits) == EDITS
    with Registry(place, create=False) as opened:
        checked = opened.check()
        ages = {e.paper: e.fields["age_years"] for e in opened.cases()}
        logged = opened.logged()
    assert (checked.faults, checked.decisions) == ((), EDITS)
    assert ages == {name: 46 + edits.count(name) for name in ages}
    notes = [one.decision.note for some in logged.values() for one in some]
    assert len(set(notes)) == EDITS
    assert sum(one["stale"] for one in done) > 0, "eight writers at so few cases do meet"


def _said(one: subprocess.Popen[str]) -> str:
    out, errors = one.communicate(timeout=900)
    if one.returncode:
        pytest.fail(errors)
    return out
