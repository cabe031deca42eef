"""Who is told about: the patients of a paper and the sentences that belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spondyl.extract.document import Block, Sentence, block
from spondyl.extract.person import Age, ages, sex_of
from spondyl.record import Paper, Section
from spondyl.words.numbers import number

__all__ = ["Patient", "introduced", "patients"]

_NARRATIVE = ("case_report",)
_LABEL = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2})*\.? ?)?(?:the )?(?:case|patient|observation|case report|case no\.?|case number)"
    r"(?: ?#| no\.?)? ?(?P<id>\d{1,2}|[a-h]|one|two|three|four|five|six|i{1,3}|iv|v)\b"
)
_LABEL_INSIDE = re.compile(r"\b(?:case|patient) (?P<id>\d{1,2}|[a-h])\b(?! ?(?:series|report))")
_ORDINAL = re.compile(
    r"\b(?:the |our |in the )?(?P<ord>first|second|third|fourth|fifth) (?:(?:patient|case|one)\b(?! of)|(?:child|woman|man)\b(?! of| born|,? the))"
)
_ORD = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_NEW = re.compile(
    r"\b(?:a|an|another|one|the other|this|our|case of|patient,?|he|she|first|second|third|fourth|the) (?:[a-z,'-]+ ){0,4}$|^(?:[a-z'-]+ ){0,2}$"
)
_BOTH = re.compile(
    r"\b(?:both (?:of (?:the|our) )?(?:patients|cases|women|men|tumou?rs|lesions)|(?:the|our|these) two (?:patients|cases)|"
    r"(?:in|for) the two (?:patients|cases)|all (?:of )?(?:the |our )?(?:two |three |four |five )?(?:patients|cases)|"
    r"in both|(?:the|these|our) (?:three|four|five|\d) (?:patients|cases)|either patient|neither patient)\b"
)
_COUNT = re.compile(
    rf"\b(?:report|describe|present|discuss|reporting|describing|cases? of|reports?)\b[^.]{{0,60}}?\b(?P<n>two|three|2|3)\b(?: [a-z-]+){{0,4}} (?:patients|cases|women|men|children|brothers|sisters|siblings)\b"
)
_SINGLE = re.compile(r"\b(?:patient|case of|a case|he|she|woman|man|boy|girl|child|infant|lady|gentleman)\b")
_KIN = re.compile(
    r"\b(?:his|her|patient's|late) (?:[\w-]+ ){0,3}$|\b(?:brother|sister|mother|father|son|daughter|uncle|aunt|cousin|husband|wife)\b[^.]{0,25}$"
)


@dataclass
class Patient:
    """One patient of a paper.

    Args:
        number: From 1, in order of appearance.
        label: The paper's own name for the patient, or "Case N".
        sentences: What is told of the patient, in order; abstract first where it is about this patient alone.
        age: The age that introduced the patient, if any.
        sex: The sex in those words, if any.
        alone: Whether the paper tells of this patient only.
    """

    number: int
    label: str
    sentences: list[Sentence] = field(default_factory=list)
    age: Age | None = None
    sex: str | None = None
    alone: bool = True
    key: str = ""


def patients(paper: Paper) -> list[Patient]:
    """The individual patients of a paper, each with the sentences that tell of it."""
    blocks = _blocks(paper)
    told = [b for b in blocks if b.kind == "case_report"]
    if not told:
        told = [b for b in blocks if b.kind == "other"]
    if not told:
        told = [b for b in blocks if b.kind == "abstract"]
    found = _walk(told)
    if not found:
        found = _unnamed(told)
    if len(found) == 1:
        around = [b for b in blocks if b.kind in ("abstract", "figure_caption", "title") and b not in told]
        before = [s for b in around if b.kind != "figure_caption" for s in b.sentences]
        after = [s for b in around if b.kind == "figure_caption" for s in b.sentences]
        found[0].sentences = [*before, *found[0].sentences, *after]
    for p in found:
        p.alone = len(found) == 1
    return found


def _blocks(paper: Paper) -> list[Block]:
    """Consecutive sections of one kind joined, running heads cut out."""
    groups: list[tuple[str, list[Section]]] = []
    for s in paper.sections or (Section(kind="other", title="", start=0, end=len(paper.text)),):
        if s.kind == "running_head":
            continue
        if groups and groups[-1][0] == s.kind:
            groups[-1][1].append(s)
        else:
            groups.append((s.kind, [s]))
    wanted = {"case_report", "other", "abstract", "figure_caption", "title", "results"}
    return [block(paper, kind, parts) for kind, parts in groups if kind in wanted]


def _walk(blocks: Iterable[Block]) -> list[Patient]:
    found: list[Patient] = []
    current: Patient | None = None
    waiting: list[Sentence] = []
    shared: list[tuple[int, Sentence]] = []
    for b in blocks:
        for s in b.sentences:
            text = s.text
            switched = _switch(s, text, found, current)
            if switched is not None:
                current = switched
                if switched not in found:
                    found.append(switched)
            if _BOTH.search(text) and (len(found) > 1 or current is None):
                shared.append((len(found), s))
                continue
            if current is None:
                waiting.append(s)
            else:
                current.sentences.append(s)
    for _, s in shared:
        for p in found:
            p.sentences.append(s)
    if len(found) == 1:
        found[0].sentences = [*waiting, *found[0].sentences]
    for k, p in enumerate(found, 1):
        p.number = k
    return [p for p in found if p.sentences]


def _switch(s: Sentence, text: str, found: list[Patient], current: Patient | None) -> Patient | None:
    """The patient a sentence turns to, new or known, or `None` where it goes on with the same."""
    key = _label(text)
    person = introduced(text)
    if key:
        known = next((p for p in found if p.key == key), None)
        if known is not None:
            return known
        if current is not None and not current.key and not person and key == "1":
            current.key = key
            return current
        if _LABEL.match(text) or person or (key in "12345" and _ORDINAL.search(text) and found):
            return _new(found, f"Case {key}", key, person)
    if person is None:
        return _named(s.plain, text, found)
    if current is not None and current.age is not None and _BY_PRONOUN.match(text, person.start):
        return None
    if current is None:
        return _new(found, "Case 1", "", person)
    if current.age is None:
        current.age, current.sex = person, person.sex or current.sex
        return current
    same = [p for p in found if _same(p, person)]
    if same:
        return current if current in same else same[0]
    return _new(found, f"Case {len(found) + 1}", "", person)


def _named(plain: str, text: str, found: list[Patient]) -> Patient | None:
    """The known patient whom a sentence names by letter ("In A …") or, where only one fits, by sex ("The woman …")."""
    if len(found) < 2:
        return None
    m = _LETTER.search(plain)
    if m:
        key = (m["of"] or m["lone"]).lower()
        return next((p for p in found if p.key == key), None)
    m = _THE_MAN.match(text)
    if m:
        fitting = [p for p in found if p.sex == sex_of(m.group())]
        return fitting[0] if len(fitting) == 1 else None
    return None


_BY_PRONOUN = re.compile(r"(?:she|he|who|this (?:woman|man|girl|boy)) ")
_LETTER = re.compile(
    r"^(?:In|For|On|With|As for|[Tt]he \w+ (?:\w+ )?of|[A-Z][\w-]* (?:\w+ )?(?:of|in)|Patient|Case) (?P<of>[A-H])\b(?! ?[.\d(])|"
    r"^(?P<lone>[B-H]|A(?= (?:was|had|received|underwent|stood|died|is|has|did|developed|remained|improved|walked|presented|"
    r"reported|complained|refused|lost|came|went|noticed|suffered)\b)) [a-z]"
)
_THE_MAN = re.compile(r"(?:the|this|our) (?:[\w-]+ )?(?:man|woman|boy|girl|lady|gentleman)\b")


def _new(found: list[Patient], label: str, key: str, person: Age | None) -> Patient:
    return Patient(len(found) + 1, label, age=person, sex=person.sex if person else None, key=key)


def _same(p: Patient, person: Age) -> bool:
    if p.age is None or abs(p.age.years - person.years) > 0.6:
        return False
    return not (p.sex and person.sex and p.sex != person.sex)


def _label(text: str) -> str:
    m = _LABEL.match(text)
    if m is None:
        m = _ORDINAL.search(text[:60])
        return _ORD.get(m["ord"], "") if m else ""
    name = m["id"]
    value = number(name) if len(name) > 1 and not name.isdigit() else None
    return _ROMAN.get(name, str(int(value)) if value else name)


_OLDER = re.compile(
    r"\b(?:at|since|from|before|by|until) (?:the |an )?(?:age of|aged?)?\s?$|\bwhen (?:he|she) was\s?$"
)
_PERSON = re.compile(
    r"\b(?:man|men|woman|women|male|female|boy|girl|lady|gentleman|patient|child|infant|baby|mr|mrs|ms|[a-z]+er|[a-z]+ist)\b"
)
_AGED = re.compile(
    r"\b(?:patient|man|woman|male|female|boy|girl|child|case|lady|gentleman|infant|mr|mrs|ms)\b[^.;]{0,60}$"
)
_ARTICLE = re.compile(r"(?:^|\b)(?:an?|this|our|the) $")


def introduced(text: str) -> Age | None:
    """The age by which a sentence introduces a person as the one it tells about."""
    for age in ages(text):
        before, after = text[: age.start], text[age.end : age.end + 60]
        if _OLDER.search(before) or _KIN.search(before[-60:]):
            continue
        if text.startswith("age", age.start) and not _AGED.search(before[-80:]):
            continue
        if re.search(r"\b(?:mean|median|average|range|under|over|below|above|than)\b[^.]{0,20}$", before):
            continue
        if age.sex is None and not (
            _PERSON.search(before[-30:] + " " + after[:40])
            or _ARTICLE.search(before)
            or re.search(r"[mf] ?/|/ ?[mf]", text[age.start : age.end])
        ):
            continue
        return age if age.sex else age._replace(sex=sex_of(before[-25:]) if not sex_of(after) else None)
    return None


def _unnamed(blocks: Iterable[Block]) -> list[Patient]:
    """Patients whom no age or label introduces."""
    told = [s for b in blocks for s in b.sentences]
    text = " ".join(s.text for s in told)
    counted = _COUNT.search(text)
    if counted:
        n = int(number(counted["n"]) or 0)
        return [Patient(k, f"Case {k}", list(told)) for k in range(1, n + 1)]
    if _SINGLE.search(text):
        return [Patient(1, "Case 1", told)]
    return []
