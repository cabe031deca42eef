"""A place for a registry: a SQLite file, and with SPONDYL_POSTGRES set a real server: `.ci/postgres`."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from spondyl.registry import Registry

SERVER = os.environ.get("SPONDYL_POSTGRES")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[str]:
    """Where the registry of a test is."""
    if not SERVER:
        yield str(tmp_path / "registry.db")
        return
    engine = sa.create_engine(
        SERVER.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    name = f"spondyl_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield f"{SERVER.rpartition('/')[0]}/{name}"
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def registry(place: str) -> Iterator[Registry]:
    with Registry(place, by="A. Keeper") as opened:
        yield opened
