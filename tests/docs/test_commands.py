"""Every command and option is documented in docs/commands.md, and nothing there is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer.main
from typer.testing import CliRunner

from house import ROOT
from spondyl import extract, read
from spondyl.app.cli import app
from spondyl.consult import line

PAGE = ROOT / "docs" / "commands.md"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def chapter(command: str) -> str:
    found = re.search(rf"^## `spondyl {command}`\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.M | re.S)
    assert found, f"docs/commands.md has no chapter '## `spondyl {command}`'"
    return found[1]


def options(command: str) -> Iterator[str]:
    named = COMMANDS[command]
    inner = [named, *getattr(named, "commands", {}).values()]
    for parameter in (p for one in inner for p in one.params):
        yield from (name for name in parameter.opts if name.startswith("--") and name != "--help")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str) -> None:
    text = chapter(command)
    missing = [o for o in options(command) if f"`{o}" not in text]
    assert not missing, f"docs/commands.md does not explain {missing} of spondyl {command}"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_documented_option_is_gone(command: str) -> None:
    said = set(re.findall(r"`(--[a-z-]+)", chapter(command)))
    assert said <= {*options(command), "--help"}


def test_no_documented_command_is_gone() -> None:
    assert set(re.findall(r"^## `spondyl ([a-z]+)`", PAGE.read_text("utf-8"), re.M)) == set(COMMANDS)


INNER = [f"{name} {inner}" for name, one in COMMANDS.items() for inner in getattr(one, "commands", {})]


@pytest.mark.parametrize("command", ["", *COMMANDS, *INNER])
def test_help_has_an_example(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "--help"])
    assert shown.exit_code == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.output)
    assert re.search(rf"Example: spondyl {command or '[a-z]+'}", plain)


def test_every_key_of_a_line_is_explained() -> None:
    text = chapter("extract")
    told = "Of 48 patients with spinal metastases, a 63-year-old woman had one at C5. The median age was 62 years."
    paper = read.text(told)
    made = line(paper, extract.reading(paper))
    (case, *_), (statement, *_) = made["cases"], made["statements"]
    parts = [made, made["paper"], case, case["claims"][0], case["claims"][0]["quote"], statement]
    missing = {key for part in parts for key in part if f'"{key}"' not in text}
    assert not missing, f"docs/commands.md does not show {missing} in a line of spondyl extract"
