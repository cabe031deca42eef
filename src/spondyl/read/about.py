"""Metadata found in the words of a paper: title, authors, year, journal, DOI, PMID."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from spondyl.record import Section

__all__ = ["About", "about", "clean_doi", "surname_first"]

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`\]]{2,120}", re.I)
_PMID = re.compile(r"\bPMID:?[ \t]{0,3}(\d{6,8})\b")
_DATED = re.compile(
    r"(?P<key>published(?: online)?|accepted|received|epub|\u00a9|copyright"
    r"|\(c\))?[^\d\n]{0,40}?\b(?P<year>(?:19[3-9]|20[0-4])\d)\b",
    re.I,
)
_JOURNAL = re.compile(
    r"(?:source|izvornik|journal)[ \t]*[:/][ \t]*(?:izvornik[ \t]*:[ \t]*)?(?P<stated>[^\n,\d]{4,80})|"
    r"(?P<named>(?:(?:[^\W\d_][\w.'\u2019-]*|&)[ \t]){0,6}(?:journal|annals|archives|cahiers"
    r"|proceedings|bulletin|reports|letters|acta)\b"
    r"(?:[ \t](?:of|de|der|and|&|the|for|in|[A-Z][\w'\u2019-]*))*)",
    re.I,
)
_MARKS = re.compile(
    r"<su[pb]>[^<]{0,20}</su[pb]>"
    r"|[\d*\u00b9\u00b2\u00b3\u2070-\u2079\u2020\u2021\u00a7\u00b6#\u00ae\u00a2\u00a3>?\"]"
    r"|['\u2018\u2019`](?![A-Z][a-z])"
)
_DEGREES = re.compile(
    r"\b(?:MD|M\.D\.|PhD|Ph\.D\.|MSc|MS|MPH|MBBS|FRCS|BSc|DO|Dr\.?|Prof\.?|Mr\.?|Mrs\.?|MBA"
    r"|FACS|RN)(?![\w.-])"
)
_AND = re.compile(r"[ \t]*(?:,|;|\band\b|&|\n)[ \t]*")
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.'\u2019-]*|de|da|di|del|della|van|von|der|den|la|le|el|al|bin"
    r"|dos)(?:[ -](?:[^\W\d_a-z][\w.'\u2019-]*|de|da|di|del|della|van|von|der|den|la|le|el"
    r"|al|bin|dos)){1,5}"
)
_PARTICLES = frozenset(
    ("de", "da", "di", "del", "della", "van", "von", "der", "den", "la", "le", "el", "bin", "dos")
)
_NO_PERSON = re.compile(
    r"\b(?:department|university|hospital|institute|division|school|faculty|journal|open"
    r"|access|center|centre|clinic|unit|service|"
    r"abstract|article|received|vol|surgery|oncology|medicine|neurology|report|spine|review"
    r"|correspond\w*|e-?mail|the|of|for|source)\b",
    re.I,
)
_HEAD = 6000


class About(NamedTuple):
    """What a paper says of itself; `None` where nothing is sure."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    pmid: str | None = None


def about(text: str, sections: Sequence[Section]) -> About:
    """The metadata of a paper that has no markup.

    Args:
        text: Its text.
        sections: Its sections.

    Returns:
        What stands in title, front matter and running heads; nothing is taken from references.
    """
    title = next((s for s in sections if s.kind == "title"), None)
    head = [(s.start, min(s.end, _HEAD)) for s in sections if s.kind == "front_matter" and s.start < _HEAD]
    feet = [(s.start, s.end) for s in sections if s.kind == "running_head"]
    front = "\n".join(text[a:b] for a, b in head)
    doi = _own_doi(text, sections, head, feet)
    return About(
        title=_joined(title.title or text[title.start : title.end]) if title else None,
        authors=_authors(text, title.end, sections) if title else (),
        year=_year(front + "\n" + "\n".join(text[a:b] for a, b in feet[:4])) if title or doi else None,
        journal=_journal(front) if title else None,
        doi=doi,
        pmid=_own_pmid(text, sections, front),
    )


def clean_doi(raw: str) -> str | None:
    """A DOI without what clings to it, in its own case.

    Args:
        raw: Words with a DOI in them.

    Returns:
        The DOI, or `None` when there is none or it is cut off.

    Example:
        >>> clean_doi("https://doi.org/10.5555/abc.2019.7).")
        '10.5555/abc.2019.7'
    """
    m = _DOI.search(raw)
    if not m:
        return None
    doi = m[0].rstrip(".,;:'*_\u2019\u201d)>")
    if "(" in doi and m[0].startswith(doi + ")") and doi.count("(") > doi.count(")"):
        doi += ")"
    return doi if any(map(str.isdigit, doi.partition("/")[2])) else None


def _dois(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    for start, end in spans:
        for m in _DOI.finditer(text, start, end):
            if doi := clean_doi(m[0]):
                yield doi


def _own_doi(
    text: str, sections: Sequence[Section], head: Iterable[tuple[int, int]], feet: Iterable[tuple[int, int]]
) -> str | None:
    """The DOI in front matter or running heads; of several the one that is repeated, else none."""
    if "10." not in text:
        return None
    found = Counter(d.lower() for d in _dois(text, [*head, *feet]))
    spelt = {d.lower(): d for d in _dois(text, [*head, *feet])}
    if not found:
        spans = [
            (s.start, min(s.end, s.start + 3000))
            for s in sections
            if s.kind in ("abstract", "other") and s.start < _HEAD
        ]
        cited = any(s.kind == "references" for s in sections)
        found = (
            Counter(d.lower() for d in _dois(text, spans)) if not cited or len(sections) < 3 else Counter()
        )
        spelt = {d.lower(): d for d in _dois(text, spans)}
    whole = {d: n for d, n in found.items() if not any(o != d and o.startswith(d) for o in found)}
    if len(whole) == 1:
        return spelt[next(iter(whole))]
    best = Counter(whole).most_common(2)
    return spelt[best[0][0]] if len(best) == 2 and best[0][1] > best[1][1] else None


def _own_pmid(text: str, sections: Sequence[Section], front: str) -> str | None:
    if m := _PMID.search(front):
        return m[1]
    if len(text) > _HEAD or any(s.kind == "references" for s in sections):
        return None
    found = set(_PMID.findall(text))
    return found.pop() if len(found) == 1 else None


def _year(front: str) -> int | None:
    ranks = {
        "published": 0,
        "published online": 1,
        "\u00a9": 2,
        "copyright": 2,
        "(c)": 2,
        "epub": 2,
        "": 3,
        "accepted": 4,
        "received": 5,
    }
    best = min(
        (
            (ranks.get((m["key"] or "").lower(), 3), m.start(), int(m["year"]))
            for m in _DATED.finditer(front[:_HEAD])
        ),
        default=None,
    )
    return best[2] if best else None


def _journal(front: str) -> str | None:
    m = _JOURNAL.search(front[:3000])
    if not m:
        return None
    name = " ".join((m["stated"] or m["named"]).split()).strip(" ,.;:")
    if name.isupper():
        name = name.title().replace(" Of ", " of ").replace(" And ", " and ").replace(" The ", " the ")
    return name if 1 < len(name.split()) <= 10 else None


def _authors(text: str, start: int, sections: Sequence[Section]) -> tuple[str, ...]:
    """Names in the paragraph after the title."""
    section = next((s for s in sections if s.start >= start and s.kind == "front_matter"), None)
    if section is None:
        return ()
    block = text[section.start : min(section.end, section.start + 2500)].strip("\r\n")
    paragraph = re.split(r"\n[ \t\r]*\n", block, maxsplit=1)[0]
    best: tuple[str, ...] = ()
    lines = paragraph.splitlines()
    for count in range(1, min(len(lines), 6) + 1):
        names = _names("\n".join(lines[:count]))
        best = names or best
    return best


def _names(words: str) -> tuple[str, ...] | None:
    """Persons in a list of names, surname first; `None` when it holds anything else."""
    if _NO_PERSON.search(words) or "@" in words:
        return None
    words = _DEGREES.sub("", _MARKS.sub("", re.sub(r"-\n", "-", words).replace("\\", "")))
    if ";" in words:
        names = tuple(" ".join(p.split()) for p in words.replace("\n", " ").split(";") if p.strip(" ,."))
        return names if names and all("," in n and len(n) < 60 for n in names) else None
    out = []
    for part in _AND.split(re.sub(r"[ \t]*\n[ \t]*", " ", words) if "," in words else words):
        name = re.sub(
            r"(?<=[^\W\d_]{2})[ ][a-h](?=$|[ ])", "", " ".join(part.replace(":", " ").split())
        ).strip(" .-|")
        if not name or (len(name) == 1 and name.islower()):
            continue
        if not _NAME.fullmatch(name) or len(name) > 50:
            return None
        out.append(surname_first(name))
    return tuple(out) or None


def surname_first(name: str) -> str:
    """ "Given Surname" as "Surname, Given", particles with the surname.

    Example:
        >>> surname_first("Hugo M. de Groot"), surname_first("RAMOS, Ana")
        ('de Groot, Hugo M.', 'RAMOS, Ana')
    """
    if "," in name:
        return name
    parts = name.split()
    k = len(parts) - 1
    while k > 1 and parts[k - 1].lower() in _PARTICLES:
        k -= 1
    surname = " ".join(parts[k:])
    surname = surname.title() if surname.isupper() and len(surname) > 3 else surname
    return f"{surname}, {' '.join(parts[:k])}" if k else surname


def _joined(title: str) -> str:
    """A title on one line, words cut at line ends joined."""
    return re.sub(r"(?<=[a-z])- (?=[a-z])", "", " ".join(title.split())).strip("#*_ ")
