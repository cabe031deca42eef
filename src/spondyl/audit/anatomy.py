"""Vertebrae that do not exist.

Sees: C8 as a vertebra or level (it is a root and a cord segment), T13, L6, S6 and beyond, and ranges that run the
wrong way between regions.
Cannot see: levels that exist and are meant otherwise. A sixth lumbar vertebra is a variant: "suspicious" only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.audit.document import Document
from spondyl.record import Finding, Severity

__all__ = ["check"]

_LEVEL = re.compile(r"(?P<r>[CTDLS])(?<![\w.+/-].)-?(?P<n>\d{1,2})(?![\w.%]|\s?%)")
_LAST = {"C": 7, "T": 12, "D": 12, "L": 5, "S": 5}
_REGION = {"C": "cervical", "T": "thoracic", "D": "thoracic", "L": "lumbar", "S": "sacral"}
_NERVE = re.compile(
    r"\b(?:root|roots|nerve|nerves|dermatom\w*|myotom\w*|radicul\w*|sensory|sensation|"
    r"innervat\w*|motor level|"
    r"foramen|foramina|plexus|hypoesthesia|hypaesthesia|numbness|reflex\w*|segment|segments|"
    r"weakness|injury level|"
    r"asia)\b"
)
_BONE = re.compile(
    r"\b(?:vertebra\w*|corpectom\w*|laminectom\w*|spondylectom\w*|pedicle\w*|laminae?|"
    r"vertebroplast\w*|kyphoplast\w*|"
    r"fracture\w*|fusion|spinous)\b"
)
_SPINE = re.compile(
    r"\b(?:spin\w+|thoracolumbar|lumbosacral|cervicothoracic|vertebra\w*|cord|cervical|"
    r"thoracic|dorsal|lumbar|"
    r"sacr\w+|level\w*|edema|oedema|laminectom\w*)\b"
)
_STAGE = re.compile(
    r"(?:\bstage|\bpt|\bct|grade|type|figure|fig|table|lead|electrode|channel|group|case|patient) ?$"
)


def check(doc: Document) -> Iterator[Finding]:
    """Levels beyond the last of their region.

    Args:
        doc: The paper.

    Yields:
        Findings `impossible_level`.
    """
    yield from _tabled(doc)
    for s in doc.sentences:
        for m in _LEVEL.finditer(s.plain):
            region, n = m["r"], int(m["n"])
            last = _LAST[region]
            if not last < n <= last + 3 or (region in "TDS" and n > last + 2):
                continue
            around = s.text[max(0, m.start() - 60) : m.end() + 40]
            named = _SPINE.search(s.text) or _BONE.search(s.text)
            if _STAGE.search(s.text[: m.start()]) or _NERVE.search(around) or not named:
                continue
            if not _LEVEL.search(s.plain, 0, m.start()) and not _BONE.search(around) and region in "DS":
                continue
            sure = _BONE.search(around) is not None and region in "CTD"
            grave: Severity = "error" if sure else "suspicious"
            first = max(s.text.rfind(" ", 0, max(0, m.start() - 18)), 0)
            yield Finding(
                kind="impossible_level", severity=grave,
                message=f"There are {last} {_REGION[region]} vertebrae; {m.group()} is none"
                + ("." if sure else ", so the words should say what is counted."),
                computed=f"{m.group()} > {region}{last}", quotes=(doc.quote(s, first, m.end()),),
            )  # fmt: skip


_HEAD = re.compile(
    r"^(?:(?:vertebral |spinal |affected |involved |treated )?levels?|vertebrae?|location|site)\b"
)
_ALONE = re.compile(r"^(?P<r>[CTDL])-?(?P<n>\d{1,2})(?:[-–/,][CTDLS]?-?\d{1,2})*$")


def _tabled(doc: Document) -> Iterator[Finding]:
    """Levels in a column of levels."""
    for table in doc.paper.tables:
        heads = {c.column for c in table.cells if c.head and _HEAD.match(" ".join(c.text.lower().split()))}
        for c in table.cells:
            m = _ALONE.match(c.text.strip()) if c.column in heads and not c.head else None
            if m is None or not _LAST[m["r"]] < int(m["n"]) <= _LAST[m["r"]] + 3:
                continue
            yield Finding(
                kind="impossible_level", severity="suspicious",
                message=f"There are {_LAST[m['r']]} {_REGION[m['r']]} vertebrae; {m['r']}{m['n']} is none, so the "
                "words should say what is counted.",
                computed=f"{m['r']}{m['n']} > {m['r']}{_LAST[m['r']]}", quotes=(doc.words(c.start, c.end),),
            )  # fmt: skip
