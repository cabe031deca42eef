"""Feasible counts: nested times, unions and overlaps, operations in patients, patients included and excluded.

Sees: more events within 6 months than within 12; "13 had A, 14 had B, 9 both" beyond the group or below a part;
"25 operations in 18 patients, five with two and three with three or more" (at least 29); a total, an exclusion and
a remainder that do not fit.
Cannot see: counts whose relation the words do not state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from spondyl.audit.document import Document, Sentence
from spondyl.audit.lists import counted
from spondyl.record import Finding, Quote
from spondyl.words.numbers import NUMBER, months, number

__all__ = ["check"]

_WITHIN = re.compile(
    rf"(?<![\w.,])(?P<n>{NUMBER})(?P<mid>(?: (?!within|and|or)[a-z0-9()%-]+){{0,7}}?) (?:within|by|before) "
    rf"(?:the first )?(?P<t>{NUMBER})[ -](?P<u>day|week|month|year)s?\b"
)
_UNION = re.compile(
    rf"(?P<a>{NUMBER})\b[^,;.]{{0,60}}?(?:,| and)[^,;.]{{0,40}}?\b(?P<b>{NUMBER})\b[^,;.]{{0,50}}?,? (?:and |"
    rf"including |of whom |with )?"
    rf"(?:only )?(?P<c>{NUMBER})(?: [a-z]+){{0,2}} (?:with|had|having|in) both\b"
)
_BOTH_OF = re.compile(
    rf"(?P<whole>{NUMBER})(?: [a-z]+){{0,4}} ?(?:\([^)]*\) ?)?: (?P<x>[a-z][^:;.]{{3,60}}?) in"
    rf" (?P<a>{NUMBER})"
    rf"\b[^:;.,]{{0,20}} and "
    rf"(?P<y>[a-z][^:;.,]{{3,60}}?) in (?P<b>{NUMBER})\b[^:;.,]{{0,14}}, (?:including|of"
    rf" whom|with) (?P<c>{NUMBER})"
    rf" (?:with|had) both,? "
    rf"(?:whereas|while|and) (?P<d>{NUMBER}) (?P<z>[^:;.]{{3,70}})"
)
_OPERATIONS = re.compile(
    rf"(?P<n>{NUMBER}) (?:total |surgical |separate"
    rf" )*(?:operations?|surger(?:y|ies)|procedures|interventions?)(?: "
    rf"total)?\b[^.;]{{0,60}}? "
    rf"(?:in|on|for) (?:the |these )?(?P<m>{NUMBER}) (?:of the )?patients\b"
)
_TWO = re.compile(
    rf"(?P<n>{NUMBER})(?: patients?)? (?:(?:required|needed|underwent|had|with) )?two(?: [a-z]+)?\b"
)
_MORE = re.compile(
    rf"(?P<n>{NUMBER})(?: patients?)? (?:(?:required|needed|underwent|had|with)"
    rf" )?three(?P<more> or more)?(?: "
    rf"[a-z]+)?\b"
)
_WERE_EXCLUDED = re.compile(
    rf"(?P<n>{NUMBER}) (?:(?:of (?:them|these|those)|patients|cases|men|women|others)"
    rf" )?(?:were|was|had to be) "
    rf"excluded\b"
)
_EXCLUDED = re.compile(
    rf"\bexclud(?:ed|ing) (?:(?:the|a total of|another) )*(?P<n>{NUMBER})(?="
    rf" (?:of|patients|cases|because|for|with|"
    rf"who)|[ (,.;])"
)
_LEFT = re.compile(
    rf"\b(?:leaving|left|remaining|which left|resulting in) (?:(?:the|a|total|of|us|with|cohort|sample) )"
    rf"*(?P<n>{NUMBER})\b|"
    rf"(?P<m>{NUMBER}) (?:[a-z]+ ){{0,3}}(?:were|was) (?:finally"
    rf" )?(?:included|analy[sz]ed|enrolled|eligible)\b|"
    rf"\bincluded (?:the remaining )?(?P<k>{NUMBER}) (?:patients|cases)\b"
)


def check(doc: Document) -> Iterator[Finding]:
    """Counts that cannot stand together.

    Args:
        doc: The paper.

    Yields:
        Findings `subset` and `total_does_not_add`.
    """
    sizes = {s.n for s in doc.own if s.quantity == "n" and s.n}
    previous: Sentence | None = None
    yield from _distribution(doc)
    for s in doc.sentences:
        if " within " in s.text or " by " in s.text:
            yield from _nested(doc, s)
        if "both" in s.text:
            yield from _overlap(doc, s)
        if " patients" in s.text and (
            "operation" in s.text or "surg" in s.text or "procedures" in s.text or "intervention" in s.text
        ):
            yield from _operations(doc, s)
        if "exclu" in s.text:
            yield from _excluded(doc, s, previous, sizes)
        previous = s


_BRACKET = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\bbecause of .*?(?=, leaving|, which left|$)")
_SPREAD = re.compile(
    rf"(?P<k>{NUMBER})(?: patients?)? (?:(?:had|were treated at|underwent treatment"
    rf" of|received|with|at|presented "
    rf"with|in) )?"
    rf"(?P<j>one|two|three|four|five|six|seven|eight) ?(?P<more>or more)?(?P<noun> (?:levels?|vertebrae?|"
    rf"fractures?|lesions?|"
    rf"metastas[ei]s|operations?|procedures|injections))?(?= (?:treated|levels?)?|[,;.]|$)"
)
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"]


def _distribution(doc: Document) -> Iterator[Finding]:
    """Patients with one, two, three … of something, against the number of patients and of things."""
    sizes = {s.n for s in doc.own if s.quantity == "n" and s.n}
    for s in doc.saying(" two", " three"):
        if " one" not in s.text or " two" not in s.text or " three" not in s.text:
            continue
        found = [m for m in _SPREAD.finditer(s.text) if not m["more"]]
        steps = [_NUMBERS.index(m["j"]) for m in found]
        if len(found) < 3 or steps != list(range(1, len(found) + 1)) or not any(m["noun"] for m in found):
            continue
        patients = sum(_value(m["k"]) for m in found)
        things = sum(_value(m["k"]) * j for m, j in zip(found, steps, strict=True))
        noun = next(m["noun"] for m in found if m["noun"]).strip().rstrip("s")
        told = [int(x) for x in re.findall(rf"(?<![\w.,])(\d{{1,4}}) (?:[a-z]+ )?{noun}s?\b", doc.prose)]
        whole = doc.main
        words = doc.quote(s, found[0].start(), found[-1].end())
        made = [f"{_value(m['k'])} × {j}" for m, j in zip(found, steps, strict=True)]
        if (
            whole
            and len(sizes) >= 1
            and patients != whole
            and abs(patients - whole) <= max(3, whole // 5)
            and patients not in sizes
        ):
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"Patients with one, two and more make {patients}, but the group has {whole}.",
                computed=f"{' + '.join(str(_value(m['k'])) for m in found)} = {patients}, not {whole}", quotes=(words,),
            )  # fmt: skip
        elif told and patients == whole and things not in told and max(told) > patients:
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"The patients make {things} {noun}s, but {max(told)} are printed.",
                computed=f"{' + '.join(made)} = {things}",
                quotes=(words,),
            )  # fmt: skip


def _value(words: str) -> int:
    return int(number(words) or 0)


def _nested(doc: Document, s: Sentence) -> Iterator[Finding]:
    """Counts within a shorter and a longer time."""
    found = list(_WITHIN.finditer(s.text))
    for a, b in pairwise(found):
        if b.start() - a.end() > 12 or b["mid"].strip() not in ("", a["mid"].strip()):
            continue
        early, late = (months(number(m["t"]) or 0, m["u"]) for m in (a, b))
        n, k = _value(a["n"]), _value(b["n"])
        if early == late or (n <= k) == (early < late) or n == k:
            continue
        more, fewer = (a, b) if early < late else (b, a)
        yield Finding(
            kind="subset", severity="error",
            message=f"Those within {more['t']} {more['u']}s are part of those within {fewer['t']} {fewer['u']}s, "
            f"but {more['n']} is more than {fewer['n']}.",
            computed=f"{_value(more['n'])} > {_value(fewer['n'])}", quotes=(doc.quote(s, a.start(), b.end()),),
        )  # fmt: skip


def _overlap(doc: Document, s: Sentence) -> Iterator[Finding]:
    """Two properties and how many had both."""
    m = _BOTH_OF.search(s.text)
    if m:
        whole, a, b, c, d = (_value(m[k]) for k in ("whole", "a", "b", "c", "d"))
        if a + b - c + d != whole and ("alone" in m["z"] or "only" in m["z"] or "neither" in m["z"]):
            yield Finding(
                kind="total_does_not_add", severity="error",
                message=f"Counted once, the parts make {a + b - c + d}, but {whole} is given as their total.",
                computed=f"{a} + {b} - {c} + {d} = {a + b - c + d}, not {whole}",
                quotes=(doc.quote(s, m.start(), m.end()),),
            )  # fmt: skip
    for u in _UNION.finditer(s.text):
        a, b, c = (_value(u[k]) for k in "abc")
        if c > min(a, b) and min(a, b) > 0:
            yield Finding(
                kind="subset", severity="error",
                message=f"{c} cannot have had both where {min(a, b)} had one of the two.",
                computed=f"{c} > min({a}, {b})", quotes=(doc.quote(s, u.start(), u.end()),),
            )  # fmt: skip


def _operations(doc: Document, s: Sentence) -> Iterator[Finding]:
    """Operations in patients, some of whom had two or more."""
    m = _OPERATIONS.search(s.text)
    if m is None:
        return
    after = [t for t in doc.sentences if t.paragraph == s.paragraph and t.start >= s.start][:6]
    for t in after:
        start = m.end() if t is s else 0
        two, more = _TWO.search(t.text, start), _MORE.search(t.text, start)
        if two and more:
            n, patients = _value(m["n"]), _value(m["m"])
            a, b = _value(two["n"]), _value(more["n"])
            least = patients + a + 2 * b
            if a + b <= patients and (n < least or (n > least and not more["more"])):
                yield Finding(
                    kind="total_does_not_add", severity="error",
                    message=f"{patients} patients, {a} with two and {b} with three{more['more'] or ''} operations, "
                    f"need "
                    f"{'at least ' if more['more'] else ''}{least}, but {n} are given.",
                    computed=f"{patients - a - b} × 1 + {a} × 2 + {b} × 3 = {least}",
                    quotes=(doc.quote(s, m.start(), m.end()), _both(doc, t, two, more)),
                )  # fmt: skip
            return


def _both(doc: Document, s: Sentence, a: re.Match[str], b: re.Match[str]) -> Quote:
    return doc.quote(s, min(a.start(), b.start()), max(a.end(), b.end()))


def _excluded(doc: Document, s: Sentence, previous: Sentence | None, sizes: set[int]) -> Iterator[Finding]:
    """How many there were, how many were excluded, how many were left."""
    m = _WERE_EXCLUDED.search(s.text) or _EXCLUDED.search(s.text)
    left = _LEFT.search(s.text, m.end()) if m else None
    if m is None or left is None:
        return
    before = list(counted(s.text, 0, m.start()))
    where = s
    if not before and previous is not None and previous.paragraph == s.paragraph:
        before, where = list(counted(previous.text)), previous
    if not before:
        return
    gone, rest = _value(m["n"]), _value(left["n"] or left["m"] or left["k"])
    between = list(counted(_BRACKET.sub(lambda b: " " * len(b.group()), s.text), m.end(), left.start()))
    if between or not rest > 0 or gone == rest or not any(b.n > max(gone, rest) for b in before):
        return
    if any(b.n - gone == rest for b in before):
        return
    whole = before[-1]
    yield Finding(
        kind="total_does_not_add", severity="error",
        message=f"{whole.n} less {gone} excluded leaves {whole.n - gone}, but {rest} is printed.",
        computed=f"{whole.n} - {gone} = {whole.n - gone}, not {rest}",
        quotes=(doc.quote(where, whole.start, whole.end + 1), doc.quote(s, m.start(), left.end())),
    )  # fmt: skip
