"""What was understood, taken through by a reader: values corrected, dropped, added; and the record as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spondyl.consult.patient.inferring import is_answer
from spondyl.consult.patient.person import Person
from spondyl.consult.patient.sane import why_not
from spondyl.present.catalog import field
from spondyl.record import LIST_FIELDS, Claim, Quote, UsageError, Value

__all__ = ["READER", "Change", "confirmed", "listed", "parsed", "saved"]

READER = "reader"
"""The method of a value that a reader gave."""

Change = tuple[Claim | None, Claim | None]
"""A claim that was there, and what stands in its place: (claim, None) drops it, (None, claim) adds one."""


def listed(person: Person) -> tuple[Claim, ...]:
    """The values that a reader looks at, in the order of the record.

    Args:
        person: The patient.
    """
    return person.case.claims


def parsed(name: str, typed: str) -> Claim:
    """A value of a field as a reader typed it.

    Args:
        name: The field, or SHEET.ITEM for an answer to a score.
        typed: The value.

    Raises:
        UsageError: It cannot be a value of the field.

    Example:
        >>> parsed("age_years", "63").value, parsed("levels", "C5").value
        (63, 'C5')
        >>> parsed("age_years", "630")
        Traceback (most recent call last):
        spondyl.record.errors.UsageError: age_years 630: no human age above 122 years is documented
    """
    value: Value = typed.strip()
    if field(name).kind == "number" and re.fullmatch(r"-?\d+(?:\.\d+)?", typed.strip()):
        value = float(typed) if "." in typed else int(typed)
    if not typed.strip():
        raise UsageError(f"{name}: a value is missing; type {name}=VALUE")
    if why := why_not(name, value):
        raise UsageError(f"{name} {value}: {why}")
    return Claim(field=name, value=value, quotes=(), method=READER)


def confirmed(person: Person, changes: Iterable[Change]) -> Person:
    """The patient after a reader went through the values.

    Args:
        person: The patient as read.
        changes: What was corrected, dropped and added.

    Returns:
        The patient with these changes, confirmed.

    Example:
        >>> from spondyl.record import Case
        >>> read = Claim(field="age_years", value=36, quotes=())
        >>> person = Person(Case(case=1, label="", claims=(read,)), confirmed=False)
        >>> done = confirmed(person, [(read, parsed("age_years", "63"))])
        >>> done.values("age_years"), done.confirmed
        ((63,), True)
    """
    claims = list(person.case.claims)
    for old, new in changes:
        if old is None:
            claims += [new] if new else []
        else:
            at = claims.index(old)
            claims[at : at + 1] = [new] if new else []
    aside = {k: v for k, v in person.absurd.items() if k not in {new.field for _, new in changes if new}}
    return replace(
        person, case=person.case.model_copy(update={"claims": tuple(claims)}), absurd=aside, confirmed=True
    )  # fmt: skip


def saved(person: Person) -> str:
    """The record as TOML to correct by hand: values first, then answers to scores, then the words behind the values.

    A value that is changed by hand loses its words, which are kept by value.

    Args:
        person: The patient.

    Example:
        >>> from spondyl.record import Case
        >>> claims = (Claim(field="age_years", value=63, quotes=()), Claim(field="levels", value="C5", quotes=()))
        >>> print(saved(Person(Case(case=1, label="", claims=claims), origin="vignette.txt")).splitlines()[-1])
        levels = ["C5"]
    """
    lines = [
        f"# A patient's record for spondyl consult, from {_comment(person.origin or 'a record')}.",
        "# Correct it by hand; a value that is changed loses the words kept for it below.",
        *(f"# Left aside: {_comment(said)}" for said in person.absurd.values()),
        "",
    ]
    fields = [c for c in person.case.claims if not is_answer(c)]
    for name in dict.fromkeys(c.field for c in fields):
        lines.append(f"{_key(name)} = {_values(name, [c.value for c in fields if c.field == name])}")
    lines += _answers([c for c in person.case.claims if is_answer(c) and not c.derivation])
    lines += _words(fields)
    return "\n".join(lines) + "\n"


def _answers(claims: Sequence[Claim]) -> Iterator[str]:
    for sheet in dict.fromkeys(c.field.partition(".")[0] for c in claims):
        yield f"\n[{_key(sheet)}]"
        for claim in claims:
            name, _, item = claim.field.partition(".")
            if name == sheet:
                yield f"{_key(item)} = {_toml(claim.value)}"


def _words(claims: Sequence[Claim]) -> Iterator[str]:
    told = [c for c in claims if c.quotes]
    if told:
        yield "\n[words]"
    for name in dict.fromkeys(c.field for c in told):
        kept = ",\n".join(f"  {_kept(c.value, q)}" for c in told if c.field == name for q in c.quotes)
        yield f"{_key(name)} = [\n{kept},\n]"


def _kept(value: Value, quote: Quote) -> str:
    return (
        f"{{ value = {_toml(value)}, text = {_toml(quote.text)}, start = {quote.start}, end = {quote.end}, "
        f"paper = {_toml(quote.paper)} }}"
    )


def _values(name: str, values: Sequence[Value]) -> str:
    if name in LIST_FIELDS or len(values) > 1:
        return f"[{', '.join(map(_toml, values))}]"
    return _toml(values[0])


def _toml(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
