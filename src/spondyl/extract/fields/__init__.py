"""The readers of the fields, in the order in which they build on each other."""

from spondyl.extract.fields import (
    age_sex,
    complications,
    course,
    diagnosis,
    dose,
    grades,
    instability,
    metastases,
    motor,
    spine_fields,
    stains,
    symptoms,
    therapy,
)
from spondyl.extract.found import Reader

__all__ = ["READERS"]

READERS: tuple[Reader, ...] = (
    age_sex.read,
    course.read,
    spine_fields.read,
    diagnosis.read,
    metastases.read,
    dose.read,
    motor.read,
    symptoms.read,
    therapy.read,
    complications.read,
    stains.read,
    instability.read,
    grades.read,
)
