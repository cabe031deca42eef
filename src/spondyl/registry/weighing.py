"""How much speaks for two cases telling of one patient: bits, part by part, for many pairs at once."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spondyl.record import ReadError
from spondyl.registry.people import Masks, Numbers, People, Whole, frequencies

__all__ = ["Weights", "in_portions", "own_settings", "settings"]

_FURTHER = 63
Truth = npt.NDArray[np.bool_]


@cache
def settings() -> dict[str, Any]:
    """The numbers in `duplicates.toml`."""
    text = resources.files("spondyl.registry").joinpath("duplicates.toml").read_text("utf-8")
    return tomllib.loads(text)


def own_settings(path: Path) -> dict[str, Any]:
    """Numbers of one's own; what the file does not name stays as it is.

    Args:
        path: A TOML file with some of the keys of `duplicates.toml`.

    Raises:
        ReadError: It is none, names another key, or holds a share that is none.
    """
    mend = "see duplicates.toml for the keys"
    try:
        own = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror})", str(path), mend) from None
    except ValueError as error:
        raise ReadError(f"no TOML ({error})", str(path), mend) from None
    return _over(settings(), own, str(path), "")


def _over(known: Mapping[str, Any], own: Mapping[str, Any], path: str, where: str) -> dict[str, Any]:
    out = dict(known)
    for key, value in own.items():
        name, mend = f"{where}{key}", "see duplicates.toml for the keys"
        if key not in known:
            raise ReadError(f"{name}: there is no such number", path, mend)
        if isinstance(known[key], dict) != isinstance(value, dict):
            raise ReadError(f"{name}: expected the same kind of entry as in duplicates.toml", path, mend)
        if isinstance(value, dict):
            out[key] = _over(known[key], value, path, f"{name}.")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ReadError(f"{name}: expected a number", path, mend)
        elif key in ("m", "u", "rate") and not 0 < value < 1:
            raise ReadError(f"{name}: expected a share between 0 and 1", path, mend)
        else:
            out[key] = value
    return out


def _for(m: float, u: float) -> float:
    return math.log2(m / u)


def _against(m: float, u: float) -> float:
    return math.log2((1 - m) / (1 - u))


class Weights:
    """The weights of a registry: what agrees by chance is counted in it.

    Args:
        of: The cases.
        settings: The numbers in `duplicates.toml`, or ones of one's own.
    """

    def __init__(self, of: People, settings: Mapping[str, Any]) -> None:
        self._of, self._set = of, settings
        self._pseudo = float(settings["pseudo"])
        ages = np.where(np.isnan(of.figures["age_years"]), -1, of.figures["age_years"]).astype(np.int64)
        self._chance = {
            name: self._by_code(of.coded[name], name) for name in ("sex", "diagnosis", "primary_site")
        }
        self._age = self._by_code(ages, "age", settings["age"]["same"]["u"])
        self._bits = {name: self._by_bit(of.masks[name], name) for name in ("levels", "regions")}

    def parts(self, a: Whole, b: Whole) -> dict[str, Numbers]:
        """The bits of every part; 0 where a part says nothing.

        Args:
            a, b: Places of the first and second cases of the pairs.
        """
        out = {
            "age": self._ages(a, b), "sex": self._codes("sex", a, b), "diagnosis": self._tumours(a, b),
            "levels": self._levels(a, b), "dates": self._days(a, b), "authors": self._authors(a, b),
            "study": self._studies(a, b), "treatments": self._treated(a, b), "course": self._course(a, b),
        }  # fmt: skip
        same = self._of.coded["diagnosis"]
        told = (same[a] == same[b]) & (same[a] >= 0)
        return out | {"primary_site": np.where(told, 0.0, self._codes("primary_site", a, b))}

    def _by_code(self, values: Whole, name: str, u: float | None = None) -> Numbers:
        """Code → log2(m / u)."""
        rule = self._set[name]["same"] if u is not None else self._set[name]
        known = frequencies(values)
        total = sum(known.values())
        out = np.zeros(max(known, default=0) + 2)
        for code, count in known.items():
            out[code] = _for(rule["m"], (count + self._pseudo * rule["u"]) / (total + self._pseudo))
        return out

    def _by_bit(self, masks: Masks, name: str) -> list[float]:
        total = int((masks != 0).sum())
        counts = [
            int((masks >> np.uint64(bit) & np.uint64(1)).sum()) for bit in range(len(self._of.codes[name].of))
        ]
        rule = self._set[name]
        return [
            _for(rule["m"], (n + self._pseudo * rule["u"]) / (total + self._pseudo))
            for n in counts[: _FURTHER + 1]
        ]

    def _codes(self, name: str, a: Whole, b: Whole) -> Numbers:
        values, rule = self._of.coded[name], self._set[name]
        one, two = values[a], values[b]
        found = np.where(one == two, self._chance[name][one], _against(rule["m"], rule["u"]))
        return np.where((one >= 0) & (two >= 0), found, 0.0)

    def _ages(self, a: Whole, b: Whole) -> Numbers:
        ages, years, rule = self._of.figures["age_years"], self._of.years, self._set["age"]
        between = years[b] - years[a]
        older = (ages[b] - ages[a]) * np.where(between < 0, -1, 1)
        apart = np.abs(ages[a] - ages[b])
        same = np.floor(ages[a]) == np.floor(ages[b])
        explained = (
            (older > 0)
            & (apart <= np.abs(between) + self._set["exact_years"])
            & (apart <= self._set["years"])
        )
        near = _for(rule["near"]["m"], rule["near"]["u"]) - np.log2(np.maximum(1.0, np.nan_to_num(apart)))
        code = np.nan_to_num(ages[a], nan=0).astype(np.int64)
        found = np.where(explained | (apart <= self._set["exact_years"]), near, float(rule["apart"]))
        found = np.where(same, self._age[np.clip(code, 0, len(self._age) - 1)], found)
        return np.where(np.isnan(apart), 0.0, found)

    def _tumours(self, a: Whole, b: Whole) -> Numbers:
        out = self._codes("diagnosis", a, b)
        values = self._of.coded["diagnosis"]
        differ = np.flatnonzero((values[a] != values[b]) & (values[a] >= 0) & (values[b] >= 0))
        if len(differ):
            words = [frozenset(json.loads(w).split()) for w in self._of.codes["diagnosis"].words]
            pairs, back = np.unique(
                np.stack([values[a[differ]], values[b[differ]]], 1), axis=0, return_inverse=True
            )
            inside = np.array([words[i] <= words[j] or words[j] <= words[i] for i, j in pairs.tolist()])
            weaker = np.minimum(
                self._chance["diagnosis"][pairs[:, 0]], self._chance["diagnosis"][pairs[:, 1]]
            )
            part = np.where(inside, weaker * self._set["diagnosis"]["part"], np.nan)[back.reshape(-1)]
            out[differ] = np.where(np.isnan(part), out[differ], part)
        return out

    def _levels(self, a: Whole, b: Whole) -> Numbers:
        """Levels where both name some, else regions."""
        levels, regions = self._of.masks["levels"], self._of.masks["regions"]
        both = (levels[a] != 0) & (levels[b] != 0)
        return np.where(
            both,
            self._shared("levels", levels[a], levels[b]),
            self._shared("regions", regions[a], regions[b]),
        )

    def _shared(self, name: str, one: Masks, two: Masks) -> Numbers:
        rule, both = self._set[name], one & two
        best = np.zeros(len(one))
        for bit, weight in enumerate(self._bits[name]):
            has = (both >> np.uint64(bit) & np.uint64(1)).astype(np.bool_)
            best = np.where(has, np.maximum(best, weight), best)
        part = np.where(one == two, 1.0, rule.get("part", 1.0))
        found = np.where(both != 0, best * part, _against(rule["m"], rule["u"]))
        return np.where((one != 0) & (two != 0), found, 0.0)

    def _days(self, a: Whole, b: Whole) -> Numbers:
        rule = self._set["dates"]
        known, equal = np.zeros(len(a), np.bool_), np.zeros(len(a), np.bool_)
        for column in self._of.days.values():
            known |= ~np.isnan(column[a]) & ~np.isnan(column[b])
            equal |= column[a] == column[b]
        found = np.where(equal, _for(rule["m"], rule["u"]), _against(rule["m"], rule["u"]))
        return np.where(known, found, 0.0)

    def _authors(self, a: Whole, b: Whole) -> Numbers:
        rule, authors = self._set["authors"], self._of.authors
        out = np.zeros(len(a))
        told = np.array([bool(names) for names in authors], np.bool_)
        one, two = self._of.paper[a], self._of.paper[b]
        some = np.flatnonzero(told[one] & told[two]) if len(told) else np.zeros(0, np.int64)
        if len(some):
            pairs, back = np.unique(np.stack([one[some], two[some]], 1), axis=0, return_inverse=True)
            share = np.array([not authors[i].isdisjoint(authors[j]) for i, j in pairs.tolist()])
            bits = np.where(share, _for(rule["m"], rule["u"]), _against(rule["m"], rule["u"]))
            out[some] = bits[back.reshape(-1)]
        return out

    def _studies(self, a: Whole, b: Whole) -> Numbers:
        rule, study, cited = self._set["study"], self._of.study, self._of.cited
        known = (study[a] >= 0) & (study[b] >= 0) & (cited[a] | cited[b])
        found = np.where(study[a] == study[b], _for(rule["m"], rule["u"]), _against(rule["m"], rule["u"]))
        return np.where(known, found, 0.0)

    def _treated(self, a: Whole, b: Whole) -> Numbers:
        treatments, procedures = self._of.masks["treatments"], self._of.masks["procedures"]
        given, rule = treatments[a] & treatments[b], self._set["course"]
        done = procedures[a] & procedures[b]
        shared = _count(given) + _count(done)
        either = _count(treatments[a] | treatments[b]) + _count(procedures[a] | procedures[b])
        known = ((treatments[a] | procedures[a]) != 0) & ((treatments[b] | procedures[b]) != 0)
        found = np.where(
            shared == 0, rule["treated_otherwise"], np.where(2 * shared >= either, rule["treated_alike"], 0)
        )
        return np.where(known, found, 0.0)

    def _course(self, a: Whole, b: Whole) -> Numbers:
        rule, lasted = self._set["course"], self._of.figures["follow_up_months"]
        out = np.where(
            np.abs(lasted[a] - lasted[b]) <= self._set["months"], float(rule["follow_up_same"]), 0.0
        )
        dead = self._of.codes["status"].of.get('"dead"', -2)
        status, years = self._of.coded["status"], self._of.years
        told = (status[a] >= 0) & (status[b] >= 0) & (status[a] != status[b])
        died = np.where(status[a] == dead, years[a], years[b])
        lived = np.where(status[a] == dead, years[b], years[a])
        revived: Numbers = np.where(told & (lived > died), float(rule["alive_after_death"]), 0.0)
        out += revived
        return out


def _count(masks: Masks) -> Whole:
    """How many bits are set."""
    octets = np.unpackbits(np.ascontiguousarray(masks).view(np.uint8).reshape(len(masks), 8), axis=1)
    out: Whole = octets.sum(axis=1, dtype=np.int64)
    return out


def in_portions(a: Whole, b: Whole, most: int) -> Iterator[tuple[Whole, Whole]]:
    """So many pairs at a time."""
    for start in range(0, len(a), most):
        yield a[start : start + most], b[start : start + most]
