"""Knowledge files: tab-separated, with a header, strict."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from spondyl.record import LexiconError

__all__ = ["rows"]


def rows(package: str, name: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a knowledge file that ships with Spondyl.

    Args:
        package: Dotted package that holds the file ("spondyl.extract.lexicons").
        name: File name ("drugs.tsv").
        columns: The columns the caller needs; the file may have more.

    Yields:
        Column name → text, one dictionary a row.

    Raises:
        LexiconError: A column is missing or a row has another number of cells, with file and line.
    """
    lines = files(package).joinpath(name).read_text("utf-8").splitlines()
    head = lines[0].split("\t") if lines else []
    if missing := [c for c in columns if c not in head]:
        raise LexiconError(f"{name}: no column {missing[0]!r}, the header is {head}; add the column")
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(head):
            raise LexiconError(f"{name}:{number}: {len(cells)} cells, expected {len(head)}; mend the tabs")
        yield dict(zip(head, cells, strict=True))
