"""Claims on their way through a file: with their words where the file carries them, else with their place in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from spondyl.record import Case, Certainty, Claim, Kind, Paper, Quote, Value
from spondyl.registry.exchange.jsontext import Key, Text, locate, parsed
from spondyl.registry.exchange.spoken import same

__all__ = [
    "Found", "Placed", "Quoting", "Source", "about_of", "case_of", "own_name", "packed", "paper_of", "plain_text",
    "settled", "tame", "unpacked",
]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A value that a file holds.

    Args:
        field: The field it belongs to.
        value: The value.
        way: Where it stands in the file.
        implied: It follows from what kind of entry this is; an entry that carries its claims says so itself.
        doubt: Why it may not be what the field means; empty where it is.
        more: Where the words stand that say what the value is of.
    """

    field: str
    value: Value
    way: Key
    implied: bool = False
    doubt: str = ""
    more: tuple[Key, ...] = ()


class Placed(NamedTuple):
    """A claim with its number in the case it came from; the last for what has none."""

    position: int
    claim: Claim


class Quoting(Protocol):
    """Something whose places are words."""

    def quote(self, way: Key) -> Quote:
        """The words at a place."""


class Source(NamedTuple):
    """A file, the id of the paper that stands for it in the registry, and where the entry begins that is read."""

    text: Text
    paper: str
    start: int

    @property
    def words(self) -> str:
        """The paper the words stand in: this very version of the file."""
        return version_name(self.paper, self.text.sha256)

    def quote(self, way: Key) -> Quote:
        """The words at a place of the entry."""
        start, end = locate(self.text.text, way, self.start)
        return Quote(paper=self.words, start=start, end=end, text=self.text.text[start:end])

    def at(self, start: int) -> Source:
        """The same file, at an entry that begins there."""
        return self._replace(start=start)

    def as_paper(self) -> Paper:
        """The file as a paper of the registry: its canonical text is the file itself."""
        return Paper(id=self.paper, source=self.text.path.name, text=self.text.text, sha256=self.text.sha256)


def version_name(paper: str, sha256: str) -> str:
    """What the registry calls one version of a file; a newer one does not take the words from under older claims.

    Example:
        >>> version_name("import:ward", "0123456789abcdef")
        'import:ward@0123456789ab'
    """
    return f"{paper}@{sha256[:12]}"


_LAST = 1_000_000_000
_FARTHEST = 2**31
_HIGHEST = 2**53  # what every JSON reader holds
_PARTS = ("start", "end", "text")


def packed(claim: Claim, position: int, paper: str) -> str:
    """A claim as one line of JSON, for the element of a format that takes remarks.

    Args:
        claim: The claim.
        position: Its number in the case.
        paper: The case's paper; a quote names its paper only where it is another.

    Example:
        >>> packed(Claim(field="levels", value="C5", quotes=()), 2, "p1")
        '{"position":2,"field":"levels","value":"C5","quotes":[],"method":"rules","certainty":"stated"}'
    """
    quotes = [
        {k: getattr(q, k) for k in _PARTS} | ({} if q.paper == paper else {"paper": q.paper})
        for q in claim.quotes
    ]
    plain: dict[str, Any] = {
        "position": position,
        "field": claim.field,
        "value": claim.value,
        "quotes": quotes,
    }
    plain |= {"method": claim.method, "certainty": claim.certainty}
    if claim.derivation is not None:
        plain["derivation"] = claim.derivation
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def unpacked(line: str, paper: str) -> Placed | None:
    """A claim from its line; `None` where it is none."""
    try:
        plain = parsed(line)
        quotes = tuple(Quote(**{"paper": paper, **quote}) for quote in plain["quotes"])
        if any(len(q.text) != q.end - q.start or not 0 <= q.start < _FARTHEST for q in quotes):
            return None
        value = plain["value"]
        if isinstance(value, bool) or not isinstance(value, int | float | str) or not plain["field"]:
            return None
        claim = Claim(
            field=plain["field"], value=value, quotes=quotes, method=plain["method"],
            certainty=plain["certainty"], derivation=plain.get("derivation"),
        )  # fmt: skip
        raw = (claim.field, claim.method, claim.derivation or "", *(q.paper for q in quotes))
        return Placed(min(int(plain["position"]), _LAST), claim) if all(map(plain_text, raw)) else None
    except (ValueError, TypeError, LookupError, ValidationError):
        return None


def own_name(path: Path, sha256: str, told: Collection[str]) -> str:
    """What the registry calls a file: another name than any paper it tells of.

    Args:
        path: The file.
        sha256: Of its bytes.
        told: The papers it tells of.

    Example:
        >>> own_name(Path("a.json"), "0123456789", []), own_name(Path("a.json"), "0123456789", ["import:a"])
        ('import:a', 'import:a-01234567')
    """
    name = f"import:{path.stem}"
    return f"{name}-{sha256[:8]}" if name in told else name


def plain_text(text: str) -> bool:
    """Whether a database can hold a text as it is: no NUL, and no half of a character."""
    return "\0" not in text and not any(0xD800 <= ord(c) < 0xE000 for c in text)


def tame(text: str) -> str:
    """A name from a file as a database can hold it."""
    return text if plain_text(text) else "".join(c if plain_text(c) else "?" for c in text)


def paper_of(line: str) -> Paper | None:
    """A paper from its line; `None` where it is none."""
    try:
        paper = Paper(**{"source": "", **parsed(line), "text": ""})
    except (ValueError, TypeError, ValidationError):
        return None
    return paper if paper.id and "\\u0000" not in paper.model_dump_json() else None


def about_of(line: str) -> dict[str, Any]:
    """Which case of which paper a file tells of, from its line; empty where it says none."""
    try:
        about = parsed(line)
        case = Case(
            case=about["case"], label=about["label"], kind=about["kind"], reported_by=about.get("reported_by")
        )
        names = (about["paper"], case.label, case.reported_by or "")
    except (ValueError, TypeError, LookupError, ValidationError):
        return {}
    fine = isinstance(names[0], str) and names[0] and all(map(plain_text, names))
    return dict(about) | {"case": case.case} if fine and 0 < case.case < _HIGHEST else {}


def settled(
    found: Sequence[Found], carried: Sequence[Placed], source: Quoting, entry: str
) -> tuple[list[Placed], list[Claim]]:
    """The claims of one entry of a file.

    Args:
        found: What stands in its elements.
        carried: The claims with their words that it carries.
        source: The file.
        entry: How the entry is called.

    Returns:
        Claims that hold: as carried where the elements still say so, else on the words of the file. And those
        carried claims that the elements no longer say: somebody changed the file since.
    """
    said = {(f.field, same(f.value)) for f in found}
    hold = [one for one in carried if (one.claim.field, same(one.claim.value)) in said]
    known = {(one.claim.field, same(one.claim.value)) for one in hold}
    fresh = [
        Placed(_LAST, _claim(f, source, entry))
        for f in dict.fromkeys(found)
        if (f.field, same(f.value)) not in known and not (f.implied and carried)
    ]
    return [*hold, *fresh], [one.claim for one in carried if one not in hold]


def _claim(found: Found, source: Quoting, entry: str) -> Claim:
    place = "".join(f".{key}" if isinstance(key, str) else f"[{key}]" for key in found.way)
    why = f"{tame(entry)}{place}" + (f"; {found.doubt}" if found.doubt else "")
    quotes = tuple(source.quote(way) for way in (found.way, *found.more))
    certainty: Certainty = "doubtful" if found.doubt else "derived" if found.implied else "stated"
    return Claim(
        field=found.field, value=found.value, quotes=quotes, method="registry",
        certainty=certainty, derivation=why,
    )  # fmt: skip


def case_of(number: int, about: Mapping[str, Any], placed: Iterable[Placed], others: Iterable[Claim]) -> Case:
    """A case from what was gathered."""
    ordered = sorted(placed, key=lambda one: one.position)
    kind: Kind = about.get("kind", "patient")
    return Case(
        case=number, label=tame(about.get("label", "")), kind=kind, reported_by=about.get("reported_by"),
        claims=tuple(dict.fromkeys(one.claim for one in ordered)), others=tuple(dict.fromkeys(others)),
    )  # fmt: skip
