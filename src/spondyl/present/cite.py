"""How a paper is cited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from spondyl.record import Paper

__all__ = ["cite", "cites", "inverted", "reference", "surname"]

_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")


def surname(author: str) -> str:
    """The surname in a name of any common order.

    Example:
        >>> [surname(a) for a in ("Novak, Ivana", "Novak IM", "Ivana M. Novak", "Jan van der Berg")]
        ['Novak', 'Novak', 'Novak', 'van der Berg']
    """
    if "," in author:
        return author.split(",")[0].strip()
    words = author.split()
    while len(words) > 1 and words[-1].isupper() and _INITIALS.fullmatch(words[-1]):
        words.pop()
    if len(words) < len(author.split()):
        return " ".join(words)
    start = next((n for n, w in enumerate(words[:-1]) if n and w.islower()), len(words) - 1)
    return " ".join(words[start:])


def inverted(author: str) -> str:
    """A name with the surname first.

    Example:
        >>> inverted("Ivana M. Novak"), inverted("Novak IM"), inverted("Novak, Ivana")
        ('Novak, Ivana M.', 'Novak, IM', 'Novak, Ivana')
    """
    name = " ".join(author.split())
    last = surname(name)
    rest = name.removeprefix(last) if name.startswith(last) else name.removesuffix(last)
    return name if "," in name or not rest.strip() else f"{last}, {rest.strip()}"


def cite(paper: Paper) -> str:
    """Author and year, or the beginning of the title, or the name of the file.

    Example:
        >>> cite(Paper(id="a", source="a.txt", text="", authors=("Ivana Novak", "Ana Horvat"), year=2031))
        'Novak and Horvat 2031'
        >>> cite(Paper(id="a", source="in/a.txt", text=""))
        'a.txt, no year'
    """
    names = [surname(a) for a in paper.authors[:3]]
    if not names:
        title = " ".join((paper.title or "").split())
        name = _short(title) or re.split(r"[\\/]", paper.source)[-1] or paper.id
        return f"{name}, {paper.year or 'no year'}"
    who = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
    return f"{who} {paper.year}" if paper.year else f"{who}, no year"


def _short(title: str) -> str:
    if len(title) <= 40:
        return title
    return title[:40].rsplit(" ", 1)[0] + " …"


def cites(papers: Sequence[Paper]) -> list[str]:
    """The papers' citations, told apart by a letter where two would read the same.

    Example:
        >>> two = [Paper(id=i, source=i, text="", authors=("Novak I",), year=2031) for i in "ab"]
        >>> cites(two)
        ['Novak 2031a', 'Novak 2031b']
    """
    plain = [cite(p) for p in papers]
    many = Counter(plain)
    seen: dict[str, int] = {}
    out = []
    for name in plain:
        seen[name] = seen.get(name, -1) + 1
        out.append(name + _letters(seen[name]) if many[name] > 1 else name)
    return out


def _letters(n: int) -> str:
    return (_letters(n // 26 - 1) if n >= 26 else "") + chr(97 + n % 26)


def reference(paper: Paper) -> str:
    """The paper as it stands in a list of references, without its identifiers.

    Example:
        >>> reference(Paper(id="a", source="a.txt", text="", authors=("Novak I",), title="A case", year=2031))
        'Novak I. A case. 2031.'
    """
    authors = ", ".join(paper.authors[:6]) + (" et al." if len(paper.authors) > 6 else "")
    tail = ", ".join(p for p in (paper.journal, str(paper.year) if paper.year else None) if p)
    parts = [authors, " ".join((paper.title or "").split()), tail]
    said = " ".join(p.rstrip(".") + "." for p in parts if p)
    return said or f"{paper.source} (no author, title or year found)."
