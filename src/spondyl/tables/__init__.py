"""The shared table layer: CSV and Parquet in, one lazy expression, streaming out."""

from spondyl.tables.files import Scan, connect, scan, suffix_of
from spondyl.tables.writing import stream, write

__all__ = ["Scan", "connect", "scan", "stream", "suffix_of", "write"]
