"""Files of rules by name."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from spondyl.consult.rules.model import RuleSet
from spondyl.consult.rules.strict import parsed, read
from spondyl.record import SheetError

__all__ = ["load", "parse_rules"]

Set = TypeVar("Set", bound=RuleSet)


@cache
def load(name: str) -> RuleSet:
    """The rules of a file that ships with Spondyl.

    Args:
        name: Its name ("flags").

    Raises:
        SheetError: It breaks a rule of its own; the message names the key and the mend.
    """
    return _checked(read(name, RuleSet), f"{name}.toml")


def parse_rules(text: str, file: str) -> RuleSet:
    """Rules from the text of a file.

    Raises:
        SheetError: It breaks a rule of its own; the message names the key and the mend.
    """
    return _checked(parsed(text, file, RuleSet), file)


def _checked(rules: RuleSet, file: str) -> RuleSet:
    if f"{rules.id}.toml" != file:
        raise SheetError(file, "id", f"is {rules.id}", "the file's name without .toml is the id")
    seen: set[str] = set()
    for rule in rules.rules:
        if rule.id in seen:
            raise SheetError(file, f"rules.{rule.id}", "stands twice", "give one another id")
        seen.add(rule.id)
    return rules
