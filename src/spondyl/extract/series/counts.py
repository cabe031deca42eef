"""Counts and shares in prose: "Twenty (44%)", "29 of the 31 patients (94%)", "uterine (N = 18, 40%)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.grammar import COUNT, DECIMAL, PERCENT, count, grammar, number_of, tidy
from spondyl.extract.series.passages import Passage
from spondyl.extract.series.predicates import CLAUSE, LABEL_STOP, LEADING, predicate
from spondyl.extract.series.shares import shares

__all__ = ["counts"]

_TOKEN = re.compile(rf"(?<![\w.,/<>=±$'+-])(?P<n>{COUNT})(?![\w%°'-]|[.,]\d|/\d|\s?%|\s?±)")
_PAREN = re.compile(
    rf"\s?(?P<open>[(\[])(?:\d{{1,5}}/(?P<over>\d{{1,5}})[,;:]? ?)?{PERCENT}(?P<rest>[^)\]]{{0,80}})[)\]]"
)
_NOUN_PAREN = re.compile(
    rf"(?P<words>(?: (?!(?:{COUNT}|the|most|least|of)\b)[a-z][\w'/&-]*){{1,8}})(?=\s?[(\[](?:\d+/\d+"
    rf"[,;:]? ?)?{DECIMAL}\s?%)"
)
_OF = re.compile(
    rf" (?:[a-z]+ )?(?:of|out of|from among|among)(?P<sure> (?:all(?: of)? )?(?:the|these|our|those|"
    rf"all)(?: other| remaining)?| a total of)?"
    rf" (?P<d>{COUNT})(?![\w.,%]\d)(?P<words>(?: (?!(?:{COUNT}|had|was|were|did|the|"
    rf"and)\b)[a-z][\w'/&-]*){{0,4}})"
)
_OVER = re.compile(
    rf"(?<![\w./-])(?P<n>\d{{1,5}})\s?/\s?(?P<d>\d{{1,5}})(?![\w./-])(?:\s?[(\[,;]\s?{PERCENT}[)\]]?)?"
)
_LABELLED = re.compile(
    rf"(?P<open>[(\[])\s?n\s?=\s?(?P<n>\d{{1,3}}(?:,\d{{3}})+|"
    rf"\d{{1,6}})(?:(?: of (?P<d>\d{{1,6}}))?(?:[,;/]|\s)?\s?[(\[]?{PERCENT})?"
)
_ITEM = re.compile(r"[(;:]\s?(?P<label>[a-z][^,;:()\[\]]{1,70}), (?P<n>\d{1,5})(?=[;)])")
_MEASURE = re.compile(
    r"[ -](?:(?:to|or|and) \d+ )?(?:months?|years?|yrs?|weeks?|days?|hours?|h|minutes?|min|seconds?|"
    r"cm|mm|m|ml|l|mg|g|kg|"
    r"mmhg|gy|cgy|points?|percent|per cent|fold|times|degrees?|cycles?|fractions?|units?|stages?|"
    r"steps?|levels? (?:above|below)|"
    r"decades?|different|mitoses|high|of (?:the )?(?:most|us|them|which|whom)\b|of (?:our|"
    r"these)\b(?! \d)|per|in \d+)\b|\s?(?:°|×|x \d)"
)
_NUMBERED = re.compile(
    r"\b(?:grade|stage|level|type|table|tables|figure|figures|fig|figs|ref|case|patient|version|phase|"
    r"day|month|year|age|"
    r"aged|ecog|asia|score|scores|step|group|class|no|number|vol|volume|page|pp|chapter|section|model|"
    r"and|least|than|over|under|about|"
    r"approximately|vas|odi|msts|kps|points?|ratio|risk|ci)\.?[ :]$"
)
_PER = re.compile(r"\b(?:per|every|each|(?:\d|one)(?: [a-z]+)? in) $")
_ONE_IN = re.compile(r"(?: [a-z]+)? in (?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b")
_BAD_BEFORE = re.compile(r"\b(?:no|the|that|this|any|each|another|which|another|day|age|score|of) $")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_VERB = re.compile(
    r" (?:\w+ly )?(?:were|was|had|have|has|underwent|received|remained|died|required|did|experienced|"
    r"developed|demonstrated|"
    r"survived|showed|moderate|mild|who|presented|needed|achieved|showing|are|is|complained|reported|"
    r"suffered|improved)\b"
)
_LIST = re.compile(
    r" (?:with|for|at|in|by|to|without|after|on|due|because|under|alone|males?|females?)\b| (?:c|t|th|"
    r"l|s)-?\d"
)
_LISTED = re.compile(r"(?:[,;:(\[]|\band|\bor|\bwhereas|\bwhile|\bbut|,? including|\bin) ?$")
_CLOSED = re.compile(r"[,;.:)\]]|$| (?:and|but|whereas|while|including)\b")
_VAGUE = re.compile(
    r"\b(?:hundreds?|thousands?|first|second|half|one third|two thirds?|one quarter|thirds?|quarters?|"
    r"fifths?) "
)


def counts(p: Passage, taken: Iterable[tuple[int, int]] = ()) -> Iterator[Draft]:
    """The counts and shares that a sentence states.

    Args:
        p: The sentence.
        taken: Stretches that other readers have read.

    Yields:
        Drafts of quantity "count" (n, with the share as value where it is printed) or "share".

    Example:
        >>> from spondyl.extract.series.passages import passages
        >>> from spondyl.record import Paper
        >>> text = "Twenty-nine of the 31 patients (94%) had pain."
        >>> p = passages(Paper(id="p", source="p", text=text))[0]
        >>> [(d.n, d.denominator, d.printed, d.of) for d in counts(p)]
        [(29, 31, '94', 'had pain')]
    """
    taken = list(taken)
    noun = ""
    for draft in [*_labelled(p), *_fractions(p), *_items(p)] if p.digits else ():
        taken.append((draft.start, draft.end))
        yield draft
    done = 0
    for at in p.numbers:
        m = _TOKEN.match(p.text, at) if at >= done else None
        if m is None:
            continue
        done = m.end()
        if any(a <= at < b for a, b in taken):
            continue
        found = _counted(p, m, noun)
        if found is None:
            continue
        draft, end, noun = found
        taken.append((at, end))
        yield draft
    yield from shares(p, taken)


def _counted(p: Passage, m: re.Match[str], noun: str) -> tuple[Draft, int, str] | None:
    """The count that a number states: the draft, where it ends, and the noun it counts."""
    n = count(m["n"])
    text = p.text
    if n is None or _measured(text, m):
        return None
    percent = "%" in text
    paren = _PAREN.match(text, m.end()) if percent else None
    of = None if paren else _OF.match(text, m.end())
    end = m.end()
    denominator, kind = None, ""
    if of is not None:
        d = count(of["d"])
        subject = grammar().subject.search(of["words"])
        paren = _PAREN.match(text, of.end())
        if d is not None and d >= n and (of["sure"] or subject or paren):
            end, denominator = (of.start("words") + subject.end() if subject else of.end("d")), d
            paren = _PAREN.match(text, end)
            kind = subject.group() if subject else noun or "those"
        else:
            paren = None
    if denominator is None and paren is None:
        words = _NOUN_PAREN.match(text, m.end()) if percent else None
        subject = grammar().subject.search(text, m.end(), m.end() + 48)
        near = subject is not None and _adjectives(text[m.end() : subject.start()])
        if words and (near or len(words["words"].split()) < 4):
            paren = _PAREN.match(text, words.end())
        if near and subject is not None:
            end, kind = subject.end(), subject.group()
            late = _PAREN.match(text, end)
            paren = late or paren
        elif paren is None:
            if not noun or not _elliptic(text, m):
                return None
            kind = noun
    inner = None
    if paren is not None and paren.start() >= end:
        if p.text[end : paren.start()].strip():
            inner = end, paren.start()
        end = paren.end()
        kind = kind or noun
    people = not kind or grammar().people.fullmatch(kind) is not None or kind == "those"
    draft = _draft(p, m.start(), end, n, paren, inner)
    if kind in _SEXES and (not _VERB.match(text, end) or draft.of == ""):
        draft.of, draft.start, draft.end = kind, m.start(), end
    draft.denominator = draft.denominator or denominator
    draft.people = people
    if denominator is not None and of is not None:
        last = of.end("words") if not grammar().subject.search(of["words"]) else max(end - 0, of.end("d"))
        draft.group = tidy(_CUT.split(p.plain[of.start("d") : min(last, of.end("words"))])[0])
        draft.size = denominator
    return draft, end, kind or noun


_CUT = re.compile(r" (?=[(\[])")
_SEXES = frozenset(
    ["men", "women", "males", "females", "boys", "girls", "male", "female", "man", "woman"]
) | {"male patients", "female patients"}


def _measured(text: str, m: re.Match[str]) -> bool:
    """Whether a number is a measurement, a year or a label rather than a count."""
    words = m["n"]
    if _MEASURE.match(text, m.end()) or (len(words) == 4 and _YEAR.match(words)):
        return True
    if words[0].isdigit() and _NUMBERED.search(text, max(0, m.start() - 16), m.start()):
        return not text[: m.start()].endswith(
            ("and ", "than ", "about ", "over ", "least ", "approximately ")
        )
    if _PER.search(text, max(0, m.start() - 20), m.start()):
        return True
    if words in ("one", "1") and _ONE_IN.match(text, m.end()):
        return True
    if words == "one" and _BAD_BEFORE.search(text, max(0, m.start() - 10), m.start()):
        return True
    return words[0].isdigit() and words[0] == "0" and len(words) > 1


def _adjectives(words: str) -> bool:
    """Whether the words between a number and a noun only describe the noun."""
    parts = words.split()
    return len(parts) <= 4 and not any(
        w in _FUNCTION or w[-1] in ",;:.()" or w[0] in "(%[" or any(c.isdigit() for c in w) for w in parts
    )


_FUNCTION = frozenset(
    [
        "of",
        "in",
        "with",
        "and",
        "or",
        "the",
        "a",
        "an",
        "to",
        "for",
        "from",
        "by",
        "at",
        "on",
        "was",
        "were",
        "had",
        "who",
        "that",
        "than",
        "as",
        "is",
        "are",
        "per",
        "other's",
        "into",
        "underwent",
        "received",
        "between",
        "during",
        "after",
        "before",
        "vs",
        "versus",
    ]
)


def _elliptic(text: str, m: re.Match[str]) -> bool:
    """Whether a bare number counts what the number before it counted ("and four remained stable")."""
    before = text[max(0, m.start() - 16) : m.start()]
    listed = _LISTED.search(before) is not None
    if _VERB.match(text, m.end()):
        return listed or m.start() == 0
    if listed and _LIST.match(text, m.end()):
        return not before.endswith("in ")
    return (
        bool(re.search(r"\b(?:in|by) $", before))
        and _CLOSED.match(text, m.end()) is not None
        and not _VAGUE.match(text, m.end())
    )


def _draft(
    p: Passage,
    start: int,
    end: int,
    n: int | None,
    paren: re.Match[str] | None,
    inner: tuple[int, int] | None = None,
) -> Draft:
    of, first, last = predicate(p, start, end)
    if inner:
        of, first = tidy(f"{p.plain[inner[0] : inner[1]]} {'' if first < start else of}"), start
    share = paren["pct"] if paren is not None else None
    draft = Draft(p, min(start, first), max(end, last), "count", of=of, n=n, printed=share)
    if share is not None:
        draft.value, draft.unit = number_of(share), "percent"
        if paren is not None and paren.groupdict().get("over"):
            draft.denominator = int(paren["over"])
    return draft


def _labelled(p: Passage) -> Iterator[Draft]:
    """Counts in brackets behind their label: "uterine (N = 18, 40%)"."""
    for m in _LABELLED.finditer(p.text) if "=" in p.text else ():
        before = p.text[: m.start()]
        stops = list(LABEL_STOP.finditer(before))
        first = stops[-1].end() if stops else 0
        if not any(c.isalpha() for c in p.text[first : m.start()]) and stops:
            first = max((x.end() for x in CLAUSE.finditer(before)), default=0)
        label = LEADING.sub("", tidy(p.plain[first : m.start()]))
        share = m["pct"]
        draft = Draft(p, min(first, m.start()), m.end(), "count", of=label, n=count(m["n"]), printed=share)
        draft.people = True
        if m["d"]:
            draft.denominator = int(m["d"])
        if share is not None:
            draft.value, draft.unit = number_of(share), "percent"
        if p.text[m.end() : m.end() + 1] in (")", "]"):
            draft.end += 1
        yield draft


def _fractions(p: Passage) -> Iterator[Draft]:
    """Counts over their denominator: "14/45 (31%)"."""
    if "/" not in p.text:
        return
    for m in _OVER.finditer(p.text):
        n, d = int(m["n"]), int(m["d"])
        subject = grammar().subject.match(p.text, m.end() + 1)
        if n > d or d < 2 or not (m["pct"] or subject):
            continue
        draft = _draft(p, m.start(), m.end(), n, m if m["pct"] else None)
        draft.denominator = d
        yield draft


def _items(p: Passage) -> Iterator[Draft]:
    """Counts behind their label in a list: "(lost to follow-up, 5; consent withdrawn, 3)"."""
    found = list(_ITEM.finditer(p.text)) if p.numbers and ", " in p.text else []
    if len(found) < 2:
        return
    for m in found:
        yield Draft(
            p,
            m.start("label"),
            m.end(),
            "count",
            of=tidy(p.plain[m.start("label") : m.end("label")]),
            n=int(m["n"]),
        )
