"""Presenting findings, and those that the paper denies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.course import treatments
from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.mention import counts
from spondyl.extract.patients import Patient
from spondyl.extract.signs import FAILING, PRESSED, signs
from spondyl.words.terms import Hit

__all__ = ["read"]

OUT = frozenset({"negated", "family", "other", "planned", "possible"})
_SIGNS = guarded(f"{FAILING}|{PRESSED}")
_PALPABLE = guarded(
    r"palpa|\bfelt|notic|\bpresent|complain|swelling|\blump(?!ec)|examination|visible|painless|painful"
    r"|tender|growing|"
    r"enlarging|\bfirm\b|\bmobile|examin|self-|admitted|referred|evacuated|history of"
)
_SPINAL = guarded(
    r"spin|vertebr|cord|back|neck|lumbar|cervical|thoracic|dorsal|leg|limb|paraple|myel|conus|cauda|epidural"
)
_LIMB = guarded(
    r"leg|arm|limb|extremit|foot|feet|hand|hip|knee|thigh|shoulder|side|lower|upper|bilateral|muscle"
    r"|proximal|distal|grip"
)
_BONE = guarded(r"bone|vertebr|fractur|femur|humer|rib|spin|skelet")
_CANCER = guarded(r"cancer|carcinom|tumou?r|sarcom|metasta|malignan|myelom|lymphom|patholog")
_IMAGING = guarded(
    r"\b(?:ct|mri|mr|computed|tomograph|magnetic|radiograph|x-ray|ultraso|sonograph|imaging|scan|endoscop"
    r"|colonoscop|echo|mammogra|pet)"
)
_CONTEXT = {
    "needs-palpable-context": _PALPABLE,
    "needs-spinal-context": _SPINAL,
    "needs-limb-context": _LIMB,
    "needs-bone-context": _BONE,
    "needs-cancer-context": _CANCER,
}
_NORMAL = re.compile(
    r"^(?:(?:,| and|, and) [a-z]+(?: [a-z]+)?){0,2}(?:,? (?:he|she|the patient)(?= ))?(?: in (?:all"
    r"|both)(?: \w+){1,3}| bilaterally| everywhere| of [\w ]{3,30})?,? ?(?:was|were|is|are|remained|remains"
    r"|being|appeared|had been|control was)?"
    r" ?(?:found to be |entirely |completely |all |otherwise |also |still )?(?:normal|intact|preserved"
    r"|undisturbed|unaffected|"
    r"unimpaired|unremarkable|full|fine|retained|maintained|spared|not (?:affected|impaired|disturbed"
    r"|involved)|5/5|grade 5|within normal|"
    r"gave (?:him|her) no trouble|without (?:any )?(?:deficits?|abnormalit\w+|damage|impairments?"
    r"|disturbances?|changes?|alterations?|particularit\w+)|continent)\b"
)
_IMPAIRED = re.compile(
    r"^(?: in (?:the |both )?(?:\w+ ){0,2}\w+| of [\w ]{3,30}| on (?:the|that) \w+(?: side)?)?,? ?(?:was"
    r"|were|is|are|became|had become|had been|remained)"
    r" ?(?:markedly |severely |slightly |mildly |progressively |also |very |much )?(?:impaired|reduced"
    r"|decreased|diminished|absent|"
    r"abolished|lost|blunted|dulled|disturbed|weak|weaker|paralysed|paralyzed|unsteady|ataxic|spastic"
    r"|feeble|paretic|grade [0-4]|[0-4]/5)\b"
)
_TROUBLE = re.compile(
    r"\b(?:trouble|problems?|disturbances?|difficult(?:y|ies)|complaints?|dysfunction|loss|changes?"
    r"|symptoms?|involvement|impairment) (?:with|of|in|from|controlling)"
    r" (?:the |her |his |either )?(?:\w+ (?:and|or) )?(?:the )?$"
)
_GRADE = re.compile(r"(?<![\w./])(?P<n>[0-5]) ?[+-]? ?/ ?5(?![\w/])")
_BOTH_LEGS = re.compile(
    r"\bboth (?:legs|lower|hips|knees|thighs|feet|iliopsoas|quadriceps)|bilat|\blower (?:limbs"
    r"|extremities)\b|\bin the legs\b|hips and knees|legs"
)
_LEGS = re.compile(r"(?:both )?(?:legs|lower limbs|lower extremities)\b")
BOTH_WEAK = "weakness of both legs is paraparesis"
_ALL_LIMBS = re.compile(
    r"\b(?:all|every|four|throughout|symmetric|both (?:legs|lower)|lower limbs|limbs|everywhere|bilaterally"
    r"|full)\b"
)
_PAIN = guarded(r"\b(?:pain(?:s|ful)?|aches?|aching|painfulness|dolou?r)\b")
_NOT_PAIN = re.compile(
    r"pain ?kill|pain[ -](?:scale|relie[fv]|control|medic|manag|score|intensity score|clinic|reduc"
    r"|threshold|free|service|vas)|painless"
)
_FACIAL = re.compile(
    r"skull|crani|calvari|jaw|mandib|maxill|faci|clival|clivus|orbit|stern|marrow|costal|nasal"
    r"|sphen|zygo|tempor|palat"
)
PAIN_REACH = 60
_AFTERWARDS = guarded(
    r"\b(?:postoperative|post-operative|after (?:surgery|the operation|operation|treatment|radiotherapy)"
    r"|follow-?up|months? later|years? later|at discharge|improve|resolv|recover|regain|relie)"
)


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Findings at presentation or in the described course, and findings explicitly absent."""
    present: dict[str, Found] = {}
    denied: dict[str, Found] = {}
    treated = False
    for s in patient.sentences:
        for found in (*_terms(s), *_signs(s), *_functions(s), *_pain(s), *_grades(s)):
            if treated and found.value == "pain" and found.field == "denied" and "free" in s.text:
                continue
            (present if found.field == "presentation" else denied).setdefault(str(found.value), found)
        treated = treated or bool(treatments(s))
    if (
        "tetraplegia" in present
        and present.get("paraplegia")
        and present["paraplegia"].certainty == "derived"
    ):
        del present["paraplegia"]
    for name in ("paraplegia", "tetraplegia"):
        if name in present:
            rule = f"{name} is a motor deficit"
            weak = present[name]._replace(value="motor_deficit", certainty="derived", derivation=rule)
            present.setdefault("motor_deficit", weak)
    yield from present.values()
    for name, found in denied.items():
        if name not in present:
            yield found


def _terms(s: Sentence) -> Iterator[Found]:
    """Findings that the lexicon names."""
    for h in s.of("presentation"):
        if not h.concept or not _fits(s, h):
            continue
        flags = s.flags(h.start, h.end)
        if "denies" in h.entry.note:
            fact = "" if flags & OUT or s.search(_AFTERWARDS) else "denied"
        elif "negated" in flags:
            fact = "" if flags & NOT_HERS or s.search(_AFTERWARDS) else "denied"
        else:
            fact = "" if "denied-only" in h.entry.note or flags & OUT else "presentation"
        if fact:
            for name in h.concept.split("+"):
                yield Found(fact, name, s.block, h.start, h.end)


def _signs(s: Sentence) -> Iterator[Found]:
    """Abilities that fail and structures that are pressed upon; what denies the ability does not deny the sign."""
    for sign in signs(s.text) if s.has(_SIGNS) else ():
        start, end = sign.start + s.start, sign.end + s.start
        cue_end = sign.cue_end + s.start
        deaf = frozenset(t for t in s.triggers if t.start < cue_end and start < t.end)
        flags = s.flags(start, end, deaf) | s.flags(start, max(start + 1, cue_end), deaf)
        if "negated" in flags or sign.denied:
            fact = "" if flags & NOT_HERS or s.search(_AFTERWARDS) else "denied"
        else:
            fact = "" if flags & OUT else "presentation"
        if fact:
            yield Found(fact, sign.concept, s.block, start, end)


def _functions(s: Sentence) -> Iterator[Found]:
    """Functions said to be normal or impaired ("Bladder and bowel were undisturbed", "sensation was lost")."""
    for h in s.of("function"):
        a, b = h.start - s.start, h.end - s.start
        tail = s.text[b : b + 70]
        normal, impaired, trouble = (
            _NORMAL.match(tail),
            _IMPAIRED.match(tail),
            _TROUBLE.search(s.text[max(0, a - 45) : a]),
        )
        flags = s.flags(h.start, h.end)
        if flags & NOT_HERS:
            continue
        if normal or (trouble and "negated" in flags):
            if not s.search(_AFTERWARDS):
                end = h.end + (normal.end() if normal else 0)
                for name in h.concept.split("+"):
                    yield Found(
                        "denied", name, s.block, h.start - (len(trouble.group()) if trouble else 0), end
                    )
        elif impaired and not flags & OUT and "+" not in h.concept:
            end = h.end + impaired.end()
            yield Found("presentation", h.concept, s.block, h.start, end)
            if h.concept == "motor_deficit" and _LEGS.match(s.text, a):
                yield Found("presentation", "paraplegia", s.block, h.start, end, (), "derived", BOTH_WEAK)


def _bony(site: Hit, places: list[Hit]) -> bool:
    """Whether a named bone, of no place that the lexicon of pain judges, can be the seat of bone pain."""
    if site.entry.row["kind"] not in ("bone", "spine") or _FACIAL.search(site.entry.term):
        return False
    return not any(p.start < site.end and site.start < p.end for p in places)


def _pain(s: Sentence) -> Iterator[Found]:
    """Pain of the spine, a limb or a bone, by the nearest place named."""
    text = s.text
    tumours = s.of("tumour")
    places = [p for p in s.of("place") if not any(x.start <= p.start and p.end <= x.end for x in tumours)]
    places += [x for x in s.of("site") if _bony(x, places)]
    if not places:
        return
    for m in s.matches(_PAIN):
        if _NOT_PAIN.match(text, m.start()):
            continue
        start, end = m.start() + s.start, m.end() + s.start
        near = min(places, key=lambda h: max(h.start - end, start - h.end))
        if near.concept == "excluded" or max(near.start - end, start - near.end) > PAIN_REACH:
            continue
        flags = s.flags(start, end)
        fact = (
            "denied" if "negated" in flags and not flags & NOT_HERS else "" if flags & OUT else "presentation"
        )
        if fact and not (fact == "denied" and s.search(_AFTERWARDS)):
            yield Found(fact, "pain", s.block, min(start, near.start), max(end, near.end))


def _grades(s: Sentence) -> Iterator[Found]:
    """A motor grade under five is a deficit, of both legs a paraparesis; five everywhere is none."""
    text = s.text
    if "/" not in text or "5" not in text:
        return
    grades = [
        m
        for m in _GRADE.finditer(text)
        if not re.search(r"vas|score|scale|pain", text[max(0, m.start() - 20) : m.start()])
    ]
    if not grades or not s.search(_STRENGTH):
        return
    weak = [m for m in grades if m["n"] != "5"]
    first = (weak or grades)[0]
    a, b = first.start() + s.start, first.end() + s.start
    if weak:
        yield Found(
            "presentation",
            "motor_deficit",
            s.block,
            a,
            b,
            (),
            "derived",
            "a motor grade under 5/5 is a deficit",
        )
        if _BOTH_LEGS.search(text) and not re.search(r"\b(?:right|left|one)\b", text):
            yield Found(
                "presentation",
                "paraplegia",
                s.block,
                a,
                b,
                (),
                "derived",
                BOTH_WEAK,
            )
    elif _ALL_LIMBS.search(text) and not s.search(_AFTERWARDS):
        yield Found(
            "denied", "motor_deficit", s.block, a, b, (), "derived", "5/5 everywhere is no motor deficit"
        )


_STRENGTH = guarded(r"power|strength|motor|muscle|mrc|weak|pare|pleg|flex|exten|quadri|limb|leg|arm|hip|knee")
_NERVOUS = guarded(r"numb|sensor|paraesth|paresth|bladder|bowel|incontinen|neurol|sphincter|tingl|pain")
_OEDEMA = re.compile(
    r" (?:of|in) (?:the |both |her |his |all )*(?:hands|feet|legs|ankles|arms|fingers|limbs|extremities"
    r"|joints|face|eyelids?|"
    r"(?:para)?(?:vertebral|spinal) tissues?|(?:surrounding |adjacent )?soft tissues?|tissues?|optic"
    r"|spinal cord|cord|brain|disc)\b"
)
NOT_HERS = frozenset({"family", "other"})


def _fits(s: Sentence, h: Hit) -> bool:
    note = h.entry.note
    if "blocks" in note or "doubtful" in note or "not-" in note:
        return False
    if not counts(s, h, frozenset()):
        return False
    for need, pattern in _CONTEXT.items():
        if need in note and not s.search(pattern) and not _in_review(s, h, need):
            return False
    if h.concept == "mass" and _OEDEMA.match(s.text, h.end - s.start):
        return False
    return not ("needs-palpable-context" in note and s.search(_IMAGING) and "palpa" not in s.text)


def _in_review(s: Sentence, h: Hit, need: str) -> bool:
    """Whether a denied weakness stands among other nervous signs, which needs no limb named."""
    if need != "needs-limb-context" or not s.search(_NERVOUS):
        return False
    return "negated" in s.flags(h.start, h.end)
