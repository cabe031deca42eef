"""Options that several commands of `spondyl registry` share."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["By", "Where"]

Where = Annotated[
    str,
    typer.Option("--registry", "-r", metavar="PLACE", help="A SQLite file, or postgresql://USER@HOST/NAME."),
]
By = Annotated[
    str,
    typer.Option("--by", metavar="NAME", help="Who works; the user's name if not named.", show_default=False),
]
