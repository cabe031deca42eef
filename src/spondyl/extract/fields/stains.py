"""Immunohistochemistry: markers with their sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.mention import explained
from spondyl.extract.patients import Patient
from spondyl.words.terms import Hit

__all__ = ["read"]

_CONTEXT = re.compile(
    r"immun|stain|express|positiv|negativ|reactiv|marker|antibod|cells|phenotyp|receptor|[a-z0-9] ?\(?[+-]\)?(?:[,;./) ]|$)"
)
_IMMUNO = re.compile(
    r"immun|stain|tumou?r cells|cells (?:were|was|express|are)|histolog|histopath|phenotyp|biops|specimen|patholog"
)
_SERUM = re.compile(r"serum|blood|level|ng/|u/ml|iu|elevated|raised|urine|concentration|plasma")
_SUFFIX = re.compile(
    r"^ ?(?:\((?P<a>\+{1,4}|-|positive|negative|strongly positive|weakly positive|focal(?:ly)? positive|diffuse(?:ly)? positive)[^)]{0,20}\)|(?P<b>\+{1,4})|(?P<c>-)(?=[,;.)/ ]|$|and)|[- ]?(?P<d>positive|negative|positivity|negativity|immunopositive|immunonegative|immunoreactive)\b|: ?(?P<e>positive|negative|\+|-))"
)
_FORWARD = re.compile(
    r"(?P<neg>\bnegativ\w*(?: \w+){0,3}? (?:for|to|with|of|reaction for)|\bnegative:|\bimmunonegativ\w+ (?:for|to)|\bno (?:\w+ ){0,2}?(?:expression|staining|immunoreactivity|reactivity|positivity|immunostaining) (?:of|for|with|to)|\b(?:do|did|does|was|were) not (?:express|stain|reactive)\w*(?: for| with)?|\black(?:ed|ing|s)? (?:of )?(?:expression of |staining for )?|\bloss of(?: expression of)?|\bwithout (?:expression|staining) (?:of|for)|\bnon-?reactive (?:for|to|with)|\bnegative (?:stain\w*|immuno\w*) (?:for|with|of))"
    r"|(?P<pos>\b(?:immuno)?positiv\w*(?: \w+){0,3}? (?:for|to|with|of|in)\b(?! (?:cells|the|tumou?r|all|both|most|the tumou?r cells))|\bpositive:|\b(?:immuno)?reactiv\w+ (?:for|to|with|against)|\bexpress(?:ed|es|ing|ion)?(?: of| for)?(?: \w+){0,2}?\b|\bstain(?:ed|ing|s)?(?: \w+){0,2}? (?:for|with|of|against)|\bmarkers?:|\bimmunostain\w*(?: \w+){0,2}? (?:for|with|of)|\bpositive (?:stain\w*|immuno\w*) (?:for|with|of)|\bstrong (?:staining|expression) (?:for|of))"
)
_BACKWARD = re.compile(
    r"(?P<neg>\b(?:was|were|are|is|all|both|being|stained|remained|stains?|staining was|also|likewise)?\s?(?:also |likewise |both |all |completely |totally )?(?:negativ\w+|non-?reactive|not (?:expressed|detected|found|identified|stained|present|positive)|absent|lost|unreactive|lacking)\b)"
    r"|(?P<pos>\b(?:was|were|are|is|all|both|being|stained|showed?|remained|also)?\s?(?:also |both |all |strongly |diffusely |focally |weakly |partially |partly |moderately |intensely |clearly |markedly |uniformly )*(?:(?:immuno)?positiv\w*|immunoreactive|reactive|expressed|detected|present|seen)\b)"
)
_LIST_GAP = re.compile(
    r"^[\s,;:()/&'\"+-]*(?:\b(?:and|or|as well as|also|plus|the|both|with|for|of|to|antibod\w+|in|anti|alpha|strongly|diffuse\w*|focal\w*|weak\w*|strong\w*|but|protein|antigens?|marker|markers|stains?|cells?|expression|nuclear|cytoplasmic|membranous|muscle|specific|receptors?|tumou?r|a|nor|while|scattered|rare\w*|partial\w*|dot-like|patchy|cytokeratin|cytokeratins|are|such|as|against|staining|low|high|molecular|weight)\b[\s,;:()/&'\"+-]*){0,6}$"
)
_BREAK = re.compile(r";| but | while | whereas |\. ")


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Markers with sign, as "desmin+" or "cd34-"."""
    seen: set[str] = set()
    for k, s in enumerate(patient.sentences):
        hits = [h for h in s.of("marker") if h.entry.row["kind"] != "index"]
        if not hits or not _CONTEXT.search(s.text):
            continue
        near = s.text + " " + (patient.sentences[k - 1].text if k else "")
        for h, sign, a, b in _signed(s, hits, _IMMUNO.search(near) is not None):
            name = f"{h.concept}{sign}"
            if name not in seen:
                seen.add(name)
                yield Found("ihc", name, s.block, a, b)


def _signed(s: Sentence, hits: list[Hit], stained: bool) -> Iterator[tuple[Hit, str, int, int]]:
    """Each marker with the sign that governs it: a suffix, else a list after a cue, else a list before one."""
    text, shift = s.text, s.start
    forward = [
        (m.start() + shift, m.end() + shift, "-" if m["neg"] else "+") for m in _FORWARD.finditer(text)
    ]
    backward = [
        (m.start() + shift, m.end() + shift, "-" if m["neg"] else "+") for m in _BACKWARD.finditer(text)
    ]
    for h in hits:
        if "needs-definition" in h.entry.note and not explained(s, h):
            continue
        wants = h.entry.row["kind"] == "serum_also" or "needs-immuno-context" in h.entry.note
        if wants and (not stained or (_SERUM.search(text) and "immun" not in text and "stain" not in text)):
            continue
        m = _SUFFIX.match(text[h.end - shift : h.end - shift + 40])
        if m:
            word = next(g for g in m.groups() if g)
            sign = "-" if word.startswith(("-", "neg", "immunoneg")) else "+"
            yield h, sign, h.start, h.end + m.end()
            continue
        cue = _before(text, shift, h, forward) or _after(text, shift, h, backward)
        if cue is not None and (stained or cue[2] == "-" or "express" in text or "positiv" in text):
            yield h, cue[2], min(h.start, cue[0]), max(h.end, cue[1])


def _before(text: str, shift: int, h: Hit, cues: list[tuple[int, int, str]]) -> tuple[int, int, str] | None:
    for cue in reversed(cues):
        if cue[1] <= h.start:
            gap = _without_markers(text, shift, cue[1], h)
            return cue if _LIST_GAP.match(gap) and len(gap) < 160 else None
    return None


def _after(text: str, shift: int, h: Hit, cues: list[tuple[int, int, str]]) -> tuple[int, int, str] | None:
    for cue in cues:
        if cue[0] >= h.end:
            gap = text[h.end - shift : cue[0] - shift]
            return cue if not _BREAK.search(gap) and len(gap) < 120 else None
    return None


def _without_markers(text: str, shift: int, start: int, h: Hit) -> str:
    """The words between a cue and a marker, less bracketed remarks and the other names of a list."""
    gap = re.sub(r"\([^)]{0,60}\)", " ", text[start - shift : h.start - shift])
    return re.sub(r"\b(?:[a-z]{0,4}-?\d[\w./-]*|[a-z0-9]+(?:-[a-z0-9]+)+)\b", " ", gap)
