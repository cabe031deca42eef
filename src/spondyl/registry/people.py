"""What tells patients apart, as columns: ages, sexes, tumours, levels, days, authors of all cases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from spondyl.registry.schema import CASES, CLAIMS, PAPERS

__all__ = ["Codes", "Masks", "Numbers", "People", "Whole", "frequencies", "people", "words_of"]

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]

SINGLE = ("sex", "diagnosis", "primary_site", "status")
SEVERAL = ("levels", "regions", "treatments", "procedures")
FIGURES = ("age_years", "follow_up_months")
_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)"')
_CITED = re.compile(r"\s*([^\W\d_][\w'’-]*).*?\b((?:19|20)\d\d)\b")
_BITS = 64


@dataclass
class Codes:
    """Words as numbers, in the order they come."""

    of: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, word: str) -> int:
        return self.of.setdefault(word, len(self.of))

    @property
    def words(self) -> list[str]:
        """The words by their numbers."""
        return list(self.of)


@dataclass
class People:
    """All cases that tell of one patient each, column by column.

    Args:
        ids: Numbers in the registry.
        names: `PAPER/N`.
        paper: Number of the paper of each case.
        years: Of publication; NaN where unknown.
        figures: Ages and lengths of follow-up; NaN where unknown.
        coded: Field → code, -1 where unknown; `codes` has the words.
        masks: Field → one bit a word, 0 where unknown; the 64th bit stands for all further words.
        days: Field → day, NaN where unknown.
        study: Code of the study that reports the patient first-hand; -1 where unknown.
        cited: Whether the case is cited from another paper.
        authors: The authors of each paper, as "surname i".
    """

    ids: Whole
    names: list[str]
    paper: Whole
    years: Numbers
    figures: dict[str, Numbers]
    coded: dict[str, Whole]
    codes: dict[str, Codes]
    masks: dict[str, Masks]
    days: dict[str, Numbers]
    study: Whole
    cited: npt.NDArray[np.bool_]
    authors: list[frozenset[str]]

    def __len__(self) -> int:
        return len(self.ids)


def people(connection: sa.Connection) -> People:
    """The cases of a registry; groups are left out."""
    columns = (CASES.c.id, CASES.c.paper, CASES.c.number, CASES.c.kind, CASES.c.reported_by)
    asked = sa.select(*columns).where(CASES.c.present == 1, CASES.c.kind != "group").order_by(CASES.c.id)
    rows = connection.execute(asked).all()
    papers = {row.id: row for row in connection.execute(sa.select(*_ABOUT))}
    place = {name: n for n, name in enumerate(papers)}
    years = [papers[row.paper].year or np.nan for row in rows]
    studies = Codes()
    out = People(
        ids=np.array([row.id for row in rows], np.int64), names=[f"{row.paper}/{row.number}" for row in rows],
        paper=np.array([place[row.paper] for row in rows], np.int64), years=np.array(years, np.float64),
        figures={name: np.full(len(rows), np.nan) for name in FIGURES},
        coded={name: np.full(len(rows), -1, np.int64) for name in SINGLE},
        codes={name: Codes() for name in (*SINGLE, *SEVERAL)},
        masks={name: np.zeros(len(rows), np.uint64) for name in SEVERAL}, days={},
        study=np.array([_study(row, papers[row.paper], studies) for row in rows], np.int64),
        cited=np.array([row.kind == "cited" for row in rows], np.bool_),
        authors=[frozenset(_authors(paper.authors)) for paper in papers.values()],
    )  # fmt: skip
    _fill(out, connection)
    return out


_ABOUT = (PAPERS.c.id, PAPERS.c.year, PAPERS.c.authors)


def _authors(packed: str) -> Iterable[str]:
    """Surnames with the first initial, in lower case."""
    for name in json.loads(packed):
        surname, _, given = name.partition(",")
        yield f"{surname.strip()} {given.strip()[:1]}".strip().lower()


def _study(row: Any, paper: Any, studies: Codes) -> int:
    """Who reported the patient and when: the paper itself, or the one that it cites."""
    if row.kind == "cited":
        found = _CITED.match(row.reported_by or "")
        return studies[f"{found[1].lower()} {found[2]}"] if found else -1
    first = next(iter(json.loads(paper.authors)), "").partition(",")[0].strip().lower()
    return studies[f"{first} {paper.year}"] if first and paper.year else -1


def _fill(out: People, connection: sa.Connection) -> None:
    place = {number: n for n, number in enumerate(out.ids.tolist())}
    wanted = CLAIMS.c.field.in_((*SINGLE, *SEVERAL, *FIGURES)) | CLAIMS.c.value.like('"____-__-__"')
    asked = sa.select(CLAIMS.c.case_id, CLAIMS.c.field, CLAIMS.c.value).where(
        CLAIMS.c.standing == "chosen", wanted
    )
    bits: dict[str, dict[int, int]] = {name: {} for name in SEVERAL}
    for case, name, value in connection.execute(asked.order_by(CLAIMS.c.case_id, CLAIMS.c.position)):
        at = place.get(case)
        if at is None:
            continue
        if name in out.figures:
            _figure(out.figures[name], at, value)
        elif name in out.coded:
            if out.coded[name][at] < 0:
                out.coded[name][at] = out.codes[name][value]
        elif name in out.masks:
            bit = 1 << min(out.codes[name][value], _BITS - 1)
            bits[name][at] = bits[name].get(at, 0) | bit
        elif found := _DAY.fullmatch(value):
            _day(out.days, len(out), name, at, found[1])
    for name, masks in bits.items():
        out.masks[name][list(masks)] = list(masks.values())


def _figure(column: Numbers, at: int, value: str) -> None:
    if np.isnan(column[at]) and value[:1] != '"':
        column[at] = float(value)


def _day(days: dict[str, Numbers], size: int, name: str, at: int, text: str) -> None:
    try:
        found = date.fromisoformat(text).toordinal()
    except ValueError:
        return
    days.setdefault(name, np.full(size, np.nan))[at] = found


def words_of(out: People, name: str, masks: Sequence[int]) -> list[str]:
    """The words that several masks have in common."""
    both = np.bitwise_and.reduce(np.array(masks, np.uint64))
    return [json.loads(w) for w, n in out.codes[name].of.items() if n < _BITS - 1 and int(both) >> n & 1]


def frequencies(values: Whole) -> Mapping[int, int]:
    """How often each code occurs."""
    found, counts = np.unique(values[values >= 0], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))
