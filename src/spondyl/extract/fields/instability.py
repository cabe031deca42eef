"""What scores of stability and performance ask for: type of pain, quality of bone, collapse, performance status."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.patients import Patient
from spondyl.words.numbers import NUMBER, number

__all__ = ["read"]

OUT = frozenset({"negated", "family", "other", "planned", "possible"})

_MECHANICAL = guarded(
    r"\bmechanical(?:ly)? (?:[\w-]+ ){0,3}?pain\b"
    r"|\bpain\b[^.;]{0,60}?\b(?:(?:worse|worsened|aggravated|increased|exacerbated|provoked|brought on)"
    r" (?:on|by|with|during|in) (?:any |the )?(?:movement|motion|standing|sitting up|walking|loading"
    r"|turning|rotation|"
    r"activity|upright|weight|exertion|bending|moving)|(?:relieved|eased|better|improved) (?:by|on|when|with)"
    r" (?:lying|rest|recumbency|recumbent|bed rest|a collar|a brace|a corset))"
)
_NOT_MECHANICAL = guarded(
    r"\bnon-?mechanical (?:[\w-]+ ){0,2}?pain\b|\bnot mechanical\b"
    r"|\bpain\b[^.;]{0,60}?\b(?:at rest|at night|nocturnal|worse (?:at night|on lying|when lying|lying down)"
    r"|kept (?:him|her) awake|independent of (?:movement|posture))|\b(?:nocturnal|night) (?:[\w-]+ )?pain\b"
)
_QUALITY = guarded(
    r"\b(?:(?P<mixed>mixed (?:osteo)?lytic(?: and |/|-)(?:osteo)?(?:sclerotic|blastic)"
    r"|mixed (?:\w+ )?(?:lesions?|lytic|osteolytic|sclerotic|blastic)|"
    r"(?:osteo)?lytic[ -](?:and|/)[ -]?(?:osteo)?(?:sclerotic|blastic)|lytic-?(?:sclerotic|blastic))|"
    r"(?P<lytic>(?:osteo)?lytic|osteolys[ie]s)|(?P<blastic>(?:osteo)?blastic|sclerotic (?:lesion|metasta"
    r"|focus|foci)\w*|"
    r"dense as ivory|ivory vertebra))\b"
)
_SPINAL = guarded(
    r"vertebr|spin|pedicle|lamina|sacr|odontoid|dens\b|axis|\b[ctl]\d|body of|posterior elements"
)
_COLLAPSE = guarded(
    rf"\b(?:collapse|height loss|loss of (?:\w+ )?height|compression fracture|wedging"
    rf"|wedge)\b[^.;]{{0,40}}?\b(?P<n>{NUMBER}) ?%"
    rf"|\b(?P<n2>{NUMBER}) ?% (?:\w+ ){{0,2}}?(?:collapse|height loss|loss of (?:\w+ )?height|compression)\b"
    r"|\b(?:collapse|loss)(?: of)? (?:about |nearly |almost )?(?P<part>a quarter|a third|one third"
    r"|one-third|a half|half|"
    r"two thirds|two-thirds|three quarters)(?: of (?:its|the) (?:\w+ )?height)?"
)
_NO_COLLAPSE = guarded(
    r"\b(?:no|without) (?:vertebral |signs of |evidence of )?(?:collapse|height loss|loss of height)\b"
    r"|\bcollapse-free\b"
)
_ANY = guarded(
    "pain|lytic|lys|blastic|sclerotic|ivory|collaps|height|wedg|compression|performance|kps|ecog|karnofsky"
)
_PART = {"quarter": 25, "third": 33, "half": 50, "two third": 67, "three quarter": 75}
_STATUS = re.compile(
    r"\b(?P<scale>karnofsky|kps|ecog|who|eastern cooperative oncology group)(?: performance)?(?: status"
    r"| score| index| scale|"
    r" ps|\))*(?: \((?:kps|ecog|ps)\))?(?: score| grade| status| of| was| is| had been|,|:| =|=)*"
    r" ?(?:grade )?(?P<n>100|[1-9]0|[0-5])\b(?! ?(?:months|weeks|years|mg|/))"
    r"|\bperformance status(?: \(ps\))?"
    r"(?: score| of| was| is|:| =|=)* ?(?:grade )?(?P<m>100|[1-9]0|[0-5])\b(?! ?(?:months|weeks|years|mg|/))"
)


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Pain type, bone quality, collapse and performance status, as the scores of stability and function ask."""
    seen: set[str] = set()
    for s in patient.sentences:
        if not s.has(_ANY):
            continue
        for found in (*_pain(s), *_quality(s), *_collapse(s), *_status(s)):
            if found.field not in ("collapse", "performance_status") or found.field not in seen:
                seen.add(found.field)
                yield found


def _found(s: Sentence, field: str, value: str, m: re.Match[str]) -> Found:
    return Found(field, value, s.block, s.start + m.start(), s.start + m.end())


def _fact(s: Sentence, m: re.Match[str]) -> bool:
    return OUT.isdisjoint(s.flags(s.start + m.start(), s.start + m.end()))


def _pain(s: Sentence) -> Iterator[Found]:
    if "pain" not in s.text:
        return
    for value, pattern in (("mechanical", _MECHANICAL), ("not mechanical", _NOT_MECHANICAL)):
        m = s.search(pattern)
        if m and _fact(s, m):
            yield _found(s, "pain_type", value, m)


def _quality(s: Sentence) -> Iterator[Found]:
    text = s.text
    if ("lytic" in text or "lys" in text or "blastic" in text or "sclerotic" in text or "ivory" in text) and (
        s.levels or s.search(_SPINAL)
    ):
        for m in s.matches(_QUALITY):
            if _fact(s, m):
                yield _found(s, "bone_quality", str(m.lastgroup), m)


def _collapse(s: Sentence) -> Iterator[Found]:
    text = s.text
    if "collaps" not in text and "height" not in text and "wedg" not in text and "compression" not in text:
        return
    m = s.search(_NO_COLLAPSE)
    if m:
        yield _found(s, "collapse", "none", m)
    for m in s.matches(_COLLAPSE):
        words = m["part"]
        share = next((v for k, v in reversed(_PART.items()) if words and k in words.replace("-", " ")), None)
        value = share if words else number(m["n"] or m["n2"])
        if value is not None and 0 < value <= 100 and _fact(s, m):
            yield _found(s, "collapse", "50 % or less" if value <= 50 else "over 50 %", m)


def _status(s: Sentence) -> Iterator[Found]:
    text = s.text
    if "performance" not in text and "kps" not in text and "ecog" not in text and "karnofsky" not in text:
        return
    for m in _STATUS.finditer(text):
        n = int(m["n"] or m["m"])
        karnofsky = n >= 10
        named = (m["scale"] or "").startswith("k")
        if m["scale"] and karnofsky != named:
            continue
        scale = (
            "KPS"
            if karnofsky
            else "WHO"
            if m["scale"] == "who"
            else "ECOG"
            if m["scale"]
            else "performance status"
        )
        yield _found(s, "performance_status", f"{scale} {n}", m)
