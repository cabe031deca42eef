"""The same quantity of the same group said twice: abstract, text, tables, discussion.

Sees: medians, means, survival rates, counts and ratios that the abstract, the text, a table or the discussion give
with different numbers for the same group; two numbers of a ratio or rate repeated and the third changed.
Cannot see: repetitions in other words. Where the other place also holds the same number for a quantity of like
name, the two are taken for different quantities and nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from spondyl.audit.document import Document
from spondyl.audit.kin import IDLE, endpoint
from spondyl.audit.rounding import apart
from spondyl.record import Finding, Statement

__all__ = ["check"]

_VALUES = frozenset({"median", "mean", "survival_rate"})
_RATIOS = frozenset({"hazard_ratio", "odds_ratio", "relative_risk"})
_COMPARED = _VALUES | _RATIOS | {"count", "share"}
_WORD = re.compile(r"[a-z][a-z-]+")
_IDLE = IDLE - frozenset(["after", "both", "not", "those"]) | frozenset(["os", "present", "survival", "used"])
_WHEN = re.compile(
    r"\b(?:pre|post)\w+|\bbefore\b|\bafter\b|\bbaseline\b|\bfollow-up\b|\blast\b|\bfinal\b|"
    r"\binitial\b|\bfirst\b|"
    r"\bday \d+|\b(?:at|after|within|by) (?:\d+|one|two|three|six|twelve) (?:day|week|month|year)s?\b|"
    r"(?<![.\d])\d+-(?:day|week|month|year)\b|\bsince\b|\bfrom\b"
)
_OF_ALL = re.compile(r"\b(?:of|in) (?:all|the|these|our) (?:the )?\d+ [a-z]+\b")
_NOT = re.compile(r"\b(?:no|not|without|none|never|non)\b")
_SEXES = frozenset({"women", "men", "female", "male", "females", "males"})


def check(doc: Document) -> Iterator[Finding]:
    """One quantity with different numbers in different places.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `abstract_conflict` where one place is the abstract, else `value_conflict`.
    """
    said = [(s, _place(doc, s)) for s in doc.own if s.printed or s.quantity == "count"]
    yield from _without(said)
    told: set[tuple[str, ...]] = set()
    pairs = (pair for alike in _by_quantity(said) for pair in _pairs_of(alike))
    for (a, here), (b, there) in pairs:
        if here == there or not _differ(a, b) or not _same(a, b):
            continue
        if _elsewhere(a, there, said) or _elsewhere(b, here, said):
            continue
        key = (a.quantity, *sorted((_shown(a), _shown(b))))
        if key not in told:
            told.add(key)
            yield _conflict(a, b, "abstract" in (here, there))


def _without(said: list[tuple[Statement, str]]) -> Iterator[Finding]:
    """Those without something and those with it, who together cannot be more than their group."""
    counts = [s for s, _ in said if s.quantity == "count" and s.n and s.denominator]
    lacking = [s for s in counts if ("without" in s.of or "free" in s.of) and _LACKING.search(s.of.lower())]
    for a in lacking:
        against: list[Statement] = []
        for b in counts:
            if (
                a.denominator is None
                or b.denominator != a.denominator
                or _NOT.search(b.of.lower())
                or (a.n or 0) + (b.n or 0) <= a.denominator
            ):
                continue
            bare = _topic(a) - _LACK
            if not bare or not bare <= _topic(b) or len(_topic(b) - bare) > 2 or _when(a) != _when(b):
                continue
            against.append(b)
        if against:
            most = max(b.n or 0 for b in against)
            yield Finding(
                kind="value_conflict", severity="error",
                message=f"{a.n} without and {most} with it are more than the group of {a.denominator}.",
                computed=f"{a.n} + {most} = {(a.n or 0) + most} > {a.denominator}",
                quotes=(a.quotes[0], *(b.quotes[0] for b in against[:4])),
            )  # fmt: skip


_LACKING = re.compile(r"^(?:were |remained |was )?(?:without|free (?:of|from))\b")
_LACK = frozenset({"without", "free", "remained", "any", "local", "evidence", "sign"})


def _by_quantity(said: list[tuple[Statement, str]]) -> Iterator[list[tuple[Statement, str]]]:
    """Statements that may be of one quantity."""
    groups: dict[tuple[str, float | None, int | None], list[tuple[Statement, str]]] = {}
    for s, place in said:
        if s.quantity in _COMPARED:
            whole = s.denominator if s.quantity == "count" else None
            groups.setdefault((s.quantity, s.months, whole), []).append((s, place))
    yield from groups.values()


def _pairs_of(
    alike: list[tuple[Statement, str]],
) -> Iterator[tuple[tuple[Statement, str], tuple[Statement, str]]]:
    """The pairs of statements that could measure the same; counts do where their names share a word."""
    if alike[0][0].quantity != "count":
        yield from combinations(alike, 2)
        return
    topics = [_topic(s) for s, _ in alike]
    for k, one in enumerate(topics):
        for j in range(k + 1, len(topics)):
            if not one.isdisjoint(topics[j]):
                yield alike[k], alike[j]


def _place(doc: Document, s: Statement) -> str:
    at = s.quotes[0].start
    if doc.table_at(at) is not None:
        return "table"
    kind = doc.section(at)
    return (
        "abstract"
        if kind in ("abstract", "title") or at < doc.body
        else "discussion"
        if kind in ("discussion", "conclusion")
        else "text"
    )


def _same(a: Statement, b: Statement) -> bool:
    """Whether two statements measure the same thing of the same group."""
    if a.quantity in _RATIOS:
        return _shared(a, b) == 2 and bool(_topic(a) & _topic(b))
    if a.quantity == "survival_rate" or (a.quantity == "share" and a.months):
        ends = endpoint(a.of), endpoint(b.of)
        if a.quantity == "share":
            same = len(_topic(a) & _topic(b)) >= 2 and (_topic(a) <= _topic(b) or _topic(b) <= _topic(a))
            return same and a.months == b.months and _group(a, b)
        same = a.months == b.months and ends[0] == ends[1] != ""
        return same and (_group(a, b) or _shared(a, b) == 2)
    if not _group(a, b):
        return False
    if a.quantity == "count":
        return _counted_alike(a, b)
    if a.quantity not in _VALUES or (a.unit and b.unit and a.unit != b.unit):
        return False
    if endpoint(a.of) or endpoint(b.of):
        return endpoint(a.of) == endpoint(b.of) and _when(a) == _when(b)
    return _topic(a) == _topic(b) != frozenset() and _when(a) == _when(b)


def _group(a: Statement, b: Statement) -> bool:
    """Whether two statements are of one group: of the same number, or of the same words."""
    sizes = [s.denominator if s.quantity == "count" else s.n for s in (a, b)]
    if bool(a.group) != bool(b.group):
        return False
    if sizes[0] and sizes[1]:
        return sizes[0] == sizes[1]
    if a.quantity == "count":
        return False
    return bool(a.group) and a.group.lower() == b.group.lower()


def _topic(s: Statement) -> frozenset[str]:
    return _topic_of(s.of)


@lru_cache(maxsize=4096)
def _topic_of(label: str) -> frozenset[str]:
    of = _OF_ALL.sub("", label.lower().split(": ")[-1])
    words = _WORD.findall(of)
    return frozenset(w if w in _SEXES else w.rstrip("s") for w in words if w not in _IDLE)


def _when(s: Statement) -> frozenset[str]:
    words = f"{s.of} {s.quotes[0].text}".lower().replace("–", "-")
    return frozenset(" ".join(w.split()).rstrip("s") for w in _WHEN.findall(" ".join(words.split())))


def _counted_alike(a: Statement, b: Statement) -> bool:
    one, two = _topic(a), _topic(b)
    if bool(_NOT.search(a.of.lower())) != bool(_NOT.search(b.of.lower())):
        return False
    if len(one) == 1 and one == two:
        return one <= _SEXES and all(
            re.search(r"\b(?:fe)?males?\b|\b(?:wo)?men\b", s.quotes[0].text.lower()) for s in (a, b)
        )
    return (
        len(one & two) >= 2
        and len(one ^ two) <= (1 if len(one & two) > 2 else 0)
        and not (one ^ two) & _SEXES
    )


def _shared(a: Statement, b: Statement) -> int:
    """How many of the three numbers of a ratio or rate with interval are printed alike."""
    if not (a.printed_low and b.printed_low):
        return 0
    pairs = ((a.printed, b.printed), (a.printed_low, b.printed_low), (a.printed_high, b.printed_high))
    return sum(x == y for x, y in pairs)


def _differ(a: Statement, b: Statement) -> bool:
    if a.quantity == "count":
        return a.n != b.n
    if a.quantity in _RATIOS or _shared(a, b) == 2:
        return any(x and y and apart(x, y) for x, y in _pairs(a, b))
    return bool(a.printed and b.printed) and apart(a.printed or "", b.printed or "")


def _pairs(a: Statement, b: Statement) -> tuple[tuple[str | None, str | None], ...]:
    return (a.printed, b.printed), (a.printed_low, b.printed_low), (a.printed_high, b.printed_high)


def _elsewhere(a: Statement, place: str, said: list[tuple[Statement, str]]) -> bool:
    """Whether a place gives the same number for a quantity of like name."""
    for s, where in said:
        if where != place or s is a or s.quantity != a.quantity or _differ(a, s):
            continue
        like = endpoint(a.of) == endpoint(s.of) != "" or bool(_topic(a) & _topic(s))
        if like and (a.months is None or a.months == s.months):
            return True
    return False


def _shown(s: Statement) -> str:
    share = f" ({s.printed}%)" if s.printed and s.quantity == "count" else ""
    if s.quantity == "count":
        return f"{s.n}{share}"
    bounds = f" ({s.printed_low}–{s.printed_high})" if s.printed_low and s.printed_high else ""
    unit = " %" if s.unit == "percent" else f" {s.unit}" if s.unit else ""
    return f"{s.printed}{unit}{bounds}"


def _conflict(a: Statement, b: Statement, abstract: bool) -> Finding:
    name = a.quantity.replace("_", " ")
    first, second = sorted((a, b), key=lambda s: s.quotes[0].start)
    return Finding(
        kind="abstract_conflict" if abstract else "value_conflict", severity="error",
        message=f"The same {name} is given as {_shown(first)} in one place and as {_shown(second)} in another.",
        computed=f"{_shown(first)} and {_shown(second)} cannot both be right",
        quotes=(first.quotes[0], second.quotes[0]),
    )  # fmt: skip
