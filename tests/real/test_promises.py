"""What is promised of the seed documents and of the annotated texts holds."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from command import spondyl
from spondyl import extract, read
from spondyl.record import Case

SHARED = Path(__file__).parents[2] / "../shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "gold").is_dir(), reason="the annotated texts (../shared/gold) are not beside the checkout"
)


@cache
def patients(number: str) -> tuple[Case, ...]:
    paper = read.paper(next((SHARED / "seeds").glob(f"{number}_*.txt")))
    return tuple(c for c in extract.cases(paper) if c.kind == "patient")


@pytest.mark.parametrize(("number", "many"), [("000", 1), ("001", 4), ("002", 5), ("003", 0), ("004", 1)])
def test_the_patients_of_the_seeds(number: str, many: int) -> None:
    assert len(patients(number)) == many
    assert all(c.claims for c in patients(number))


def test_the_one_patient_of_000() -> None:
    wanted = {
        "age_years": 63,
        "sex": "female",
        "diagnosis": "leiomyosarcoma",
        "primary_site": "retroperitoneum",
    }
    fields = patients("000")[0].fields
    assert {k: fields.get(k) for k in wanted} == wanted
    assert fields["levels"] == ["C5", "C6"]
    assert {"desmin+", "cd34-"} <= set(fields["ihc"])


def test_a_paper_that_contradicts_itself_gives_both_ages() -> None:
    assert patients("004")[0].fields["age_years"] == [46, 49]


@pytest.mark.parametrize("name", ["dev", "more", "full"])
def test_figures_on_annotated_texts(name: str, tmp_path: Path) -> None:
    gold, found = SHARED / "gold" / name, tmp_path / "cases.jsonl"
    assert spondyl("extract", gold / "texts", "-o", found).returncode == 0
    scorer: list[str | Path] = [sys.executable, SHARED / "gold" / "score_extraction.py", gold, found]
    said = subprocess.run(scorer, capture_output=True, text=True, check=True).stdout
    counted = re.search(
        r"patients (\d+)/(\d+); quotes that stand (\d+)/(\d+); values without a claim (\d+)", said
    )
    measured = re.search(r"precision ([\d.]+) recall ([\d.]+)", said)
    assert counted
    assert measured
    right, papers, stand, quotes, bare = map(int, counted.groups())
    precision, recall = map(float, measured.groups())
    assert (stand, bare) == (quotes, 0)
    assert right >= 0.95 * papers
    assert precision >= 0.95
    assert recall >= 0.87
