"""Which groups a paper tells of, how large they are, and to which group each statement belongs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator

from spondyl.extract.series.columns import Whole, pairs, sizes, whole_of
from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.grammar import COUNT, count, explains, grammar, tidy
from spondyl.extract.series.mentions import LEAD, Mention, mentions, says_size, sized
from spondyl.extract.series.passages import Passage
from spondyl.extract.series.study import LITERATURE
from spondyl.record import Paper, Quote, Statement

__all__ = ["Cohorts"]

MOST_SIZES = 300
MOST_SHARES = 3000
"""No paper tells of more groups, or needs more shares to tell which of them is its own."""
TESTS = frozenset({"p_value", "hazard_ratio", "odds_ratio", "relative_risk"})
_TOTALLED = re.compile(r"\bn\s?=")
_REVIEWED = re.compile(r"\b(?:review|analy[sz]|includ|enrol|stud(?:y|ied)|identif|evaluat)")
_INCLUDED = re.compile(
    r"\s?\b(?:(?:were|was) (?:included|enrolled|analy[sz]ed|eligible)|met (?:the|"
    r"our) (?:inclusion )?criteria)\b.*"
)
_EXCLUDED = re.compile(r"\bexclu(?:ded|ding|sion)\b")
_NUMBERED = re.compile(rf"(?:(?:all|the|these|our|of) )*(?P<n>{COUNT}) [a-z]")
_HEAD = re.compile(
    rf"^(?:in|of|among|for) (?:(?:the|all|these|our) )*(?P<who>(?P<n>{COUNT}) (?:[a-z-]+ ){{0,2}}?(?"
    rf"!months|years|weeks|days)[a-z]+(?: with [a-z -]{{3,40}}?)?"
    rf"(?=,| the | \d)|(?!total|addition|all|contrast)[a-z]+(?: [a-z]+)?(?=,? \d+ of (?P<of>\d+)))"
)
_PART_OF = re.compile(r"\b(?:of|among) (?:the|these|those) (?:\d+|[a-z-]+) [a-z]+ who [^,;.]*$")
_WORD = re.compile(r"[a-z][a-z-]{2,}")
_COMMON = frozenset(
    [
        "patients",
        "patient",
        "cases",
        "case",
        "with",
        "who",
        "the",
        "and",
        "had",
        "were",
        "all",
        "our",
        "these",
        "those",
        "cohort",
        "women",
        "men",
        "without",
        "from",
        "for",
    ]
)


class Cohorts:
    """The groups of a paper.

    Args:
        paper: The paper.
        told: Its sentences with numbers.
        drafts: What was read from them.
    """

    def __init__(self, paper: Paper, told: list[Passage], drafts: list[Draft]) -> None:
        self.paper = paper
        self._mentions: dict[int, list[Mention]] = {}
        self._sizes: list[tuple[Passage, Mention]] = []
        self._starts: dict[int, list[Mention]] = {}
        self._first: dict[tuple[str, int], tuple[Passage, Mention]] = {}
        self._named: dict[tuple[str, frozenset[str]], set[int]] = {}
        for p in told:
            self._note(p)
        self._studies: dict[str, list[tuple[Passage, Mention]]] = {}
        for p, m in self._sizes:
            if p.study:
                self._studies.setdefault(_key(p), []).append((p, m))
        self.whole = self._main(drafts)
        own = {m.n for p, m in self._sizes if not p.study and m.n and m.n >= 10}
        self._several = len(own) > 1
        self._near: deque[tuple[int, int, Draft]] = deque(maxlen=14)
        self._carried: tuple[int, Mention, Quote] | None = None

    def _mentioned(self, p: Passage) -> list[Mention]:
        """The groups that a sentence names, looked for once."""
        if id(p) not in self._mentions:
            self._mentions[id(p)] = mentions(p)
        return self._mentions[id(p)]

    def _note(self, p: Passage) -> None:
        """Keep the mentions of a sentence that say how large a group is."""
        if (p.kind == "case_report" and not p.study) or not sized(p):
            return
        for m in self._mentioned(p):
            if m.n is None or m.n < 2 or m.count_start < 0 or not says_size(p, m):
                continue
            if p.late is not None and m.start >= p.late[1]:
                continue
            self._sizes.append((p, m))
            self._starts.setdefault(id(p), []).append(m)
            self._named.setdefault((p.study, _content(m.label)), set()).add(m.n)
            if len(self._first) < MOST_SIZES:
                self._first.setdefault((p.study, m.n), (p, m))

    def is_size(self, d: Draft) -> bool:
        """Whether a count only says how large a group is."""
        if d.quantity != "count" or d.value is not None or d.denominator is not None:
            return False
        named = self._starts.get(id(d.passage), ())
        return any(m.n == d.n and d.start <= m.count_start < d.end for m in named)

    def sizes(self) -> Iterator[Statement]:
        """A statement of quantity "n" for each group whose size is said."""
        for p, m in self._sizes:
            label = _named(p, m.label)
            yield Statement(
                group=label, quantity="n", of="", n=m.n, quotes=(p.quote(self.paper, m.start, m.end),)
            )

    def _main(self, drafts: list[Draft]) -> Whole:
        """The group that most of the paper's own shares are shares of, else the first that is described."""
        own = self._candidates(drafts)
        if not own:
            return Whole("", None, None)
        shares = [
            (d.n, d.printed)
            for d in drafts
            if d.quantity == "count"
            and d.value is not None
            and d.n
            and d.printed
            and not d.passage.study
            and d.denominator is None
        ]
        for table in self.paper.tables:
            if len({n for n, _ in sizes(self.paper, table)}) < 2:
                shares += pairs(table)
        named = Counter(w.n for w in own if w.group)
        votes: dict[int | None, float] = {w.n: 0.1 * named[w.n] for w in own[:MOST_SIZES]}
        for n, printed in shares[:MOST_SHARES]:
            for w in votes:
                if w and w > n and explains(n, w, printed):
                    votes[w] += 1.0
        best = max(votes.values())
        size = next(w.n for w in own if w.n in votes and votes[w.n] == best)
        same = [w for w in own if w.n == size]
        return next(
            (w for w in same if w.group and " with " in w.group), next((w for w in same if w.group), same[0])
        )

    def _candidates(self, drafts: list[Draft]) -> list[Whole]:
        """Groups that may be the paper's own: named with their size, or sized by a table's head."""
        own = [
            (p.kind == "title", Whole(m.label, m.n, p.quote(self.paper, m.start, m.noun_end)))
            for p, m in self._sizes
            if not p.study and not _PART_OF.search(p.text[: m.end])
        ]
        for d in drafts:
            if d.quantity == "count" and d.n and not d.passage.study and _INCLUDED.search(d.of):
                label = tidy(f"{d.n} {_INCLUDED.split(d.of)[0]}")
                own.append((False, Whole(label, d.n, d.passage.quote(self.paper, d.start, d.end))))
        found = [w for _, w in sorted(own, key=lambda x: x[0])]
        for table in self.paper.tables:
            captioned = whole_of(self.paper, table, Whole("", None, None))
            headed = list(sizes(self.paper, table))
            if captioned.n:
                found.append(captioned)
            elif len({n for n, _ in headed}) == 1:
                found += [Whole("", n, quote) for n, quote in headed]
        return found

    def settled(self, d: Draft) -> Statement | None:
        """The statement that a draft makes, with its group and denominator settled.

        Drafts come in the order of the text. A bare count in a paper that tells of no group is no statement.
        """
        p = d.passage
        if p.late is not None and d.end > p.late[2]:
            d.group = f"{p.late[0]}: {d.group}" if d.group else p.late[0]
            d.people = False
        if not p.study and self.whole.n is None and _bare(d):
            return None
        quote = p.quote(self.paper, d.start, d.end)
        if _bare(d) and _totals(d, quote):
            return Statement(group=_named(p, d.of), quantity="n", n=d.n, quotes=(quote,))
        group, size, place = self._group(d)
        denominator, n = d.denominator, d.n
        if d.quantity not in ("count", "share"):
            n = n if d.quantity in TESTS else n or d.size or size
            place = None
        elif denominator is None and d.months is None:
            denominator, place, group = self._denominator(d, group, size, place)
        else:
            place = None
        if d.quantity == "count" and n:
            self._near.append((p.paragraph, n, d))
        return Statement(
            group=_named(p, group),
            quantity=d.quantity,
            of=d.of,
            value=d.value,
            low=d.low,
            high=d.high,
            n=n,
            denominator=denominator,
            unit=d.unit,
            months=d.months,
            p=d.p,
            printed=d.printed,
            printed_low=d.printed_low,
            printed_high=d.printed_high,
            quotes=(quote, place) if place is not None and denominator is not None else (quote,),
        )

    def _denominator(
        self, d: Draft, group: str, size: int | None, place: Quote | None
    ) -> tuple[int | None, Quote | None, str]:
        """What a count is a count of, where the words do not say.

        It is its group, unless the group does not explain the share as printed and a number nearby does.
        """
        if not d.people and d.printed and d.n and size and explains(d.n, size, d.printed):
            return size, place, group
        if not d.people or ("exclu" in d.passage.text and _EXCLUDED.search(d.passage.text)):
            return None, None, group
        if d.n is None or d.printed is None:
            fits = (
                size is not None
                and (d.n is None or d.n <= size)
                and not (d.n == size and d.quantity == "count")
            )
            return (size, place, group) if fits else (None, None, group)
        if size is not None and explains(d.n, size, d.printed):
            return size, place, group
        for paragraph, n, near in reversed(self._near):
            close = paragraph == d.passage.paragraph or (
                not near.people and d.passage.paragraph - paragraph < 3
            )
            if close and n > d.n and explains(d.n, n, d.printed):
                return n, near.passage.quote(self.paper, near.start, near.end), tidy(f"{n} {near.of}")
        for (study, n), (p, m) in self._first.items():
            if study == d.passage.study and n > d.n and explains(d.n, n, d.printed):
                return n, p.quote(self.paper, m.start, m.noun_end), m.label
        return (size, place, group) if size is not None and d.n < size else (None, None, group)

    def _group(self, d: Draft) -> tuple[str, int | None, Quote | None]:
        """The group of a draft: beside the number, at the head of the sentence, or at large."""
        p = d.passage
        if d.group:
            return d.group, d.size or _stated(d.group) or self._size_of(d.group, p), None
        if d.apart:
            return "", None, None
        lead = self._lead(d)
        if lead is not None:
            inner = self._bracketed(d, lead)
            if inner is not None:
                return tidy(f"{inner.n} {inner.of}"), inner.n, p.quote(self.paper, inner.start, inner.end)
            n = lead.n or self._size_of(lead.label, p)
            quote = p.quote(self.paper, lead.start, lead.end)
            if lead.n and self.whole.n and lead.n > self.whole.n and not p.study:
                self._carried = p.paragraph, lead, quote
            return lead.label, n, quote
        if p.study:
            return self._of_study(p)
        head = _HEAD.match(p.text)
        if head is not None and head.end() <= d.end:
            n = count(head["n"] or head["of"] or "")
            return (
                tidy(p.plain[head.start("who") : head.end("who")]),
                n,
                p.quote(self.paper, head.start("who"), head.end()),
            )
        if self._carried and self._carried[0] == p.paragraph:
            return self._carried[1].label, self._carried[1].n, self._carried[2]
        if d.quantity in TESTS and self._several:
            return "", None, None
        return self.whole.group, self.whole.n, self.whole.quote

    def _of_study(self, p: Passage) -> tuple[str, int | None, Quote | None]:
        """The group of another study that was named last before a sentence, in its fullest words."""
        known = self._studies.get(_key(p), [])
        k = bisect_right(known, (p.paragraph, p.start), key=lambda x: (x[0].paragraph, x[0].start))
        if not k:
            return "", None, None
        near = known[max(0, k - 20) : k]
        last = near[-1][1].n
        q, m = next(((q, m) for q, m in near if m.n == last and m.tail), near[-1])
        return m.label, m.n, q.quote(self.paper, m.start, m.end)

    def _bracketed(self, d: Draft, lead: Mention) -> Draft | None:
        """The count whose bracket a draft stands in: "of 40, 12 with pain were treated (7 women …)"."""
        opened = d.passage.text.rfind("(", 0, max(d.start, 1))
        if opened < 0 or d.passage.text.find(")", opened, d.start) >= 0:
            return None
        near = [
            x
            for _, n, x in self._near
            if x.passage is d.passage and lead.end <= x.start < opened and x.end >= opened - 2
        ]
        return near[-1] if near else None

    def _lead(self, d: Draft) -> Mention | None:
        """The group that the sentence names before a draft as the one it speaks of."""
        p = d.passage
        best = None
        clause = max(p.text.rfind(";", 0, d.start), 0)
        for m in self._mentioned(p):
            if m.start > d.start + 3 or (m.start < clause and m.end < clause):
                continue
            if m.count_start >= 0 and d.start <= m.count_start < d.end and d.n == m.n:
                continue
            if LEAD.search(p.text, 0, m.start) or (d.quantity not in ("count", "share") and m.tail):
                best = m
        return best

    def _size_of(self, label: str, p: Passage) -> int | None:
        """The size of a group named elsewhere in the same words."""
        wanted = _content(label)
        found = self._named.get((p.study, wanted), set()) if wanted else set()
        return next(iter(found)) if len(found) == 1 else None


def _content(label: str) -> frozenset[str]:
    """The words of a label that tell one group from another."""
    return frozenset(_WORD.findall(label.lower())) - _COMMON


def _stated(label: str) -> int | None:
    """The number that a label begins with ("all 40 patients")."""
    m = _NUMBERED.match(label.lower())
    return count(m["n"]) if m else None


def _bare(d: Draft) -> bool:
    """Whether a draft is a count without share or denominator."""
    return d.quantity == "count" and d.value is None and d.denominator is None


def _totals(d: Draft, quote: Quote) -> bool:
    """Whether a count in brackets says how many persons were studied: "reviewed all records (N = 396)"."""
    if not (_TOTALLED.search(quote.text.lower()) and _REVIEWED.search(d.passage.text)):
        return False
    return grammar().people.search(d.of) is not None and not _EXCLUDED.search(d.passage.text)


def _key(p: Passage) -> str:
    """One name for the sentences of one other study; unnamed literature is told apart by paragraph."""
    return (
        f"{LITERATURE} {p.paragraph}"
        if p.study.startswith(LITERATURE)
        else p.study.split(" [")[0].split(",")[0]
    )


def _named(p: Passage, group: str) -> str:
    """The group's label, with the other study before it where it is another's."""
    if not p.study:
        return group
    return tidy(f"{p.study}: {group}" if group else p.study)
