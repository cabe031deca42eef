"""docs/exchange.md: its commands run, and it says of every field where it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from command import spondyl
from house import ROOT
from spondyl.registry.exchange.packet import FEATURES, MEASURED
from spondyl.registry.exchange.spoken import elements

PAGE = (ROOT / "docs" / "exchange.md").read_text("utf-8")
COMMANDS = re.findall(r"^    spondyl (.+)$", PAGE, re.M)


def test_its_commands_run_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(
        "Invented. A 46-year-old woman had a metastasis of leiomyosarcoma at C5."
    )
    assert spondyl("registry", "add", "one.txt", cwd=tmp_path).returncode == 0
    assert len(COMMANDS) == 6
    for command in COMMANDS:
        done = spondyl(*shlex.split(command), cwd=tmp_path)
        assert done.returncode == 0, (command, done.stderr)
        assert ("1 cases: 1 new" in done.stdout) == (" import " in command)


@pytest.mark.parametrize("field", elements())
def test_every_field_has_its_row(field: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| `") and f"`{field}`" in line]
    cell = row.split(" | ")[2]
    assert ("phenotypic feature" in cell) == (field in FEATURES)
    assert ("measurement" in cell) == (field in MEASURED)
