"""What is said of what is counted: the words after a number, or before it."""

from __future__ import annotations

import re

from spondyl.extract.series.grammar import COUNT, grammar, tidy
from spondyl.extract.series.passages import Passage

__all__ = ["CLAUSE", "LABEL_STOP", "LEADING", "predicate"]

_STOPS = re.compile(
    rf"[,;:()\[\]]|\.$| (?:and|but|or|whereas|while|although|however|with) (?=(?:the |in )?(?!(?:19|"
    rf"20)\d\d\b)(?:{COUNT})\b)| (?:whereas|while|although)\b"
)
_LEAD = re.compile(
    r"(?:^|[,;:.(\[] ?(?:and |while |whereas )?)(?:overall,? |in total,? )?(?:in|for|among|"
    r"of) (?:only |about )?$"
)


def predicate(p: Passage, start: int, end: int) -> tuple[str, int, int]:
    """What is said of the counted: the words after them, or else before them, with their place."""
    text = p.text
    if _LEAD.search(text, max(0, start - 30), start) and text[end : end + 1] == ",":
        stop = _STOPS.search(text, end + 1)
        last = stop.start() if stop else len(text)
        if last - end > 4:
            return tidy(p.plain[end:last]), start, last
    noun = grammar().subject.match(text, end + 1)
    from_ = noun.end() if noun else end
    stop = _STOPS.search(text, from_)
    last = stop.start() if stop else len(text)
    if last - from_ > 3 and not _TURN.match(text, from_):
        return tidy(p.plain[from_:last]), start, last
    first = max(
        (m.end() for m in _STOPS.finditer(text, max(0, start - 200), start)), default=max(0, start - 200)
    )
    while first < start and text[first] in " ,;:":
        first += 1
    if len(tidy(text[first:start])) < 5:
        first = max(
            (m.end() for m in _FAR.finditer(text, max(0, start - 200), max(0, start - 6))),
            default=max(0, start - 200),
        )
    return tidy(p.plain[first:start]), first, end


_FAR = re.compile(r"[;:] |\), |, (?=\w+ \w+)")
_TURN = re.compile(r" (?:and|or|but|whereas|while|than|compared|respectively)\b")


CLAUSE = re.compile(r"[,;:)\]] ?")


LABEL_STOP = re.compile(
    r"[,;:)\]] ?(?:(?:and|or|but|followed by) )?|\b(?:and|or|than|were|was|being|are|is|had|have|"
    r"because of|commonly|by) "
)


LEADING = re.compile(r"^(?:(?:to|the|an?|also|most|that|with) )+")
