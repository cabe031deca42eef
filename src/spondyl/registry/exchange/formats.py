"""The formats by name, and which of them a file is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spondyl.record import ReadError
from spondyl.registry.asking import Entry
from spondyl.registry.exchange import jsontext, mcode_in, mcode_out, packet_in, packet_out, redcap_out
from spondyl.registry.exchange.held import Exported
from spondyl.registry.exchange.taken import Bundle

__all__ = ["FORMATS", "load"]

_PACKET = {
    "subject", "metaData", "meta_data", "phenotypicFeatures", "phenotypic_features", "diseases", "members",
    "cohortType",
}  # fmt: skip
_Papers = Mapping[str, Mapping[str, Any]]
FORMATS: Mapping[str, Callable[[Sequence[Entry], _Papers, bool], Exported]] = {
    "mcode": mcode_out.bundle, "phenopackets": packet_out.packets, "redcap": redcap_out.project,
}  # fmt: skip
"""Format → what writes it: cases, the papers they are from, and whether codes of SNOMED CT are written."""


def load(path: Path) -> Bundle:
    """A file of another format, whichever it is.

    Args:
        path: A FHIR bundle or resource, or phenopackets, one a line.

    Raises:
        ReadError: It is none of these, or damaged.
        UsageError: The packages that check it are not installed.
    """
    if path.suffix.lower() == ".xml":
        raise ReadError("XML, which is not read", str(path), "export it as FHIR R4 JSON; from REDCap, as CSV")
    texts = jsontext.load(path)
    first = texts[0].data if isinstance(texts[0].data, dict) else {}
    if "resourceType" in first:
        if len(texts) > 1:
            raise ReadError("several resources one after the other", str(path), "put them into one bundle")
        return mcode_in.bundle(texts[0])
    if _PACKET & first.keys():
        return packet_in.packets(texts)
    what = "neither a FHIR bundle (no resourceType) nor a phenopacket (no subject, no metaData)"
    raise ReadError(what, str(path), "export it as FHIR R4 JSON, or as a phenopacket of version 2")
