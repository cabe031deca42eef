"""Which claims hold: what was read, and over it what a reviewer decided. No database in here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from spondyl.record import LIST_FIELDS, Claim, Decision, Quote, Value

__all__ = ["Difference", "Held", "Ruling", "differences", "rulings", "settle"]

Origin = Literal["chosen", "other", "review"]
Standing = Literal["chosen", "other"]


@dataclass(frozen=True)
class Held:
    """A claim as the registry keeps it.

    Args:
        claim: The claim.
        origin: "chosen" or "other" as it was read, or "review" where a reviewer gave the value.
        latest: Whether the newest extraction reads it.
        standing: Whether it holds after all decisions.
    """

    claim: Claim
    origin: Origin = "chosen"
    latest: bool = True
    standing: Standing = "chosen"


@dataclass(frozen=True)
class Difference:
    """A decision that a newer extraction disagrees with."""

    field: str
    decided: tuple[Value, ...]
    reads: tuple[Value, ...]
    why: str


@dataclass
class Ruling:
    """What the decisions on one field come to: values kept, values rejected, or confirmed as not stated."""

    kept: dict[Value, Decision] = field(default_factory=dict)
    rejected: set[Value] = field(default_factory=set)
    silent: bool = False

    def take(self, decision: Decision) -> None:
        """One decision more."""
        if decision.verdict == "note":
            return
        self.silent = decision.verdict == "not stated"
        if self.silent:
            self.kept.clear()
        if decision.verdict == "reject" and decision.value is not None:
            self.rejected.add(decision.value)
            self.kept.pop(decision.value, None)
        value = decision.corrected if decision.verdict == "correct" else decision.value
        if decision.verdict in ("accept", "correct") and value is not None:
            self._keep(value, decision)

    def _keep(self, value: Value, decision: Decision) -> None:
        if decision.field not in LIST_FIELDS:
            self.kept.clear()
        if decision.value is not None and decision.value != value:
            self.rejected.add(decision.value)
            self.kept.pop(decision.value, None)
        self.rejected.discard(value)
        self.kept[value] = decision

    def chooses(self, held: Held) -> bool:
        """Whether a claim that was read holds."""
        claim = held.claim
        if self.silent or claim.value in self.rejected:
            return False
        if claim.value in self.kept:
            return True
        ruled = bool(self.kept) and claim.field not in LIST_FIELDS
        return held.latest and held.origin == "chosen" and not ruled


def settle(held: Iterable[Held], decisions: Sequence[Decision]) -> list[Held]:
    """The claims of a case with their standing after the decisions on it.

    Args:
        held: All claims of the case; those that stem from an earlier settling are made anew.
        decisions: All decisions on the case, in the order they were taken; a later one holds.

    Returns:
        The same claims, and one more for every value that only a reviewer gave.

    Example:
        >>> age = Held(Claim(field="age_years", value=46, quotes=()))
        >>> right = Decision(paper="p", case=1, field="age_years", value=46, verdict="correct", corrected=49)
        >>> [(h.claim.value, h.standing) for h in settle([age], [right])]
        [(46, 'other'), (49, 'chosen')]
    """
    read = [h for h in held if h.origin != "review"]
    ruled = rulings(decisions)
    out = [replace(h, standing=_standing(h, ruled.get(h.claim.field))) for h in read]
    for name, one in ruled.items():
        there = {h.claim.value for h in out if h.claim.field == name}
        out += [_given(v, d, read) for v, d in one.kept.items() if v not in there]
    return out


def rulings(decisions: Sequence[Decision]) -> dict[str, Ruling]:
    """What decisions come to, field by field."""
    out: dict[str, Ruling] = {}
    for decision in decisions:
        out.setdefault(decision.field, Ruling()).take(decision)
    return out


def _standing(held: Held, ruled: Ruling | None) -> Standing:
    if ruled is None:
        return "chosen" if held.latest and held.origin == "chosen" else "other"
    return "chosen" if ruled.chooses(held) else "other"


def _given(value: Value, decision: Decision, read: Sequence[Held]) -> Held:
    """A value only a reviewer gave, on the words of the claim it corrects."""
    who = f" by {decision.by}" if decision.by else ""
    origin = f" from {decision.value}" if decision.value is not None else ""
    claim = Claim(
        field=decision.field, value=value, quotes=_words(decision, read), method="review",
        derivation=f"{'corrected' if origin else 'given'}{who}{origin}",
    )  # fmt: skip
    return Held(claim, "review")


def _words(decision: Decision, read: Sequence[Held]) -> tuple[Quote, ...]:
    same = (h.claim for h in read if h.claim.field == decision.field and h.claim.value == decision.value)
    return next((c.quotes for c in same), ())


def differences(
    before: Sequence[Held], after: Sequence[Held], decisions: Sequence[Decision]
) -> list[Difference]:
    """Where a newer extraction disagrees with what was decided, and did not before.

    Args:
        before: The claims of the case as they stood.
        after: The claims with the newer extraction among them, settled.
        decisions: All decisions on the case.
    """
    out = []
    for name, ruled in rulings(decisions).items():
        old, new = _reads(before, name), _reads(after, name)
        fresh = tuple(v for v in new if v not in old)
        known = ruled.rejected | ruled.kept.keys()
        if ruled.silent and fresh:
            out.append(Difference(name, (), fresh, "confirmed as not stated; the reader now finds a value"))
        elif ruled.kept and name not in LIST_FIELDS and (other := tuple(v for v in fresh if v not in known)):
            out.append(Difference(name, tuple(ruled.kept), other, "the reader now finds another value"))
        elif lost := tuple(v for v in ruled.kept if v in old and v not in new):
            out.append(Difference(name, lost, new, "the reader no longer finds the decided value"))
    return out


def _reads(held: Sequence[Held], name: str) -> tuple[Value, ...]:
    """What the newest extraction chose for a field."""
    found = (h.claim.value for h in held if h.claim.field == name and h.latest and h.origin == "chosen")
    return tuple(dict.fromkeys(found))
