"""Signs told by two words: abilities that fail, structures pressed upon. All sentences are invented."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.extract.signs import signs
from spondyl.record import Paper


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("he could no longer climb the stairs", ["gait_disturbance"]),
        ("she was not able to stand", ["gait_disturbance"]),
        ("loss of power in both legs", ["motor_deficit", "paraplegia"]),
        ("a mass that compresses the cord", ["cord_compression"]),
        ("difficulties in walking", ["gait_disturbance"]),
        ("difficulty in initiating urination", ["sphincter_dysfunction"]),
        ("inability to empty her bladder", ["sphincter_dysfunction"]),
        ("loss of superficial sensation", ["sensory_deficit"]),
        ("a mass indenting the anterior thecal sac", ["cord_compression"]),
        ("the cord was markedly flattened", ["cord_compression"]),
        ("collapse without contact with the cord", []),
    ],
)
def test_signs(text: str, want: list[str]) -> None:
    assert [s.concept for s in signs(text)] == want


def _fields(text: str) -> dict[str, object]:
    paper = Paper(id="x", source="x", text=f"A 60-year-old man with prostate cancer was admitted. {text}")
    return dict(reading(paper).cases[0].fields)


def test_the_failing_itself_does_not_deny() -> None:
    assert _fields("He was not able to walk.")["presentation"] == ["gait_disturbance"]


def test_no_failing_denies() -> None:
    assert _fields("He had no difficulty walking.")["denied"] == ["gait_disturbance"]
    assert _fields("The cord was not compressed.")["denied"] == ["cord_compression"]
