"""What a user chooses: baseline, the limit of the MEP fall, when a response counts as lost."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spondyl.monitor.knowledge import criteria
from spondyl.monitor.models import Choice
from spondyl.monitor.naming import factor
from spondyl.record import UsageError

__all__ = ["Floor", "Options", "fall_choice", "floor_of"]


@dataclass(frozen=True)
class Options:
    """The choices of one run.

    Args:
        baseline: "opening", "first:20", or a window.
        mep_fall: The source whose limit for the fall of muscle MEPs is applied; `None` applies none.
        lost_below: When a muscle MEP counts as lost: "0", "5%" of the baseline, or "10 uV".
        sustained: So many values in a row begin an alarm and end it.
    """

    baseline: str = "opening"
    mep_fall: str | None = None
    lost_below: str = "0"
    sustained: int = 1


@dataclass(frozen=True)
class Floor:
    """At and below what amplitude a response counts as lost: microvolts, and percent of the baseline."""

    words: str
    microvolts: float = 0.0
    percent: float = 0.0

    def of(self, baseline: float) -> float:
        """In microvolts, for a channel."""
        return max(self.microvolts, self.percent / 100 * baseline)


def floor_of(asked: str) -> Floor:
    """When a response counts as lost.

    Raises:
        UsageError: It is no percentage, amplitude or 0.

    Example:
        >>> floor_of("5%").of(400), floor_of("10 uV").of(400), floor_of("0").of(400)
        (20.0, 10.0, 0.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%|[µμ\w]*)", asked.strip())
    if found:
        value, unit = float(found[1]), found[2]
        if value == 0:
            return Floor("no response (0 or 'absent')")
        if unit == "%" and value < 100:
            return Floor(f"{value:g} % of the baseline or less", percent=value)
        by = factor("amplitude", unit)
        if unit and by is not None:
            return Floor(f"{value * by:g} µV or less", microvolts=value * by)
    raise UsageError(
        f"a response lost below {asked!r} is not known; say 0, a percentage (5%) or an amplitude (10uV)"
    )


def fall_choice(asked: str | None) -> Choice | None:
    """The named limit for the fall of muscle MEPs.

    Args:
        asked: The name of a source, or its figure in percent; `None` for no limit.

    Raises:
        UsageError: No source says so.

    Example:
        >>> fall_choice("80").name, fall_choice("choi2014").limit
        ('macdonald2017', 75.0)
    """
    if asked is None:
        return None
    (criterion,) = (c for c in criteria().criterion if c.choice)
    plain = asked.strip().removesuffix("%").strip()
    for choice in criterion.choice:
        if plain in (choice.name, f"{choice.limit:g}"):
            return choice
    known = ", ".join(f"{c.name} ({c.limit:g} %)" for c in criterion.choice)
    raise UsageError(f"no source says that a fall of {asked!r} is a warning; choose one of {known}")
