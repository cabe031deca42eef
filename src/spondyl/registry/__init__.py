"""The registry: cases with every claim, every decision and who made it, in SQLite or PostgreSQL."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spondyl.registry.adding import Added
    from spondyl.registry.asking import Entry, Event
    from spondyl.registry.checking import Checked
    from spondyl.registry.keeping import Registry

__all__ = ["Added", "Checked", "Entry", "Event", "Registry"]

_HOMES = {
    "Added": "adding",
    "Checked": "checking",
    "Entry": "asking",
    "Event": "asking",
    "Registry": "keeping",
}


def __getattr__(name: str) -> Any:
    """The database toolkit loads when something of it is first asked for; lines of JSON are read without it."""
    if name in _HOMES:
        return getattr(import_module(f"spondyl.registry.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'spondyl.registry' has no attribute {name!r}; it has {', '.join(__all__)}")
