"""Expressions of time: how long, and what they count from. All sentences are invented."""

from __future__ import annotations

import pytest

from spondyl.extract.timeline import times


def told(text: str) -> list[tuple[float, str]]:
    return [(round(t.months, 2), t.role) for t in times(text.lower())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She walked alone 6 months after surgery.", [(6, "after")]),
        ("Alive 24 mo post diagnosis.", [(24, "after")]),
        ("He was free of pain one and a half years postoperatively.", [(18, "after")]),
        ("No relapse at 3 years and 7 months after resection.", [(43, "after")]),
        ("He died within a fortnight of his admission.", [(0.46, "after")]),
        ("At 2-year follow-up she felt well.", [(24, "follow")]),
        ("In a follow-up period of 31 months nothing grew.", [(31, "follow")]),
        ("She was followed up for four years.", [(48, "follow")]),
        ("He survived for 14 months.", [(14, "survived")]),
        ("The level remained low for more than 30 months.", [(30, "survived")]),
        ("Seven months later he limped.", [(7, "later")]),
        ("A year afterwards, and two months after that, he fell.", [(12, "later"), (2, "later")]),
        ("At 30 weeks she walked.", [(6.9, "at")]),
        ("After five months the scan was clear.", [(5, "elapsed")]),
        ("At two postoperative years he worked.", [(24, "after")]),
        ("In the past six months she had no fever.", [(6, "past")]),
        ("He was treated for 3 weeks.", [(0.69, "for")]),
        ("Died 14/12 after RT.", [(14, "after")]),
        ("Well 5 y after RT.", [(60, "after")]),
        ("He has no pain 3 years on.", [(36, "later")]),
    ],
)
def test_lengths(text: str, expected: list[tuple[float, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He died on postoperative day 19.", [(0.62, "after")]),
        ("He died on POD 19.", [(0.62, "after")]),
        ("She went home on the 48th day of admission.", [(1.58, "after")]),
        ("By the third week post operation he ate.", [(0.69, "after")]),
        ("In week 14 the mass was smaller.", [(3.22, "at")]),
    ],
)
def test_counted_days(text: str, expected: list[tuple[float, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text", ["18 years ago", "3 years previously", "a two-year history", "six weeks before admission"]
)
def test_time_before(text: str) -> None:
    assert [role for _, role in told(f"She had a lump {text}.")] == ["before"]


@pytest.mark.parametrize(
    "text",
    [
        "a 45-year-old man",
        "aged 3 years",
        "a woman of 61 years",
        "at the age of 12 years",
        "given every 3 weeks",
        "on days 1 and 8",
        "a 44 y.o. nurse",
        "power 4/5",
    ],
)
def test_ages_and_frequencies_are_no_times(text: str) -> None:
    assert told(f"It was {text}.") == []


def test_dates_count_months() -> None:
    first, second = times("operated in november 2012 and seen on 3 march 2014")
    assert first.role == second.role == "date"
    assert round(second.months - first.months) == 16


def test_two_lengths_of_one_unit_are_not_added() -> None:
    assert told("Operations followed 6 months and 17 months after the first one.")[-1] == (17, "after")


def test_the_words_stand_where_they_are_said_to() -> None:
    text = "he was well 6 months after surgery."
    (t,) = times(text)
    assert text[t.start : t.end] == "6 months after surgery"


def test_a_hostile_line_takes_no_time() -> None:
    assert len(times("6 months after it. " * 3000)) == 3000
