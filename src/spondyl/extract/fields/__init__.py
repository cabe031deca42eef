"""The readers of the fields, in the order in which they build on each other."""

from spondyl.extract.fields import age_sex
from spondyl.extract.found import Reader

__all__ = ["READERS"]

READERS: tuple[Reader, ...] = (age_sex.read,)
