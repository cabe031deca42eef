"""Whose study a sentence tells of: the paper's own, or another that it quotes."""

from __future__ import annotations

import re

from spondyl.record import Paper

__all__ = ["LITERATURE", "Studies"]

LITERATURE = "literature"
"""What stands for a study that the paper does not name."""

_TOLD = frozenset({"introduction", "discussion", "conclusion", "other", "case_report"})
_LOOSE = frozenset({"other", "case_report"})
"""Sections in which the name of a study holds over paragraphs, up to a heading or a patient."""
_OWN = re.compile(
    r"\b(?:our|ours|we|us|(?:this|the present|present|the current|current) (?:study|series|cohort|"
    r"report|paper|case|"
    r"review|patient|patients|analysis))\b"
)
_OWN_HINTS = ("our", "this ", "present ", "current ")
_WE = re.compile(r"(?:we|us)\b(?<!\w..)")
_SURNAME = r"[A-Z][a-zß-ɏ][^\W\d_]*(?:[-' ][A-Z][a-zß-ɏ][^\W\d_]*)?"
_ET_AL = re.compile(rf"(?P<name>{_SURNAME}),? (?:et al\b\.?|and (?:co-?workers|colleagues|associates))")
_DATED = re.compile(
    rf"(?P<name>{_SURNAME}(?: (?:and|&) {_SURNAME})?),? \(?(?P<year>(?:19|20)\d\d)[a-c]?\b\)?"
)
_NUMBERED = re.compile(rf"(?P<name>{_SURNAME}(?: (?:and|&) {_SURNAME})?),? (?P<cite>\[\d{{1,3}}\])")
_BRACKET = re.compile(r"\[\d{1,3}(?:\s?[-–,]\s?\d{1,3}){0,12}\]")
_RAISED = re.compile(
    r"[\d(⁰¹²³⁴-⁹](?:(?<=[⁰¹²³⁴-⁹])[⁰¹²³⁴-⁹]*⁾?|(?<=[a-z)][.,]\d)\d?(?:[,–-]\d{1,2}){0,6}(?=\s|$)|"
    r"(?<=\()(?:\d{1,2}(?:, ?|-|–)?){1,4}\))"
)
_NOT_NAMES = frozenset(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "In",
        "Since",
        "Until",
        "From",
        "Between",
        "During",
        "After",
        "Before",
        "By",
        "The",
        "Of",
        "Table",
        "Figure",
        "Fig",
        "Level",
        "Stage",
        "Grade",
        "Spring",
        "Summer",
        "Autumn",
        "Winter",
        "Early",
        "Late",
        "Mid",
    ]
)
_AGAIN = re.compile(r"(?:in |of |by )?(?:they|their|these authors|the authors|those authors)\b")
_TURNS = re.compile(
    r"\b(?:compar(?:es|ed|able) (?:with|to)|versus|vs|than|similar to|in contrast|whereas|while|"
    r"against|consistent with|unlike|in line with)\b"
)
_PERSON = re.compile(r"\b(?:\d{1,3}|[a-z]+)[- ](?:year|month|week)s?[- ]old\b")


class Studies:
    """Tells for each sentence, in order, whose study it is about.

    Args:
        paper: The paper whose sentences are asked about.
    """

    def __init__(self, paper: Paper) -> None:
        kinds = {s.kind for s in paper.sections}
        self._review = not kinds & {"abstract", "methods", "results", "case_report"}
        self._cites = self._review and (_BRACKET.search(paper.text) or _RAISED.search(paper.text)) is not None
        self.late: tuple[str, int, int] | None = None
        self._last = ""
        self._paragraph = -1
        self._kind = ""

    def of(
        self, plain: str, folded: str, printed: str, kind: str, paragraph: int, *, counted: bool = True
    ) -> str:
        """The study that a sentence tells of: "" for the paper's own.

        Args:
            plain: The sentence's reading copy.
            folded: The same in lower case.
            printed: The sentence as printed, with its citations.
            kind: The kind of section.
            paragraph: The number of its paragraph.
            counted: Whether its citations count; where not, only what it means for the sentences after it.
        """
        self.late = None
        if kind not in _TOLD:
            return ""
        named, at = _named(plain, printed, kind)
        own = _own(folded)
        if named and own is not None and own.start() < at and kind not in _LOOSE:
            self._last = ""
            turns = [m.start() for m in _TURNS.finditer(folded, 0, at)]
            self.late = named, turns[-1] if turns else at, at
            return ""
        if named:
            self._keep(named, kind, paragraph)
            return named
        if kind in _LOOSE and self._last and _ends_story(plain, folded):
            self._last = ""
        if own is not None and not (kind in _LOOSE and self._last and paragraph == self._paragraph):
            self._last = ""
            return ""
        if self._last and self._goes_on(kind, paragraph, _AGAIN.match(folded) is not None):
            self._paragraph = paragraph
            return self._last
        if not counted:
            return ""
        cited = _cited(printed, raised=kind not in _LOOSE or self._review)
        if cited and kind != "conclusion":
            return f"{LITERATURE} {cited.group().strip()}"
        doubtful = kind == "introduction" or (self._review and self._cites)
        return LITERATURE if doubtful else ""

    def _keep(self, study: str, kind: str, paragraph: int) -> None:
        self._last, self._paragraph, self._kind = study, paragraph, kind

    def _goes_on(self, kind: str, paragraph: int, again: bool) -> bool:
        return kind == self._kind and (paragraph == self._paragraph or kind in _LOOSE or again)


def _own(folded: str) -> re.Match[str] | None:
    """The first words by which a sentence speaks of the paper's own study."""
    for hint in _OWN_HINTS:
        if hint in folded:
            return _OWN.search(folded)
    return _WE.search(folded)


def _ends_story(plain: str, folded: str) -> bool:
    """Whether a sentence is a heading or brings in a patient, so that the study named before it is done with."""
    return (len(plain) < 60 and plain[-1] not in ".,;:") or (
        "old" in folded and _PERSON.search(folded) is not None
    )


def _cited(printed: str, *, raised: bool) -> re.Match[str] | None:
    """The first citation by number of a sentence as printed, raised ones only where asked for."""
    found = _BRACKET.search(printed) if "[" in printed else None
    return found or (_RAISED.search(printed) if raised else None)


def _named(plain: str, printed: str, kind: str) -> tuple[str, int]:
    """The study that a sentence names, and where in it; ("", -1) where it names none."""
    m = _ET_AL.search(plain) if " et al" in plain or " and co" in plain or " and assoc" in plain else None
    if m:
        year = _YEAR.search(plain, m.end(), m.end() + 12)
        after = printed.find("et al")
        cite = _CITE.match(printed, after + 5) if after >= 0 else None
        others = [x for x in _ET_AL.finditer(plain, m.end()) if x["name"] != m["name"]]
        also = "".join(f"; {x['name']} et al." for x in others)
        return f"{m['name']} et al." + (
            f" {cite[1]}" if cite else f", {year.group()}" if year else ""
        ) + also, m.start()
    m = _NUMBERED.search(printed) if "[" in printed else None
    if m and m["name"].split()[0] not in _NOT_NAMES:
        return f"{m['name']} {m['cite']}", m.start()
    dated = kind not in _LOOSE and ("19" in plain or "20" in plain)
    m = _DATED.search(plain) if dated else None
    if m and m["name"].split()[0] not in _NOT_NAMES:
        return f"{m['name']}, {m['year']}", m.start()
    return "", -1


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CITE = re.compile(r"[\s,.]{0,3}(\[\d{1,3}\])")
