"""A guarded pattern never keeps a match from being found."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from spondyl import extract
from spondyl.extract.knowledge import GUARDS
from spondyl.words.guards import Guarded, needed
from spondyl.words.terms import Tokens


def guarded() -> Iterator[tuple[str, Guarded]]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith(f"{extract.__name__}."):
            for key, value in vars(module).items():
                if isinstance(value, Guarded):
                    yield f"{name}.{key}", value


PATTERNS = dict(guarded())
WORDS = [
    *sorted({piece for p in PATTERNS.values() for piece in needed(p.pattern.pattern)} - {"0"}),
    "of", "the", "was", "in", "no", "and", "with", "her", "both", "7", "12", "t7", "5/5", "30", "gy", "%",
    "spine", "to", "a", "residual", "evidence", "she", "\xe4", "-", "(", ")", ",", "years", "old", "case",
]  # fmt: skip


def test_there_are_guarded_patterns() -> None:
    assert len(PATTERNS) > 30
    assert sum(p.bit != -1 for p in PATTERNS.values()) > 30


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), st.sampled_from(["", "ed", "s", "ion"]))
def test_where_a_pattern_matches_its_bit_is_set(words: list[str], ending: str) -> None:
    text = " ".join(words) + ending
    bits = GUARDS.bits(Tokens(text.lower()).seen)
    hidden = [name for name, p in PATTERNS.items() if p.pattern.search(text) and not bits & p.bit]
    assert not hidden
