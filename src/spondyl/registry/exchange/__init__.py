"""The formats hospitals and registries exchange: mCODE as FHIR R4, phenopackets v2, REDCap."""

from spondyl.registry.exchange.held import Exported
from spondyl.registry.exchange.taken import Bundle, Unsupported

__all__ = ["Bundle", "Exported", "Unsupported"]
