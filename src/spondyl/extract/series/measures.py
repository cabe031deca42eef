"""Means, medians and what stands around them: SD, range, quartiles, interval."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from spondyl.extract.series.drafts import Draft
from spondyl.extract.series.grammar import DECIMAL, grammar, number_of, tidy
from spondyl.extract.series.passages import Passage
from spondyl.extract.series.spreads import SD, SPREAD_SE, UNIT, Spread, merged, spreads, unit_of

__all__ = ["measures"]

_STAT = re.compile(r"\b(?P<stat>mean|median|average)\b(?P<form>\s?[\[(][^\])\d]{1,30}[\])])?")
_NUMBER = re.compile(rf"(?<![\w.,-])(?P<v>{DECIMAL})(?![\d\w]|[.,]\d|/\d|\s?-\s?\d|-(?:year|month|week|day))")
_JOINS = re.compile(
    r"(?:^|\s)(?:was|were|is|are|of|at|as|being|be|reached|only|approximately|about|fell from|"
    r"rose from|(?:increased|decreased|"
    r"improved|dropped|changed|declined) from|from|to|had|averaged|equal to|remained|age|aged)\s$|[:=,(]\s?$"
)
_AFTER = re.compile(rf"\s?{UNIT}")
_BRACKET = re.compile(
    r"\s?(?P<open>[(\[])(?P<in>[^()\[\]]{1,160}(?:[\[(][^()\[\]]{0,60}[\])][^()\[\]]{0,60})?)[)\]]"
)
_LATE = re.compile(
    r" (?:in|on|at|after|before|for|pre|post)[^,;.()\[\]]{2,50}[(\[](?P<in>(?:range|sd|iqr|"
    r"95% ci)\b[^()\[\]]{1,60})[)\]]"
)
_NEXT_RANGE = re.compile(r"(?:,|;)? (?=(?:range|ranging|ranged|iqr|interquartile|sd|95% c)\b)")
_CONT = re.compile(
    rf"(?P<join>,? (?:and(?: of)?|vs\.?|versus|compared (?:with|to)|to|against|or)|"
    rf",) (?P<v>{DECIMAL})(?![\d\w]|[.,]\d|/\d|-(?:year|month|week|day))"
)
_END = re.compile(r"[,;.()\[\]]| (?:and|compared|vs|versus|whereas|while|but|than|with a|than|to (?=\d))\b")
_VERBS = re.compile(
    r"\b(?:was|were|is|are|had|of|been|fell|rose|increased|decreased|improved|dropped|to|from|at|being)\b"
)
_WHOM = re.compile(
    r"(?:\s?[(\[][^)\]]*[)\]])?,? (?:in|for|among|of) (?P<who>(?:(?:the|all|our|these|"
    r"those) )?(?:\d+ )?(?:[a-z][\w'-]* ?){1,9}?)(?=$|[,;.(\[)\]]| (?:and|compared|vs|versus|whereas|"
    r"while|but|than|at|after|was|were|respectively|when)\b)"
)
_NOT_WHOM = re.compile(
    r"^(?:the )?(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"surgery|a |an |time|diagnosis|treatment|last|first|study|present|literature|range|ten|total|all cases$)"
)


def measures(p: Passage) -> Iterator[Draft]:
    """The means and medians that a sentence states, each with its spread.

    Args:
        p: The sentence.

    Yields:
        Drafts of quantity "mean" or "median", then "sd", "range" and "quartiles" with the same words.

    Example:
        >>> from spondyl.extract.series.passages import passages
        >>> from spondyl.record import Paper
        >>> text = "The mean age was 56.2 ± 1.8 years (range 31-80)."
        >>> p = passages(Paper(id="p", source="p", text=text))[0]
        >>> [(d.quantity, d.of, d.printed or (d.low, d.high)) for d in measures(p)]
        [('mean', 'age', '56.2'), ('sd', 'age', '1.8'), ('range', 'age', (31.0, 80.0))]
    """
    text = p.text
    if not ("mean" in text or "median" in text or "average" in text or "±" in text or "+/-" in text):
        return
    done = 0
    for stat in _STAT.finditer(p.text):
        if stat.start() < done:
            continue
        value = _value(p.text, stat)
        if value is None:
            continue
        of, first = _measured(p, stat, value)
        name = "median" if stat["stat"] == "median" else "mean"
        drafts, done = _one(p, value, name, of, first, stat["form"] or "")
        yield from drafts
        done = yield from _continued(p, done, drafts[0], first)
    yield from _bare(p, done)


def _value(text: str, stat: re.Match[str]) -> re.Match[str] | None:
    """The number that a "mean" or "median" gives."""
    limit = min(len(text), stat.end() + 150)
    following = _STAT.search(text, stat.end(), limit)
    stop = text.find(";", stat.end(), limit)
    limit = min(x for x in (limit, following.start() if following else limit, stop if stop > 0 else limit))
    for m in _NUMBER.finditer(text, stat.end(), limit):
        gap = text[stat.end() : m.start()]
        if len(gap) > 130 or ")" in gap.replace("(sd)", "").replace(")", "", gap.count("(")):
            return None
        if grammar().subject.match(text, m.end() + 1):
            continue
        if _REFERRED.search(gap):
            return None
        if _JOINS.search(gap) or not gap.strip() or (_near(gap) and _closes(text, m.end())):
            return m
        if _AFTER.match(text, m.end()) and re.search(r"\bthan\s$", gap):
            return None
    return None


def _near(gap: str) -> bool:
    return len(gap.split()) <= 4 and _NOT_NEAR.search(gap) is None


def _closes(text: str, end: int) -> bool:
    return _AFTER.match(text, end) is not None or text[end : end + 1] in (";", ")", "]")


_REFERRED = re.compile(
    r"\b(?:figures?|figs?|tables?|refs?|references?)\.?\s$|\bnot (?:yet )?(?:been )?reached\b"
)
_NOT_NEAR = re.compile(r"\b(?:after|at|within|by|than|before|over|under|in|for|with)\s$")
_LINKS = re.compile(
    r"(?:[ ,:=(]+|\b(?:was|were|is|are|of|at|as|being|reached|only|approximately|about|fell|rose|"
    r"increased|decreased|improved|"
    r"dropped|changed|declined|from|to|had|averaged|remained|a|an|and|aged|varies|varied|ranged))+$"
)


def _measured(p: Passage, stat: re.Match[str], value: re.Match[str]) -> tuple[str, int]:
    """What a mean or median measures, and where the words begin."""
    inner = p.plain[stat.end() : value.start()]
    words = _LINKS.sub("", inner)
    words = re.split(r" (?:was|were|is|are) ", words)[0] if len(words.split()) < 16 else ""
    if not words.strip(" ,:=(") or inner.lower().startswith(" of "):
        return _subject(p, stat.start())
    before = _KIND.search(p.text[: stat.start()])
    return tidy((before.group() if before else "") + words), before.start() if before else stat.start()


def _subject(p: Passage, at: int) -> tuple[str, int]:
    """The words before "a mean of" that say what is measured."""
    opened = p.text[at - 1 : at] in ("(", "[")
    head = p.text[: at - opened]
    start = max((m.end() for m in (_CLAUSE_OPENED if opened else _CLAUSE).finditer(head)), default=0)
    return tidy(_RATED.sub("", p.plain[start : at - opened])), start


_KIND = re.compile(r"\b(?:overall|initial|estimated|postoperative|preoperative) $")
_CLAUSE = re.compile(r"[;:.(\[] ?|, ")
_CLAUSE_OPENED = re.compile(r"[;:.,)\]] ?|\band ")
_RATED = re.compile(
    r"\s?\b(?:was|were|is|had|has|at|as|with|was rated as|rated as|by|after)?(?: an?)?\s?$", re.IGNORECASE
)


def _one(
    p: Passage, value: re.Match[str], name: str, of: str, first: int, form: str
) -> tuple[list[Draft], int]:
    """The drafts of one value with its spread, and where they end."""
    text = p.text
    end = value.end()
    words = []
    sd = SD.match(text, end)
    if sd:
        words.append(sd.group())
        end = sd.end()
    unit = _AFTER.match(text, end)
    if unit:
        end = unit.end()
        sd = sd or SD.match(text, end)
        if sd and sd.start() == end:
            words.append(sd.group())
            end = sd.end()
    while True:
        bracket = _BRACKET.match(text, end)
        if bracket is None or not any(c.isdigit() for c in bracket["in"]) or not spreads(bracket["in"], form):
            break
        words.append(bracket["in"])
        end = bracket.end()
        if unit is None:
            unit = _AFTER.match(text, end)
            end = unit.end() if unit else end
    late = None if words else _LATE.match(text, end)
    if late:
        words.append(late["in"])
    following = _NEXT_RANGE.match(text, end)
    if following:
        stop = re.compile(r"[;)\]]|,(?! ?\d)|\.(?!\d)").search(text, following.end(), following.end() + 60)
        last = stop.start() if stop else min(len(text), following.end() + 60)
        words.append(text[following.end() : last])
        end = last
    if words and SPREAD_SE.search(text, end, end + 8):
        form += " sem"
    found = _drafts(
        p, (first, end), name, of, value["v"], unit_of(unit["unit"] if unit else None), merged(words, form)
    )
    end = max(found[0].end, end)
    if late:
        end = max(end, late.end())
        for d in found:
            d.end = end
    return found, end


def _drafts(
    p: Passage, span: tuple[int, int], name: str, of: str, printed: str, unit: str | None, s: Spread
) -> list[Draft]:
    first, end = span
    main = Draft(p, first, end, name, of=of, value=number_of(printed), unit=unit, printed=printed)
    if s.interval:
        main.printed_low, main.printed_high = s.interval
        main.low, main.high = map(number_of, s.interval)
    out = [main]
    if s.sd:
        quantity = "sem" if s.sem else "sd"
        out.append(Draft(p, first, end, quantity, of=of, value=number_of(s.sd), unit=unit, printed=s.sd))
    for quantity, pair in (("range", s.range), ("quartiles", s.quartiles)):
        if pair:
            low, high = map(number_of, pair)
            out.append(
                Draft(
                    p,
                    first,
                    end,
                    quantity,
                    of=of,
                    low=low,
                    high=high,
                    unit=unit,
                    printed_low=pair[0],
                    printed_high=pair[1],
                )
            )
    whom = _WHOM.match(p.text, end)
    if whom and not _NOT_WHOM.match(whom["who"]) and _persons(whom["who"]):
        for d in out:
            d.group = tidy(p.plain[whom.start("who") : whom.end("who")])
            d.end = max(d.end, whom.end())
    elif name == "mean" or name == "median":
        _trail(p, out, end)
    return out


def _persons(words: str) -> bool:
    """Whether words after "in" or "of" can name a group."""
    if grammar().subject.search(words) or words.endswith("others"):
        return True
    return len(words.split()) < 4 and not any(c.isdigit() for c in words)


def _trail(p: Passage, drafts: list[Draft], end: int) -> None:
    """Words behind the value that belong to the measure ("preoperatively", "after initial diagnosis")."""
    stop = _END.search(p.text, end)
    last = stop.start() if stop else len(p.text)
    extra = p.plain[end:last].strip()
    if (
        3 < len(extra) < 70
        and not re.match(r"(?:old|of age)\b", extra)
        and not any(c.isdigit() for c in extra[:2])
    ):
        for d in drafts:
            d.of, d.end = tidy(f"{d.of} {extra}"), last


def _continued(p: Passage, end: int, first: Draft, start: int) -> Generator[Draft, None, int]:
    """Further values of the same measure: "7 months after surgery and 4 months after radiation"."""
    of = first.of
    while True:
        join = _CONT.search(p.text, end, min(len(p.text), end + 60))
        if (
            join is None
            or ";" in p.text[end : join.start()]
            or grammar().subject.match(p.text, join.end() + 1)
            or _COUNTED.match(p.text, join.end())
        ):
            return end
        between = p.text[end : join.start()]
        if any(c.isdigit() for c in between):
            return end
        unit = _AFTER.match(p.text, join.end())
        if unit and first.unit and unit_of(unit["unit"]) != first.unit:
            return end
        if not unit and not _SAME.match(p.text, join.end()):
            return end
        drafts, end = _one(p, _NUMBER.match(p.text, join.start("v")) or join, first.quantity, of, start, "")
        for d in drafts:
            d.unit = d.unit or first.unit
            d.apart = not d.group and _OTHER_SIDE.match(join["join"]) is not None and d.of == of
        yield from drafts


_COUNTED = re.compile(rf"\s?[(\[]{DECIMAL}\s?%")
_OTHER_SIDE = re.compile(r",? (?:vs|versus|compared|against)")
_SAME = re.compile(
    r" (?:in|for|at|on|after|before|among|months?|years?|weeks?|days?|preop\w*|postop\w*|points)\b|"
    r" ?[(,.;)]|$"
)
_PLUS_MINUS = re.compile(rf"(?<![\w.,-])(?P<v>{DECIMAL})\s?(?:±|\+/-)\s?(?P<sd>{DECIMAL})")


def _bare(p: Passage, done: int) -> Iterator[Draft]:
    """Values with ± that no "mean" announces."""
    if "±" not in p.text and "+/-" not in p.text:
        return
    for m in _PLUS_MINUS.finditer(p.text, done):
        start = max((x.end() for x in re.finditer(r"[;:.(\[] ?|, ", p.text[: m.start()])), default=0)
        of = re.sub(r"\s(?:was|were|is|of|at|to|from|:)$", "", p.plain[start : m.start()].strip())
        drafts, _ = _one(p, m, "mean", tidy(of), start, "")
        yield from drafts
