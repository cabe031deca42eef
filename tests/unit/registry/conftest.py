"""The registry's tests run on a SQLite file, and with SPONDYL_POSTGRES on a real server, too: `.ci/postgres`."""

from registry_fixtures import place, registry

__all__ = ["place", "registry"]
