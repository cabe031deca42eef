"""FHIR bundles into cases: what fits becomes claims, the rest is named with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from spondyl.record import Case, Claim, Paper, ReadError
from spondyl.registry.exchange import fhir
from spondyl.registry.exchange.claims import (
    Placed,
    Source,
    about_of,
    case_of,
    own_name,
    paper_of,
    settled,
    unpacked,
)
from spondyl.registry.exchange.jsontext import Text, locate, starts, tidy
from spondyl.registry.exchange.mcode_read import Unfit, read
from spondyl.registry.exchange.taken import Bundle, RefusedValue, Unsupported, bundled
from spondyl.registry.vocabulary import refusal

__all__ = ["bundle"]

_MEND = "correct the resource, or export the bundle again"


@dataclass(frozen=True)
class _Entry:
    """A resource with its place in the file."""

    data: Mapping[str, Any]
    start: int
    url: str

    @property
    def name(self) -> str:
        identity = self.data.get("id")
        return f"{self.data['resourceType']}/{identity}" if identity else self.data["resourceType"]


@dataclass
class _Patient:
    """What is gathered of one patient."""

    label: str
    about: dict[str, Any] = field(default_factory=dict)
    placed: list[Placed] = field(default_factory=list)
    others: list[Claim] = field(default_factory=list)


def bundle(text: Text) -> Bundle:
    """A FHIR bundle, or a lone resource.

    Args:
        text: The file.

    Raises:
        ReadError: A resource breaks a rule of FHIR R4; nothing is taken of the file.
    """
    found = _entries(text)
    for number, one in enumerate(found, 1):
        if why := fhir.fault(one.data):
            where = f"{text.path}, resource {number}" if len(found) > 1 else str(text.path)
            raise ReadError(f"no FHIR R4 ({why})", where, _MEND)
    papers = _papers(found)
    told = {str(_about(one).get("paper")) for one in found} | papers.keys()
    source = Source(text, own_name(text.path, text.sha256, told), text.start)
    patients, refused, unsupported = _gathered(found, source)
    return bundled(source.as_paper(), papers, _cases(patients, papers, source), refused, unsupported)


def _entries(text: Text) -> list[_Entry]:
    data, where = text.data, str(text.path)
    if data.get("resourceType") != "Bundle":
        return [_Entry(tidy(data), text.start, "")]
    listed = data.get("entry", [])
    if not isinstance(listed, list) or not all(isinstance(e, dict) for e in listed):
        raise ReadError("a bundle whose entries are no list of entries", where, _MEND)
    for number, one in enumerate(listed, 1):
        if not isinstance(one.get("resource"), dict):
            raise ReadError("an entry without a resource", f"{where}, resource {number}", _MEND)
    bare = [{k: v for k, v in one.items() if k != "resource"} for one in listed]
    if why := fhir.fault(data | {"entry": bare} if bare else data):
        raise ReadError(f"no FHIR R4 ({why})", where, _MEND)
    begin = starts(text.text, ("entry",), text.start) if listed else []
    return [
        _Entry(tidy(one["resource"]), locate(text.text, ("resource",), at)[0], str(one.get("fullUrl", "")))
        for one, at in zip(listed, begin, strict=True)
    ]


def _papers(found: Sequence[_Entry]) -> dict[str, Paper]:
    """The papers that the bundle describes, as Spondyl wrote them."""
    lines = [line for one in found for line in _carried(one, fhir.PAPER)]
    return {paper.id: paper for line in lines if (paper := paper_of(line))}


def _carried(one: _Entry, url: str) -> list[str]:
    extensions = one.data.get("extension", ())
    return [e["valueString"] for e in extensions if e.get("url") == url and "valueString" in e]


def _gathered(
    found: Sequence[_Entry], source: Source
) -> tuple[dict[str, _Patient], list[RefusedValue], list[Unsupported]]:
    """Resource by resource to the patients they are about."""
    names = _names(found)
    patients: dict[str, _Patient] = {}
    refused: list[RefusedValue] = []
    unsupported: list[Unsupported] = []
    for one in sorted(found, key=lambda e: e.data["resourceType"] != "Patient"):
        kind = one.data["resourceType"]
        key = _subject(one, names)
        if kind == "Patient":
            patients[key] = _Patient(str(one.data.get("id", "")), _about(one))
        if kind == "DocumentReference" and _carried(one, fhir.PAPER):
            continue
        about = patients.get(key) or _Patient(key.rpartition("/")[2])
        try:
            holds = _take(one, about, source, refused)
        except Unfit as why:
            unsupported.append(Unsupported(one.name, str(why)))
            continue
        if key and holds:
            patients[key] = about
        elif not key:
            unsupported.append(Unsupported(one.name, "it does not say which patient it is about"))
    return patients, refused, unsupported


def _names(found: Sequence[_Entry]) -> dict[str, str]:
    """The patients' names in references: by their address, and by type and id."""
    out: dict[str, str] = {}
    for one in found:
        if one.data["resourceType"] == "Patient":
            key = one.name
            out |= {key: key} | ({one.url: key} if one.url else {})
    return out


def _subject(one: _Entry, names: Mapping[str, str]) -> str:
    if one.data["resourceType"] == "Patient":
        return one.name
    given = one.data.get("subject") or one.data.get("patient") or {}
    reference = str(given.get("reference", ""))
    short = "/".join(reference.split("/")[-2:])
    return names.get(reference) or names.get(short) or short


def _about(one: _Entry) -> dict[str, Any]:
    """Which case a patient is, where Spondyl wrote the bundle."""
    return next((about for line in _carried(one, fhir.CASE) if (about := about_of(line))), {})


def _take(one: _Entry, patient: _Patient, source: Source, refused: list[RefusedValue]) -> bool:
    paper = patient.about.get("paper")
    carried = [c for line in _carried(one, fhir.CLAIM) if paper and (c := unpacked(line, paper))]
    found = read(one.data, bool(carried))
    good = []
    for value in found:
        if why := refusal(value.field, value.value):
            refused.append(RefusedValue(0, value.field, why, one.name))
        else:
            good.append(value)
    placed, others = settled(good, carried, source.at(one.start), one.name)
    patient.placed += placed
    patient.others += others
    return bool(placed or others)


def _cases(
    patients: Mapping[str, _Patient], papers: Mapping[str, Paper], source: Source
) -> list[tuple[Paper, Case]]:
    out = []
    foreign = 0
    for patient in patients.values():
        if name := patient.about.get("paper"):
            paper = papers.get(name) or Paper(id=name, source="", text="")
            out.append((paper, case_of(patient.about["case"], patient.about, patient.placed, patient.others)))
        else:
            foreign += 1
            case = case_of(foreign, {"label": patient.label}, patient.placed, patient.others)
            out.append((source.as_paper(), case))
    return out
