"""The readers of the fields, in the order in which they build on each other."""

from spondyl.extract.fields import age_sex, diagnosis, metastases, spine_fields
from spondyl.extract.found import Reader

__all__ = ["READERS"]

READERS: tuple[Reader, ...] = (
    age_sex.read,
    spine_fields.read,
    diagnosis.read,
    metastases.read,
)
