"""The errors of Spondyl.

    SpondylError            anything Spondyl raises on purpose
    ├── ReadError           an input could not be read (carries what, where, how to mend it)
    ├── RecordError         a record breaks a rule of its own (a quote that is not in its paper)
    ├── LexiconError        a knowledge file that ships with Spondyl is malformed
    ├── DecisionError       a file of decisions cannot be applied
    └── UsageError          a call or a command with arguments that make no sense
"""

from __future__ import annotations

__all__ = ["DecisionError", "LexiconError", "ReadError", "RecordError", "SpondylError", "UsageError"]


class SpondylError(Exception):
    """Anything Spondyl raises on purpose."""


class ReadError(SpondylError):
    """An input could not be read.

    Args:
        what: What was found, in plain words.
        where: The path, with page or offset where known.
        mend: What the user can do about it.

    Example:
        >>> str(ReadError("the file is empty", "a.pdf", "download it again"))
        'a.pdf: the file is empty; download it again'
    """

    def __init__(self, what: str, where: str, mend: str) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(f"{where}: {what}; {mend}")

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str, str]]:
        return type(self), (self.what, self.where, self.mend)


class RecordError(SpondylError):
    """A record breaks one of its own rules, for example a quote that its paper does not contain."""


class LexiconError(SpondylError):
    """A knowledge file that ships with Spondyl is malformed."""


class DecisionError(SpondylError):
    """A file of decisions cannot be read or applied."""


class UsageError(SpondylError):
    """A call or a command was given arguments that make no sense together."""
