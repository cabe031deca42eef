"""The part of the page on scores: those that fit this patient with result and words, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from spondyl import score
from spondyl.consult.patient import sheet_words as words
from spondyl.consult.patient.fitting import Fit, fitting, groups
from spondyl.consult.patient.person import Person
from spondyl.consult.rules.scores import Results
from spondyl.present.consultation import Basis, Grid, Line, Part, Tone
from spondyl.score import Result

__all__ = ["part"]

HEAD = ("Score", "Result", "What it says", "Still to find out")


def part(person: Person, results: Results, fits: Mapping[str, Fit] | None = None) -> Part:
    """Which scores fit this patient, what they come to, and which do not fit and why.

    Args:
        person: The patient, with what was inferred for scores.
        results: The patient's scores.
        fits: Which sheets fit, where that was found before.
    """
    fits = fits or fitting(person, results)
    grids = [g for key, title in groups().items() if (g := _grid(key, title, fits, results, person))]
    below = tuple(_lists(fits, results))
    if grids:
        grids[-1] = replace(grids[-1], notes=below)
    return Part(
        "scores",
        "Scores",
        lines=() if grids else below,
        grids=tuple(grids),
        empty="No score fits what is known of this patient.",
        lead="An interval says what is still possible; nothing missing is filled in by a guess. A score supports "
        "judgement and decides nothing.",
    )


def _grid(key: str, title: str, fits: Mapping[str, Fit], results: Results, person: Person) -> Grid | None:
    mine = [f for f in fits.values() if f.group == key and f.shown]
    held = [(f, r) for f in mine if (r := results[f.sheet]) and words.known(r)]
    rows = sorted(held, key=lambda fr: (fr[0].verdict.truth is not True, -_told(fr[1])))
    if not rows:
        return None
    return Grid(f"scores-{key}", title, HEAD, tuple(_row(f, r, person) for f, r in rows))


def _told(result: Result) -> float:
    """How much of a sheet is known, from 0 to 1."""
    return sum(bool(i.given) for i in result.items) / max(1, len(result.items))


def _row(fit: Fit, result: Result, person: Person) -> tuple[Line, ...]:
    sheet = result.sheet
    bases = words.sheet_bases(sheet)  # type: ignore[arg-type]
    more = (*_only_if(fit, bases[0]), *words.items(result, person), *_notes(result, bases[0]))
    direction = words.DIRECTION[sheet.direction]
    doubt = " · unverified" if words.grades_of(sheet).startswith("unverified") else ""  # type: ignore[arg-type]
    name = Line(
        f"{sheet.title}{_if(fit)}{doubt}", bases, key=sheet.id, more=more, value=_machine(fit, result)
    )
    value = f"{words.result(result)}{f', {direction}' * bool(direction and result.low is not None)}"
    tone: Tone = "" if result.band or result.rows else "unknown"
    return (
        name,
        Line(value, bases[:1]),
        Line(words.meaning(result), bases, tone),
        Line(words.decides(result), bases[:1], "missing" if result.missing else ""),
    )  # fmt: skip


def _only_if(fit: Fit, basis: Basis) -> Iterator[Line]:
    for need in fit.open:
        yield Line(f"Fits only if {need.only_if}.", (basis, *fit.verdict.bases), "unknown")


def _notes(result: Result, basis: Basis) -> Iterator[Line]:
    yield from (Line(_sentence(note), (basis,), "warning") for note in result.notes)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith((".", ";")) else ".")


def _machine(fit: Fit, result: Result) -> dict[str, object]:
    return {
        "sheet": fit.sheet, "version": result.sheet.version, "fits": fit.verdict.truth,
        "low": result.low, "high": result.high, "band": result.band.id if result.band else None,
        "possible": [b.id for b in result.possible], "missing": list(result.missing),
        "rows": [r.get("id") for r in result.rows],
    }  # fmt: skip


def _lists(fits: Mapping[str, Fit], results: Results) -> Iterator[Line]:
    """What is not in the tables: sheets of which nothing is known, older forms, and those that do not fit."""
    if lines := tuple(_silent(f) for f in fits.values() if f.shown and not _told_of(f, results)):
        yield Line(f"{len(lines)} more fit, but nothing of what they ask is known", _page(), more=lines)
    if lines := tuple(_aside(f, results[f.sheet]) for f in fits.values() if f.aside):
        yield Line(f"{len(lines)} would fit only if something more were so", _page(), more=lines)
    older = [f for f in fits.values() if f.role == "older" and f.verdict.truth]
    if lines := tuple(_older(f, r) for f in older if (r := results[f.sheet]) and words.known(r)):
        yield Line("Earlier forms, for comparison with older papers", _page(), more=lines)
    unfit = [f for f in fits.values() if f.role != "elsewhere" and f.failed and not _only_given(f)]
    if lines := tuple(_unfit(f) for f in unfit):
        yield Line(f"{len(lines)} do not fit this patient", _page(), more=lines)


def _page() -> tuple[Basis, ...]:
    return (
        Basis("rule", "whom each sheet is made for, held against this record", "consult/patient/fits.toml"),
    )


def _only_given(fit: Fit) -> bool:
    """Whether a sheet is shown only where its items are given."""
    return any(n.id in ("given", "performance") for n in fit.failed)


def _told_of(fit: Fit, results: Results) -> bool:
    result = results[fit.sheet]
    return result is not None and words.known(result)


def _silent(fit: Fit) -> Line:
    sheet = score.load(fit.sheet)
    return Line(f"{sheet.title}{_if(fit)}", words.sheet_bases(sheet), "missing", key=f"silent-{sheet.id}")


def _aside(fit: Fit, result: Result | None) -> Line:
    sheet = score.load(fit.sheet)
    now = f": {words.result(result)}, {words.meaning(result)}" if result and words.known(result) else ""
    machine = _machine(fit, result) if result else None
    text = f"{sheet.title}{_if(fit)}{now}"
    return Line(text, words.sheet_bases(sheet), "unknown", key=f"aside-{sheet.id}", value=machine)


def _if(fit: Fit) -> str:
    return f" (only if {words.and_(n.only_if for n in fit.open)})" if fit.open else ""


def _older(fit: Fit, result: Result) -> Line:
    newer = score.load(fit.instead).title
    text = f"{result.sheet.title}: {words.result(result)}, {words.meaning(result)} (use {newer})"
    return Line(text, words.sheet_bases(result.sheet), key=f"older-{fit.sheet}", value=_machine(fit, result))  # type: ignore[arg-type]


def _unfit(fit: Fit) -> Line:
    sheet = score.load(fit.sheet)
    why = "; ".join(n.why_not for n in fit.failed)
    bases = (*words.sheet_bases(sheet)[:1], *fit.verdict.bases)
    return Line(f"{sheet.title}: {why}.", bases, key=f"unfit-{sheet.id}", value=[n.id for n in fit.failed])
