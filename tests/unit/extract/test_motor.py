"""Motor grades, on invented sentences."""

from __future__ import annotations

import pytest

from spondyl.extract import reading
from spondyl.record import Paper


def grades(text: str) -> list[object]:
    (case,) = reading(
        Paper(id="invented", source="invented", text=f"A 50-year-old man was seen. {text}")
    ).cases
    return list(dict(case.fields).get("motor_grade", []))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Strength was 4/5 in the right arm and 5/5 elsewhere.", ["4/5", "5/5"]),
        ("Power was 4-/5 in the legs.", ["4-/5"]),
        ("Motor power of 2-3/5 was found in the legs.", ["2/5", "3/5"]),
        ("Muscle strength was III/V.", ["3/5"]),
        ("Muscle power was grade 3.", ["3/5"]),
        ("There was MRC grade 2 weakness of the left leg.", ["2/5"]),
        ("Strength was three of five in both legs and 4 out of 5 in the arms.", ["4/5"]),
        ("All groups were 5/5.", ["5/5"]),
        ("LL 3/5 bilat, UL 5/5.", ["3/5", "5/5"]),
        ("Pain was 3/5 on the visual scale.", []),
        ("The stain was positive in 4/5 nodes.", []),
        ("Blood pressure was 120/50 and power was normal.", []),
        ("The leg was weak since 4/5/2012.", []),
        ("Power improved at 3 months.", []),
        ("He had a right hemiparesis (i.e., 4/5 motor strength).", ["4/5"]),
    ],
)
def test_grades(text: str, expected: list[object]) -> None:
    assert grades(text) == expected
