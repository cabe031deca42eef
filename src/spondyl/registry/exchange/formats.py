"""The formats by name, and which of them a file is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spondyl.record import ReadError
from spondyl.registry.asking import Entry
from spondyl.registry.exchange import jsontext, mcode_in, mcode_out
from spondyl.registry.exchange.held import Exported
from spondyl.registry.exchange.taken import Bundle

__all__ = ["FORMATS", "load"]

_Papers = Mapping[str, Mapping[str, Any]]
FORMATS: Mapping[str, Callable[[Sequence[Entry], _Papers, bool], Exported]] = {"mcode": mcode_out.bundle}
"""Format → what writes it: cases, the papers they are from, and whether codes of SNOMED CT are written."""


def load(path: Path) -> Bundle:
    """A file of another format, whichever it is.

    Args:
        path: A FHIR bundle or resource.

    Raises:
        ReadError: It is none of these, or damaged.
        UsageError: The packages that check it are not installed.
    """
    text = jsontext.load(path)
    if isinstance(text.data, dict) and "resourceType" in text.data:
        return mcode_in.bundle(text)
    raise ReadError("no FHIR bundle (it has no resourceType)", str(path), "export it as FHIR R4 JSON")
