"""Conditions in words."""

from __future__ import annotations

from collections.abc import Sequence

from spondyl.consult.rules.conditions import (
    Always,
    Condition,
    Has,
    Joined,
    Known,
    Negated,
    Number,
    Reached,
    Stain,
)
from spondyl.consult.rules.fields import field_of, markers

__all__ = ["worded"]

_HOW = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most"}


def worded(condition: Condition) -> str:
    """A condition as a reader understands it.

    Example:
        >>> from spondyl.consult.rules.conditions import parse
        >>> worded(parse({"all": [{"field": "compartment", "is": "intramedullary"},
        ...                       {"not": {"marker": "desmin", "is": "+"}}]}))
        'compartment of the lesion is intramedullary and not (desmin is positive)'
        >>> worded(parse({"score": "sins", "at_least": 7}))
        'the score sins is at least 7'
    """
    match condition:
        case Always():
            return "every patient"
        case Has(field=name, values=values):
            known = field_of(name)
            if known.kind in ("finding", "open"):
                return f"{known.label} include {_listed([known.said(v) for v in values])}"
            return f"{known.label} is {_listed(values)}"
        case Known(field=name):
            return f"{field_of(name).label} is known"
        case Number(field=name, how=how, bound=bound):
            return f"{field_of(name).label} is {_HOW[how]} {bound:g}"
        case Stain(marker=name, sign=sign):
            return f"{markers()[name].label} is {'positive' if sign == '+' else 'negative'}"
        case Reached(sheet=sheet, bands=bands, how=None):
            return f"the score {sheet} is {_listed(bands)}"
        case Reached(sheet=sheet, how=how, bound=bound):
            return f"the score {sheet} is {_HOW[how or 'above']} {bound:g}"
        case Negated(part=part):
            return f"not ({worded(part)})"
        case Joined(how=how, parts=parts):
            return _joined(how, parts)


def _joined(how: str, parts: Sequence[Condition]) -> str:
    said = [f"({worded(p)})" if isinstance(p, Joined) and p.how != how else worded(p) for p in parts]
    return (" and " if how == "all" else " or ").join(said)


def _listed(values: Sequence[str]) -> str:
    words = [v.replace("_", " ") for v in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
