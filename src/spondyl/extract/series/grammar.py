"""The small grammar of statements about groups: counts, decimals, people, times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from spondyl.words.alternatives import one_of
from spondyl.words.numbers import number
from spondyl.words.tsv import rows

__all__ = [
    "COUNT",
    "DECIMAL",
    "INTERVAL",
    "PERCENT",
    "Grammar",
    "count",
    "explains",
    "grammar",
    "number_of",
    "numbers",
    "tidy",
]

_SMALL_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS_WORDS = ("twenty", "thirty", "forty", "fourty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL, _TENS = one_of(_SMALL_WORDS), one_of(_TENS_WORDS)
_BELOW = rf"(?:(?:{_TENS})(?:[- ](?:{_SMALL}))?|{_SMALL})"
COUNT = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|(?:{_SMALL}) hundred(?:(?: and)? {_BELOW})?|{_BELOW})"
"""A whole number in digits or words, for larger patterns on folded text."""
DECIMAL = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})"
"""A number in digits as printed, for larger patterns."""
PERCENT = rf"(?P<pct>{DECIMAL})\s?%"
INTERVAL = rf"(?P<low>-?{DECIMAL})\s?%?(?:\s?(?:-|to|,|;)\s?|\s)(?P<high>-?{DECIMAL})"
"""Two bounds, for larger patterns on the reading copy: "5.2, 62.6", "1.8-16", "3 to 8"."""

_NUMBER = re.compile(rf"\W(?=\d|(?:{one_of((*_SMALL_WORDS, *_TENS_WORDS))})\b)")
_PACKAGE = "spondyl.extract.lexicons"
_COLUMNS = ("term", "concept", "language", "source", "note")
_EDGE = " \t\n,;:.-*|"
_HUNDRED = re.compile(r"(?P<h>\w+) hundred(?: and)? ?(?P<rest>.*)")


class Grammar:
    """Patterns that rest on the lexicon of what can be counted.

    `people` matches a noun for persons, `subject` any noun that can be counted; `after_other` matches a noun
    for persons with the character before it, which is found faster.
    """

    def __init__(self) -> None:
        terms = list(rows(_PACKAGE, "subjects.tsv", _COLUMNS))
        persons = _any(r["term"] for r in terms if r["concept"] == "person")
        self.people = re.compile(rf"\b(?:{persons})\b")
        self.after_other = re.compile(rf"\W(?:{persons})\b")
        self.subject = re.compile(rf"\b(?:{_any(r['term'] for r in terms)})\b")


def _any(terms: Iterable[str]) -> str:
    forms = {form for term in terms for form in _forms(term)}
    return one_of(forms)


def _forms(term: str) -> tuple[str, ...]:
    """A noun with its regular plural, in both spellings: the lexicon keeps one row for all."""
    british = term.replace("tumor", "tumour").replace("center", "centre")
    one = (term, british) if british != term else (term,)
    return one if term.endswith("s") or " " in term else (*one, *(f"{t}s" for t in one))


@cache
def grammar() -> Grammar:
    """The grammar, built once."""
    return Grammar()


def numbers(text: str) -> list[int]:
    """Where whole numbers in digits or words may begin in a folded text.

    Example:
        >>> numbers("one of 12 bones at c5")
        [0, 7]
    """
    return [m.start() for m in _NUMBER.finditer(f" {text}")]


@lru_cache(maxsize=4096)
def count(words: str) -> int | None:
    """The whole number that folded words or digits say, or `None`.

    Example:
        >>> count("forty-five"), count("1,412"), count("one hundred and two"), count("5.5")
        (45, 1412, 102, None)
    """
    m = _HUNDRED.fullmatch(words)
    if m:
        rest = number(m["rest"]) if m["rest"] else 0
        return int(100 * (number(m["h"]) or 0) + (rest or 0))
    value = number(words)
    return int(value) if value is not None and value == int(value) and "." not in words else None


def number_of(printed: str) -> float:
    """The value of a number as printed ("1,412", ".03").

    Example:
        >>> number_of(".03"), number_of("1,412")
        (0.03, 1412.0)
    """
    return float(printed.replace(",", ""))


def tidy(words: str, limit: int = 140) -> str:
    """Words of a paper as a label: one line, no loose punctuation at the ends.

    Example:
        >>> tidy(" underwent  PET, ")
        'underwent PET'
    """
    flat = " ".join(words.split())[:limit].strip(_EDGE)
    while flat and (
        flat[-1] in ")]" and flat.count("(") + flat.count("[") < flat.count(")") + flat.count("]")
    ):
        flat = flat[:-1].strip(_EDGE)
    return flat


def explains(n: int, whole: int, printed: str) -> bool:
    """Whether n of a whole, rounded, gives a percentage as printed.

    Example:
        >>> explains(20, 45, "44"), explains(10, 45, "20"), explains(29, 45, "64.4")
        (True, False, True)
    """
    places = len(printed.partition(".")[2])
    return bool(whole) and abs(100 * n / whole - float(printed)) <= 0.5 * 10.0**-places + 1e-9
