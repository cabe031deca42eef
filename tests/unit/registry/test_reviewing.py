"""What is left to look at, on either database; words in their paragraph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registered import accept, correct, paper, reading, silent, woman
from spondyl.record import Quote
from spondyl.registry import Registry
from spondyl.registry.passages import passage
from spondyl.registry.reviewing import Place, Plan

FIELDS = ["age_years", "sex", "diagnosis", "levels", "follow_up_months"]


def left(registry: Registry, **wanted: object) -> list[tuple[str, str]]:
    """The field and the reason of every place that is left."""
    return [(p.field, p.why) for p in registry.plan(Plan(**{"by": "A. Reviewer", **wanted}))]  # type: ignore[arg-type]


def test_what_was_decided_is_left_out(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    assert left(registry) == [(name, "claim") for name in FIELDS]
    registry.decide(accept(46))
    registry.decide(silent("levels"))
    registry.decide(correct(None, "pembrolizumab", "drugs"))
    assert [name for name, _ in left(registry)] == ["sex", "diagnosis", "follow_up_months"]
    assert [name for name, _ in left(registry, by="B", blind=True)] == FIELDS
    assert left(registry, fields=("drugs", "sex", "status")) == [("sex", "claim"), ("status", "empty")]
    assert left(registry, papers=("p9",)) == []


def test_differences_come_first_and_alone_if_asked_for(registry: Registry) -> None:
    one, two = paper("p0"), paper()
    registry.add_all([(one, reading(one)), (two, reading(two))])
    registry.decide(correct(46, 47))
    registry.add(two, reading(two, woman(two, age=49)))
    assert left(registry)[0] == ("age_years", "difference")
    assert left(registry, differences=True) == [("age_years", "difference")]
    (place,) = registry.plan(Plan("A", differences=True))
    item = registry.item(place, Plan("A"))
    assert item.difference == ((47,), (49,), "the reader now finds another value")
    assert (item.place.value, item.holds) == (49, (47,))
    assert [(c.value, c.held) for c in item.candidates] == [(46, True), (47, True)]


def test_disagreements_of_two_reviewers(registry: Registry) -> None:
    one = paper()
    registry.add(one, reading(one))
    registry.decide(accept(46))
    registry.decide(correct(46, 47).model_copy(update={"by": "B. Other"}))
    (place,) = registry.plan(Plan("C", adjudicate=True))
    assert (place.field, place.value, place.why) == ("age_years", None, "disagreement")
    item = registry.item(place, Plan("C", adjudicate=True))
    assert item.passage is not None
    assert [d.decision.by for d in item.decided] == ["A. Reviewer", "B. Other"]


def test_a_value_without_its_paper_s_text_shows_the_words_alone(registry: Registry) -> None:
    one = paper()
    registry.add(one.model_copy(update={"text": ""}), reading(one))
    item = registry.item(Place(1, "sex", "female"), Plan("A"))
    assert item.passage is not None
    assert (item.passage.text, item.passage.kept) == ("woman", False)


@given(
    st.text("ab \n\x1b\x07é", min_size=1, max_size=400),
    st.integers(0, 400),
    st.integers(1, 20),
    st.integers(1, 200),
)
def test_the_words_stand_where_they_are_marked(text: str, start: int, length: int, most: int) -> None:
    start = min(start, len(text) - 1)
    end = min(len(text), start + length)
    quote = Quote(paper="p", start=start, end=end, text=text[start:end])
    found = passage(text, [quote, quote])
    assert found is not None
    for one in (found, found.within(most)):
        shown = one.text[slice(*one.states)]
        assert len(shown) == end - start
        assert [a == b or not (a.isprintable()) for a, b in zip(quote.text, shown, strict=True)] == [
            True
        ] * len(shown)
        assert one.text.isprintable()
        assert all(one.text[a:b] == shown for a, b in one.supports)


@pytest.mark.parametrize("size", [1_000, 50_000])
def test_a_long_paragraph_is_cut_at_blanks(size: int) -> None:
    text = "word " * size
    at = len(text) // 10 * 5
    found = passage(text, [Quote(paper="p", start=at, end=at + 4, text=text[at : at + 4])])
    assert found is not None
    assert len(found.text) < 1_000
    assert set(found.text.strip("…").split()) == {"word"}
