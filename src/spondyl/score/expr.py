"""Expressions of sheets: arithmetic, comparisons, and / or / not over named inputs; nothing else runs."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

__all__ = ["evaluate", "names", "render"]

_TWO: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
_LOGIC: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {ast.And: operator.and_, ast.Or: operator.or_}


@cache
def _parsed(text: str) -> ast.expr:
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no expression: {error.msg}") from error
    _check(tree, text)
    return tree


def _check(node: ast.expr, text: str) -> None:
    match node:
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _TWO:
            _check(a, text)
            _check(b, text)
        case ast.Compare(left=a, ops=[op], comparators=[b]) if type(op) in _TWO:
            _check(a, text)
            _check(b, text)
        case ast.BoolOp(values=parts):
            for part in parts:
                _check(part, text)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=a):
            _check(a, text)
        case ast.Name() | ast.Constant(value=int() | float()):
            pass
        case _:
            raise ValueError(f"{text!r} holds {ast.unparse(node)!r}; use + - * / comparisons, and, or, not")


def names(text: str) -> frozenset[str]:
    """The inputs that an expression needs.

    Raises:
        ValueError: It is no expression of the allowed kind.

    Example:
        >>> sorted(names("n * d * (1 + d / ab)"))
        ['ab', 'd', 'n']
    """
    return frozenset(n.id for n in ast.walk(_parsed(text)) if isinstance(n, ast.Name))


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """An expression's value; `values` may hold numbers, truth values or lazy columns.

    Raises:
        ValueError: It is no expression of the allowed kind.
        ZeroDivisionError: It divides by zero.

    Example:
        >>> evaluate("n * d", {"n": 10, "d": 3})
        30
        >>> evaluate("lost or drop > 80", {"lost": False, "drop": 81})
        True
    """
    return _value(_parsed(text), values)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=number):
            return number
        case ast.BinOp(left=a, op=op, right=b) | ast.Compare(left=a, ops=[op], comparators=[b]):
            return _TWO[type(op)](_value(a, values), _value(b, values))
        case ast.BoolOp(op=op, values=parts):
            out = _value(parts[0], values)
            for part in parts[1:]:
                out = _LOGIC[type(op)](out, _value(part, values))
            return out
        case ast.UnaryOp(op=op, operand=a):
            inner = _value(a, values)
            return -inner if isinstance(op, ast.USub) else (not inner if isinstance(inner, bool) else ~inner)
    raise ValueError(f"cannot compute {ast.unparse(node)!r}")


def render(text: str) -> str:
    """An expression as people write it.

    Example:
        >>> render("n * d >= 10")
        'n × d ≥ 10'
    """
    for plain, nice in ((">=", "≥"), ("<=", "≤"), ("*", "×")):
        text = text.replace(plain, nice)
    return text
