"""The audit against hand-checked papers; skipped where they are absent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spondyl import extract, read
from spondyl.audit import audit

SHARED = Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(
    not (SHARED / "gold" / "score_audit.py").exists(), reason="no ../shared/gold here"
)


def findings(folder: Path, out: Path) -> Path:
    with out.open("w", encoding="utf-8") as stream:
        for path in sorted(folder.glob("*.txt")):
            paper = read.paper(path)
            reading = extract.reading(paper)
            for f in audit(paper, reading.cases, reading.statements):
                stream.write(json.dumps({"paper": {"source": str(path)}, **f.as_dict()}) + "\n")
    return out


def scored(gold: Path, folder: Path, out: Path) -> str:
    command = [sys.executable, SHARED / "gold" / "score_audit.py", gold, folder, findings(folder, out)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def numbers(text: str, words: str) -> tuple[int, int]:
    """The "a/b" behind words of the scorer's report."""
    a, _, b = text.partition(words)[2].split()[0].strip(";").partition("/")
    return int(a), int(b)


def test_the_seed_documents(tmp_path: Path) -> None:
    text = scored(SHARED / "gold" / "audit" / "gold.jsonl", SHARED / "seeds", tmp_path / "f.jsonl")
    assert numbers(text, "errors found")[0] >= 14
    assert numbers(text.replace("suspicious           found", "suspicious:"), "suspicious:")[0] >= 6
    assert numbers(text, "false alarms")[0] == 0
    unlisted = text.partition("unlisted ")[2]
    assert int(unlisted.split()[0]) <= 8
    assert int(unlisted.partition("errors ")[2].split(")")[0]) <= 3


def test_the_cohort_papers(tmp_path: Path) -> None:
    folder = SHARED / "gold" / "audit_papers"
    text = scored(folder / "gold.jsonl", folder, tmp_path / "f.jsonl")
    found, planted = numbers(text, "errors found")
    assert found >= 0.85 * planted
    assert numbers(text, "false alarms")[0] == 0
    told = [
        json.loads(line)["paper"]["source"] for line in (tmp_path / "f.jsonl").read_text("utf-8").splitlines()
    ]
    assert not [source for source in told if "D03" in source], "D03 is a clean paper"


def test_texts_without_a_planted_error_stay_without_one(tmp_path: Path) -> None:
    folder = SHARED / "gold" / "dev" / "texts"
    errors = [
        line
        for line in findings(folder, tmp_path / "f.jsonl").read_text("utf-8").splitlines()
        if '"error"' in line
    ]
    assert len(errors) <= len(list(folder.glob("*.txt"))) / 10
