"""Headings → turns: where the kind of the prose changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from spondyl.read.headings import Heading
from spondyl.read.lines import Lines
from spondyl.read.references import references_start

__all__ = ["Turn", "outline"]

_BODY = frozenset(("introduction", "case_report", "methods", "results", "discussion", "conclusion"))
_LABEL = _BODY | {"case_part", "case_or_methods", "abstract"}
_AFTER_REFERENCES = frozenset(("back_matter", "front_matter", "figure_caption"))
_OPENS_CASE = ("presentation", "history", "present ", "physical ", "examination", "clinical ", "anamnes")
_SENTENCE = re.compile(r"[a-z\d)\]%][.?!][\])\d,\u2013-]{0,12}[ \t\n]{1,3}[A-Z]")
_ADDRESS = re.compile(
    r"@|\bUniversity\b|\bHospital\b|\bDepartment\b|https?:|www\.|\bE-?mail\b|\bCopyright\b|©", re.I
)
_ABSTRACT_REACH = 6000


class Turn(NamedTuple):
    """From `start` on the text is of this kind."""

    start: int
    kind: str
    title: str


def outline(lines: Lines, heads: Sequence[Heading]) -> tuple[list[Turn], int]:
    """Where the prose changes its kind.

    Args:
        lines: The text's lines.
        heads: The headings in them.

    Returns:
        Turns, the first at 0, and how many lines the opening (title, authors …) has.
    """
    heads = _without_article_types(lines, _within_references(_without_title(lines, heads)))
    known = [
        h
        for h in heads
        if h.kind and h.kind not in ("front_matter", "back_matter", "case_part", "article_type", "references")
    ]
    if not known and not any(h.kind == "case_part" for h in heads):
        turns, opening = _undivided(lines)
        if last := next((h for h in heads if h.kind == "references" and h.line >= opening), None):
            before = [t for t in turns if t.start < last.start]
            turns = [*before, Turn(last.start, "references", last.title)]
    else:
        walk = _Walk(lines, heads)
        turns, opening = walk.turns(), walk.opening
    if not any(t.kind == "references" for t in turns):
        turns = _with_references(lines, turns)
    return turns, opening


def _undivided(lines: Lines) -> tuple[list[Turn], int]:
    """A text without headings: all of it "other", after a title where the first paragraph is one."""
    first = next((i for i in range(len(lines)) if lines.bare[i]), 0)
    stop = lines.paragraph_end(first)
    words = " ".join(lines.bare[first:stop])
    if (
        stop < len(lines)
        and 12 < len(words) < 250
        and words[-1] not in ".:;,"
        and not _SENTENCE.search(words)
    ):
        return [Turn(0, "front_matter", ""), Turn(lines.start[stop], "other", "")], stop
    return [Turn(0, "other", "")], 0


def _with_references(lines: Lines, turns: list[Turn]) -> list[Turn]:
    line = references_start(lines)
    if line is None:
        return turns
    at = lines.start[line]
    return [t for t in turns if t.start < at] + [Turn(at, "references", "")] if at else turns


def _within_references(heads: Sequence[Heading]) -> list[Heading]:
    """Between "References" and the next known heading on a line of its own nothing is a heading."""
    out: list[Heading] = []
    inside = False
    for h in heads:
        if h.kind == "references" and not h.run_in:
            inside = True
        elif inside:
            if h.run_in and h.kind != "back_matter" and h.title.casefold()[:11] != "how to cite":
                continue
            if (
                h.kind is None
                or (h.kind not in _AFTER_REFERENCES and not h.strong)
                or h.kind in ("case_part", "article_type")
            ):
                continue
            inside = h.run_in
        out.append(h)
    return out


def _without_title(lines: Lines, heads: Sequence[Heading]) -> Sequence[Heading]:
    """ "Case report: a rare lesion" over the authors is a title and no section."""
    first = next((i for i in range(len(lines)) if lines.bare[i]), 0)
    if not heads or not heads[0].run_in or heads[0].line != first:
        return heads
    stop = lines.paragraph_end(first)
    title = " ".join(lines.bare[first:stop])
    return heads[1:] if len(title) < 250 and title[-1] not in ".:;" and stop < len(lines) else heads


def _without_article_types(lines: Lines, heads: list[Heading]) -> list[Heading]:
    """ "Case report" over a title says what kind of paper it is; the case comes later."""
    out = []
    for k, h in enumerate(heads):
        if h.kind == "article_type":
            continue
        if h.kind == "case_report" and not h.run_in and not h.number and _is_article_type(lines, heads, k):
            continue
        out.append(h)
    return out


def _is_article_type(lines: Lines, heads: list[Heading], k: int) -> bool:
    if heads[k].start > _ABSTRACT_REACH:
        return False
    for h in heads[k + 1 :]:
        if h.start - heads[k].start > _ABSTRACT_REACH // 2 or h.kind in (
            "methods",
            "results",
            "discussion",
            "references",
        ):
            return False
        if h.kind in ("abstract", "introduction") and h.title.casefold() not in (
            "summary",
            "objective",
            "purpose",
        ):
            return not any(g.kind in _BODY for g in heads[:k])
        if h.kind == "abstract" or (h.kind == "case_report" and not h.run_in and h.title.isupper()):
            return not any(g.kind in _BODY for g in heads[:k])
    return False


class _Walk:
    """One pass over the headings, remembering what the text stands in."""

    def __init__(self, lines: Lines, heads: list[Heading]) -> None:
        self.lines, self.heads = lines, heads
        whole = {h.kind for h in heads if not h.run_in}
        self.divided = bool(whole & _BODY)
        self.has_case = any(h.kind == "case_report" and not h.run_in for h in heads)
        self.has_study = bool(whole & {"methods", "results"})
        self.labels = self._abstract_labels()
        self.groups = self._groups()
        self.parents: dict[str, str] = {}
        self.kind = "front_matter"
        self.out: list[Turn] = [Turn(0, "front_matter", "")]
        self.opening = 0
        self.begun = False

    def turns(self) -> list[Turn]:
        for k, h in enumerate(self.heads):
            self._step(k, h)
            self._after(k, h)
        if not self.begun:
            self.out = [Turn(0, "other", "")] + [t for t in self.out if t.start]
        elif len(self.out) > 1 and self.out[1].start == 0:
            del self.out[0]
        elif self.out[0].kind == "front_matter":
            self._opening_prose()
        return self.out

    def _turn(self, line: int, kind: str, title: str = "") -> None:
        at = self.lines.start[line]
        if not self.begun and kind not in ("front_matter", "back_matter"):
            self.begun, self.opening = True, line
        if self.out[-1].start == at:
            self.out.pop()
        self.out.append(Turn(at, kind, title))

    def _enter(self, h: Heading, kind: str) -> None:
        if h.number:
            self.parents[h.number] = kind
        self.kind = kind
        self._turn(h.line, kind, h.title)

    def _step(self, k: int, h: Heading) -> None:
        if h.title.casefold() == "quick response code":
            self._enter(h, "introduction")
        elif k in self.labels or (h.run_in and k in self.groups and self.divided):
            self._enter(h, "abstract")
        elif h.kind in ("front_matter", "back_matter"):
            self._aside(h)
        elif not self.begun and h.kind is None:
            return
        else:
            self._enter(h, self._run_in(k, h) if h.run_in else self._resolved(k, h))

    def _aside(self, h: Heading) -> None:
        """Front and back matter: run-in for one paragraph, else up to the next heading."""
        kind = str(h.kind) if self.begun else "front_matter"
        if not self.begun:
            return
        if not h.run_in and (h.kind == "back_matter" or self.kind != "abstract"):
            self._enter(h, kind)
            return
        self._turn(h.line, kind, h.title)
        stop = self.lines.paragraph_end(h.line if h.run_in else min(h.line + 1, len(self.lines) - 1))
        if h.kind == "front_matter" and self.kind == "abstract":
            self.kind = "introduction"
        if stop < len(self.lines):
            self._turn(stop, self.kind, "" if self.kind != "references" else "References")

    def _run_in(self, k: int, h: Heading) -> str:
        """The kind of a label before running text: inside an abstract it divides that."""
        single = h.number or (h.kind == "case_report" and h.title[-1:].isdigit())
        if self.divided and self.begun and self.kind == "abstract" and not single:
            return "abstract"
        if self.divided and not self.begun and h.kind != "case_report":
            return "abstract"
        if self.begun and k not in self.groups and h.kind in ("introduction", "methods", "results"):
            return self.kind
        return self._resolved(k, h)

    def _resolved(self, k: int, h: Heading) -> str:
        """The kind a heading gives to what follows it."""
        kind, parent = h.kind, self.parents.get(h.number.rpartition(".")[0]) if "." in h.number else None
        if kind is None:
            if parent:
                return parent
            return "introduction" if self.kind == "abstract" and not h.run_in else self.kind
        if kind == "case_part":
            return parent or self._part(h)
        if kind == "case_or_methods":
            return self._patients(k, parent)
        if (
            kind == "abstract"
            and self.begun
            and self.kind in ("discussion", "case_report", "results", "conclusion")
        ):
            return "conclusion"
        return kind

    def _part(self, h: Heading) -> str:
        title = h.title.casefold()
        if (
            self.kind == "introduction"
            and not self.has_case
            and not self.has_study
            and title.startswith(_OPENS_CASE)
        ):
            return "case_report"
        if self.begun and self.kind not in ("abstract", "back_matter", "front_matter"):
            return self.kind
        if self.has_case:
            return "discussion"
        return "case_report" if title.startswith(_OPENS_CASE) and not self.has_study else "other"

    def _patients(self, k: int, parent: str | None) -> str:
        following = self.heads[k + 1] if k + 1 < len(self.heads) else None
        if following and following.kind == "case_report":
            return "case_report"
        if parent:
            return parent
        return self.kind if self.kind in ("methods", "results", "case_report", "discussion") else "methods"

    def _abstract_labels(self) -> set[int]:
        """Headings on lines of their own that divide the abstract and not the paper."""
        out: set[int] = set()
        begin = next((k for k, h in enumerate(self.heads) if h.kind == "abstract"), None)
        if begin is None or self.heads[begin].run_in:
            return out
        reach = [
            k
            for k, h in enumerate(self.heads)
            if k > begin and not h.run_in and h.start - self.heads[begin].start < _ABSTRACT_REACH
        ]
        last = next((k for k in reversed(reach) if self.heads[k].kind == "introduction"), begin)
        out.update(k for k in reach if k < last and self.heads[k].kind in _LABEL)
        for k in reach:
            h = self.heads[k]
            if (
                h.kind in _BODY
                and not h.number
                and any(g.kind == h.kind and g.title == h.title and not g.run_in for g in self.heads[k + 1 :])
            ):
                out.add(k)
        return out

    def _groups(self) -> set[int]:
        """Run-in labels that follow each other as those of a structured abstract do."""
        out: set[int] = set()
        group: list[int] = []
        for k, h in [*enumerate(self.heads), (len(self.heads), None)]:
            if h and h.run_in and h.kind in _LABEL:
                group.append(k)
            elif h is None or (not h.run_in and h.kind):
                kinds = {self.heads[g].kind for g in group}
                if (
                    len(kinds) > 1
                    and kinds & {"introduction", "methods"}
                    and kinds & {"conclusion", "results", "case_report"}
                ):
                    out.update(group)
                group = []
        return out

    def _after(self, k: int, h: Heading) -> None:
        """An abstract without a heading behind it ends with its last paragraph."""
        if self.kind != "abstract" or not self.begun or h.kind in ("front_matter", "back_matter"):
            return
        following = self.heads[k + 1] if k + 1 < len(self.heads) else None
        limit = following.line if following else len(self.lines)
        stop = self.lines.paragraph_end(h.line)
        if not h.run_in and stop <= h.line + 1:
            stop = self.lines.paragraph_end(min(stop + 1, len(self.lines)))
        if not h.run_in and not self._closed(h, stop):
            return
        if h.run_in and (following is not None and following.run_in and k + 1 in self.groups | self.labels):
            return
        while stop < limit and self.lines.blank(stop):
            stop += 1
        if stop >= limit or not self._opens(stop, limit):
            return
        self.kind = "introduction" if k not in self.groups or not self._was_divided() else self._previous()
        self._turn(stop, self.kind)

    def _closed(self, h: Heading, stop: int) -> bool:
        """Whether the abstract's first paragraph is long enough to be all of it."""
        return self.lines.start[stop] - self.lines.start[h.line] > 500

    def _opens(self, line: int, limit: int) -> bool:
        """Whether line `line` begins new prose, not the rest of a sentence."""
        before = next((b for b in reversed(self.lines.bare[:line]) if b), "")
        words = self.lines.bare[line]
        long_enough = self.lines.start[limit] - self.lines.start[line] > 150
        return long_enough and words[0].isupper() and before[-1:] in ".?!)]" and self.lines.blank(line - 1)

    def _was_divided(self) -> bool:
        return any(t.kind in _BODY for t in self.out)

    def _previous(self) -> str:
        return next((t.kind for t in reversed(self.out) if t.kind in _BODY), "introduction")

    def _opening_prose(self) -> None:
        """Prose before the first heading is no front matter."""
        line = next(_prose(self.lines, 0, self.opening), None)
        if line is None:
            return
        following = self.out[1].kind
        kind = "abstract" if following == "introduction" else "introduction" if following in _BODY else None
        if following in ("discussion", "conclusion"):
            kind = "other"
        if kind:
            self.out.insert(1, Turn(self.lines.start[line], kind, ""))
            self.opening = line
            if line == 0:
                del self.out[0]


def _prose(lines: Lines, first: int, last: int) -> Iterator[int]:
    """First lines of paragraphs of running prose."""
    i = first
    while i < last:
        if not lines.bare[i]:
            i += 1
            continue
        stop = min(lines.paragraph_end(i), last)
        words = "\n".join(lines.bare[i:stop])
        if len(words) > 250 and len(_SENTENCE.findall(words)) > 1 and not _ADDRESS.search(words):
            yield i
        i = stop
