"""Cases without names, numbers of records and free text; dates shifted patient by patient, ages up to 89.

What is not known to be harmless is dropped: a value stays only if it is a number within the range of a known field, a
word of a closed vocabulary, or a whole date. Words of the papers, labels, notes and names of reviewers never stay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from spondyl.record import Case, Claim, UsageError, Value
from spondyl.registry.asking import Entry
from spondyl.registry.vocabulary import Terms, refusal, rule

__all__ = ["Secret", "about", "deidentified", "lost", "pseudonym", "read_key", "without_rare"]

OLDEST = 89
"""The highest age that is given in years.

Source: US Department of Health and Human Services 2012, Guidance regarding methods for de-identification of protected
health information (45 CFR 164.514(b)(2)(i)(C)): all ages over 89 in one category.
"""
_OLD = "90+"
_FARTHEST_DAYS = 365
_KEY_BYTES = 32
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_METHODS = frozenset({"rules", "table", "registry", "review"})


@dataclass(frozen=True)
class Secret:
    """What a de-identified file depends on, and what is needed to make the same one again.

    Args:
        key: Secret bytes; whoever has them can undo the shift of dates and find a patient's pseudonym.
        terms: Field → its words, of text fields without choices of their own (`diagnosis`, `drugs`, …); text of a
            field that is in neither is dropped.
        numbers: Further fields whose numbers somebody vouches for.
    """

    key: bytes = field(repr=False)
    terms: Terms = field(default_factory=dict, repr=False)
    numbers: frozenset[str] = frozenset()


def read_key(path: Path | None) -> bytes:
    """The key in a file, which is made if it is not there; without a file, a new one that nobody keeps.

    Args:
        path: The file.

    Raises:
        UsageError: The file holds no such key.
    """
    if path is None:
        return secrets.token_bytes(_KEY_BYTES)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(_KEY_BYTES) + "\n", "ascii")
    try:
        text = path.read_text("ascii", errors="replace").strip()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name a file for the key") from None
    if not re.fullmatch(r"([0-9a-f]{2}){32,}", text):
        raise UsageError(f"{path}: no key, expected 64 hexadecimal digits; name a new file, and one is made")
    return bytes.fromhex(text)


def _drawn(secret: Secret, *words: object) -> int:
    text = "\x1f".join(map(str, words))
    return int.from_bytes(hmac.new(secret.key, text.encode(), hashlib.sha256).digest(), "big")


def pseudonym(paper: str, secret: Secret) -> str:
    """What a paper, or an import, is called in a de-identified file.

    Example:
        >>> pseudonym("import:ward-7", Secret(b"invented")) == pseudonym("import:ward-7", Secret(b"another"))
        False
    """
    return f"source-{_drawn(secret, 'paper', paper) % 16**12:012x}"


def about(paper: str, secret: Secret) -> dict[str, Any]:
    """All that a de-identified file says of a paper."""
    empty = ("title", "year", "journal", "doi", "pmid", "sha256", "duplicate_of")
    return {"id": pseudonym(paper, secret), "source": "", "authors": []} | dict.fromkeys(empty)


def deidentified(entry: Entry, secret: Secret) -> Entry:
    """A case as it may leave the house: the same kind of entry, which every format takes.

    Args:
        entry: The case as it stands in the registry.
        secret: The key, and the vocabularies.

    Returns:
        The case under a pseudonym, without label, words, notes, and claims that were not chosen.

    Example:
        >>> dose = Claim(field="radiation_dose_gy", value=30, quotes=())
        >>> told = Claim(field="remark", value="Mrs Invented", quotes=())
        >>> case = Case(case=1, label="MRN 123", claims=(dose, told))
        >>> dict(deidentified(Entry(7, "p1", 3, case), Secret(b"invented")).fields)
        {'radiation_dose_gy': [30]}
    """
    patient = min([entry.id, *entry.same])
    days = timedelta(days=1 + _drawn(secret, "days", patient) % _FARTHEST_DAYS)
    claims = _young([c for c in (_claim(c, days, secret) for c in entry.case.claims) if c])
    number = _number(entry.id, secret)
    case = Case(case=number, label="", kind=entry.case.kind, claims=tuple(dict.fromkeys(claims)))
    others = sorted(
        (_number(other, secret), pseudonym(name.rpartition("/")[0], secret))
        for other, name in zip(entry.same, entry.same_names, strict=True)
    )
    names = tuple(f"{paper}/{other}" for other, paper in others)
    return Entry(number, pseudonym(entry.paper, secret), 1, case, tuple(other for other, _ in others), names)


def _number(case: int, secret: Secret) -> int:
    """Fifteen digits at most, which every spreadsheet holds."""
    return _drawn(secret, "case", case) % 2**49


def _claim(claim: Claim, days: timedelta, secret: Secret) -> Claim | None:
    value = _value(claim.field, claim.value, days, secret)
    if value is None:
        return None
    method = claim.method if claim.method in _METHODS else "llm" if claim.method[:4] == "llm:" else "registry"
    return Claim(field=claim.field, value=value, quotes=(), method=method, certainty=claim.certainty)


def _value(name: str, value: Value, days: timedelta, secret: Secret) -> Value | None:
    if not isinstance(value, str):
        return _figure(name, value, secret)
    if when := _day(value):
        return (when - days).isoformat() if _NAME.fullmatch(name) and not rule(name) else None
    return value if _known(name, value, secret) else None


def _figure(name: str, value: int | float, secret: Secret) -> Value | None:
    held = rule(name)
    if name not in secret.numbers and (held.get("kind") != "number" or refusal(name, value)):
        return None
    return _OLD if held.get("age") and value > OLDEST else value


def _known(name: str, value: str, secret: Secret) -> bool:
    held = rule(name)
    if held and "words" not in held:
        return refusal(name, value) is None
    return value in held.get("words", secret.terms.get(name, ()))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def _young(claims: Sequence[Claim]) -> list[Claim]:
    """Without the dates, a birth for one, that lie so far before the last that they tell an age over 89."""
    days = {c: d for c in claims if isinstance(c.value, str) and (d := _day(c.value))}
    last = max(days.values(), default=date.min)
    old = any(rule(c.field).get("age") and c.value == _OLD for c in claims)
    birth = [c for c, d in days.items() if last.year - d.year > OLDEST or (old and "birth" in c.field)]
    return [c for c in claims if c not in birth]


def lost(entries: Iterable[Entry], secret: Secret) -> Counter[str]:
    """How many values of which fields a de-identified file does not hold.

    Args:
        entries: The cases as they stand in the registry.
        secret: The key, and the vocabularies.
    """
    out: Counter[str] = Counter()
    for entry in entries:
        out.update(c.field for c in entry.case.claims)
        out.subtract(c.field for c in deidentified(entry, secret).case.claims)
    return +out


def without_rare(entries: Sequence[Entry], smallest: int) -> list[Entry]:
    """The cases without the words that fewer than so many of them share.

    Args:
        entries: The cases.
        smallest: A word of a field stays if at least so many cases have it.
    """
    shared = Counter(key for e in entries for key in {(c.field, c.value) for c in e.case.claims})
    return [_common(entry, shared, smallest) for entry in entries]


def _common(entry: Entry, shared: Counter[tuple[str, Value]], smallest: int) -> Entry:
    def stays(claim: Claim) -> bool:
        word = isinstance(claim.value, str) and not _day(claim.value)
        return not word or shared[claim.field, claim.value] >= smallest

    claims = tuple(c for c in entry.case.claims if stays(c))
    case = entry.case.model_copy(update={"claims": claims})
    return Entry(entry.id, entry.paper, entry.revision, case, entry.same, entry.same_names)
