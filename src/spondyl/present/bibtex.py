"""References for LaTeX, in BibTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, count

from spondyl.present.cite import inverted, surname
from spondyl.present.model import Source
from spondyl.record import Paper

__all__ = ["render"]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def render(sources: Iterable[Source]) -> str:
    r"""The papers as BibTeX: one entry each, keys told apart.

    Args:
        sources: The papers.

    Example:
        >>> paper = Paper(id="a", source="a", text="", title="A case & more", year=2031, authors=("Ivana Novak",))
        >>> print(render([Source(1, paper, "Novak 2031")]), end="")
        @article{novak2031,
          author = {Novak, Ivana},
          title = {{A case \& more}},
          year = {2031}
        }
    """
    keys: set[str] = set()
    return "\n".join(_entry(source.paper, keys) for source in sources)


def _entry(paper: Paper, keys: set[str]) -> str:
    lines = [f"  {name} = {{{text}}}" for name, text in _fields(paper)]
    kind = "article" if paper.journal or paper.authors else "misc"
    return f"@{kind}{{{_key(paper, keys)},\n" + ",\n".join(lines) + "\n}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    if paper.authors:
        yield "author", " and ".join(_plain(inverted(a)) for a in paper.authors)
    yield "title", f"{{{_plain(paper.title or paper.source)}}}"
    for name, value in (("journal", paper.journal), ("year", str(paper.year) if paper.year else None)):
        if value:
            yield name, _plain(value)
    if paper.doi:
        yield "doi", _plain(paper.doi)
    if paper.pmid:
        yield "note", f"PMID {_plain(paper.pmid)}"


def _plain(text: str) -> str:
    return "".join(_SPECIAL.get(c, c) for c in " ".join(text.split()) if c.isprintable())


def _key(paper: Paper, keys: set[str]) -> str:
    name = surname(paper.authors[0]) if paper.authors else (paper.title or paper.id)
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "", ascii_.casefold())[:30] or "paper"
    year = str(paper.year or "")
    base = stem if year and stem.endswith(year) else stem + year
    further = (base + _letter(n) for n in count())
    key = next(k for k in chain([base], further) if k not in keys)
    keys.add(key)
    return key


def _letter(n: int) -> str:
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(97 + n % 26)
