"""One patient: what is known, what it could mean, and what happened to others like this one."""

from spondyl.consult.patient.person import Person

__all__ = ["Person"]
