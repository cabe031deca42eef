"""Writes the files of a report into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from spondyl.record import UsageError

__all__ = ["fill", "usable"]


def usable(out: Path) -> None:
    """See that a report can go there, before the work is done.

    Args:
        out: The folder.

    Raises:
        UsageError: It is a file.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; name a folder for the report")


def fill(out: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into a folder, which is made if absent.

    Args:
        out: The folder.
        files: Contents by name; a name may have folders of its own.

    Returns:
        The files, in the same order.

    Example:
        >>> import tempfile
        >>> [f.name for f in fill(Path(tempfile.mkdtemp()) / "study", {"tables/a.csv": b"n", "a.txt": b"a"})]
        ['a.csv', 'a.txt']
    """
    for name, data in files.items():
        place = out / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return tuple(out / name for name in files)
