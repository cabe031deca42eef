"""Names of columns, channels and units, as monitoring systems write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spondyl.monitor.knowledge import UNITS, names
from spondyl.monitor.models import Measure

__all__ = [
    "ChannelName",
    "Heading",
    "channel_name",
    "conversion",
    "factor",
    "heading",
    "modality",
    "side",
    "simple",
]

MEASURES: tuple[Measure, ...] = ("amplitude", "latency", "threshold")


@dataclass(frozen=True)
class Heading:
    """A column of a long table: what it holds, and the unit its name gives."""

    what: str
    unit: str = ""


@dataclass(frozen=True)
class ChannelName:
    """What a name says of a channel, and of the measure and the unit in a wide table."""

    modality: str
    site: str
    side: str
    measure: Measure = "amplitude"
    unit: str = ""


def simple(name: str) -> str:
    """A name in lower case, without the signs that systems put between words.

    Example:
        >>> simple("Stim-Threshold_(V)")
        'stim threshold v'
    """
    return _spaced(name).lower()


def _spaced(name: str) -> str:
    return " ".join(re.sub(r"[\s_\-.()\[\]|:]+", " ", name).split())


@cache
def _columns() -> dict[str, str]:
    return {alias: what for what, aliases in names().columns.items() for alias in aliases}


@cache
def _modalities() -> tuple[tuple[str, str], ...]:
    pairs = [(a, m) for m, aliases in names().modalities.items() for a in aliases]
    return tuple(sorted(pairs, key=lambda p: -len(p[0])))


@cache
def _sides() -> dict[str, str]:
    return {alias: what for what, aliases in names().sides.items() for alias in aliases}


def heading(column: str) -> Heading | None:
    """What a column of a long table holds.

    Example:
        >>> heading("Amplitude (µV)"), heading("latency_ms"), heading("muscle"), heading("colour")
        (Heading(what='amplitude', unit='µv'), Heading(what='latency', unit='ms'), Heading(what='site', unit=''), None)
    """
    words = simple(column)
    if words in _columns():
        return Heading(_columns()[words])
    before, _, last = words.rpartition(" ")
    what = _columns().get(before)
    for measure in MEASURES:
        if what == measure and last in names().units(measure):
            return Heading(what, last)
    return None


def modality(word: str) -> str | None:
    """The modality a cell names.

    Example:
        >>> modality("tcMEP"), modality("D-Wave"), modality("EEG")
        ('MEP', 'D-wave', None)
    """
    return dict(_modalities()).get(simple(word))


def side(word: str) -> str | None:
    """The side a cell names; empty where it names none, `None` where the word is unknown.

    Example:
        >>> side("L"), side(""), side("upper")
        ('left', '', None)
    """
    return _sides().get(simple(word)) if word.strip() else ""


def factor(measure: Measure, unit: str) -> float | None:
    """What a value in a unit is multiplied with to stand in the unit kept.

    Example:
        >>> factor("amplitude", "mV"), factor("latency", "s"), factor("threshold", "mA")
        (1000.0, 1000.0, None)
    """
    return names().units(measure).get(unit.strip().lower())


def conversion(measure: Measure, unit: str) -> str:
    """What became of a known unit, in words.

    Example:
        >>> conversion("amplitude", "mV"), conversion("latency", "ms")
        ('amplitude given in mV, shown in µV (× 1000)', 'latency given in ms')
    """
    by, kept = factor(measure, unit), UNITS[measure]
    return (
        f"{measure} given in {kept}" if by == 1 else f"{measure} given in {unit}, shown in {kept} (× {by:g})"
    )


def channel_name(name: str) -> ChannelName | None:
    """What the name of a signal, or of a column of a wide table, says of a channel.

    Example:
        >>> channel_name("MEP left tibialis anterior (uV)")
        ChannelName(modality='MEP', site='tibialis anterior', side='left', measure='amplitude', unit='uV')
        >>> channel_name("SSEP R median latency [ms]").measure, channel_name("Comment")
        ('latency', None)
    """
    words = _spaced(name)
    for alias, known in _modalities():
        found = re.search(rf"(?i)(?<!\w){re.escape(alias)}(?!\w)", words)
        if found:
            rest = (words[: found.start()] + words[found.end() :]).split()
            return _parts(known, rest)
    return None


def _parts(known: str, words: list[str]) -> ChannelName:
    measure, unit, words = _measure(words)
    at = next((k for k, w in enumerate(words) if w.lower() in _sides()), None)
    where = _sides()[words.pop(at).lower()] if at is not None else ""
    return ChannelName(known, " ".join(words), where, measure, unit)


def _measure(words: list[str]) -> tuple[Measure, str, list[str]]:
    """The measure and the unit at the end of a name, and the words that are left."""
    unit = ""
    if words and any(words[-1].lower() in names().units(m) for m in MEASURES):
        unit, words = words[-1], words[:-1]
    for measure in MEASURES:
        for alias in names().columns[measure]:
            tail = alias.split()
            if [w.lower() for w in words[-len(tail) :]] == tail:
                return measure, unit, words[: -len(tail)]
    return "amplitude", unit, words
