"""Cases as a FHIR R4 bundle with the profiles of mCODE STU4."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from spondyl.record import Case, Claim, RegistryError
from spondyl.registry.asking import Entry
from spondyl.registry.exchange import fhir
from spondyl.registry.exchange.claims import packed
from spondyl.registry.exchange.held import Exported, unheld
from spondyl.registry.exchange.spoken import Element, codes, elements, malignant, speakable, spoken

__all__ = ["bundle"]

_PERFORMANCE = re.compile(r"(ECOG|KPS) (\d+)")
_PROFILES = {"ECOG": "ecog-performance-status", "KPS": "karnofsky-performance-status"}
_STAIN = re.compile(r"(.*\S)([+-])", re.DOTALL)
_SIGNS = {"+": "positive", "-": "negative"}
_ABOUT = ("title", "authors", "year", "journal", "doi", "pmid", "source", "sha256", "duplicate_of")


class _Part(NamedTuple):
    """A resource without what all resources of a case have, and the claims it says, by their number."""

    kind: str
    body: dict[str, Any]
    claims: list[int]
    profile: str = ""


class _Writer(NamedTuple):
    """A case whose claims are being written."""

    case: Case
    snomed: bool

    def of(self, *fields: str) -> Iterator[tuple[int, Claim]]:
        """Claims of some fields whose value is text that FHIR can hold."""
        for number, claim in enumerate(self.case.claims):
            if claim.field in fields and isinstance(claim.value, str) and speakable(claim.value):
                yield number, claim

    def concept(self, claim: Claim, text: str | None = None) -> dict[str, Any]:
        return fhir.concept(claim.field, str(claim.value), self.snomed, text)


def bundle(
    entries: Sequence[Entry], papers: Mapping[str, Mapping[str, Any]], snomed: bool = False
) -> Exported:
    """Cases as a bundle that a FHIR server takes as one transaction.

    Args:
        entries: The cases; groups are left out.
        papers: Id → what the registry knows of a paper; one that is not here is only named.
        snomed: Whether codes of SNOMED CT are written, for which a licence is needed in many countries.

    Raises:
        RegistryError: A resource breaks a rule of FHIR R4.
        UsageError: The package fhir.resources is not installed.
    """
    fields: Counter[str] = Counter()
    patients = [e for e in entries if e.case.kind != "group"]
    found = [_document(name, papers.get(name, {})) for name in dict.fromkeys(e.paper for e in patients)]
    for entry in patients:
        found += _resources(entry, snomed, fields)
    for resource in found:
        if why := fhir.fault(resource):
            raise RegistryError(f"the bundle would not be FHIR R4: {why}; report this as a fault of Spondyl")
    left = unheld(
        entries, sum(len(papers.get(p, {}).get("statements", ())) for p in {e.paper for e in entries})
    )
    return Exported({".json": _written(found)}, "mCODE", fields, left)


def _written(resources: Sequence[dict[str, Any]]) -> str:
    """One entry a line."""
    lines = ",\n".join(json.dumps(_entry(r), ensure_ascii=False, allow_nan=False) for r in resources)
    return f'{{"resourceType": "Bundle", "type": "transaction", "entry": [\n{lines}\n]}}\n'


def _entry(resource: dict[str, Any]) -> dict[str, Any]:
    put = {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"}
    return {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource, "request": put}


def _document(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """The paper that cases are from."""
    known = {k: v for k in _ABOUT if (v := about.get(k))}
    title = known.get("title") or name
    return {
        "resourceType": "DocumentReference", "id": fhir.identity("paper", name),
        "extension": [{"url": fhir.PAPER, "valueString": json.dumps({"id": name} | known)}],
        "identifier": [{"system": fhir.PAPER, "value": name}], "status": "current",
        "content": [{"attachment": {"title": " ".join(title.split())}}],
    }  # fmt: skip


def _resources(entry: Entry, snomed: bool, fields: Counter[str]) -> list[dict[str, Any]]:
    """A patient and all that is said of him or her; what is not held is counted."""
    writer = _Writer(entry.case, snomed)
    patient, held = _patient(entry)
    subject = {"reference": f"urn:uuid:{patient['id']}"}
    out = [patient]
    for number, part in enumerate(_parts(writer)):
        out.append(_whole(part, entry, fhir.identity(entry.paper, entry.case.case, number), subject))
        held |= set(part.claims)
    fields.update(c.field for n, c in enumerate(entry.case.claims) if n not in held)
    return out


def _patient(entry: Entry) -> tuple[dict[str, Any], set[int]]:
    case = entry.case
    sex = [n for n, c in enumerate(case.claims) if c.field == "sex" and c.value in ("female", "male")]
    state = [n for n, c in enumerate(case.claims) if c.field == "status" and c.value in ("alive", "dead")]
    held = {
        n
        for n in (*sex, *state)
        if case.claims[n].value == case.claims[(sex if n in sex else state)[0]].value
    }
    about = {"paper": entry.paper, "case": case.case, "label": case.label, "kind": case.kind}
    about |= {"reported_by": case.reported_by} if case.reported_by else {}
    out = {
        "resourceType": "Patient", "id": fhir.identity(entry.paper, case.case),
        "meta": {"profile": [fhir.profile("cancer-patient")]},
        "extension": [{"url": fhir.CASE, "valueString": json.dumps(about)}, *_carried(entry, sorted(held))],
        "identifier": [{"system": "urn:spondyl:case", "value": entry.name}], "name": [fhir.absent()],
        "gender": str(case.claims[sex[0]].value) if sex else "unknown",
    }  # fmt: skip
    return out | ({"deceasedBoolean": case.claims[state[0]].value == "dead"} if state else {}), held


def _carried(entry: Entry, numbers: Sequence[int]) -> list[dict[str, str]]:
    """The claims of a resource, with their words."""
    return [{"url": fhir.CLAIM, "valueString": packed(entry.case.claims[n], n, entry.paper)} for n in numbers]


def _whole(part: _Part, entry: Entry, identity: str, subject: dict[str, str]) -> dict[str, Any]:
    meta = {"meta": {"profile": [fhir.profile(part.profile)]}} if part.profile else {}
    extensions = [*part.body.pop("extension", ()), *_carried(entry, part.claims)]
    structure = part.kind == "BodyStructure"
    out = {"resourceType": part.kind, "id": identity, **meta, "extension": extensions, **part.body}
    out["patient" if structure else "subject"] = subject
    words = [q.text for n in part.claims for q in entry.case.claims[n].quotes[:1] if speakable(q.text)]
    if words and not structure:
        out["note"] = [{"text": text} for text in dict.fromkeys(words)]
    return out


def _parts(writer: _Writer) -> Iterator[_Part]:
    yield from _diagnosis(writer)
    yield from _spine(writer)
    yield from _metastases(writer)
    yield from _findings(writer)
    yield from _procedures(writer)
    yield from _radiotherapy(writer)
    yield from _drugs(writer)
    yield from _stains(writer)
    yield from _observations(writer)


def _condition(code: dict[str, Any], verified: str = "confirmed", **more: Any) -> dict[str, Any]:
    systems = fhir.settings()["systems"]
    category = [{"coding": [{"system": systems["condition_category"], "code": "problem-list-item"}]}]
    status = {"coding": [{"system": systems["verification"], "code": verified}]}
    return {"code": code, "category": category, "verificationStatus": status, **more}


def _diagnosis(writer: _Writer) -> Iterator[_Part]:
    names = list(writer.of("diagnosis"))
    sites = list(writer.of("primary_site"))
    where: dict[str, Any] = {"bodySite": [writer.concept(c) for _, c in sites]} if sites else {}
    if sites and not names:
        body = _condition(fhir.absent(), **where)
        yield _Part("Condition", body, [n for n, _ in sites], "primary-cancer-condition")
    for place, (number, claim) in enumerate(names):
        first = {} if place else where
        body = _condition(writer.concept(claim), **first)
        numbers = [number, *(() if place else (n for n, _ in sites))]
        if malignant(str(claim.value)):
            yield _Part("Condition", body | _histology(claim), numbers, "primary-cancer-condition")
        else:
            body["category"].append({"text": "diagnosis"})
            yield _Part("Condition", body, numbers)


def _histology(claim: Claim) -> dict[str, Any]:
    found = [c for c in codes("diagnosis", claim.value) if c.system == "icdo3"]
    what = {"coding": [fhir.coding("icdo3", c.code) for c in found], "text": spoken(str(claim.value))}
    extension = {"url": fhir.profile("histology-morphology-behavior"), "valueCodeableConcept": what}
    return {"extension": [extension]} if found else {}


def _spine(writer: _Writer) -> Iterator[_Part]:
    """The lesions of the spine: a metastasis where the primary is elsewhere, else just a tumour's places."""
    ends = fhir.settings()["sites"]
    sites = [(n, c, writer.concept(c, spoken(str(c.value)) + ends[c.field])) for n, c in writer.of(*ends)]
    if not sites:
        return
    primary = [str(c.value) for _, c in writer.of("primary_site")]
    cancer = any(malignant(str(c.value)) for _, c in writer.of("diagnosis"))
    if cancer and primary and not set(primary) & set(fhir.settings()["spinal_sites"]):
        in_bone = [c.value for _, c, _ in sites if c.field == "compartment"] == ["vertebral"]
        code = fhir.concept(
            "spinal_metastasis", "vertebral" if in_bone else "", writer.snomed, "metastasis of the spine"
        )
        body = _condition(code, bodySite=[site for _, _, site in sites])
        yield _Part("Condition", body, [n for n, _, _ in sites], "secondary-cancer-condition")
        return
    for n, c, site in sites:
        known = {"identifier": [{"system": "urn:spondyl:tumour", "value": f"{c.field} {c.value}"}]}
        yield _Part("BodyStructure", known | {"location": site}, [n], "tumor")


def _metastases(writer: _Writer) -> Iterator[_Part]:
    for n, c in writer.of("other_metastases"):
        code = writer.concept(c, f"metastasis: {spoken(str(c.value))}")
        body = _condition(code, bodySite=[{"text": spoken(str(c.value))}])
        yield _Part("Condition", body, [n], "secondary-cancer-condition")


def _findings(writer: _Writer) -> Iterator[_Part]:
    for n, c in writer.of("presentation", "denied"):
        verified = "confirmed" if c.field == "presentation" else "refuted"
        body = _condition({"text": spoken(str(c.value))}, verified)
        body["category"].append({"text": "finding at presentation"})
        yield _Part("Condition", body, [n])


def _procedures(writer: _Writer) -> Iterator[_Part]:
    for n, c in writer.of("procedures", "treatments"):
        if c.value == "radiotherapy":
            continue
        surgical = c.value == "surgery" or (c.field == "procedures" and c.value != "biopsy")
        body = {"status": "completed", "code": {"text": spoken(str(c.value))}}
        body["category"] = {"text": c.field}
        yield _Part("Procedure", body, [n], "cancer-related-surgical-procedure" if surgical else "")


def _radiotherapy(writer: _Writer) -> Iterator[_Part]:
    given = [n for n, c in writer.of("treatments") if c.value == "radiotherapy"]
    doses = [n for n, c in enumerate(writer.case.claims) if c.field == "radiation_dose_gy"]
    doses = [n for n in doses if not isinstance(writer.case.claims[n].value, str)]
    code = fhir.concept("treatments", "radiotherapy", writer.snomed, "radiotherapy")
    for place, dose in enumerate(doses or ([None] if given else [])):
        body: dict[str, Any] = {"status": "completed", "code": code}
        if dose is not None:
            body["extension"] = [_dose(writer.case.claims[dose])]
        numbers = [*(given if not place else []), *([] if dose is None else [dose])]
        yield _Part("Procedure", body, numbers, "radiotherapy-course-summary")


def _dose(claim: Claim) -> dict[str, Any]:
    centigray = Decimal(repr(claim.value)) * 100
    value = int(centigray) if isinstance(claim.value, int) else float(centigray)
    quantity = {"value": value, "unit": "cGy", "system": fhir.settings()["units"], "code": "cGy"}
    inner = [{"url": "volume", "valueReference": {"display": "not stated"}}]
    inner += [{"url": "totalDoseDelivered", "valueQuantity": quantity}]
    return {"url": fhir.profile("radiotherapy-dose-delivered-to-volume"), "extension": inner}


def _drugs(writer: _Writer) -> Iterator[_Part]:
    for n, c in writer.of("drugs"):
        body = {"status": "completed", "medicationCodeableConcept": writer.concept(c)}
        body["effectivePeriod"] = fhir.absent()
        yield _Part("MedicationAdministration", body, [n], "cancer-related-medication-administration")


def _observation(code: dict[str, Any], kind: str, **value: Any) -> dict[str, Any]:
    category = {"system": fhir.settings()["systems"]["observation_category"], "code": kind}
    return {"status": "final", "category": [{"coding": [category]}], "code": code, **value}


def _stains(writer: _Writer) -> Iterator[_Part]:
    for n, c in writer.of("ihc"):
        found = _STAIN.fullmatch(str(c.value))
        if found:
            sign = fhir.concept("sign", found[2], writer.snomed, _SIGNS[found[2]])
            body = _observation({"text": found[1]}, "laboratory", valueCodeableConcept=sign)
        else:
            body = _observation({"text": "immunohistochemistry"}, "laboratory", valueString=c.value)
        yield _Part("Observation", body, [n], "tumor-marker-test")


def _observations(writer: _Writer) -> Iterator[_Part]:
    for n, claim in enumerate(writer.case.claims):
        element = elements().get(claim.field)
        found = _PERFORMANCE.fullmatch(str(claim.value)) if claim.field == "performance_status" else None
        if found:
            code = fhir.concept(
                "observation", f"performance_status {found[1]}", True, f"{found[1]} performance status"
            )
            yield _Part(
                "Observation",
                _observation(code, "survey", valueInteger=int(found[2])),
                [n],
                _PROFILES[found[1]],
            )
        elif (
            element and element.kind != "own" and (not isinstance(claim.value, str) or speakable(claim.value))
        ):
            code = fhir.concept("observation", claim.field, writer.snomed, element.label)
            known = claim.field == "disease_status" and writer.snomed
            body = _observation(code, "exam", **_value(writer, claim, element))
            yield _Part("Observation", body, [n], "cancer-disease-status" if known else "")


def _value(writer: _Writer, claim: Claim, element: Element) -> dict[str, Any]:
    if isinstance(claim.value, str):
        return {"valueCodeableConcept": writer.concept(claim)}
    unit = {"unit": element.unit, "system": fhir.settings()["units"], "code": element.ucum}
    return {"valueQuantity": {"value": claim.value} | (unit if element.kind == "number" else {})}
