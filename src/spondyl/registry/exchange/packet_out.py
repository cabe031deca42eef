"""Cases as phenopackets of version 2."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from spondyl.record import Claim, RegistryError
from spondyl.registry.asking import Entry
from spondyl.registry.exchange import packet
from spondyl.registry.exchange.claims import packed
from spondyl.registry.exchange.held import Exported, unheld
from spondyl.registry.exchange.spoken import codes, elements, speakable, system

__all__ = ["packets"]

_CREATED = "1970-01-01T00:00:00Z"
_PERFORMANCE = re.compile(r"(ECOG|KPS) (\d+)")
_STAIN = re.compile(r"(.*\S)([+-])", re.DOTALL)
_SIGNS = {"+": "positive", "-": "negative"}
_SEX = {"female": "FEMALE", "male": "MALE"}
_STATE = {"alive": "ALIVE", "dead": "DECEASED"}
_SPAN = 15_000_000_000_000_000  # beyond, numbers of a packet (double precision) are no longer exact
_ABOUT = ("title", "authors", "year", "journal", "doi", "pmid", "source", "sha256", "duplicate_of")


class _Part(NamedTuple):
    """An element of a list of the packet, and the claims it says, by their number."""

    place: str
    body: dict[str, Any]
    claims: list[int]


def packets(
    entries: Sequence[Entry], papers: Mapping[str, Mapping[str, Any]], snomed: bool = False
) -> Exported:
    """Cases as phenopackets, one a line.

    Args:
        entries: The cases; groups are left out.
        papers: Id → what the registry knows of a paper; one that is not here is only named.
        snomed: Not used: phenopackets carry codes of open ontologies.

    Raises:
        RegistryError: A packet breaks the schema.
        UsageError: The package phenopackets is not installed.
    """
    fields: Counter[str] = Counter()
    lines = []
    for entry in entries:
        if entry.case.kind != "group":
            data = _packet(entry, papers.get(entry.paper, {}), fields)
            if why := packet.fault(data):
                raise RegistryError(
                    f"the packet would break the schema: {why}; report this as a fault of Spondyl"
                )
            lines.append(packet.written(data))
    statements = sum(len(papers.get(p, {}).get("statements", ())) for p in {e.paper for e in entries})
    suffix = ".json" if len(lines) == 1 else ".jsonl"
    return Exported({suffix: "".join(lines)}, "phenopackets", fields, unheld(entries, statements))


def _packet(entry: Entry, about: Mapping[str, Any], fields: Counter[str]) -> dict[str, Any]:
    subject, held = _subject(entry)
    lists: dict[str, list[dict[str, Any]]] = {}
    carried = [(n, "/subject") for n in sorted(held)]
    for part in _parts(entry):
        place = f"/{part.place}/{len(lists.setdefault(part.place, []))}"
        lists[part.place].append(part.body)
        carried += [(n, place) for n in part.claims]
    fields.update(c.field for n, c in enumerate(entry.case.claims) if n not in {n for n, _ in carried})
    head = {"id": entry.name, "subject": subject}
    order = ("phenotypicFeatures", "measurements", "diseases", "medicalActions")
    body = head | {name: lists[name] for name in order if name in lists}
    return body | {"metaData": _meta(entry, about, carried, json.dumps(body))}


def _meta(
    entry: Entry, about: Mapping[str, Any], carried: Sequence[tuple[int, str]], body: str
) -> dict[str, Any]:
    case = entry.case
    known = {"id": entry.paper} | {k: v for k in _ABOUT if (v := about.get(k))}
    told = {"paper": entry.paper, "case": case.case, "label": case.label, "kind": case.kind}
    told |= {"reported_by": case.reported_by} if case.reported_by else {}
    references = [{"id": packet.CASE, "description": json.dumps(told)}]
    references += [{"id": packet.PAPER, "description": json.dumps(known)}]
    if about.get("doi"):
        references.append({"id": f"DOI:{about['doi']}", "description": str(about.get("title") or "")})
    for number, place in carried:
        line = packed(case.claims[number], number, entry.paper)
        references.append({"id": packet.CLAIM, "reference": place, "description": line})
    return {
        "created": _CREATED, "createdBy": "Spondyl", "resources": list(_systems(body)),
        "phenopacketSchemaVersion": "2.0", "externalReferences": references,
    }  # fmt: skip


def _systems(body: str) -> Iterator[dict[str, str]]:
    for key in ("loinc", "mondo", "ncit", "spondyl", "uberon", "ucum"):
        known = system(key)
        if f'"id": "{known.prefix}:' in body:
            yield {
                "id": key, "name": known.name, "url": known.uri, "version": known.version or "unknown",
                "namespacePrefix": known.prefix, "iriPrefix": _iri(known.uri, known.prefix),
            }  # fmt: skip


def _iri(uri: str, prefix: str) -> str:
    base, dot, _ = uri.rpartition(".")
    return f"{base.rpartition('/')[0]}/{prefix}_" if dot and uri.endswith((".owl", ".obo")) else uri


def _subject(entry: Entry) -> tuple[dict[str, Any], set[int]]:
    claims = entry.case.claims
    out: dict[str, Any] = {"id": entry.name}
    held: set[int] = set()
    for field, names in (("sex", _SEX), ("status", _STATE)):
        found = [n for n, c in enumerate(claims) if c.field == field and c.value in names]
        if found:
            value = claims[found[0]].value
            held |= {n for n in found if claims[n].value == value}
            code = names[str(value)]
            out |= {"sex": code} if field == "sex" else {"vitalStatus": {"status": code}}
    return out, held


def _texts(entry: Entry, *fields: str) -> Iterator[tuple[int, Claim, str]]:
    for number, claim in enumerate(entry.case.claims):
        if claim.field in fields and isinstance(claim.value, str) and speakable(claim.value):
            yield number, claim, claim.value


def _words(claim: Claim) -> dict[str, str]:
    return {"description": claim.quotes[0].text} if claim.quotes and speakable(claim.quotes[0].text) else {}


def _parts(entry: Entry) -> Iterator[_Part]:
    yield from _features(entry)
    yield from _measurements(entry)
    yield from _diseases(entry)
    yield from _actions(entry)


def _features(entry: Entry) -> Iterator[_Part]:
    in_bone = any(c.field == "compartment" and c.value == "vertebral" for c in entry.case.claims)
    for number, claim, value in _texts(entry, *packet.FEATURES):
        body: dict[str, Any] = {
            "type": packet.named_class(claim.field, value, labelled=True),
            **_words(claim),
        }
        if claim.field == "denied":
            body["type"] = packet.named_class("presentation", value, labelled=True)
            body["excluded"] = True
        if claim.field == "recurrence" and value in ("no", "yes"):
            body["type"] = {"id": packet.term(claim.field), "label": elements()[claim.field].label}
            body |= {"excluded": True} if value == "no" else {}
        places = [c.code for c in codes(claim.field, value) if c.system == "uberon" and in_bone]
        if places:
            body["modifiers"] = [{"id": code, "label": value} for code in places]
        yield _Part("phenotypicFeatures", body, [number])


def _measurements(entry: Entry) -> Iterator[_Part]:
    for number, claim in enumerate(entry.case.claims):
        if claim.field in packet.MEASURED and (found := _measured(claim)):
            assay, value = found
            yield _Part("measurements", {"assay": assay, "value": value, **_words(claim)}, [number])


def _measured(claim: Claim) -> tuple[dict[str, str], dict[str, Any]] | None:
    element = elements()[claim.field]
    assay = {"id": packet.term(claim.field), "label": element.label}
    if not isinstance(claim.value, str):
        fine = math.isfinite(claim.value) and abs(claim.value) < _SPAN
        return (assay, _quantity(claim.value, element.ucum, element.unit)) if fine else None
    if not speakable(claim.value):
        return None
    scale = _PERFORMANCE.fullmatch(claim.value) if claim.field == "performance_status" else None
    if scale:
        code = codes("observation", f"performance_status {scale[1]}")[0].code
        return {"id": f"LOINC:{code}", "label": f"{scale[1]} performance status"}, _quantity(
            int(scale[2]), "1", "score"
        )
    stain = _STAIN.fullmatch(claim.value) if claim.field == "ihc" else None
    if stain:
        assay = packet.named_class("ihc", stain[1], labelled=True)
        sign = _SIGNS[stain[2]]
        return assay, {"ontologyClass": {"id": packet.term("ihc", sign), "label": sign}}
    return assay, {"ontologyClass": packet.named_class(claim.field, claim.value)}


def _quantity(value: int | float, unit: str, label: str) -> dict[str, Any]:
    known = (
        {"unit": {"id": f"UCUM:{unit}", "label": label}} if unit else {"unit": {"id": "UCUM:1", "label": "1"}}
    )
    return {"quantity": {**known, "value": value}}


def _diseases(entry: Entry) -> Iterator[_Part]:
    names = list(_texts(entry, "diagnosis"))
    sites = list(_texts(entry, "primary_site"))
    same = [n for n, c, _ in sites if c.value == sites[0][2]]
    where = {"primarySite": packet.named_class("primary_site", sites[0][2])} if sites else {}
    if sites and not names:
        unknown = {"id": packet.UNKNOWN, "label": "not stated"}
        yield _Part("diseases", {"term": unknown, **where}, same)
    for place, (number, _, value) in enumerate(names):
        body = {"term": packet.named_class("diagnosis", value), **({} if place else where)}
        yield _Part("diseases", body, [number, *([] if place else same)])


def _actions(entry: Entry) -> Iterator[_Part]:
    for number, claim, value in _texts(entry, "procedures", "treatments", "drugs"):
        what = packet.named_class(claim.field, value)
        if claim.field == "drugs":
            body: dict[str, Any] = {"treatment": {"agent": what}}
        elif claim.field == "procedures" or value in ("surgery", "radiotherapy", "ablation"):
            body = {"procedure": {"code": what}}
        else:
            body = {"therapeuticRegimen": {"ontologyClass": what}}
        yield _Part("medicalActions", body, [number])
