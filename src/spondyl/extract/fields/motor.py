"""Motor grades of the Medical Research Council."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.document import Sentence
from spondyl.extract.found import Findings, Found
from spondyl.extract.knowledge import guarded
from spondyl.extract.patients import Patient

__all__ = ["read"]

_N = r"(?:[0-5]|iv|v|iii|ii|i)"
_OF_FIVE = guarded(
    rf"(?<![\w./])(?P<n>{_N}) ?(?P<sign>[+-])?(?: ?(?:-|to|or) ?(?P<m>{_N}) ?(?P<sign2>[+-])?)? ?(?:/ ?|"
    rf" out of )(?:5|v|five)(?![\w/]|[.]\d)"
)
_GRADED = (
    r"(?:mrc|medical research council|power|strength|weakness|paraparesis|tetraparesis|monoparesis|"
    r"hemiparesis|paresis|paralysis)"
)
_GRADE = guarded(
    rf"\b{_GRADED}[ ,(:]{{1,2}}(?:(?:scale|grade|graded|score|was|of|is|in|as|at|the|mrc|limb|legs?|"
    rf"muscle)[ ,:]{{1,2}}){{0,4}}"
    rf"(?P<n>{_N})(?P<sign>[+-])?(?![\w/]|[.](?:\d|e\b)|[ -](?:months|weeks|days|years|cm|out|of|limbs?|patients|"
    rf"h\b|hours|/|to|extrem))"
)
_OF_GRADE = guarded(
    rf"\b(?:mrc )?grade (?P<n>{_N})(?P<sign>[+-])? (?:motor |muscle |lower |upper |limb |leg |residual )*"
    r"(?:power|strength|weakness|paresis|paraparesis|tetraparesis|paraplegia)\b"
)
_TOPIC = guarded(
    r"power|strength|mrc|motor|muscle|weak|pare[sti]|pleg|grade|flexion|extension|flexors?|extensors?|"
    r"limbs?|legs?|arms?|"
    r"iliopsoas|quadriceps|deltoid|force|full|groups|ankles?|knees?|hips?|hands?|grip|foot|feet|dorsiflex|"
    r"extremit|"
    r"\b(?:ll|ul|rll|lll|lul|rul|le|ue|lle|rle|lue|rue|ehl|bilat\w*)\b"
)
_NOT = re.compile(
    r"vas|pain score|visual|sensation|sensory|reflex\w*|nrs|hpf|patients|cases|score(?:d|s)?|pain|pinprick|"
    r"node[s]?|anal"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Every MRC grade of the course, as "n/5" with its plus or minus."""
    for s in patient.sentences:
        text = s.text
        if ("/" in text or " out of " in text) and s.search(_TOPIC):
            for m in s.matches(_OF_FIVE):
                if not _NOT.search(text[max(0, m.start() - 14) : m.start()]):
                    yield _found(s, m, m["n"], m["sign"])
                    if m["m"]:
                        yield _found(s, m, m["m"], m["sign2"])
        if (
            "grade" in text
            or "mrc" in text
            or "power" in text
            or "strength" in text
            or "medical research" in text
        ):
            for pattern in (_GRADE, _OF_GRADE):
                for m in s.matches(pattern):
                    yield _found(s, m, m["n"], m["sign"])


def _found(s: Sentence, m: re.Match[str], n: str, sign: str | None) -> Found:
    value = f"{_ROMAN.get(n, n)}{sign or ''}/5"
    return Found("motor_grade", value, s.block, s.start + m.start(), s.start + m.end())
