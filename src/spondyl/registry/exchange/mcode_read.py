"""What the resources of mCODE say, in the vocabulary of cases; what they do not say is named with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from spondyl.registry.exchange import fhir
from spondyl.registry.exchange.claims import Found
from spondyl.registry.exchange.jsontext import Key
from spondyl.registry.exchange.spoken import elements, field_of, meaning, named, plain, said, unspoken
from spondyl.registry.vocabulary import refusal

__all__ = ["Unfit", "read"]

_DONE = {"completed", "in-progress", "stopped", "on-hold"}
_REAL = {"final", "amended", "corrected", "preliminary", "registered"}
_PRODUCT = re.compile(r"^(?:[\d.]+ \S+ )*(.*?)(?: [\d.]+ .*)?$")
_SIGNS = {"positive": "+", "negative": "-"}


class Unfit(Exception):
    """A resource that says nothing the vocabulary holds: the reason."""


class Words(NamedTuple):
    """A CodeableConcept: what its codes mean, the words that name it, and where these stand."""

    known: tuple[tuple[str, str], ...]
    text: str
    way: Key
    own: bool


class Resource(NamedTuple):
    """A resource, whether Spondyl wrote it, and the profiles it names."""

    data: Mapping[str, Any]
    own: bool
    profiles: frozenset[str]

    def words(self, *way: str | int) -> Words | None:
        """The concept at a place, if there is one and it says anything."""
        at: Any = self.data
        for key in way:
            at = at.get(key) if isinstance(key, str) else at[key] if key < len(at) else None
            if at is None:
                return None
        return _words(at, way, self.own)

    def each(self, name: str) -> Iterator[Words]:
        """The concepts of a list."""
        for number in range(len(self.data.get(name, ()))):
            if found := self.words(name, number):
                yield found


def _words(concept: Mapping[str, Any], way: Key, own: bool) -> Words | None:
    codings = list(enumerate(concept.get("coding", ())))
    known = tuple(m for _, c in codings if (m := meaning(c.get("system", ""), c.get("code", ""))) is not None)
    if text := concept.get("text", "").strip():
        return Words(known, text, (*way, "text"), own)
    for number, one in codings:
        if display := one.get("display", "").strip():
            return Words(known, plain(display), (*way, "coding", number, "display"), own)
    if known:
        number = next(n for n, c in codings if meaning(c.get("system", ""), c.get("code", "")))
        return Words(known, "", (*way, "coding", number, "code"), own)
    return None


def read(resource: Mapping[str, Any], own: bool) -> list[Found]:
    """The values of a resource.

    Args:
        resource: A resource that holds together.
        own: Whether it carries the claims it was written from.

    Raises:
        Unfit: It says nothing the vocabulary holds.

    Example:
        >>> dose = {"resourceType": "Observation", "status": "final", "code": {"text": "Follow-up"}}
        >>> read(dose | {"valueQuantity": {"value": 12, "unit": "months", "code": "mo"}}, False)[0].value
        12
    """
    profiles = (
        str(p).partition("|")[0].rpartition("/")[2] for p in resource.get("meta", {}).get("profile", ())
    )
    given = Resource(resource, own, frozenset(profiles))
    kind = resource["resourceType"]
    reader = _READERS.get(kind)
    found = list(reader(given)) if reader else []
    if not found and kind != "Patient":
        why = fhir.settings()["unsupported"].get(kind, "no field of the vocabulary holds it")
        raise Unfit(f"{why} ({', '.join(sorted(given.profiles))})" if given.profiles else why)
    return found


def _patient(given: Resource) -> Iterator[Found]:
    if given.data.get("gender") in ("female", "male"):
        yield Found("sex", given.data["gender"], ("gender",))
    if isinstance(given.data.get("deceasedBoolean"), bool):
        yield Found("status", "dead" if given.data["deceasedBoolean"] else "alive", ("deceasedBoolean",))
    elif "deceasedDateTime" in given.data:
        yield Found("status", "dead", ("deceasedDateTime",))


def _name(words: Words, field: str) -> str:
    """A name for a free field: what an exact code means, else the words."""
    exact = next((v for f, v in words.known if f == field), None)
    return words.text if words.own and words.text else exact or plain(words.text)


def _condition(given: Resource) -> Iterator[Found]:
    verified = _verified(given)
    if verified == "entered-in-error":
        raise Unfit("entered in error")
    code = given.words("code")
    if "mcode-secondary-cancer-condition" in given.profiles:
        yield from _secondary(given, code)
        return
    listed = any(w.text == "diagnosis" for w in given.each("category"))
    if "mcode-primary-cancer-condition" in given.profiles or listed:
        _not_refuted(verified)
        doubt = "" if verified in ("", "confirmed") else f"its verification is {verified}"
        if code:
            yield Found("diagnosis", _name(code, "diagnosis"), code.way, doubt=doubt)
        for site in given.each("bodySite"):
            yield Found("primary_site", _name(site, "primary_site"), site.way)
        return
    field = "denied" if verified == "refuted" else "presentation"
    if code and (value := named(field, code.text)):
        yield Found(field, value, code.way)


def _verified(given: Resource) -> str:
    codings = given.data.get("verificationStatus", {}).get("coding", ())
    return next((c.get("code", "") for c in codings), "")


def _not_refuted(verified: str) -> None:
    if verified == "refuted":
        raise Unfit("refuted, no diagnosis")


def _secondary(given: Resource, code: Words | None) -> Iterator[Found]:
    _not_refuted(_verified(given))
    sites = [*given.each("bodySite")]
    found = [f for w in sites if (f := _site(w) or _spread(w))]
    if not sites and code:
        found = [f for f in (_spread(code),) if f]
    if not found:
        raise Unfit("the site of the metastasis is none of the vocabulary")
    yield from found


def _site(words: Words) -> Found | None:
    """A place of the spine."""
    if known := next(((f, v) for f, v in words.known if f == "levels"), None):
        return Found(*known, words.way)
    for field, end in fhir.settings()["sites"].items():
        text = words.text.strip()
        bare = text[: -len(end)] if end and text.lower().endswith(end) else text
        value = bare.upper() if field == "levels" else named(field, bare)
        if value and refusal(field, value) is None and (end == "" or bare != text):
            return Found(field, value, words.way)
    return None


def _spread(words: Words) -> Found | None:
    """A site of metastases outside the spine."""
    field = "other_metastases"
    value = next((v for f, v in words.known if f == field), None) or named(field, plain(words.text))
    if value is None and " of " in words.text:
        value = named(field, words.text.rpartition(" of ")[2])
    return Found(field, value, words.way) if value else None


def _structure(given: Resource) -> Iterator[Found]:
    place = given.words("location")
    if "mcode-tumor" not in given.profiles:
        raise Unfit("a structure of the body, no tumour")
    if place and (found := _site(place)):
        yield found


def _procedure(given: Resource) -> Iterator[Found]:
    status = given.data.get("status")
    if status not in _DONE:
        raise Unfit(f"not done, its status is {status}")
    code = given.words("code")
    if "mcode-radiotherapy-course-summary" in given.profiles:
        way = code.way if code else ("status",)
        yield Found("treatments", "radiotherapy", way, implied=given.own or not code or not code.known)
        yield from _doses(given)
        return
    if code is None:
        return
    listed = given.words("category")
    field = listed.text if listed and listed.text in ("procedures", "treatments") else ""
    if given.own and field:
        yield Found(field, unspoken(field, code.text), code.way)
        return
    yield from _named_procedure(given, code)


def _named_procedure(given: Resource, code: Words) -> Iterator[Found]:
    procedures, treatments = said("procedures", code.text), said("treatments", code.text)
    yield from (Found("procedures", value, code.way) for value in procedures)
    yield from (Found("treatments", value, code.way) for value in treatments)
    surgical = "mcode-cancer-related-surgical-procedure" in given.profiles
    if surgical and procedures != ["biopsy"] and "surgery" not in treatments:
        yield Found("treatments", "surgery", code.way, implied=True)


def _doses(given: Resource) -> Iterator[Found]:
    url = fhir.profile("radiotherapy-dose-delivered-to-volume")
    for number, one in enumerate(given.data.get("extension", ())):
        for place, part in enumerate(one.get("extension", ()) if one.get("url") == url else ()):
            quantity = part.get("valueQuantity", {})
            if part.get("url") != "totalDoseDelivered" or _number(quantity.get("value")) is None:
                continue
            way = ("extension", number, "extension", place, "valueQuantity", "value")
            unit = quantity.get("code") or quantity.get("unit")
            if unit not in ("Gy", "cGy"):
                raise Unfit("the dose is neither in Gy nor in cGy")
            yield Found("radiation_dose_gy", _gray(quantity["value"], unit), way)


def _number(given: Any) -> int | float | None:
    return given if isinstance(given, int | float) and not isinstance(given, bool) else None


def _gray(value: int | float, unit: str) -> int | float:
    if unit == "Gy":
        return value
    gray = Decimal(repr(value)) / 100
    return int(gray) if isinstance(value, int) and gray == int(gray) else float(gray)


def _medication(given: Resource) -> Iterator[Found]:
    status, kind = given.data.get("status"), given.data["resourceType"]
    doubt = ""
    if kind == "MedicationRequest":
        if given.data.get("doNotPerform") or given.data.get("intent") in ("proposal", "plan", "option"):
            raise Unfit("planned or not to be given")
        if status not in ("active", "completed", "stopped"):
            raise Unfit(f"its status is {status}")
        doubt = (
            ""
            if status == "completed"
            else f"an order whose status is {status}: whether it was given is not said"
        )
    elif status not in _DONE:
        raise Unfit(f"not given, its status is {status}")
    name = given.words("medicationCodeableConcept")
    if name and name.text:
        yield Found("drugs", name.text if given.own else _drug(name.text), name.way, doubt=doubt)


def _drug(text: str) -> str:
    """The drug in the name of a product.

    Example:
        >>> _drug("10 ML doxorubicin hydrochloride 2 MG/ML Injection"), _drug("predniSONE")
        ('doxorubicin', 'prednisone')
    """
    found = _PRODUCT.match(text)
    words = (found[1] if found and found[1] else text).lower().split()
    while len(words) > 1 and words[-1] in fhir.settings()["salts"]:
        words.pop()
    return " ".join(words)


def _observation(given: Resource) -> Iterator[Found]:
    status = given.data.get("status")
    if status not in _REAL:
        raise Unfit(f"no result, its status is {status}")
    code = given.words("code")
    if code is None:
        return
    if "mcode-tumor-marker-test" in given.profiles:
        yield from _marker(given, code)
        return
    known = next((v for f, v in code.known if f == "observation"), "")
    if known.startswith("performance_status"):
        yield from _performance(given, known.partition(" ")[2], code)
    elif known == "disease_status":
        yield from _status(given)
    elif "mcode-history-of-metastatic-cancer" in given.profiles:
        yield from _history(given, code)
    elif field := field_of(code.text):
        yield from _element(given, field, code)


def _performance(given: Resource, scale: str, code: Words) -> Iterator[Found]:
    if _number(given.data.get("valueInteger")) is not None:
        value = f"{scale} {given.data['valueInteger']}"
        yield Found("performance_status", value, ("valueInteger",), more=(code.way,))


def _history(given: Resource, code: Words) -> Iterator[Found]:
    if given.data.get("valueBoolean") is False:
        raise Unfit("no metastasis")
    if value := named("other_metastases", code.text.rpartition(" to ")[2]):
        yield Found("other_metastases", value, code.way)


def _status(given: Resource) -> Iterator[Found]:
    value = given.words("valueCodeableConcept")
    if value:
        yield Found("disease_status", _name(value, "disease_status"), value.way)


def _marker(given: Resource, code: Words) -> Iterator[Found]:
    marker = next((v for f, v in code.known if f == "marker"), code.text if code.own else "")
    if not marker:
        raise Unfit("the marker is none of the vocabulary")
    value = given.words("valueCodeableConcept")
    if value:
        sign = next((v for f, v in value.known if f == "sign"), _SIGNS.get(value.text.lower(), ""))
        if not sign:
            raise Unfit("its result is neither positive nor negative")
        yield Found("ihc", f"{marker}{sign}", value.way, more=(code.way,))
    elif given.own and "valueString" in given.data:
        yield Found("ihc", given.data["valueString"], ("valueString",), more=(code.way,))
    else:
        raise Unfit("its result is neither positive nor negative")


def _element(given: Resource, field: str, code: Words) -> Iterator[Found]:
    quantity = given.data.get("valueQuantity", {})
    if _number(quantity.get("value")) is not None:
        wanted, unit = elements()[field], quantity.get("code") or quantity.get("unit")
        if unit not in (wanted.ucum, wanted.unit, None):
            raise Unfit(f"expected {wanted.unit or 'no unit'}")
        yield Found(field, quantity["value"], ("valueQuantity", "value"), more=(code.way,))
    elif value := given.words("valueCodeableConcept"):
        yield Found(field, unspoken(field, value.text), value.way, more=(code.way,))


_READERS: dict[str, Callable[[Resource], Iterator[Found]]] = {
    "Patient": _patient, "Condition": _condition, "BodyStructure": _structure, "Procedure": _procedure,
    "MedicationAdministration": _medication, "MedicationRequest": _medication, "Observation": _observation,
}  # fmt: skip
