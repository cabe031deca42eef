"""Invented papers that ship with Spondyl, for `spondyl demo`, the documentation and the golden tests.

Every text is invented; no sentence of a real paper and no real patient is in them.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["papers", "write", "write_monitoring"]


def papers() -> tuple[str, ...]:
    """The file names of the invented papers, sorted.

    Example:
        >>> papers()[0]
        'breast-carcinoma-l2.pdf'
    """
    return tuple(sorted(p.name for p in (files(__name__) / "papers").iterdir() if p.is_file()))


def write(folder: Path) -> tuple[Path, ...]:
    """Copy the invented papers into a folder, which is made if absent.

    Args:
        folder: Where to; files of the same names are written over.

    Returns:
        The paths written, sorted.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     len(write(Path(place) / "papers")) == len(papers())
        True
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in papers():
        (folder / name).write_bytes((files(__name__) / "papers" / name).read_bytes())
    return tuple(folder / name for name in papers())


def write_monitoring(folder: Path) -> tuple[Path, Path]:
    """Copy the invented recording of an operation into a folder, which is made if absent.

    Args:
        folder: Where to; files of the same names are written over.

    Returns:
        The paths of the amplitudes and of the events.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     [path.name for path in write_monitoring(Path(place))]
        ['amplitudes.csv', 'events.csv']
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("amplitudes.csv", "events.csv"):
        (folder / name).write_bytes((files(__name__) / "monitoring" / name).read_bytes())
    return folder / "amplitudes.csv", folder / "events.csv"
