"""`spondyl audit`: formats, exit statuses, and that nothing of a paper becomes markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import spondyl

WRONG = (
    "Spinal metastases\n\nResults\n\nWe treated 45 patients with spinal metastases. "
    "Pain <b>was</b> present in 29 of 45 patients (94%).\n"
)
RIGHT = WRONG.replace("94%", "64%")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.txt"
    path.write_text(WRONG, "utf-8")
    return path


def test_text_tells_the_sentence_the_sum_and_the_words(paper: Path) -> None:
    done = spondyl("audit", paper)
    assert done.returncode == 0
    assert "error: 29 of 45 is 64 %, but 94 % is printed." in done.stdout
    assert "29/45 = 64.4 %" in done.stdout
    assert "29 of 45 patients (94%)" in done.stdout


def test_jsonl_is_one_finding_a_line(paper: Path) -> None:
    (line,) = spondyl("audit", paper, "--format", "jsonl").stdout.splitlines()
    told = json.loads(line)
    assert (told["kind"], told["severity"]) == ("pct", "error")
    assert all(WRONG[q["start"] : q["end"]] == q["text"] for q in told["quotes"])


def test_the_page_escapes_everything(paper: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.html"
    assert spondyl("audit", paper, "-o", out).returncode == 0
    page = out.read_text("utf-8")
    assert "&lt;b&gt;was&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert '<mark class="error">' in page


@pytest.mark.parametrize(("text", "options", "status"), [
    (WRONG, ["--fail-on", "error"], 2), (WRONG, [], 0), (RIGHT, ["--fail-on", "suspicious"], 0),
])  # fmt: skip
def test_the_exit_status_says_what_it_was_asked_for(
    paper: Path, text: str, options: list[str], status: int
) -> None:
    paper.write_text(text, "utf-8")
    assert spondyl("audit", paper, *options).returncode == status


def test_a_missing_paper_is_told_and_the_rest_is_done(paper: Path) -> None:
    done = spondyl("audit", paper, paper.with_name("absent.txt"))
    assert done.returncode == 1
    assert "absent.txt" in done.stderr
    assert "94 %" in done.stdout


def test_no_papers_make_no_sense() -> None:
    assert spondyl("audit").returncode == 2


def test_a_paper_is_never_overwritten(paper: Path) -> None:
    assert spondyl("audit", paper, "-o", paper).returncode == 2
    assert paper.read_text("utf-8") == WRONG
