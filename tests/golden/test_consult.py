"""Invented patients → what their pages say; `pytest --regenerate tests/golden` writes the files anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spondyl import examples, read
from spondyl.consult.patient.library import Library
from spondyl.consult.patient.opening import from_file, from_text
from spondyl.consult.patient.page import consultation
from spondyl.present.consultation import Consultation, Line, Part

EXPECTED = Path(__file__).parent / "consult"
PATIENTS = Path(examples.__file__).parent / "patients"
NAMES = sorted(p.name for p in PATIENTS.iterdir())


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("papers")
    examples.write(place)
    return Library.load(place)


def page(name: str, library: Library) -> Consultation:
    path = PATIENTS / name
    person = from_file(str(path)) if path.suffix == ".toml" else from_text(read.paper(path))
    return consultation(person, evidence=library)


def told(page: Consultation) -> dict[str, Any]:
    """A page in short: flags, scores, candidates, like cases, sources."""
    parts = {p.key: p for p in page.parts}
    return {
        "title": page.title,
        "understood": {row[1].key: row[1].value for row in parts["patient"].grids[0].rows},
        "warnings": [line.text for line in parts["patient"].lines],
        "missing": [row[0].text for g in parts["patient"].grids if g.name == "missing" for row in g.rows],
        "flags": {line.key: line.tone for line in parts["flags"].lines},
        "flags not known": [m.key for line in parts["flags"].lines for m in line.more],
        "scores": dict(scores(parts["scores"])),
        "do not fit": [
            m.key for line in every(parts["scores"]) for m in line.more if m.key.startswith("unfit-")
        ],
        "differential": {g.title: [row[0].text for row in g.rows] for g in parts["differential"].grids},
        "alike": [row[0].text for g in parts["alike"].grids for row in g.rows],
        "management": {g.title: [sources(row) for row in g.rows] for g in parts["management"].grids},
        "parts": list(parts),
    }


def every(part: Part) -> Iterator[Line]:
    yield from part.lines
    yield from (n for g in part.grids for n in g.notes)


def scores(part: Part) -> Iterator[tuple[str, str]]:
    for row in (row for g in part.grids for row in g.rows):
        yield row[0].key, f"{row[1].text}: {row[2].text}"


def sources(row: tuple[Line, ...]) -> str:
    """The first words of each source that a row names."""
    cited = dict.fromkeys(
        f"{b.text.split(',')[0].split('.')[0]} {b.date}" for c in row for b in c.bases if b.kind == "source"
    )
    return "; ".join(cited)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_what_is_expected(name: str, library: Library, request: pytest.FixtureRequest) -> None:
    got = json.dumps(told(page(name, library)), ensure_ascii=False, indent=1) + "\n"
    path = EXPECTED / f"{name}.json"
    if request.config.getoption("--regenerate"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8"), "if this change is wanted: pytest --regenerate, and read the diff"


def test_no_expectation_is_left_over() -> None:
    assert {p.name for p in EXPECTED.glob("*.json")} == {f"{name}.json" for name in NAMES}


def test_the_examples_say_that_they_are_invented() -> None:
    assert all("Invented patient" in (PATIENTS / name).read_text("utf-8").splitlines()[0] for name in NAMES)
