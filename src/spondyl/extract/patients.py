"""Who is told about: the patients of a paper and the sentences that belong to each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spondyl.extract.document import Block, Sentence
from spondyl.extract.knowledge import guarded
from spondyl.extract.narrative import narrative
from spondyl.extract.person import Age, introduced, sex_of
from spondyl.record import Paper
from spondyl.words.numbers import number

__all__ = ["Patient", "patients"]

_LABEL = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2})*\.? ?)?(?:the )?(?:case|patient|observation|case report|case no\.?"
    r"|case number)"
    r"(?: ?#| no\.?)? ?(?P<id>\d{1,2}|[a-h]|one|two|three|four|five|six|i{1,3}|iv|v)\b(?!-| (?:year|month"
    r"|of the|case))"
)
_ORDINAL = guarded(
    r"\b(?:the |our |in the )?(?P<ord>first|second|third|fourth|fifth)"
    r"(?: (?:patient|case|one)\b(?! of)| (?:child|woman|man)\b(?! of| born|,? the)|(?:(?<!a third),"
    r"| was an?\b| is an?\b))"
)
_SECOND = re.compile(r"\b(?:our|the) second (?:patient|case)\b|[.:] second (?:patient|case)\b")
_ORD = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_BOTH = guarded(
    r"\b(?:both (?:of )?(?:(?:the|our|these) )?(?:patients|cases|women|men|tumou?rs|lesions)|(?:the|our"
    r"|these) two (?:patients|cases)|"
    r"(?:in|for) the two (?:patients|cases)|all (?:of )?(?:the |our )?(?:two |three |four "
    r"|five )?(?:patients|cases)|"
    r"in both(?=[,.;]|$| (?:cases|patients|of them))|(?:the|these|our) (?:three|four|five|\d) (?:patients"
    r"|cases)|either patient|neither patient)\b"
)
_COUNT = re.compile(
    r"\b(?:report|describe|present|discuss|reporting|describing|cases? of|reports?)\b[^.]{0,60}?\b(?P<n>two"
    r"|three|2|3)\b"
    r"(?: [a-z-]+){0,4} (?:patients|cases|women|men|children|brothers|sisters|siblings)\b"
)
_SINGLE = re.compile(
    r"\b(?:a|an|the|this|our|one) (?:[a-z-]+ ){0,3}(?:patient|woman|man|boy|girl|child|infant|lady"
    r"|gentleman|case)\b|\bpt\b|\b(?:she|he)\b|\bcase of\b"
)
_BY_PRONOUN = re.compile(r"(?:she|he|who|this (?:woman|man|girl|boy)) ")
_LETTER = re.compile(
    r"^(?:In|For|On|With|As for|[Tt]he \w+ (?:\w+ )?of|[A-Z][\w-]* (?:\w+ )?(?:of|in)|Patient"
    r"|Case) (?P<of>[A-H])\b(?! ?[.\d(])|"
    r"^(?P<lone>[B-H]|A(?= (?:was|had|received|underwent|stood|died|is|has|did|developed|remained|improved"
    r"|walked|presented|"
    r"reported|complained|refused|lost|came|went|noticed|suffered)\b)) [a-z]"
)
_THE_MAN = re.compile(r"(?:the|this|our) (?:[\w-]+ )?(?:man|woman|boy|girl|lady|gentleman)\b")
_REPORT = guarded(
    r"\b(?:describe[ds]?|report(?:s|ed)?|present(?:s|ed)?) (?:an? |the )?(?:[\w-]+ ){0,5}?case of\b"
    r"|^an? (?:[\w-]+ ){0,2}patient with(?:out)?\b"
)
_ASIDE = re.compile(
    r"\b(?:i|we) (?:once|have seen|had seen|remember|recall|saw|have had|have treated|treated before)\b"
    r"|\b(?:an? )?(?:previous|earlier|former|similar) (?:case|patient) (?:of|from|in) (?:ours|mine|our|my"
    r"|the literature|another)"
    r"|\bin (?:another|a (?:previous|different|recent)|an earlier) (?:study|series|report|paper|trial|publication)\b"
    r"|\bet al\b[^;]{0,30}\b(?:reported|described|presented|treated|published|saw) (?:(?:on|about) )?(?:an?|the)\b"
)
_GOES_ASIDE = re.compile(r"(?:he|she|his|her|this (?:man|woman|boy|girl))\b")
_ANOTHER = re.compile(r"^(?:another|the other|a second)\b")
_NARRATED = re.compile(
    r"^(?:one|another|a|an|the other|the (?:first|second|third|last)) (?:[\w-]+ ){0,2}?(?:patient|woman|man"
    r"|boy|girl|case)\b"
)
_GOES_ON = re.compile(
    r"^(?:the patient|this patient|he|she|they|his|her|their|first|second|third|(?:[\w-]+ ){1,2}(?:days?"
    r"|weeks?|months?|years?) "
    r"(?:later|after)|at |after|postoperat|subsequent|following|then|thereafter|this|initially)\b"
)
_PLURAL = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|all|most|some|of the) patients\b|\bet al\b"
)
_HERS = guarded(
    r"\b(?:she|he|her|his|him|(?:the|this|our) (?:patient|man|woman|boy|girl|child|lady|gentleman))\b"
)
_CITED = re.compile(
    r"\b(?:et al|reported (?:a|an|the|by)|described (?:a|an|the|by)|typical|trial|published)\b|\[\d"
)
OWN_STORY = 3
_OF_GROUP = re.compile(
    _PLURAL.pattern
    + r"|\b(?:median|mean|average|overall|cohort|group|groups|series|respectively|range|table)\b|%|\bp ?[<=]"
    r"|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|all|most|some|none|each|one|another|the other"
    r"|others)"
    r"(?: of (?:the|them|these))? (?:cases|lesions|women|men|had|were|was|underwent|received|died|tumou?rs)\b"
)
CLINICAL = frozenset(
    {"tumour", "site", "procedure", "treatment", "drug", "presentation", "region", "compartment"}
)
NARRATED_HITS = 3
NARRATED_LENGTH = 90


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
        key: The number or letter the paper names the patient by.
        paragraph: The one paragraph that tells of the patient, on a page that gives each report a paragraph.
        about: What the paper says of all its patients before it tells of each: title, abstract, opening.
    """

    number: int
    label: str
    sentences: list[Sentence] = field(default_factory=list)
    age: Age | None = None
    sex: str | None = None
    alone: bool = True
    key: str = ""
    paragraph: tuple[int, int] | None = None
    about: list[Sentence] = field(default_factory=list)


def patients(paper: Paper) -> list[Patient]:
    """The individual patients of a paper, each with the sentences that tell of it."""
    parts = narrative(paper)
    found = _walk(parts.told)
    if not found and parts.told:
        found = _unnamed(parts.told)
    if not found and parts.rest:
        found = _from_introduction(_walk(parts.rest))
    if len(found) == 1:
        before = [s for b in parts.around if b.kind != "figure_caption" for s in b.sentences]
        after = [s for b in parts.around if b.kind == "figure_caption" for s in b.sentences]
        found[0].sentences = [*before, *found[0].sentences, *after]
    for p in found[1:] and found:
        p.about = [*(s for b in parts.around if b.kind != "figure_caption" for s in b.sentences), *p.about]
    for b in parts.reported:
        found += _narrated(b)
    for k, p in enumerate(found, 1):
        p.number = k
        p.label = p.label or f"Case {k}"
        p.alone = len(found) == 1
    return found


def _from_introduction(found: list[Patient]) -> list[Patient]:
    """Patients told of at length outside any section for cases, without what stands before each and after it."""
    for p in found:
        first = next((k for k, s in enumerate(p.sentences) if introduced(s.text) is not None), None)
        told = [] if first is None else p.sentences[first:]
        while told and not told[-1].search(_HERS):
            told.pop()
        p.sentences = told
    return [p for p in found if p.sentences and _own_story(p.sentences)]


def _own_story(told: list[Sentence]) -> bool:
    """Whether sentences go on about one person, whom no other paper has reported."""
    return _CITED.search(told[0].text) is None and sum(bool(s.search(_HERS)) for s in told) >= OWN_STORY


def _walk(blocks: Iterable[Block]) -> list[Patient]:
    """Follow the narrative sentence by sentence; sentences about all patients go to each."""
    found: list[Patient] = []
    current: Patient | None = None
    waiting: list[Sentence] = []
    shared: list[Sentence] = []
    place = (-1, -1)
    aside = False
    for s in (s for b in blocks for s in b.sentences):
        text = s.text
        last, place = place, (id(s.block), s.paragraph)
        aside = _turns_aside(text, aside) or (aside and place == last and _GOES_ASIDE.match(text) is not None)
        if aside:
            continue
        if current is not None and current.paragraph not in (None, place):
            current = None
        report = place != last and s.search(_REPORT) is not None and introduced(text) is None
        if report and (current is None or current.age is not None):
            s.own = bool(found)
            current = Patient(0, "", paragraph=place) if found else current
        current = _switch(s, text, found, current) or current
        if current is not None and current not in found:
            found.append(current)
        if s.search(_BOTH) and (len(found) > 1 or current is None):
            shared.append(s)
        elif current is None:
            waiting.append(s)
        else:
            current.sentences.append(s)
    for p in found:
        p.sentences += shared
        p.about = waiting
    if len(found) == 1:
        found[0].sentences = [*waiting, *found[0].sentences]
    return [p for p in found if p.sentences]


def _turns_aside(text: str, aside: bool) -> bool:
    """Whether a sentence introduces somebody else's patient, or an earlier one that is told in passing."""
    if introduced(text) is None:
        return False
    return _ASIDE.search(text) is not None or (aside and _ANOTHER.match(text) is not None)


def _switch(s: Sentence, text: str, found: list[Patient], current: Patient | None) -> Patient | None:
    """The patient a sentence turns to, new or known, or `None` where it goes on with the same."""
    key = _label(s)
    person = introduced(text)
    if key:
        known = next((p for p in found if p.key == key), None)
        if known is not None:
            return known
        if current is not None and not current.key and not person and key == "1":
            current.key = key
            return current
        if _LABEL.match(text) or person or found or _counted_off(s, key):
            return Patient(0, f"Case {key.upper()}", age=person, sex=person.sex if person else None, key=key)
    if person is None:
        return _named(s.plain, text, found)
    if current is not None and current.age is not None and _BY_PRONOUN.match(text, person.start):
        return None
    if current is None:
        return Patient(0, "", age=person, sex=person.sex)
    if current.age is None:
        current.age, current.sex = person, person.sex or current.sex
        return current
    same = [p for p in found if _same(p, person)]
    if same:
        return current if current in same else same[0]
    return Patient(0, "", age=person, sex=person.sex)


def _counted_off(s: Sentence, key: str) -> bool:
    """Whether a first patient is told of whom a second follows, neither with an age."""
    return key == "1" and _SECOND.search(s.block.view.folded, s.end) is not None


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


def _same(p: Patient, person: Age) -> bool:
    if p.age is None or abs(p.age.years - person.years) > 0.6:
        return False
    return not (p.sex and person.sex and p.sex != person.sex)


def _label(s: Sentence) -> str:
    m = _LABEL.match(s.text)
    if m is None:
        m = _ORDINAL.pattern.search(s.text[:60]) if s.has(_ORDINAL) else None
        return _ORD.get(m["ord"], "") if m else ""
    name = m["id"]
    value = number(name) if len(name) > 1 and not name.isdigit() else None
    return _ROMAN.get(name, str(int(value)) if value else name)


def _unnamed(blocks: Iterable[Block]) -> list[Patient]:
    """Patients whom no age or label introduces."""
    told = [s for b in blocks for s in b.sentences]
    text = " ".join(s.text for s in told)
    counted = _COUNT.search(text)
    if counted:
        n = int(number(counted["n"]) or 0)
        return [Patient(k, f"Case {k}", list(told)) for k in range(1, n + 1)]
    return [Patient(1, "Case 1", told)] if _SINGLE.search(text) else []


def _narrated(b: Block) -> list[Patient]:
    """Single patients whom the results of a cohort paper narrate ("One patient had a metastasis at L4 …")."""
    found: list[Patient] = []
    current: Patient | None = None
    paragraph = -1
    for s in b.sentences:
        text = s.text
        person = introduced(text)
        if person is not None or _NARRATED.match(text):
            current = Patient(0, "", [s], person, person.sex if person else None)
            found.append(current)
        elif (
            current is not None
            and (s.paragraph == paragraph or _BY_PRONOUN.match(text))
            and _GOES_ON.match(text)
            and not _PLURAL.search(text)
        ):
            current.sentences.append(s)
        elif current is not None and (s.paragraph != paragraph or _OF_GROUP.search(text)):
            current = None
        elif current is not None:
            current.sentences.append(s)
        paragraph = s.paragraph
    return [p for p in found if _told_enough(p)]


def _told_enough(p: Patient) -> bool:
    told = [h for s in p.sentences for h in s.hits if h.kind in CLINICAL]
    length = sum(s.end - s.start for s in p.sentences)
    return len({(h.kind, h.concept) for h in told}) >= NARRATED_HITS and length >= NARRATED_LENGTH
