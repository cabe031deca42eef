"""Conditions on cases: what holds, what is unknown, what is refused."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spondyl.record import UsageError
from spondyl.words.where import where

CASE: dict[str, Any] = {
    "diagnosis": "Clear cell renal cell carcinoma", "age_years": 57, "levels": ["C5", "C6"], "sex": "female",
    "status": ["alive", "dead"], "radiation_dose_gy": [30, 8.0],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('diagnosis == "clear cell  renal cell carcinoma"', True),
        ('diagnosis == "renal cell carcinoma"', False),
        ('"renal cell" in diagnosis', True),
        ('"lung" not in diagnosis', True),
        ('diagnosis in ["melanoma", "clear cell renal cell carcinoma"]', True),
        ("age_years < 57", False),
        ("57 <= age_years", True),
        ("50 < age_years < 60", True),
        ("age_years == 57.0", True),
        ("age_years > -1", True),
        ('"C5" in levels', True),
        ('levels == "c6"', True),
        ('levels != "C5"', False),
        ('"C" in levels', False),
        ('levels in ["T1", "C6"]', True),
        ('levels not in ["T1", "T2"]', True),
        ("radiation_dose_gy >= 30", True),
        ('margin == "R0"', None),
        ('margin != "R0"', None),
        ('not margin == "R0"', None),
        ('margin == "R0" or sex == "female"', True),
        ('margin == "R0" and sex == "male"', False),
        ('margin == "R0" and sex == "female"', None),
        ('status == "alive"', None),
        ('status in ["alive", "dead"]', True),
        ('status != "lost"', True),
        ("sex > 3", None),
        ('not (sex == "male" or "T1" in levels)', True),
    ],
)
def test_a_condition_holds_or_not_or_is_unknown(text: str, holds: bool | None) -> None:
    assert where(text).holds(CASE) is holds


@pytest.mark.parametrize(
    "text",
    [
        "", "sex", "True", "1 == 1", "sex == female", "sex.upper() == 'F'", "open('x')", "age_years + 1 > 3",
        "sex is None", 'sex = "female"', "[a for a in b]", "lambda: 1", 'levels == ["C5"]', 'sex in "female"',
        'f"{sex}" == "a"', "age_years > True", "x" * 3000, "(" * 500 + "a" + ")" * 500, "a == 1\x00", "a if b else c",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        where(text)
    assert "--where" in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_does_harm(text: str) -> None:
    with contextlib.suppress(UsageError):
        where(text).holds(CASE)


def test_the_fields_are_named() -> None:
    assert where('a == 1 and not (b in ["x"] or 3 < c)').names == {"a", "b", "c"}
