"""How much of the tumour was removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.fields.procedures import is_spinal
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.mention import of_findings
from spondyl.extract.patients import Patient

__all__ = ["read"]

_EXTENTS = (
    r"(?P<subtotal>sub-?total(?:ly)?|near[- ]total(?:ly)?|(?:partial|incomplete|non-?radical)(?:ly)?|r2)|"
    r"(?P<en_bloc>en[- ]?bloc|in one piece|as (?:a single|one) (?:piece|block|specimen)|"
    r"in a single (?:piece|block))|"
    r"(?P<gross_total>gross[- ]total(?:ly)?|macroscopic(?:ally)? total(?:ly)?|total(?:ly)?|complete(?:ly)?|"
    r"entire(?:ly)?|in toto|in its entirety|"
    r"all(?: visible| macroscopic| gross| identifiable| of the)?(?= tumou?r| disease)|r0)"
)
_ACT = (
    r"(?:resect(?:ion|ed|ing)?s?|excis(?:ion|ed|ing|e)?s?|remov(?:al|ed|ing|e)|extirpat(?:ion|ed)|exeresis|"
    r"ablated|"
    r"spondylectom(?:y|ies)|vertebrectomy|enucleat(?:ion|ed)|curett(?:age|ed)|metastasectomy|tumou?rectomy|"
    r"taken out|dissected out|surgery)"
)
_ACTED = guarded(_ACT)
_ACTS = guarded("resect|excis|remov|debulk|extirp")
_NOT_AFTER = r"(?! (?:response|remission|resolution|recovery|relief|abdominal|hip|knee|elbow|body|dose|loss))"
_BEFORE = guarded(
    rf"\b(?:{_EXTENTS})\b{_NOT_AFTER}(?P<gap>(?:,? (?:and )?[\w-]+){{0,4}}?)[ -](?P<act>{_ACT})\b"
)
_AFTER = guarded(
    rf"\b(?P<act>{_ACT})\b(?P<gap>(?: \(?[\w-]+){{0,8}}?) \(?(?:{_EXTENTS})\b"
    r"(?= ?(?:[.,;:)]|$|(?:with|by|through|via|from|and|but|though|although|in|at|using|without|as|on|"
    r"followed|together|"
    r"along|despite|while|because|due|for|under|leaving|including|according|only|after|during|except|apart|"
    r"save|or|was|were|the)\b))"
)
_DEBULKED = guarded(r"\b(?:debulk(?:ing|ed)|cytoreducti(?:ve|on))\b(?! (?:[\w-]+ )?\w+ectomy)")
_FREE = guarded(
    r"\bmargins? (?:[\w-]+ ){0,5}?(?:free|clear|negative|tumou?r[- ]free|uninvolved|not involved|clean)\b|"
    r"\b(?:negative|clear|free|clean|uninvolved|tumou?r[- ]free) (?:surgical |resection |\w+ )?margins?\b|"
    r"\bno (?:residual tumou?r|tumou?r could be seen)\b"
)
_LEFT = guarded(
    r"\b(?:(?:small |minimal |some |tumou?r |residual |a )*(?:remnants?|residue|residual (?:tumou?r|mass|"
    r"lesion)|portion|piece|part|most|bulk)"
    r"(?: of (?:the )?(?:tumou?r|it|growth|lesion|mass))?(?: \w+){0,4}? (?:was |were |"
    r"had (?:to )?be(?:en)? )?(?:left|remained|remaining|remains|adher)|"
    r"(?:left behind|knowingly left|(?:apart|aside) from (?:a|some) (?:small|thin|tiny|minute)|"
    r"except for (?:a|some) (?:small|thin|tiny|minute)|leaving (?:a|some|behind))|"
    r"residual (?:tumou?r|mass|lesion) (?:was |were )?(?:seen|left|present|on|at))\b"
)
_FAILED = re.compile(
    r"[^.;]{0,40}\b(?:impossible|(?:not|n't) (?:be )?(?:possible|feasible|achiev\w+|attempted|obtained|"
    r"accomplished|safe)|"
    r"could not|was not|given up|abandoned)\b"
)
_PREVENTED = re.compile(
    r"\b(?:prevent|preclud|hinder|did not allow|did not permit|not amenable|unable to|impossib|prohibit|"
    r"attempt)\w*\b[^.;]{0,40}$"
)
_PERCENT = re.compile(r"\b(?P<n>\d{2})(?: ?-? ?\d{2})? ?(?:%|percent|per cent)(?: of)?")
_ORGAN_OF = re.compile(r" of (?:the |his |her |both )?(?:\w+ ){0,2}$")
_TUMOUR = re.compile(r"tumou?r|lesion|mass|metasta|nodule|neoplas|deposit|sarcoma|carcinoma|growth|oma\b")
OUT = frozenset({"negated", "planned", "refused", "family", "other", "not_given"})
SPINAL = frozenset({"spinal_tumour_resection", "corpectomy", "spondylectomy"})
OF_TUMOUR = frozenset({"spondylectomy", "biopsy"})
NEARLY_ALL = 95
WEIGHT = {"en_bloc": 2.5, "subtotal": 2.2, "gross_total": 2.0}


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """The extent of resection: of the spinal tumour if one was removed, else of the index tumour."""
    best: tuple[float, Found] | None = None
    spine = any(f.value in SPINAL for f in findings.get("procedures", ()))
    acted = -9
    for k, s in enumerate(patient.sentences):
        for value, start, end, weight in _extents(s, k - acted == 1):
            a, b = s.start + start, s.start + end
            if not OUT.isdisjoint(s.flags(max(a, b - 5), b, of_findings(s))):
                continue
            spinal = is_spinal(s, a, b, findings)
            if spine and not spinal:
                continue
            weight += 3.0 if spinal else 0.0
            if best is None or weight > best[0]:
                best = weight, Found("resection_extent", value, s.block, a, b)
        if s.search(_ACTS):
            acted = k
    if best is not None:
        yield best[1]


def _extents(s: Sentence, after_act: bool) -> Iterator[tuple[str, int, int, float]]:
    text = s.text
    acted = s.search(_ACTED) is not None
    left = s.search(_LEFT) if acted or after_act else None
    if left:
        yield "subtotal", left.start(), left.end(), 2.6 if acted else 2.3
    if not acted and "debulk" not in text and "cytoreduc" not in text and "margin" not in text:
        return
    for pattern in (_BEFORE, _AFTER):
        for m in s.matches(pattern):
            kind = next(k for k in WEIGHT if m[k])
            kind = "en_bloc" if "bloc" in m.group() else kind
            if _of_organ(s, m) or (m["act"] == "surgery" and kind != "gross_total"):
                continue
            if kind == "gross_total" and _short_of(text, m):
                kind = "subtotal"
            yield kind, m.start(), m.end(), WEIGHT[kind]
    if m2 := s.search(_DEBULKED):
        yield "subtotal", m2.start(), m2.end(), WEIGHT["subtotal"]
    if m3 := s.search(_FREE):
        yield "gross_total", m3.start(), m3.end(), 1.0


def _of_organ(s: Sentence, m: re.Match[str]) -> bool:
    """Whether the words name an operation on an organ ("total mesorectal excision"), not an extent."""
    if _TUMOUR.search(m["gap"]):
        return False
    a, b = s.start + m.start(), s.start + m.end()
    for x in s.of("site", "procedure"):
        inside = x.start < b and a < x.end
        if x.kind == "procedure" and inside and "|" not in x.concept and x.concept not in OF_TUMOUR:
            return not _DEBULKED.pattern.search(x.entry.term)
        if x.kind == "site" and x.entry.row["kind"] != "spine":
            if inside:
                return True
            of = b <= x.start and _ORGAN_OF.fullmatch(s.text, m.end(), x.start - s.start)
            if of and not _TUMOUR.search(s.text, x.end - s.start, x.end - s.start + 20):
                return True
            if 0 <= a - x.end <= 1:
                return True
    return False


def _short_of(text: str, m: re.Match[str]) -> bool:
    """Whether a complete removal is said to have failed, or a share of less than all follows."""
    if _FAILED.match(text, m.end()) or _PREVENTED.search(text, 0, m.start()):
        return True
    share = _PERCENT.search(text, m.end(), m.end() + 40)
    return share is not None and int(share["n"]) < NEARLY_ALL
