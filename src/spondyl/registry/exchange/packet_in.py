"""Phenopackets into cases: what fits becomes claims, the rest is named with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from spondyl.record import Case, Paper, ReadError
from spondyl.registry.exchange import packet
from spondyl.registry.exchange.claims import (
    Found,
    Placed,
    Source,
    about_of,
    case_of,
    own_name,
    paper_of,
    settled,
    unpacked,
)
from spondyl.registry.exchange.jsontext import Key, Text
from spondyl.registry.exchange.spoken import elements, meaning, named, plain, said, unspoken
from spondyl.registry.exchange.taken import Bundle, RefusedValue, Unsupported, bundled
from spondyl.registry.vocabulary import refusal

__all__ = ["packets"]

_SEX = {"FEMALE": "female", "MALE": "male"}
_STATE = {"ALIVE": "alive", "DECEASED": "dead"}
_SIGNS = {"positive": "+", "negative": "-"}
_YEARS = re.compile(r"P(\d+)Y(?:(\d+)M)?(?:\d+D)?")
_OTHER = {
    "biosamples": "specimens", "interpretations": "genomic interpretations", "files": "files beside the packet",
    "genes": "genes", "variants": "variants",
}  # fmt: skip
_NO_FEATURE = "no finding of the vocabulary"
_MEND = "give a phenopacket of version 2"


def packets(texts: Sequence[Text]) -> Bundle:
    """Phenopackets.

    Args:
        texts: The packets of a file.

    Raises:
        ReadError: One breaks the schema; nothing is taken of the file.
    """
    held = [_held(text, number if len(texts) > 1 else 0) for number, text in enumerate(texts, 1)]
    papers = {name: paper for data in held for name, paper in _papers(data).items()}
    told = {str(_about(data).get("paper")) for data in held} | papers.keys()
    source = Source(texts[0], own_name(texts[0].path, texts[0].sha256, told), 0)
    cases: list[tuple[Paper, Case]] = []
    refused: list[RefusedValue] = []
    for number, (text, data) in enumerate(zip(texts, held, strict=True), 1):
        cases.append(_case(data, source.at(text.start), papers, number, refused))
    unsupported = [one for data in held for one in _unsupported(data)]
    return bundled(source.as_paper(), papers, cases, refused, unsupported)


def _held(text: Text, number: int) -> dict[str, Any]:
    """A packet as the schema has it."""
    where = f"{text.path}, packet {number}" if number else str(text.path)
    data = text.data if isinstance(text.data, dict) else {}
    if "members" in data or "cohortType" in data or "individuals" in data:
        raise ReadError("a cohort of many patients, no single packet", where, "export its packets one by one")
    held, why = packet.read(text.data)
    if why:
        raise ReadError(f"no phenopacket ({why})", where, _MEND)
    return held


def _references(data: Mapping[str, Any], name: str) -> list[str]:
    listed = data.get("metaData", {}).get("externalReferences", ())
    return [r.get("description", "") for r in listed if r.get("id") == name]


def _papers(data: Mapping[str, Any]) -> dict[str, Paper]:
    lines = _references(data, packet.PAPER)
    return {paper.id: paper for line in lines if (paper := paper_of(line))}


def _about(data: Mapping[str, Any]) -> dict[str, Any]:
    return next((about for line in _references(data, packet.CASE) if (about := about_of(line))), {})


def _case(
    data: Mapping[str, Any],
    source: Source,
    papers: Mapping[str, Paper],
    number: int,
    refused: list[RefusedValue],
) -> tuple[Paper, Case]:
    about = _about(data)
    name = about.get("paper")
    carried: list[Placed] = []
    if name:
        carried = [c for line in _references(data, packet.CLAIM) if (c := unpacked(line, name))]
    good = []
    for found in _found(data, bool(carried)):
        if why := refusal(found.field, found.value):
            refused.append(RefusedValue(0, found.field, why, data["id"]))
        else:
            good.append(found)
    placed, others = settled(good, carried, source, data["id"])
    if name:
        return papers.get(name) or Paper(id=name, source="", text=""), case_of(
            about["case"], about, placed, others
        )
    return source.as_paper(), case_of(number, {"label": data["id"]}, placed, others)


def _found(data: Mapping[str, Any], own: bool) -> Iterator[Found]:
    yield from _subject(data.get("subject", {}))
    for name, reader in _READERS.items():
        for number, one in enumerate(data.get(name, ())):
            yield from reader(one, (name, number), own)


def _subject(subject: Mapping[str, Any]) -> Iterator[Found]:
    if subject.get("sex") in _SEX:
        yield Found("sex", _SEX[subject["sex"]], ("subject", "sex"))
    state = subject.get("vitalStatus", {}).get("status")
    if state in _STATE:
        yield Found("status", _STATE[state], ("subject", "vitalStatus", "status"))
    way = ("subject", "timeAtLastEncounter", "age", "iso8601duration")
    age = _YEARS.fullmatch(str(subject.get(way[1], {}).get("age", {}).get(way[3], "")))
    if age:
        years = int(age[1]) if int(age[1]) or not age[2] else round(int(age[2]) / 12, 2)
        yield Found("age_years", years, way, doubt="the age at the last encounter")


def _feature(one: Mapping[str, Any], way: Key, own: bool) -> Iterator[Found]:
    field, text = packet.field_and_text(one.get("type", {}))
    where = (*way, "type", "label")
    if one.get("type", {}).get("id") == packet.term("recurrence"):
        yield Found("recurrence", "no" if one.get("excluded") else "yes", where)
    elif field in packet.FEATURES:
        field = "denied" if field == "presentation" and one.get("excluded") else field
        if not one.get("excluded") or field == "denied":
            yield Found(field, unspoken(field, text), where)
    elif not field and (value := named("presentation", plain(text))):
        yield Found("denied" if one.get("excluded") else "presentation", value, where)


def _measurement(one: Mapping[str, Any], way: Key, own: bool) -> Iterator[Found]:
    assay = one.get("assay", {})
    field, text = packet.field_and_text(assay)
    value = one.get("value", {})
    name = (*way, "assay", "label")
    known = meaning("", str(assay.get("id", "")))
    number = _number(value.get("quantity", {}).get("value", 0)) if "quantity" in value else None
    place = (*way, "value", "quantity", *(("value",) if "value" in value.get("quantity", {}) else ()))
    if known and known[1].startswith("performance_status") and number is not None:
        if number == int(number):
            status = f"{known[1].partition(' ')[2]} {int(number)}"
            yield Found("performance_status", status, place, more=(name,))
    elif field in packet.MEASURED and number is not None:
        if _unit(value["quantity"]) in (elements()[field].ucum, ""):
            yield Found(field, number, place, more=(name,))
    elif field in packet.MEASURED and "ontologyClass" in value:
        where = (*way, "value", "ontologyClass", "label")
        label = str(value["ontologyClass"].get("label", ""))
        stain = field == "ihc" and assay.get("id") != packet.term("ihc")
        if not stain:
            yield Found(field, unspoken(field, label), where, more=(name,))
        elif label in _SIGNS:
            yield Found(field, f"{text}{_SIGNS[label]}", where, more=(name,))


def _number(given: Any) -> int | float | None:
    """A number; the schema gives one without bounds as text."""
    if isinstance(given, str):
        return None
    return int(given) if float(given).is_integer() else float(given)


def _unit(quantity: Mapping[str, Any]) -> str:
    return str(quantity.get("unit", {}).get("id", "")).partition(":")[2].replace("1", "")


def _disease(one: Mapping[str, Any], way: Key, own: bool) -> Iterator[Found]:
    if one.get("excluded"):
        return
    name = one.get("term", {})
    label = str(name.get("label", ""))
    if label and name.get("id") != packet.UNKNOWN:
        known = meaning("", str(name.get("id", "")))
        exact = known[1] if known and known[0] == "diagnosis" else plain(label)
        yield Found("diagnosis", label if own else exact, (*way, "term", "label"))
    site = str(one.get("primarySite", {}).get("label", ""))
    if site:
        yield Found("primary_site", site if own else plain(site), (*way, "primarySite", "label"))


def _action(one: Mapping[str, Any], way: Key, own: bool) -> Iterator[Found]:
    if "treatment" in one:
        field, text = packet.field_and_text(one["treatment"].get("agent", {}))
        if text:
            where = (*way, "treatment", "agent", "label")
            yield Found("drugs", text if field == "drugs" else plain(text), where)
    elif "radiationTherapy" in one:
        therapy = one["radiationTherapy"]
        yield Found("treatments", "radiotherapy", (*way, "radiationTherapy"), implied=True)
        if dose := _number(therapy.get("dosage", 0)):
            yield Found("radiation_dose_gy", dose, (*way, "radiationTherapy", "dosage"))
    else:
        for kind, part in (("procedure", "code"), ("therapeuticRegimen", "ontologyClass")):
            yield from _named(one.get(kind, {}).get(part, {}), (*way, kind, part, "label"))


def _named(one: Mapping[str, Any], way: Key) -> Iterator[Found]:
    field, text = packet.field_and_text(dict(one))
    if field in ("procedures", "treatments"):
        yield Found(field, unspoken(field, text), way)
        return
    for name in ("procedures", "treatments"):
        yield from (Found(name, value, way) for value in said(name, text))


_READERS: dict[str, Callable[[Mapping[str, Any], Key, bool], Iterator[Found]]] = {
    "phenotypicFeatures": _feature, "measurements": _measurement, "diseases": _disease, "medicalActions": _action,
}  # fmt: skip


def _unsupported(data: Mapping[str, Any]) -> Iterator[Unsupported]:
    """The elements that say nothing the vocabulary holds."""
    name = data["id"]
    for part, reader in _READERS.items():
        for number, one in enumerate(data.get(part, ())):
            unknown = part == "diseases" and one.get("term", {}).get("id") == packet.UNKNOWN
            if not unknown and not list(reader(one, (part, number), True)):
                yield Unsupported(f"{name} {part}[{number}]", _why(part, one))
    for part, what in _OTHER.items():
        if data.get(part):
            yield Unsupported(f"{name} {part}", f"{what} are not kept")


def _why(part: str, one: Mapping[str, Any]) -> str:
    if one.get("excluded") and part == "diseases":
        return "excluded, no diagnosis"
    return _NO_FEATURE if part == "phenotypicFeatures" else "nothing the vocabulary holds"
