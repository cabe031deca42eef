"""Cases as a REDCap project: a data dictionary and the data that belongs to it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spondyl.record import LIST_FIELDS, Claim, Value
from spondyl.registry.asking import Entry
from spondyl.registry.cells import Column, guarded, text
from spondyl.registry.exchange.claims import packed
from spondyl.registry.exchange.held import Exported, unheld
from spondyl.registry.exchange.redcap import ABOUT, HEAD, READONLY, Variable, code, columns, variable_name
from spondyl.registry.exchange.spoken import elements, level_order, levels, spoken
from spondyl.registry.vocabulary import rule

__all__ = ["project"]

_FORM, _WORDS = "cases", "words"
_KINDS = (("patient", "patient"), ("cited", "cited"), ("group", "group"))
_SOURCE = ("title", "authors", "year", "journal", "doi", "pmid", "source", "sha256", "duplicate_of")


def project(
    entries: Sequence[Entry], papers: Mapping[str, Mapping[str, Any]], snomed: bool = False
) -> Exported:
    """Cases as the two files that REDCap takes: data, and data dictionary.

    Args:
        entries: The cases; each is a record.
        papers: Id → what the registry knows of a paper; one that is not here is only named.
        snomed: Not used: REDCap carries words.
    """
    names = sorted({c.field for e in entries for c in e.case.claims})
    fields: dict[str, Variable] = {}
    words: dict[str, Variable] = {}
    taken = ["record_id", *(f"spondyl_{name}" for name in ABOUT)]
    for name in names:
        fields[name] = _variable(name, entries, variable_name(name, taken))
        taken.append(fields[name].name)
        words[name] = _words(name, variable_name(f"{fields[name].name}_words", taken))
        taken.append(words[name].name)
    whole = [*_about(), *fields.values(), *words.values()]
    head = ["record_id", *(column for variable in whole[1:] for column in columns(variable))]
    rows = [_row(entry, papers.get(entry.paper, {}), fields, words) for entry in entries]
    statements = sum(len(papers.get(p, {}).get("statements", ())) for p in {e.paper for e in entries})
    files = {".csv": _csv(head, rows), ".dictionary.csv": _csv(list(HEAD), [v.row() for v in whole])}
    empty = Counter(c.field for e in entries for c in e.case.claims if not _holds(c))
    return Exported(files, "REDCap", empty, unheld(entries, statements, groups=False))


def _holds(claim: Claim) -> bool:
    """Whether a cell can say that there is this value."""
    return claim.value != "" and "\0" not in str(claim.value)


def _csv(head: list[str], rows: Sequence[Sequence[str | int | float]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([guarded(c) if isinstance(c, str) else c for c in row] for row in rows)
    return out.getvalue()


def _about() -> list[Variable]:
    out = [Variable("record_id", _FORM, "text", "Record", "")]
    labels = ("Paper or import", "Number of the case", "Kind", "Label", "Reported by", "About the paper")
    for name, label in zip(ABOUT, labels, strict=True):
        kind = "radio" if name == "kind" else "notes" if name == "source" else "text"
        choices = _KINDS if name == "kind" else ()
        out.append(Variable(f"spondyl_{name}", _FORM, kind, label, f"spondyl about: {name}", choices))
    return out


def _words(field: str, name: str) -> Variable:
    mark = f"spondyl words: {field} {READONLY}"
    return Variable(name, _WORDS, "notes", f"Words of: {_label(field)}", mark)


def _label(field: str) -> str:
    known = elements().get(field)
    unit = f" ({known.unit})" if known and known.unit else ""
    return f"{known.label}{unit}" if known else spoken(field)


def _variable(field: str, entries: Sequence[Entry], name: str) -> Variable:
    """The kind of variable that holds all values of a field."""
    held = [list(dict.fromkeys(c.value for c in e.case.of(field) if _holds(c))) for e in entries]
    values = [v for some in held for v in some]
    several = field in LIST_FIELDS or any(len(some) > 1 for some in held)
    choices = _choices(field, values)
    if choices:
        kind = "checkbox" if several else "radio"
        return Variable(name, _FORM, kind, _label(field), f"spondyl field choice: {field}", choices)
    numbers = {not isinstance(v, str) for v in values}
    form = "mixed" if len(numbers) > 1 else "number" if True in numbers else "text"
    mark = f"spondyl field {form}{' several' if several else ''}: {field}"
    if form == "number" and not several:
        known = rule(field)
        low, high = str(known.get("low", "")), str(known.get("high", ""))
        return Variable(name, _FORM, "text", _label(field), mark, (), "number", low, high)
    return Variable(name, _FORM, "notes" if several else "text", _label(field), mark)


def _choices(field: str, values: Sequence[Value]) -> tuple[tuple[str, str], ...]:
    """The choices of a closed vocabulary that has all the values, each with a code of its own; else none."""
    if field == "levels":
        listed = sorted({*levels(), *map(str, values)}, key=level_order)
    else:
        listed = list(rule(field).get("choices", ()))
    codes = [code(value) for value in listed]
    fine = set(values) <= set(listed) and len(set(codes)) == len(codes) and all(codes)
    return tuple(zip(codes, map(spoken, listed), strict=True)) if fine else ()


def _row(
    entry: Entry, about: Mapping[str, Any], fields: Mapping[str, Variable], words: Mapping[str, Variable]
) -> list[str | int | float]:
    case = entry.case
    known = {k: v for k in _SOURCE if (v := about.get(k))}
    source = json.dumps({"id": entry.paper} | known, ensure_ascii=False)
    out: list[str | int | float] = [entry.name, entry.paper, case.case, case.kind, case.label]
    out += [case.reported_by or "", source]
    numbered = [(n, c) for n, c in enumerate(case.claims) if _holds(c)]
    for name, variable in fields.items():
        out += _CELLS.get(variable.kind, _text)(variable, [c for _, c in numbered if c.field == name])
    for name in words:
        mine = [(n, c) for n, c in numbered if c.field == name]
        lines = ",\n".join(packed(c, n, entry.paper) for n, c in mine)
        out.append(f"[{lines}]" if mine else "")
    return out


def _boxes(variable: Variable, claims: Sequence[Claim]) -> list[str | int | float]:
    ticked = {code(str(c.value)) for c in claims}
    return [int(key in ticked) for key, _ in variable.choices]


def _one(variable: Variable, claims: Sequence[Claim]) -> list[str | int | float]:
    return [code(str(claims[0].value)) if claims else ""]


def _text(variable: Variable, claims: Sequence[Claim]) -> list[str | int | float]:
    values = list(dict.fromkeys(c.value for c in claims))
    words = variable.mark.partition(":")[0]
    kind: Any = next(k for k in ("number", "mixed", "text") if f" {k}" in words)
    if kind == "number" and len(values) == 1 and not isinstance(values[0], str):
        return [values[0]]
    return [text(values, Column("", kind, "several" in words))]


_CELLS: dict[str, Callable[[Variable, Sequence[Claim]], list[str | int | float]]] = {
    "checkbox": _boxes, "radio": _one,
}  # fmt: skip
