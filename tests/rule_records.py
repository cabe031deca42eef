"""Invented records that make a condition true or false, made from the condition itself."""

from __future__ import annotations

from typing import Any

from spondyl.consult.patient import Person
from spondyl.consult.rules.conditions import Condition, Has, Joined, Known, Negated, Number, Reached, Stain
from spondyl.consult.rules.fields import field_of
from spondyl.record import Case, Claim

Record = dict[str, list[Any]]
SINS = {
    "unstable": ("junctional", "mechanical", "lytic", "subluxation", "gt50", "bilateral"),
    "indeterminate": ("junctional", "mechanical", "lytic", "normal", "none", "none"),
    "stable": ("rigid", "none", "blastic", "normal", "none", "none"),
}
ITEMS = ("location", "pain", "bone", "alignment", "collapse", "posterolateral")
NOMS = {
    "cEBRT": ("1a", "yes", "yes"), "SRS": ("1a", "no", "yes"), "separation_then_SRS": ("3", "no", "yes"),
}  # fmt: skip
STEP = {"above": 1, "at_least": 0, "below": -1, "at_most": 0}
BACK = {"above": 0, "at_least": -1, "below": 0, "at_most": 1}


def person(given: dict[str, Any]) -> Person:
    """A patient from fields; "sins.alignment" answers an item."""
    each = ((f, v) for f, vs in given.items() for v in (vs if isinstance(vs, list) else [vs]))
    claims = tuple(Claim(field=f, value=v, quotes=()) for f, v in each)
    return Person(Case(case=1, label="invented", claims=claims))


def records(condition: Condition, wanted: bool) -> list[Record]:
    """Records of which at least one should give the wanted truth; none where the condition cannot take it."""
    match condition:
        case Negated(part=part):
            return records(part, not wanted)
        case Joined(how=how, parts=parts):
            if (how == "all") is wanted:
                return _together([records(p, wanted) for p in parts])
            return [r for p in parts for r in records(p, wanted)]
        case Has():
            return _has(condition, wanted)
        case Known(field=name):
            return [{name: [_some(name)]}] if wanted else [{}]
        case Number(field=name, how=how, bound=bound):
            return [{name: [bound + (STEP if wanted else BACK)[how]]}]
        case Stain(marker=marker, sign=sign):
            other = "-" if sign == "+" else "+"
            return [{"ihc": [marker + (sign if wanted else other)]}]
        case Reached():
            return _reached(condition, wanted)
    return [{}] if wanted else []


def _together(choices: list[list[Record]]) -> list[Record]:
    """Every way to take one record of each, as far as there are few."""
    out: list[Record] = [{}]
    for some in choices:
        out = [_merged(one, other) for one in out for other in some][:4000]
    return out


def _merged(one: Record, other: Record) -> Record:
    return {k: list(dict.fromkeys([*one.get(k, []), *other.get(k, [])])) for k in {**one, **other}}


def _some(name: str) -> Any:
    known = field_of(name)
    return 5 if known.kind == "number" else (known.values or ["something"])[0]


def _has(condition: Has, wanted: bool) -> list[Record]:
    known = field_of(condition.field)
    if wanted:
        return [{condition.field: [v]} for v in condition.values]
    if known.kind == "finding":
        return [{"denied": list(condition.values)}]
    if known.kind == "open":
        return []
    others = [v for v in known.values if v not in condition.values]
    if condition.field == "diagnosis":
        others = ["lymphoma", "breast carcinoma", "schwannoma", "leiomyosarcoma", "meningioma"]
    return [{condition.field: [v]} for v in others or ["something else"]]


def _reached(condition: Reached, wanted: bool) -> list[Record]:
    if condition.sheet == "sins":
        names = SINS if condition.how else {b: SINS[b] for b in SINS if (b in condition.bands) is wanted}
        return [{f"sins.{i}": [a] for i, a in zip(ITEMS, answers, strict=True)} for answers in names.values()]
    if condition.sheet == "noms":
        names = {b: NOMS[b] for b in NOMS if (b in condition.bands) is wanted}
        items = ("escc", "radiosensitive", "tolerates_surgery")
        fixed = {"noms.sins_unstable": ["no"]}
        return [{f"noms.{i}": [a] for i, a in zip(items, v, strict=True)} | fixed for v in names.values()]
    grades = [g for g in ("0", "1a", "1b", "1c", "2", "3") if (g in condition.bands) is wanted]
    return [{"escc": [g]} for g in grades] if condition.sheet == "escc_bilsky" else [{}]
