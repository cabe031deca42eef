"""Marks of Markdown, HTML and TeX that stand in the way of reading."""

from __future__ import annotations

import re

from spondyl.words.view import View

__all__ = ["unmarked"]

_MARKUP = re.compile(
    r"\(\s?\$\s?|\s?\$\s?(?=[,.;:)])|\s?\$\s?|</?[a-z]{1,4}>|\*\*?(?=\w)|(?<=[\w.,:%)])\*\*?|\\(?:pm|"
    r"leq|geq|times|%)"
)
_TAG = re.compile(r"</?[a-z]{1,4}>")
_SIGN = {"\\pm": "±", "\\leq": "<", "\\geq": ">", "\\times": "x", "\\%": "%"}


def unmarked(view: View) -> View:
    r"""A reading copy without the marks of Markdown, HTML and TeX.

    Example:
        >>> unmarked(View("were **uterine** ( $N = 18$ , 40%)", [(0, 0)])).plain
        'were uterine (N = 18, 40%)'
    """
    plain = view.plain
    if view.unmarked is None:
        marked = "$" in plain or "*" in plain or "\\" in plain
        pattern = _MARKUP if marked else _TAG if "<" in plain else None
        view.unmarked = view.sub(pattern, _bare) if pattern else view
    return view.unmarked


def _bare(m: re.Match[str]) -> str:
    found = m.group()
    if found[0] == "\\":
        return _SIGN[found]
    if found[0] == "(":
        return "("
    return " " if "$" in found and not _closes(m) else ""


def _closes(m: re.Match[str]) -> bool:
    return m.string[m.end() : m.end() + 1] in (",", ".", ";", ":", ")")
