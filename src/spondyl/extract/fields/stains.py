"""Immunohistochemistry: markers with their sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.mention import explained
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

_STAINED = re.compile(
    r"immun|stain|tumou?r cells|cells (?:were|was|express|are)|histolog|histopath|phenotyp|biops|specimen"
    r"|patholog|receptor"
)
_SIGNED = re.compile(
    r"positiv|negativ|express|reactiv|stain|immuno|loss|lack|[a-z0-9] ?\(?\+|\d-(?:[ ,;.)]|$)|\(-\)|lost"
    r"|marker"
)
_SERUM = re.compile(r"serum|blood|\blevels?\b|ng/|u/ml|\biu\b|elevated|raised|urine|concentration|plasma")
_SUFFIX = re.compile(
    r"^(?: expression| receptors?| status)?,? ?[:=(]? ?(?:about |approximately |over |in "
    r"|>)?(?P<share>(?:100|[1-9]\d?) ?%)(?! ?neg)"
    r"|^ ?(?:\((?!\+/-)(?P<in>\+{1,4}|-|positive|negative|(?:strongly|weakly|focally|diffusely|diffuse"
    r"|focal) positive)[^)]{0,20}\)"
    r"|(?P<plus>\+{1,4})(?!/-)|(?P<minus>-)(?=[,;.)/ ]|$|and)|: ?(?:\d+ ?%,? )?(?P<colon>positive|negative"
    r"|\+|-)"
    r"|[ -]{0,2}(?:strongly |weakly |focally |diffusely )?(?P<word>(?:positiv|negativ)(?:e"
    r"|ity))\b(?! (?:for|to|with)\b))"
)
_PM = re.compile(r"^ ?\(?(?:\+/-|-/\+|±)")
_ADVERB = (
    r"(?:(?:also|likewise|both|all|being|only|strongly|diffusely|focally|weakly|partially|partly|moderately|intensely|"
    r"clearly|markedly|uniformly|completely|totally|equally|variably|patchily|again|each)[ ,]+){0,3}"
)
_CUE = guarded(
    r"(?P<fneg>\b(?:immuno)?negativ\w*(?: (?!and|but|cells)\w+){0,3}? (?:for|to|with|of)\b"
    r"|\bnegative(?: markers?)?:|\b(?:but|and) not (?:for|with)\b|\bno (?:\w+ ){0,2}?(?:expression|staining"
    r"|immunoreactivity|reactivity|positivity|immunostaining) (?:of|for|with|to)\b"
    r"|\b(?:do|did|does) not (?:express|stain)\w*(?: for| with)?\b|\b(?:was|were|are"
    r"|is) not (?:immuno)?(?:reactive|positive|stained) (?:for|with|to)\b|\black(?:ed|ing"
    r"|s)?(?: of)?(?: the)?(?: expression of| staining for| expression)?\b|\bloss of(?: expression of"
    r"| nuclear| the)?|\bwithout (?:expression|staining) (?:of|for)|\bnon-?reactive (?:for|to|with)\b)"
    r"|(?P<fpos>\b(?:immuno)?positiv\w*(?: (?!and|but|cells|while)\w+){0,3}? (?:for|to|with"
    r"|of)\b(?! (?:cells|the tumou?r|all|most))|\bpositive(?: markers?)?:|\b(?:immuno)?reactiv\w+ (?:for|to"
    r"|with|against)\b|\bexpress(?:ed|es|ing|ion of|)\b(?! in| by| of the tumou?r)|\bmarkers? (?:such as"
    r"|including)\b|\bstrong(?:ly)? (?:staining|expression|stained)(?: of the \w+)? (?:for|of|with)\b"
    r"|\bhighlighted by\b|\b(?:cells|tumou?r|lesion|they|it) (?:also |all |strongly |diffusely )?(?:stained"
    r"|stain|mark|marked) (?:strongly |diffusely |positively |intensely )?(?:for|with)\b)"
    r"|(?P<fany>\b(?:immuno)?(?:stain|histochem|react)\w*(?: (?!was|were|pos|neg)\w+){0,3}? (?:for|with|of"
    r"|against|using)\b|\bantibod\w+ (?:to|against|for)\b|\bexpression of\b)"
    rf"|(?P<bneg>\b(?:was|were|are|is|stained|remained|stains?|tested|proved"
    rf"|came back)[ ,]+{_ADVERB}(?:(?:immuno)?negativ\w+|non-?reactive|absent|lost"
    rf"|unreactive)\b(?! (?:\w+ ){{0,2}}?(?:for|to|with)\b| \w+ (?:node|margin))|\b(?:was|were|are"
    rf"|is) {_ADVERB}not {_ADVERB}(?:expressed|detected|found|identified|stained|present|seen|positive"
    rf"|reactive|demonstrated)\b|\bnegativ(?:e|ity)\b(?= ?(?:[,;.)(]|$|and\b|but\b|while\b|in\b|on\b"
    rf"|staining|immuno|result|nuclear|expression|reaction))|(?<=[ ,])(?:was|were) not\b(?= ?[,;.]|$)"
    rf"|\bshowed no (?:staining|expression|reactivity)\b)"
    rf"|(?P<bpos>\b(?:was|were|are|is|stained|remained|stains?|tested|proved|showed?"
    rf"|demonstrated)[ ,]+{_ADVERB}(?:(?:immuno)?positiv\w*|(?:immuno)?reactive|expressed|detected|present"
    rf"|seen|retained|strong|diffuse)\b(?! (?:\w+ ){{0,2}}?(?:for|to|with|staining|expression)\b)"
    rf"|\b(?:(?:immuno)?positiv(?:e|ity)|immunoreactive|immunopositive)\b(?= ?(?:[,;.)(]|$|and\b|but\b"
    rf"|while\b|in\b|on\b|cells?|staining|tumou?r|immuno|expression|reaction|nuclear|cytoplasmic))"
    rf"|\bexpression\b(?= (?:was (?!not|absent|lost|neg)|in))|\bwere found\b)"
)
_VERB = re.compile(r"(?:was|is|were|are|stained|remained)\b")
_SHOWED = re.compile(
    r"expression of|show|reveal|confirm|demonstrat|gave|strong|diffus|consistent|support|typical"
)
_BREAK = re.compile(
    r";|\. |\bindicat|\bsuggest|\bconsistent|\bconfirm|\bdiagnos|\bwhich\b|\bbut\b|\bwhile\b|\bwhereas\b"
    r"|\bhowever\b"
)
_BRACKETS = re.compile(r"\([^)]{0,60}\)")


class _Cue(NamedTuple):
    start: int
    end: int
    kind: str


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Markers with sign, as "desmin+" or "cd34-"."""
    seen: set[str] = set()
    before = ""
    for s in patient.sentences:
        text, last = s.text, before
        before = text
        hits = [h for h in s.of("marker") if h.entry.row["kind"] != "index"]
        if not hits or not _SIGNED.search(text):
            continue
        stained = _STAINED.search(text) is not None or _STAINED.search(last) is not None
        here: set[str] = set()
        for h, sign, start, end in _signs(s, [h for h in hits if _is_stain(s, h, stained)], stained):
            name = f"{h.concept}{sign}"
            if name not in seen and h.concept not in here:
                seen.add(name)
                here.add(h.concept)
                yield Found("ihc", name, s.block, start, end)


def _is_stain(s: Sentence, h: Hit, stained: bool) -> bool:
    """Whether a marker's name means a stain here, not a serum value, a gene or something else."""
    note = h.entry.note
    if "needs-definition" in note and not explained(s, h):
        return False
    if h.entry.row["kind"] != "serum_also" and "needs-immuno-context" not in note:
        return True
    text = s.text
    return stained and not (_SERUM.search(text) and "immun" not in text and "stain" not in text)


def _signs(s: Sentence, hits: list[Hit], stained: bool) -> Iterator[tuple[Hit, str, int, int]]:
    """Each marker with the sign that governs its list: a sign of its own, a cue before the list, or one after it."""
    text, shift = s.text, s.start
    cues = [_Cue(m.start() + shift, m.end() + shift, str(m.lastgroup)) for m in s.matches(_CUE)]
    free: list[Hit] = []
    for h in hits:
        tail = text[h.end - shift : h.end - shift + 40]
        m = _SUFFIX.match(tail)
        if m:
            word = next(g for g in m.groups() if g)
            yield h, "-" if word.startswith(("-", "neg")) else "+", h.start, h.end + m.end()
        elif not _PM.match(tail):
            free.append(h)
    for run, cue in _governed(text, shift, _runs(text, shift, free, cues), cues):
        if cue is None or not (stained or "express" in text or "neg" in cue.kind or "positiv" in text):
            continue
        for h in run:
            yield h, "-" if cue.kind.endswith("neg") else "+", min(h.start, cue.start), max(h.end, cue.end)


def _runs(text: str, shift: int, hits: list[Hit], cues: list[_Cue]) -> list[list[Hit]]:
    """Markers that stand in one list: no cue and no break between them."""
    runs: list[list[Hit]] = []
    for h in hits:
        if runs:
            a = runs[-1][-1].end
            gap = text[a - shift : h.start - shift]
            plain = _BRACKETS.sub(" ", gap)
            cut = any(a <= c.start < h.start for c in cues)
            if not cut and len(plain) <= 60 and not _BREAK.search(plain):
                runs[-1].append(h)
                continue
        runs.append([h])
    return runs


def _governed(
    text: str, shift: int, runs: list[list[Hit]], cues: list[_Cue]
) -> Iterator[tuple[list[Hit], _Cue | None]]:
    """Each list with its cue; where one stands before and one with a verb after, the last name goes to the latter."""
    for run in runs:
        before, after = _around(text, shift, run, cues)
        if before is not None and before.kind == "fany":
            before = None if after is not None else before._replace(kind="fpos")
            if before is not None and not _SHOWED.search(text):
                before = None
        if (
            before is not None
            and after is not None
            and len(run) > 1
            and _VERB.match(text, after.start - shift)
        ):
            yield run[:-1], before
            yield run[-1:], after
        else:
            yield run, before or after


def _around(text: str, shift: int, run: list[Hit], cues: list[_Cue]) -> tuple[_Cue | None, _Cue | None]:
    """The cue that stands close before a list and the one close after it."""
    start, end = run[0].start, run[-1].end
    ahead = [c for c in cues if c.end <= start]
    while (
        len(ahead) > 1
        and ahead[-1].kind == "fany"
        and ahead[-2].kind[0] == "f"
        and ahead[-1].start - ahead[-2].end < 30
    ):
        ahead.pop()
    before = ahead[-1] if ahead else None
    after = next((c for c in cues if c.start >= end), None)
    if before is not None:
        gap = _BRACKETS.sub(" ", text[before.end - shift : start - shift])
        if before.kind[0] != "f" or len(gap) > 60 or _BREAK.search(gap):
            before = None
    if after is not None:
        gap = _BRACKETS.sub(" ", text[end - shift : after.start - shift])
        if after.kind[0] != "b" or len(gap) > 45 or _BREAK.search(gap):
            after = None
    return before, after
