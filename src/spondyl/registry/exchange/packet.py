"""The parts that phenopackets are made of, and their check with the schema of GA4GH."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import import_module
from typing import Any

from spondyl.record import UsageError
from spondyl.registry.exchange.spoken import codes, elements, spoken, system

__all__ = [
    "CASE",
    "CLAIM",
    "FEATURES",
    "MEASURED",
    "PAPER",
    "UNKNOWN",
    "fault",
    "field_and_text",
    "named_class",
    "read",
    "term",
    "written",
]

CLAIM, CASE, PAPER = "spondyl:claim", "spondyl:case", "spondyl:paper"
"""The ids of those external references that carry claims, the case, and its paper, as JSON."""
FEATURES = (
    "levels", "regions", "compartment", "other_metastases", "presentation", "denied", "pain_type", "bone_quality",
    "collapse", "recurrence", "resection_extent", "complications", "disease_status", "monitoring_alarms",
    "monitoring_modalities", "monitoring_reversibility",
)  # fmt: skip
"""The fields that stand among the phenotypic features."""
MEASURED = (
    "age_years", "follow_up_months", "ihc", "motor_grade", "performance_status", "radiation_dose_gy",
    "recurrence_months",
)  # fmt: skip
"""The fields that stand among the measurements."""

UNKNOWN = "spondyl:unknown_disease"
"""The id of a disease of which only the site is told."""

_WORD = re.compile(r"[^A-Za-z0-9]+")
_IN_PACKETS = ("mondo", "ncit")


def term(field: str, value: str = "") -> str:
    """The id of a value in the vocabulary of Spondyl.

    Example:
        >>> term("drugs", "folinic acid"), term("age_years")
        ('spondyl:drugs.folinic_acid', 'spondyl:age_years')
    """
    word = _WORD.sub("_", value).strip("_") or "other"
    return f"{system('spondyl').prefix}:{field}" + (f".{word}" if value else "")


def named_class(field: str, value: str, labelled: bool = False) -> dict[str, str]:
    """A value as an OntologyClass: its code where one is verified, else one of the vocabulary's own.

    Args:
        field: The field.
        value: The value.
        labelled: Whether the label begins with what the field is called.
    """
    known = {c.system: c.code for c in codes(field, value)}
    found = next((s for s in _IN_PACKETS if s in known), None)
    code = known.get(found or "", "")
    prefix = f"{system(found).prefix}:" if found and ":" not in code else ""
    words = f"{elements()[field].label}: {spoken(value)}" if labelled else spoken(value)
    return {"id": prefix + code if found else term(field, value), "label": words}


def field_and_text(one: dict[str, Any]) -> tuple[str, str]:
    """The field and the words of an OntologyClass of Spondyl's own; an empty field for any other.

    Example:
        >>> field_and_text({"id": "spondyl:levels.C5", "label": "Level of the spinal lesion: C5"})
        ('levels', 'C5')
    """
    prefix, _, local = str(one.get("id", "")).partition(":")
    field = local.partition(".")[0]
    if prefix != system("spondyl").prefix or field not in elements():
        return "", str(one.get("label", ""))
    return field, str(one.get("label", "")).removeprefix(f"{elements()[field].label}: ")


@cache
def _schema() -> tuple[Any, Any]:
    try:
        packets = import_module("phenopackets.schema.v2.phenopackets_pb2")
        return packets.Phenopacket, import_module("google.protobuf.json_format")
    except ImportError:
        raise UsageError(
            'phenopackets need the package phenopackets; install it: pip install "spondyl[fhir]"'
        ) from None


def read(data: Any) -> tuple[dict[str, Any], str | None]:
    """A packet as the schema has it, and what is wrong with it, without what stands in it.

    Args:
        data: The packet, as JSON gives it.

    Returns:
        The packet with the schema's names and kinds, empty where something is wrong; `None` where nothing is.
    """
    model, form = _schema()
    try:
        packet = form.ParseDict(data, model())
    except (form.ParseError, RecursionError, ValueError, TypeError, AttributeError) as error:
        return {}, _short(str(error)) if isinstance(error, form.ParseError) else type(error).__name__
    held: dict[str, Any] = form.MessageToDict(packet)
    return (held, None) if held.get("id") else ({}, "it has no id")


def fault(data: Any) -> str | None:
    """What is wrong with a phenopacket, without what stands in it; `None` where nothing is."""
    return read(data)[1]


def _short(words: str) -> str:
    """What the schema misses and where; values it repeats are left out."""
    found = re.search(r'has no field named "(\w+)" at "([\w.\[\]]+)"', words)
    if found:
        return f"{found[2]} has no field {found[1]}"
    place = re.search(r"Failed to parse (\w+) field", words)
    return f"the field {place[1]} is malformed" if place else "it is malformed"


def written(data: dict[str, Any]) -> str:
    """A packet as one line of JSON."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n"
