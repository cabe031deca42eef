"""A command whose options are the fields of a dataclass, for one with more options than a function has arguments."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, get_type_hints

__all__ = ["from_fields"]

Options = TypeVar("Options")


def from_fields(options: type[Options]) -> Callable[[Callable[[Options], None]], Callable[..., None]]:
    """A decorator that gives a function of a dataclass the dataclass's fields as its parameters.

    Args:
        options: The dataclass; its annotations are those of typer, its defaults the defaults.

    Example:
        >>> @dataclasses.dataclass
        ... class Asked:
        ...     name: str = "C5"
        >>> @from_fields(Asked)
        ... def run(asked: Asked) -> None:
        ...     print(asked.name)
        >>> run(name="T9"), str(inspect.signature(run))
        T9
        (None, "(*, name: str = 'C5') -> None")
    """
    hints = get_type_hints(options, include_extras=True)

    def decorate(function: Callable[[Options], None]) -> Callable[..., None]:
        def command(**given: Any) -> None:
            function(options(**given))

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        command.__annotations__ = {**hints, "return": None}
        command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(
                    f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=hints[f.name]
                )
                for f in dataclasses.fields(options)  # type: ignore[arg-type]
            ],
            return_annotation=None,
        )
        return command

    return decorate
