"""The same registries as for its other tests: a SQLite file, or a real server."""

from registry_fixtures import place, registry

__all__ = ["place", "registry"]
