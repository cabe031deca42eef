"""A commented sheet to begin a new score with."""

from __future__ import annotations

import re
from importlib.resources import files

from spondyl.record import UsageError

__all__ = ["template"]


def template(name: str) -> str:
    """The text of a new sheet: two items, bands, a source, a worked case, each key explained.

    Args:
        name: The score's id: lower-case letters, digits and underscores.

    Returns:
        TOML that passes every check as it stands; its facts are invented and say so.

    Raises:
        UsageError: The name is no id.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", name):
        raise UsageError(f"{name} is no id for a score; use lower-case letters, digits and _, as in my_score")
    return files("spondyl.score").joinpath("template.toml").read_text("utf-8").replace("MY_SCORE", name)
