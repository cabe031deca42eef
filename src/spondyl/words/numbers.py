"""Numbers, counts and durations in running text."""

from __future__ import annotations

import re
from functools import lru_cache

from spondyl.words.alternatives import one_of

__all__ = ["DURATION", "NUMBER", "months", "number"]

_UNITS = {
    w: i
    for i, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: 10 * i
    for i, w in enumerate(
        [
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
        ],
        2,
    )
}
_MORE = {"a": 1, "an": 1, "half": 0.5, "fourty": 40, "once": 1, "twice": 2, "thrice": 3, "fortnight": 0.5}
_SMALL, _TENS_OR = one_of(_UNITS), one_of(_TENS)

NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|(?:{_TENS_OR})(?:[- ](?:{_SMALL}))?|{_SMALL}|fourty)"
"""A number in digits or words, for use in larger patterns (folded text)."""

_TO_MONTHS = {"day": 12 / 365.25, "week": 1 / 4.345, "month": 1.0, "year": 12.0}
_UNIT_OF = {
    "d": "day", "day": "day", "night": "day", "wk": "week", "w": "week", "week": "week", "mo": "month",
    "mos": "month", "mth": "month", "month": "month", "y": "year", "yr": "year", "year": "year",
    "fortnight": "week",
}  # fmt: skip
DURATION = (
    rf"(?P<n>{NUMBER}|an?|half an?|several|few)(?P<half> and a half)?[ -]?"
    r"(?P<unit>days?|weeks?|wks?|months?|mos?|mths?|years?|yrs?|d|y)(?![a-z])"
)
"""A length of time, for use in larger patterns (folded text); named groups n, half, unit."""


@lru_cache(maxsize=4096)
def number(text: str) -> float | None:
    """The number that a piece of folded text says in digits or words, or `None`.

    Example:
        >>> number("sixty-three"), number("1,900"), number("half"), number("a"), number("many")
        (63.0, 1900.0, 0.5, 1.0, None)
    """
    text = text.strip().lower()
    if text and text[0].isdigit():
        try:
            return float(text.replace(",", ""))
        except ValueError:
            return None
    total = 0.0
    for word in re.split(r"[- ]", text):
        if word in _UNITS:
            total += _UNITS[word]
        elif word in _TENS:
            total += _TENS[word]
        elif word in _MORE:
            total = total + _MORE[word] if word != "a" or not total else total
        else:
            return None
    return total if text else None


def months(count: float, unit: str) -> float:
    """A length of time in months (weeks/4.345, years*12, days/30.4375).

    Raises:
        KeyError: The unit is not a unit of time.

    Example:
        >>> months(78, "weeks"), round(months(4, "week"), 2)
        (17.951668584579977, 0.92)
    """
    key = unit.lower().rstrip(".")
    return count * _TO_MONTHS[_UNIT_OF.get(key) or _UNIT_OF[key.rstrip("s")]]
