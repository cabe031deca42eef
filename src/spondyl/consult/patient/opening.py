"""A patient from a case file, a registry or a text: read, held against what can be, audited."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spondyl.consult.patient.person import Person
from spondyl.consult.patient.sane import absurd_words, sane
from spondyl.record import LIST_FIELDS, Case, Claim, Finding, Paper, Quote, UsageError

__all__ = ["from_case", "from_file", "from_registry", "from_text"]


def from_file(place: str) -> Person:
    """A patient from a file of cases.

    Args:
        place: A path, and after "#" which case: "cases.jsonl#PAPER/1".

    Raises:
        UsageError: The file cannot be read, or holds no such case, or several.
    """
    from spondyl.score.case_file import read_case

    case = read_case(place)
    path = Path(place.partition("#")[0])
    if path.suffix == ".toml":
        case = _with_more(case, tomllib.loads(path.read_text("utf-8")), path.stem)
    return from_case(case, Path(place).name)


def from_case(case: Case, origin: str = "") -> Person:
    """A patient from a record; what cannot be is set aside with the reason.

    Args:
        case: The record.
        origin: Where it comes from, in a word.

    Example:
        >>> claims = (Claim(field="levels", value="T15", quotes=()), Claim(field="levels", value="T5", quotes=()))
        >>> person = from_case(Case(case=1, label="", claims=claims))
        >>> person.values("levels"), list(person.absurd)
        (('T5',), ['levels'])
    """
    kept, aside = sane(case)
    return Person(kept, absurd=aside, origin=origin)


def from_registry(place: str, case: str) -> Person:
    """A patient of a registry, as it stands after all decisions.

    Args:
        place: The registry.
        case: The case's number in it, or PAPER/N.

    Raises:
        RegistryError: There is no such registry or case.
    """
    from spondyl.registry import Registry

    with Registry(place, create=False) as registry:
        entry = registry.case(case)
    return from_case(entry.case, f"{place.rpartition('/')[2]}, case {entry.id}")


def from_text(paper: Paper, number: int | None = None) -> Person:
    """The patient whom a text tells of, with what does not add up in it.

    Args:
        paper: The text.
        number: Which of its patients, from 1; not needed where it tells of one.

    Raises:
        UsageError: It tells of no patient, or of several and none was named.
    """
    from spondyl import extract
    from spondyl.audit import audit
    from spondyl.consult.patient.features import featured

    reading = extract.reading(paper)
    found = [c for c in reading.cases if c.kind == "patient"] or _noted(paper)
    case = featured(paper, _chosen(paper, found, number))
    person = from_case(case, Path(paper.source).name)
    findings = audit(paper, reading.cases, reading.statements)
    absurd = {**absurd_words(paper.text), **person.absurd}
    mine = tuple(f for f in findings if _touches(f, case, len(found)))
    return Person(person.case, paper, mine, absurd, person.origin, confirmed=False)


NOTE = 5_000
"""Up to so many characters a text in which no patient was found is taken for a note on one."""
LEAST = 3
"""So many fields have to be told in a note, whether they can be so or not."""


def _noted(paper: Paper) -> list[Case]:
    """The patient of a short note without whole sentences."""
    from spondyl import extract

    case = extract.vignette(paper) if len(paper.text) <= NOTE else None
    told = {c.field for c in case.claims} | set(absurd_words(paper.text)) if case else set()
    return [case] if case and len(told) >= LEAST else []


def _chosen(paper: Paper, found: list[Case], number: int | None) -> Case:
    name = Path(paper.source).name
    if not found:
        raise UsageError(
            f"{name} tells of no single patient that could be read; write the values into a case file: age_years = 63"
        )
    if number is None and len(found) > 1:
        told = ", ".join(f"{c.case} ({c.label})" for c in found)
        raise UsageError(f"{name} tells of {len(found)} patients: {told}; name one: --case {found[0].case}")
    chosen = found[0] if number is None else next((c for c in found if c.case == number), None)
    if chosen is None:
        raise UsageError(f"{name} has no patient {number}; it has {', '.join(str(c.case) for c in found)}")
    return chosen


_OF_THE_PATIENT = frozenset(
    {"age_conflict", "sex_conflict", "outcome_conflict", "recurrence_timing", "duration_conflict", "date_conflict",
     "impossible_level", "dose"}
)  # fmt: skip
"""Findings that are about a patient wherever they stand."""


def _touches(finding: Finding, case: Case, patients: int) -> bool:
    """Whether a finding is about the patient: by its kind in a text of one patient, or by the words it stands on."""
    words = [q for c in case.claims for q in c.quotes]
    meets = any(q.start < w.end and w.start < q.end for q in finding.quotes for w in words)
    return finding.kind in _OF_THE_PATIENT and (meets or patients == 1)


def _with_more(case: Case, document: Mapping[str, Any], paper: str) -> Case:
    """The record of a TOML file with its answers to scores (`[sins]`) and the words it keeps beside values."""
    words = document.get("words", {})
    claims = [c if c.quotes else _worded(c, words.get(c.field, ()), paper) for c in case.claims]
    return case.model_copy(update={"claims": (*claims, *_answers(document))})


def _worded(claim: Claim, words: Any, paper: str) -> Claim:
    """A claim with the words that the file keeps for exactly this value; a value changed by hand has none."""
    if not isinstance(words, list):
        return claim
    mine = [w for w in words if isinstance(w, dict) and w.get("value") == claim.value and "text" in w]
    quotes = tuple(_quote(w, paper) for w in mine)
    return claim.model_copy(update={"quotes": quotes})


def _quote(kept: Mapping[str, Any], paper: str) -> Quote:
    start, end = int(kept.get("start", 0)), int(kept.get("end", 0))
    return Quote(paper=str(kept.get("paper", paper)), start=start, end=end, text=str(kept["text"]))


def _answers(document: Mapping[str, Any]) -> Iterator[Claim]:
    for sheet, answers in document.items():
        if isinstance(answers, dict) and sheet not in ("fields", "words", *LIST_FIELDS):
            for item, value in answers.items():
                if isinstance(value, dict):
                    known = (
                        f'write [{item}] with its answers below it, such as alignment = "normal" below [sins]'
                    )
                    raise UsageError(
                        f"[{sheet}.{item}] is a table, expected an answer to an item of a score; {known}"
                    )
                if isinstance(value, str | int | float):
                    yield Claim(field=f"{sheet}.{item}", value=value, quotes=())
