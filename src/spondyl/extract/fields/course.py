"""Follow-up, recurrence and status at the end."""

from __future__ import annotations

from collections.abc import Iterator

from spondyl.extract.course import course
from spondyl.extract.fields.course_follow_up import follow_up
from spondyl.extract.fields.course_recurrence import recurrence
from spondyl.extract.fields.course_status import status
from spondyl.extract.found import Findings, Found
from spondyl.extract.patients import Patient

__all__ = ["read"]


def read(patient: Patient, findings: Findings) -> Iterator[Found]:
    """The time of the last look, recurrence with its time, and whether the patient lives."""
    told = course(patient)
    last = follow_up(told)
    yield from last
    again = list(recurrence(told))
    yield from again
    yield from status(told, last, again)
