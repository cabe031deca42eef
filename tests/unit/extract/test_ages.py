"""Ages: the quick look never misses what the expression would find."""

from __future__ import annotations

import pytest

from spondyl.extract.person import _AGE, ages

SAID = [
    "a 63-year-old man", "63 y.o. woman", "a 63 y/o female", "63 year, tall woman", "aged 63", "at 63 years of age",
    "a farmer of sixty had", "63/f", "f / 63", "(m, 63 years)", "(63, f)", "she was eight when", "the patient, 63, had",
    "the man 63 years,", "pt m, 63", "mrs. b., aged 63, had", "seen, 63 f, and", "the case, 63, was",
]  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_the_quick_look_misses_nothing(text: str) -> None:
    missed = [
        cue.pattern
        for need, cue, pattern in _AGE
        if pattern.search(text) and not (need in text and cue.search(text))
    ]
    assert missed == []


def test_each_expression_is_tried() -> None:
    assert [pattern.pattern for _, _, pattern in _AGE if not any(map(pattern.search, SAID))] == []


def test_ages_are_the_same_when_asked_twice() -> None:
    assert ages("a 63-year-old man") == ages("a 63-year-old man") != ()
