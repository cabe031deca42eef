"""Two reports of one patient: proposed with the reasons, never merged."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from spondyl.registry.links import links
from spondyl.registry.people import People, Whole, people, words_of
from spondyl.registry.weighing import Weights, in_portions, settings

__all__ = ["Proposal", "Proposals", "Reason", "propose", "proposed"]

_PORTION = 300_000


@dataclass(frozen=True)
class Reason:
    """What speaks for (bits above 0) or against two cases telling of one patient."""

    words: str
    bits: float


@dataclass(frozen=True)
class Proposal:
    """Two cases that may tell of one patient.

    Args:
        first, second: Their numbers in the registry.
        names: `PAPER/N` of both.
        bits: All reasons together.
        reasons: The weightiest first.
    """

    first: int
    second: int
    names: tuple[str, str]
    bits: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Proposals:
    """What a search came to.

    Args:
        pairs: The proposals, the likeliest first.
        found: How many there are in all.
        least: From so many bits on pairs are proposed.
        cases, compared: How many cases there are, and how many pairs of them were compared.
    """

    pairs: tuple[Proposal, ...]
    found: int
    least: float
    cases: int
    compared: int


def propose(connection: sa.Connection, most: int = 50, own: Mapping[str, Any] | None = None) -> Proposals:
    """Pairs of cases that may tell of one patient and that nobody has decided on.

    Args:
        connection: The database.
        most: So many proposals at most.
        own: Numbers of one's own in place of those in `duplicates.toml`.

    Source:
        Fellegi and Sunter 1969, J Am Stat Assoc 64:1183-1210, doi:10.1080/01621459.1969.10501049.
    """
    return proposed(people(connection), links(connection), most, own)


def proposed(
    of: People, decided: Collection[tuple[int, int]], most: int = 50, own: Mapping[str, Any] | None = None
) -> Proposals:
    """The same, of cases that are read already.

    Args:
        of: The cases.
        decided: Pairs of numbers that were decided on.
        most: So many proposals at most.
        own: Numbers of one's own in place of those in `duplicates.toml`.
    """
    chosen = {**settings(), **(own or {})}
    weights = Weights(of, chosen)
    least = math.log2(max(2, len(of)) / chosen["rate"]) + math.log2(chosen["odds"])
    a, b = _candidates(of, chosen)
    bits = np.zeros(len(a))
    done = 0
    for one, two in in_portions(a, b, _PORTION):
        bits[done : done + len(one)] = sum(weights.parts(one, two).values())
        done += len(one)
    kept = np.flatnonzero(bits >= least)
    order = kept[np.lexsort((b[kept], a[kept], -np.round(bits[kept], 6)))].tolist()
    fresh = [n for n in order if (int(of.ids[a[n]]), int(of.ids[b[n]])) not in decided]
    pairs = tuple(_proposal(of, weights, int(a[n]), int(b[n])) for n in fresh[:most])
    return Proposals(pairs, len(fresh), least, len(of), len(a))


def _candidates(of: People, chosen: Mapping[str, Any]) -> tuple[Whole, Whole]:
    """Pairs of different papers that share enough to be worth a look, each once."""
    found = [_neighbours(of, rows, keys, chosen) for rows, keys in _blocks(of)]
    found += [_neighbours(of, rows, keys, chosen, any_age=True) for rows, keys in _telling(of)]
    codes = np.unique(np.concatenate([np.zeros(0, np.int64), *found]))
    a, b = np.divmod(codes, max(1, len(of)))
    apart = of.paper[a] != of.paper[b]
    return a[apart], b[apart]


def _blocks(of: People) -> Iterator[tuple[Whole, Whole]]:
    """Cases with what puts them into one block: rows and keys."""
    sex, tumour, site = (of.coded[name] for name in ("sex", "diagnosis", "primary_site"))
    ages = of.figures["age_years"]
    rows, level = _exploded(of, "levels")
    region_rows, region = _exploded(of, "regions")
    for at, part, own in ((rows, level, tumour), (rows, level, site), (region_rows, region, tumour)):
        known = (own[at] >= 0) & (sex[at] >= 0)
        yield at[known], _key(part[known], own[at][known], sex[at][known])
    everybody = np.arange(len(of), dtype=np.int64)
    known = (sex >= 0) & (tumour >= 0) & ~np.isnan(ages)
    yield everybody[known], _key(sex[known], tumour[known], ages[known].astype(np.int64))
    some = np.flatnonzero((of.masks["levels"] != 0) & ~np.isnan(ages))
    yield some, _key(of.masks["levels"][some].astype(np.int64), ages[some].astype(np.int64), sex[some])


def _telling(of: People) -> Iterator[tuple[Whole, Whole]]:
    """Blocks that tell so much that the age may be wrong: a day, a study, an author and a tumour."""
    for column in of.days.values():
        some = np.flatnonzero(~np.isnan(column))
        yield some, column[some].astype(np.int64)
    yield np.flatnonzero(of.study >= 0), of.study[of.study >= 0]
    yield from _by_authors(of, of.coded["diagnosis"])


def _exploded(of: People, name: str) -> tuple[Whole, Whole]:
    """A row for every word of every case."""
    rows, words = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for bit in range(min(64, len(of.codes[name].of))):
        has = np.flatnonzero(of.masks[name] >> np.uint64(bit) & np.uint64(1))
        rows.append(has)
        words.append(np.full(len(has), bit, np.int64))
    return np.concatenate(rows), np.concatenate(words)


def _by_authors(of: People, tumour: Whole) -> Iterator[tuple[Whole, Whole]]:
    """Cases with one tumour in the papers of one author."""
    number: dict[str, int] = {}
    papers = [
        (n, number.setdefault(name, len(number)))
        for n, names in enumerate(of.authors)
        for name in sorted(names)
    ]
    if not papers:
        return
    cases: dict[int, list[int]] = {}
    for case, paper in enumerate(of.paper.tolist()):
        cases.setdefault(paper, []).append(case)
    found = np.array([(case, author) for paper, author in papers for case in cases.get(paper, ())], np.int64)
    if len(found):
        known = tumour[found[:, 0]] >= 0
        yield found[known, 0], _key(found[known, 1], tumour[found[known, 0]])


def _key(*parts: Whole) -> Whole:
    """One number for each combination of several."""
    out = np.zeros(len(parts[0]), np.int64)
    for part in parts:
        _, codes = np.unique(part, return_inverse=True)
        _, out = np.unique(out * (int(codes.max(initial=0)) + 1) + codes.reshape(-1), return_inverse=True)
        out = out.reshape(-1).astype(np.int64)
    return out


def _neighbours(
    of: People, rows: Whole, keys: Whole, chosen: Mapping[str, Any], any_age: bool = False
) -> Whole:
    """Pairs within a block, each case with its nearest in age; as `first * cases + second`."""
    ages = of.figures["age_years"][rows]
    order = np.lexsort((rows, ages, keys))
    rows, keys, ages = rows[order], keys[order], ages[order]
    out = [np.zeros(0, np.int64)]
    for step in range(1, int(chosen["neighbours"]) + 1):
        if step >= len(rows):
            break
        same = keys[step:] == keys[:-step]
        same &= any_age | ~(ages[step:] - ages[:-step] > chosen["years"])
        one, two = rows[:-step][same], rows[step:][same]
        differ = one != two
        out.append((np.minimum(one, two) * len(of) + np.maximum(one, two))[differ])
    return np.unique(np.concatenate(out))


def _proposal(of: People, weights: Weights, a: int, b: int) -> Proposal:
    parts = {k: float(v[0]) for k, v in weights.parts(np.array([a]), np.array([b])).items()}
    reasons = [Reason(_words(of, name, a, b), bits) for name, bits in parts.items() if abs(bits) >= 0.05]
    reasons.sort(key=lambda r: (-r.bits, r.words))
    return Proposal(
        int(of.ids[a]), int(of.ids[b]), (of.names[a], of.names[b]), sum(parts.values()), tuple(reasons)
    )  # fmt: skip


def _words(of: People, name: str, a: int, b: int) -> str:
    if name == "age":
        return f"age {of.figures['age_years'][a]:g} and {of.figures['age_years'][b]:g} years"
    if name in of.coded:
        return f"{name.replace('_', ' ')} {_both(_single(of, name, a), _single(of, name, b))}"
    if name == "levels":
        known = "levels" if of.masks["levels"][a] and of.masks["levels"][b] else "regions"
        return f"{known} {_both(_several(of, known, a), _several(of, known, b))}"
    if name == "treatments":
        given = [_several(of, "treatments", n) + _several(of, "procedures", n) for n in (a, b)]
        return f"treatments {_both(*given)}"
    return {"dates": _dates, "authors": _shared, "study": _cited, "course": _followed}[name](of, a, b)


def _single(of: People, name: str, at: int) -> list[str]:
    return [of.codes[name].words[of.coded[name][at]].strip('"')]


def _several(of: People, name: str, at: int) -> list[str]:
    return words_of(of, name, [int(of.masks[name][at])])


def _both(one: Sequence[str], two: Sequence[str]) -> str:
    first, second = ", ".join(one) or "none", ", ".join(two) or "none"
    return first if first == second else f"{first} | {second}"


def _dates(of: People, a: int, b: int) -> str:
    same = [n for n, c in of.days.items() if c[a] == c[b]]
    if same:
        return "; ".join(f"{n} {date.fromordinal(int(of.days[n][a]))} in both" for n in same)
    known = [n for n, c in of.days.items() if not np.isnan(c[a]) and not np.isnan(c[b])]
    return f"other days: {', '.join(known)}"


def _shared(of: People, a: int, b: int) -> str:
    both = of.authors[of.paper[a]] & of.authors[of.paper[b]]
    return f"authors shared: {', '.join(sorted(both)[:4])}" if both else "no author shared"


def _cited(of: People, a: int, b: int) -> str:
    return "one study reports both" if of.study[a] == of.study[b] else "different studies report them"


def _followed(of: People, a: int, b: int) -> str:
    lasted = [of.figures["follow_up_months"][n] for n in (a, b)]
    parts = [] if np.isnan(lasted).any() else [f"follow-up {lasted[0]:g} and {lasted[1]:g} months"]
    status = [_single(of, "status", n) for n in (a, b) if of.coded["status"][n] >= 0]
    return "; ".join([*parts, _both(*status)] if len(status) == 2 else parts)
