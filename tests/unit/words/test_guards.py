import re

import pytest

from spondyl.words.guards import Guards, needed
from spondyl.words.terms import Tokens


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (r"\b(?:resect|excis)(?:ed|ion)?\b", {"resect", "excis"}),
        (r"tumou?rs?", {"tumor", "tumour"}),
        (r"\bbone (?:scan|biops\w*)", {"bone"}),
        (r"(?:\w+ly )?removed", {"removed"}),
        (r"\d{1,3} ?%", {"0"}),
        (r"[a-z]+ing\b", {"ing"}),
        (r"(?P<who>he|she) (?!was)walked", {"walked"}),
        (r"[ctls]-?\d", {"0"}),
        (r"a|b", set()),
        (r"(?:resect)?", set()),
        (r"\w+", set()),
        (r"[^a]", set()),
    ],
)
def test_the_pieces_that_a_pattern_cannot_do_without(pattern: str, pieces: set[str]) -> None:
    assert needed(pattern) == pieces


def test_a_piece_inside_a_longer_one_stands_for_both() -> None:
    assert needed("metasta|metastases of bone") == {"metasta"}


def test_capital_letters_are_looked_for_in_folded_words() -> None:
    assert needed("Karnofsky|ECOG") == {"karnofsky", "ecog"}


def test_words_tell_which_patterns_cannot_match() -> None:
    guards = Guards()
    removed, scanned, dosed = map(guards.pattern, (r"remov(?:ed|al)", r"bone scan", r"\d+ gy"))
    bits = guards.bits(["the", "tumour", "was", "removed"])
    assert bits & removed.bit
    assert not bits & scanned.bit
    assert not bits & dosed.bit
    assert guards.bits(["t7"]) & dosed.bit


def test_a_pattern_of_which_nothing_is_known_is_always_searched() -> None:
    guards = Guards()
    anything = guards.pattern(r"\w+ly")
    nothing = guards.pattern(r"x|y")
    assert guards.bits(["slowly"]) & anything.bit
    assert -1 & nothing.bit
    assert nothing.bit == -1


def test_a_word_with_other_letters_than_ascii_leaves_every_pattern_open() -> None:
    guards = Guards()
    removed = guards.pattern(r"resected", re.IGNORECASE)
    word = "re\u017fected"  # the long s, which a pattern that ignores case takes for an s
    assert removed.pattern.search(word)
    assert guards.bits([word]) & removed.bit


def test_no_pattern_comes_after_the_first_word() -> None:
    guards = Guards()
    guards.pattern("bone")
    guards.bits(["bone"])
    with pytest.raises(RuntimeError, match="at import"):
        guards.pattern("lung")


def test_the_store_of_words_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guards, "LARGEST", 3)
    guards = Guards()
    bone = guards.pattern("bone")
    assert all(guards.bits([word, "bones"]) & bone.bit for word in "abcdefgh")
    assert len(guards) <= 4


@pytest.mark.parametrize("text", ["", "-", "a", " breast  cancers", "t4_5 und \xe4rzte.", "a(b)c 1,000"])
def test_tokens_and_gaps_make_up_the_text(text: str) -> None:
    tokens = Tokens(text)
    pieces = [*(g + w for g, w in zip(tokens.gaps, tokens.seen, strict=False)), tokens.gaps[-1]]
    assert "".join(pieces) == text
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.seen
    assert tokens.seen == re.findall(r"[^\W_]+", text)
