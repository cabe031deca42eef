"""Work that other processes can import by name, for the tests of the pool."""

from __future__ import annotations

import os
from typing import NoReturn


def double(n: int) -> int:
    return 2 * n


def fall_over_at_three(n: int) -> str:
    if n == 3:
        os._exit(9)
    return f"done {n}"


def refuse(n: int) -> int:
    raise ValueError(f"not {n}")


def never(n: int) -> NoReturn:
    raise AssertionError(f"no process should have ended on {n}")
