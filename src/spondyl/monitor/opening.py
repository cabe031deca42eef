"""Any input → a recording."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spondyl.monitor.edf import HEADER, is_edf, read_edf
from spondyl.monitor.grid import from_columns, from_file
from spondyl.monitor.series import Recording
from spondyl.monitor.tabular import recording_of
from spondyl.record import ReadError
from spondyl.record.monitoring import Event

__all__ = ["Given", "opened"]

Given = Path | str | Mapping[str, Any] | Recording


def opened(given: Given) -> tuple[Recording, list[Event]]:
    """A recording, and the events that its file itself holds.

    Args:
        given: A file (CSV, Parquet, EDF, EDF+), columns by name, a frame, or a recording.

    Raises:
        ReadError: It cannot be read.
    """
    if isinstance(given, Recording):
        return given, []
    if isinstance(given, str | Path):
        return _file(Path(given))
    if hasattr(given, "columns") and not isinstance(given, Mapping):
        given = {str(name): given[name] for name in given.columns}
    if not isinstance(given, Mapping):
        raise ReadError(
            f"it is a {type(given).__name__}",
            "the recording given",
            "give a path, columns by name, or a frame",
        )
    return recording_of(from_columns(given), "columns"), []


def _file(path: Path) -> tuple[Recording, list[Event]]:
    if path.is_dir():
        raise ReadError("it is a folder", str(path), "name one recording")
    try:
        with path.open("rb") as stream:
            head = stream.read(HEADER)
    except OSError as error:
        raise ReadError(
            f"it cannot be opened ({error.strerror})", str(path), "check its name and permission"
        ) from error
    if is_edf(head) or (path.suffix.lower() in (".edf", ".bdf") and head):
        return read_edf(path)
    with from_file(path) as grid:
        return recording_of(grid, path.name), []
