"""Motor grades of the Medical Research Council."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient

__all__ = ["read"]

_OF_FIVE = re.compile(r"(?<![\w./])(?P<n>[0-5])(?: ?[+-])? ?/ ?(?:5|v)(?![\w/]|\.\d)")
_GRADE = re.compile(
    r"\b(?:mrc|medical research council|power|strength|muscle power|motor power|muscle strength)[ ,(]{1,2}(?:(?:scale|grade|score|was|of|is|graded|in|as|at|the)[ ,:]{1,2}){0,3}(?P<n>[0-5]|iv|v|iii|ii|i)\b(?! ?(?:/|months|weeks|days|cm|out))"
)
_TOPIC = re.compile(
    r"power|strength|mrc|motor|muscle|weak|pare|pleg|grade|flexion|extension|flexors?|extensors?|limbs?|legs?|arms?|iliopsoas|quadriceps|deltoid|force|full"
)
_NOT = re.compile(r"vas|pain score|visual|sensation|sensory|reflex|nrs|hpf|patients|cases")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """Every MRC grade of the course, as "n/5"."""
    for s in patient.sentences:
        text = s.text
        if "/" in text and _TOPIC.search(text):
            for m in _OF_FIVE.finditer(text):
                if not _NOT.search(text[max(0, m.start() - 14) : m.start()]):
                    yield Found("motor_grade", f"{m['n']}/5", s.block, s.start + m.start(), s.start + m.end())
        if "mrc" in text or "power" in text or "strength" in text or "medical research" in text:
            for m in _GRADE.finditer(text):
                n = _ROMAN.get(m["n"], m["n"])
                yield Found("motor_grade", f"{n}/5", s.block, s.start + m.start(), s.start + m.end())
