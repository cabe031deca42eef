"""One patient described twice: age, sex, length of the history, outcome.

Sees: two ages or sexes of one patient; another length of the history in the abstract than in the report; a patient
who is free of recurrence in the table and has a recurrence in the text by that time; a recurrence "within" a year
in one place and a year later in another.
Cannot see: patients that extraction could not tell apart, of whom nothing is said; whose claims are settled is
left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spondyl.audit.document import Document, Sentence
from spondyl.record import Case, Claim, Finding, Quote
from spondyl.words.numbers import NUMBER, months, number

__all__ = ["check"]

_AGE = re.compile(r"\b(?P<n>\d{1,3})[ -]years?[ -]old\b")
_DURATION = re.compile(
    rf"\b(?P<n>{NUMBER}|an?)[ -](?P<u>day|week|month|year)s?'?s?(?: of)? duration\b|"
    rf"\bduration of (?P<n2>{NUMBER}|an?) (?P<u2>day|week|month|year)s?\b"
)
_HISTORY = re.compile(
    rf"\b(?P<n>{NUMBER}|an?)[ -](?P<u>day|week|month|year)s?'?s? history of (?P<of>[a-z -]{{3,60}})"
)
_WITHIN = re.compile(
    rf"\brecur(?:red|rence)\b[^.;]{{0,30}}\bwithin (?:the first |the )?(?P<n>{NUMBER}|an?)?(?:"
    rf" ?post-?operative)? "
    rf"?(?P<u>day|week|month|year)s?\b"
)
_LATER = re.compile(
    rf"\b(?P<n>{NUMBER}|an?) (?P<u>day|week|month|year)s? (?:later|after [a-z ]{{3,30}}?),? "
    rf"[^.;]{{0,40}}\brecur(?:red|rence)\b|"
    rf"\brecurred (?P<n2>{NUMBER}|an?) (?P<u2>day|week|month|year)s? later\b"
)
_FRONT = frozenset({"abstract", "title"})


def check(doc: Document) -> Iterator[Finding]:
    """What is said of one patient in two ways.

    Args:
        doc: The paper with its cases.

    Yields:
        Findings `age_conflict`, `sex_conflict`, `duration_conflict`, `outcome_conflict`, `recurrence_timing`.
    """
    patients = [c for c in doc.cases if c.kind == "patient"]
    yield from _tabled(doc, patients)
    for case in patients:
        yield from _ages(doc, case, lone=len(patients) == 1)
        yield from _sexes(case)
        yield from _outcome(doc, case)
    if len(patients) == 2:
        yield from _split(doc, patients[0], patients[1])
    if len(patients) == 1:
        yield from _durations(doc)
        yield from _recurrence(doc)


def _ages(doc: Document, case: Case, lone: bool) -> Iterator[Finding]:
    claims = [c for c in case.of("age_years") if c.certainty == "stated"]
    values = list(dict.fromkeys(float(c.value) for c in claims if isinstance(c.value, (int, float))))
    if len(values) < 2 or _grown(doc, set(values)):
        return
    quotes = [c.quotes[0] for c in claims]
    if lone:
        quotes += [
            doc.quote(s, m.start(), m.end())
            for s in doc.sentences
            for m in _AGE.finditer(s.text)
            if float(m["n"]) in values
        ]
    told = " and ".join(f"{v:g}" for v in values)
    close = max(values) - min(values) <= 1
    yield Finding(
        kind="age_conflict", severity="suspicious" if close else "error",
        message=f"The same patient is {told} years old in different places.",
        computed=f"ages {told}", quotes=_unique(quotes),
    )  # fmt: skip


_IN_YEAR = re.compile(
    r"\b(?:[Ii]n|[Oo]n|[Oo]f|[Ss]ince) (?:[A-Z][a-z]+ |\d{1,2} [A-Z][a-z]+ |[A-Z][a-z]+"
    r" \d{1,2}, )?((?:19|20)\d\d)\b"
)


def _grown(doc: Document, values: set[float]) -> bool:
    """Whether the ages are those of other years, as the last year named before each tells."""
    dated: list[tuple[float, int]] = []
    for m in _AGE.finditer(doc.paper.text):
        years = _IN_YEAR.findall(doc.paper.text, max(0, m.start() - 150), m.end())
        if years and float(m["n"]) in values:
            dated.append((float(m["n"]), int(years[-1])))
    pairs = [(a, b) for a in dated for b in dated if a[0] < b[0]]
    return any(abs((b[0] - a[0]) - (b[1] - a[1])) <= 1 and b[1] > a[1] for a, b in pairs)


_ID = re.compile(r"^(?:(?:case|patient|no\.?) ?)?(?P<id>\d{1,2})\.?$")
_HEAD_ID = re.compile(r"^(?:no\.?|case|patient|case no\.?|patient no\.?|pt\.?|#|number)\b")
_HEAD_AGE = re.compile(r"^age\b")
_CELL_AGE = re.compile(r"^(?P<n>\d{1,3})(?: ?(?:y|yr|years?))?(?: ?[/,] ?[fm]\b.*| ?[fm])?$")
_OWN_ROW = re.compile(
    r"^(?:(?:the )?(?:present|current) (?:case|patient|report|study)|(?:our|this) (?:case|patient|report))\b"
)
_TOLD = re.compile(
    r"\b(?:patient|case) (?:no\. ?)?(?P<id>\d{1,2})(?:,| was| is|:|\.) (?:an?"
    r" )(?P<n>\d{1,3})[ -]years?[ -]old\b"
)


def _tabled(doc: Document, patients: list[Case]) -> Iterator[Finding]:
    """The age in a patient's row of a table against the text's "patient 10, a 46-year-old woman"."""
    for table in doc.paper.tables:
        if not any(c.head and c.text.lstrip("* ")[:3].lower() == "age" for c in table.cells):
            continue
        rows = table.grid()
        heads = [r for r in rows if any(c is not None and c.head for c in r)]
        if not heads:
            continue
        names = [" ".join(c.text.lower().split()) if c is not None else "" for c in heads[-1]]
        column = next((j for j, x in enumerate(names) if _HEAD_AGE.match(x)), None)
        if column is None:
            continue
        for row in rows:
            first, cell = row[0], row[column] if column < len(row) else None
            age = _CELL_AGE.match(" ".join(cell.text.lower().split())) if cell is not None else None
            if first is None or cell is None or age is None or first.head:
                continue
            label = " ".join(first.text.lower().split())
            told = _told(doc, label, names[0], patients)
            other = [(n, q) for n, q in told if n != int(age["n"])]
            if other and len(other) == len(told):
                yield Finding(
                    kind="age_conflict", severity="error",
                    message=f"The patient is {age['n']} years old in the table and {other[0][0]} in the text.",
                    computed=f"ages {age['n']} and {other[0][0]}",
                    quotes=(doc.words(first.start, max(first.end, cell.end)), *(q for _, q in other[:4])),
                )  # fmt: skip


def _told(doc: Document, label: str, head: str, patients: list[Case]) -> list[tuple[int, Quote]]:
    """The ages that the text gives the patient of a row."""
    if _OWN_ROW.match(label):
        if len(patients) != 1:
            return []
        return [
            (int(m["n"]), doc.quote(s, m.start(), m.end()))
            for s in doc.sentences
            if s.kind in ("abstract", "case_report")
            for m in list(_AGE.finditer(s.text))[:1]
            if "et al" not in s.text
        ][:2]
    numbered = _ID.match(label)
    if numbered is None or not _HEAD_ID.match(head):
        return []
    return [
        (int(m["n"]), doc.quote(s, m.start(), m.end()))
        for s in doc.saying("year")
        for m in _TOLD.finditer(s.text)
        if m["id"] == numbered["id"] and "et al" not in s.text
    ]


_SEVERAL = re.compile(
    r"\b(?:two|three|four|both|second|other|another|\d+) (?:cases?|patients?)\b|\bcase"
    r" (?:2|ii|two)\b|\bseries\b"
)


def _split(doc: Document, first: Case, second: Case) -> Iterator[Finding]:
    """A patient of the abstract and one of the report, of two ages, in a paper that tells of one case only."""
    parts = [{doc.section(q.start) for c in case.claims for q in c.quotes} for case in (first, second)]
    if not parts[0] <= _FRONT or parts[1] & _FRONT or not parts[1] & {"case_report"}:
        return
    one, two = (case.fields.get("age_years") for case in (first, second))
    sexes = {case.fields.get("sex") for case in (first, second)} - {None}
    if not isinstance(one, (int, float)) or not isinstance(two, (int, float)) or len(sexes) > 1:
        return
    if one == two or _SEVERAL.search(doc.prose) or _grown(doc, {float(one), float(two)}):
        return
    yield Finding(
        kind="age_conflict", severity="error",
        message=f"The patient is {one:g} years old in the abstract and {two:g} in the report.",
        computed=f"ages {one:g} and {two:g}",
        quotes=(first.of("age_years")[0].quotes[0], second.of("age_years")[0].quotes[0]),
    )  # fmt: skip


def _unique(quotes: list[Quote]) -> tuple[Quote, ...]:
    """Quotes in the order of the text, those inside another left out."""
    out: list[Quote] = []
    for q in sorted(quotes, key=lambda q: (q.start, -q.end)):
        if not out or q.start >= out[-1].end:
            out.append(q)
    return tuple(out)


def _sexes(case: Case) -> Iterator[Finding]:
    claims: list[Claim] = [c for c in (*case.claims, *case.others) if c.field == "sex"]
    if len({c.value for c in claims}) > 1:
        yield Finding(
            kind="sex_conflict", severity="suspicious",
            message="The same patient is a man in one place and a woman in another.",
            computed=" and ".join(dict.fromkeys(str(c.value) for c in claims)),
            quotes=_unique([c.quotes[0] for c in claims]),
        )  # fmt: skip


def _outcome(doc: Document, case: Case) -> Iterator[Finding]:
    """A recurrence in the text beside a table that has the patient free of it."""
    yes = [c for c in case.claims if c.field == "recurrence" and c.value == "yes"]
    no = [c for c in case.others if c.field == "recurrence" and c.value == "no"]
    tabled = [c for c in no if doc.table_at(c.quotes[0].start) is not None]
    if not yes or not tabled or any(doc.table_at(q.start) for c in yes for q in c.quotes):
        return
    told = [q for c in yes for q in c.quotes]
    told += [doc.quote(s, m.start(), m.end()) for s in doc.saying("recur") for m in _WITHIN.finditer(s.text)]
    yield Finding(
        kind="outcome_conflict", severity="error",
        message="The table has the patient free of recurrence, the text tells of a recurrence.",
        computed=f"“{tabled[0].quotes[0].text}” in the table, “{yes[0].quotes[0].text}” in the text",
        quotes=(tabled[0].quotes[0], *_unique(told)),
    )  # fmt: skip


def _durations(doc: Document) -> Iterator[Finding]:
    """Lengths of the history in the abstract and in the report."""
    front: list[tuple[float, str, Quote]] = []
    body: list[tuple[float, str, Quote]] = []
    for s in doc.sentences:
        if s.kind not in _FRONT | {"case_report"}:
            continue
        for need, pattern in (("duration", _DURATION), ("history", _HISTORY)):
            for m in pattern.finditer(s.text) if need in s.text else ():
                groups = m.groupdict()
                value = number(groups["n"] or groups.get("n2") or "")
                if value is not None:
                    of = (groups.get("of") or "").split(" and ")[0].strip()
                    at = months(value, groups["u"] or groups.get("u2") or "")
                    (front if s.kind in _FRONT else body).append(
                        (at, of, doc.quote(s, max(0, m.start() - 12), m.end()))
                    )
    for a, what, here in front:
        alike = [(b, q) for b, of, q in body if of == what]
        if len(alike) == 1 and len([x for x in front if x[1] == what]) == 1:
            b, there = alike[0]
            if max(a, b) / max(min(a, b), 0.01) >= 1.2:
                yield Finding(
                    kind="duration_conflict", severity="error",
                    message=f"The history lasted {a:.3g} months in the abstract and {b:.3g} months in the report.",
                    computed=f"{a:.3g} and {b:.3g} months", quotes=(here, there),
                )  # fmt: skip


def _recurrence(doc: Document) -> Iterator[Finding]:
    """A recurrence within a time and at that time."""
    within = [(s, m) for s in doc.saying("recur") for m in _WITHIN.finditer(s.text)]
    later = [(s, m) for s in doc.saying("recur") for m in _LATER.finditer(s.text)]
    same = [(a, b) for a in within for b in later if _time(a[1]) == _time(b[1])]
    if same:
        yield Finding(
            kind="recurrence_timing", severity="suspicious",
            message="The recurrence came within a time in one place and at the end of that time in another.",
            computed=f"within and after {_time(same[0][0][1]):g} months",
            quotes=_unique([_words(doc, *x) for x in (*within, *later)]),
        )  # fmt: skip


def _time(m: re.Match[str]) -> float:
    groups = m.groupdict()
    n, unit = groups["n"] or groups.get("n2") or "one", groups["u"] or groups.get("u2") or "year"
    return months(number(n) or 1, unit)


def _words(doc: Document, s: Sentence, m: re.Match[str]) -> Quote:
    return doc.quote(s, m.start(), m.end())
