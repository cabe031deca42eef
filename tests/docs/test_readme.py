"""The README's commands run and its Python prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from house import ROOT
from spondyl import examples

README = (ROOT / "README.md").read_text("utf-8")
TESTS = "pip install -q uv && uv run pytest"
DEMO = "pip install -q uv && uv run spondyl demo"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def commands() -> list[str]:
    return [
        line for block in blocks("sh") for line in block.splitlines() if line and not line.startswith("#")
    ]


def test_the_two_commands_are_there() -> None:
    assert DEMO in commands()
    assert TESTS in commands()


def test_the_ci_runs_the_test_command_of_the_readme() -> None:
    assert TESTS in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


@pytest.mark.parametrize("block", blocks("sh"))
def test_a_block_of_commands_runs(block: str, tmp_path: Path) -> None:
    """Each command runs as it stands, less the installer and `uv run`, which made this run."""
    examples.write(tmp_path / "papers")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in (line for line in block.splitlines() if line != TESTS):
        bare = re.sub(r"^pip install -q uv && ", "", command).replace("uv run ", "")
        done = subprocess.run(
            bare,
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_the_python_prints_what_the_readme_says(tmp_path: Path) -> None:
    (script,) = blocks("python")
    (said,) = blocks("text")
    examples.write(tmp_path / "spondyl-demo" / "examples")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == said


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", README):
        assert (ROOT / target).exists(), f"README.md links to {target}, which is not there"


def test_the_accuracy_table_is_what_was_measured() -> None:
    shown = subprocess.run(
        [sys.executable, "tools/measure.py", "--show"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() in README, "run tools/measure.py --readme"
