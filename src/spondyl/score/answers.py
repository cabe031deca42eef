"""What a clinician says in place of an answer: a level, a Karnofsky value, a tumour, a number with its unit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from spondyl.record import Quote, UsageError
from spondyl.score.model import Asked, Choice
from spondyl.score.performance import converted, kept_apart
from spondyl.score.scales import UNKNOWN, YES_NO, Range, Scale, ranges, scale_of
from spondyl.words.tsv import rows

__all__ = ["Answer", "closest", "covered", "is_unknown", "primaries", "understand"]


@dataclass(frozen=True)
class Answer:
    """What was made of something said: the answers still possible (none: not known), and how it was read.

    Args:
        given: What was said.
        options: Ids of the answers still possible.
        how: How it was read; "" where an answer was named outright.
        field: The field of a case record that it came from; "" where it was typed.
        words: The words of the paper that say it.
    """

    given: str
    options: tuple[str, ...] = ()
    how: str = ""
    field: str = ""
    words: tuple[Quote, ...] = ()


@cache
def primaries() -> Mapping[str, str]:
    """Tumours by their names, in lower case → the concept that sheets list."""
    columns = ("term", "concept")
    return {row["term"].casefold(): row["concept"] for row in rows("spondyl.score", "primaries.tsv", columns)}


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """ "; did you mean …?" for a word that is almost one of those known; nothing if none is near.

    Example:
        >>> closest("sinss", ["sins", "mirels"])
        '; did you mean sins?'
    """
    folded = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    near = near or [k for k in folded if len(word) > 2 and k.startswith(word.casefold())]
    return f"; did you mean {folded[near[0]]}?" if near else ""


def is_unknown(value: Any) -> bool:
    """Whether something given says that it is not known."""
    return value is None or (isinstance(value, str) and value.strip().casefold() in UNKNOWN)


def understand(asked: Asked, value: Any) -> Answer:
    """Read what was given for a question.

    Args:
        asked: The question.
        value: An answer's id, its label, a word or a value of a scale that the sheet names, "a|b" or a list for
            several that stay possible; a word such as "unknown" for what is not known.

    Returns:
        The answers still possible, and how they were found.

    Raises:
        UsageError: It is none of these; the message lists the right ones.
    """
    if value is None:
        return Answer("")
    if isinstance(value, list | tuple):
        return _several(asked, [understand(asked, v) for v in value])
    text = _text(value)
    if direct := _direct(asked, text):
        return Answer(text, *direct)
    if is_unknown(text):
        return Answer(text)
    if "|" in text:
        return _several(asked, [understand(asked, part) for part in text.split("|")])
    scale = scale_of(asked.scale)
    found = _by_scale(asked, scale, text) if scale else None
    if found is None:
        raise UsageError(f"{asked.id}={text} is not understood; {asked.id} takes {_takes(asked, text)}")
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _several(asked: Asked, answers: Sequence[Answer]) -> Answer:
    possible = {o for a in answers for o in a.options}
    how = "; ".join(dict.fromkeys(a.how for a in answers if a.how))
    kept = tuple(o.id for o in asked.options if o.id in possible)
    return Answer(", ".join(a.given for a in answers), kept, how)


def _direct(asked: Asked, text: str) -> tuple[tuple[str, ...], str] | None:
    """An answer's own id or label, a word of the sheet, or yes and no in other words."""
    folded = text.casefold()
    words = {word.casefold(): to for word, to in asked.words.items()}
    ids = {o.id.casefold(): o.id for o in asked.options}
    if folded in ids:
        return (ids[folded],), ""
    if folded in words:
        to = words[folded]
        several = (to,) if isinstance(to, str) else tuple(to)
        return several, f"{text} is {' or '.join(several)}"
    if set(ids) == {"yes", "no"} and folded in YES_NO:
        return (YES_NO[folded],), ""
    labels = {o.label.casefold(): o.id for o in asked.options}
    return ((labels[folded],), "") if folded in labels else None


def _by_scale(asked: Asked, scale: Scale, text: str) -> Answer | None:
    if scale.kind == "primary":
        return _primary(asked, text)
    if scale.kind == "ordered":
        return _ordered(asked, scale, text)
    named = converted(text, scale.name)
    values = [scale.number(v) for v in named.values] if named else [_number(asked, scale, text)]
    if values[0] is None:
        return None
    possible = [o.id for o in asked.options if o.at and any(v and _holds(scale, o, v) for v in values)]
    if not possible:
        raise UsageError(f"{text} belongs to no answer of {asked.id}: {_listed(asked.options)}")
    how = named.how if named else f"{_with_name(scale, text)} is {' or '.join(possible)}"
    return Answer(text, tuple(possible), how)


def _number(asked: Asked, scale: Scale, text: str) -> Range | None:
    if apart := kept_apart(text, scale.name):
        raise UsageError(f"{asked.id}: {apart}")
    try:
        return scale.number(text)
    except UsageError as error:
        raise UsageError(f"{asked.id}: {error}") from error


def _with_name(scale: Scale, text: str) -> str:
    bare = re.fullmatch(r"[\d.]+", text)
    return f"{scale.name} {text}" if bare and not scale.unit and scale.name.isupper() else text


def _holds(scale: Scale, option: Choice, value: Range) -> bool:
    stretches = ranges(option.at)
    if points := scale.points():
        return any(value.holds(p) and s.holds(p) for p in points for s in stretches)
    return any(value.meets(s) for s in stretches)


def _ordered(asked: Asked, scale: Scale, text: str) -> Answer | None:
    names = [n for part in re.split(r"\s*[,;+]\s*|\s+and\s+", text) for n in _name(scale, part) or [""]]
    if "" in names:
        return None
    of = {n: o.id for o in asked.options if o.at for n in scale.covers(o.at)}
    outside = [n for n in names if n not in of]
    if outside:
        raise UsageError(f"{', '.join(outside)} belongs to no answer of {asked.id}: {_listed(asked.options)}")
    possible = tuple(o.id for o in asked.options if o.id in {of[n] for n in names})
    prefix = f"{scale.name} " if scale.name.istitle() else ""
    return Answer(text, possible, "; ".join(f"{prefix}{n} is {of[n]}" for n in dict.fromkeys(names)))


def _name(scale: Scale, text: str) -> tuple[str, ...]:
    if scale.name == "level":
        text = re.sub(r"\b(?:Th|D)\.?\s?(?=\d)", "T", text, flags=re.IGNORECASE)
    return scale.named(text)


def _primary(asked: Asked, text: str) -> Answer | None:
    concept = primaries().get(text.casefold())
    listed = {c.strip(): o for o in asked.options if o.at for c in o.at.split(",")}
    if concept is None and text.casefold() not in listed:
        return None
    if found := listed.get(concept or text.casefold()):
        return Answer(text, (found.id,), f"{text} is {found.id} ({found.label})")
    others = [o for o in asked.options if o.others]
    if not others:
        raise UsageError(f"{text} is not among the tumours of {asked.id}: {_listed(asked.options)}")
    return Answer(
        text, (others[0].id,), f"{text} is not named by the score and falls under others ({others[0].id})"
    )


def covered(asked: Asked) -> Mapping[str, tuple[str, ...]]:
    """Every word that is surely understood → the answers it leaves possible; numbers of open scales are left out.

    Args:
        asked: The question.
    """
    words: dict[str, tuple[str, ...]] = {}
    for word in _vocabulary(asked):
        try:
            words[word.casefold()] = understand(asked, word).options
        except UsageError:
            continue
    return words


def _vocabulary(asked: Asked) -> list[str]:
    out = [o.id for o in asked.options] + [o.label for o in asked.options] + [*asked.words, *YES_NO]
    scale = scale_of(asked.scale)
    if scale is None:
        return out
    if scale.kind == "primary":
        return [*out, *primaries()]
    names = [*scale.values, *scale.also] if scale.kind == "ordered" else [f"{p:g}" for p in scale.points()]
    return [*out, *names, *(f"{scale.name} {n}" for n in names)]


def _listed(options: Sequence[Choice]) -> str:
    return ", ".join(f"{o.id} ({o.at})" if o.at and len(o.at) < 40 else o.id for o in options)


def _takes(asked: Asked, text: str) -> str:
    """What a question takes, and what is nearest to what was given."""
    ids, scale = [o.id for o in asked.options], scale_of(asked.scale)
    known = [*ids, *asked.words]
    if scale is None:
        return f"{', '.join(ids)}{closest(text, known)}"
    if scale.kind == "primary":
        return f"{', '.join(ids)}, or the name of a tumour{closest(text, [*known, *primaries()])}"
    return f"{', '.join(ids)}, or a {scale.title} ({scale.span}){closest(text, known)}"
