"""Levels, regions and compartment. All sentences are invented."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.record import Paper


def _fields(text: str) -> dict[str, object]:
    paper = Paper(
        id="x", source="x", text=f"A 60-year-old man with renal cell carcinoma was admitted. {text}"
    )
    return dict(reading(paper).cases[0].fields)


@pytest.mark.parametrize(
    ("text", "levels", "compartment"),
    [
        (
            "MRI showed a mass from the lower border of T3 to the middle of T5.",
            ["T3", "T4", "T5"],
            ["vertebral"],
        ),
        ("The dorsal spine showed collapse of the eighth and ninth vertebrae.", ["T8", "T9"], ["vertebral"]),
        ("There was a metastasis at L2 with oedema of the cord from T11 to L2.", ["L2"], ["vertebral"]),
        ("A haemangioma in T12 was seen. The metastasis was at L4.", ["L4"], ["vertebral"]),
        ("The CSF contained adenocarcinoma cells.", None, ["leptomeningeal"]),
        ("The CSF contained no malignant cells.", None, None),
    ],
)
def test_levels_and_compartment(text: str, levels: list[str] | None, compartment: list[str] | None) -> None:
    fields = _fields(text)
    found = fields.get("levels")
    assert (sorted(found) if isinstance(found, list | tuple) else found) == (
        sorted(levels) if levels else None
    )
    assert fields.get("compartment") == compartment


def test_the_scanned_region_is_not_the_lesions() -> None:
    assert _fields("Lumbar spine MRI revealed a sacral mass.")["regions"] == ["sacral"]


def test_a_lamina_with_a_lesion_is_no_laminectomy() -> None:
    text = "A 61-year-old woman had pain. MRI showed a metastasis in the lamina of C5."
    (case,) = reading(Paper(id="invented", source="invented", text=text)).cases
    assert case.fields["levels"] == ["C5"]
    assert "procedures" not in case.fields
