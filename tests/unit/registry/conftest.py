from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spondyl.registry import Registry


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "registry.db")


@pytest.fixture
def registry(place: str) -> Iterator[Registry]:
    with Registry(place, by="A. Keeper") as opened:
        yield opened
