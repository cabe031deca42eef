"""Statements about groups: their names, their values, and how they read in a cell."""

from __future__ import annotations

from spondyl.present.catalog import number
from spondyl.record import Statement, Value

__all__ = ["corrected_statement", "statement_field", "statement_text", "statement_value"]

_NAMES = {
    "mean": "mean", "median": "median", "sd": "SD", "quartiles": "IQR", "range": "range",
    "hazard_ratio": "HR", "odds_ratio": "OR", "p_value": "p",
}  # fmt: skip
_SHARES = frozenset({"share", "survival_rate"})


def statement_field(statement: Statement) -> str:
    """The name under which a decision refers to a statement.

    Example:
        >>> statement_field(Statement(group="45 patients", quantity="median", of="age"))
        'statement:median of age'
    """
    name = f"{statement.quantity} of {statement.of}" if statement.of else statement.quantity
    return f"statement:{name}"


def statement_value(statement: Statement) -> Value | None:
    """The number a statement is mainly about.

    Example:
        >>> statement_value(Statement(group="all", quantity="count", of="women", n=31, denominator=45))
        31
    """
    name = _main(statement)
    value: Value | None = getattr(statement, name) if name else None
    return value


def _main(statement: Statement) -> str | None:
    """Which of a statement's numbers it is mainly about: of a count the count, else the value."""
    first = ("n", "value") if statement.quantity in ("n", "count") else ("value", "low")
    return next((name for name in (*first, "n", "p") if getattr(statement, name) is not None), None)


def corrected_statement(statement: Statement, value: Value) -> Statement:
    """A statement with its main number replaced; what was printed no longer stands for it."""
    name = _main(statement) or "value"
    kept = str(value) if name == "p" else int(value) if name == "n" else float(value)
    return statement.model_copy(update={name: kept, "printed": None})


def statement_text(statement: Statement) -> str:
    """A statement in a few words.

    Example:
        >>> statement_text(Statement(group="all", quantity="median", of="age", value=57, low=23, high=78))
        'age: median 57 (23–78)'
        >>> statement_text(Statement(group="all", quantity="count", of="women", n=31, denominator=45))
        'women: 31 of 45'
    """
    said = _said(statement)
    if statement.p and statement.quantity != "p_value":
        said += f", p {_p(statement.p)}"
    return f"{statement.of.replace('_', ' ')}: {said}" if statement.of else said


def _said(s: Statement) -> str:
    if s.quantity == "p_value":
        return f"p {_p(s.p or _shown(s))}"
    if s.quantity in ("n", "count"):
        return _count(s)
    if s.quantity in _SHARES:
        return _share(s)
    words = [_NAMES.get(s.quantity, s.quantity.replace("_", " ")), _shown(s)]
    if s.value is not None and s.low is not None and s.high is not None:
        words.append(f"({number(s.low)}–{number(s.high)})")
    if s.unit:
        words.append(s.unit)
    return " ".join(w for w in words if w)


def _p(printed: str) -> str:
    bare = printed.strip().removeprefix("p").removeprefix("P").strip()
    return bare if bare[:1] in "<>=≤≥" else f"= {bare}"


def _shown(s: Statement) -> str:
    if s.value is not None:
        return number(s.value)
    if s.low is not None and s.high is not None:
        return f"{number(s.low)}–{number(s.high)}"
    return number(s.n) if s.n is not None else ""


def _count(s: Statement) -> str:
    count = s.n if s.n is not None else s.value
    if count is None:
        return s.printed or ""
    if s.denominator is not None:
        share = f" ({s.printed} %)" if s.printed and s.unit == "percent" and s.n is not None else ""
        return f"{number(count)} of {s.denominator}{share}"
    return f"n = {number(count)}" if s.quantity == "n" else number(count)


def _share(s: Statement) -> str:
    share = f"{_shown(s)} %" if s.value is not None else (s.printed or "")
    if s.months is not None:
        share += f" at {number(s.months)} months"
    if s.n is not None and s.denominator is not None:
        share += f" ({s.n} of {s.denominator})"
    elif s.low is not None and s.high is not None:
        share += f" ({number(s.low)}–{number(s.high)})"
    return share
