"""What a reader of one field hands over: a value and the words it stands on, in a block's copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from spondyl.extract.document import Block
from spondyl.extract.patients import Patient
from spondyl.record import Certainty, Claim, Quote, Value

__all__ = ["Findings", "Found", "Reader", "claim", "place"]

LONGEST_QUOTE = 380


class Found(NamedTuple):
    """One value of one field of one patient.

    Args:
        field, value: As in the annotation vocabulary.
        block, start, end: The words that state the value, in the block's reading copy.
        more: Further words (block, start, end) that support it.
        certainty: "stated", "derived" or "doubtful".
        derivation: The rule of a derived value.
    """

    field: str
    value: Value
    block: Block
    start: int
    end: int
    more: tuple[tuple[Block, int, int], ...] = ()
    certainty: Certainty = "stated"
    derivation: str | None = None


Findings = dict[str, list[Found]]
"""Field → what was found so far, for readers that build on others."""

Reader = Callable[[Patient, Findings], Iterable[Found]]
"""A reader of one or a few fields."""


def place(found: Found) -> tuple[Block, int, int]:
    """The words of a finding, as support for another."""
    return found.block, found.start, found.end


def _quote(block: Block, start: int, end: int) -> Quote:
    a, b = block.view.origin(start, end)
    return block.paper.quote(a, min(b, a + LONGEST_QUOTE))


def claim(found: Found, method: str = "rules") -> Claim:
    """The claim that a finding makes."""
    quotes = [_quote(found.block, found.start, found.end)]
    quotes += [_quote(block, start, end) for block, start, end in found.more]
    return Claim(
        field=found.field,
        value=found.value,
        quotes=tuple(quotes),
        method=method,
        certainty=found.certainty,
        derivation=found.derivation,
    )
