"""Paper → cases and statements."""

from spondyl.extract.engine import cases, reading, statements

__all__ = ["cases", "reading", "statements"]
