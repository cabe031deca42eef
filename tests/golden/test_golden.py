"""What extraction gives for the invented papers; `pytest --regenerate` writes the files anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spondyl import examples, extract, read
from spondyl.consult import line

EXPECTED = Path(__file__).parent / "expected"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("papers")
    examples.write(place)
    return place


def told(path: Path) -> dict[str, Any]:
    """A paper's line with its path left out, and every quote as its words alone."""
    paper = read.paper(path)
    data = line(paper, extract.reading(paper))
    data["paper"]["source"] = path.name
    for case in data["cases"]:
        case["claims"] = [_words(claim) for claim in case["claims"]]
        case["others"] = [_words(claim) for claim in case["others"]]
    for statement in data["statements"]:
        statement["quotes"] = [quote["text"] for quote in statement["quotes"]]
    return data


def _words(claim: dict[str, Any]) -> str:
    more = "".join(f" + {quote['text']!r}" for quote in claim["more"])
    why = f" ({claim['derivation']})" if claim["derivation"] else ""
    return f"{claim['field']} = {claim['value']}: {claim['quote']['text']!r}{more}{why}"


@pytest.mark.parametrize("name", examples.papers())
def test_extraction_gives_what_is_expected(name: str, folder: Path, request: pytest.FixtureRequest) -> None:
    got = json.dumps(told(folder / name), ensure_ascii=False, indent=1) + "\n"
    path = EXPECTED / f"{name}.json"
    if request.config.getoption("--regenerate"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8"), "if this change is wanted: pytest --regenerate, and read the diff"


def test_no_expectation_is_left_over() -> None:
    assert {p.name for p in EXPECTED.glob("*.json")} == {f"{name}.json" for name in examples.papers()}
