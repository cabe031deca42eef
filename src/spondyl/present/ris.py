"""References for a reference manager, in RIS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spondyl.present.cite import inverted
from spondyl.present.model import Source
from spondyl.record import Paper

__all__ = ["render"]


def render(sources: Iterable[Source]) -> str:
    r"""The papers as RIS: one entry each, lines ended by CR LF.

    Example:
        >>> paper = Paper(id="a", source="a", text="", title="A case", year=2031, authors=("Ivana Novak",))
        >>> render([Source(1, paper, "Novak 2031")]).splitlines()
        ['TY  - JOUR', 'AU  - Novak, Ivana', 'TI  - A case', 'PY  - 2031', 'ID  - a', 'ER  - ', '']
    """
    return "".join(_entry(source.paper) for source in sources)


def _entry(paper: Paper) -> str:
    lines = [("TY", "JOUR"), *((tag, text) for tag, value in _tags(paper) if (text := _one_line(value)))]
    return "".join(f"{tag}  - {text}\r\n" for tag, text in lines) + "ER  - \r\n\r\n"


def _tags(paper: Paper) -> Iterator[tuple[str, str | None]]:
    for author in paper.authors:
        yield "AU", inverted(author)
    yield "TI", paper.title
    yield "PY", str(paper.year) if paper.year else None
    yield "JO", paper.journal
    yield "DO", paper.doi
    if paper.pmid:
        yield "AN", paper.pmid
        yield "N1", f"PMID: {paper.pmid}"
    yield "ID", paper.id


def _one_line(value: str | None) -> str:
    return " ".join((value or "").split())
