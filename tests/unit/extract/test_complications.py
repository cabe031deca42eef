"""Complications and margins, on invented sentences."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.record import Paper


def fields(text: str) -> dict[str, object]:
    (case,) = reading(
        Paper(id="invented", source="invented", text=f"A 50-year-old woman was seen. {text}")
    ).cases
    return dict(case.fields)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A laminectomy was done. A deep wound infection needed two wash-outs.", ["wound_infection"]),
        ("A laminectomy was done. There was no wound infection.", None),
        ("She had pneumonia in 2001. A laminectomy was done.", None),
        ("A laminectomy was done and complicated by pneumonia.", ["pneumonia"]),
        ("A laminectomy was done. She died of pneumonia.", None),
        ("She developed a CSF leak after surgery.", ["csf_leak"]),
        ("The risk of wound dehiscence after surgery was discussed.", None),
    ],
)
def test_complications_of_treatment(text: str, expected: list[str] | None) -> None:
    assert fields(text).get("complications") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The tumour was excised with clear margins.", "negative"),
        ("The tumour was excised; the margins were positive.", "positive"),
        ("The tumour was excised; the margins were not free of tumour.", "positive"),
        ("An R1 resection was done.", "R1"),
        ("The lesion had irregular margins.", None),
    ],
)
def test_margins(text: str, expected: str | None) -> None:
    assert fields(text).get("margin") == expected
