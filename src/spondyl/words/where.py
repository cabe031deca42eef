"""A small language over the fields of a case: `diagnosis == "leiomyosarcoma" and age_years < 60`.

Comparisons with ==, !=, <, <=, >, >=, in and not in, joined by and, or, not. Nothing else is read, nothing is run.
A field that was not found makes a comparison unknown, which is neither true nor false; `unknown or true` is true.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spondyl.record import LIST_FIELDS, UsageError

__all__ = ["Where", "where"]

LONGEST = 2_000
ALLOWED = "compare fields with values: ==, !=, <, <=, >, >=, in, joined by and, or, not"
Fields = Mapping[str, Any]
Truth = bool | None

_ORDER: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_FLIPPED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
}  # fmt: skip


@dataclass(frozen=True)
class Where:
    """A condition on cases.

    Args:
        text: As it was written.
        names: The fields it asks for.
    """

    text: str
    names: frozenset[str]
    tree: ast.expr

    def holds(self, fields: Fields) -> Truth:
        """Whether a case fulfils it; `None` where what was found does not tell.

        Of a list field (levels, treatments …) one element is enough. A single field with contradicting values tells
        only what holds for all of them.

        Args:
            fields: Field → value, or list of values.

        Example:
            >>> c5 = where('"C5" in levels and age_years < 60')
            >>> c5.holds({"levels": ["C4", "C5"], "age_years": 57}), c5.holds({"levels": ["T1"]}), c5.holds({})
            (True, False, None)
        """
        return _truth(self.tree, fields)


def where(text: str) -> Where:
    """Read a condition.

    Args:
        text: The condition.

    Raises:
        UsageError: It holds anything but comparisons of fields with values.

    Example:
        >>> sorted(where('sex == "female" or not resection_extent in ["subtotal"]').names)
        ['resection_extent', 'sex']
        >>> try: where("__import__('os')")
        ... except UsageError as error: print(str(error)[:51])
        --where: "__import__('os')" is not understood; comp
    """
    if len(text) > LONGEST:
        raise UsageError(f"--where: {len(text)} characters are too long; {LONGEST} at most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
        names = frozenset(_fields(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        what = (
            error.msg if isinstance(error, SyntaxError) else "it is nested too deep or holds a forbidden sign"
        )
        raise UsageError(f"--where: {text!r} is no condition ({what}); {ALLOWED}") from None
    return Where(text, names, tree)


def _fields(node: ast.expr) -> Iterator[str]:
    """The fields of a condition; refuses everything that is none."""
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                yield from _fields(part)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _fields(inner)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            for one, op, two in _pairs(left, ops, rest):
                yield _placed(one, op, two, node)[0]
        case _:
            raise UsageError(f'--where: "{ast.unparse(node)}" is not understood; {ALLOWED}')


def _pairs(
    left: ast.expr, ops: Sequence[ast.cmpop], rest: Sequence[ast.expr]
) -> Iterator[tuple[ast.expr, type[ast.cmpop], ast.expr]]:
    for op, right in zip(ops, rest, strict=True):
        yield left, type(op), right
        left = right


def _placed(
    one: ast.expr, op: type[ast.cmpop], two: ast.expr, whole: ast.expr
) -> tuple[str, type[ast.cmpop], Any, bool]:
    """A comparison as (field, operator, value, whether the value is looked for inside the field)."""
    contains = op in (ast.In, ast.NotIn)
    if isinstance(one, ast.Name) and (contains or op in _FLIPPED):
        value = _value(two, whole)
        if contains and not isinstance(value, tuple):
            raise UsageError(
                f'--where: "{ast.unparse(whole)}": after in stands a list, as in {one.id} in ["a", "b"]'
            )
        if isinstance(value, tuple) and not contains:
            raise UsageError(f'--where: "{ast.unparse(whole)}": a list goes with in')
        return one.id, op, value, False
    if isinstance(two, ast.Name) and (contains or op in _FLIPPED):
        return two.id, op if contains else _FLIPPED[op], _value(one, whole), contains
    raise UsageError(f'--where: "{ast.unparse(whole)}" compares no field with a value; {ALLOWED}')


def _value(node: ast.expr, whole: ast.expr) -> Any:
    match node:
        case ast.Constant(value=str() | int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return tuple(_value(part, whole) for part in parts)
        case ast.Name(id=name):
            raise UsageError(
                f'--where: "{ast.unparse(whole)}": is {name} a value? Put it in quotation marks: "{name}"'
            )
    raise UsageError(
        f'--where: "{ast.unparse(node)}" is no value; write a text in quotation marks, a number or a list'
    )


def _truth(node: ast.expr, fields: Fields) -> Truth:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return _all(_truth(p, fields) for p in parts)
        case ast.BoolOp(values=parts):
            return _not(_all(_not(_truth(p, fields)) for p in parts))
        case ast.UnaryOp(operand=inner):
            return _not(_truth(inner, fields))
        case ast.Compare(left=left, ops=ops, comparators=rest):
            return _all(_compared(*_placed(a, op, b, node), fields) for a, op, b in _pairs(left, ops, rest))
    raise UsageError(f'--where: "{ast.unparse(node)}" is not understood; {ALLOWED}')


def _all(truths: Iterator[Truth]) -> Truth:
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _compared(name: str, op: type[ast.cmpop], value: Any, inside: bool, fields: Fields) -> Truth:
    held = fields.get(name)
    values = held if isinstance(held, list) else [] if held is None or held == "" else [held]
    if not values:
        return None
    wanted = value if isinstance(value, tuple) else (value,)
    said = [_holds(op, v, wanted, inside and name not in LIST_FIELDS) for v in values]
    if op in (ast.NotEq, ast.NotIn):
        said = [_not(s) for s in said]
        return _all(iter(said)) if name in LIST_FIELDS else _agreed(said)
    return _not(_all(iter([_not(s) for s in said]))) if name in LIST_FIELDS else _agreed(said)


def _agreed(said: Sequence[Truth]) -> Truth:
    """What holds for all values of a field that contradicts itself."""
    return said[0] if len(set(said)) == 1 else None


def _holds(op: type[ast.cmpop], held: Any, wanted: Sequence[Any], part: bool) -> Truth:
    if op in _ORDER:
        numbers = (held, wanted[0])
        return None if any(isinstance(n, str | bool) for n in numbers) else _ORDER[op](*numbers)
    if part and isinstance(held, str):
        return any(isinstance(w, str) and _plain(w) in _plain(held) for w in wanted)
    return any(_plain(w) == _plain(held) for w in wanted)


def _plain(value: Any) -> Any:
    """Texts are compared without case, and 5 is 5.0."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else float(value)
