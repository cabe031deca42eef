"""How far two reviewers agree, field by field, and where they do not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from spondyl.record import LIST_FIELDS, Decision, Value
from spondyl.registry.rows import Logged
from spondyl.registry.settling import Ruling, rulings

__all__ = ["Agreement", "Unit", "agreement", "disagreements", "kappa", "ratings", "reviewers"]

Unit = tuple[int, str, Value | None]
"""What two reviewers rate: a case's field or, in a list, one element of it."""
_ZERO = 1e-9
"""A standard error below it is rounding."""
YES, NO, SILENT, NONE = "holds", "does not hold", "not stated", "no value"


@dataclass(frozen=True)
class Agreement:
    """How far two reviewers agree on a field.

    Args:
        field: The field.
        n: What both of them rated: cases or, in a field that is a list, elements.
        agreed: On how many of them they agree.
        kappa: Cohen's kappa; `None` where it is not defined, because both gave one rating throughout.
        low, high: Its confidence interval; `None` where the standard error is 0 or kappa is not defined.
    """

    field: str
    n: int
    agreed: int
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def raw(self) -> float:
        """The share on which they agree."""
        return self.agreed / self.n


def ratings(case: int, decisions: Sequence[Decision], among: Sequence[Decision] = ()) -> dict[Unit, str]:
    """What one reviewer's decisions on a case come to.

    Args:
        case: The case's number in the registry.
        decisions: The decisions of one reviewer on it, in order.
        among: The decisions of all reviewers: an element that another one added counts as not holding for a reviewer
            who decided on the field and did not add it.

    Example:
        >>> told = Decision(paper="p", case=1, field="sex", value="male", verdict="correct", corrected="female")
        >>> ratings(1, [told])
        {(1, 'sex', None): '"female"'}
    """
    out: dict[Unit, str] = {}
    for name, ruling in rulings([d for d in decisions if d.verdict != "note"]).items():
        if name in LIST_FIELDS:
            out |= {(case, name, value): rating for value, rating in _elements(name, ruling, among)}
        else:
            out[case, name, None] = _rating(ruling)
    return out


def _rating(ruling: Ruling) -> str:
    if ruling.silent:
        return SILENT
    return next((_quoted(value) for value in ruling.kept), NONE)


def _quoted(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else f"{float(value):g}"


def _elements(name: str, ruling: Ruling, among: Sequence[Decision]) -> Iterable[tuple[Value, str]]:
    same = [d for d in among if d.field == name]
    named = {v for d in same for v in (d.value, d.corrected) if v is not None}
    added = {d.corrected for d in same if d.corrected is not None} - {d.value for d in same}
    for value in sorted(named | ruling.kept.keys() | ruling.rejected, key=str):
        if value in ruling.kept:
            yield value, YES
        elif value in ruling.rejected or ruling.silent or value in added:
            yield value, NO


def _by(logged: Sequence[Logged]) -> dict[str, list[Logged]]:
    out: dict[str, list[Logged]] = {}
    for one in logged:
        if one.decision.verdict != "note":
            out.setdefault(one.decision.by, []).append(one)
    return out


def reviewers(logged: Mapping[int, Sequence[Logged]]) -> Counter[str]:
    """Who decided, and on how many cases."""
    return Counter(name for some in logged.values() for name in _by(some))


def disagreements(case: int, logged: Sequence[Logged]) -> list[tuple[str, Value | None]]:
    """Where two reviewers disagree on a case and nobody else has settled it.

    Args:
        case: The case's number in the registry.
        logged: All decisions on it, in order.

    Returns:
        The fields, of a list with the element.
    """
    everything = [one.decision for one in logged]
    found = {name: ratings(case, [o.decision for o in own], everything) for name, own in _by(logged).items()}
    said: dict[Unit, list[str]] = {}
    for own in found.values():
        for unit, rating in own.items():
            said.setdefault(unit, []).append(rating)
    return [(name, value) for (_, name, value), r in said.items() if len(r) == 2 and len(set(r)) == 2]


def agreement(
    logged: Mapping[int, Sequence[Logged]], first: str, second: str, level: float = 0.95
) -> list[Agreement]:
    """How far two reviewers agree, field by field.

    Args:
        logged: The decisions on each case, in order.
        first, second: The reviewers.
        level: Of the confidence interval.

    Returns:
        One for each field of which both rated something, in the order of their names.
    """
    pairs: dict[str, list[tuple[str, str]]] = {}
    for case, some in logged.items():
        own = _by(some)
        both = [one.decision for name in (first, second) for one in own.get(name, ())]
        ours, theirs = (
            ratings(case, [o.decision for o in own.get(name, ())], both) for name in (first, second)
        )
        for unit in ours.keys() & theirs.keys():
            pairs.setdefault(unit[1], []).append((ours[unit], theirs[unit]))
    return [_agreement(name, pairs[name], level) for name in sorted(pairs)]


def _agreement(name: str, pairs: Sequence[tuple[str, str]], level: float) -> Agreement:
    value, error = kappa(pairs)
    low = high = None
    if value is not None and error is not None and error > _ZERO:
        reach = NormalDist().inv_cdf((1 + level) / 2) * error
        low, high = max(-1.0, value - reach), min(1.0, value + reach)
    return Agreement(name, len(pairs), sum(a == b for a, b in pairs), value, low, high)


def kappa(pairs: Sequence[tuple[str, str]]) -> tuple[float | None, float | None]:
    """Cohen's kappa of two ratings each, with its large-sample standard error.

    Args:
        pairs: What the first and the second reviewer said of each thing.

    Returns:
        Kappa and its standard error; `None` where both gave one and the same rating throughout, or nothing is given.

    Source:
        Cohen 1960, Educ Psychol Meas 20:37-46, doi:10.1177/001316446002000104; the standard error: Fleiss, Cohen and
        Everitt 1969, Psychol Bull 72:323-327, doi:10.1037/h0028106.

    Example:
        >>> pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
        >>> value, error = kappa(pairs)
        >>> round(value, 12), round(error**2, 12)
        (0.4, 0.016128)
    """
    n = len(pairs)
    if not n:
        return None, None
    cells = {cell: count / n for cell, count in sorted(Counter(pairs).items())}
    ours, theirs = (_margin(cells, place) for place in (0, 1))
    expected = sum(share * theirs.get(name, 0.0) for name, share in ours.items())
    observed = sum(share for (a, b), share in cells.items() if a == b)
    if math.isclose(expected, 1.0):
        return None, None
    value = (observed - expected) / (1 - expected)
    rest = 1 - value
    spread = -((value - expected * rest) ** 2)
    for (a, b), share in cells.items():
        margins = theirs.get(a, 0.0) + ours.get(b, 0.0)
        spread += share * ((1 - margins * rest) ** 2 if a == b else (margins * rest) ** 2)
    return value, math.sqrt(max(0.0, spread) / n) / (1 - expected)


def _margin(cells: Mapping[tuple[str, str], float], place: int) -> dict[str, float]:
    out: dict[str, float] = {}
    for pair, share in cells.items():
        out[pair[place]] = out.get(pair[place], 0.0) + share
    return out
