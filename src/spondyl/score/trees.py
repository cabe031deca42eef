"""Trees: rules lead from answers to a grade; the first rule that fits holds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from spondyl.score.answers import Answer
from spondyl.score.model import Asked, Grade, Rule, TreeSheet
from spondyl.score.result import ItemResult, Question, Result

__all__ = ["combinations", "fits", "follow", "grow"]


def fits(rule: Rule, answers: Mapping[str, str]) -> bool:
    """Whether all answers are among those a rule names."""
    return all(answers.get(k) in ([w] if isinstance(w, str) else w) for k, w in rule.when.items())


def follow(rules: Sequence[Rule], answers: Mapping[str, str]) -> str | None:
    """The grade that complete answers lead to; `None` where no rule fits."""
    return next((r.then for r in rules if fits(r, answers)), None)


def combinations(inputs: Sequence[Asked], left: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """All complete answers that what is known leaves possible."""
    choices = [left.get(a.id) or [o.id for o in a.options] for a in inputs]
    for one in itertools.product(*choices):
        yield dict(zip((a.id for a in inputs), one, strict=True))


def grow(sheet: TreeSheet, answers: Mapping[str, Answer]) -> Result:
    """Follow the rules; refuse by name where an input is missing, and say what is still reachable."""
    items = tuple(_item(a, answers[a.id]) for a in sheet.inputs)
    left = {i.id: i.options for i in items}
    grades = _grades(sheet, left)
    missing = [i.id for i in items if not i.settled]
    if not missing:
        adds = [r.then for r in sheet.adds if fits(r, {i.id: i.options[0] for i in items})]
        return Result(sheet, band=grades[0], possible=grades, items=items, notes=tuple(adds))
    questions = sorted((_question(sheet, left, i, grades) for i in missing), key=_weight)
    return Result(
        sheet, possible=grades, items=items, missing=tuple(q.id for q in questions),
        find_out=tuple(questions), refused=_refusal(sheet, [q.id for q in questions], grades),
    )  # fmt: skip


def _item(asked: Asked, answer: Answer) -> ItemResult:
    ids = answer.options or tuple(o.id for o in asked.options)
    labels = tuple(o.label for o in asked.options if o.id in ids)
    return ItemResult(
        asked.id,
        asked.question,
        ids,
        labels,
        None,
        None,
        answer.given,
        answer.how,
        answer.field,
        answer.words,
    )


def _grades(sheet: TreeSheet, left: Mapping[str, Sequence[str]]) -> tuple[Grade, ...]:
    ids = {follow(sheet.rules, one) for one in combinations(sheet.inputs, left)}
    return tuple(g for g in sheet.grades if g.id in ids)


def _question(
    sheet: TreeSheet, left: Mapping[str, Sequence[str]], item: str, now: Sequence[Grade]
) -> Question:
    bands = {answer: tuple(g.id for g in _grades(sheet, {**left, item: (answer,)})) for answer in left[item]}
    names = " or ".join(g.id for g in now)
    moves = any(len(b) < len(now) for b in bands.values())
    return Question(
        item, 0, bands, f"{item} decides: {names}" if moves else f"{item} does not change the grade: {names}"
    )


def _weight(question: Question) -> float:
    return sum(map(len, question.bands.values())) / len(question.bands)


def _refusal(sheet: TreeSheet, missing: Sequence[str], grades: Sequence[Grade]) -> str:
    verb = "is" if len(missing) == 1 else "are"
    names = ", ".join(g.id for g in grades)
    still = f"still reachable: {names}" if len(grades) > 1 else f"whatever it is, the rules lead to {names}"
    return f"{sheet.id} is not computed: {', '.join(missing)} {verb} missing; {still}"
