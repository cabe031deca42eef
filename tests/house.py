"""What the documentation tests know of the house: where things stand, which modules there are."""

from __future__ import annotations

import pkgutil
import subprocess
from functools import cache
from pathlib import Path

import spondyl

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "spondyl"


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository: what git would keep, or all source files where there is no git."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = asked.stdout.split("\0") if asked.returncode == 0 else []
    found = [ROOT / name for name in names if name] or [
        p for d in ("src", "tests", "docs") for p in (ROOT / d).rglob("*")
    ]
    return tuple(sorted(p for p in found if p.is_file()))


@cache
def modules() -> tuple[str, ...]:
    """Dotted names of all modules of Spondyl, the package itself first."""
    inner = pkgutil.walk_packages(spondyl.__path__, "spondyl.")
    return ("spondyl", *sorted(m.name for m in inner if m.name != "spondyl.__main__"))


def packages() -> tuple[str, ...]:
    """Dotted names of all packages of Spondyl that hold Python."""
    inner = pkgutil.walk_packages(spondyl.__path__, "spondyl.")
    return ("spondyl", *sorted(m.name for m in inner if m.ispkg))
