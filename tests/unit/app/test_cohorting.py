"""The command `spondyl cohort`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from house import ROOT
from spondyl.app.shell import run

TABLE = str(ROOT / "examples" / "cohort" / "bone.csv")


def test_columns_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = [
        "cohort",
        TABLE,
        "--time",
        "months",
        "--event",
        "status=dead",
        "--by",
        "sex",
        "--cox",
        "sex,number",
        "--ref",
    ]
    assert run([*call, 'sex="male"', "-o", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("45 patients, ")
    found = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert [t["term"] for t in found["cox"][-1]["terms"]] == ["sex=female", "number=single"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ([], "no table was given"),
        ([TABLE], "needs the columns of time and event"),
        ([TABLE, "--time", "month", "--event", "status=dead"], "did you mean months?"),
        ([TABLE, "--time", "months", "--event", "status=dead", "--cox", "sexx"], "did you mean sex?"),
        ([TABLE, "--time", "months", "--event", "sex"], "say which one is the event: sex=male"),
        ([TABLE, "--time", "months", "--event", "status=dead", "--ref", "sex"], "names no level"),
        (["absent.csv", "--time", "months", "--event", "status=dead"], "there is no such file"),
        (["absent.toml"], "there is no such file"),
    ],
)
def test_bad_calls_get_one_line(
    call: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cohort", *call, "-o", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()
