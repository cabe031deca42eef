"""The registry: cases with every claim, every decision and who made it, in SQLite or PostgreSQL."""

from spondyl.registry.adding import Added
from spondyl.registry.asking import Entry, Event
from spondyl.registry.checking import Checked
from spondyl.registry.keeping import Registry

__all__ = ["Added", "Checked", "Entry", "Event", "Registry"]
