"""What stands beside a mean or median: SD, range, quartiles, interval; and its unit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from spondyl.extract.series.grammar import DECIMAL, INTERVAL, number_of

__all__ = ["SD", "SPREAD_SE", "UNIT", "Spread", "merged", "spread", "spreads", "unit_of"]

UNIT = (
    r"(?P<unit>months?|mo|mos|years?|yrs?|y|weeks?|wks?|days?|hours?|h|minutes?|min|seconds?|cm|"
    r"mm|ml|l|kg|mg|cgy|gy|points?|units?|%|cycles?|fractions?)(?![a-z0-9])"
)


SD = re.compile(rf"\s?(?:±|\+/-|\+-)\s?(?P<sd>{DECIMAL})")
_SPREAD_SD = re.compile(rf"\b(?:sd|standard deviation)\b[ ,:=±]*(?P<sd>{DECIMAL})")


SPREAD_SE = re.compile(r"\b(?:sem?|standard error)\b")
_SPREAD_RANGE = re.compile(
    rf"\b(?:range|ranging|ranged|min-max|minimum-maximum)\b[ ,:=]*(?:from |of |"
    rf"between )?{INTERVAL.replace('-|to|', '-|to|and|')}"
)
_SPREAD_UNITS = re.compile(
    rf"\b(?:range|ranging|ranged)\b[ ,:=]*(?:from |of |between )?(?P<low>{DECIMAL}) ?[a-z%]{{1,7}} ?(?"
    rf":-|to|and) ?(?P<high>{DECIMAL})"
)
_SPREAD_IQR = re.compile(
    rf"\b(?:iqr|interquartile range|inter-quartile range|quartiles)\b\]?[ ,:=]*(?:of |from )?{INTERVAL}"
)
_SPREAD_CI = re.compile(
    rf"\b(?:ci|confidence interval|confidence limits)\b\]?[ ,:=]*(?:of |from )?{INTERVAL}"
)
_PLAIN = re.compile(rf"\s?{INTERVAL}(?:\s?{UNIT.replace('?P<unit>', '?:')})?\s?$")
_LONE = re.compile(rf"\s?(?P<sd>{DECIMAL})\s?$")


class Spread(NamedTuple):
    """What stands beside a mean or median, as printed: range, quartiles, interval, SD."""

    sd: str | None = None
    sem: bool = False
    range: tuple[str, str] | None = None
    quartiles: tuple[str, str] | None = None
    interval: tuple[str, str] | None = None


@lru_cache(maxsize=4096)
def spread(words: str, form: str = "") -> Spread:
    """The spread that folded words state.

    Args:
        words: What stands beside the value ("range 54-89 years", "13.3").
        form: What announced it ("sd", "iqr"), for words that are numbers alone.

    Example:
        >>> spread("iqr: 5.2, 62.6").quartiles, spread("13.3", "mean [sd] age").sd
        (('5.2', '62.6'), '13.3')
    """
    ranged = None
    if "rang" in words or "min" in words:
        ranged = _SPREAD_RANGE.search(words) or _SPREAD_UNITS.search(words)
    quartiles, interval, sd = (
        _SPREAD_IQR.search(words) if "iqr" in words or "quartile" in words else None,
        _SPREAD_CI.search(words) if "ci" in words or "confidence" in words else None,
        _SPREAD_SD.search(words) or SD.search(words),
    )
    plain = _PLAIN.fullmatch(words)
    lone = _LONE.fullmatch(words)
    if plain and not (ranged or quartiles or interval):
        if "iqr" in form or "quartile" in form:
            quartiles = plain
        elif (
            "ci" in form.replace("[", " ").replace("(", " ").replace(")", " ").split() or "confidence" in form
        ):
            interval = plain
        elif "range" in form:
            ranged = plain
    if lone and sd is None and ("sd" in form or "deviation" in form):
        sd = lone
    return Spread(
        sd["sd"] if sd else None,
        SPREAD_SE.search(words + " " + form) is not None,
        _pair(ranged),
        _pair(quartiles),
        _pair(interval),
    )


def _pair(m: re.Match[str] | None) -> tuple[str, str] | None:
    if m is None or number_of(m["low"]) > number_of(m["high"]):
        return None
    return m["low"], m["high"]


def unit_of(word: str | None) -> str | None:
    """One spelling for a unit.

    Example:
        >>> unit_of("yrs"), unit_of("month"), unit_of("%")
        ('years', 'months', 'percent')
    """
    if not word:
        return None
    short = word.rstrip(".").rstrip("s")
    return _UNITS.get(short, word)


_UNITS = {
    "month": "months",
    "mo": "months",
    "year": "years",
    "yr": "years",
    "y": "years",
    "week": "weeks",
    "wk": "weeks",
    "day": "days",
    "hour": "hours",
    "h": "hours",
    "minute": "minutes",
    "min": "minutes",
    "%": "percent",
    "point": "points",
    "unit": "units",
    "second": "seconds",
    "gy": "Gy",
    "cgy": "cGy",
    "cycle": "cycles",
    "fraction": "fractions",
}


def spreads(words: str, form: str) -> bool:
    found = spread(words, form)
    return any((found.sd, found.range, found.quartiles, found.interval))


def merged(words: list[str], form: str) -> Spread:
    found = [spread(w, form) for w in words]
    return Spread(
        next((f.sd for f in found if f.sd), None),
        any(f.sem for f in found),
        next((f.range for f in found if f.range), None),
        next((f.quartiles for f in found if f.quartiles), None),
        next((f.interval for f in found if f.interval), None),
    )
