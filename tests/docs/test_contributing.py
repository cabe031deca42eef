"""CONTRIBUTING's map of the house is true to the tree."""

from __future__ import annotations

import re
from pathlib import Path

from house import ROOT, SRC

PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MAP = PAGE[PAGE.index("src/spondyl/\n") : PAGE.index("## The one idea")]


def folders(top: Path) -> set[str]:
    """The folders directly in one that hold files."""
    return {p.name for p in top.iterdir() if p.name[0] not in "._" and p.is_dir() and any(p.iterdir())}


def test_every_package_is_on_the_map_and_none_is_gone() -> None:
    named = set(re.findall(r"^ {6}([a-z_]+)/", MAP, re.M))
    assert named == folders(SRC)


def test_every_folder_of_tests_is_on_the_map_and_none_is_gone() -> None:
    assert set(re.findall(r"^ {4}tests/([a-z_]+)/", MAP, re.M)) == folders(ROOT / "tests")


def test_the_tools_it_names_are_there() -> None:
    for script in re.findall(r"\b[a-z_]+\.py\b", MAP):
        assert (ROOT / "tools" / script).is_file()
