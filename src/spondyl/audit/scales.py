"""Scores, grades and doses against the scale they belong to.

Sees: a value, mean or range beyond the scale (an MSTS score of 31, a muscle grade of 6/5, Ki-67 of 120 %); parts of
a score whose number and points make another total than the one stated; a dose that fractions times dose per
fraction do not make.
Cannot see: scales that scales.toml does not hold, unless the paper states their bounds; a scale used in a version
of its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from spondyl.audit.document import Document, Sentence
from spondyl.record import Finding, Quote, Severity, Statement
from spondyl.words.numbers import NUMBER, number

__all__ = ["Scale", "check", "scale_of", "scales"]

_MOTOR = re.compile(r"(?<![\w./])(?P<n>[0-9])(?P<sign>[+-])?\s?/\s?5(?![\w/%]|\.\d)")
_MOTOR_WORDS = re.compile(r"\b(?:strength|power|motor|mrc|weakness|paresis|plegia|paraparesis|muscle)")
_KI = re.compile(r"\bki-? ?67\b[^.;,]{0,30}?(?P<n>\d{1,3}(?:\.\d+)?)\s?%")
_RUNS = re.compile(
    r"\b(?:runs?|ranges?|ranging|ranged|scored?|scale|score) (?:of |is |from |between )*(?P<a>\d{1,3}) "
    r"?(?:\([^)]{1,30}\) )?"
    r"(?:to|-|and) (?P<b>\d{1,3})(?: ?\((?:best|worst|no|normal|max)[^)]*\)| points?\b)"
)
_EACH = re.compile(
    r"\beach (?:[a-z]+ )?(?:parameter|item|component|factor|criterion|category|domain|"
    r"variable)s? [^.;]{0,40}?"
    r"(?:from )?(?P<a>\d{1,2}) ?(?:to|-) ?(?P<b>\d{1,2})(?: points?)?[^.;]{0,40}?\btotal (?:score|points?)"
    r"?[^.;\d]{0,20}(?P<t>\d{1,3})\b"
)
_DOSE = re.compile(
    rf"(?P<d>\d{{1,3}}(?:\.\d+)?) ?(?P<u>c?gy)\b(?:(?!gy\b|fractions?\b)[^.;()]){{0,40}}?\bin"
    rf" (?P<n>{NUMBER}) (?:daily |equal |single )"
    rf"?fractions? (?:of|at) "
    rf"(?P<f>\d{{1,3}}(?:\.\d+)?) ?(?P<v>c?gy)\b"
)
_DOSE_TIMES = re.compile(
    r"(?P<d>\d{1,3}(?:\.\d+)?) ?gy \((?P<n>\d{1,2}) ?[x×*] ?(?P<f>\d{1,2}(?:\.\d+)?) ?gy\)"
)
_DOSE_BEHIND = re.compile(
    rf"(?P<n>{NUMBER}) (?:daily |equal |single )?fractions? (?:of|at) (?P<f>\d{{1,3}}(?:\.\d+)?) ?(?P<v>c?gy)"
    rf"(?: each)?,? ?(?:\(|to |for |giving )?(?:a )?(?:total(?: dose)?(?: of)?,?"
    rf" )?(?P<d>\d{{1,3}}(?:\.\d+)?) ?"
    rf"(?P<u>c?gy)(?= in total| total|\)| altogether)"
)
_CHANGE = re.compile(
    r"\b(?:change|difference|improvement|reduction|increase|decrease|gain|loss|weeks?|months?|years?|days?)\b"
)


class Scale(NamedTuple):
    """A scale with its bounds.

    Args:
        name: Its name.
        words: What it is called in papers.
        low, high: Its bounds.
        step: The step of one patient's value.
        whole: Whether single values are whole steps.
        other_high: The upper bound of another form in use.
        called: The words one by one.
    """

    name: str
    words: re.Pattern[str]
    low: float
    high: float
    step: float
    whole: bool
    other_high: float | None
    called: tuple[str, ...]


@cache
def scales() -> tuple[Scale, ...]:
    """The scales that ship with Spondyl."""
    data = tomllib.loads(resources.files("spondyl.audit").joinpath("scales.toml").read_text("utf-8"))
    return tuple(
        Scale(
            s["name"], re.compile(rf"\b(?:{'|'.join(map(re.escape, s['words']))})\b"), s["low"], s["high"],
            s["step"], s["whole"], s.get("other_high"), tuple(s["words"]),
        )
        for s in data["scale"]
    )  # fmt: skip


@cache
def _any() -> re.Pattern[str]:
    return re.compile("|".join(s.words.pattern for s in scales()))


@lru_cache(maxsize=4096)
def scale_of(words: str) -> Scale | None:
    """The scale that words name, where they name exactly one.

    Example:
        >>> found = scale_of("the mean MSTS score after 1 year")
        >>> found and found.high
        30
    """
    folded = words.lower()
    found = [s for s in scales() if s.words.search(folded)] if _any().search(folded) else []
    return found[0] if len(found) == 1 else None


def check(doc: Document) -> Iterator[Finding]:
    """Values beyond their scale.

    Args:
        doc: The paper with its statements.

    Yields:
        Findings `score_range` and `dose`.
    """
    for said in doc.statements:
        yield from _stated(doc, said)
    for s in doc.sentences:
        if "/" in s.text:
            yield from _motor(doc, s)
        if "67" in s.text:
            for m in _KI.finditer(s.text):
                if float(m["n"]) > 100:
                    yield _beyond(
                        "Ki-67 is a share of cells and cannot exceed 100 %.",
                        f"{m['n']} % > 100 %",
                        doc.quote(s, m.start(), m.end()),
                    )
        if "gy" in s.text:
            yield from _dose(doc, s)
        if "each" in s.text:
            yield from _parts(doc, s)
    yield from _single(doc)


def _single(doc: Document) -> Iterator[Finding]:
    """One patient's value between the steps of a scale of large steps."""
    for scale, words, given in _coarse():
        found = (m for s in doc.saying(*words) if not _MANY.search(s.text) for m in _given(s, given))
        for s, m in found:
            value = float(m["v"])
            if scale.low <= value <= scale.high and value % scale.step:
                yield _beyond(
                    f"{value:g} is no value of the {scale.name}, which moves in steps of {scale.step:g}.",
                    f"{value:g} is no multiple of {scale.step:g}", doc.quote(s, m.start(), m.end()),
                    severity="suspicious",
                )  # fmt: skip


def _given(s: Sentence, pattern: re.Pattern[str]) -> Iterator[tuple[Sentence, re.Match[str]]]:
    return ((s, m) for m in pattern.finditer(s.text))


@cache
def _coarse() -> tuple[tuple[Scale, tuple[str, ...], re.Pattern[str]], ...]:
    """The scales of large steps, what they are called, and how a text gives one patient's value."""
    return tuple(
        (s, s.called, re.compile(rf"{s.words.pattern}{_GIVEN}")) for s in scales() if s.step >= 5 and s.whole
    )


_MANY = re.compile(r"\b(?:mean|median|average|improv\w+ (?:of|by)|patients)\b")
_GIVEN = (
    r"(?: (?:performance|functional))?(?: (?:status|scale|score|index))?(?: \([a-z]+\))? (?:was|of|is|=|:) ?"
    r"(?P<v>\d{1,3})(?!\d|[.,]\d|[%/-])(?! (?:to|or|points)\b)"
)


def _beyond(
    message: str, computed: str, *quotes: Quote, severity: Severity = "error", kind: str = "score_range"
) -> Finding:
    return Finding(kind=kind, severity=severity, message=message, computed=computed, quotes=quotes)


def _stated(doc: Document, s: Statement) -> Iterator[Finding]:
    """A mean, median or range of a scale beyond its bounds."""
    if s.quantity not in ("mean", "median", "range", "quartiles") or _CHANGE.search(s.of.lower()):
        return
    bare = s.of.lower() in ("", "the", "it")
    named = scale_of(s.of) or (_last_named(doc, s) if bare or "score" in s.of.lower() else None)
    if named is None:
        return
    high = named.high
    values = [v for v in (s.value, s.low, s.high) if v is not None]
    words = s.quotes[0].text.lower()
    if named.other_high and (
        s.unit == "percent" or "%" in words or "100" in words or "mm" in words or max(values) > 2 * high
    ):
        high = named.other_high
    top, bottom = max(values), min(values)
    if top > high or bottom < named.low:
        value = top if top > high else bottom
        yield _beyond(
            f"{value:g} lies outside the {named.name}, which runs from {named.low:g} to {high:g}.",
            f"{value:g} is not between {named.low:g} and {high:g}", s.quotes[0],
        )  # fmt: skip


def _last_named(doc: Document, s: Statement) -> Scale | None:
    """The scale named last in the two sentences before the words "score"."""
    at = s.quotes[0].start
    before = doc.paper.text[max(0, at - 260) : at].replace("–", "-")
    return scale_of(before)


def _motor(doc: Document, s: Sentence) -> Iterator[Finding]:
    if not _MOTOR_WORDS.search(s.text):
        return
    for m in _MOTOR.finditer(s.text):
        if int(m["n"]) > 5:
            yield _beyond(
                f"Muscle strength of {m.group()} does not exist; grades run from 0 to 5.",
                f"{m['n']} > 5", doc.quote(s, m.start(), m.end()),
            )  # fmt: skip


def _dose(doc: Document, s: Sentence) -> Iterator[Finding]:
    """A dose against fractions times dose per fraction."""
    for m in (m for p in (_DOSE, _DOSE_TIMES, _DOSE_BEHIND) for m in p.finditer(s.text)):
        units = m.groupdict()
        total = float(m["d"]) / (100 if units.get("u") == "cgy" else 1)
        each = float(m["f"]) / (100 if units.get("v") == "cgy" else 1)
        made = (number(m["n"]) or 0) * each
        if abs(made - total) > max(0.5 if made % 1 else 0.05, 0.02 * total):
            yield _beyond(
                f"{m['n']} fractions of {each:g} Gy make {made:g} Gy, not {total:g} Gy.",
                f"{m['n']} × {each:g} = {made:g}", doc.quote(s, m.start(), m.end()), kind="dose",
            )  # fmt: skip


def _parts(doc: Document, s: Sentence) -> Iterator[Finding]:
    """Parts of a score, each with its points, against the total."""
    for m in _EACH.finditer(s.text):
        k = doc.sentences.index(s)
        for t in reversed(doc.sentences[max(0, k - 2) : k + 1]):
            at = t.text.find(":")
            listed = t.text[at + 1 : m.start() if t is s else len(t.text)].rstrip(". ")
            names = (
                [x for x in re.split(r", (?:and )?| and (?=[a-z ]+$)", listed) if x.strip()]
                if at >= 0
                else []
            )
            if len(names) < 3:
                continue
            each, total = int(m["b"]), int(m["t"])
            if len(names) * each != total:
                yield _beyond(
                    f"{len(names)} parts of up to {each} points make up to {len(names) * each} points, not {total}.",
                    f"{len(names)} × {each} = {len(names) * each}, not {total}",
                    doc.quote(s, m.start(), m.end()), doc.quote(t, at + 1, at + 1 + len(listed)),
                )  # fmt: skip
            return
