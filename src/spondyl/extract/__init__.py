"""Paper → cases and statements."""

from spondyl.extract.engine import cases, reading, statements, vignette

__all__ = ["cases", "reading", "statements", "vignette"]
