"""What a sentence says of spread: organs named with metastases, findings that staging reads as such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.knowledge import guarded
from spondyl.extract.tumours import of_kin
from spondyl.words.terms import Hit

__all__ = ["BONE_LESION", "Spread", "judged", "named", "staged"]

_SPREAD = guarded(
    r"metas-?ta[a-z]*|\bsecondary (?:deposits?|lesions?|tumou?rs?)|\bsecondaries\b|\bdeposits?\b|"
    r"\bdisseminat[a-z]+|\bspread\b|\bmets\b|"
    r"\bcarcinomatosis\b"
)
_AFTER = re.compile(
    r"^(?:[ -]|, |,? and |/|\bor )*(?:(?!from|with|without|for|after|of)[a-z0-9-]+,? (?:and )?){0,5}$"
)
_BEFORE = re.compile(
    r"^[^;:]{0,20}?\b(?:in|to|of|involving|within|at|on|into|over|from|including|affecting|:|are|were|was|"
    r"such as|the|both)\b[^;:]{0,110}$|"
    r"^ ?\(?[^;:.]{0,20}$|^ (?:[a-z-]+ ){1,4}to (?:[a-z-]+,? ){0,9}$"
)
_SAMPLE = re.compile(r"biops|aspirat|cytolog|\bfna|sampl|histolog|excision|excised|resected|specimen")
_PROVES = re.compile(
    r"^s?(?: (?!but|and)[a-z-]+){0,3} (?:reveal|show|confirm|demonstrat|disclos|yield|contain|prov|identif|"
    r"inform|report|"
    r"return|found)\w*(?: (?!no\b|not\b)[a-z-]+){0,5} ?$"
)
_NODE_STATE = re.compile(r"pathy$|pathies$|enlarge")
_BY = re.compile(
    r"\b(?:in front of|around|near|adjacent to|along|next to|close to|which|who|due to"
    r"|because of)\b"
)
_GENERAL = re.compile(r"^\W{0,2}(?:\w+ ){0,2}(?:may|can|could|might)\b")

_JUDGED = guarded(
    r"\b(?:consider\w*|regard\w*|interpret\w*|taken|accepted|read|judged|deemed|thought|believed|felt|"
    r"likely|presum\w+|suspicious|"
    r"suggest\w+|consistent|compatible|in keeping|typical|proved|proven|confirmed|represent\w*|indicat\w+)"
    r"(?: (?:as|to|be|by|the|of|for|with|having|been|an?|tumou?r|board|bony|bone|skeletal|pulmonary|being|"
    r"most|in))* ?"
    r"(?P<what>metas-?ta[a-z]*|deposits?|secondar(?:y|ies))"
)
_THESE = re.compile(r"^(?:these|both|they|all|this|it|which)\b")
_FINDING = guarded(
    r"\b(?:nodules?|lesions?|mass(?:es)?|opacit\w+|uptake|avid|enlarged|eroded|erosion|lytic|destruct\w+|"
    r"hypermetabolic|positive|"
    r"swollen|involvement|biops\w+|aspirat\w+|foci|focus|areas?|defects?)\b"
)

_BONY = re.compile(
    r"\b(?:multiple|several|numerous|many|widespread) (?:bon[ey] |skeletal |osseous )?lesions (?:in|of|"
    r"involving|throughout)\b|"
    r"\b(?:osteo)?lytic|\bosteolys[ie]s|\bosteoblastic|\bblastic|\bsclerotic (?:lesion|foc|area|deposit)|"
    r"\bbon[ey] destruction|"
    r"\bpathologic(?:al)?(?:ly)? (?:\w+ ){0,2}?fracture"
)
_UPTAKE = re.compile(
    r"\b(?:uptakes?|avid(?:ity)?|hypermetabol\w+|accumulat\w+|hot ?spots?|tracer)\b|\bbone (?:scan|"
    r"scintigra\w+) (?:was )?positive\b|"
    r"\bscintigra\w+ was positive\b"
)
_NOT_UPTAKE = re.compile(r"\b(?:no|without|normal|physiological|absent|clear|nothing)\b")
_INFILTRATES = re.compile(r"\binfiltrat(?:ion|es?|ed)\b")
_SPINE = re.compile(r"vertebra|spin(?:e|al)|epidural")
_TUMOUR_IN = re.compile(r"\b(?:tumou?rs?|disease|lesions) (?:in|of|involving) (?=[^.;]*,[^.;]*\band\b)")
_SEVERAL = re.compile(
    r"\b(?:multiple|bilateral|several|numerous|diffuse|two|three|four|five|six|both|many|innumerable|"
    r"nodules|masses)\b"
)
_NODULES = re.compile(r"\b(?<!glass )(?:nodules|lesions|deposits|opacities|masses|coin lesions)\b")
_SCATTERED = re.compile(
    rf"(?:{_NODULES.pattern})(?= (?:(?!and|or|but|with|without|no|not)[a-z-]+ ){{0,5}}(?:in|of|throughout"
    rf"|across|over|within) "
    r"(?:the |his |her |both |all |right |left |bilateral )*$|(?: [a-z-]+)? ?$)"
)
_AGAIN = re.compile(
    r"\b(?:progress\w*|recur\w*|relaps\w*) (?:of (?:the )?(?:disease|tumou?r) )?"
    r"(?:(?:was|were|is|had been) (?:\w+ly )?(?:seen|found|noted|evident|evidenced|detected|observed|"
    r"documented|shown|demonstrated) )?"
    r"(?:in|to) (?:the |his |her |both )?(?:[a-z]+ ){0,2}$"
)
_SEEN_ON_BONE_SCAN = guarded(
    r"\bmetasta[a-z]+ (?:[a-z-]+ ){0,4}?(?:on|upon|by|in|at|with) (?:the |a |whole[- ]body )?bone (?:scan"
    r"|scintigra)|"
    r"\bbone (?:scan\w*|scintigra\w*) (?:(?!not|did|fail|was|were)\w+ ){0,2}?(?:show|reveal|demonstrat"
    r"|confirm|disclos|detect)\w* (?!no\b)(?:[a-z-]+ ){0,4}?metasta"
)
_POSITIVE_NODES = guarded(
    r"\bp[tn][^ ,;)]{0,9}?n[1-3][a-c]?|\b[cp]?t[0-4][a-d]?,? ?n[1-3][a-c]?\b|\bnode[- ]positive\b|"
    r"\bpositive (?:[a-z]+ ){0,2}nodes?\b|"
    r"\b(?:nodal|lymph node) (?:involvement|disease|spread)\b|"
    r"\b(?:[1-9]\d*|one|two|three|four|five|six|seven|eight|nine|ten) ?(?:of|out of|/) ?(?:the )?(?:\d+|"
    r"[a-z]+) (?:[a-z]+ ){0,3}nodes? "
    r"(?:\w+ ){0,4}?(?:positive|involved|invaded|metas|contain|with metas|harbou?r)|"
    r"\bmetas-?ta\w+ (?:\w+ ){0,2}?in [1-9]\d* (?:of|out of) \d+ (?:[a-z]+ ){0,2}nodes?|\bnodes? (?:were|"
    r"was) (?:found to be |\w+ )?(?:positive|involved|invaded)|"
    r"\b(?:cancer|carcinoma|melanoma|tumou?r|sarcoma)s? (?:was |were )?(?:found |present |"
    r"detected )?in (?:[\w-]+ ){0,5}(?:lymph )?nodes?\b"
)
BONE_LESION = "destructive lesion of a bone in malignant disease"
"""The rule that a sarcoma, which may have begun in that bone, does not follow."""
STATED_OUT = frozenset({"negated", "family", "other", "planned", "refused", "possible"})
FINDING_OUT = frozenset({"negated", "family", "other"})


class Spread(NamedTuple):
    """An organ outside the spine that a sentence gives as the seat of a metastasis.

    Args:
        category: The kind of metastasis ("lung", "bone", …).
        concept: The organ.
        sentence: Where it stands.
        start, end: The words for organ and spread.
        rule: How it was inferred, or "" where the words say it.
    """

    category: str
    concept: str
    sentence: Sentence
    start: int
    end: int
    rule: str


def _organs(s: Sentence) -> list[Hit]:
    return [h for h in s.of("site") if h.entry.row["metastasis"] and h.entry.row["kind"] != "spine"]


def _spread(s: Sentence, h: Hit, start: int, end: int, rule: str = "") -> Spread:
    return Spread(h.entry.row["metastasis"], h.concept, s, min(h.start, start), max(h.end, end), rule)


def named(s: Sentence) -> Iterator[Spread]:
    """Organs that stand with a word for metastasis."""
    if not s.has(_SPREAD):
        return
    organs = [h for h in _organs(s) if not of_kin(s, h.start)]
    cues = list(s.matches(_SPREAD)) if organs else []
    cues = [m for m in cues if STATED_OUT.isdisjoint(s.flags(m.start() + s.start, m.end() + s.start))]
    for h in organs if cues else ():
        if not STATED_OUT.isdisjoint(s.flags(h.start, h.end)):
            continue
        cue = _linked(s, h, cues)
        if cue is not None:
            yield _spread(s, h, *cue)


def _linked(s: Sentence, h: Hit, cues: list[re.Match[str]]) -> tuple[int, int] | None:
    text, a, b = s.text, h.start - s.start, h.end - s.start
    if _GENERAL.match(text[b : b + 30]):
        return None
    for m in cues:
        if a <= m.start() and m.end() <= b:
            return h.start, h.end
        if b <= m.start():
            gap = text[b : m.start()]
            plain = len(gap) < 50 and _AFTER.match(gap) and not _GENERAL.match(text[m.end() : m.end() + 30])
            joined = plain or (_SAMPLE.search(text[max(0, a - 60) : b + 40]) and _PROVES.match(gap))
            if joined and not _NODE_STATE.search(text[a:b]):
                return m.start() + s.start, m.end() + s.start
        elif a >= m.end():
            gap = text[m.end() : a]
            if len(gap) < 130 and _BEFORE.match(gap) and not _BY.search(gap):
                return m.start() + s.start, m.end() + s.start
    return None


def judged(s: Sentence, before: Sentence | None) -> Iterator[Spread]:
    """Findings of which the sentence, or the one after it, says that they were held to be metastases."""
    m = s.search(_JUDGED)
    if m is None or not FINDING_OUT.isdisjoint(s.flags(m.start("what") + s.start, m.end("what") + s.start)):
        return
    for h in _organs(s):
        near = s.text[max(0, h.start - s.start - 70) : h.end - s.start + 40]
        if (
            h.end - s.start <= m.start() < h.end - s.start + 230
            and _FINDING.pattern.search(near)
            and _stands(s, h)
        ):
            yield _spread(s, h, m.start() + s.start, m.end() + s.start)
    if before is not None and _THESE.match(s.text):
        for h in _organs(before):
            if before.search(_FINDING) and _stands(before, h):
                yield _spread(before, h, h.start, h.end, "finding that the next sentence calls metastatic")


def _stands(s: Sentence, h: Hit) -> bool:
    return FINDING_OUT.isdisjoint(s.flags(h.start, h.end))


def staged(s: Sentence) -> Iterator[Spread]:
    """Findings that count where the tumour is malignant: lesions of bone, uptake, several nodules, nodes."""
    m = s.search(_POSITIVE_NODES)
    if m and FINDING_OUT.isdisjoint(s.flags(m.start() + s.start, m.end() + s.start)):
        yield Spread("lymph_node", "lymph_node", s, m.start() + s.start, m.end() + s.start, "")
    m = s.search(_SEEN_ON_BONE_SCAN)
    if m and FINDING_OUT.isdisjoint(s.flags(m.start() + s.start, m.end() + s.start)):
        yield Spread("bone", "bone", s, m.start() + s.start, m.end() + s.start, "")
    organs = [h for h in _organs(s) if _stands(s, h)] if s.of("site") else []
    if not organs:
        return
    spread = s.search(_SPREAD)
    for h in organs:
        cue = (
            _bone_lesion(s, h)
            or _uptake(s, h)
            or _nodules(s, h)
            or _again(s, h)
            or _infiltrated(s, h)
            or _listed(s, h)
        )
        if cue is None and spread:
            cue = _beside(s, h)
        if cue is not None:
            yield _spread(s, h, cue[0] + s.start, cue[1] + s.start, cue[2])


_Cue = tuple[int, int, str]


def _bone_lesion(s: Sentence, h: Hit) -> _Cue | None:
    if h.concept != "bone":
        return None
    text, a, b = s.text, h.start - s.start, h.end - s.start
    for m in _BONY.finditer(text):
        gap = text[m.end() : a] if m.end() <= a else text[b : m.start()]
        if (
            len(gap) > 110
            or ";" in gap
            or not FINDING_OUT.isdisjoint(s.flags(m.start() + s.start, m.end() + s.start))
        ):
            continue
        if m.end() <= a or re.fullmatch(
            r".{0,40}\b(?:reveal|show|disclos|demonstrat)\w+ .{0,45}|[ a-z,-]{0,25}", gap
        ):
            return m.start(), m.end(), BONE_LESION
    return None


def _uptake(s: Sentence, h: Hit) -> _Cue | None:
    text, a, b = s.text, h.start - s.start, h.end - s.start
    for m in _UPTAKE.finditer(text):
        if not FINDING_OUT.isdisjoint(s.flags(m.start() + s.start, m.end() + s.start)):
            continue
        gap = text[m.end() : a] if m.end() <= a else ""
        if m.end() <= a and len(gap) < 170 and ";" not in gap and not _NOT_UPTAKE.search(gap):
            return m.start(), m.end(), "uptake in malignant disease"
        if b <= m.start() <= b + 25:
            return m.start(), m.end(), "uptake in malignant disease"
    return None


def _nodules(s: Sentence, h: Hit) -> _Cue | None:
    if h.concept not in ("lung", "liver"):
        return None
    text, a, b = s.text, h.start - s.start, h.end - s.start
    m = _NODULES.search(text, b, b + 12) or _SCATTERED.search(text, max(0, a - 70), a)
    if m is None or not _SEVERAL.search(text[max(0, m.start() - 40) : b + 12]):
        return None
    return m.start(), m.end(), "several nodules in malignant disease"


def _again(s: Sentence, h: Hit) -> _Cue | None:
    a = h.start - s.start
    m = _AGAIN.search(s.text[max(0, a - 80) : a])
    return None if m is None else (max(0, a - 80) + m.start(), a, "progression in another organ")


def _infiltrated(s: Sentence, h: Hit) -> _Cue | None:
    text, b = s.text, h.end - s.start
    m = _INFILTRATES.search(text, b, b + 35)
    if m is None or not (h.concept == "bone" or _SPINE.search(text[b : m.start()])):
        return None
    return m.start(), m.end(), "infiltration of another organ"


def _listed(s: Sentence, h: Hit) -> _Cue | None:
    """A list of the places of the tumour in which the spine is one."""
    m = _TUMOUR_IN.search(s.text)
    a = h.start - s.start
    if (
        m is None
        or h.entry.row["kind"] != "node"
        or not m.end() <= a <= m.end() + 60
        or not _SPINE.search(s.text, m.end())
    ):
        return None
    return m.start(), m.end(), "tumour in several places at once"


def _beside(s: Sentence, h: Hit) -> _Cue | None:
    """A nodule of an organ or enlarged nodes, told in one breath with metastases."""
    a, b = h.start - s.start, h.end - s.start
    before = s.text[max(0, a - 30) : a]
    m = re.search(
        r"\b(?:nodules?|masses) (?:of|in) (?:the |both )?(?:right |left )?$|\benlarged (?:[a-z]+ ){0,2}$",
        before,
    )
    if m is None:
        return None
    return a - len(before) + m.start(), b, "finding told together with metastases"
