"""Groups as a sentence names them: "24 patients with cervical spine metastases"."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from spondyl.extract.series.grammar import COUNT, count, grammar, tidy
from spondyl.extract.series.passages import Passage
from spondyl.extract.series.study import LITERATURE

__all__ = ["LEAD", "Mention", "mentions", "says_size", "sized"]

_STOP = (
    r"(?:a|an|and|as|at|but|by|did|do|for|from|had|has|have|in|into|is|of|on|or|than|that|the|this|to|"
    r"was|were|when|"
    r"where|which|who|whose|with|without|all|most|many|some|more|both|these|those|our|their|no|not|"
    r"per|between|among|"
    r"while|whereas|only|after|before|versus|vs|whether|other|are|be|been|underwent|received|required|"
    r"included|"
    r"analyzed|reviewed|studied|treated|identified|evaluated|enrolled|remaining|additional|showed|also)"
)
_BEFORE = re.compile(
    rf"(?<![a-z0-9.-])(?:(?<![\w.,-])(?P<n>{COUNT}) )?(?<![a-z0-9'/&.-])(?P<adjectives>(?:(?!{_STOP}\b)(?!(?:{COUNT})"
    rf"\b)[a-z][a-z0-9&'/-]* ){{0,3}})$"
)
_BRACKET = re.compile(r"\s?[\[(][^\])]{0,240}[\])]{1,2}")
_TAIL = re.compile(
    r",? ?(?P<how>with|without|who|whose|whom|that|in whom|treated|undergoing|receiving|diagnosed|"
    r"presenting|managed|"
    r"having|suffering|operated|affected by|lost to)\b(?P<rest>[^,;:()\[\]]*)"
)
_VERB = re.compile(
    r"\s(?:was|were|is|are|had|has|have|underwent|received|developed|died|survived|lived|showed|"
    r"presented|required|"
    r"experienced|compared|did|by|at a|at the last|occurred|and (?:those|without|with|\d)|than|versus|"
    r"vs|could|between|"
    r"demonstrated|from \w+ (?:19|20)\d\d|in the present|in this|in our|during|according|remained|"
    r"exhibited|to (?:\w+ly )?"
    r"(?:evaluate|determine|assess|investigate|study))\b"
)
_STATISTIC = re.compile(
    rf" (?:(?:an? )?(?:mean|median|average|range|total)|(?:{COUNT}) (?:[a-z]+ )?(?:cases|patients|"
    rf"illustrative))\b"
)
_RELATIVE = frozenset({"who", "whose", "whom", "that", "in whom"})
_LONGEST = 60
"""No number with adjectives before a noun is longer."""
_ALL = re.compile(r"(?:\ball(?: of)? (?:the |our |these )?|\bthe entire )$")


class Mention(NamedTuple):
    """A group as one sentence names it.

    Args:
        label: The words ("24 patients with cervical spine metastases"), what stands in brackets left out.
        n: How many, where the words say so.
        start, end: Its place in the sentence, tail and brackets included.
        noun_end: Where its noun ends.
        count_start: Where its number stands, or -1.
        tail: Whether words tell these persons from others ("with cervical spine metastases").
    """

    label: str
    n: int | None
    start: int
    end: int
    noun_end: int
    count_start: int
    tail: bool


def mentions(p: Passage) -> list[Mention]:
    """The groups of persons that a sentence names, in order.

    Example:
        >>> from spondyl.extract.series.passages import passages
        >>> from spondyl.record import Paper
        >>> text = "We studied 24 patients [14 men], with cervical metastases, who did well."
        >>> mentions(passages(Paper(id="p", source="p", text=text))[0])[0].label
        '24 patients with cervical metastases'
    """
    found: list[Mention] = []
    done = 0
    for m in grammar().after_other.finditer(f" {p.text}"):
        start, end = m.start(), m.end() - 1
        if start < done:
            continue
        mention = _mention(p, start, end)
        found.append(mention)
        done = mention.end if mention.tail else end
    return found


def sized(p: Passage) -> bool:
    """Whether a sentence may name a group with its size: a number shortly before a noun for persons."""
    for m in grammar().after_other.finditer(p.text) if p.numbers else ():
        k = bisect_left(p.numbers, m.start())
        if k and p.numbers[k - 1] > m.start() - _LONGEST:
            return True
    return False


def _mention(p: Passage, start: int, noun_end: int) -> Mention:
    before = _BEFORE.search(p.text, max(0, start - _LONGEST), start)
    first = before.start() if before else start
    n = count(before["n"]) if before and before["n"] else None
    count_start = before.start("n") if before else -1
    bracket = _BRACKET.match(p.text, noun_end)
    after = bracket.end() if bracket else noun_end
    tail = _TAIL.match(p.text, after)
    if tail is None and bracket is not None:
        tail = _TAIL.match(p.text, noun_end)
    head = p.plain[first:noun_end]
    everyone = _ALL.search(p.text, max(0, first - 16), first)
    if everyone:
        head = p.plain[everyone.start() : noun_end]
    if tail is not None and _STATISTIC.match(tail["rest"]):
        tail = None
    if tail is None or (tail.start() != noun_end and tail.group()[0] == "," and n is None):
        return Mention(tidy(head), n, first, noun_end, noun_end, count_start, False)
    end = _tail_end(p.text, tail)
    label = f"{head} {p.plain[tail.start() : end].lstrip(', ')}"
    return Mention(tidy(label), n, first, end, noun_end, count_start, end > tail.end("how"))


def _tail_end(text: str, tail: re.Match[str]) -> int:
    """Where the words about a group end: before the verb of the sentence."""
    start = tail.start("rest")
    if tail["how"] in _RELATIVE:
        gaps = [gap.start() for gap in re.finditer(r"\s+", text[start : tail.end("rest")])]
        if len(gaps) < 4:
            return tail.end("rest")
        start += gaps[3]
    verb = _VERB.search(text, start, tail.end("rest"))
    return verb.start() if verb else tail.end("rest")


_DEFINITE = re.compile(
    r"\b(?:of|in|among|for|all|the|these|our|those|from)(?: (?:all|the|these|our|those|entire))* $"
)
_STUDIED = re.compile(
    r"\b(?:studied|stud(?:y|ies) (?:of|included|comprised)|review(?:ed)?(?: of)?|analy[sz]ed|"
    r"includ(?:ed|es|ing)|enrolled|identified|"
    r"evaluat(?:ed|es)|treated|describe[sd]?|report(?:s|ed)?|present(?:s|ed)?|series of|cohort of|"
    r"total of|registered|recruited|"
    r"operated on|investigated|examined|comprised|consist(?:s|ed) of|outcomes? in|survival in|"
    r"records of|experience with|registry of)\b"
    r"(?: (?:\w+ly|a|an|the|all|records? of|of|case series of|series of|total of|cohort of|"
    r"consecutive|on|data (?:of|from)|our|group of)){0,5} $"
)
_MET = re.compile(
    r"^(?: \([^)]*\))?,? (?:met (?:the|our|all) (?:inclusion|eligibility|study)? ?criteria|"
    r"were (?:included|enrolled|analy[sz]ed|"
    r"identified|reviewed|studied|recruited|eligible|registered|treated (?:from|between|in) )|"
    r"was (?:included|analy[sz]ed|"
    r"reviewed)|consisting of|comprising)\b|^ ?[(\[]\d+ (?:men|women|male|female)"
)
LEAD = re.compile(r"(?:^|[;(] ?|\. )(?:of|among|in|from)(?: (?:all|the|these|our|those|a total of))* $")


_SHARED = re.compile(r"\s?[(\[]\d+(?:\.\d+)?\s?%")
_PART_OF = re.compile(r"\d (?:of|out of)(?: the| these| our| all)* $")
_IN = re.compile(r"\bin $")
_THE = re.compile(r"\b(?:all|the|these|our|those) $")
_REST = re.compile(r"\b(?:remaining|other|first|last) $")
_OF = re.compile(r"(?:^| )of $")
_COUNT_OF = re.compile(r"\d of $")
_AMONG = re.compile(r"\b(?:in|of|for) $")
_JOINED = re.compile(r"\b(?:and|only|while|whereas) $")


def says_size(p: Passage, m: Mention) -> bool:
    """Whether a mention says how large a group is, rather than how many had something."""
    before = p.text[max(0, m.count_start - 90) : m.count_start]
    if _SHARED.match(p.text[m.noun_end : m.noun_end + 10]):
        return False
    if _PART_OF.search(before):
        return not p.study.startswith(LITERATURE)
    if LEAD.search(before) and (m.tail or p.text[m.end : m.end + 1] == ","):
        return not _IN.search(before) or m.tail
    if _DEFINITE.search(before) and _THE.search(before):
        return not _REST.search(before)
    if _OF.search(before) and m.tail and not _COUNT_OF.search(before):
        return True
    if _STUDIED.search(before):
        return True
    if p.study and m.tail and _AMONG.search(before):
        return True
    return (
        (m.count_start == 0 and _MET.match(p.text, m.end if m.tail else m.noun_end) is not None)
        or (_MET.match(p.text[m.noun_end :]) is not None and not _JOINED.search(before))
        or (p.kind == "title" and grammar().people.search(m.label) is not None)
    )
