"""Operations: what was done, on the spine or elsewhere, and what an operation's name leaves unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded, organs
from spondyl.extract.mention import NOT_GIVEN, given, of_findings
from spondyl.extract.patients import Patient
from spondyl.extract.spine import operated
from spondyl.words.terms import Hit

__all__ = ["Deed", "deeds", "found", "is_spinal"]

_BODY = re.compile(
    r"spin|vertebr|fractur|segment|column|femur|femoral|humer|tibia|radius|ulna|hip\b|bone|pelvi|\b[ctdl]\d|"
    r"sacr"
)
_SPINAL = re.compile(
    r"spin|vertebr|lamina|epidural|extradural|intradural|intramedull|cord|dura|cauda|sacr|paravertebr|"
    r"pedicle|conus"
)
_ELSEWHERE = re.compile(
    r"abdom|pelvi|flank|breast|neck|axill|thigh|buttock|inguin|chest|groin|scalp|thyroid|testic|epigast|"
    r"knee|shoulder|glute"
)
_SHOWN = re.compile(
    r"(?:show|reveal|demonstrat|confirm|disclos|display|seen|evident)\w*\b[^.;]{0,60}$|\b(?:mri|ct|imaging|"
    r"scan)\b[^.;]{0,25}$"
)
_WITH_METASTASIS = re.compile(
    r"[^.;]{0,20}\b(?:tumou?r|primary|mass|lesion)\b[^.;,]{0,25}\b(?:and|with|together with|"
    r"as well as) (?:of )?(?:its|the|their|both) "
    r"(?:\w+ )?metasta"
)
_REMOVED = re.compile(
    r" ?(?:\([^)]{0,30}\) ?)?(?:gland |organ )?(?:(?:and|with) (?:[\w-]+ ){1,4})?(?:had |has |have |"
    r"having )?(?:been |was |were |being |is )"
    r"(?:\w+ly )?(?:removed|resected|excised|sacrificed|extirpated|taken out|amputated)\b"
)
_HAD_IT = re.compile(r"\bhad (?:had )?(?:his|her|the|both|one) (?:[\w-]+ )?$")
_REFERS = re.compile(
    r"(?:resected|excised|removed) (?:[\w-]+ )?(?:tumou?rs?|mass|specimens?|lesions?|tissue|nodules?|nodes?|"
    r"material)\b(?! (?:from|and|through|via))"
)
_OUT = re.compile(r" ?(?:gland )?(?:surgically )?(?:removed|resected|excised|taken out)\b")
_BODY_REMOVED = guarded(
    r"\b(?:vertebral )?bod(?:y|ies) (?:of [\w, -]{1,24}? )?(?:was|were|had been) (?:[\w-]+ ){0,2}?"
    r"(?:removed|resected|excised|drilled|replaced)\b"
)
_REMOVAL_OF = re.compile(
    r"\b(?:removal|resection|excision|sacrifice|extirpation|ablation)s? of (?:[\w-]+ ){0,3}?(?:(?:and|"
    r"with) (?:the |his |her )?(?:left |right )?)?$|"
    r"\b(?:removed|resected|excised|sacrificed) (?:the |his |her )(?:[\w-]+ ){0,2}?$"
)
_OF_ORGAN = re.compile(r"(?:of|from|in|at|to|into|near|around|within|on|behind|beside) (?:[\w-]+ ){0,3}$")
_IN_PART = re.compile(r"\b(?:wedge|partial|segmental|sleeve|atypical|marginal|limited)\b[^.;,]{0,45}$")
_TUMOUR_NEXT = re.compile(
    r" ?(?:[\w-]+ ){0,1}(?:tumou?r|mass|metasta|lesion|nodule|cancer|carcinoma|lymph|node|deposit|cyst|"
    r"fragment|specimen|biops|margin|lobe|stone|disc|fat|tissue)"
)
_NOUN = r"(?:tumou?rs?|mass|masses|lesions?|metastas[ie]s|nodules?|neoplasms?|deposits?|growth)"
_TUMOUR_REMOVED = guarded(
    rf"\b(?:removal|excision|resection|extirpation|debulking|evacuation) of (?:the |an? |this |his |her |"
    rf"both |all )?(?:[\w-]+ ){{0,3}}?{_NOUN}\b|"
    rf"\b{_NOUN} (?:itself |mass |tissue )?(?:was|were|had been|has been|could be) (?:then |also |"
    rf"partially |subtotally |\w+ly )?"
    r"(?:removed|excised|resected|extirpated|evacuated|debulked|curetted)\b|"
    rf"\b(?:removed|excised|resected|evacuated|debulked) (?:the|her|his|this|"
    rf"all) (?:[\w-]+ ){{0,2}}?{_NOUN}\b"
)
_PLACES = ("site", "region", "compartment", "tumour", "procedure", "presentation")


class Deed(NamedTuple):
    """One operation told of: the words, the procedures they name and the treatments they are.

    Args:
        start, end: The words, in the block's copy.
        names: Procedures, perhaps none.
        treatments: Treatments, perhaps none.
        generic: Whether the words name no organ ("resection").
        accompanies: Whether it counts only where no other operation is named beside it.
        refers: Whether it speaks of what was removed ("the resected tumour"), not of the removing.
    """

    start: int
    end: int
    names: tuple[str, ...]
    treatments: tuple[str, ...]
    generic: bool = False
    accompanies: bool = False
    refers: bool = False


def deeds(patient: Patient, s: Sentence, findings: Findings) -> list[Deed]:
    """The operations done that a sentence tells of."""
    told = [d for h in s.of("procedure") if given(s, h) and (d := _deed(patient, s, h, findings)) is not None]
    if "remov" in s.text or "resect" in s.text or "excis" in s.text or "sacrific" in s.text:
        told += _organs(s, told)
    told += _removals(s, told, findings)
    sites = {x.entry.row["site"] for x in s.of("tumour")} | {
        str(f.value) for f in findings.get("primary_site", ())
    }
    return _told_once(told, frozenset(r["concept"] for r in organs().values() if r["primary"] in sites))


def found(s: Sentence, told: Iterable[Deed]) -> Iterator[Found]:
    """The findings that deeds make."""
    for d in told:
        place = s.block, d.start, d.end, ()
        for name in d.treatments:
            yield Found("treatments", name, *place)
        for name in d.names:
            yield Found("procedures", name, *place)
        if "spondylectomy" in d.names:
            yield Found("procedures", "spinal_tumour_resection", *place, "derived", EN_BLOC)


FARTHEST = 110
EN_BLOC = "spondylectomy: the tumour is removed with its vertebra"


def _deed(patient: Patient, s: Sentence, h: Hit, findings: Findings) -> Deed | None:
    note, row = h.entry.note, h.entry.row
    if any(n in note for n in ("doubtful", "not-tumour-surgery", "not-biopsy", "approach", "diagnostic")):
        return None
    a, b = h.start - s.start, h.end - s.start
    if not operated(s, h):
        return None
    if "needs-spinal-context" in note and not _BODY.search(s.text, max(0, a - 45), b + 45):
        return None
    if "needs-spine" in note and not is_spinal(s, h.start, h.end, findings, h):
        return None
    if "not-imaging-finding" in note and _SHOWN.search(s.text, 0, a):
        return None
    treatments = tuple(n for n in row["treatment"].split("+") if n)
    first, bar, second = h.concept.partition("|")
    generic = bool(bar)
    if not bar:
        name = first
    elif "metasta" in s.text and _WITH_METASTASIS.match(s.text, b) and _spine_known(findings):
        name = f"{first}+{second}"
    else:
        name = first if is_spinal(s, h.start, h.end, findings, h) else second
    names = tuple(n for n in name.split("+") if n)
    refers = generic and _REFERS.match(s.text, a) is not None
    return Deed(h.start, h.end, names, treatments, generic, "accompanies" in note, refers)


def _told_once(told: list[Deed], own: frozenset[str]) -> list[Deed]:
    """Leave out what only goes along with an operation named beside it: nodes, its bare "resection"."""
    main = [d for d in told if d.treatments and not d.accompanies]
    organs = [d for d in main if not d.generic and not {"other_resection", "biopsy"} & {*d.names}]
    out = []
    for d in told:
        if d.accompanies and any(not m.generic for m in main):
            continue
        if d.generic and d.names == ("other_resection",) and any(own & {*o.names} for o in organs):
            continue
        out.append(d)
    return out


def _organs(s: Sentence, told: list[Deed]) -> Iterator[Deed]:
    """Organs said to be removed ("the right kidney had been removed", "sacrifice of colon and kidney")."""
    text = s.text
    for h in s.of("site"):
        row = organs().get(h.entry.term)
        if row is None or any(d.start < h.end and h.start < d.end for d in told):
            continue
        a, b = h.start - s.start, h.end - s.start
        before = text[max(0, a - 60) : a]
        if _TUMOUR_NEXT.match(text, b) or _IN_PART.search(before) or not given(s, h):
            continue
        subject = not _OF_ORGAN.search(before) and _REMOVED.match(text, b)
        subject = subject or (_HAD_IT.search(before) and _OUT.match(text, b))
        if subject or _REMOVAL_OF.search(before):
            yield Deed(
                h.start, b + s.start + (subject.end() - b if subject else 0), (row["concept"],), ("surgery",)
            )


def _removals(s: Sentence, told: list[Deed], findings: Findings) -> Iterator[Deed]:
    """Tumours said to be removed in words that no lexicon lists ("removal of the epidural tumour")."""
    for m in (*s.matches(_TUMOUR_REMOVED), *s.matches(_BODY_REMOVED)):
        a, b = s.start + m.start(), s.start + m.end()
        body = m.re is _BODY_REMOVED.pattern
        if any(d.start < b and a < d.end for d in told if d.names) or not NOT_GIVEN.isdisjoint(
            s.flags(a, b, of_findings(s))
        ):
            continue
        name = "spinal_tumour_resection" if is_spinal(s, b, b, findings) else "other_resection"
        yield Deed(a, b, ("corpectomy" if body else name,), ("surgery",), generic=not body)


def is_spinal(s: Sentence, start: int, end: int, findings: Findings, own: Hit | None = None) -> bool:
    """Whether an operation was on the spine: by the nearest place named, else by the case's lesion."""
    best: tuple[int, bool] | None = None
    text = s.text
    fixed = own is not None and "fixation" in own.concept
    aside = {x.start for x in s.of("procedure") if "not-tumour-surgery" in x.entry.note}
    for x in s.of(*_PLACES):
        spinal = None if x is own or x.start in aside else _place(s, x)
        if spinal is False and fixed and _is_soft(x):
            continue
        if spinal is None or (x.start < end and start < x.end):
            continue
        away = _away(text, s.start, start, end, x.start, x.end)
        if away <= FARTHEST and (best is None or away < best[0]):
            best = away, spinal
    for f in s.levels:
        away = _away(text, s.start, start, end, f.start, f.end)
        if away <= FARTHEST and (best is None or away < best[0]):
            best = away, True
    return best[1] if best is not None else _spine_known(findings)


def _is_soft(x: Hit) -> bool:
    """Whether a place is no bone, so that nothing is fixed there."""
    return x.kind == "tumour" or (x.kind == "site" and x.entry.row["kind"] != "bone")


def _place(s: Sentence, x: Hit) -> bool | None:
    """Whether a term places something in the spine or elsewhere, or `None` where it places nothing."""
    row = x.entry.row
    if "blocks" in x.entry.note:
        return None
    if x.kind == "site":
        return row["kind"] == "spine"
    if x.kind in ("region", "compartment"):
        return True
    if x.kind == "tumour":
        return None if row["site"] in ("", "bone") else row["site"] in ("spine", "spinal_cord")
    if x.kind == "presentation":
        return True if _SPINAL.search(x.entry.term) else False if _ELSEWHERE.search(x.entry.term) else None
    if "approach" in x.entry.note:
        return {"yes": True, "no": False}.get(row["spinal"])
    if "|" in x.concept or x.concept in ("biopsy", ""):
        return None
    return row["spinal"] == "yes"


def _away(text: str, shift: int, start: int, end: int, a: int, b: int) -> int:
    """How far a place stands from an operation, in letters; commas keep them apart."""
    lo, hi = (end, a) if a >= end else (b, start)
    between = text[max(0, lo - shift) : max(0, hi - shift)]
    return len(between) + 25 * sum(between.count(c) for c in ",;:")


def _spine_known(findings: Findings) -> bool:
    return bool(findings.get("levels") or findings.get("compartment"))
