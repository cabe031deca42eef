"""Answers from a case record: what it says fills an item, with the words that say it; the rest stays missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from spondyl.record import Case, Quote, UsageError
from spondyl.score.answers import Answer, understand
from spondyl.score.engine import asked_of
from spondyl.score.lookup import marker_of
from spondyl.score.model import Asked, FromCase, Sheet, TableSheet

__all__ = ["fill"]


def fill(sheet: Sheet, case: Case) -> dict[str, Answer]:
    """What a case record answers of a sheet's questions.

    Args:
        sheet: The sheet.
        case: The record.

    Returns:
        Item → answer, only for items of which the record says something that is understood.
    """
    if isinstance(sheet, TableSheet):
        return _markers(sheet, case) if sheet.lookup == "panel" else _rows(sheet, case)
    found = {a.id: _answer(a, a.case, case) for a in asked_of(sheet) if a.case}
    return {name: answer for name, answer in found.items() if answer and answer.options}


def _answer(asked: Asked, reads: FromCase, case: Case) -> Answer | None:
    """What the first field that says something answers; a tumour by its diagnosis and, with it, by its site."""
    fields = [f.strip() for f in reads.field.split(",")]
    answers = [a for f in fields if (a := _of_field(asked, reads, case, f)) and a.options]
    if not answers:
        return None
    return answers[0] if len(answers) == 1 else _joined(asked, answers)


def _joined(asked: Asked, answers: Sequence[Answer]) -> Answer:
    """Fields that agree narrow each other; fields that disagree leave both possible."""
    shared = set.intersection(*(set(a.options) for a in answers))
    kept = shared or {o for a in answers for o in a.options}
    return Answer(
        "; ".join(a.given for a in answers), tuple(o.id for o in asked.options if o.id in kept),
        "; ".join(a.how for a in answers if a.how), ", ".join(a.field for a in answers),
        tuple(q for a in answers for q in a.words),
    )  # fmt: skip


def _of_field(asked: Asked, reads: FromCase, case: Case, field: str) -> Answer | None:
    """What one field of the record answers; values that mean nothing here are left aside."""
    value = case.fields.get(field)
    if value is None:
        return None
    read = [
        (v, a)
        for v in (value if isinstance(value, list) else [value])
        if (a := _value(asked, reads, v, _quotes(case, field, v))).options
    ]
    possible = {o for _, a in read for o in a.options}
    words = tuple(q for v, _ in read for q in _quotes(case, field, v))
    how = "; ".join(dict.fromkeys(a.how for _, a in read if a.how))
    options = tuple(o.id for o in asked.options if o.id in possible)
    return Answer(", ".join(str(v) for v, _ in read), options, how, field, words)


def _value(asked: Asked, reads: FromCase, value: Any, words: Sequence[Quote]) -> Answer:
    for pattern, left in reads.doubt.items():
        if any(re.search(pattern, q.text) for q in words):
            return Answer(str(value), tuple(left), f"{value} is {' or '.join(left)} by these words")
    if reads.values:
        to = reads.values.get(str(value), [])
        options = (to,) if isinstance(to, str) else tuple(to)
        return Answer(str(value), options, f"{value} is {' or '.join(options)}" if options else "")
    try:
        return understand(asked, value)
    except UsageError:
        return Answer(str(value))


def _quotes(case: Case, field: str, value: Any) -> tuple[Quote, ...]:
    return tuple(c.quotes[0] for c in case.of(field) if c.value == value and c.quotes)


def _markers(sheet: TableSheet, case: Case) -> dict[str, Answer]:
    """The markers of a panel that the record's immunohistochemistry names, with their sign."""
    out: dict[str, Answer] = {}
    for stain in case.fields.get("ihc", ()):
        marker, sign = marker_of(sheet, str(stain)[:-1]), str(stain)[-1]
        if marker and sign in "+-":
            known = out.get(marker)
            if known and known.options != (sign,):
                out[marker] = replace(known, options=(), given=f"{known.given}, {stain}")
            else:
                out[marker] = Answer(str(stain), (sign,), "", "ihc", _quotes(case, "ihc", stain))
    return out


def _rows(sheet: TableSheet, case: Case) -> dict[str, Answer]:
    """The rows that follow from the record by the first rule that holds."""
    for rule in sheet.case_rules:
        wanted = {f: [w] if isinstance(w, str) else w for f, w in rule.when.items()}
        if all(case.fields.get(f) in w or (not case.fields.get(f) and "" in w) for f, w in wanted.items()):
            there = [f for f in wanted if case.fields.get(f)]
            given = ", ".join(f"{f} {case.fields[f]}" for f in there)
            words = tuple(q for f in there for q in _quotes(case, f, case.fields[f]))
            return {"row": Answer(given, tuple(rule.then), rule.why, ", ".join(there), words)}
    return {}
