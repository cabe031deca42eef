"""The commands of docs/pooling.md run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from command import spondyl
from house import ROOT

PAGE = (ROOT / "docs" / "pooling.md").read_text("utf-8")


def test_its_commands_run(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    commands = re.findall(r"^    spondyl (.+)$", PAGE, re.M)
    assert len(commands) == 3
    for command in commands:
        done = spondyl(*shlex.split(command), cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), command
    assert (tmp_path / "younger" / "results.json").is_file()


def test_its_conditions_are_conditions() -> None:
    from spondyl.words.where import where

    block = PAGE.partition("## The condition")[2].partition("A comparison")[0]
    lines = re.findall(r"^    (\S.*?)(?:    .*)?$", block, re.M)
    assert len(lines) == 6
    for line in lines:
        assert where(line).names
