"""The sheets that ship hold the facts of the drafts they came from: every item, answer, point, band and worked case."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from spondyl import score
from spondyl.score.checks import differs

DRAFTS = sorted((Path(__file__).parents[2] / ".." / "shared" / "scores" / "sheets").glob("*.toml"))
pytestmark = pytest.mark.skipif(not DRAFTS, reason="the drafted sheets are not beside the repository")


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", DRAFTS, ids=lambda p: p.stem)
def test_every_drafted_worked_case_comes_out(path: Path) -> None:
    sheet = score.load(path.stem)
    for case in read(path).get("vectors", []):
        names = {"lo": "low", "hi": "high"}
        expect = {names.get(k, k): v for k, v in case["expect"].items()}
        assert differs(score.compute(sheet, case["inputs"]), expect) == ""


@pytest.mark.parametrize("path", DRAFTS, ids=lambda p: p.stem)
def test_no_point_or_band_was_changed(path: Path) -> None:
    draft, sheet = read(path), score.load(path.stem).model_dump()
    assert sheet["kind"] == draft["kind"]
    if draft["kind"] == "sum":
        points = [
            {i["id"]: {o["id"]: o["points"] for o in i["options"]} for i in s["items"]}
            for s in (draft, sheet)
        ]
        assert points[0] == points[1]
    if "bands" in draft:
        bands = [[(b["min"], b["max"], b["id"]) for b in s["bands"]] for s in (draft, sheet)]
        assert bands[0] == bands[1]
    if draft["kind"] == "tree":
        assert [(r["when"], r["then"]) for r in draft["rules"]] == [
            (r["when"], r["then"]) for r in sheet["rules"]
        ]
    assert len(sheet["disagreements"]) == len(draft.get("disagreements", []))
    assert len(sheet["citations"]) >= len(draft.get("citations", []))
    assert sheet["evidence"]["items"] == draft["evidence"]["items"]
    assert sheet["evidence"]["bands"] == draft["evidence"]["bands"]
