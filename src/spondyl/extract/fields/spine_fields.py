"""Levels, regions and compartment of the spinal lesions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.patients import Patient
from spondyl.extract.spine import bad_context, cue, governor, is_lesion
from spondyl.words.levels import REGION, Levels
from spondyl.words.terms import Hit

__all__ = ["read"]

_SPINAL = re.compile(
    r"spin|vertebr|lamin|cord|epidural|extradural|intradural|pedicle|sacr|lumbar|thoracic|dorsal|cervical"
    r"|canal|myel|disc"
)
_STAGING = re.compile(
    r"carcinom|cancer|stage|staging|classified|invad|serosa|n0|n1|m0|tnm|ajcc|figo|adenocarc|tumou?r category"
)
_LUNG = re.compile(r"segment|bronch|lung|pulmon|liver|hepat|lobe")
_INTO_CORD = guarded(
    r"\b(?:lesion|nodule|infiltrat\w+|metasta\w+|tumou?r|mass|deposit|locali[sz]ation)s? (?:\w+ ){0,4}(?:of"
    r"|in|within|inside|to) the (?:[\w-]+ ){0,3}?(?:spinal cord|conus"
    r"|(?<!sex )(?<!spermatic )(?<!vocal )cord|medulla)\b(?! compress| dysf)|\b(?:spinal cord|cord"
    r"|conus) (?:infiltration|metasta\w+|nodule|tumou?r|lesion)\b|\bmedullary (?:metasta\w+|lesion"
    r"|locali[sz]ation)"
)
_CELLS = (
    r"(?:malignant|atypical|tumou?r|neoplastic|carcinoma|adenocarcinoma|melanoma|lymphoma|cancer|blast) cells"
)
_CSF = guarded(
    rf"\b(?:csf|cerebrospinal fluid|lumbar puncture)\b[^.;]{{0,60}}?(?:{_CELLS}|cytology (?:was )?positive"
    rf"|positive cytology|"
    rf"positive for malignan\w+)|{_CELLS}[^.;]{{0,40}}\b(?:csf|cerebrospinal fluid)\b"
)
_NONE = re.compile(r"\b(?:no|not|without|negative|neither|free)\b")
_BESIDE_CORD = re.compile(
    r"adher|mening|attach|extramedull|compress|displac|extradural|epidural|close|adjacent|along|without"
    r"|outside|beside|o?edema"
)
_LONG_BONE = re.compile(r"tibia|femur|femoral|humer|nail|long bone|radius|ulna|fibula|marrow cavity|rod")
_BONY = re.compile(
    r"lytic|lysis|sclerotic|blastic|bone metasta|bony metasta|osseous|skeletal|fractur|collaps|compaction"
)
MILD = frozenset({"benign", "mimic"})
_GRAVE = re.compile(
    r"fractur|patholog|compress|hypermetab|infiltrat|metasta|tumou?r|mass|lytic|destr|collaps|malign|sclerotic|carcinom|extradural|epidural"
)
_OF_NERVE = re.compile(
    r"schwann|neurofib|neuroma|mening|ependym|astrocyt|gliom|glioblast|hemangioblast|nerve|neurobl"
)
AT_LEVEL = "a lesion at a vertebral level of which no more is said is vertebral"
_BONE = guarded(
    _BONY.pattern
    + r"|destr|erod|erosi|expan|replace|honeycomb|angioma|bod(?:y|ies)\b|vertebra|pedicle|lamina|marrow"
)
_OF_BONE = re.compile(
    r"(?:lytic|sclerotic|blastic|fractur\w*|collapse|destruction|erosion|h?aemangioma|hemangioma|honeycomb\w*|replacement|"
    r"infiltration)(?: lesions?)? (?:of|at|in|involving) (?:the )?"
    r"(?:(?:bod(?:y|ies)|pedicles?|laminae?|arch|left|right) (?:of )?(?:the )?)*$"
)
_IS_BONE = re.compile(
    r" (?:was|were|is|had been) (?:[a-z]+ )?(?:expanded|destroyed|eroded|replaced|collapsed|fractured|sclerotic)\b"
)
_NOT_BONE = re.compile(
    r"epidural|extradural|intradural|intramedull|mening|cord|canal|degenerat|osteopor|screw|endplate"
)
_NOT_BODY = re.compile(
    r"^(?:s|ly)?[ -](?:levels?|canal|arter|osteotom|column level|projection|angiogr|puncture|approach"
    r"|endplate)"
)
_BETWEEN = re.compile(
    r"\b(?:between|near|adjacent to|close to|anterior to|in front of|side of|beside|deform\w+ of|wall of"
    r"|level of|abutting|parallel to|next to|contact with)\b[^.;]{0,40}$"
)


_REGIONS = {"cervical": "cervical", "thoracic": "thoracic", "dorsal": "thoracic", "lumbar": "lumbar"}
_REGION_WORD = re.compile("|".join(_REGIONS))
_SCAN = re.compile(
    r"(?: spine| column| vertebral)? ?(?:mri|ct|mr|magnetic|computed|x-?ray|radiograph|scan|plain|film"
    r"|imaging|myelogra|tomogra)"
)
_LISTED = re.compile(r"\b(?:(?:cervical|thoracic|dorsal|lumbar)(?:,? and |, | or |/| & )(?:the )?){1,3}$")


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Levels, regions and compartment of a patient's spinal lesions."""
    levels = _levels(patient)
    yield from levels
    seen: set[str] = set()
    for f in levels:
        region = REGION[str(f.value)[0]]
        if region not in seen:
            seen.add(region)
            yield f._replace(
                field="regions", value=region, certainty="derived", derivation=f"region of level {f.value}"
            )
    for s in patient.sentences:
        yield from _regions(s)
    told = [f for s in patient.sentences for f in _compartments(s)]
    yield from told
    if levels and not told and _of_bone(patient):
        yield levels[0]._replace(
            field="compartment", value="vertebral", certainty="derived", derivation=AT_LEVEL
        )


def _of_bone(patient: Patient) -> bool:
    """Whether a lesion at a vertebral level, of which no more is said, is one of bone: no tumour of nerve or cord."""
    return not any(_OF_NERVE.search(h.concept) for s in patient.sentences for h in s.of("tumour"))


def _levels(patient: Patient) -> list[Found]:
    """Lesion levels; an expression that stands for a lesion no oftener than for something worn is left out."""
    found: list[tuple[Sentence, Levels]] = []
    lesion: Counter[tuple[str, ...]] = Counter()
    worn: Counter[tuple[str, ...]] = Counter()
    grave = any(h.entry.row["class"] not in MILD for s in patient.sentences for h in s.of("tumour"))
    for s in patient.sentences:
        for expression in s.levels:
            kind = _class(s, expression)
            if kind == "lesion" and grave and _beside(s):
                kind = "degenerative"
            if kind == "lesion":
                lesion[expression.levels] += 1
                found.append((s, expression))
            elif kind == "degenerative":
                worn[expression.levels] += 1
    return [
        Found("levels", v, s.block, x.start, x.end)
        for s, x in found
        if lesion[x.levels] > worn[x.levels]
        for v in x.levels
    ]


def _beside(s: Sentence) -> bool:
    """Whether a sentence tells only of something that stands beside the disease: a haemangioma, a Schmorl's node."""
    worn = [h for h in s.of("cue") if h.concept == "degenerative"]
    return any(
        h.entry.row["class"] in MILD and any(c.start < h.end and h.start < c.end for c in worn)
        for h in s.of("tumour")
    ) and not _GRAVE.search(s.text)


def _class(s: Sentence, x: Levels) -> str | None:
    if not _plausible(s, x) or bad_context(s, x.start, x.end):
        return None
    if is_lesion(s, x.start, x.end) is not None:
        return "lesion"
    found = governor(s, x.start, x.end)
    return cue(found[0]) if found else None


def _plausible(s: Sentence, x: Levels) -> bool:
    """Whether a code is a level at all: not a tumour stage, not a segment of lung or liver."""
    if not x.code:
        return True
    first = x.levels[0]
    text = s.text
    if first[0] == "S":
        a, b = x.start - s.start, x.end - s.start
        return not _LUNG.search(text[max(0, a - 50) : b + 30])
    if first in ("T1", "T2", "T3", "T4") and not _SPINAL.search(text):
        return not _STAGING.search(text)
    return True


def _regions(s: Sentence) -> Iterator[Found]:
    for r in s.of("region"):
        if bad_context(s, r.start, r.end) or not _of_lesion(s, r):
            continue
        if _scanned(s, r) or (r.entry.term.endswith("region") and not _OF_SPINE.search(s.text)):
            continue
        for region in r.concept.split("+"):
            yield Found("regions", region, s.block, r.start, r.end)
        if listed := _LISTED.search(s.text[: r.start - s.start]):
            for m in _REGION_WORD.finditer(listed.group()):
                yield Found("regions", _REGIONS[m.group()], s.block, s.start + listed.start(), r.end)


_OF_SPINE = re.compile(
    r"spin|vertebr|cord|epidural|extradural|intradural|medull|canal|lamin|radicul|myel|disc|neurolog|back"
    r"|plegi|pares|"
    r"thoracic|dorsal|lumbar|sacral|sacrum"
)


def _of_lesion(s: Sentence, r: Hit) -> bool:
    """Whether a region is a lesion's: by a cue beside it, or by its own words ("sacral mass")."""
    own = any(
        h is not r and r.start <= h.start and h.end <= r.end and cue(h) == "lesion" for h in s.of("cue")
    )
    return own or is_lesion(s, r.start, r.end) is not None


def _scanned(s: Sentence, r: Hit) -> bool:
    """Whether a region is only where the scan was made, and the sentence names another place of the lesion."""
    if not _SCAN.match(s.text, r.end - s.start):
        return False
    names = set(r.concept.split("+"))
    return any(
        x is not r and not names & set(x.concept.split("+")) and _of_lesion(s, x) for x in s.of("region")
    ) or any(REGION[v[0]] not in names for x in s.levels for v in x.levels if _class(s, x) == "lesion")


def _compartments(s: Sentence) -> Iterator[Found]:
    text, shift = s.text, s.start
    for h in s.of("compartment"):
        if bad_context(s, h.start, h.end):
            continue
        if h.concept == "vertebral" and not _bony_lesion(s, h):
            continue
        if h.concept == "intramedullary" and _LONG_BONE.search(text):
            continue
        yield Found("compartment", h.concept, s.block, h.start, h.end)
    if "cord" in text or "conus" in text or "medulla" in text:
        m = s.search(_INTO_CORD)
        if (
            m
            and not _BESIDE_CORD.search(m.group())
            and not bad_context(s, m.start() + shift, m.end() + shift)
        ):
            yield Found("compartment", "intramedullary", s.block, m.start() + shift, m.end() + shift)
    if "csf" in text or "cerebrospinal" in text or "puncture" in text:
        m = s.search(_CSF)
        if m and not _NONE.search(m.group()) and not bad_context(s, m.start() + shift, m.end() + shift):
            yield Found("compartment", "leptomeningeal", s.block, m.start() + shift, m.end() + shift)
    for x in s.levels if s.search(_BONE) else ():
        if _class(s, x) == "lesion" and _bone_at(s, x):
            yield Found("compartment", "vertebral", s.block, x.start, x.end)
    if "spine" in text and _BONY.search(text):
        m = re.search(r"\bspine\b", text)
        if (
            m
            and is_lesion(s, m.start() + shift, m.end() + shift)
            and not bad_context(s, m.start() + shift, m.end() + shift)
        ):
            yield Found("compartment", "vertebral", s.block, m.start() + shift, m.end() + shift)


def _bone_at(s: Sentence, x: Levels) -> bool:
    """Whether what is said of a level is said of its bone ("a lytic lesion at L2", "collapse of T7")."""
    a, b = x.start - s.start, x.end - s.start
    before, after = s.text[max(0, a - 45) : a], s.text[b : b + 25]
    if _OF_BONE.search(before[-32:]) or _IS_BONE.match(after):
        return True
    return _BONY.search(before + after) is not None and _NOT_BONE.search(before + after) is None


def _bony_lesion(s: Sentence, h: Hit) -> bool:
    text, a, b = s.text, h.start - s.start, h.end - s.start
    if _NOT_BODY.match(text[b : b + 18]) or _BETWEEN.search(text[max(0, a - 60) : a]):
        return False
    return "metast" in text[a:b] or is_lesion(s, h.start, h.end) is not None
