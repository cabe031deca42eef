"""What came out of a file of another format, ready for the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spondyl.record import Case, Paper, ReadError, Reading
from spondyl.registry.exchange.claims import version_name
from spondyl.registry.importing import Refused, Table

__all__ = ["Bundle", "RefusedValue", "Unsupported", "bundled"]


@dataclass(frozen=True)
class Unsupported:
    """An entry of a file that is not taken over, and why."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name} is not taken over: {self.why}"


@dataclass(frozen=True)
class RefusedValue(Refused):
    """A value that cannot be one of its field: the entry it stands in, the field, and why."""

    name: str = ""

    def __str__(self) -> str:
        return f"{self.name}, {self.column}: {self.why}"


@dataclass(frozen=True)
class Bundle(Table):
    """What a file comes to, with the entries that no field of a case holds."""

    unsupported: tuple[Unsupported, ...] = ()


def bundled(
    own: Paper,
    papers: Mapping[str, Paper],
    cases: Iterable[tuple[Paper, Case]],
    refused: Sequence[Refused],
    unsupported: Sequence[Unsupported],
) -> Bundle:
    """Cases by the paper they belong to, the file itself, and its text, if any words stand in it.

    The text is kept under the name of this version: a newer file of the same name leaves older words where they are.

    Args:
        own: The file, as a paper.
        papers: The papers it describes.
        cases: Each with its paper.
        refused: Values that are none of their field.
        unsupported: Entries that are not taken over.

    Raises:
        ReadError: Two cases of a paper have one number.
    """
    words = own.model_copy(update={"id": version_name(own.id, own.sha256), "sha256": ""})
    known: dict[str, Paper] = {own.id: own.model_copy(update={"text": ""})}
    held: dict[str, dict[int, Case]] = {own.id: {}}
    for paper, case in cases:
        known.setdefault(paper.id, papers.get(paper.id, paper))
        if case.case in held.setdefault(paper.id, {}):
            what = f"two cases of the number {case.case}"
            raise ReadError(what, own.source, "export it again, or take one of them out")
        held[paper.id][case.case] = case
    if _stands_on(words.id, held):
        known[words.id], held[words.id] = words, {}
    pairs = tuple((known[name], Reading(cases=tuple(some.values()))) for name, some in held.items())
    return Bundle(own.sha256, own.id, pairs, tuple(refused), tuple(unsupported))


def _stands_on(paper: str, held: Mapping[str, Mapping[int, Case]]) -> bool:
    return any(
        quote.paper == paper
        for cases in held.values()
        for case in cases.values()
        for claim in (*case.claims, *case.others)
        for quote in claim.quotes
    )
