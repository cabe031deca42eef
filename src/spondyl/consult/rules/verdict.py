"""What a condition comes to: true, false or unknown, what that rests on, and what would decide it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spondyl.present.consultation import Basis

__all__ = ["FALSE", "TRUE", "UNKNOWN", "Verdict", "all_of", "any_of", "negated"]


@dataclass(frozen=True)
class Verdict:
    """True, false or unknown, with its reasons.

    Args:
        truth: True or False where the record decides it, None where it is not known.
        bases: The words and values that it rests on; of an unknown one, what is known of its parts.
        missing: What would decide an unknown one: "field", "field.value", "ihc.marker" or "sheet.item".
        clash: Fields whose values contradict each other, so that nothing is decided.
    """

    truth: bool | None
    bases: tuple[Basis, ...] = ()
    missing: tuple[str, ...] = ()
    clash: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The verdict as it stands in JSON."""
        return {
            "truth": self.truth, "basis": [b.as_dict() for b in self.bases],
            "missing": list(self.missing), "clash": list(self.clash),
        }  # fmt: skip


TRUE, FALSE, UNKNOWN = Verdict(True), Verdict(False), Verdict(None)


def all_of(parts: Iterable[Verdict]) -> Verdict:
    """True where all are, false where one is, else unknown.

    Example:
        >>> all_of([TRUE, UNKNOWN]).truth, all_of([FALSE, UNKNOWN]).truth
        (None, False)
    """
    return _joined(tuple(parts), False)


def any_of(parts: Iterable[Verdict]) -> Verdict:
    """True where one is, false where all are, else unknown.

    Example:
        >>> any_of([TRUE, UNKNOWN]).truth, any_of([FALSE, UNKNOWN]).truth
        (True, None)
    """
    return _joined(tuple(parts), True)


def negated(part: Verdict) -> Verdict:
    """The contrary; what is unknown stays unknown.

    Example:
        >>> negated(TRUE).truth, negated(UNKNOWN).truth
        (False, None)
    """
    truth = None if part.truth is None else not part.truth
    return Verdict(truth, part.bases, part.missing, part.clash)


def _joined(parts: tuple[Verdict, ...], decides: bool) -> Verdict:
    """Kleene's strong logic: one part with the deciding value decides, and only such parts are reasons then."""
    if deciding := [p for p in parts if p.truth is decides]:
        return Verdict(decides, _flat(p.bases for p in deciding))
    known = _flat(p.bases for p in parts)
    if all(p.truth is not None for p in parts):
        return Verdict(not decides, known)
    open_ = [p for p in parts if p.truth is None]
    return Verdict(None, known, _flat(p.missing for p in open_), _flat(p.clash for p in open_))


def _flat(many: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(one for some in many for one in some))
