"""The parts that FHIR resources are made of, and their check with the models of fhir.resources."""

from __future__ import annotations

import re
import tomllib
import uuid
from functools import cache
from importlib import import_module, resources
from typing import Any

from pydantic import BaseModel, ValidationError

from spondyl.record import UsageError
from spondyl.registry.exchange.spoken import codes, spoken, system

__all__ = ["CASE", "CLAIM", "PAPER", "absent", "concept", "fault", "identity", "profile", "settings"]

CLAIM = "urn:spondyl:claim"
"""The extension that carries a claim with its words, as JSON."""
CASE = "urn:spondyl:case"
"""The extension that says which case a Patient is, as JSON."""
PAPER = "urn:spondyl:paper"
"""The extension that describes the paper of a DocumentReference, as JSON; the system of the papers' ids."""

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:spondyl")
_NAME = re.compile(r"[A-Z][A-Za-z]{2,40}")
_IN_FHIR = ("icd10cm", "ncit", "loinc")


@cache
def settings() -> dict[str, Any]:
    """The knowledge of `mcode.toml`."""
    return tomllib.loads(resources.files(__package__).joinpath("mcode.toml").read_text("utf-8"))


def profile(name: str) -> str:
    """The address of an mCODE profile or extension."""
    return f"{settings()['base']}mcode-{name}"


def identity(*names: object) -> str:
    """An id for a resource: the same for the same names."""
    return str(uuid.uuid5(_SPACE, "\x1f".join(map(str, names))))


def absent() -> dict[str, Any]:
    """What stands for a required element whose value nobody stated."""
    return {"extension": [{"url": settings()["absent"], "valueCode": "unknown"}]}


def coding(key: str, code: str) -> dict[str, str]:
    """A code of a system."""
    return {"system": system(key).uri, "code": code}


def concept(field: str, value: str, snomed: bool, text: str | None = None) -> dict[str, Any]:
    """A value as a CodeableConcept: its codes where they are verified, and its words.

    Args:
        field: The field.
        value: The value.
        snomed: Whether codes of SNOMED CT are written.
        text: The words, where they are not the value's own.
    """
    chosen = (*_IN_FHIR, "snomed") if snomed else _IN_FHIR
    found = [coding(c.system, c.code) for c in codes(field, value) if c.system in chosen]
    return ({"coding": found} if found else {}) | {"text": spoken(value) if text is None else text}


@cache
def _model(name: str) -> type[BaseModel] | None:
    try:
        models = import_module("fhir.resources.R4B")
    except ImportError:
        raise UsageError(
            'FHIR needs the package fhir.resources; install it: pip install "spondyl[fhir]"'
        ) from None
    try:
        found: type[BaseModel] = models.get_fhir_model_class(name)
        kind: type[BaseModel] = models.get_fhir_model_class("Resource")
    except (LookupError, ImportError, ValueError, AttributeError):
        return None
    return found if isinstance(found, type) and issubclass(found, kind) else None


def fault(resource: Any) -> str | None:
    """What is wrong with a FHIR R4 resource, without what stands in it; `None` where nothing is.

    Args:
        resource: The resource, as JSON gives it.
    """
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return "no resource, it has no resourceType"
    model = _model(name)
    if model is None:
        return "no resource of FHIR R4"
    try:
        model.model_validate(resource)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{name} {place}: {_first(first['msg'])}" if place else f"{name}: {_first(first['msg'])}"
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        return f"{name}: no such resource ({type(error).__name__})"
    return None


def _first(words: str) -> str:
    line = " ".join(words.removeprefix("Value error, ").split())
    return line if len(line) < 120 else line[:117] + "..."
